"""Link data as each device sees it: the device's interfaces with what stands at the other ends."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Address, IPv4Interface, IPv6Interface

from netmgr.intent.addressing import link_addresses
from netmgr.model.addresses import Address, InterfaceAddress
from netmgr.model.interface import Interface
from netmgr.model.inventory import Device, Inventory, Link, LinkEnd
from netmgr.model.ordering import by_value, natural
from netmgr.model.routing import BgpInstance, BgpNeighbor, OspfInterface

_NO_SETTINGS = Interface()
_NO_OSPF_SETTINGS = OspfInterface()


@dataclass(frozen=True, slots=True)
class Attachment:
    """One end of a link, as the device at that end sees it. ``index`` counts the links of topology.yaml from 0.

    ``addresses`` pairs, for each family of the link's subnets, the device's own address with the peer's.
    """

    index: int
    link: Link
    peer: LinkEnd
    peer_asn: int | None
    addresses: tuple[tuple[InterfaceAddress, Address], ...]


@dataclass(frozen=True, slots=True)
class OspfOn:
    """OSPF on an interface: its area and the device's own settings for it.

    ``by_network``: one of the area's networks puts it there.
    """

    area: int
    settings: OspfInterface
    link: Link | None
    by_network: bool = False


@dataclass(frozen=True)
class Speaker:
    """The device's BGP in one VRF, None for the default one. ``path`` leads to it below ``data``."""

    one: "Wired"
    vrf: str | None
    data: BgpInstance
    path: tuple[str, ...]

    @property
    def asn(self) -> int | None:
        """The device's AS, which is one for all VRFs."""
        return self.one.device.data.bgp.asn

    @cached_property
    def neighbors(self) -> Mapping[Address, tuple[BgpNeighbor, str | None]]:
        """BGP neighbors by address: the device's own settings, and the interface of the link that asks for it."""
        found: dict[Address, tuple[BgpNeighbor, str | None]] = {
            address: (neighbor, None) for address, neighbor in self.data.neighbors.items()
        }
        for name, attachment in self.one.attachments.items():
            if attachment.link.bgp and self.one.settings(name).vrf == self.vrf:
                for _, peer in attachment.addresses:
                    settings = found.get(peer, (_NO_BGP_SETTINGS, None))[0]
                    found[peer] = (settings, name)
        return found

    @cached_property
    def router_id(self) -> IPv4Address | None:
        """The VRF's own router id, else the device's; None where the device chooses it."""
        bgp = self.one.device.data.bgp
        return None if bgp.automatic_router_id else self.one.router_id(self.data.router_id or bgp.router_id)


