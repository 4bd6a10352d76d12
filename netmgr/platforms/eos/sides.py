"""Which lines of an EOS configuration make its side of an adjacency: those that the other end may have to match."""

import re
from collections.abc import Iterator
from ipaddress import ip_address, ip_interface

from netmgr.platforms.eos.sections import Sections, sections, speaker
from netmgr.platforms.eos.state import configured
from netmgr.platforms.form import Sides

#: Beginnings of lines that say nothing to the other end: with them changed a session stays, or comes back by itself.
_BGP_OWN = ("router-id ", "bgp cluster-id ", "maximum-paths ", "distance ")
_OSPF_OWN = ("ip ospf cost ", "ipv6 ospf cost ")
_PROCESS = {"ospf": "router ospf ", "ospf3": "ipv6 router ospf "}
_WORDS = {"ospf": ("ip ospf ", "ip address "), "ospf3": ("ipv6 ospf ", "ipv6 address ", "ospfv3 ")}
_LOWER = ("mtu ", "shutdown", "no switchport", "switchport", "vrf ", "channel-group ", "encapsulation ")


def sides(config: str) -> Sides:
    """(protocol, peer) of every adjacency that a canonical configuration asks for → the lines of its side.

    Rather a line too many: a side that counts as changed without need is only checked later, once the other end has
    been changed as well.
    """
    parts = sections(config)
    return {
        key: frozenset(_bgp(parts, key[1]) if key[0] == "bgp" else _ospf(parts, *key))
        for key in configured(config)
    }


def _ospf(parts: Sections, protocol: str, interface: str) -> Iterator[str]:
    words = (*_WORDS[protocol], *_LOWER)
    for line in parts.get(f"interface {interface}", ()):
        if line.startswith(words) and not line.startswith(_OSPF_OWN):
            yield line
    for name, lines in parts.items():
        if name.startswith(_PROCESS[protocol]):
            yield from (line for line in lines if line.startswith(("area ", "network ")) or "passive" in line)


def _bgp(parts: Sections, peer: str) -> Iterator[str]:
    header, lines = speaker(parts)
    names, sources = {peer}, set()
    for line in lines:
        if match := re.fullmatch(rf" *neighbor {re.escape(peer)} peer group (\S+)", line):
            names.add(match[1])
    yield header
    for line in lines:
        words = line.strip().removeprefix("no ").split()
        if words[:1] == ["neighbor"]:
            if names & set(words[1:2]) and words[2:3] != ["description"]:
                yield line
                sources |= set(words[3:4]) if words[2:3] == ["update-source"] else set()
        elif words[0] in ("bgp", "timers") and not line.startswith(_BGP_OWN):
            yield line
    for name, content in parts.items():
        if name.startswith("interface ") and (name.split(" ", 1)[1] in sources or _reaches(content, peer)):
            yield from (line for line in content if " address " in line or line.startswith(_LOWER))


def _reaches(lines: tuple[str, ...], peer: str) -> bool:
    """Whether an interface is in the peer's subnet."""
    address = ip_address(peer.partition("%")[0])
    found = (re.fullmatch(r"ip(?:v6)? address (\S+/\d+)(?: secondary)?", line) for line in lines)
    return any(address in ip_interface(match[1]).network for match in found if match)
