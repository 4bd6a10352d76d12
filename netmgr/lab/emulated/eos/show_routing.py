"""What EOS shows of OSPF, BGP and routes."""

import time
from collections import Counter
from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

from netmgr.lab.emulated.state import BgpSession, OspfNeighbor

if TYPE_CHECKING:
    from netmgr.lab.emulated.eos.engine import EosEngine

_ROUTE_TYPES: Mapping[str, str] = {
    "connected": "connected",
    "static": "static",
    "ospf": "ospfIntra",
    "bgp": "eBGP",
}


def bgp_summary(engine: "EosEngine", version: int) -> dict[str, Any]:
    """`show ip bgp summary vrf all`, or for IPv6."""
    from netmgr.lab.emulated.eos.engine import CommandError

    view = engine.view()
    if view.asn is None:
        raise CommandError(1000, "BGP inactive")
    found: dict[str, Any] = {}
    for vrf, sessions in _by_vrf(engine, version).items():
        found[vrf] = {
            "vrf": vrf,
            "routerId": view.router_id,
            "asn": str(view.asn),
            "peers": {
                str(s.neighbor.address): {
                    "version": 4,
                    "asn": str(s.neighbor.remote_as),
                    "peerState": _state(s),
                    "msgReceived": 0,
                    "msgSent": 0,
                    "inMsgQueue": 0,
                    "outMsgQueue": 0,
                    "prefixReceived": s.received,
                    "prefixAccepted": s.received,
                    "upDownTime": s.since or engine.device.booted,
                    "underMaintenance": False,
                    **({"description": s.neighbor.description} if s.neighbor.description else {}),
                    **({} if s.neighbor.enabled else {"peerStateIdleReason": "Admin"}),
                }
                for s in sessions
            },
        }
    return {"vrfs": found}


def bgp_peers(engine: "EosEngine", version: int) -> dict[str, Any]:
    """`show ip bgp neighbors vrf all`, or for IPv6."""
    view = engine.view()
    found: dict[str, Any] = {}
    if view.asn is None:
        return {"vrfs": found}
    for vrf, sessions in _by_vrf(engine, version).items():
        found[vrf] = {"peerList": [_peer(s, vrf, view.asn, version) for s in sessions]}
    return {"vrfs": found}


def _peer(session: BgpSession, vrf: str, asn: int, version: int) -> dict[str, Any]:
    neighbor, up = session.neighbor, session.since is not None
    counts = {"prefixesReceived": 0, "prefixesSent": 0, "v6PrefixesReceived": 0, "v6PrefixesSent": 0}
    prefix = "p" if version == 4 else "v6P"
    counts |= {f"{prefix}refixesReceived": session.received, f"{prefix}refixesSent": session.sent}
    return {
        "peerAddress": str(neighbor.address),
        "asn": str(neighbor.remote_as),
        "localAsn": str(asn),
        "linkType": "internal" if neighbor.remote_as == asn else "external",
        "routerId": session.router_id if up else "0.0.0.0",  # noqa: S104 - EOS's word for none
        "vrf": vrf,
        "version": 4,
        "state": _state(session),
        **({"establishedTime": int(time.time() - session.since)} if session.since is not None else {}),
        **({} if neighbor.enabled else {"idleReason": "Administratively shut down"}),
        **({"description": neighbor.description} if neighbor.description else {}),
        **counts,
    }


def _by_vrf(engine: "EosEngine", version: int) -> dict[str, list[BgpSession]]:
    """EOS names every VRF that BGP runs in, with sessions of this family or without."""
    sessions = engine.place.state.bgp(engine.device.name)
    found: dict[str, list[BgpSession]] = {"default": []}
    for session in sessions:
        found.setdefault(session.neighbor.vrf, [])
        if session.neighbor.address.version == version:
            found[session.neighbor.vrf].append(session)
    return found


def _state(session: BgpSession) -> str:
    return "Established" if session.since is not None else "Active" if session.neighbor.enabled else "Idle"


