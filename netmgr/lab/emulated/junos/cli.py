"""What Junos's command line prints: tables as in the CLI Reference, under each command's sample output."""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from ipaddress import IPv4Network, ip_network

from netmgr.lab.emulated.junos import facts, network
from netmgr.lab.emulated.junos.display import braces
from netmgr.lab.emulated.junos.engine import MODEL, JunosEngine

_WORDS = {"connected": "Direct", "static": "Static", "ospf": "OSPF", "bgp": "BGP"}
_PREFERENCE = {"connected": 0, "static": 5, "ospf": 10, "bgp": 170}


def answer_command(engine: JunosEngine, line: str) -> str:
    """The text. Raises LookupError for a command that nobody wrote here."""
    command, *pipes = (part.strip() for part in line.split("|"))
    if match := re.fullmatch(r"show configuration(?: (.+))?", command):
        return _configuration(engine, match[1] or "", pipes)
    for pattern, shown in _COMMANDS.items():
        if match := re.fullmatch(pattern, command):
            return "".join(f"{text}\n" for text in shown(engine, *match.groups()))
    raise LookupError(command)


def _configuration(engine: JunosEngine, path: str, pipes: list[str]) -> str:
    words = path.split()
    text = engine.running.text()
    if "display set" in pipes:
        lines = text.splitlines()
        wanted = " ".join(words)
        return "".join(f"{line}\n" for line in lines if line.partition(" ")[2].startswith(wanted))
    if words:
        node = engine.running.root.find(*words)
        return "".join(f"{line}\n" for line in braces(node.ordered())) if node else ""
    last = engine.history[0]
    return f"## Last commit: {facts.written(last.seconds)} by {last.user}\n{engine.running.in_braces()}"


def _version(engine: JunosEngine) -> Iterator[str]:
    yield f"Hostname: {engine.view().hostname}"
    yield f"Model: {MODEL}"
    yield f"Junos: {engine.version}"


def _uptime(engine: JunosEngine) -> Iterator[str]:
    since = int(engine.device.uptime)
    yield f"Current time: {facts.written(engine.now)}"
    yield f"System booted: {facts.written(engine.now - since)} ({facts.ago(since)} ago)"
    last = engine.history[0]
    yield f"Last configured: {facts.written(last.seconds)} ({facts.ago(engine.now - last.seconds)} ago) by {last.user}"


def _commits(engine: JunosEngine) -> Iterator[str]:
    for number, commit in enumerate(engine.history):
        note = f" {commit.comment}" if commit.comment else ""
        yield f"{number:<3} {facts.written(commit.seconds)} by {commit.user} via {commit.client}{note}"
        if commit.log:
            yield f"    {commit.log}"
        if facts.is_pending(engine, commit):
            yield "    rollback pending"


def _interfaces(engine: JunosEngine) -> Iterator[str]:
    yield "Interface               Admin Link Proto    Local                 Remote"
    units: dict[str, list[str]] = {}
    for port, name, view in network.logical(engine):
        up = "up" if network.is_up(engine, view) else "down"
        head = f"{name:<23} {'up' if view.enabled else 'down':<5} {up:<4}"
        rows = units.setdefault(port, [])
        for version, family in ((4, "inet"), (6, "inet6")):
            addresses = [address for address in view.addresses if address.version == version]
            for place, address in enumerate(addresses):
                shown = str(address)
                if view.loopback and version == 4:
                    shown = f"{address.ip!s:<19} --> 0/0"
                rows.append(f"{head:<34} {family if place == 0 else '':<8} {shown}".rstrip())
                head = ""
        if view.bridged:
            rows.append(f"{head:<34} eth-switch")
            head = ""
        if head:
            rows.append(head.rstrip())
    for view in network.physical(engine):
        up = "up" if network.is_up(engine, view) else "down"
        yield f"{view.name:<23} {'up' if view.enabled else 'down':<5} {up}"
        yield from units.get(view.name, [])


def _ospf(engine: JunosEngine, version: str, instance: str | None) -> Iterator[str]:
    wanted = 3 if version == "3" else 2
    name = "ospf3" if wanted == 3 else "ospf"
    if not engine.running.root.find("protocols", name):
        yield f"{name.upper()} instance is not running"
        return
    if instance:
        yield "Instance: master"
    if wanted == 2:
        yield "Address          Interface              State           ID               Pri  Dead"
    else:
        yield "ID               Interface              State     Pri   Dead"
    for neighbor in engine.place.state.ospf(engine.place.name):
        if neighbor.version != wanted:
            continue
        port = neighbor.interface if "." in neighbor.interface else f"{neighbor.interface}.0"
        dead = neighbor.dead - int((time.time() - neighbor.since) * engine.device.scale) % neighbor.hello
        if wanted == 2:
            yield f"{neighbor.address!s:<16} {port:<22} {'Full':<15} {neighbor.router_id:<16} 128 {dead:>5}"
        else:
            yield f"{neighbor.router_id:<16} {port:<22} {'Full':<9} 128 {dead:>6}"
            yield f"  Neighbor-address {neighbor.address}"


