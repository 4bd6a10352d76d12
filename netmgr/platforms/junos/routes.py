"""Junos' routing tables: how many routes are in use, and whether there is one to a prefix.

Tables as printed by Junos OS (CLI Reference: ``show route summary``, ``show route exact``), of the default instance.
"""

import re
from collections.abc import Sequence

from netmgr.model.check_state import Routes

_TABLES = {"inet.0": "ipv4", "inet6.0": "ipv6"}
_TABLE = re.compile(r"(?P<name>\S+): \d+ destinations?,.*")
_COUNT = re.compile(r"\s*(?P<protocol>[\w-]+):\s*\d+ routes?,\s*(?P<active>\d+) active.*")
#: Junos' words for protocols → those that all platforms share.
_PROTOCOLS = {"direct": "connected", "ospf3": "ospf", "ospf2": "ospf"}
#: ``*`` marks a route that is in use and was last; ``+`` one that is in use.
_ACTIVE = re.compile(r"[*+]\[")


def route_commands(prefixes: Sequence[str]) -> tuple[str, ...]:
    """The summary of all tables, then each prefix."""
    return (
        "show route summary",
        *(
            f"show route table {'inet6.0' if ':' in prefix else 'inet.0'} {prefix} exact"
            for prefix in prefixes
        ),
    )


def routes(prefixes: Sequence[str], outputs: Sequence[str]) -> Routes:
    """Active routes by family and protocol, and the prefixes that one of them leads to."""
    counts: dict[str, int] = {}
    family = None
    for line in outputs[0].splitlines():
        if table := _TABLE.fullmatch(line.strip()):
            family = _TABLES.get(table["name"])
        elif family and (row := _COUNT.fullmatch(line)):
            protocol = row["protocol"].lower()
            key = f"{family} {_PROTOCOLS.get(protocol, protocol)}"
            counts[key] = counts.get(key, 0) + int(row["active"])
    shown = zip(prefixes, outputs[1:], strict=True)
    return Routes(
        counts={table: number for table, number in counts.items() if number},
        present=frozenset(prefix for prefix, text in shown if prefix in text and _ACTIVE.search(text)),
    )