def ospf_neighbors(engine: "EosEngine") -> dict[str, Any]:
    """`show ip ospf neighbor`: per VRF and instance a list of neighbors."""
    process = next(engine.device.running.root.starting("router", "ospf"), None)
    if process is None:
        return {"vrfs": {}}
    entries = [_ospf(n) for n in engine.place.state.ospf(engine.device.name) if n.version == 2]
    instance = process.line.split()[2]
    return {"vrfs": {"default": {"instList": {instance: {"ospfNeighborEntries": entries}}}}}


def ospf3_neighbors(engine: "EosEngine") -> dict[str, Any]:
    """`show ospfv3 neighbor` and `show ipv6 ospf neighbor`: the same, of version 3."""
    root = engine.device.running.root
    if not any((*root.starting("ipv6", "router", "ospf"), *root.starting("router", "ospfv3"))):
        return {"vrfs": {}}
    entries = [_ospf(n) for n in engine.place.state.ospf(engine.device.name) if n.version == 3]
    return {"vrfs": {"default": {"instList": {"1": {"ospf3NeighborEntries": entries}}}}}


def _ospf(neighbor: OspfNeighbor) -> dict[str, Any]:
    now = time.time()
    heard = now - (now - neighbor.since) % neighbor.hello
    return {
        "routerId": neighbor.router_id,
        "interfaceName": neighbor.interface,
        "interfaceAddress": str(neighbor.address),
        "adjacencyState": "full",
        "drState": "DR",
        "priority": 1,
        "inactivity": heard + neighbor.dead,
        "details": {"areaId": neighbor.area, "stateTime": neighbor.since, "inactivity": neighbor.dead},
    }


def routes(engine: "EosEngine", version: int, prefix: str | None = None) -> dict[str, Any]:
    """`show ip route`, of all prefixes or of one."""
    wanted = ip_network(prefix, strict=False) if prefix else None
    found = {
        str(network): {
            "routeType": _ROUTE_TYPES[protocol],
            "kernelProgrammed": True,
            "hardwareProgrammed": True,
        }
        for network, protocol in engine.place.state.routes(engine.device.name).items()
        if network.version == version and wanted in (None, network)
    }
    return {"vrfs": {"default": {"routes": found, "allRoutesProgrammedHardware": True}}}


def route_summary(engine: "EosEngine", version: int) -> dict[str, Any]:
    """`show ip route summary`, or for IPv6: how many routes each protocol has."""
    found = engine.place.state.routes(engine.device.name).items()
    counts = Counter(protocol for network, protocol in found if network.version == version)
    summary: dict[str, Any] = {
        "connected": counts["connected"],
        "static": counts["static"],
        "bgpCounts": {
            "bgpTotal": counts["bgp"],
            "bgpExternal": counts["bgp"],
            "bgpInternal": 0,
            "bgpLocal": 0,
        },
        "totalRoutes": counts.total(),
    }
    if version == 4:
        summary["ospfCounts"] = {"ospfTotal": counts["ospf"], "ospfIntraArea": counts["ospf"]}
    else:
        summary["ospfv3Counts"] = {"ospfv3Total": counts["ospf"]}
    return {"vrfs": {"default": summary}}


def ping(engine: "EosEngine", target: str, count: str = "5") -> str:
    """Echo requests in the words of Linux' ping, which EOS runs: answered where a route leads to the address."""
    place, address, sent = engine.place, ip_address(target), int(count)
    state = place.state
    there = any(
        state.up(name, interface.name) and any(own.ip == address for own in interface.addresses)
        for name in state.views
        for interface in state.view(name).interfaces.values()
    )
    known = any(
        network.version == address.version and address in network for network in state.routes(place.name)
    )
    got = sent if there and known else 0
    rows = "".join(f"80 bytes from {address}: icmp_seq={n + 1} ttl=64 time=0.500 ms\n" for n in range(got))
    times = "rtt min/avg/max/mdev = 0.500/0.500/0.500/0.000 ms\n" if got else ""
    return (
        f"PING {address} ({address}) 72(100) bytes of data.\n{rows}\n--- {address} ping statistics ---\n"
        f"{sent} packets transmitted, {got} received, {0 if got else 100}% packet loss, time {sent}ms\n{times}"
    )
