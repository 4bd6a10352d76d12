"""What a device's ``system`` names: keys of time servers, users and lists of SNMP, servers that say who logs in."""

from collections.abc import Iterator

from netmgr.intent.wiring import Wired
from netmgr.model.inventory import Inventory
from netmgr.model.origins import Problem
from netmgr.model.suggest import did_you_mean


def system_problems(inventory: Inventory, one: Wired) -> Iterator[Problem]:
    """Names that are not declared, and methods that nobody answers."""
    name, data = one.device.name, one.device.data
    system = data.system

    def problem(message: str, *path: object) -> Problem:
        return Problem(inventory.origins.at("devices", name, "data", "system", *path), f"{name}: {message}")

    for index, server in enumerate(system.ntp):
        if server.key is not None and server.key not in system.ntp_keys:
            hint = did_you_mean(str(server.key), map(str, system.ntp_keys))
            yield problem(f"ntp key {server.key} is not declared; {hint}", "ntp", index, "key")
    if system.snmp:
        for key, community in system.snmp.communities.items():
            if community.acl is not None and community.acl not in data.acls:
                hint = did_you_mean(community.acl, data.acls)
                yield problem(
                    f"acl {community.acl} is not declared; {hint}", "snmp", "communities", key, "acl"
                )
        for index, host in enumerate(system.snmp.hosts):
            if host.user is not None and host.user not in system.snmp.users:
                hint = did_you_mean(host.user, system.snmp.users)
                yield problem(
                    f"snmp user {host.user} is not declared; {hint}", "snmp", "hosts", index, "user"
                )
    if system.aaa:
        answered = {"local", *(server.protocol for server in system.aaa.servers)}
        for key in ("authentication", "authorization", "accounting"):
            for index, method in enumerate(getattr(system.aaa, key)):
                if method not in answered:
                    yield problem(
                        f"{key} asks {method}, and no server answers; write it under servers",
                        "aaa",
                        key,
                        index,
                    )
