"""What all devices' configurations and cables make of the network: interfaces, LLDP, OSPF, BGP, routes.

A wrong change visibly breaks something: a session is up only while both ends want it and can hear each other. A real
device on the other end of a cable has no configuration here: it is taken at its word for whatever this end asks of it.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from netmgr.lab.emulated.segments import Cable, End, Segments
from netmgr.lab.emulated.view import Address, DeviceView, InterfaceView, NeighborView, Network, OspfView

#: Router id of a real neighbor, which nobody here knows.
_UNKNOWN = "0.0.0.0"  # noqa: S104 - a router id, not an address to listen on


@dataclass(frozen=True, slots=True)
class Hop:
    """What LLDP tells: the port here, the device and port there."""

    port: str
    device: str
    far_port: str


@dataclass(frozen=True, slots=True)
class OspfNeighbor:
    """One neighbor, ``since`` on the machine's clock. ``version`` 2 or 3, ``dead`` in seconds."""

    interface: str
    router_id: str
    address: Address
    area: str
    version: int
    dead: int
    hello: int
    since: float


@dataclass(frozen=True, slots=True)
class BgpSession:
    """One session of a device. ``since`` is when it came up, on the machine's clock; None while it is not up."""

    neighbor: NeighborView
    router_id: str
    since: float | None
    received: int = 0
    sent: int = 0