@dataclass(frozen=True)
class Wired:
    """A device with its link ends."""

    device: Device
    attachments: Mapping[str, Attachment]

    @cached_property
    def interfaces(self) -> tuple[str, ...]:
        """Names of all interfaces that have settings or a link, in natural order."""
        return tuple(sorted({*self.device.data.interfaces, *self.attachments}, key=natural))

    def settings(self, interface: str) -> Interface:
        """What the device's own data says of an interface."""
        return self.device.data.interfaces.get(interface, _NO_SETTINGS)

    def ipv4(self, interface: str) -> tuple[IPv4Interface, ...]:
        """The interface's IPv4 addresses: its own, else its link's."""
        return self._ipv4.get(interface, ())

    def ipv6(self, interface: str) -> tuple[IPv6Interface, ...]:
        """The interface's IPv6 addresses: its own, else its link's."""
        return self._ipv6.get(interface, ())

    def addresses(self, interface: str) -> tuple[InterfaceAddress, ...]:
        """The interface's addresses of both families."""
        return (*self.ipv4(interface), *self.ipv6(interface))

    @cached_property
    def own_addresses(self) -> frozenset[Address]:
        """Every address of the device's interfaces."""
        return frozenset(a.ip for name in self.interfaces for a in self.addresses(name))

    @cached_property
    def _ipv4(self) -> Mapping[str, tuple[IPv4Interface, ...]]:
        linked = {
            name: tuple(own for own, _ in attachment.addresses if isinstance(own, IPv4Interface))
            for name, attachment in self.attachments.items()
        }
        return linked | {name: own.ipv4 for name, own in self.device.data.interfaces.items() if own.ipv4}

    @cached_property
    def _ipv6(self) -> Mapping[str, tuple[IPv6Interface, ...]]:
        linked = {
            name: tuple(own for own, _ in attachment.addresses if isinstance(own, IPv6Interface))
            for name, attachment in self.attachments.items()
        }
        return linked | {name: own.ipv6 for name, own in self.device.data.interfaces.items() if own.ipv6}

    def mtu(self, interface: str) -> int | None:
        """The interface's MTU in bytes: its own, else its link's."""
        attachment = self.attachments.get(interface)
        own = self.settings(interface).mtu
        return own if own is not None or attachment is None else attachment.link.mtu

    @cached_property
    def ospf(self) -> Mapping[str, OspfOn]:
        """OSPF's interfaces, from the device's areas and from its links."""
        found = {}
        for area, content in self.device.data.ospf.areas.items():
            for name, settings in content.interfaces.items():
                attachment = self.attachments.get(name)
                link = attachment.link if attachment else None
                found[name] = OspfOn(area, settings, link, self.area_of(self.ipv4(name)) == area)
        for name, attachment in self.attachments.items():
            if attachment.link.ospf and name not in found:
                area = attachment.link.ospf.area
                by_network = self.area_of(self.ipv4(name)) == area
                found[name] = OspfOn(area, _NO_OSPF_SETTINGS, attachment.link, by_network)
        for name in self.interfaces:
            by_network_alone = self.area_of(self.ipv4(name)) if name not in found else None
            if by_network_alone is not None:
                attachment = self.attachments.get(name)
                link = attachment.link if attachment else None
                found[name] = OspfOn(by_network_alone, _NO_OSPF_SETTINGS, link, by_network=True)
        return found

    def area_of(self, addresses: Iterable[IPv4Interface]) -> int | None:
        """The OSPF area whose networks hold an address: that of the longest one."""
        if not any(content.networks for content in self.device.data.ospf.areas.values()):
            return None
        holding = [
            (network.prefixlen, -area)
            for area, content in self.device.data.ospf.areas.items()
            for network in content.networks
            if any(address.ip in network for address in addresses)
        ]
        return -max(holding)[1] if holding else None

    @cached_property
    def speakers(self) -> tuple[Speaker, ...]:
        """The device's BGP: in the default VRF, then in each other one."""
        data = self.device.data
        return (
            Speaker(self, None, data.bgp, ("bgp",)),
            *(Speaker(self, name, vrf.bgp, ("vrfs", name, "bgp")) for name, vrf in data.vrfs.items()),
        )

    @cached_property
    def loopback4(self) -> IPv4Address | None:
        """The IPv4 loopback."""
        return next((a for a in self.device.data.loopback if isinstance(a, IPv4Address)), None)

    def router_id(self, configured: IPv4Address | None) -> IPv4Address | None:
        """``configured``, else the IPv4 loopback, else for a device that is not ours its lowest IPv4 address."""
        if configured or self.loopback4 or self.device.lifecycle != "external":
            return configured or self.loopback4
        return min((a.ip for name in self.interfaces for a in self.ipv4(name)), key=by_value, default=None)


_NO_BGP_SETTINGS = BgpNeighbor()


def is_passive(one: Wired, interface: str, on: OspfOn) -> bool:
    """Whether OSPF sends no hellos on an interface: by its own word, else by the device's list or default."""
    own, ospf = on.settings.passive, one.device.data.ospf
    return own if own is not None else ospf.passive_default or interface in ospf.passive


def wire(inventory: Inventory) -> tuple[Wired, ...]:
    """Every device with its link ends, in the inventory's order. An interface belongs to the first link naming it."""
    devices = inventory.by_name()
    ends: dict[str, dict[str, Attachment]] = {name: {} for name in devices}
    for index, link in enumerate(inventory.links):
        pairs = [link_addresses(subnet) for subnet in link.subnet]
        for side, (end, peer) in enumerate((link.endpoints, link.endpoints[::-1])):
            if end.device not in ends:
                continue
            other = devices.get(peer.device)
            attachment = Attachment(
                index=index,
                link=link,
                peer=peer,
                peer_asn=other.data.bgp.asn if other else None,
                addresses=tuple((pair[side], pair[1 - side].ip) for pair in pairs),
            )
            ends[end.device].setdefault(end.interface, attachment)
    return tuple(Wired(device, ends[name]) for name, device in devices.items())
