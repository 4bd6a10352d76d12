"""Which lines of an FRR configuration make its side of an adjacency: those that the other end may have to match."""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address, ip_interface

from netmgr.platforms.form import Sides
from netmgr.platforms.frr.state import configured

Sections = Mapping[str, tuple[str, ...]]

#: Beginnings of lines that say nothing to the other end: with them changed a session stays, or comes back by itself.
_BGP_OWN = ("bgp router-id ", "bgp cluster-id ")
_OSPF_OWN = ("ip ospf cost ", "ipv6 ospf6 cost ")


def sides(config: str) -> Sides:
    """(protocol, peer) of every adjacency that a canonical configuration asks for → the lines of its side.

    Rather a line too many: a side that counts as changed without need is only checked later, once the other end has
    been changed as well.
    """
    sections = _sections(config)
    return {
        key: frozenset(_bgp(sections, key[1]) if key[0] == "bgp" else _ospf(sections, *key))
        for key in configured(config)
    }


def _sections(config: str) -> Sections:
    """Each section's lines, without the blanks before them; sections in sections belong to the outer one."""
    found: dict[str, list[str]] = {}
    header = ""
    for line in config.splitlines():
        if not line.startswith(" "):
            header = line
            found.setdefault(header, [])
        else:
            found[header].append(line.strip())
    return {name: tuple(lines) for name, lines in found.items()}


def _ospf(sections: Sections, protocol: str, interface: str) -> Iterator[str]:
    family, process = ("ip ", "router ospf") if protocol == "ospf" else ("ipv6 ", "router ospf6")
    for line in sections.get(f"interface {interface}", ()):
        if (line.startswith(family) or line == "shutdown") and not line.startswith(_OSPF_OWN):
            yield line
    for name, lines in sections.items():
        if name == process or name.startswith(f"{process} "):
            yield from (line for line in lines if line.startswith(("area ", "network ")) or "passive" in line)


def _bgp(sections: Sections, peer: str) -> Iterator[str]:
    names, sources = {peer}, set()
    speakers = {name: lines for name, lines in sections.items() if name.startswith("router bgp ")}
    for lines in speakers.values():
        names |= {line.split()[3] for line in lines if line.startswith(f"neighbor {peer} peer-group ")}
    for header, lines in speakers.items():
        own = [line for line in lines if names & set(line.removeprefix("no ").split()[1:2])]
        if not any(line.split()[1] == peer for line in own):
            continue
        yield header
        for line in lines:
            words = line.removeprefix("no ").split()
            if words[0] == "bgp" and not line.startswith(_BGP_OWN):
                yield line
            elif line in own and "description" not in words[2:3]:
                yield line
                sources |= set(words[3:4]) if "update-source" in words[2:3] else set()
    for header, lines in sections.items():
        if header.startswith("interface ") and (header.split()[1] in sources or _reaches(lines, peer)):
            yield from (line for line in lines if " address " in line or line == "shutdown")


def _reaches(lines: tuple[str, ...], peer: str) -> bool:
    """Whether an interface is in the peer's subnet."""
    try:
        address = ip_address(peer)
    except ValueError:  # a session over an interface without addresses
        return False
    return any(
        address in ip_interface(line.split()[2]).network
        for line in lines
        if line.startswith(("ip address ", "ipv6 address "))
    )
