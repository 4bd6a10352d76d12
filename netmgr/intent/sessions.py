"""BGP: from neighbors and links to sessions."""

from collections.abc import Mapping

from netmgr.intent.ordering import by_value
from netmgr.intent.wiring import Wired
from netmgr.model.device import Bgp, BgpNeighbor
from netmgr.model.fields import Address
from netmgr.model.intent import (
    BgpActivationIntent,
    BgpFamilyIntent,
    BgpIntent,
    BgpNeighborIntent,
    Family,
)

Holders = Mapping[Address, str]
"""Address → the device that has it."""


def holders(wired: tuple[Wired, ...]) -> Holders:
    """Which device has which address, loopbacks included."""
    return {
        address: one.device.name
        for one in wired
        for address in (
            *one.device.data.loopback,
            *(a.ip for name in one.interfaces for a in one.addresses(name)),
        )
    }


def bgp_intent(one: Wired, held: Holders) -> BgpIntent | None:
    """The device's BGP speaker, None where it has no AS number."""
    data = one.device.data.bgp
    router_id = one.router_id(data.router_id)
    if data.asn is None or router_id is None:
        return None
    neighbors = tuple(_neighbor(one, address, held) for address in sorted(one.neighbors, key=by_value))
    families = (_family("ipv4", data, neighbors), _family("ipv6", data, neighbors))
    return BgpIntent(
        asn=data.asn,
        router_id=router_id,
        ebgp_requires_policy=data.ebgp_requires_policy,
        neighbors=neighbors,
        families=tuple(family for family in families if family.networks or family.neighbors),
    )


def _family(name: Family, data: Bgp, neighbors: tuple[BgpNeighborIntent, ...]) -> BgpFamilyIntent:
    """A neighbor is active in the family of its address."""
    version = 4 if name == "ipv4" else 6
    networks = (network for network in data.networks if network.version == version)
    return BgpFamilyIntent(
        name=name,
        networks=tuple(sorted(networks, key=lambda n: (*by_value(n.network_address), n.prefixlen))),
        neighbors=tuple(
            BgpActivationIntent(name=str(n.address)) for n in neighbors if n.address.version == version
        ),
    )


def peer_as(one: Wired, address: Address) -> int | None:
    """The neighbor's AS: as the device says, else that of the device at the link's other end."""
    neighbor, interface = one.neighbors[address]
    if neighbor.peer_as is not None or interface is None:
        return neighbor.peer_as
    return one.attachments[interface].peer_asn


def _neighbor(one: Wired, address: Address, held: Holders) -> BgpNeighborIntent:
    neighbor, interface = one.neighbors[address]
    peer = one.attachments[interface].peer if interface else None
    asn = peer_as(one, address)
    if asn is None:
        raise ValueError(f"{one.device.name}: neighbor {address} without AS: the inventory was not checked")
    keepalive, hold = _timers(neighbor, one.device.data.bgp)
    return BgpNeighborIntent(
        address=address,
        peer_as=asn,
        description=neighbor.description or (f"to {peer}" if peer else None),
        device=peer.device if peer else held.get(address),
        auth_password=neighbor.auth_password,
        keepalive_interval=keepalive,
        hold_time=hold,
        connect_retry=neighbor.connect_retry or one.device.data.bgp.connect_retry,
    )


def _timers(neighbor: BgpNeighbor, defaults: Bgp) -> tuple[int | None, int | None]:
    """(keepalive, hold time), both or neither: where one is given the other keeps RFC 4271's ratio of one to three."""
    keepalive = neighbor.keepalive_interval or defaults.keepalive_interval
    hold = neighbor.hold_time if neighbor.hold_time is not None else defaults.hold_time
    if keepalive is None and hold is not None:
        keepalive = hold // 3
    elif keepalive is not None and hold is None:
        hold = min(3 * keepalive, 65535)
    return keepalive, hold
