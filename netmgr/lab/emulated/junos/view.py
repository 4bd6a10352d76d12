"""What a Junos configuration makes of a device, in the nouns from which the lab derives its state.

Unit 0 without a tag and its interface are one here, under the interface's name, where a cable ends.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from ipaddress import IPv4Address, ip_address, ip_interface, ip_network

from netmgr.lab.emulated.junos.obfuscation import clear
from netmgr.lab.emulated.junos.tree import Node
from netmgr.lab.emulated.view import (
    Address,
    DeviceView,
    InterfaceAddress,
    InterfaceView,
    NeighborView,
    OspfView,
    StaticRoute,
)

_LOOPBACK = "lo0"
#: Above the physical ones: their VLANs' addresses, and bundles.
_SVI = "irb"
_PORT = re.compile(r"[a-z]+-\d+/\d+/\d+(?::\d+)?|(?:fxp|em|me|eth)\d+|vme")


def is_port(name: str) -> bool:
    """Whether the name is a port's: such a one is there whether it is configured or not."""
    return _PORT.fullmatch(name) is not None


def view_of(root: Node, cabled: Iterable[str]) -> DeviceView:
    """The device. ``cabled`` are interfaces that are spoken of outside of its configuration: its ports exist."""
    interfaces = {view.name: view for view in _interfaces(root, tuple(filter(is_port, cabled)))}
    router_id = root.value("routing-options", "router-id") or _first_address(interfaces)
    asn = root.value("routing-options", "autonomous-system")
    return DeviceView(
        hostname=root.value("system", "host-name") or "Amnesiac",
        interfaces=interfaces,
        asn=int(asn) if asn.isdigit() else None,
        router_id=router_id,
        neighbors=tuple(_neighbors(root)),
        ospf_router_id=router_id,
        static=tuple(_static(root)),
        lldp=bool(root.find("protocols", "lldp")) and not root.find("protocols", "lldp", "disable"),
    )


def _first_address(interfaces: dict[str, InterfaceView]) -> str:
    """The loopback's first address, else the first of any."""
    ordered = sorted(interfaces.values(), key=lambda each: not each.loopback)
    found = (str(a.ip) for each in ordered for a in each.addresses if a.version == 4 and not a.ip.is_loopback)
    return next(found, "0.0.0.0")  # noqa: S104 - a router id


def _interfaces(root: Node, cabled: tuple[str, ...]) -> Iterator[InterfaceView]:
    configured = {node.keys[0]: node for node in root.entries("interfaces")}
    vrfs = dict(_vrfs(root))
    bridged = dict(_vlan_ids(root))
    names = dict.fromkeys((*cabled, *configured))
    for name in names:
        node = configured.get(name)
        port = _physical(name, node)
        units = {u.keys[0]: u for u in node.children.values() if u.statement.name == "unit"} if node else {}
        if "0" in units and not units["0"].value("vlan-id"):
            unit = units.pop("0")
            port = replace(
                _logical(root, name, unit, vrfs, bridged), name=name, parent=None, member_of=port.member_of
            )
        yield port
        for unit in units.values():
            if not unit.inactive:
                yield _logical(root, name, unit, vrfs, bridged)


def _physical(name: str, node: Node | None) -> InterfaceView:
    return InterfaceView(
        name=name,
        enabled=not (node and node.find("disable")),
        description=node.value("description") if node else "",
        mtu=int(node.value("mtu") or 1514) - 14 if node else 1500,
        member_of=_bundle(node) if node else None,
        loopback=name == _LOOPBACK,
    )


def _bundle(node: Node) -> str | None:
    return node.value("gigether-options", "802.3ad") or node.value("ether-options", "802.3ad") or None


def _logical(
    root: Node, physical: str, unit: Node, vrfs: dict[str, str], vlan_ids: dict[str, int]
) -> InterfaceView:
    number = unit.keys[0]
    name = f"{physical}.{number}"
    port = root.find("interfaces", physical)
    tag = unit.value("vlan-id")
    switching = unit.find("family", "ethernet-switching")
    members = switching.find("vlan", "members") if switching else None
    carried = {
        vlan_ids[word] if word in vlan_ids else int(word)
        for word in (members.values if members else ())
        if word in vlan_ids or word.isdigit()
    }
    trunk = switching is not None and switching.value("interface-mode") == "trunk"
    vrf = vrfs.get(name, "default")
    native = port.value("native-vlan-id") if port else ""
    access = None if trunk else min(carried, default=None)
    return InterfaceView(
        name=name,
        enabled=not unit.find("disable") and not (port and port.find("disable")),
        description=unit.value("description") or (port.value("description") if port else ""),
        addresses=tuple(_addresses(unit)),
        mtu=_mtu(port, unit),
        parent=None if physical == _SVI else physical,
        tag=int(tag) if tag.isdigit() else None,
        bridged=switching is not None,
        untagged=int(native) if trunk and native.isdigit() else access,
        tagged=frozenset(carried) if trunk else frozenset(),
        svi=_svi(root, name) if physical == _SVI else None,
        loopback=physical == _LOOPBACK,
        vrf=vrf,
        ospf=_ospf(root, vrf, "ospf", name),
        ospf3=_ospf(root, vrf, "ospf3", name),
    )


