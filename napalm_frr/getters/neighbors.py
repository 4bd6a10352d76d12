"""Who is on the links: the kernel's ARP and IPv6 neighbor tables."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from napalm.base.helpers import convert, mac
from napalm.base.models import ARPTableDict, IPV6NeighborDict

from napalm_frr.device.order import natural
from napalm_frr.getters.interfaces import DEFAULT_VRF, Tables, links, vrf_of

GLOBAL = ("global", DEFAULT_VRF)


def arp_table(tables: Tables, vrf: str) -> list[ARPTableDict]:
    """``get_arp_table``: what resolves to a MAC address now. ``age`` is seconds since it was last confirmed."""
    within = {link["ifname"] for link in links(tables) if not vrf or vrf_of(link) == _named(vrf)}
    return [
        {
            "interface": entry["dev"],
            "mac": convert(mac, entry["lladdr"]),
            "ip": entry["dst"],
            "age": float(entry.get("confirmed", -1)),
        }
        for entry in _entries(tables["arp"])
        if entry["dev"] in within
    ]


def ipv6_neighbors(tables: Tables) -> list[IPV6NeighborDict]:
    """``get_ipv6_neighbors_table``, of all VRFs. ``state`` is the kernel's word, such as REACHABLE or STALE."""
    return [
        {
            "interface": entry["dev"],
            "mac": convert(mac, entry["lladdr"]),
            "ip": entry["dst"],
            "age": float(entry.get("confirmed", -1)),
            "state": " ".join(entry["state"]),
        }
        for entry in _entries(tables["ndp"])
    ]


def _entries(table: str) -> Iterator[dict[str, Any]]:
    found = [entry for entry in json.loads(table) if "lladdr" in entry]
    return iter(sorted(found, key=lambda entry: (natural(entry["dev"]), natural(entry["dst"]))))


def _named(vrf: str) -> str:
    return DEFAULT_VRF if vrf in GLOBAL else vrf
