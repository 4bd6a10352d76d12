"""What a device says of the network around it, from what all configurations and cables make of it.

Shapes as in the answers of real devices that NAPALM's tests hold (napalm/junos: get_interfaces, get_bgp_neighbors,
get_lldp_neighbors …).
"""

import time
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from xml.etree import ElementTree as ET

from netmgr.lab.emulated.junos.engine import JunosEngine
from netmgr.lab.emulated.junos.facts import ago, mac, written
from netmgr.lab.emulated.junos.reply import element, text_of
from netmgr.lab.emulated.junos.view import is_port
from netmgr.lab.emulated.state import BgpSession
from netmgr.lab.emulated.view import InterfaceView

_TABLES = {4: "inet.0", 6: "inet6.0"}


def logical(engine: JunosEngine) -> Iterator[tuple[str, str, InterfaceView]]:
    """(interface, logical interface, what is known of it) of every unit that is configured, in Junos's order."""
    views = engine.view().interfaces
    for port in engine.running.root.entries("interfaces"):
        for unit in port.ordered():
            if unit.statement.name == "unit" and not unit.inactive:
                name = f"{port.keys[0]}.{unit.keys[0]}"
                view = views.get(name) or (views[port.keys[0]] if unit.keys[0] == "0" else None)
                if view:
                    yield port.keys[0], name, view


def physical(engine: JunosEngine) -> list[InterfaceView]:
    """Every interface that is there, in Junos's order."""
    views = engine.view().interfaces
    configured = [port.keys[0] for port in engine.running.root.entries("interfaces")]
    bare = (name for name in engine.place.interfaces if is_port(name) and name not in configured)
    names = [*bare, *configured]
    return [views[name] for name in names]


def is_up(engine: JunosEngine, view: InterfaceView) -> bool:
    """Whether it is up."""
    return engine.place.state.up(engine.place.name, view.name)


def _interfaces(engine: JunosEngine, request: ET.Element) -> ET.Element:
    wanted = text_of(request, "interface-name") or ""
    found = element("interface-information", style="normal")
    units: dict[str, list[tuple[str, InterfaceView]]] = {}
    for port, name, view in logical(engine):
        units.setdefault(port, []).append((name, view))
    for view in physical(engine):
        if wanted in ("", view.name) or "[" in wanted or wanted.partition(".")[0] == view.name:
            found.append(_port(engine, view, units.get(view.name, [])))
    return found


def _port(engine: JunosEngine, view: InterfaceView, units: list[tuple[str, InterfaceView]]) -> ET.Element:
    up = is_up(engine, view)
    since = int(engine.device.uptime)
    made = element(
        "physical-interface",
        None,
        element("name", view.name),
        element("admin-status", "up" if view.enabled else "down"),
        element("oper-status", "up" if up else "down"),
    )
    if view.description:
        made.append(element("description", view.description))
    if view.loopback:
        made.append(element("mtu", "Unlimited"))
    else:
        made.append(element("mtu", view.mtu + 14))
        made.append(element("speed", "1000mbps"))
        made.append(element("current-physical-address", mac(engine.place.name, view.name)))
        at = engine.now - since
        made.append(element("interface-flapped", f"{written(at)} ({ago(since)} ago)", seconds=str(since)))
    made.append(_traffic())
    for name, unit in units:
        made.append(_unit(name, unit))
    return made


def _traffic() -> ET.Element:
    return element(
        "traffic-statistics",
        None,
        element("input-bytes", 0),
        element("output-bytes", 0),
        element("input-packets", 0),
        element("output-packets", 0),
        style="brief",
    )


def _unit(name: str, view: InterfaceView) -> ET.Element:
    flags = element("if-config-flags", None, element("iff-up"))
    if not view.enabled:
        flags.append(element("iff-down"))
    made = element("logical-interface", None, element("name", name))
    if view.description:
        made.append(element("description", view.description))
    made.append(flags)
    for version, family in ((4, "inet"), (6, "inet6")):
        addresses = [address for address in view.addresses if address.version == version]
        if not addresses:
            continue
        held = element(
            "address-family", None, element("address-family-name", family), element("mtu", view.mtu)
        )
        for address in addresses:
            # Of a loopback the table shows no length, and the others' length with the address (`terse`).
            shown = str(address.ip) if view.loopback and version == 4 else str(address)
            held.append(
                element(
                    "interface-address",
                    None,
                    element("ifa-local", shown),
                    element("ifa-destination", str(address.network)),
                )
            )
        made.append(held)
    if view.bridged:
        made.append(element("address-family", None, element("address-family-name", "eth-switch")))
    return made


