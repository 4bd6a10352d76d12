"""Values within their platform's ranges: a device's parser takes some of the others, and does something else."""

from collections.abc import Iterator
from typing import NamedTuple

from netmgr.intent.policies import RULES, STATEMENTS, numbered, packet_filters
from netmgr.intent.wiring import Speaker, Wired
from netmgr.model.fields import shown
from netmgr.model.interface import vlan_bounds
from netmgr.model.inventory import Inventory
from netmgr.model.origins import Problem
from netmgr.model.routing import BgpPeer
from netmgr.platforms.form import Limits

Path = tuple[object, ...]

RANGED = (
    "vlan", "mtu",
    "ospf_process", "ospf_cost", "ospf_priority", "ospf_maximum_paths", "hello_interval", "dead_interval",
    "keepalive_interval", "hold_time", "connect_retry", "ebgp_multihop", "maximum_paths", "max_prefixes", "weight",
    "preference", "tag", "local_pref", "med",
    "prefix_list_sequence", "route_map_sequence", "acl_sequence",
    "hostname_length", "interface_name_length", "description_length", "neighbor_description_length",
    "vlan_name_length", "vrf_name_length", "user_name_length", "snmp_text_length", "banner_length",
)  # fmt: skip
"""Everything that a form can limit. Of texts the length counts, in characters."""


class Measured(NamedTuple):
    """A value of one kind, and its path below the device's ``data``, or one that begins with ``links``; of a text also
    what it says.
    """

    kind: str
    value: int
    path: Path
    text: str | None = None


def range_problems(inventory: Inventory, one: Wired, ranges: Limits) -> Iterator[Problem]:
    """Values that the device's platform cannot have, each at its line."""
    name, platform = one.device.name, one.device.platform
    for kind, value, path, text in measured(one):
        limit = ranges.get(kind)
        if limit is None:
            continue
        reserved = any(first <= value <= last for first, last in limit.reserved)
        if limit.minimum <= value <= limit.maximum and not reserved:
            continue
        origin = inventory.origins.at(*(path if path[:1] == ("links",) else ("devices", name, "data", *path)))
        what = kind.removesuffix("_length").replace("_", " ")
        if not limit.minimum <= value <= limit.maximum and text is not None:
            takes = f"at least {limit.minimum}" if value < limit.minimum else limit.maximum
            message = f"{what} {shown(text)} has {value} characters; platform {platform} takes {takes}"
            yield Problem(origin, f"{name}: {message}")
        elif not limit.minimum <= value <= limit.maximum:
            message = (
                f"{what} {value} is not within {limit.minimum} to {limit.maximum} of platform {platform}"
            )
            yield Problem(origin, f"{name}: {message}")
        else:
            yield Problem(
                origin, f"{name}: {what} {value} is reserved on platform {platform}: {limit.reason}"
            )


def measured(one: Wired) -> Iterator[Measured]:
    """Every value of the device's data that a platform may limit."""
    yield from _of_system(one)
    yield from _of_interfaces(one)
    yield from _of_ospf(one)
    for speaker in one.speakers:
        yield from _of_speaker(speaker)
    for index, route in enumerate(one.device.data.static_routes):
        yield from _numbers(route, ("preference", "tag"), ("static_routes", index))
    yield from _of_policies(one)


def _numbers(value: object, keys: tuple[str, ...], path: Path, prefix: str = "") -> Iterator[Measured]:
    for key in keys:
        number = getattr(value, key)
        if number is not None:
            yield Measured(f"{prefix}{key}", number, (*path, key))


def _text(kind: str, text: str | None, *path: object) -> Iterator[Measured]:
    if text is not None:
        yield Measured(f"{kind}_length", len(text), path, text)


def _of_system(one: Wired) -> Iterator[Measured]:
    system = one.device.data.system
    yield from _text("hostname", system.hostname, "system", "hostname")
    if system.hostname is None:
        yield from _text("hostname", one.device.name)
    for key in ("banner", "motd"):
        yield from _text("banner", getattr(system, key), "system", key)
    for name in system.users:
        yield from _text("user_name", name, "system", "users", name)
    if system.snmp:
        for key in ("location", "contact"):
            yield from _text("snmp_text", getattr(system.snmp, key), "system", "snmp", key)


