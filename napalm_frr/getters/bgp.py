"""BGP sessions, from ``show bgp vrf all neighbors json``."""

from __future__ import annotations

import re
from typing import Any

from napalm.base.models import PeerDetailsDict

NEIGHBORS = "show bgp vrf all neighbors json"
_INSTANCE = re.compile(r"router bgp \d+ vrf (\S+)")
_DISTINGUISHER = re.compile(r"\s+rd (vpn export )?(\S+)")
_UNKNOWN = -1
_FAMILIES = {"ipv4Unicast": "ipv4", "ipv6Unicast": "ipv6"}


def neighbors(shown: dict[str, Any]) -> dict[str, Any]:
    """``get_bgp_neighbors``: ``global`` is the default VRF. FRR does not count what it received and refused (-1)."""
    found = {
        vrf: {
            "router_id": next((peer["localRouterId"] for peer in _peers(instance).values()), ""),
            "peers": {name: _peer(peer) for name, peer in _peers(instance).items()},
        }
        for vrf, instance in shown.items()
    }
    nobody: dict[str, Any] = {"router_id": "", "peers": {}}
    return {"global": found.pop("default", nobody), **found} if found else {}


def neighbors_detail(shown: dict[str, Any], address: str) -> dict[str, Any]:
    """``get_bgp_neighbors_detail``: by VRF and remote autonomous system, of all neighbors or of one."""
    found: dict[str, dict[int, list[PeerDetailsDict]]] = {}
    for vrf, instance in shown.items():
        for name, peer in _peers(instance).items():
            detail = _detail(vrf, name, peer)
            if address in ("", name, detail["remote_address"]):
                systems = found.setdefault("global" if vrf == "default" else vrf, {})
                systems.setdefault(detail["remote_as"], []).append(detail)
    return found


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


def _detail(vrf: str, name: str, peer: dict[str, Any]) -> PeerDetailsDict:
    up = peer["bgpState"] == "Established"
    families = list(peer.get("addressFamilyInfo", {}).values())
    messages = peer["messageStats"]
    return {
        "up": up,
        "local_as": int(peer["localAs"]),
        "remote_as": int(peer["remoteAs"]),
        "router_id": peer.get("remoteRouterId", ""),
        "local_address": _host(peer, "hostLocal"),
        "routing_table": vrf,
        "local_address_configured": "updateSource" in peer,
        "local_port": peer.get("portLocal", _UNKNOWN),
        "remote_address": _host(peer, "hostForeign") or name,
        "remote_port": peer.get("portForeign", _UNKNOWN),
        "multihop": peer.get("nbrExternalLink", False) and peer.get("externalBgpNbrMaxHopsAway", 1) > 1,
        "multipath": False,
        "remove_private_as": any(key.startswith("privateAsNums") for family in families for key in family),
        "import_policy": _policies(families, "routeMapForIncomingAdvertisements"),
        "export_policy": _policies(families, "routeMapForOutgoingAdvertisements"),
        "input_messages": messages["totalRecv"],
        "output_messages": messages["totalSent"],
        "input_updates": messages["updatesRecv"],
        "output_updates": messages["updatesSent"],
        "messages_queued_out": messages["depthOutq"],
        "connection_state": peer["bgpState"],
        "previous_connection_state": "",
        "last_event": peer.get("lastResetDueTo", ""),
        "suppress_4byte_as": up and "advertised" not in peer["neighborCapabilities"].get("4byteAs", ""),
        "local_as_prepend": False,
        "holdtime": peer["bgpTimerHoldTimeMsecs"] // 1000,
        "configured_holdtime": peer["bgpTimerConfiguredHoldTimeMsecs"] // 1000,
        "keepalive": peer["bgpTimerKeepAliveIntervalMsecs"] // 1000,
        "configured_keepalive": peer["bgpTimerConfiguredKeepAliveIntervalMsecs"] // 1000,
        "active_prefix_count": _UNKNOWN,
        "received_prefix_count": _UNKNOWN,
        "accepted_prefix_count": _total(families, "acceptedPrefixCounter") if up else _UNKNOWN,
        "suppressed_prefix_count": _UNKNOWN,
        "advertised_prefix_count": _total(families, "sentPrefixCounter") if up else _UNKNOWN,
        "flap_count": peer["connectionsDropped"],
    }


def _host(peer: dict[str, Any], name: str) -> str:
    address = str(peer.get(name, ""))
    return "" if address == "Unknown" else address


def _policies(families: list[dict[str, Any]], name: str) -> str:
    """Route maps, each once, in the order of the address families."""
    return " ".join(dict.fromkeys(str(family[name]) for family in families if name in family))


def _total(families: list[dict[str, Any]], name: str) -> int:
    return sum(family.get(name, 0) for family in families)
