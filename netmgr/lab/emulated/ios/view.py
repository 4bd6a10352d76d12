"""IOS configuration → what it makes of a device."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from ipaddress import IPv4Address, ip_address, ip_interface, ip_network

from netmgr.lab.emulated.ios.aggregates import group_of, routes, switching
from netmgr.lab.emulated.ios.configuration import Configuration, Line
from netmgr.lab.emulated.view import (
    Address,
    DeviceView,
    InterfaceAddress,
    InterfaceView,
    NeighborView,
    Network,
    OspfView,
    StaticRoute,
)


def value(lines: Iterable[Line], *words: str) -> str | None:
    """What follows these words on the first line that begins so and is not negated."""
    for line in lines:
        if line.begins(words) and not line.negated:
            return " ".join(line.words[len(words) :])
    return None


def device_view(configuration: Configuration) -> DeviceView:
    """See the module."""
    processes = list(configuration.top("router", "ospf"))
    third = [*configuration.top("ipv6", "router", "ospf"), *configuration.top("router", "ospfv3")]
    interfaces = {
        line.words[1]: _interface(line, processes, third) for line in configuration.top("interface")
    }
    interfaces |= {port.name: port for port in _suspended(configuration, interfaces)}
    bgp = configuration.first("router", "bgp")
    highest = _highest(interfaces)
    ospf_id = next(
        (found for p in (*processes, *third) if (found := value(p.children, "router-id"))), highest
    )
    return DeviceView(
        hostname=configuration.hostname,
        interfaces=interfaces,
        asn=_asn(bgp.words[2]) if bgp else None,
        router_id=(value(bgp.children, "bgp", "router-id") if bgp else None) or highest,
        neighbors=tuple(_neighbors(bgp)) if bgp else (),
        networks=tuple(_networks(bgp)) if bgp else (),
        ospf_router_id=ospf_id,
        static=tuple(_static(configuration)),
        lldp=configuration.first("lldp", "run") is not None,
    )


def _suspended(
    configuration: Configuration, interfaces: Mapping[str, InterfaceView]
) -> Iterator[InterfaceView]:
    """The members that are not what their aggregates are."""
    sections = {line.words[1]: line.children for line in configuration.top("interface")}
    for port in interfaces.values():
        aggregate = sections.get(port.member_of or "")
        if aggregate is not None and switching(aggregate) != switching(sections[port.name]):
            yield replace(port, suspended=True)


def _interface(line: Line, processes: list[Line], third: list[Line]) -> InterfaceView:
    name, lines = line.words[1], line.children
    base, _, sub = name.partition(".")
    addresses = tuple(_addresses(lines))
    bridged = not routes(lines) and any(child.begins(("switchport", "mode")) for child in lines)
    trunk = value(lines, "switchport", "mode") == "trunk"
    untagged = value(lines, "switchport", *(("trunk", "native", "vlan") if trunk else ("access", "vlan")))
    tag = value(lines, "encapsulation", "dot1Q")
    return InterfaceView(
        name=name,
        enabled=not any(child.words == ("shutdown",) and not child.negated for child in lines),
        description=value(lines, "description") or "",
        addresses=addresses,
        mtu=int(value(lines, "mtu") or 1500),
        parent=base if sub else None,
        tag=int(tag.split()[0]) if tag else None,
        bridged=bridged,
        untagged=int(untagged or 1) if bridged else None,
        tagged=_vlans(value(lines, "switchport", "trunk", "allowed", "vlan") or "1-4094")
        if trunk
        else frozenset(),
        svi=int(name[4:]) if name.startswith("Vlan") else None,
        member_of=group_of(lines),
        loopback=name.startswith("Loopback"),
        vrf=value(lines, "vrf", "forwarding") or value(lines, "ip", "vrf", "forwarding") or "default",
        ospf=_ospf(name, lines, addresses, processes),
        ospf3=_ospf3(name, lines, third),
    )


def _addresses(lines: Iterable[Line]) -> Iterator[InterfaceAddress]:
    for line in lines:
        if line.negated:
            continue
        if line.begins(("ip", "address")) and len(line.words) > 3:
            yield ip_interface(f"{line.words[2]}/{line.words[3]}")
        elif line.begins(("ipv6", "address")) and "/" in line.words[2]:
            yield ip_interface(line.words[2])


def _ospf(
    name: str, lines: list[Line], addresses: tuple[InterfaceAddress, ...], processes: list[Line]
) -> OspfView | None:
    area = next((c.words[-1] for c in lines if c.begins(("ip", "ospf")) and c.words[3:4] == ("area",)), None)
    area = area or _area_by_network(addresses, processes)
    if area is None or not processes:
        return None
    return _timers(lines, ("ip", "ospf"), area, passive=_passive(processes, name))


def _area_by_network(addresses: tuple[InterfaceAddress, ...], processes: list[Line]) -> str | None:
    """OSPF runs where the interface's first address is in a `network` line."""
    first = next((address for address in addresses if address.version == 4), None)
    for process in processes:
        for line in process.children:
            if first is not None and line.words[0] == "network":
                wild = int(IPv4Address(line.words[2]))
                if int(first.ip) & ~wild == int(IPv4Address(line.words[1])) & ~wild:
                    return line.words[-1]
    return None


