"""Which lines of a Junos configuration make its side of an adjacency, and its end of a link."""

from collections.abc import Iterator
from ipaddress import ip_address, ip_interface

from netmgr.platforms.form import LinkData, Sides
from netmgr.platforms.junos.interfaces import addresses_of
from netmgr.platforms.junos.names import parts, short
from netmgr.platforms.junos.state import configured, instances, ospf_interfaces, peers
from netmgr.platforms.junos.tree import Node, lines, parse

#: What both ends of a BGP session have to agree on, or what takes it down. Timers and policies are one's own.
_AGREED = (
    *(
        "authentication-key",
        "authentication-key-chain",
        "authentication-algorithm",
        "family",
        "local-address",
    ),
    *("local-as", "multihop", "passive", "peer-as", "shutdown", "ttl", "type"),
)


def link_data(config: str) -> LinkData:
    """What a canonical configuration says of each interface, OSPF's settings included, and of each BGP neighbor what
    decides about it.
    """
    root = parse(config)
    found = {("interface", name): said for name, said in _ports(root)}
    for instance in instances(root):
        speaker = tuple(_speaker(root, instance))
        for address, group, neighbor in peers(instance):
            own = tuple(
                line
                for part in (group, neighbor)
                for word in _AGREED
                if word in part.children
                for line in lines(part.children[word], (word,))
            )
            found["bgp", address] = (*speaker, *own)
    return found


def _ports(root: Node) -> Iterator[tuple[str, tuple[str, ...]]]:
    for physical, port in root.at("interfaces").children.items():
        shared = [
            line for word, node in port.children.items() if word != "unit" for line in lines(node, (word,))
        ]
        if port.inactive:
            shared.append("deactivate")
        for unit in ("0", *(unit for unit in port.at("unit").children if unit != "0")):
            name = short(f"{physical}.{unit}")
            own = (
                [*lines(port.at("unit").children[unit], ("unit",))]
                if unit in port.at("unit").children
                else []
            )
            for instance in instances(root):
                own += (
                    line
                    for protocol in ("ospf", "ospf3")
                    for area, interface, node in ospf_interfaces(instance, protocol)
                    if short(interface) == name
                    for line in lines(node, (protocol, area))
                )
            yield name, (*shared, *own)


def sides(config: str) -> Sides:
    """(protocol, peer) of every adjacency that a canonical configuration asks for → the lines of its side.

    Rather a line too many: a side that counts as changed without need is only checked later, once the other end has
    been changed as well.
    """
    root = parse(config)
    return {
        key: frozenset(_session(root, key[1]) if key[0] == "bgp" else _ospf(root, *key))
        for key in configured(config)
    }


def _ospf(root: Node, protocol: str, name: str) -> Iterator[str]:
    yield from _state(root, name)
    for instance in instances(root):
        for area, interface, node in ospf_interfaces(instance, protocol):
            if short(interface) == name:
                yield f"area {area}"
                yield from (line for line in lines(node, (protocol,)) if " metric " not in line)
                area_node = instance.at("protocols", protocol, "area", area)
                yield from (
                    line
                    for word, kind in area_node.children.items()
                    if word != "interface"
                    for line in lines(kind, (word,))
                )


def _session(root: Node, peer: str) -> Iterator[str]:
    for instance in instances(root):
        for address, group, neighbor in peers(instance):
            if address != peer:
                continue
            yield from _speaker(root, instance)
            shared = ((word, node) for word, node in group.children.items() if word != "neighbor")
            said = (*shared, *neighbor.children.items())
            yield from (line for word, node in said if word != "description" for line in lines(node, (word,)))
            for source in (group.value("local-address"), neighbor.value("local-address")):
                yield from _reaching(root, source or peer, exact=source is not None)


def _speaker(root: Node, instance: Node) -> Iterator[str]:
    own = instance.at("routing-options", "autonomous-system") if instance is not root else Node()
    number = own if own.children else root.at("routing-options", "autonomous-system")
    yield from lines(number, ("autonomous-system",))
    yield from lines(instance.at("protocols", "bgp", "local-as"), ("local-as",))


def _reaching(root: Node, address: str, *, exact: bool) -> Iterator[str]:
    """The addresses of interfaces that are ``address``, or in whose subnet it is, and whether they are disabled."""
    wanted = ip_address(address)
    for physical, port in root.at("interfaces").children.items():
        for unit in port.at("unit").children:
            name = short(f"{physical}.{unit}")
            mine = [a for a in addresses_of(root, name) if _covers(a, wanted, exact=exact)]
            if mine:
                yield from (*mine, *_state(root, name))


def _covers(text: str, wanted: object, *, exact: bool) -> bool:
    interface = ip_interface(text)
    return interface.ip == wanted if exact else wanted in interface.network


def _state(root: Node, name: str) -> Iterator[str]:
    physical, unit = parts(name)
    port = root.at("interfaces", physical)
    if port.inactive or port.has("disable") or port.at("unit", unit).has("disable"):
        yield "disable"
    yield from addresses_of(root, name)