# -- BGP --------------------------------------------------------------------------------------------------------


def sessions(engine: JunosEngine, instance: str = "") -> list[BgpSession]:
    """The sessions of an instance: ``master`` is the default one, an empty name all of them."""
    vrf = "default" if instance == "master" else instance
    found = engine.place.state.bgp(engine.place.name)
    return [session for session in found if vrf in ("", session.neighbor.vrf)]


def table(session: BgpSession) -> str:
    """The routing table that the session's routes go into."""
    name = _TABLES[session.neighbor.address.version]
    return name if session.neighbor.vrf == "default" else f"{session.neighbor.vrf}.{name}"


def _instances(engine: JunosEngine, _request: ET.Element) -> ET.Element:
    names = ["master", *(node.keys[0] for node in engine.running.root.entries("routing-instances"))]
    found = element("instance-information", style="terse")
    for name in names:
        rib = "inet.0" if name == "master" else f"{name}.inet.0"
        found.append(
            element(
                "instance-core",
                None,
                element("instance-name", name),
                element("instance-type", "forwarding" if name == "master" else "vrf"),
                element("instance-rib", None, element("irib-name", rib)),
            )
        )
    return found


def _bgp_neighbors(engine: JunosEngine, request: ET.Element) -> ET.Element:
    found = element("bgp-information")
    view = engine.view()
    for session in sessions(engine, text_of(request, "instance") or ""):
        found.append(_bgp_peer(session, view.asn or 0, view.router_id))
    return found


def _bgp_peer(session: BgpSession, asn: int, router_id: str) -> ET.Element:
    neighbor, up = session.neighbor, session.since is not None
    instance = "master" if neighbor.vrf == "default" else neighbor.vrf
    options = element("bgp-option-information", None, element("bgp-options-extended", ""))
    if not neighbor.enabled:
        options[0].text = "Shutdown"
    made = element(
        "bgp-peer",
        None,
        element("peer-address", f"{neighbor.address}+179" if up else neighbor.address),
        element("peer-as", neighbor.remote_as),
        element("local-address", neighbor.source or "unspecified"),
        element("local-as", asn),
    )
    if neighbor.description:
        made.append(element("description", neighbor.description))
    kind = "Internal" if neighbor.remote_as == asn else "External"
    made.extend(
        (
            element("peer-cfg-rti", instance),
            element("peer-fwd-rti", instance),
            element("peer-type", kind),
            element("peer-state", "Established" if up else ("Active" if neighbor.enabled else "Idle")),
            element("peer-flags", "Sync"),
            element("last-state", "OpenConfirm" if up else "Idle"),
            options,
            element("flap-count", 0),
        )
    )
    if up:
        made.append(element("peer-id", session.router_id))
        made.append(element("local-id", router_id))
        made.append(
            element(
                "bgp-rib",
                None,
                element("name", table(session)),
                element("bgp-rib-state", "BGP restart is complete"),
                element("send-state", "in sync"),
                element("active-prefix-count", session.received),
                element("received-prefix-count", session.received),
                element("accepted-prefix-count", session.received),
                element("suppressed-prefix-count", 0),
                element("advertised-prefix-count", session.sent),
                style="detail",
            )
        )
    return made


def _bgp_summary(engine: JunosEngine, request: ET.Element) -> ET.Element:
    asked = sessions(engine, text_of(request, "instance") or "")
    found = element(
        "bgp-information",
        None,
        element("group-count", len({session.neighbor.remote_as for session in asked})),
        element("peer-count", len(asked)),
        element("down-peer-count", sum(session.since is None for session in asked)),
    )
    for session in asked:
        up = session.since is not None
        since = int(time.time() - session.since) if session.since else int(engine.device.uptime)
        peer = element(
            "bgp-peer",
            None,
            element("peer-address", session.neighbor.address),
            element("peer-as", session.neighbor.remote_as),
            element("input-messages", 0),
            element("output-messages", 0),
            element("route-queue-count", 0),
            element("flap-count", 0),
            element("elapsed-time", ago(since), seconds=str(since)),
            element("peer-state", "Established" if up else "Active"),
            style="terse",
        )
        if up:
            peer.append(element("bgp-rib", None, element("name", table(session)), style="terse"))
        found.append(peer)
    return found