def _mtu(port: Node | None, unit: Node) -> int:
    own = unit.value("family", "inet", "mtu")
    if own.isdigit():
        return int(own)
    whole = port.value("mtu") if port else ""
    return int(whole) - 14 if whole.isdigit() else 1500


def _addresses(unit: Node) -> Iterator[InterfaceAddress]:
    for family in ("inet", "inet6"):
        for entry in unit.entries("family", family, name="address"):
            yield ip_interface(entry.keys[0])


def _vrfs(root: Node) -> Iterator[tuple[str, str]]:
    for instance in root.entries("routing-instances"):
        for child in instance.ordered():
            if child.statement.name == "interface" and not child.inactive:
                yield child.keys[0], instance.keys[0]


def _vlan_ids(root: Node) -> Iterator[tuple[str, int]]:
    for vlan in root.entries("vlans"):
        if vlan.value("vlan-id").isdigit():
            yield vlan.keys[0], int(vlan.value("vlan-id"))


def _svi(root: Node, name: str) -> int | None:
    for vlan in root.entries("vlans"):
        if vlan.value("l3-interface") == name and vlan.value("vlan-id").isdigit():
            return int(vlan.value("vlan-id"))
    return None


def _instances(root: Node) -> Iterator[tuple[str, Node]]:
    yield "default", root
    yield from ((node.keys[0], node) for node in root.entries("routing-instances"))


def _ospf(root: Node, vrf: str, protocol: str, name: str) -> OspfView | None:
    instance = dict(_instances(root)).get(vrf)
    if instance is None or instance.find("protocols", protocol, "disable"):
        return None
    for area in instance.entries("protocols", protocol, name="area"):
        for entry in (child for child in area.ordered() if child.statement.name == "interface"):
            spoken = entry.keys[0] if "." in entry.keys[0] else f"{entry.keys[0]}.0"
            if spoken != name or entry.inactive or entry.find("disable"):
                continue
            hello = int(entry.value("hello-interval") or 10)
            return OspfView(
                area=_area(area.keys[0]),
                hello=hello,
                dead=int(entry.value("dead-interval") or 4 * hello),
                network="point-to-point" if entry.value("interface-type") == "p2p" else "broadcast",
                passive=bool(entry.find("passive")),
                cost=int(entry.value("metric") or 1),
            )
    return None


def _area(word: str) -> IPv4Address:
    return IPv4Address(int(word)) if word.isdigit() else IPv4Address(word)


def _neighbors(root: Node) -> Iterator[NeighborView]:
    own = root.value("routing-options", "autonomous-system")
    for vrf, instance in _instances(root):
        asn = instance.value("routing-options", "autonomous-system") or own
        if instance.find("protocols", "bgp", "disable"):
            continue
        for group in instance.entries("protocols", "bgp", name="group"):
            for neighbor in (child for child in group.ordered() if child.statement.name == "neighbor"):
                if not neighbor.inactive:
                    yield _neighbor(vrf, asn, group, neighbor)


def _neighbor(vrf: str, asn: str, group: Node, neighbor: Node) -> NeighborView:
    def said(*words: str) -> str:
        return neighbor.value(*words) or group.value(*words)

    internal = group.value("type") == "internal"
    remote = said("peer-as") or (asn if internal else "0")
    address: Address = ip_address(neighbor.keys[0])
    named = {
        version
        for version, family in ((4, "inet"), (6, "inet6"))
        if neighbor.find("family", family) or group.find("family", family)
    }
    return NeighborView(
        address=address,
        remote_as=int(remote),
        enabled=not (neighbor.find("shutdown") or group.find("shutdown")),
        password=clear(said("authentication-key")) or None,
        source=said("local-address") or None,
        description=said("description"),
        vrf=vrf,
        # Without `family` a session carries the family that Junos takes by default: IPv4.
        families=frozenset(named or {4}),
    )


def _static(root: Node) -> Iterator[StaticRoute]:
    for vrf, instance in _instances(root):
        places: list[tuple[str, ...]] = [("routing-options", "static")]
        ribs = [node.keys[0] for node in instance.entries("routing-options", name="rib")]
        places += [("routing-options", "rib", rib, "static") for rib in ribs]
        for place in places:
            for route in instance.entries(*place, name="route"):
                hops = route.find("next-hop")
                hop = hops.values[0] if hops and hops.values else ""
                qualified = [c.keys[0] for c in route.ordered() if c.statement.name == "qualified-next-hop"]
                yield StaticRoute(
                    prefix=ip_network(route.keys[0], strict=False),
                    next_hop=_hop(hop or next(iter(qualified), "")),
                    vrf=vrf,
                )


def _hop(word: str) -> Address | None:
    try:
        return ip_address(word)
    except ValueError:
        return None