def _ospf3(name: str, lines: list[Line], processes: list[Line]) -> OspfView | None:
    area = next(
        (c.words[-1] for c in lines if c.words[0] in ("ipv6", "ospfv3") and "area" in c.words[2:-1]), None
    )
    if area is None:
        return None
    words = ("ospfv3",) if any(c.words[0] == "ospfv3" for c in lines) else ("ipv6", "ospf")
    return _timers(lines, words, area, passive=_passive(processes, name))


def _timers(lines: list[Line], words: tuple[str, ...], area: str, *, passive: bool) -> OspfView:
    hello = int(value(lines, *words, "hello-interval") or 10)
    return OspfView(
        area=IPv4Address(int(area)) if area.isdigit() else IPv4Address(area),
        hello=hello,
        dead=int(value(lines, *words, "dead-interval") or 4 * hello),
        network=value(lines, *words, "network") or "broadcast",
        passive=passive,
        cost=int(value(lines, *words, "cost") or 1),
    )


def _passive(processes: list[Line], name: str) -> bool:
    for process in processes:
        for line in process.children:
            if line.words == ("passive-interface", name):
                return not line.negated
        if any(line.words == ("passive-interface", "default") for line in process.children):
            return True
    return False


def _neighbors(bgp: Line) -> Iterator[NeighborView]:
    families = [line for line in bgp.children if line.command.enters == "bgp-family"]
    listed = any(line.negated and line.words == ("bgp", "default", "ipv4-unicast") for line in bgp.children)
    for vrf, section in (
        ("default", bgp),
        *((line.words[-1], line) for line in bgp.children if line.command.enters == "bgp-vrf-family"),
    ):
        for line in section.children:
            if line.words[0] != "neighbor" or line.words[2] not in ("remote-as", "peer-group"):
                continue
            if (address := _address(line.words[1])) is None:
                continue
            own = ("neighbor", line.words[1])
            group = value(section.children, *own, "peer-group")
            names = [own, *([("neighbor", group)] if group else [])]
            asn = next((found for n in names if (found := value(section.children, *n, "remote-as"))), None)
            if asn is None:
                continue
            yield NeighborView(
                address=address,
                remote_as=_asn(asn),
                enabled=not any(c.words == (*n, "shutdown") for n in names for c in section.children),
                password=next((p for n in names if (p := value(section.children, *n, "password"))), None),
                source=next((s for n in names if (s := value(section.children, *n, "update-source"))), None),
                description=value(section.children, *own, "description") or "",
                vrf=vrf,
                families=frozenset(_families(own, families, by_default=not listed))
                if vrf == "default"
                else frozenset({4}),
            )


def _families(own: tuple[str, ...], families: list[Line], *, by_default: bool) -> Iterator[int]:
    for version, name in ((4, "ipv4"), (6, "ipv6")):
        section = next(
            (f for f in families if f.words[1] == name and f.words[2:] in ((), ("unicast",))), None
        )
        said = [c.negated for c in section.children if c.words == (*own, "activate")] if section else []
        if (said and not said[0]) or (not said and version == 4 and by_default):
            yield version


def _networks(bgp: Line) -> Iterator[Network]:
    for section in (bgp, *(line for line in bgp.children if line.command.enters == "bgp-family")):
        for line in section.children:
            if line.words[0] != "network":
                continue
            if line.words[2:3] == ("mask",):
                yield ip_network(f"{line.words[1]}/{line.words[3]}", strict=False)
            elif "/" in line.words[1]:
                yield ip_network(line.words[1], strict=False)
            else:
                first = int(line.words[1].partition(".")[0])
                yield ip_network(
                    f"{line.words[1]}/{8 if first < 128 else 16 if first < 192 else 24}", strict=False
                )


def _static(configuration: Configuration) -> Iterator[StaticRoute]:
    for family in ("ip", "ipv6"):
        for line in configuration.top(family, "route"):
            words = line.words[2:]
            vrf = "default"
            if words[0] == "vrf":
                vrf, words = words[1], words[2:]
            prefix = words[0] if family == "ipv6" else f"{words[0]}/{words[1]}"
            rest = words[1 if family == "ipv6" else 2 :]
            hop = next((found for word in rest[:2] if (found := _address(word))), None)
            yield StaticRoute(ip_network(prefix, strict=False), hop, vrf)


def _highest(interfaces: Mapping[str, InterfaceView]) -> str:
    """The router id that IOS chooses: the highest address of a loopback, else of any interface."""
    for loopback in (True, False):
        found = [
            a.ip
            for i in interfaces.values()
            if i.loopback == loopback and i.enabled
            for a in i.addresses
            if a.version == 4
        ]
        if found:
            return str(max(found, key=int))
    return "0.0.0.0"  # noqa: S104 - a router id, not an address to listen on


def _asn(text: str) -> int:
    high, _, low = text.rpartition(".")
    return (int(high) << 16) + int(low) if high else int(text)


def _vlans(text: str) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(",") if text not in ("none", "all") else ():
        first, _, last = part.partition("-")
        found |= set(range(int(first), int(last or first) + 1))
    return frozenset(range(1, 4095)) if text == "all" else frozenset(found)


def _address(text: str) -> Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
