"""What lldpd has heard from neighbors, as ``lldpcli -f json0`` shows it: there every element is a list."""

from __future__ import annotations

import json
from typing import Any

from napalm.base.helpers import convert, mac
from napalm.base.models import LLDPNeighborDetailDict, LLDPNeighborDict

from napalm_frr.device.order import natural

Element = dict[str, Any]
# lldpd's words for the capabilities of IEEE 802.1AB → NAPALM's.
_CAPABILITIES = {
    "other": "other",
    "repeater": "repeater",
    "bridge": "bridge",
    "wlan": "wlan-access-point",
    "router": "router",
    "tel": "telephone",
    "docsis": "docsis-cable-device",
    "station": "station",
}


def neighbors(shown: str) -> dict[str, list[LLDPNeighborDict]]:
    """``get_lldp_neighbors``."""
    return {
        name: [
            {"hostname": neighbor["remote_system_name"], "port": neighbor["remote_port"]}
            for neighbor in neighbors
        ]
        for name, neighbors in neighbors_detail(shown, "").items()
    }


def neighbors_detail(shown: str, interface: str) -> dict[str, list[LLDPNeighborDetailDict]]:
    """``get_lldp_neighbors_detail``: by local interface, or of one only. Other protocols (CDP) are left out."""
    found: dict[str, list[LLDPNeighborDetailDict]] = {}
    heard = [each for one in json.loads(shown).get("lldp", ()) for each in one.get("interface", ())]
    for each in sorted(heard, key=lambda each: natural(each["name"])):
        if each["via"] == "LLDP" and interface in ("", each["name"]):
            found.setdefault(each["name"], []).append(_neighbor(each))
    return found


def _neighbor(each: Element) -> LLDPNeighborDetailDict:
    chassis, port = _first(each, "chassis"), _first(each, "port")
    able = chassis.get("capability", ())
    return {
        "parent_interface": "",
        "remote_chassis_id": _identity(chassis),
        "remote_system_name": _text(chassis, "name"),
        "remote_system_description": _text(chassis, "descr"),
        "remote_port": _port(port),
        "remote_port_description": _text(port, "descr"),
        "remote_system_capab": _capabilities(able),
        "remote_system_enable_capab": _capabilities([one for one in able if one["enabled"]]),
    }


def _port(port: Element) -> str:
    """A port's name: what it is called where it identifies itself by its MAC address."""
    by_mac = _first(port, "id").get("type") == "mac"
    return (by_mac and _text(port, "descr")) or _identity(port)


def _identity(element: Element) -> str:
    identity = _first(element, "id")
    value = str(identity.get("value", ""))
    return convert(mac, value, value) if identity.get("type") == "mac" else value


def _capabilities(able: list[Element]) -> list[str]:
    return [_CAPABILITIES.get(one["type"].lower(), "other") for one in able]


def _text(element: Element, name: str) -> str:
    return str(_first(element, name).get("value", ""))


def _first(element: Element, name: str) -> Element:
    found = element.get(name) or [{}]
    return dict(found[0])
