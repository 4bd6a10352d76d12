"""FRR's routing tables: how many routes are in use, and whether there is one to a prefix.

Formats of ``show ip route summary json`` and ``show ip route PREFIX json`` as printed by FRR 8.4 (doc/user/zebra), of
the default VRF; keys that later releases add are ignored.
"""

import json
from collections.abc import Sequence

from netmgr.model.check_state import Routes

_FAMILIES = {"ipv4": "ip", "ipv6": "ipv6"}
#: FRR's names for protocols that have several.
_PROTOCOLS = {"ebgp": "bgp", "ibgp": "bgp", "ospf6": "ospf"}


def route_commands(prefixes: Sequence[str]) -> tuple[str, ...]:
    """The summary of each family, then each prefix."""
    return (
        *(f"show {word} route summary json" for word in _FAMILIES.values()),
        *(f"show {'ipv6' if ':' in prefix else 'ip'} route {prefix} json" for prefix in prefixes),
    )


def routes(prefixes: Sequence[str], outputs: Sequence[str]) -> Routes:
    """Routes that forward (FRR: fib), by family and protocol, and the prefixes that one of them leads to."""
    counts: dict[str, int] = {}
    for family, text in zip(_FAMILIES, outputs, strict=False):
        for row in json.loads(text).get("routes", ()):
            table = f"{family} {_PROTOCOLS.get(row['type'], row['type'])}"
            counts[table] = counts.get(table, 0) + int(row["fib"])
    shown = zip(prefixes, outputs[len(_FAMILIES) :], strict=True)
    return Routes(
        counts={table: number for table, number in counts.items() if number},
        present=frozenset(prefix for prefix, text in shown if _selected(prefix, text)),
    )


def _selected(prefix: str, text: str) -> bool:
    entries = json.loads(text or "{}").get(prefix, ())
    return any(entry.get("selected") and entry.get("installed") for entry in entries)
