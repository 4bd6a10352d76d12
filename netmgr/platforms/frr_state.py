"""What FRR says of its adjacencies: vtysh's JSON understood, and its configuration's own list of them.

Formats as printed by FRR 8.4 (doc/user: ospfd, bgp); keys that later releases add are ignored.
"""

import json
import re
from typing import Any

from netmgr.model.state import AdjacencyState

_OSPF_AREA = re.compile(r" ip ospf (?:\d+ )?area \S+")
_BGP_NEIGHBOR = re.compile(r" neighbor (\S+) (?:remote-as|interface|peer-group) .+")


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
    return tuple(result)


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
    """(protocol, peer) of every adjacency that a canonical configuration asks for."""
    found: set[tuple[str, str]] = set()
    section = ""
    for line in config.splitlines():
        if not line.startswith(" "):
            section = line
        elif section.startswith("interface ") and _OSPF_AREA.fullmatch(line):
            found.add(("ospf", section.split()[1]))
        elif section.startswith("router bgp ") and (match := _BGP_NEIGHBOR.fullmatch(line)):
            found.add(("bgp", match[1]))
    return frozenset(found)


def _object(text: str) -> dict[str, Any]:
    """The JSON object in a command's output; empty where the daemon has nothing to say."""
    text = text.strip()
    if not text.startswith("{"):
        return {}
    document = json.loads(text)
    return document if isinstance(document, dict) else {}
