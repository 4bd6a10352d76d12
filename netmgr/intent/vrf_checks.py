"""What a device's VRFs must fulfil: declared where they are named, told apart, with policies that exist."""

from collections.abc import Iterator

from netmgr.intent.wiring import Wired
from netmgr.model.inventory import Inventory
from netmgr.model.origins import Problem
from netmgr.model.suggest import did_you_mean


def process_problems(inventory: Inventory, one: Wired) -> Iterator[Problem]:
    """VRFs whose OSPF has no number of its own, on a platform that numbers processes."""
    name, data = one.device.name, one.device.data
    taken = {data.ospf.process or 1: "the default VRF"}
    for vrf in dict.fromkeys(vrf for i in one.ospf if (vrf := one.settings(i).vrf) is not None):
        if vrf not in data.vrfs:
            continue
        number = data.vrfs[vrf].ospf.process
        origin = inventory.origins.at("devices", name, "data", "vrfs", vrf, "ospf", "process")
        if number is None:
            message = f"OSPF in vrf {vrf} needs a process of its own; write vrfs.{vrf}.ospf.process"
            yield Problem(origin, f"{name}: {message}")
        elif taken.setdefault(number, f"vrf {vrf}") != f"vrf {vrf}":
            message = f"OSPF process {number} of vrf {vrf} is also that of {taken[number]}; give each its own"
            yield Problem(origin, f"{name}: {message}")


def vrf_problems(inventory: Inventory, one: Wired) -> Iterator[Problem]:
    """VRFs that interfaces, routes and servers name, route distinguishers, policies."""
    data, name = one.device.data, one.device.name

    def problem(message: str, *path: object) -> Problem:
        return Problem(inventory.origins.at("devices", name, "data", *path), f"{name}: {message}")

    system = data.system
    named: list[tuple[str | None, tuple[object, ...]]] = [
        *((route.vrf, ("static_routes", i, "vrf")) for i, route in enumerate(data.static_routes)),
        *((interface.vrf, ("interfaces", key, "vrf")) for key, interface in data.interfaces.items()),
        *((server.vrf, ("system", "dns", i, "vrf")) for i, server in enumerate(system.dns)),
        *((server.vrf, ("system", "ntp", i, "vrf")) for i, server in enumerate(system.ntp)),
        *((s.vrf, ("system", "syslog", "servers", i, "vrf")) for i, s in enumerate(system.syslog.servers)),
        *(
            (host.vrf, ("system", "snmp", "hosts", i, "vrf"))
            for i, host in enumerate(system.snmp.hosts if system.snmp else ())
        ),
        *(
            (server.vrf, ("system", "aaa", "servers", i, "vrf"))
            for i, server in enumerate(system.aaa.servers if system.aaa else ())
        ),
    ]
    for vrf, path in named:
        if vrf is not None and vrf not in data.vrfs:
            yield problem(f"vrf {vrf} is not declared; {did_you_mean(vrf, data.vrfs)}", *path)
    distinguishers: dict[str, str] = {}
    for key, vrf_data in data.vrfs.items():
        told = vrf_data.route_distinguisher
        first = distinguishers.setdefault(told, key) if told is not None else key
        if first != key:
            yield problem(
                f"route distinguisher {told} of vrf {key} is also {first}'s; give each its own",
                *("vrfs", key, "route_distinguisher"),
            )
        for policy in ("import_policy", "export_policy"):
            used = getattr(vrf_data, policy)
            if used is not None and used not in data.route_maps:
                hint = did_you_mean(used, data.route_maps)
                yield problem(f"route map {used} is not declared; {hint}", "vrfs", key, policy)
