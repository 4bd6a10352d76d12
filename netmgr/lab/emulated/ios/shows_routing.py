"""What IOS shows of BGP, OSPF and its routing tables: derived from what both ends are configured for."""

import time
from collections.abc import Iterator, Mapping
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from netmgr.lab.emulated.state import BgpSession
from netmgr.lab.emulated.view import DeviceView, Network

if TYPE_CHECKING:
    from netmgr.lab.emulated.ios.engine import IosEngine


# -- BGP ------------------------------------------------------------------------------------------------------------


def _families(session: BgpSession) -> Iterator[str]:
    neighbor = session.neighbor
    for version in sorted(neighbor.families):
        if neighbor.vrf != "default":
            yield "VPNv4 Unicast" if version == 4 else "VPNv6 Unicast"
        else:
            yield f"IPv{version} Unicast"


def bgp(engine: "IosEngine", view: DeviceView, words: tuple[str, ...]) -> str:
    """`show bgp …`."""
    if view.asn is None:
        return "% BGP not active\n"
    sessions = engine.place.state.bgp(engine.place.name)
    if words[-1] == "summary":
        wanted = None if words[1] == "all" else f"{_family(words[1])} {words[2].capitalize()}"
        names = ("IPv4 Unicast", "IPv6 Unicast", "VPNv4 Unicast", "VPNv6 Unicast")
        return "\n".join(
            _summary(name, view, [s for s in sessions if name in _families(s)], titled=words[1] == "all")
            for name in names
            if wanted in (None, name) and any(name in _families(s) for s in sessions)
        )
    name = f"{_family(words[1])} {words[2].capitalize()}"
    return "".join(_neighbor(view, name, session) for session in sessions if name in _families(session))


def _family(word: str) -> str:
    return word.replace("ip", "IP").replace("vpn", "VPN")


def _summary(name: str, view: DeviceView, sessions: list[BgpSession], *, titled: bool) -> str:
    rows = ""
    for session in sessions:
        address = str(session.neighbor.address).upper()
        if session.since is not None:
            state = f"{_ago(session.since):8} {session.received:12d}"
        else:
            state = f"{'never':8} {'Idle (Admin)' if not session.neighbor.enabled else 'Active':12}"
        numbers = f"4 {session.neighbor.remote_as:12d} {10:7d} {10:7d} {1:8d}    0    0 {state}"
        rows += (
            f"{address}\n                {numbers}\n" if len(address) > 15 else f"{address:15} {numbers}\n"
        )
    title = f"For address family: {name}\n" if titled else ""
    return (
        f"{title}BGP router identifier {view.router_id}, local AS number {view.asn}\n"
        "BGP table version is 1, main routing table version 1\n\n"
        f"Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd\n{rows}"
    )


def _neighbor(view: DeviceView, family: str, session: BgpSession) -> str:
    neighbor = session.neighbor
    kind = "internal" if neighbor.remote_as == view.asn else "external"
    vrf = f"  vrf {neighbor.vrf}," if neighbor.vrf != "default" else ""
    up = f"Established, up for {_ago(session.since)}" if session.since is not None else "Active"
    described = f" Description: {neighbor.description}\n" if neighbor.description else ""
    remote = session.router_id if session.since is not None else "0.0.0.0"  # noqa: S104 - a router id
    return (
        f"BGP neighbor is {str(neighbor.address).upper()}, {vrf} remote AS {neighbor.remote_as}, {kind} link\n"
        f"{described}  BGP version 4, remote router ID {remote}\n  BGP state = {up}\n"
        "  Neighbor sessions:\n    1 active, is not multisession capable (disabled)\n"
        f"\n For address family: {family}\n"
        "  Prefix activity:               ----       ----\n"
        f"    Prefixes Current:      {session.sent:10d} {session.received:10d} (Consumes 0 bytes)\n"
        "                                   Outbound    Inbound\n"
        "  Local Policy Denied Prefixes:    --------    -------\n"
        "    Total:                                0          0\n\n"
    )


def _ago(since: float) -> str:
    seconds = int(time.time() - since)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


# -- OSPF and routes ------------------------------------------------------------------------------------------------


