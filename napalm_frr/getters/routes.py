"""Routes to a destination: zebra's table, with what bgpd knows of those that it gave."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Iterator
from typing import Any

from napalm.base.exceptions import CommandErrorException
from napalm.base.models import RouteDict

# FRR's names for where a route comes from, and NAPALM's where they differ.
PROTOCOLS = (
    *("kernel", "connected", "static", "rip", "ripng", "ospf", "ospf6", "isis", "bgp", "eigrp", "nhrp"),
    *("table", "vnc", "babel", "openfabric", "pbr", "bfd", "sharp", "vrrp", "local"),
)
_ALIASES = {"direct": "connected", "is-is": "isis", "ospfv3": "ospf6", "ospf3": "ospf6"}
_IPV6_NAMES = {"ospf": "ospf6", "rip": "ripng"}
_SECONDS = {"y": 31_536_000, "w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_DEFAULT_PREFERENCE = 100  # of a path without one of its own
_UNKNOWN = -1

Element = dict[str, Any]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
BgpPaths = dict[tuple[str, str], list[Element]]


class Question:
    """A question for routes, checked. ``destination`` is an address (its longest match) or a prefix."""

    def __init__(self, destination: str, protocol: str, longer: bool) -> None:
        """Raises ``CommandErrorException`` for what is neither an address nor a prefix, or no protocol."""
        try:
            network = ipaddress.ip_network(destination, strict=False)
        except ValueError:
            raise CommandErrorException(
                f"destination {destination!r} is neither an address nor a prefix"
            ) from None
        named = protocol.lower()
        named = _ALIASES.get(named, named)
        named = _IPV6_NAMES.get(named, named) if network.version == 6 else named
        if named and named not in PROTOCOLS:
            raise CommandErrorException(f"protocol {protocol!r} is none of {', '.join(PROTOCOLS)}")
        self.protocol, self.longer = named, longer
        self.family = "ip" if network.version == 4 else "ipv6"
        self.destination = str(network if "/" in destination or longer else network.network_address)

    def commands(self) -> list[str]:
        """For zebra."""
        longer = " longer-prefixes" if self.longer else ""
        return [f"show {self.family} route vrf all {self.destination}{longer} json"]

    def bgp_commands(self, entries: list[Element]) -> list[str]:
        """For bgpd, about those of zebra's entries that it gave; first its autonomous systems."""
        family = "ipv4" if self.family == "ip" else "ipv6"
        given = [entry for entry in entries if entry["protocol"] == "bgp"]
        if self.longer:
            asked = {
                f"{entry['vrfName']} {family} unicast {self.destination} longer-prefixes json detail"
                for entry in given
            }
        else:
            asked = {f"{entry['vrfName']} {family} unicast {entry['prefix']} json" for entry in given}
        shown = [f"show bgp vrf all {family} unicast summary json"] if asked else []
        return shown + [f"show bgp vrf {each}" for each in sorted(asked)]

    def entries(self, output: str) -> list[Element]:
        """Zebra's entries of the protocol, of all VRFs: one object of JSON follows another."""
        return [
            entry
            for shown in _objects(output)
            for found in shown.values()
            for entry in found
            if self.protocol in ("", entry["protocol"])
        ]


def route_to(entries: list[Element], commands: list[str], outputs: list[str]) -> dict[str, list[RouteDict]]:
    """``get_route_to``. ``commands`` are those for bgpd."""
    systems: dict[str, Element] = json.loads(outputs[0]) if outputs else {}
    paths: BgpPaths = {}
    for command, output in zip(commands[1:], outputs[1:], strict=True):
        paths |= _bgp_paths(command.split()[3], json.loads(output))
    found: dict[str, list[RouteDict]] = {}
    for entry in entries:
        known = paths.get((entry["vrfName"], entry["prefix"]), [])
        system = systems.get(entry["vrfName"], {})
        hops = list(_hops(entry.get("nexthops", ())))
        found.setdefault(entry["prefix"], []).extend(_route(entry, hop, known, system) for hop in hops)
    return found


def _route(entry: Element, hop: Element, paths: list[Element], system: Element) -> RouteDict:
    selected, active = entry.get("selected", False), hop.get("active", False)
    return {
        "protocol": entry["protocol"],
        "current_active": selected,
        "last_active": selected,
        "age": _seconds(entry["uptime"]),
        "next_hop": hop.get("ip", ""),
        "outgoing_interface": hop.get("interfaceName", ""),
        "selected_next_hop": selected and active,
        "preference": entry["distance"],
        "inactive_reason": ""
        if selected
        else "another route is preferred"
        if active
        else "the next hop is not reachable",
        "routing_table": entry["vrfName"],
        "protocol_attributes": _bgp_attributes(hop, paths, system) if entry["protocol"] == "bgp" else {},
    }


def _hops(listed: list[Element]) -> Iterator[Element]:
    """Next hops as they were given; one that is resolved by others goes out where the first of these does."""
    for place, hop in enumerate(listed):
        if hop.get("recursive"):
            resolved = next((other for other in listed[place + 1 :] if "interfaceName" in other), {})
            yield {**hop, "interfaceName": resolved.get("interfaceName", "")}
        elif not hop.get("resolver"):
            yield hop


def _bgp_attributes(hop: Element, paths: list[Element], system: Element) -> Element:
    """Of the path that this next hop comes from: the best one, or another with that next hop."""
    from_here = [path for path in paths if hop.get("ip") in [each["ip"] for each in path["nexthops"]]]
    from_here.sort(key=lambda path: not path.get("bestpath", {}).get("overall", False))
    if not from_here:
        return {}
    path = from_here[0]
    peer = path["peer"]["peerId"]
    metrics = [each["metric"] for each in path["nexthops"] if "metric" in each]
    return {
        "local_as": system.get("as", _UNKNOWN),
        "remote_as": system.get("peers", {}).get(peer, {}).get("remoteAs", _UNKNOWN),
        "peer_id": path["peer"].get("routerId", ""),
        "remote_address": peer,
        "as_path": path["aspath"]["string"],
        "communities": path.get("community", {}).get("string", "").split(),
        "local_preference": path.get("locPrf", _DEFAULT_PREFERENCE),
        "preference2": path.get("weight", 0),
        "metric": path.get("metric", 0),
        "metric2": metrics[0] if metrics else 0,
    }


def _bgp_paths(vrf: str, shown: Element) -> BgpPaths:
    """Paths by VRF and prefix. In a list of prefixes each begins with a heading, which is no path."""
    listed = shown["routes"] if "routes" in shown else {shown["prefix"]: shown["paths"]} if shown else {}
    return {(vrf, prefix): [path for path in found if "nexthops" in path] for prefix, found in listed.items()}


def _objects(output: str) -> Iterator[Element]:
    decoder, text = json.JSONDecoder(), output.strip()
    while text:
        shown, end = decoder.raw_decode(text)
        yield shown
        text = text[end:].lstrip()


def _seconds(shown: str) -> int:
    """FRR shows 00:01:02, 3d04h05m or 02w3d04h."""
    if ":" in shown:
        hours, minutes, seconds = map(int, shown.split(":"))
        return hours * 3_600 + minutes * 60 + seconds
    return sum(int(number) * _SECONDS[unit] for number, unit in re.findall(r"(\d+)([ywdhms])", shown))
