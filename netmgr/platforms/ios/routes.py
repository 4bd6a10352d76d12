"""IOS's routing tables: how many routes are in use, and whether there is one to a prefix.

Formats of ``show ip route summary``, ``show ipv6 route summary``, ``show ip route NETWORK MASK`` and ``show ipv6 route
PREFIX`` as printed by IOS 15 and IOS-XE 16, of the default VRF.
"""

import re
from collections.abc import Iterator, Sequence
from ipaddress import ip_network

from netmgr.model.check_state import Routes

#: Sources with rows of their own in the summary; ``ospf`` of IPv6 is OSPFv3.
_SOURCES = ("connected", "local", "static", "ospf", "bgp", "eigrp", "isis", "rip")
_ROW = re.compile(r"(?P<source>[a-z]+)(?: \S+)? +(?P<networks>\d+)(?: +(?P<subnets>\d+))?(?: +\d+)*")
_ENTRY = re.compile(r"Routing entry for (\S+?),?(?: .*)?")


def route_commands(prefixes: Sequence[str]) -> tuple[str, ...]:
    """The summary of each family, then each prefix."""
    return ("show ip route summary", "show ipv6 route summary", *map(_lookup, prefixes))


def _lookup(prefix: str) -> str:
    network = ip_network(prefix)
    if network.version == 6:
        return f"show ipv6 route {str(network).upper()}"
    return f"show ip route {network.network_address} {network.netmask}"


def routes(prefixes: Sequence[str], outputs: Sequence[str]) -> Routes:
    """Routes by family and protocol, and the prefixes that one of them leads to."""
    counts: dict[str, int] = {}
    for family, text in zip(("ipv4", "ipv6"), outputs, strict=False):
        for source, number in _summary(family, text):
            table = f"{family} {source}"
            counts[table] = counts.get(table, 0) + number
    shown = zip(prefixes, outputs[2:], strict=True)
    return Routes(
        counts={table: number for table, number in counts.items() if number},
        present=frozenset(prefix for prefix, text in shown if _found(prefix, text)),
    )


def _summary(family: str, text: str) -> Iterator[tuple[str, int]]:
    for row in text.splitlines():
        match = _ROW.fullmatch(row.strip())
        if match is None or row.startswith(" ") or match["source"] not in _SOURCES:
            continue
        # IPv4 counts classful networks and their subnets apart.
        subnets = int(match["subnets"] or 0) if family == "ipv4" else 0
        yield match["source"], int(match["networks"]) + subnets


def _found(prefix: str, text: str) -> bool:
    matches = (_ENTRY.fullmatch(row.strip()) for row in text.splitlines())
    return any(match and match[1].lower() == prefix.lower() for match in matches)
