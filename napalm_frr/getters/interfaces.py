"""Interfaces, from zebra (state and descriptions) and from the kernel (addresses, counters, VRFs)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from napalm.base.helpers import convert, mac
from napalm.base.models import InterfaceCounterDict, InterfaceDict, InterfacesIPDict, NetworkInstanceDict

from napalm_frr.device.order import natural

INTERFACES = "show interface vrf all json"
DEFAULT_VRF = "default"
_CLOCK = "%Y/%m/%d %H:%M:%S"
_FAMILIES = {"inet": "ipv4", "inet6": "ipv6"}
_UNKNOWN = -1

Tables = dict[str, str]
Link = dict[str, Any]


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


def interfaces_ip(tables: Tables) -> dict[str, InterfacesIPDict]:
    """``get_interfaces_ip``: every address that the kernel has, link-local ones too; by interface, if it has any."""
    found: dict[str, InterfacesIPDict] = {}
    for link in sorted(json.loads(tables["addresses"]), key=lambda link: natural(link["ifname"])):
        families: Any = {}
        for address in link["addr_info"]:
            family = _FAMILIES[address["family"]]
            families.setdefault(family, {})[address["local"]] = {"prefix_length": address["prefixlen"]}
        if families:
            found[link["ifname"]] = families
    return found


def counters(tables: Tables) -> dict[str, InterfaceCounterDict]:
    """``get_interfaces_counters``. The kernel counts multicast only where it receives, and broadcast nowhere (-1)."""
    return {link["ifname"]: _counters(link["stats64"]) for link in links(tables)}


def network_instances(
    tables: Tables, distinguishers: dict[str, str], name: str
) -> dict[str, NetworkInstanceDict]:
    """``get_network_instances``: the default VRF and each VRF of the kernel, with the interfaces in it."""
    found = links(tables)
    vrfs = [DEFAULT_VRF, *(link["ifname"] for link in found if _is_vrf(link))]
    members = [(vrf_of(link), link["ifname"]) for link in found if not _is_vrf(link)]
    return {
        vrf: {
            "name": vrf,
            "type": "DEFAULT_INSTANCE" if vrf == DEFAULT_VRF else "L3VRF",
            "state": {"route_distinguisher": distinguishers.get(vrf, "")},
            "interfaces": {"interface": {member: {} for of, member in members if of == vrf}},
        }
        for vrf in vrfs
        if name in ("", vrf)
    }


def links(tables: Tables) -> list[Link]:
    """The kernel's interfaces, by name."""
    return sorted(json.loads(tables["links"]), key=lambda link: natural(link["ifname"]))


def vrf_of(link: Link) -> str:
    """The VRF that an interface is in."""
    in_vrf = link.get("linkinfo", {}).get("info_slave_kind") == "vrf"
    return str(link["master"]) if in_vrf else DEFAULT_VRF


def _is_vrf(link: Link) -> bool:
    return bool(link.get("linkinfo", {}).get("info_kind") == "vrf")


def _counters(stats: dict[str, dict[str, int]]) -> InterfaceCounterDict:
    received, sent = stats["rx"], stats["tx"]
    return {
        "tx_errors": sent["errors"],
        "rx_errors": received["errors"],
        "tx_discards": sent["dropped"],
        "rx_discards": received["dropped"],
        "tx_octets": sent["bytes"],
        "rx_octets": received["bytes"],
        "tx_unicast_packets": sent["packets"],
        "rx_unicast_packets": received["packets"] - received["multicast"],
        "tx_multicast_packets": _UNKNOWN,
        "rx_multicast_packets": received["multicast"],
        "tx_broadcast_packets": _UNKNOWN,
        "rx_broadcast_packets": _UNKNOWN,
    }


def _since(clock: str, *moments: str | None) -> float:
    """Seconds from the latest of ``moments`` until ``clock``; -1 if there is none."""
    known = [datetime.strptime(moment.split(".")[0], _CLOCK) for moment in moments if moment]
    return max((datetime.strptime(clock, _CLOCK) - max(known)).total_seconds(), 0.0) if known else -1.0
