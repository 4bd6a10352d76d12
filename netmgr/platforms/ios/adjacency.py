"""IOS: which adjacencies a configuration asks for, its side of each, and what it says of its ends of links."""

import re
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Interface, ip_address, ip_interface

from netmgr.platforms.cli_tree import Line
from netmgr.platforms.form import LinkData, Sides
from netmgr.platforms.ios.canonical import tree

_INTERFACE_AREA = {
    "ospf": re.compile(r"ip ospf \S+ area \S+"),
    "ospf3": re.compile(r"(?:ipv6 ospf|ospfv3) \S+ (?:ipv6 )?area \S+"),
}
_NETWORK = re.compile(r"network (\S+) (\S+) area \S+")
_ADDRESS = re.compile(r"ip address (\S+) (\d+\.\S+)(?: secondary)?|ipv6 address (\S+)(?: .*)?")
_NEIGHBOR = re.compile(r"neighbor (\S+) (remote-as|peer-group|inherit peer-session) (\S.*)")
_SHUTDOWN = re.compile(r"neighbor \S+ shutdown.*")
#: What both ends of a BGP session have to agree on, or what takes it down.
_SESSION = re.compile(
    r"(?:address-family [^:]*: )?(?:no )?neighbor \S+ (?:remote-as|local-as|password|peer-group|shutdown"
    r"|update-source|ebgp-multihop|ttl-security|inherit peer-session|activate)\b.*"
)
#: Beginnings of lines that say nothing to the other end: with them changed a session stays, or comes back by itself.
_OWN_OF_BGP = ("bgp router-id ", "bgp cluster-id ", "bgp log-neighbor-changes")
_OWN_OF_OSPF = ("ip ospf cost ", "ipv6 ospf cost ")


def configured(config: str) -> frozenset[tuple[str, str]]:
    """(protocol, peer) of every adjacency that a canonical configuration asks for. Peer groups have no session."""
    return _configured(tree(config))


