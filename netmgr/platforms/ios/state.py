"""What IOS says of its adjacencies.

Formats of ``show ip ospf neighbor``, ``show ipv6 ospf neighbor`` and ``show bgp all summary`` as printed by IOS 15 and
IOS-XE 16. The parsers of ntc-templates are not used: they have none for OSPFv3, and pass over IPv6 neighbors of BGP.
"""

import re
from collections.abc import Iterable
from ipaddress import ip_address

from netmgr.model.intent import Protocol
from netmgr.model.state import AdjacencyState

_OSPF = re.compile(
    r"[\d.]+ +\d+ +(?P<state>[A-Z0-9-]+/ *[A-Z-]+) +(?P<dead>\d\S*|-) +[\d.]+ +(?P<interface>\S+)"
)
_OSPF3 = re.compile(
    r"[\d.]+ +\d+ +(?P<state>[A-Z0-9-]+/ *[A-Z-]+) +(?P<dead>\d\S*|-) +\d+ +(?P<interface>\S+)"
)
#: Version, AS, messages received and sent, table version, both queues, time, state or number of prefixes.
_BGP = re.compile(r"(?P<peer>\S+)\s+4\s+[\d.]+(?:\s+\d+){5}\s+\S+\s+(?P<state>\S.*)")


def ospf_neighbors(text: str) -> tuple[AdjacencyState, ...]:
    """``show ip ospf neighbor``: one state for each interface; the peer is the interface's name."""
    return _by_interface("ospf", _OSPF, text)


def ospf3_neighbors(text: str) -> tuple[AdjacencyState, ...]:
    """``show ipv6 ospf neighbor``: as for OSPFv2."""
    return _by_interface("ospf3", _OSPF3, text)


def _by_interface(protocol: Protocol, pattern: re.Pattern[str], text: str) -> tuple[AdjacencyState, ...]:
    """One state for each interface: of several neighbors the one that is up, and of these the last to expire.

    The time to it is printed in whole seconds.
    """
    best: dict[str, AdjacencyState] = {}
    for row in text.splitlines():
        match = pattern.fullmatch(row.strip())
        if match is None:
            continue
        detail = match["state"].replace(" ", "")
        state = AdjacencyState(
            protocol=protocol,
            peer=match["interface"],
            up=detail.startswith("FULL/"),
            detail=detail,
            expires=_seconds(match["dead"]),
            precision=1.0,
        )
        known = best.get(state.peer)
        if known is None or (state.up, state.expires or 0) > (known.up, known.expires or 0):
            best[state.peer] = state
    return tuple(best.values())


def _seconds(clock: str) -> float | None:
    """``00:00:34`` in seconds; None where it reads otherwise."""
    match = re.fullmatch(r"(\d+):(\d+):(\d+)", clock)
    return 3600.0 * int(match[1]) + 60 * int(match[2]) + int(match[3]) if match else None


def bgp_neighbors(text: str) -> tuple[AdjacencyState, ...]:
    """``show bgp all summary``: every address family, VRFs under VPNv4 and VPNv6. One state for each neighbor; up where
    it is so in every family. An established session shows the number of its prefixes, others their state.
    """
    states: dict[str, AdjacencyState] = {}
    for row in _joined(text.splitlines()):
        match = _BGP.fullmatch(row)
        peer = _address(match["peer"]) if match else None
        if match is None or peer is None:
            continue
        up = match["state"].isdigit()
        known = states.get(peer)
        if known is None or (known.up and not up):
            detail = "Established" if up else match["state"]
            states[peer] = AdjacencyState(protocol="bgp", peer=peer, up=up, detail=detail)
    return tuple(states.values())


def _joined(rows: Iterable[str]) -> Iterable[str]:
    """Rows whose first word, too long for its column, stands on a line of its own are put together."""
    first = ""
    for row in map(str.rstrip, rows):
        if row.startswith(" ") and first:
            yield f"{first} {row.strip()}"
        elif not row.startswith(" "):
            first = row if " " not in row else ""
            if not first:
                yield row


def _address(text: str) -> str | None:
    """An address in the usual spelling; a dynamic neighbor is marked with a star. None for what is none."""
    try:
        return str(ip_address(text.removeprefix("*")))
    except ValueError:
        return None
