"""EOS configuration → what it makes of a device."""

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, ip_address, ip_interface, ip_network

from netmgr.lab.emulated.tree import Node
from netmgr.lab.emulated.view import (
    Address,
    DeviceView,
    InterfaceAddress,
    InterfaceView,
    NeighborView,
    OspfView,
    StaticRoute,
)

#: `Null0`, where packets end.
_DISCARD = re.compile(r"Null\d*", re.IGNORECASE)


def device_view(root: Node, ports: tuple[str, ...], default_name: str) -> DeviceView:
    """``ports`` are the device's physical interfaces: they are there and up without a line of configuration."""
    configured = {node.line.split(" ", 1)[1]: node for node in root.starting("interface") if " " in node.line}
    areas = _Ospf(root)
    interfaces = {
        name: _interface(name, configured.get(name, Node("")), areas) for name in (*ports, *configured)
    }
    hostname = next((node.line.split(" ", 1)[1] for node in root.starting("hostname")), default_name)
    highest = _highest(interfaces)
    bgp = next(root.starting("router", "bgp"), None)
    return DeviceView(
        hostname=hostname,
        interfaces=interfaces,
        asn=_asn(bgp.line.split()[2]) if bgp else None,
        router_id=_value(bgp, "router-id") or highest if bgp else highest,
        neighbors=tuple(_neighbors(bgp)) if bgp else (),
        networks=tuple(ip_network(n.line.split()[1], strict=False) for n in _networks(bgp)) if bgp else (),
        ospf_router_id=areas.router_id or highest,
        static=tuple(_static(root)),
        lldp=root.find("no lldp run") is None,
    )


class _Ospf:
    """The OSPF processes: which areas their `network` lines give to addresses, and which interfaces stay silent."""

    def __init__(self, root: Node) -> None:
        self._processes = [*root.starting("router", "ospf")]
        self._third = [*root.starting("ipv6", "router", "ospf"), *root.starting("router", "ospfv3")]
        found = (_value(process, "router-id") for process in (*self._processes, *self._third))
        self.router_id = next((value for value in found if value), None)

    def of(self, name: str, node: Node, addresses: tuple[InterfaceAddress, ...]) -> OspfView | None:
        area = _value(node, "ip ospf area") or self._area(addresses)
        if area is None or not self._processes:
            return None
        return _timers(node, "ip ospf", area, passive=_passive(self._processes, name))

    def third(self, name: str, node: Node) -> OspfView | None:
        line = next(
            (c.line for c in node.children if re.match(r"ipv6 ospf \d+ area |ospfv3 ipv6 area ", c.line)),
            None,
        )
        if line is None or not self._third:
            return None
        words = "ipv6 ospf" if line.startswith("ipv6") else "ospfv3"
        return _timers(node, words, line.split()[-1], passive=_passive(self._third, name))

    def _area(self, addresses: tuple[InterfaceAddress, ...]) -> str | None:
        for process in self._processes:
            for line in process.starting("network"):
                words = line.line.split()
                network = ip_network(words[1], strict=False)
                if any(a.version == network.version and a.ip in network for a in addresses):
                    return words[-1]
        return None


def _interface(name: str, node: Node, ospf: _Ospf) -> InterfaceView:
    lines = {child.line for child in node.children}
    addresses = tuple(_addresses(node))
    base, _, sub = name.partition(".")
    loopback = name.startswith("Loopback")
    vlan = re.fullmatch(r"Vlan(\d+)", name)
    bridged = bool(
        re.match(r"(Ethernet|Port-Channel)[\d/]+$", name) and "no switchport" not in lines and not addresses
    )
    trunk = "switchport mode trunk" in lines
    group = next((c.line.split()[1] for c in node.starting("channel-group")), None)
    tag = _value(node, "encapsulation dot1q vlan")
    return InterfaceView(
        name=name,
        enabled="shutdown" not in lines,
        description=_value(node, "description") or "",
        addresses=addresses,
        mtu=int(_value(node, "mtu") or 1500),
        parent=base if sub else None,
        tag=int(tag) if tag else None,
        bridged=bridged,
        untagged=int(_value(node, "switchport trunk native vlan" if trunk else "switchport access vlan") or 1)
        if bridged
        else None,
        tagged=_vlans(_value(node, "switchport trunk allowed vlan") or "1-4094")
        if trunk and bridged
        else frozenset(),
        svi=int(vlan[1]) if vlan else None,
        member_of=f"Port-Channel{group}" if group else None,
        loopback=loopback,
        vrf=_value(node, "vrf") or "default",
        ospf=ospf.of(name, node, addresses),
        ospf3=ospf.third(name, node),
    )


