"""What EOS says of its adjacencies: eAPI's JSON understood, and a configuration's own list of them.

Formats as EOS 4.23 to 4.36 answers ``show … | json`` (the answers that NAPALM recorded are among them); keys that other
releases add are ignored.
"""

import json
import re
from collections.abc import Iterable, Iterator
from ipaddress import ip_address, ip_interface, ip_network
from typing import Any

from netmgr.model.state import AdjacencyState

_INTERFACE = re.compile(r"interface (\S+)")
_AREA = re.compile(r"(ip|ipv6) ospf (?:\d+ )?area \S+|ospfv3 (?:ipv6 )?area \S+")
_NETWORK = re.compile(r"network (\S+) area \S+")
_PEER = re.compile(r"neighbor (\S+) (?:remote-as \S+|peer group \S+)")
_SHUT = re.compile(r"neighbor (\S+) shutdown")


def ospf_neighbors(text: str) -> tuple[AdjacencyState, ...]:
    """``show ip ospf neighbor vrf all``: one state for each interface; the peer is the interface's name.

    ``inactivity`` is the moment at which the neighbor is given up, on the device's own clock: it tells no time left.
    """
    return _ospf("ospf", _entries(_object(text), "ospfNeighborEntries"))


def ospf3_neighbors(text: str) -> tuple[AdjacencyState, ...]:
    """``show ipv6 ospf neighbor vrf all``: as for OSPFv2."""
    return _ospf("ospf3", _entries(_object(text), "ospf3NeighborEntries"))


def _ospf(protocol: Any, entries: Iterable[dict[str, Any]]) -> tuple[AdjacencyState, ...]:
    best: dict[str, AdjacencyState] = {}
    for entry in entries:
        state, peer = str(entry.get("adjacencyState", "unknown")), str(entry.get("interfaceName", ""))
        known = best.get(peer)
        # A link has one other end; other entries are what it was before it had its router id.
        if known is None or not known.up:
            best[peer] = AdjacencyState(protocol=protocol, peer=peer, up=state == "full", detail=state)
    return tuple(best.values())


def _entries(value: object, key: str) -> Iterator[dict[str, Any]]:
    """The lists under ``key``, at whatever depth: by VRF, process and address family."""
    if not isinstance(value, dict):
        return
    for name, inner in value.items():
        if name == key and isinstance(inner, list):
            yield from (entry for entry in inner if isinstance(entry, dict))
        else:
            yield from _entries(inner, key)


def bgp_neighbors(text: str) -> tuple[AdjacencyState, ...]:
    """``show ip bgp summary vrf all``, and the same of ``ipv6``: one state for each neighbor of the family."""
    vrfs = _object(text).get("vrfs", {})
    return tuple(
        AdjacencyState(
            protocol="bgp", peer=address, up=peer.get("peerState") == "Established", detail=_detail(peer)
        )
        for vrf in (vrfs.values() if isinstance(vrfs, dict) else ())
        for address, peer in vrf.get("peers", {}).items()
    )


def _detail(peer: dict[str, Any]) -> str:
    state, reason = str(peer.get("peerState", "unknown")), peer.get("peerStateIdleReason")
    return f"{state} ({reason})" if state == "Idle" and reason else state


def configured(config: str) -> frozenset[tuple[str, str]]:
    """(protocol, peer) of every adjacency that a canonical configuration asks for. Peer groups have no session."""
    return frozenset((*_bgp(config), *_interfaces(config)))


def _bgp(config: str) -> Iterator[tuple[str, str]]:
    shut, found = set(), []
    inside = False
    for line in config.splitlines():
        if not line.startswith(" "):
            inside = line.startswith("router bgp ")
        elif inside and (match := _PEER.fullmatch(line.strip())):
            found.append(match[1])
        elif inside and (match := _SHUT.fullmatch(line.strip())):
            shut.add(match[1])
    for peer in found:
        if peer not in shut and _is_address(peer):
            yield "bgp", peer


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _interfaces(config: str) -> Iterator[tuple[str, str]]:
    """Interfaces that run OSPF: by their own word, or because a process names the network that they are in."""
    name = ""
    networks, addresses = [], []
    for line in config.splitlines():
        if not line.startswith(" "):
            match = _INTERFACE.fullmatch(line)
            name = match[1] if match else ""
        elif name and (match := _AREA.fullmatch(line.strip())):
            yield ("ospf" if match[1] == "ip" else "ospf3"), name
        elif name and line.startswith("   ip address ") and "/" in line:
            addresses.append((name, line.split()[-1] if not line.endswith("secondary") else line.split()[-2]))
        elif match := _NETWORK.fullmatch(line.strip()):
            networks.append(ip_network(match[1], strict=False))
    for name, text in addresses:
        if any(ip_interface(text).ip in network for network in networks):
            yield "ospf", name


def _object(text: str) -> dict[str, Any]:
    """The JSON object in a command's output; empty where a protocol does not run."""
    text = text.strip()
    if not text.startswith("{"):
        return {}
    document = json.loads(text)
    return document if isinstance(document, dict) else {}
