"""Which routing adjacencies the intent asks for."""

from collections.abc import Iterator

from netmgr.model.addresses import InterfaceAddress
from netmgr.model.intent import (
    Adjacency,
    BgpNeighborIntent,
    DeviceIntent,
    InterfaceIntent,
    NetworkIntent,
    OspfInterfaceIntent,
)


def adjacencies(intent: NetworkIntent) -> tuple[Adjacency, ...]:
    """Every adjacency that must be up, once for each end that is ours to look at.

    OSPFv2 and OSPFv3: both ends of a link run it in one area, neither passive nor shut. BGP: every neighbor whose
    session does not end on a shut interface. Nothing is asked of planned devices, and external ones are not looked at.
    """
    network = _Network(intent)
    return tuple(
        adjacency
        for device in intent.devices
        if device.lifecycle in ("active", "maintenance")
        for adjacency in (*network.ospf(device), *network.bgp(device))
    )


def known_adjacencies(intent: NetworkIntent) -> frozenset[tuple[str, str, str]]:
    """(device, protocol, peer) of every adjacency that the intent speaks of, whether it must be up or not."""
    return frozenset(
        key
        for device in intent.devices
        for key in (
            *((device.name, "ospf", interface.name) for interface in device.interfaces if interface.ospf),
            *((device.name, "ospf3", interface.name) for interface in device.interfaces if interface.ospf3),
            *((device.name, "bgp", str(neighbor.address)) for neighbor in _neighbors(device)),
        )
    )


class _Network:
    def __init__(self, intent: NetworkIntent) -> None:
        self.devices = {device.name: device for device in intent.devices}
        self.interfaces = {
            (device.name, interface.name): interface
            for device in intent.devices
            for interface in device.interfaces
        }
        self.holders = {
            address.ip: interface
            for interface in self.interfaces.values()
            for address in _addresses(interface)
        }

    def ospf(self, device: DeviceIntent) -> Iterator[Adjacency]:
        for interface in device.interfaces:
            if interface.peer is None:
                continue
            other, far = self.devices.get(interface.peer[0]), self.interfaces.get(interface.peer)
            if other is None or far is None or other.lifecycle == "planned":
                continue
            if not interface.enabled or not far.enabled:
                continue
            if _adjacent(interface.ospf, far.ospf):
                yield Adjacency(device=device.name, protocol="ospf", peer=interface.name, other=other.name)
            if _adjacent(interface.ospf3, far.ospf3):
                yield Adjacency(device=device.name, protocol="ospf3", peer=interface.name, other=other.name)

    def bgp(self, device: DeviceIntent) -> Iterator[Adjacency]:
        for neighbor in _neighbors(device):
            if self._possible(device, neighbor):
                yield Adjacency(
                    device=device.name, protocol="bgp", peer=str(neighbor.address), other=neighbor.device
                )

    def _possible(self, device: DeviceIntent, neighbor: BgpNeighborIntent) -> bool:
        other = self.devices.get(neighbor.device or "")
        if other and other.lifecycle == "planned":
            return False
        far = self.holders.get(neighbor.address)
        near = [
            interface
            for interface in device.interfaces
            if any(neighbor.address in address.network for address in _addresses(interface))
        ]
        return (far is None or far.enabled) and (not near or any(interface.enabled for interface in near))


def _neighbors(device: DeviceIntent) -> tuple[BgpNeighborIntent, ...]:
    """The neighbors in all VRFs."""
    speakers = (device.bgp, *(vrf.bgp for vrf in device.vrfs))
    return tuple(neighbor for speaker in speakers if speaker for neighbor in speaker.neighbors)


def _addresses(interface: InterfaceIntent) -> tuple[InterfaceAddress, ...]:
    return (*interface.ipv4, *interface.ipv6)


def _adjacent(near: OspfInterfaceIntent | None, far: OspfInterfaceIntent | None) -> bool:
    """Whether two ends shall become neighbors: one area, and both send hellos."""
    return (
        near is not None and far is not None and near.area == far.area and not (near.passive or far.passive)
    )