def _bgp(engine: JunosEngine) -> Iterator[str]:
    if not engine.running.root.find("protocols", "bgp"):
        yield "BGP is not running"
        return
    asked = network.sessions(engine)
    down = sum(session.since is None for session in asked)
    groups = len(list(engine.running.root.entries("protocols", "bgp", name="group")))
    yield "Threading mode: BGP I/O"
    yield "Default eBGP mode: advertise - accept, receive - accept"
    yield f"Groups: {groups} Peers: {len(asked)} Down peers: {down}"
    yield "Table          Tot Paths  Act Paths Suppressed    History Damp State    Pending"
    for table in sorted({network.table(session) for session in asked if session.since is not None}):
        received = sum(session.received for session in asked if network.table(session) == table)
        yield f"{table:<21}"
        yield f"              {received:>10} {received:>10}          0          0          0          0"
    yield (
        "Peer                     AS      InPkt     OutPkt    OutQ   Flaps Last Up/Dwn"
        " State|#Active/Received/Accepted/Damped..."
    )
    for session in asked:
        neighbor, count = session.neighbor, session.received
        since = time.time() - session.since if session.since else engine.device.uptime
        state = "Establ" if session.since else ("Active" if neighbor.enabled else "Idle")
        yield (
            f"{neighbor.address!s:<20} {neighbor.remote_as:>8} {10:>10} {10:>10} {0:>7} {0:>7}"
            f" {facts.ago(since):>11} {state}"
        )
        if session.since:
            yield f"  {network.table(session)}: {count}/{count}/{count}/0"


def _lldp(engine: JunosEngine) -> Iterator[str]:
    yield "Local Interface    Parent Interface    Chassis Id          Port info          System Name"
    for hop in engine.place.state.lldp(engine.place.name):
        chassis = facts.mac(hop.device, "chassis")
        yield f"{hop.port:<18} {'-':<19} {chassis:<19} {hop.far_port:<18} {hop.device}"


def _routes(engine: JunosEngine) -> dict[str, dict[str, str]]:
    tables: dict[str, dict[str, str]] = {"inet.0": {}, "inet6.0": {}}
    for prefix, protocol in engine.place.state.routes(engine.place.name).items():
        tables["inet.0" if isinstance(prefix, IPv4Network) else "inet6.0"][str(prefix)] = protocol
    return tables


def _heading(name: str, count: int) -> str:
    return f"{name}: {count} destinations, {count} routes ({count} active, 0 holddown, 0 hidden)"


def _route_summary(engine: JunosEngine) -> Iterator[str]:
    view = engine.view()
    yield f"Autonomous system number: {view.asn or 0}"
    yield f"Router ID: {view.router_id}"
    for name, routes in _routes(engine).items():
        if routes:
            yield ""
            yield _heading(name, len(routes))
            for protocol, count in Counter(routes.values()).items():
                yield f"{_WORDS[protocol]:>20}: {count:>6} routes, {count:>6} active"


def _route(engine: JunosEngine, table: str, prefix: str) -> Iterator[str]:
    routes = _routes(engine).get(table, {})
    wanted = str(ip_network(prefix, strict=False))
    if wanted in routes:
        protocol = routes[wanted]
        yield ""
        yield _heading(table, len(routes))
        yield "+ = Active Route, - = Last Active, * = Both"
        yield ""
        yield f"{wanted:<18} *[{_WORDS[protocol]}/{_PREFERENCE[protocol]}] {facts.ago(engine.device.uptime)}"
        yield "                    >  via somewhere"


_COMMANDS: dict[str, Callable[..., Iterator[str]]] = {
    r"show version": _version,
    r"show system uptime": _uptime,
    r"show system commit": _commits,
    r"show interfaces terse": _interfaces,
    r"show ospf(3?) neighbor( instance all)?": _ospf,
    r"show bgp summary": _bgp,
    r"show lldp neighbors": _lldp,
    r"show route summary": _route_summary,
    r"show route table (\S+) (\S+) exact": _route,
}
