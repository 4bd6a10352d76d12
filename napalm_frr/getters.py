"""What FRR and the program say, in the shapes that NAPALM specifies (``napalm.base.base.NetworkDriver``)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from napalm.base.helpers import convert, mac
from napalm.base.models import FactsDict, InterfaceDict

from napalm_frr.device.order import natural

INTERFACES = "show interface vrf all json"
NEIGHBORS = "show bgp vrf all neighbors json"
_CLOCK = "%Y/%m/%d %H:%M:%S"
_FAMILIES = {"ipv4Unicast": "ipv4", "ipv6Unicast": "ipv6"}


def facts(found: dict[str, Any]) -> FactsDict:
    """``get_facts``: the model is the operating system, the serial number the machine's where it has one."""
    host, domain = found["hostname"], found["domain"]
    return {
        "uptime": float(found["uptime"]),
        "vendor": "FRRouting",
        "os_version": found["frr"],
        "model": f"{found['os']} ({found['machine']})",
        "serial_number": found["serial"],
        "hostname": host,
        "fqdn": f"{host}.{domain}" if domain else host,
        "interface_list": sorted(found["interfaces"], key=natural),
    }


def interfaces(shown: dict[str, Any], clock: str) -> dict[str, InterfaceDict]:
    """``get_interfaces``, without those that are configured but do not exist. ``clock`` is the device's time."""
    return {
        name: {
            "is_up": facts.get("operationalStatus") == "up",
            "is_enabled": facts["administrativeStatus"] == "up",
            "description": facts.get("description", ""),
            "last_flapped": _since(clock, facts.get("lastLinkUp"), facts.get("lastLinkDown")),
            "speed": float(facts.get("speed", 0)),
            "mtu": int(facts["mtu"]),
            "mac_address": convert(mac, facts["hardwareAddress"]) if "hardwareAddress" in facts else "",
        }
        for name, facts in sorted(shown.items(), key=lambda item: natural(item[0]))
        if facts.get("index", 0) > 0
    }


def bgp_neighbors(shown: dict[str, Any]) -> dict[str, Any]:
    """``get_bgp_neighbors``: ``global`` is the default VRF. FRR does not count what it received and refused (-1)."""
    return {
        "global" if vrf == "default" else vrf: {
            "router_id": next((peer["localRouterId"] for peer in _peers(found).values()), ""),
            "peers": {name: _peer(peer) for name, peer in _peers(found).items()},
        }
        for vrf, found in shown.items()
    }


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


def _since(clock: str, *moments: str | None) -> float:
    """Seconds from the latest of ``moments`` until ``clock``; -1 if there is none."""
    known = [datetime.strptime(moment.split(".")[0], _CLOCK) for moment in moments if moment]
    return max((datetime.strptime(clock, _CLOCK) - max(known)).total_seconds(), 0.0) if known else -1.0
