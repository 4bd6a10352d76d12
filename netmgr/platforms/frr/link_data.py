"""FRR: what a configuration says of its ends of links, so that two configurations can be compared."""

import re
from collections.abc import Iterable, Iterator

from netmgr.platforms.form import LinkData

#: What both ends of a BGP session have to agree on, or what takes it down.
_PEER = re.compile(
    r" neighbor (\S+) (remote-as .+|local-as .+|password .+|peer-group(?: .+)?|shutdown.*|update-source .+"
    r"|ebgp-multihop.*|ttl-security .+|interface .+)"
)
_ACTIVATE = re.compile(r"  (?:no )?neighbor (\S+) activate")


def link_data(config: str) -> LinkData:
    """What stands in a canonical configuration under each interface, and of each BGP neighbor what decides about it.

    Timers, descriptions and policies of a session are one end's own.
    """
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for header, lines in _sections(config).items():
        if header.startswith("interface "):
            found["interface", header.split()[1]] = lines
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