def _addresses(node: Node) -> Iterator[InterfaceAddress]:
    for child in node.children:
        if match := re.match(r"ip(?:v6)? address(?: virtual)? ([0-9A-Fa-f.:]+/\d+)", child.line):
            yield ip_interface(match[1])


def _timers(node: Node, words: str, area: str, *, passive: bool) -> OspfView:
    hello = int(_value(node, f"{words} hello-interval") or 10)
    return OspfView(
        area=IPv4Address(int(area)) if area.isdigit() else IPv4Address(area),
        hello=hello,
        dead=int(_value(node, f"{words} dead-interval") or 40),
        network=_value(node, f"{words} network") or "broadcast",
        passive=passive,
        cost=int(_value(node, f"{words} cost") or 10),
    )


def _passive(processes: list[Node], name: str) -> bool:
    for process in processes:
        for node in process.walk():
            if node.find(f"no passive-interface {name}"):
                return False
            if node.find(f"passive-interface {name}") or node.find("passive-interface default"):
                return True
    return False


def _neighbors(bgp: Node) -> Iterator[NeighborView]:
    sections = [("default", bgp), *((node.line.split()[1], node) for node in bgp.starting("vrf"))]
    for vrf, section in sections:
        groups: dict[str, dict[str, str]] = {}
        for child in section.starting("neighbor"):
            _, name, *rest = child.line.split(" ")
            groups.setdefault(name, {})[" ".join(rest)] = ""
        for name, lines in groups.items():
            address = _address(name)
            if address is None:
                continue
            own = list(lines)
            group = next((line.split()[-1] for line in own if line.startswith("peer group ")), None)
            every = [*own, *groups.get(group or "", {})]
            remote = _setting(every, "remote-as")
            if remote is None:
                continue
            yield NeighborView(
                address=address,
                remote_as=_asn(remote),
                enabled="shutdown" not in every and _active(section, name, group, address.version),
                password=_setting(every, "password"),
                source=_setting(every, "update-source"),
                description=_setting(every, "description") or "",
                vrf=vrf,
            )


def _active(section: Node, name: str, group: str | None, version: int) -> bool:
    """Whether a family carries the session: IPv4 does unless told otherwise, IPv6 and the others only where told."""
    for family in section.starting("address-family"):
        for who in filter(None, (name, group)):
            if family.find(f"neighbor {who} activate"):
                return True
            if (
                family.line == "address-family ipv4"
                and family.find(f"no neighbor {who} activate")
                and version == 4
            ):
                return False
    return section.find("no bgp default ipv4-unicast") is None


def _networks(bgp: Node) -> Iterator[Node]:
    yield from bgp.starting("network")
    for family in bgp.starting("address-family"):
        yield from family.starting("network")


def _static(root: Node) -> Iterator[StaticRoute]:
    for line in (node.line for node in (*root.starting("ip", "route"), *root.starting("ipv6", "route"))):
        words = line.split()[2:]
        vrf = "default"
        if words[0] == "vrf":
            vrf, words = words[1], words[2:]
        hop = next((found for word in words[1:] if (found := _address(word))), None)
        if hop is not None or any(_DISCARD.fullmatch(word) for word in words[1:]):
            yield StaticRoute(ip_network(words[0], strict=False), hop, vrf)


def _highest(interfaces: dict[str, InterfaceView]) -> str:
    """The router id that EOS chooses: the highest loopback's address, else the highest of all."""
    for loopback in (True, False):
        found = [
            a.ip for i in interfaces.values() if i.loopback is loopback for a in i.addresses if a.version == 4
        ]
        if found:
            return str(max(found))
    return "0.0.0.0"  # noqa: S104 - a router id, not an address to listen on


def _value(node: Node, words: str) -> str | None:
    found = next((child.line for child in node.children if child.line.startswith(f"{words} ")), None)
    return found[len(words) + 1 :] if found else None


def _setting(lines: list[str], words: str) -> str | None:
    found = next((line for line in lines if line.startswith(f"{words} ")), None)
    return found[len(words) + 1 :] if found else None


def _asn(text: str) -> int:
    """RFC 5396: 65001, or 1.10 for 65546."""
    high, _, low = text.rpartition(".")
    return int(high or 0) * 65536 + int(low)


def _address(text: str) -> Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _vlans(text: str) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        low, _, high = part.partition("-")
        if low.isdigit():
            found.update(range(int(low), int(high or low) + 1))
    return frozenset(found)
