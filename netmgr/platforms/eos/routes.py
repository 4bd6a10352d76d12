"""EOS's routing tables: how many routes of each protocol there are, and which prefixes one of them leads to.

Format of ``show ip route summary | json`` and ``show ip route PREFIX | json`` as EOS 4.23 to 4.36 answers.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from netmgr.model.check_state import Routes

_FAMILIES = {"ipv4": "ip", "ipv6": "ipv6"}

#: Where the summary counts a protocol's routes: its key, or a key in an object.
_COUNTS = {
    "connected": ("connected",),
    "static": ("static", "staticNexthopGroup"),
    "ospf": ("ospfCounts.ospfTotal", "ospfv3Counts.ospfv3Total"),
    "bgp": ("bgpCounts.bgpTotal",),
    "isis": ("isisCounts.isisTotal",),
    "rip": ("rip",),
}


def route_commands(prefixes: Sequence[str]) -> tuple[str, ...]:
    """The summary of each family, then each prefix."""
    return (
        *(f"show {word} route summary | json" for word in _FAMILIES.values()),
        *(f"show {'ipv6' if ':' in prefix else 'ip'} route {prefix} | json" for prefix in prefixes),
    )


def routes(prefixes: Sequence[str], outputs: Sequence[str]) -> Routes:
    """Routes by family and protocol, and the prefixes that have one. EOS has in its table what it forwards by."""
    counts: dict[str, int] = {}
    for family, text in zip(_FAMILIES, outputs, strict=False):
        for summary in _summaries(_object(text)):
            for protocol, keys in _COUNTS.items():
                if number := sum(_number(summary, key) for key in keys):
                    table = f"{family} {protocol}"
                    counts[table] = counts.get(table, 0) + number
    shown = zip(prefixes, outputs[len(_FAMILIES) :], strict=True)
    return Routes(
        counts=counts,
        present=frozenset(prefix for prefix, text in shown if any(_found(_object(text), prefix))),
    )


def _summaries(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Newer versions answer for each VRF, older ones for the default one."""
    vrfs = document.get("vrfs")
    yield from vrfs.values() if isinstance(vrfs, dict) else (document,)


def _number(summary: Mapping[str, Any], key: str) -> int:
    value: Any = summary
    for part in key.split("."):
        value = value.get(part, 0) if isinstance(value, dict) else 0
    return value if isinstance(value, int) else 0


def _found(value: Any, prefix: str) -> Iterator[bool]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "routes" and isinstance(inner, dict):
                yield prefix in inner
            else:
                yield from _found(inner, prefix)


def _object(text: str) -> dict[str, Any]:
    document = json.loads(text or "{}")
    return document if isinstance(document, dict) else {}