@dataclass(slots=True)
class LabState:
    """The network of one lab. ``views`` are asked anew after ``changed``; ``real`` devices have none."""

    cables: tuple[Cable, ...] = ()
    real: frozenset[str] = frozenset()
    views: dict[str, Callable[[], DeviceView]] = field(default_factory=dict)
    _now: "dict[str, DeviceView] | None" = None
    _segments: Segments | None = None
    _up: dict[tuple[object, ...], float] = field(default_factory=dict)
    """Adjacency → since when it is up without a break."""

    def changed(self) -> None:
        """A configuration has changed: everything is derived anew, and what broke by it has broken now."""
        self._now, self._segments = None, None
        seen: set[tuple[object, ...]] = set()
        for device in self.views:
            seen.update(("ospf", device, n.version, n.interface, n.router_id) for n in self.ospf(device))
            seen.update(
                ("bgp", device, str(s.neighbor.address)) for s in self.bgp(device) if s.since is not None
            )
        self._up = {key: since for key, since in self._up.items() if key in seen}

    def view(self, device: str) -> DeviceView:
        """What the device's configuration makes of it."""
        return self._views()[device]

    def up(self, device: str, interface: str) -> bool:
        """Whether the interface is up."""
        return self._layer2().up(device, interface)

    def lldp(self, device: str) -> Iterator[Hop]:
        """The neighbors that the device hears, by its ports."""
        layer2, views = self._layer2(), self._views()
        for cable in self.cables:
            for here, there in ((cable.a, cable.b), (cable.b, cable.a)):
                if here[0] != device or not views[device].lldp or not layer2.up(*here):
                    continue
                if there[0] in self.real:
                    yield Hop(here[1], *there)
                elif there[0] in views and views[there[0]].lldp and layer2.up(*there):
                    yield Hop(here[1], views[there[0]].hostname, there[1])

    def ospf(self, device: str) -> list[OspfNeighbor]:
        """Full neighbors of both versions."""
        found = []
        for interface in self._views()[device].interfaces.values():
            for version, mine in ((2, interface.ospf), (3, interface.ospf3)):
                if mine and not mine.passive and not interface.loopback:
                    found += list(self._ospf_on(device, interface, version, mine))
        return found

    def bgp(self, device: str) -> list[BgpSession]:
        """Every configured session."""
        view = self._views()[device]
        return [self._session(device, view, neighbor) for neighbor in view.neighbors]

    def routes(self, device: str) -> Mapping[Network, str]:
        """Prefix → protocol (connected, static, ospf, bgp) of what the device forwards, best first come."""
        view, found = self._views()[device], dict[Network, str]()
        for interface in view.interfaces.values():
            if interface.vrf == "default" and self.up(device, interface.name):
                found |= {address.network: "connected" for address in interface.addresses}
        for route in view.static:
            if route.vrf == "default" and (route.next_hop is None or self._on_link(device, route.next_hop)):
                found.setdefault(route.prefix, "static")
        for other in self._ospf_area(device):
            for prefix in self._in_ospf(other):
                found.setdefault(prefix, "ospf")
        for session in self.bgp(device):
            peer = self._owner(session.neighbor.address)
            if session.since is not None and peer is not None:
                for prefix in self._views()[peer[0]].networks:
                    found.setdefault(prefix, "bgp")
        return found

    # -- OSPF -------------------------------------------------------------------------------------------------------

    def _ospf_on(
        self, device: str, interface: InterfaceView, version: int, mine: OspfView
    ) -> Iterator[OspfNeighbor]:
        here = (device, interface.name)
        for there, theirs in self._heard(here):
            other = theirs.ospf if version == 2 else theirs.ospf3
            if other is None or other.passive or theirs.mtu != interface.mtu:
                continue
            if (other.area, other.hello, other.dead, other.network) != (
                mine.area,
                mine.hello,
                mine.dead,
                mine.network,
            ):
                continue
            address = _shared(interface, theirs, 4) if version == 2 else _link_local(there)
            router_id = self._views()[there[0]].ospf_router_id
            if address is None or router_id == self._views()[device].ospf_router_id:
                continue
            yield OspfNeighbor(
                interface=interface.name,
                router_id=router_id,
                address=address,
                area=str(mine.area),
                version=version,
                dead=mine.dead,
                hello=mine.hello,
                since=self._since("ospf", device, version, interface.name, router_id),
            )

    def _ospf_area(self, device: str) -> Iterator[str]:
        """Every device that OSPF reaches from here."""
        seen, left = {device}, [device]
        while left:
            for neighbor in self.ospf(left.pop()):
                for name, view in self._views().items():
                    if view.ospf_router_id == neighbor.router_id and name not in seen:
                        seen.add(name)
                        left.append(name)
                        yield name

    def _in_ospf(self, device: str) -> Iterator[Network]:
        for interface in self._views()[device].interfaces.values():
            for address in interface.addresses:
                speaks = interface.ospf if address.version == 4 else interface.ospf3
                if speaks and self.up(device, interface.name):
                    yield address.network

    # -- BGP --------------------------------------------------------------------------------------------------------

    def _session(self, device: str, view: DeviceView, neighbor: NeighborView) -> BgpSession:
        key = ("bgp", device, str(neighbor.address))
        peer = self._owner(neighbor.address)
        if not neighbor.enabled or view.asn is None:
            return BgpSession(neighbor, _UNKNOWN, None)
        if peer is None:
            real = self._real_on_link(device, neighbor.address)
            return BgpSession(neighbor, _UNKNOWN, self._since(*key) if real else None)
        there = self._views()[peer[0]]
        wanted = neighbor.remote_as == there.asn and peer[0] != device
        back = next((n for n in there.neighbors if self._answers(device, view, n, neighbor)), None)
        if not wanted or back is None or not self._reaches(device, neighbor, peer):
            return BgpSession(neighbor, there.router_id, None)
        return BgpSession(
            neighbor, there.router_id, self._since(*key), len(there.networks), len(view.networks)
        )

    def _answers(self, device: str, view: DeviceView, back: NeighborView, mine: NeighborView) -> bool:
        """Whether the other end's session is the one that this end wants: its address, AS number and password."""
        owner = self._owner(back.address)
        return (
            back.enabled
            and owner is not None
            and owner[0] == device
            and back.remote_as == view.asn
            and back.password == mine.password
            and back.address.version == mine.address.version
        )

    def _reaches(self, device: str, neighbor: NeighborView, peer: End) -> bool:
        """Whether packets get there: over a shared subnet, or, to a loopback, where routing leads to both ends."""
        if self._on_link(device, neighbor.address):
            return True
        target = self._views()[peer[0]].interfaces[peer[1]]
        if not target.loopback or neighbor.source is None:
            return False
        return peer[0] in set(self._ospf_area(device))

    # -- addresses --------------------------------------------------------------------------------------------------

    def _owner(self, address: Address) -> End | None:
        """The interface that has the address, up or not."""
        for device, view in self._views().items():
            for interface in view.interfaces.values():
                if any(mine.ip == address for mine in interface.addresses):
                    return device, interface.name
        return None

    def _on_link(self, device: str, address: Address) -> bool:
        """Whether the address is answered in a subnet that the device is in."""
        for interface in self._views()[device].interfaces.values():
            if not any(address in mine.network and mine.ip != address for mine in interface.addresses):
                continue
            here = (device, interface.name)
            if any(any(a.ip == address for a in theirs.addresses) for _, theirs in self._heard(here)):
                return True
        return self._real_on_link(device, address)

    def _real_on_link(self, device: str, address: Address) -> bool:
        """Whether the address may be a real device's: in the subnet of an interface that leads to one."""
        return self._owner(address) is None and any(
            any(address in mine.network and mine.ip != address for mine in interface.addresses)
            and self._layer2().reaches_real(device, interface.name)
            for interface in self._views()[device].interfaces.values()
        )

    def _heard(self, here: End) -> Iterator[tuple[End, InterfaceView]]:
        """The interfaces of other devices in the same broadcast domain."""
        for device, view in self._views().items():
            if device == here[0]:
                continue
            for interface in view.interfaces.values():
                if interface.addresses and self._layer2().together(here, (device, interface.name)):
                    yield (device, interface.name), interface

    def _since(self, *key: object) -> float:
        return self._up.setdefault(key, time.time())

    def _views(self) -> dict[str, DeviceView]:
        if self._now is None:
            self._now = {name: view() for name, view in self.views.items()}
        return self._now

    def _layer2(self) -> Segments:
        if self._segments is None:
            self._segments = Segments(self._views(), self.cables, self.real)
        return self._segments


def cables(links: Iterable[tuple[End, End]]) -> tuple[Cable, ...]:
    """The lab's links."""
    return tuple(Cable(a, b) for a, b in links)


def _shared(mine: InterfaceView, theirs: InterfaceView, version: int) -> Address | None:
    """The other end's address in a subnet of both."""
    networks = {address.network for address in mine.addresses if address.version == version}
    return next((a.ip for a in theirs.addresses if a.version == version and a.network in networks), None)


def _link_local(end: End) -> Address:
    from ipaddress import IPv6Address

    from netmgr.lab.emulated.device import digest

    return IPv6Address(f"fe80::{digest(repr(end))[:4]}:{digest(repr(end))[4:8]}")
