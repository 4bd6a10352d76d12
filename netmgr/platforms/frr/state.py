"""What FRR says of its adjacencies: vtysh's JSON understood, and its configuration's own list of them.

Formats as printed by FRR 8.4 (doc/user: ospfd, bgp); keys that later releases add are ignored.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

from netmgr.model.state import AdjacencyState

_AREAS = {
    "ospf": re.compile(r" ip ospf (?:\d+ )?area \S+"),
    "ospf3": re.compile(r" ipv6 ospf6 area \S+"),
}
_BGP_NEIGHBOR = re.compile(r" neighbor (\S+) (?:remote-as|interface|peer-group) .+")
_NO_SESSION = re.compile(r" neighbor (\S+) (?:peer-group|shutdown.*)")


def ospf_neighbors(text: str) -> tuple[AdjacencyState, ...]:
    """``show ip ospf neighbor json``: one state for each interface; the peer is the interface's name."""
    result = []
    for entries in _object(text).get("neighbors", {}).values():
        for neighbor in entries if isinstance(entries, list) else [entries]:
            state = str(neighbor.get("nbrState") or neighbor.get("state", "unknown"))
            dead_time = neighbor.get("deadTimeMsecs", neighbor.get("routerDeadIntervalTimerDueMsec"))
            result.append(
                AdjacencyState(
                    protocol="ospf",
                    peer=str(neighbor.get("ifaceName", "")).split(":", 1)[0],
                    up=state.startswith("Full"),
                    detail=state,
                    expires=dead_time / 1000 if isinstance(dead_time, int) and dead_time >= 0 else None,
                )
            )
    return _by_interface(result)


def ospf3_neighbors(text: str) -> tuple[AdjacencyState, ...]:
    """``show ipv6 ospf6 neighbor json``: as for OSPFv2. The dead time is in whole seconds, rounded down."""
    return _by_interface(
        AdjacencyState(
            protocol="ospf3",
            peer=str(neighbor.get("interfaceName", "")),
            up=neighbor.get("state") == "Full",
            detail=str(neighbor.get("state", "unknown")),
            expires=_seconds(str(neighbor.get("deadTime", ""))),
            precision=1.0,
        )
        for neighbor in _object(text).get("neighbors", [])
    )


def _seconds(clock: str) -> float | None:
    """``00:00:34`` in seconds; None where it reads otherwise."""
    match = re.fullmatch(r"(\d+):(\d+):(\d+)", clock)
    return 3600.0 * int(match[1]) + 60 * int(match[2]) + int(match[3]) if match else None


def _by_interface(states: Iterable[AdjacencyState]) -> tuple[AdjacencyState, ...]:
    """One state for each interface: of several neighbors the one that is up, and of these the last to expire.

    A link has one other end; other entries are what it was before it had its router id.
    """
    best: dict[str, AdjacencyState] = {}
    for state in states:
        known = best.get(state.peer)
        if known is None or (state.up, state.expires or 0) > (known.up, known.expires or 0):
            best[state.peer] = state
    return tuple(best.values())


def bgp_neighbors(text: str) -> tuple[AdjacencyState, ...]:
    """``show bgp vrf all summary json``: one state for each neighbor; up in every address family it is active in.

    A session that is Established but whose routes are refused for lack of a policy (RFC 8212) is not up.
    """
    states: dict[str, AdjacencyState] = {}
    for vrf in _object(text).values():
        families = vrf.values() if isinstance(vrf, dict) else ()
        for family in families:
            peers = family.get("peers", {}) if isinstance(family, dict) else {}
            for address, peer in peers.items():
                state, policy = str(peer.get("state", "unknown")), str(peer.get("peerState", "OK"))
                up = state == "Established" and policy == "OK"
                known = states.get(address)
                if known is None or (known.up and not up):
                    detail = f"{state} ({policy})" if state == "Established" and policy != "OK" else state
                    states[address] = AdjacencyState(protocol="bgp", peer=address, up=up, detail=detail)
    return tuple(states.values())


def configured(config: str) -> frozenset[tuple[str, str]]:
    """(protocol, peer) of every adjacency that a canonical configuration asks for. Peer groups have no session."""
    found: set[tuple[str, str]] = set()
    without: set[tuple[str, str]] = set()
    section = ""
    for line in config.splitlines():
        if not line.startswith(" "):
            section = line
        elif section.startswith("interface "):
            found |= {(name, section.split()[1]) for name, area in _AREAS.items() if area.fullmatch(line)}
        elif section.startswith("router bgp "):
            if match := _NO_SESSION.fullmatch(line):
                without.add(("bgp", match[1]))
            elif match := _BGP_NEIGHBOR.fullmatch(line):
                found.add(("bgp", match[1]))
    return frozenset(found - without)


def _object(text: str) -> dict[str, Any]:
    """The JSON object in a command's output; empty where the daemon has nothing to say."""
    text = text.strip()
    if not text.startswith("{"):
        return {}
    document = json.loads(text)
    return document if isinstance(document, dict) else {}
