"""A client as Ansible's dynamic inventory. Contacts no device; no secret stands in it, only references.

See https://docs.ansible.com/ansible/latest/dev_guide/developing_inventory.html. What the inventory says in text is
marked as unsafe: Ansible never renders it as a template.
"""

import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from netmgr.errors import InputError, UsageError
from netmgr.intent.export import links, merged_data
from netmgr.intent.wiring import Wired, wire
from netmgr.model.inventory import Device, Inventory
from netmgr.model.reach import Reach
from netmgr.model.suggest import did_you_mean

#: Verified against one file alone. Multiplexed connections share what they trust, so each file has its own.
_SSH = ("-o", "StrictHostKeyChecking=yes", "-o", "GlobalKnownHostsFile=none", "-o", "UpdateHostKeys=no")


def contacted(inventory: Inventory) -> tuple[Device, ...]:
    """The devices that programs may log in to: ``external`` ones belong to somebody else."""
    return tuple(device for device in inventory.devices if device.lifecycle != "external")


def ansible_list(inventory: Inventory, reach: Mapping[str, Reach]) -> dict[str, Any]:
    """The answer to ``--list``: groups, and every host's variables. ``reach`` is by device.

    Raises InputError where two groups of the inventory would be one for Ansible.
    """
    groups: dict[str, tuple[str, list[str]]] = {}
    for device in contacted(inventory):
        for written in _groups(device):
            name = re.sub(r"[^A-Za-z0-9_]", "_", written)
            first, members = groups.setdefault(name, (written, []))
            if first != written:
                raise InputError(
                    [f"{first} and {written} have one name for Ansible, {name}; rename one of them"]
                )
            members.append(device.name)
    return {
        "_meta": {"hostvars": dict(_all_vars(inventory, reach))},
        "all": {"children": ["ungrouped", *sorted(groups)]},
        **{name: {"hosts": members} for name, (_, members) in sorted(groups.items())},
    }


def ansible_host(inventory: Inventory, reach: Mapping[str, Reach], name: str) -> dict[str, Any]:
    """The answer to ``--host NAME``: the host's variables. Raises UsageError for an unknown host."""
    hostvars = dict(_all_vars(inventory, reach))
    if name not in hostvars:
        raise UsageError(
            f"{inventory.client.id} has no device {name!r} that may be contacted; {did_you_mean(name, hostvars)}"
        )
    return hostvars[name]


def _groups(device: Device) -> Iterator[str]:
    yield f"platform_{device.platform}"
    yield f"lifecycle_{device.lifecycle}"
    if device.role is not None:
        yield f"role_{device.role}"
    if device.site is not None:
        yield f"site_{device.site}"
    yield from (f"group_{group}" for group in device.groups)


def _all_vars(inventory: Inventory, reach: Mapping[str, Reach]) -> Iterator[tuple[str, dict[str, Any]]]:
    for one in wire(inventory):
        if one.device.name in reach:
            yield one.device.name, _vars(inventory, one, reach[one.device.name])


def _vars(inventory: Inventory, one: Wired, reach: Reach) -> dict[str, Any]:
    device = one.device
    key_file = reach.key_file and reach.key_file.replace("%", "%%")
    login = {"ansible_user": reach.username, "ansible_ssh_private_key_file": key_file}
    described = {
        "client": inventory.client.id,
        "device": device.name,
        "uid": device.uid,
        "platform": device.platform,
        "role": device.role,
        "site": device.site,
        "lifecycle": device.lifecycle,
        "groups": list(device.groups),
        "password": reach.password,
        "data": merged_data(inventory, device.name),
        "links": links(one),
    }
    found = {
        "ansible_host": reach.hostname,
        "ansible_port": reach.port,
        **{key: value for key, value in login.items() if value is not None},
        "ansible_host_key_checking": True,
        "ansible_ssh_common_args": shlex.join(_arguments(reach)),
        "ansible_python_interpreter": "auto_silent",
        "netmgr": described,
    }
    return {key: unsafe(value) for key, value in found.items()}


def _arguments(reach: Reach) -> list[str]:
    """ssh's options beyond address and login: whom to trust, and the way through jump hosts."""
    only = ["-o", "IdentitiesOnly=yes"] if reach.key_file else []
    way = ["-o", f"ProxyCommand={_through(reach, reach.jump)}"] if reach.jump else []
    return [*_trust(reach), *only, *way]


def _trust(reach: Reach) -> list[str]:
    """Whom to trust: host keys of one file. A percent sign of a path is none of ssh's tokens."""
    config = ["-F", reach.ssh_config] if reach.ssh_config else []
    return [*config, *_SSH, "-o", f'UserKnownHostsFile="{reach.known_hosts.replace("%", "%%")}"']


def _through(reach: Reach, jump: tuple[str, ...]) -> str:
    """ssh's ProxyCommand through the jump hosts: unlike -J, it verifies each of them against the same file.

    Every percent sign but those of ``-W`` is meant for the command itself.
    """
    user, _, place = jump[-1].rpartition("@")
    parts = re.fullmatch(r"\[?([^\]\[]+?)\]?(?::([0-9]+))?", place)
    host, port = parts.groups() if parts else (place, None)
    words = ["ssh", *_trust(reach)]
    if len(jump) > 1:
        words += ["-o", f"ProxyCommand={_through(reach, jump[:-1])}"]
    words += [*(("-l", user) if user else ()), *(("-p", port) if port else ())]
    return f"{shlex.join(words).replace('%', '%%')} -W '[%h]:%p' {shlex.quote(host)}"


def unsafe(value: object) -> object:
    """Every text below ``value`` marked as one that is no template."""
    if isinstance(value, dict):
        return {key: unsafe(item) for key, item in value.items()}
    if isinstance(value, list):
        return [unsafe(item) for item in value]
    return {"__ansible_unsafe": value} if isinstance(value, str) else value
