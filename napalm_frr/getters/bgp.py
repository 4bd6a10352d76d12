"""BGP sessions, from ``show bgp vrf all neighbors json``."""

from __future__ import annotations

import re
from typing import Any

NEIGHBORS = "show bgp vrf all neighbors json"
_INSTANCE = re.compile(r"router bgp \d+ vrf (\S+)")
_DISTINGUISHER = re.compile(r"\s+rd (vpn export )?(\S+)")
_FAMILIES = {"ipv4Unicast": "ipv4", "ipv6Unicast": "ipv6"}


def neighbors(shown: dict[str, Any]) -> dict[str, Any]:
    """``get_bgp_neighbors``: ``global`` is the default VRF. FRR does not count what it received and refused (-1)."""
    return {
        "global" if vrf == "default" else vrf: {
            "router_id": next((peer["localRouterId"] for peer in _peers(found).values()), ""),
            "peers": {name: _peer(peer) for name, peer in _peers(found).items()},
        }
        for vrf, found in shown.items()
    }


def distinguishers(running: str) -> dict[str, str]:
    """The route distinguisher of each VRF that has one: of its layer 3 VPN, else of EVPN."""
    found: dict[str, str] = {}
    vrf = None
    for line in running.splitlines():
        if not line.startswith(" "):
            instance = _INSTANCE.fullmatch(line)
            vrf = instance[1] if instance else None
        elif vrf and (given := _DISTINGUISHER.fullmatch(line)):
            found[vrf] = given[2] if given[1] else found.get(vrf, given[2])
    return found


def _peers(vrf: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: peer for name, peer in vrf.items() if isinstance(peer, dict)}


def _peer(peer: dict[str, Any]) -> dict[str, Any]:
    up = peer["bgpState"] == "Established"
    return {
        "local_as": int(peer["localAs"]),
        "remote_as": int(peer["remoteAs"]),
        "remote_id": peer.get("remoteRouterId", ""),
        "is_up": up,
        "is_enabled": not peer.get("adminShutDown", False),
        "description": peer.get("nbrDesc", ""),
        "uptime": peer.get("bgpTimerUpMsec", 0) // 1000 if up else -1,
        "address_family": {
            _FAMILIES[family]: {
                "received_prefixes": -1,
                "accepted_prefixes": counts.get("acceptedPrefixCounter", 0) if up else -1,
                "sent_prefixes": counts.get("sentPrefixCounter", 0) if up else -1,
            }
            for family, counts in peer.get("addressFamilyInfo", {}).items()
            if family in _FAMILIES
        },
    }