# -- neighbors --------------------------------------------------------------------------------------------------


def _lldp(engine: JunosEngine, _request: ET.Element) -> ET.Element:
    found = element("lldp-neighbors-information", style="brief")
    for hop in engine.place.state.lldp(engine.place.name):
        found.append(_lldp_neighbor(hop.port, hop.device, hop.far_port))
    return found


def _lldp_neighbor(port: str, device: str, far: str) -> ET.Element:
    return element(
        "lldp-neighbor-information",
        None,
        element("lldp-local-port-id", port),
        element("lldp-local-parent-interface-name", "-"),
        element("lldp-remote-chassis-id-subtype", "Mac address"),
        element("lldp-remote-chassis-id", mac(device, "chassis")),
        element("lldp-remote-port-id-subtype", "Interface name"),
        element("lldp-remote-port-id", far),
        element("lldp-remote-port-description", far),
        element("lldp-remote-system-name", device),
    )


def _lldp_of_interface(engine: JunosEngine, request: ET.Element) -> ET.Element:
    wanted = text_of(request, "interface-device") or text_of(request, "interface-name") or ""
    found = element("lldp-neighbors-information", style="detail")
    for hop in engine.place.state.lldp(engine.place.name):
        if hop.port == wanted.partition(".")[0]:
            made = _lldp_neighbor(hop.port, hop.device, hop.far_port)
            made.insert(0, element("lldp-local-interface", hop.port))
            words = element("lldp-remote-system-description", f"{hop.device} in a lab")
            made.append(element("lldp-system-description", None, words))
            made.append(element("lldp-remote-system-capabilities-supported", "Bridge Router "))
            made.append(element("lldp-remote-system-capabilities-enabled", "Bridge Router "))
            found.append(made)
    return found


def _arp(engine: JunosEngine, _request: ET.Element) -> ET.Element:
    """Whoever stands in a connected subnet and is up."""
    found = element("arp-table-information", style="normal")
    name, state = engine.place.name, engine.place.state
    for neighbor in state.ospf(name):
        if neighbor.version == 4 or "." in str(neighbor.address):
            found.append(
                element(
                    "arp-table-entry",
                    None,
                    element("mac-address", mac(str(neighbor.address), "")),
                    element("ip-address", neighbor.address),
                    element("interface-name", _with_unit(neighbor.interface)),
                    element("time-to-expire", 1031),
                )
            )
    return found


def _with_unit(interface: str) -> str:
    return interface if "." in interface else f"{interface}.0"


def _ping(engine: JunosEngine, request: ET.Element) -> ET.Element:
    """``ping``: answered by whatever address is forwarded to."""
    words = (request.text or "").split()
    target = ip_address(words[1])
    count = int(words[words.index("count") + 1]) if "count" in words else 5
    reached = any(target in network for network in engine.place.state.routes(engine.place.name))
    made = element("ping-results", None, element("target-host", target), element("target-ip", target))
    for number in range(count if reached else 0):
        made.append(
            element(
                "probe-result",
                None,
                element("probe-index", number + 1),
                element("probe-success"),
                element("sequence-number", number),
                element("ip-address", target),
                element("time-to-live", 64),
                element("response-size", 64),
                element("rtt", 500),
            )
        )
    received = count if reached else 0
    summary = element(
        "probe-results-summary",
        None,
        element("probes-sent", count),
        element("responses-received", received),
        element("packet-loss", 0 if reached else 100),
    )
    if reached:
        for tag in ("rtt-minimum", "rtt-maximum", "rtt-average", "rtt-stddev"):
            summary.append(element(tag, 500))
    made.append(summary)
    if reached:
        made.append(element("ping-success"))
    else:
        made.append(element("ping-failure", "no response"))
    return made


ANSWERS: dict[str, Callable[[JunosEngine, ET.Element], ET.Element]] = {
    "get-interface-information": _interfaces,
    "get-instance-information": _instances,
    "get-bgp-neighbor-information": _bgp_neighbors,
    "get-bgp-summary-information": _bgp_summary,
    "get-lldp-neighbors-information": _lldp,
    "get-lldp-interface-neighbors": _lldp_of_interface,
    "get-arp-table-information": _arp,
    "ping": _ping,
}
