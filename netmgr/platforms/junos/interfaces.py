"""Junos' interfaces: what runs, and what the configuration says, in the same words.

Table as printed by Junos OS (CLI Reference: ``show interfaces terse``).
"""

from collections.abc import Iterable, Iterator
from ipaddress import ip_interface, ip_network

from netmgr.model.state import InterfaceState
from netmgr.platforms.junos.names import parts, short
from netmgr.platforms.junos.tree import Node, parse

#: Between a device's own parts: nobody sets these.
_INTERNAL = (ip_network("128.0.0.0/2"), ip_network("fec0::/10"))
_FAMILIES = ("inet", "inet6")


def interfaces(text: str) -> tuple[InterfaceState, ...]:
    """Every interface of ``show interfaces terse``; unit 0 and its interface are one, both up or not."""
    found: dict[str, tuple[bool, bool, list[str]]] = {}
    name, family = "", ""
    for line in text.splitlines():
        words = line.split()
        if not words or words[:2] == ["Interface", "Admin"]:
            continue
        if not line[0].isspace():
            if len(words) < 3 or words[1] not in ("up", "down"):
                continue
            name, family = short(words[0]), ""
            enabled, carrier, addresses = found.get(name, (True, True, []))
            found[name] = (enabled and words[1] == "up", carrier and words[2] == "up", addresses)
            words = words[3:]
        if words and not words[0][0].isdigit() and ":" not in words[0]:
            family, *words = words
        if name and words and family in _FAMILIES:
            found[name][2].append(words[0])
    return tuple(
        InterfaceState(name=name, enabled=enabled, carrier=carrier, addresses=_addresses(addresses))
        for name, (enabled, carrier, addresses) in found.items()
    )


def configured_interfaces(config: str) -> tuple[InterfaceState, ...]:
    """The interfaces that a canonical configuration gives an address or disables."""
    return tuple(_configured(parse(config)))


def _configured(root: Node) -> Iterator[InterfaceState]:
    for physical, port in root.items("interfaces"):
        down = port.has("disable")
        units = dict(port.items("unit"))
        for unit, node in units.items():
            addresses = [word for family in _FAMILIES for word, _ in node.items("family", family, "address")]
            if addresses or down or node.has("disable"):
                yield InterfaceState(
                    name=short(f"{physical}.{unit}"),
                    enabled=not down and not node.has("disable"),
                    addresses=_addresses(addresses),
                )
        if down and "0" not in units:
            yield InterfaceState(name=physical, enabled=False, addresses=frozenset())


def addresses_of(root: Node, name: str) -> tuple[str, ...]:
    """The addresses, with their lengths, of the interface that the inventory calls ``name``."""
    physical, unit = parts(name)
    node = root.at("interfaces", physical, "unit", unit, "family")
    return tuple(word for family in _FAMILIES for word, _ in node.items(family, "address"))


def _addresses(texts: Iterable[str]) -> frozenset[str]:
    """In one spelling, without those that a device has by itself: link-local ones, loopback's, and its parts' own."""
    parsed = map(ip_interface, texts)
    return frozenset(
        str(one) for one in parsed if not (one.is_link_local or one.is_loopback or _inside(one.network))
    )


def _inside(network: object) -> bool:
    return network == _INTERNAL[0] or (str(network).startswith("fec0:"))
