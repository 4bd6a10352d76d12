"""FRR: what one end of an adjacency or of a link is configured to say, so that two configurations can be compared."""

import re
from collections.abc import Iterable, Iterator

from netmgr.platforms.form import Sides

#: What decides whether neighbors become adjacent, of an interface's lines and of its OSPF process's.
_OSPF = {
    "ospf": (re.compile(r" (?:ip (?:address|ospf (?!cost|priority)) ?.*|shutdown)"), "router ospf"),
    "ospf3": (re.compile(r" (?:ipv6 (?:address|ospf6 (?!cost|priority)) ?.*|shutdown)"), "router ospf6"),
}
_PROCESS = re.compile(r" (?:ospf6? router-id|area) .+")
#: What both ends of a BGP session have to agree on, or what takes it down.
_PEER = re.compile(
    r" neighbor (\S+) (remote-as .+|local-as .+|password .+|peer-group(?: .+)?|shutdown.*|update-source .+"
    r"|ebgp-multihop.*|ttl-security .+|interface .+)"
)
_ACTIVATE = re.compile(r"  (?:no )?neighbor (\S+) activate")


def sides(config: str) -> Sides:
    """(protocol, peer) → the lines of a canonical configuration that decide about the adjacency on this end.

    Under (``link``, interface) stands all that is said of an interface. Costs, timers of BGP, descriptions and
    policies decide about no adjacency.
    """
    sections = _sections(config)
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for header, lines in sections.items():
        if header.startswith("interface "):
            name = header.split()[1]
            found["link", name] = (header, *lines)
            for protocol, (pattern, process) in _OSPF.items():
                own = tuple(filter(pattern.fullmatch, lines))
                if any(" area " in line for line in own):
                    found[protocol, name] = (*own, *filter(_PROCESS.fullmatch, sections.get(process, ())))
        elif header.startswith("router bgp "):
            found.update(_sessions(header, lines))
    return found


def _sections(config: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in config.splitlines():
        if line.startswith(" "):
            lines.append(line)
        else:
            lines = found.setdefault(line, [])
    return {header: tuple(lines) for header, lines in found.items()}


def _sessions(header: str, lines: Iterable[str]) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    """Each neighbor with what it says and what its peer group says for it."""
    own: dict[str, list[str]] = {}
    family = ""
    for line in lines:
        if line.startswith(" address-family "):
            family = line
        elif match := _PEER.fullmatch(line):
            own.setdefault(match[1], []).append(match[2])
        elif match := _ACTIVATE.fullmatch(line):
            own.setdefault(match[1], []).append(family + line.replace(match[1], "", 1))
    for name, said in own.items():
        group = next((word.split()[1] for word in said if word.startswith("peer-group ")), None)
        if "peer-group" not in said:
            yield ("bgp", name), (header, *said, *(own.get(group, ()) if group else ()))