def _configured(lines: list[Line]) -> frozenset[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for line in lines:
        if line.text.startswith("interface "):
            inside = [each.text for each in line.children]
            found |= {
                (protocol, line.text.split(" ", 1)[1])
                for protocol, pattern in _INTERFACE_AREA.items()
                if any(map(pattern.fullmatch, inside))
            }
        elif line.text.startswith("router bgp "):
            found |= {("bgp", peer.lower()) for peer, _ in _sessions(line) if peer}
        elif line.text.startswith("router ospf "):
            found |= {("ospf", name) for name in _by_network(line, lines)}
    # Without hellos there is no neighbor.
    return frozenset(key for key in found if key[0] == "bgp" or not _passive(lines, *key))


def _by_network(process: Line, lines: Iterable[Line]) -> Iterator[str]:
    """The interfaces that a process runs on because a `network` line covers their first address."""
    ranges = [match.groups() for each in process.children if (match := _NETWORK.fullmatch(each.text))]
    for line in lines:
        address = _first_address(line) if line.text.startswith("interface ") else None
        if address is not None and any(_covers(address, *each) for each in ranges):
            yield line.text.split(" ", 1)[1]


def _first_address(interface: Line) -> IPv4Address | None:
    for each in interface.children:
        match = _ADDRESS.fullmatch(each.text)
        if match and match[1] and not each.text.endswith(" secondary"):
            return IPv4Address(match[1])
    return None


def _covers(address: IPv4Address, network: str, wildcard: str) -> bool:
    free = int(IPv4Address(wildcard))
    return int(address) | free == int(IPv4Address(network)) | free


def _passive(lines: Iterable[Line], protocol: str, interface: str) -> bool:
    opener = "router ospf " if protocol == "ospf" else "ipv6 router ospf "
    if interface.startswith("Loopback"):
        return True
    said = [each.text for line in lines if line.text.startswith(opener) for each in line.children]
    if "passive-interface default" in said:
        return f"no passive-interface {interface}" not in said
    return f"passive-interface {interface}" in said


def _sessions(speaker: Line) -> Iterator[tuple[str, list[Line]]]:
    """Each neighbor with the scope (the speaker itself, or the family of a VRF) that it is defined in; no groups."""
    for scope in (speaker, *(each for each in speaker.children if " vrf " in each.text)):
        inside = [each for each in scope.children if not each.text.startswith("address-family ")]
        down = {each.text.split(" ")[1] for each in inside if _SHUTDOWN.fullmatch(each.text)}
        names: dict[str, set[str]] = {}
        for each in inside:
            if match := _NEIGHBOR.fullmatch(each.text):
                names.setdefault(match[1], {match[1]}).update({match[3]} if match[2] == "peer-group" else ())
        for name, known_as in names.items():
            if _is_address(name) and not known_as & down:
                yield name, scope.children


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def link_data(config: str) -> LinkData:
    """What stands in a canonical configuration under each interface, and of each BGP neighbor what decides about it."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for line in tree(config):
        if line.text.startswith("interface "):
            found["interface", line.text.split(" ", 1)[1]] = tuple(each.text for each in line.children)
        elif line.text.startswith("router bgp "):
            for name, scope in _sessions(line):
                said = [text for text in _of_neighbor(scope, name) if _SESSION.fullmatch(text)]
                found["bgp", name.lower()] = (line.text, *said)
    return found


def _of_neighbor(scope: list[Line], name: str) -> Iterator[str]:
    """The lines that speak of a neighbor or of the group that it is in, those of families with the family's name."""
    joined = f"neighbor {name} peer-group "
    names = {name} | {each.text.removeprefix(joined) for each in scope if each.text.startswith(joined)}
    for each in scope:
        words = each.text.removeprefix("no ").split(" ")
        if words[0] == "neighbor" and words[1] in names:
            yield each.text
        elif each.text.startswith("address-family "):
            yield from (f"{each.text}: {text}" for text in _of_neighbor(each.children, name))


def sides(config: str) -> Sides:
    """(protocol, peer) of every adjacency that a canonical configuration asks for → the lines of its side."""
    lines = tree(config)
    found = {key: frozenset(_ospf(lines, *key)) for key in _configured(lines) if key[0] != "bgp"}
    for line in lines:
        if line.text.startswith("router bgp "):
            for name, scope in _sessions(line):
                found["bgp", name.lower()] = frozenset(_bgp(lines, line, name, scope))
    return found


def _ospf(lines: Iterable[Line], protocol: str, interface: str) -> Iterator[str]:
    family, process = ("ip ", "router ospf ") if protocol == "ospf" else ("ipv6 ", "ipv6 router ospf ")
    for line in lines:
        inside = [each.text for each in line.children]
        if line.text == f"interface {interface}":
            yield from (
                text
                for text in inside
                if text.startswith((family, "mtu ")) or text == "shutdown"
                if not text.startswith(_OWN_OF_OSPF)
            )
        elif line.text.startswith(process):
            yield from (
                text for text in inside if text.startswith(("area ", "network ")) or "passive" in text
            )


def _bgp(lines: Iterable[Line], speaker: Line, peer: str, scope: list[Line]) -> Iterator[str]:
    yield speaker.text
    yield from (
        each.text
        for each in speaker.children
        if each.text.removeprefix("no ").startswith("bgp ") and not each.text.startswith(_OWN_OF_BGP)
    )
    own = [text for text in _of_neighbor(scope, peer) if " description " not in text]
    yield from own
    sources = {
        text.split(" ")[3] for text in own if text.startswith("neighbor ") and " update-source " in text
    }
    for line in lines:
        if line.text.startswith("interface ") and (
            line.text.split(" ")[1] in sources or _reaches(line, peer)
        ):
            yield from (
                each.text for each in line.children if " address " in each.text or each.text == "shutdown"
            )


def _reaches(interface: Line, peer: str) -> bool:
    """Whether an interface is in the peer's subnet."""
    address = ip_address(peer)
    for each in interface.children:
        match = _ADDRESS.fullmatch(each.text)
        if match is None:
            continue
        if match[1] and address in IPv4Interface(f"{match[1]}/{match[2]}").network:
            return True
        if match[3] and "/" in match[3] and address in ip_interface(match[3]).network:
            return True
    return False
