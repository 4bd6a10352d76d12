"""What nobody wrote on a device and still holds for it: each value with the place that it follows from."""

from collections.abc import Iterator
from typing import NamedTuple

from netmgr.intent.wiring import Attachment, Wired
from netmgr.model.intent import BgpNeighborIntent, DeviceIntent, InterfaceIntent, OspfInterfaceIntent
from netmgr.model.inventory import Inventory
from netmgr.model.origins import Origin


class Derived(NamedTuple):
    """One value, its key as it would be written under ``data``, and where it comes from."""

    key: str
    value: object
    origin: Origin


def derived(inventory: Inventory, one: Wired, intent: DeviceIntent) -> tuple[Derived, ...]:
    """The values that ``intent`` holds beyond the device's own data, in the order of interfaces and neighbors."""
    return tuple(_Explained(inventory, one, intent).everything())


class _Explained:
    def __init__(self, inventory: Inventory, one: Wired, intent: DeviceIntent) -> None:
        self.inventory, self.one, self.intent = inventory, one, intent
        self.data = one.device.data

    def everything(self) -> Iterator[Derived]:
        for interface in self.intent.interfaces:
            yield from self._interface(interface, self.one.attachments.get(interface.name))
        ospf = self.intent.ospf or self.intent.ospf3
        if ospf and ospf.router_id is not None and self.data.ospf.router_id is None:
            yield Derived("data.ospf.router_id", str(ospf.router_id), self._router_id(str(ospf.router_id)))
        bgp = self.intent.bgp
        if bgp and bgp.router_id is not None and self.data.bgp.router_id is None:
            yield Derived("data.bgp.router_id", str(bgp.router_id), self._router_id(str(bgp.router_id)))
        for neighbor in bgp.neighbors if bgp else ():
            yield from self._neighbor(neighbor)

    def _own(self, *path: object) -> Origin:
        return self.inventory.origins.at("devices", self.one.device.name, "data", *path)

    def _link(self, end: Attachment, *path: object) -> Origin:
        return self.inventory.origins.at("links", end.index, *path)

    def _loopback(self, version: int) -> Origin:
        position = next((i for i, a in enumerate(self.data.loopback) if a.version == version), None)
        return self._own("loopback") if position is None else self._own("loopback", position)

    def _router_id(self, value: str) -> Origin:
        """The loopback; of a device that has none, the link whose address it is."""
        if self.one.loopback4:
            return self._loopback(4)
        for name, end in self.one.attachments.items():
            if any(str(address.ip) == value for address in self.one.ipv4(name)):
                return self._subnet(end, 4)
        return self._own("interfaces")

    def _subnet(self, end: Attachment, version: int) -> Origin:
        position = next((i for i, s in enumerate(end.link.subnet) if s.version == version), None)
        return self._link(end, "subnet") if position is None else self._link(end, "subnet", position)

    def _interface(self, interface: InterfaceIntent, end: Attachment | None) -> Iterator[Derived]:
        own, key = self.one.settings(interface.name), f"data.interfaces.{interface.name}"
        for version, addresses, written in ((4, interface.ipv4, own.ipv4), (6, interface.ipv6, own.ipv6)):
            for address in addresses:
                if str(address) not in map(str, written):
                    where = self._subnet(end, version) if end else self._loopback(version)
                    yield Derived(f"{key}.ipv{version}", str(address), where)
        if end and own.mtu is None and interface.mtu is not None:
            yield Derived(f"{key}.mtu", interface.mtu, self._link(end, "mtu"))
        if end and own.description is None:
            what = "description" if end.link.description else "endpoints"
            yield Derived(f"{key}.description", interface.description, self._link(end, what))
        ospf = interface.ospf or interface.ospf3
        if ospf:
            yield from self._ospf(interface.name, ospf, end)

    def _ospf(self, name: str, ospf: OspfInterfaceIntent, end: Attachment | None) -> Iterator[Derived]:
        area = self.data.ospf.areas.get(ospf.area)
        own = area.interfaces.get(name) if area else None
        key = f"data.ospf.areas.{ospf.area}.interfaces.{name}"
        linked = end and end.link.ospf
        if own is None:
            # The loopback is advertised in the area of the device's other interfaces.
            yield Derived(
                key, "on", self._link(end, "ospf", "area") if end and linked else self._own("loopback")
            )
        if end and linked and ospf.cost is not None and (own is None or own.cost is None):
            yield Derived(f"{key}.cost", ospf.cost, self._link(end, "ospf", "cost"))
        if end and ospf.network_type is not None and (own is None or own.network_type is None):
            yield Derived(f"{key}.network_type", ospf.network_type, self._link(end, "subnet"))
        if ospf.passive and (own is None or own.passive is None) and name in self.data.ospf.passive:
            position = self.data.ospf.passive.index(name)
            yield Derived(f"{key}.passive", True, self._own("ospf", "passive", position))
        for what in ("hello_interval", "dead_interval"):
            value = getattr(ospf, what)
            if value is None or (own is not None and getattr(own, what) is not None):
                continue
            if own is not None and own.hello_interval is not None:
                yield Derived(
                    f"{key}.{what}", value, self._own("ospf", "areas", ospf.area, "interfaces", name)
                )
            else:
                source = what if getattr(self.data.ospf, what) is not None else "hello_interval"
                yield Derived(f"{key}.{what}", value, self._own("ospf", source))

    def _neighbor(self, neighbor: BgpNeighborIntent) -> Iterator[Derived]:
        own = self.data.bgp.neighbors.get(neighbor.address)
        key = f"data.bgp.neighbors[{neighbor.address}]"
        ends = (
            e for e in self.one.attachments.values() if any(p == neighbor.address for _, p in e.addresses)
        )
        end = next(ends, None)
        if own is None or own.peer_as is None:
            yield Derived(f"{key}.peer_as", neighbor.peer_as, self._peer_as(neighbor, end))
        if (own is None or own.description is None) and neighbor.description is not None and end:
            what = "description" if end.link.description == neighbor.description else "endpoints"
            yield Derived(f"{key}.description", neighbor.description, self._link(end, what))
        for what in ("keepalive_interval", "hold_time", "connect_retry"):
            value = getattr(neighbor, what)
            if value is not None and (own is None or getattr(own, what) is None):
                names = (what, "hold_time", "keepalive_interval")
                source = next((name for name in names if getattr(self.data.bgp, name) is not None), what)
                yield Derived(f"{key}.{what}", value, self._own("bgp", source))

    def _peer_as(self, neighbor: BgpNeighborIntent, end: Attachment | None) -> Origin:
        """The other device's own number, or the peer group's."""
        if neighbor.as_of_group and neighbor.peer_group is not None:
            return self._own("bgp", "peer_groups", neighbor.peer_group, "peer_as")
        peer = end.peer.device if end else neighbor.device
        if peer is not None:
            return self.inventory.origins.at("devices", peer, "data", "bgp", "asn")
        return self._own("bgp", "neighbors", str(neighbor.address))
