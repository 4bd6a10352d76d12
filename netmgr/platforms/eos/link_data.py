"""EOS: what a configuration says of its ends of links, so that two configurations can be compared."""

import re
from collections.abc import Iterable, Iterator

from netmgr.platforms.eos.sections import sections, speaker
from netmgr.platforms.form import LinkData

#: What both ends of a BGP session have to agree on, or what takes it down.
_SAID = re.compile(
    r" *(?:no )?neighbor (\S+) (remote-as .+|local-as .+|password .+|peer group(?: .+)?|shutdown|update-source .+"
    r"|ebgp-multihop.*|ttl .+|activate)"
)


def link_data(config: str) -> LinkData:
    """What stands in a canonical configuration under each interface, and of each BGP neighbor what decides about it."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    parts = sections(config)
    for header, lines in parts.items():
        if header.startswith("interface "):
            found["interface", header.split(" ", 1)[1]] = lines
    found.update(_sessions(*speaker(parts)))
    return found


def _sessions(header: str, lines: Iterable[str]) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    """Each neighbor with what it says, in whichever VRF and family, and what its peer group says for it."""
    own: dict[str, list[str]] = {}
    around: list[str] = []
    for line in lines:
        depth = (len(line) - len(line.lstrip(" "))) // 3
        around[depth:] = [line.strip()]
        if match := _SAID.fullmatch(line):
            own.setdefault(match[1], []).append(
                " / ".join((*around[:depth], line.strip().replace(f" {match[1]} ", "  ", 1)))
            )
    for name, said in own.items():
        group = next((text.rsplit(" ", 1)[1] for text in said if re.search(r"peer group \S", text)), None)
        if not any(text.endswith("peer group") for text in said):
            yield ("bgp", name), (header, *said, *(own.get(group, ()) if group else ()))