def ospf(engine: "IosEngine", view: DeviceView, words: tuple[str, ...]) -> str:
    """Neighbors of both versions."""
    version = 2 if words[0] == "ip" else 3
    rows = ""
    for number, neighbor in enumerate(engine.place.state.ospf(engine.place.name)):
        if neighbor.version != version:
            continue
        left = neighbor.dead - int(time.time() - neighbor.since) % neighbor.hello - 1
        mine = view.interfaces[neighbor.interface]
        mine_ospf = mine.ospf if version == 2 else mine.ospf3
        role = "  -" if mine_ospf and mine_ospf.network == "point-to-point" else "DR"
        dead = f"00:{left // 60:02d}:{left % 60:02d}"
        where = f"{neighbor.address!s:15}" if version == 2 else f"{number + 1:<15d}"
        rows += f"{neighbor.router_id:15} {1:3d}   FULL/{role:10} {dead}    {where} {neighbor.interface}\n"
    if not rows:
        return ""
    fifth = "Address   " if version == 2 else "Interface ID"
    title = (
        ""
        if version == 2
        else f"\n            OSPFv3 Router with ID ({view.ospf_router_id}) (Process ID 1)\n"
    )
    return f"{title}\nNeighbor ID     Pri   State           Dead Time   {fifth:15} Interface\n{rows}"


def routes(engine: "IosEngine", _view: DeviceView, words: tuple[str, ...]) -> str:
    """The summary of a table, or one of its entries."""
    version = 4 if words[0] == "ip" else 6
    table = {
        p: how for p, how in engine.place.state.routes(engine.place.name).items() if p.version == version
    }
    if words[2] == "summary":
        return _route_summary(table, version)
    wanted = ip_network(f"{words[2]}/{words[3]}" if len(words) > 3 else words[2], strict=False)
    if wanted not in table:
        return "% Network not in table\n" if version == 4 else "% Route not found\n"
    known = f'  Known via "{table[wanted]}", distance 0, metric 0\n'
    return f"Routing entry for {str(wanted).upper()}\n{known}"


def _route_summary(table: Mapping[Network, str], version: int) -> str:
    counts = {
        how: sum(1 for found in table.values() if found == how)
        for how in ("connected", "static", "ospf", "bgp")
    }
    if version == 4:
        rows = "".join(
            f"{how:<16}0           {count:<11d} 0           96          288\n"
            for how, count in counts.items()
        )
        return (
            "IP routing table name is default (0x0)\nIP routing table maximum-paths is 32\n"
            "Route Source    Networks    Subnets     Replicates  Overhead    Memory (bytes)\n"
            f"{rows}Total           0           {sum(counts.values()):<11d} 0           96          288\n"
        )
    rows = "".join(f"{how:<15} {count:<11d} 0           0\n" for how, count in counts.items())
    return (
        f"IPv6 routing table name is default(0) global scope - {sum(counts.values())} entries\n"
        "IPv6 routing table default maximum-paths is 16\n"
        f"Route Source    Networks    Overhead    Memory (bytes)\n{rows}"
    )


def ping(engine: "IosEngine", words: tuple[str, ...]) -> str:
    """Echo requests: answered by an interface that is up, where a route leads to it."""
    state, options = engine.place.state, words[3:] if words[1] == "vrf" else words[1:]
    target = ip_address(options[0])
    count = int(options[options.index("repeat") + 1]) if "repeat" in options else 5
    there = any(
        state.up(name, interface.name) and any(address.ip == target for address in interface.addresses)
        for name in state.views
        for interface in state.view(name).interfaces.values()
    )
    known = any(
        target in network for network in state.routes(engine.place.name) if network.version == target.version
    )
    got = count if there and known else 0
    times = ", round-trip min/avg/max = 1/1/2 ms" if got else ""
    return (
        "Type escape sequence to abort.\n"
        f"Sending {count}, 100-byte ICMP Echos to {str(target).upper()}, timeout is 2 seconds:\n"
        f"{('!' if got else '.') * count}\nSuccess rate is {100 if got else 0} percent ({got}/{count}){times}\n"
    )