def _of_interfaces(one: Wired) -> Iterator[Measured]:
    data = one.device.data
    for name in one.interfaces:
        own, path = one.settings(name), ("interfaces", name)
        yield from _text("interface_name", name, *path)
        mtu, end = one.mtu(name), one.attachments.get(name)
        if mtu is not None:
            from_link = end is not None and own.mtu is None
            yield Measured("mtu", mtu, ("links", end.index, "mtu") if end and from_link else (*path, "mtu"))
        yield from _text("description", own.description, *path, "description")
        for key in ("access_vlan", "native_vlan", "vlan_id"):
            if getattr(own, key) is not None:
                yield Measured("vlan", getattr(own, key), (*path, key))
        for index, item in enumerate(own.trunk_vlans):
            if isinstance(item, int):
                yield Measured("vlan", item, (*path, "trunk_vlans", index))
            else:
                yield from (Measured("vlan", end, (*path, "trunk_vlans", index)) for end in vlan_bounds(item))
    for number, vlan in data.vlans.items():
        yield Measured("vlan", number, ("vlans", number))
        yield from _text("vlan_name", vlan.name, "vlans", number, "name")
    for name, vrf in data.vrfs.items():
        yield from _text("vrf_name", name, "vrfs", name)
        yield from _text("description", vrf.description, "vrfs", name, "description")
        if vrf.ospf.process is not None:
            yield Measured("ospf_process", vrf.ospf.process, ("vrfs", name, "ospf", "process"))


def _of_ospf(one: Wired) -> Iterator[Measured]:
    data = one.device.data.ospf
    yield from _numbers(data, ("process", "maximum_paths"), ("ospf",), "ospf_")
    yield from _numbers(data, ("hello_interval", "dead_interval"), ("ospf",))
    for number, area in data.areas.items():
        for name, own in area.interfaces.items():
            path = ("ospf", "areas", number, "interfaces", name)
            yield from _numbers(own, ("cost", "priority"), path, "ospf_")
            yield from _numbers(own, ("hello_interval", "dead_interval"), path)


def _of_speaker(speaker: Speaker) -> Iterator[Measured]:
    data, path = speaker.data, speaker.path
    yield from _numbers(data, ("keepalive_interval", "hold_time", "connect_retry", "maximum_paths"), path)
    if data.maximum_paths_ibgp is not None:
        yield Measured("maximum_paths", data.maximum_paths_ibgp, (*path, "maximum_paths_ibgp"))
    for name, group in data.peer_groups.items():
        yield from _of_peer(group, (*path, "peer_groups", name))
    for address, neighbor in data.neighbors.items():
        yield from _of_peer(neighbor, (*path, "neighbors", str(address)))


def _of_peer(peer: BgpPeer, path: Path) -> Iterator[Measured]:
    keys = ("keepalive_interval", "hold_time", "connect_retry", "ebgp_multihop", "max_prefixes", "weight")
    yield from _numbers(peer, keys, path)
    yield from _text("neighbor_description", peer.description, *path, "description")
    for family, exchange in peer.afi_safis.items():
        yield from _numbers(exchange, ("max_prefixes", "weight"), (*path, "afi_safis", family))


def _of_policies(one: Wired) -> Iterator[Measured]:
    data = one.device.data
    for name, rules in data.prefix_lists.items():
        for index, (number, _) in enumerate(numbered(rules, RULES)):
            yield Measured("prefix_list_sequence", number, ("prefix_lists", name, index, "sequence"))
    for name, acl in data.acls.items():
        step = STATEMENTS if name in packet_filters(data) else RULES
        for index, (number, _) in enumerate(numbered(acl.entries, step)):
            yield Measured("acl_sequence", number, ("acls", name, "entries", index, "sequence"))
    for name, statements in data.route_maps.items():
        for index, (number, statement) in enumerate(numbered(statements, STATEMENTS)):
            path = ("route_maps", name, index)
            yield Measured("route_map_sequence", number, (*path, "sequence"))
            for key in ("match", "set"):
                yield from _numbers(getattr(statement, key), ("local_pref", "med", "tag"), (*path, key))
            if statement.set.weight is not None:
                yield Measured("weight", statement.set.weight, (*path, "set", "weight"))
