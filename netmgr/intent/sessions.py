"""BGP: from neighbors, peer groups and links to sessions."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from netmgr.intent.wiring import Speaker, Wired
from netmgr.model.addresses import Address
from netmgr.model.intent import (
    BgpActivationIntent,
    BgpDistanceIntent,
    BgpFamilyIntent,
    BgpIntent,
    BgpNeighborIntent,
    BgpPeerGroupIntent,
    ConfederationIntent,
    RedistributionIntent,
)
from netmgr.model.inventory import LinkEnd
from netmgr.model.ordering import by_value, natural
from netmgr.model.policy_intent import Family
from netmgr.model.routing import (
    AfiSafi,
    Bgp,
    BgpExchange,
    BgpInstance,
    BgpNeighbor,
    BgpPeer,
    Redistribution,
)

Holders = Mapping[Address, str]
"""Address → the device that has it."""

FAMILIES: tuple[tuple[Family, AfiSafi], ...] = (("ipv4", "ipv4_unicast"), ("ipv6", "ipv6_unicast"))
FLAGS = (
    "next_hop_self", "route_reflector_client", "soft_reconfiguration", "send_default_route", "remove_private_as",
    "as_override",
)  # fmt: skip
"""What a peer group's ``true`` gives to every neighbor in it."""
_VALUES = ("import_policy", "export_policy", "max_prefixes", "send_community", "weight", "allowas_in")
PEER_FLAGS = ("bfd", "passive")
"""The same of what holds for all families."""
_OF_PEERS = (
    "description", "auth_password", "connect_retry", "ebgp_multihop", "ttl_security", "local_as", *PEER_FLAGS,
)  # fmt: skip


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


def bgp_intent(speaker: Speaker, held: Holders, used: Collection[Family] = ()) -> BgpIntent | None:
    """The device's BGP speaker in one VRF, None where it has no AS number or a VRF asks for none.

    ``used`` are the families that a VRF has, into which routes may be redistributed without neighbors.
    """
    data, device = speaker.data, speaker.one.device.data.bgp
    router_id = data.router_id if speaker.vrf is not None else speaker.router_id
    unused = speaker.vrf is not None and not (
        speaker.neighbors or data.networks or data.redistribute or data.peer_groups or data.router_id
    )
    if speaker.asn is None or unused:
        return None
    families = tuple(_family(speaker, family, afi_safi) for family, afi_safi in FAMILIES)
    common = BgpIntent(
        asn=speaker.asn,
        router_id=router_id,
        ebgp_requires_policy=device.ebgp_requires_policy,
        default_ipv4_unicast=device.default_ipv4_unicast,
        maximum_paths=data.maximum_paths,
        maximum_paths_ibgp=data.maximum_paths_ibgp,
        peer_groups=tuple(_group(name, group, data) for name, group in _groups(data)),
        neighbors=tuple(
            _neighbor(speaker, address, held) for address in sorted(speaker.neighbors, key=by_value)
        ),
        families=tuple(
            f for f in families if f.networks or f.neighbors or (f.redistribute and f.name in used)
        ),
    )
    return common if speaker.vrf is not None else common.model_copy(update=_of_the_device(device))


def _of_the_device(data: Bgp) -> dict[str, object]:
    """What the device says once, for all VRFs."""
    united, distance = data.confederation, data.distance
    return {
        "cluster_id": data.cluster_id,
        "confederation": ConfederationIntent(
            identifier=united.identifier, members=tuple(sorted(dict.fromkeys(united.members)))
        )
        if united
        else None,
        "distance": BgpDistanceIntent(**distance.model_dump()) if distance else None,
        "log_neighbor_changes": data.log_neighbor_changes,
    }


def peer_as(speaker: Speaker, address: Address) -> int | None:
    """The neighbor's AS: as the device says, else its group, else that of the device at the link's other end."""
    neighbor, interface = speaker.neighbors[address]
    group = group_of(speaker, neighbor)
    said = neighbor.peer_as if neighbor.peer_as is not None else group.peer_as if group else None
    return said if said is not None or interface is None else speaker.one.attachments[interface].peer_asn


def group_of(speaker: Speaker, neighbor: BgpNeighbor) -> BgpPeer | None:
    """The neighbor's peer group, None where it has none."""
    return speaker.data.peer_groups.get(neighbor.peer_group) if neighbor.peer_group else None


def active_in(speaker: Speaker, address: Address) -> tuple[AfiSafi, ...]:
    """The families that a neighbor is active in: its own, else its group's, else that of its address."""
    neighbor, _ = speaker.neighbors[address]
    group = group_of(speaker, neighbor)
    named = neighbor.afi_safis or (group.afi_safis if group else {})
    return tuple(a for f, a in FAMILIES if (a in named if named else f == f"ipv{address.version}"))


def group_families(speaker: Speaker, name: str) -> tuple[AfiSafi, ...]:
    """The families that a peer group is active in: those that it names, else those of its neighbors' addresses."""
    group = speaker.data.peer_groups[name]
    members = {f"ipv{a.version}" for a, (n, _) in speaker.neighbors.items() if n.peer_group == name}
    return tuple(a for f, a in FAMILIES if (a in group.afi_safis if group.afi_safis else f in members))


def said(peer: BgpPeer, afi_safi: AfiSafi, key: str) -> Any:
    """What a neighbor or group says of an exchange: for the family, else for all of them, else None."""
    exchange: BgpExchange | None = peer.afi_safis.get(afi_safi)
    own = getattr(exchange, key) if exchange else None
    return own if own is not None else getattr(peer, key)


def bare_sessions(speaker: Speaker) -> tuple[Address, ...]:
    """eBGP neighbors that lack a policy, in one direction of one family at least: RFC 8212 lets nothing pass."""
    if speaker.asn is None:
        return ()
    united = speaker.one.device.data.bgp.confederation
    inside = (None, speaker.asn, *(united.members if united else ()))
    return tuple(a for a in speaker.neighbors if peer_as(speaker, a) not in inside and _bare(speaker, a))


def _bare(speaker: Speaker, address: Address) -> bool:
    neighbor, _ = speaker.neighbors[address]
    peers = [peer for peer in (neighbor, group_of(speaker, neighbor)) if peer]
    return any(
        all(said(peer, afi_safi, key) is None for peer in peers)
        for afi_safi in active_in(speaker, address)
        for key in ("import_policy", "export_policy")
    )


def says_something(key: str, value: object) -> bool:
    """Whether a value is another than the default."""
    return value is not None and value is not False and (key, value) != ("send_community", "all")


def redistributed(sources: Mapping[Any, Redistribution]) -> tuple[RedistributionIntent, ...]:
    """Redistribution in the order of the sources."""
    return tuple(
        RedistributionIntent(source=source, **how.model_dump()) for source, how in sorted(sources.items())
    )


def _groups(data: BgpInstance) -> list[tuple[str, BgpPeer]]:
    return sorted(data.peer_groups.items(), key=lambda item: natural(item[0]))


def _family(speaker: Speaker, family: Family, afi_safi: AfiSafi) -> BgpFamilyIntent:
    data = speaker.data
    networks = (network for network in data.networks if f"ipv{network.version}" == family)
    neighbors = tuple(_activations(speaker, afi_safi))
    return BgpFamilyIntent(
        name=family,
        networks=tuple(sorted(networks, key=lambda n: (*by_value(n.network_address), n.prefixlen))),
        redistribute=redistributed(data.redistribute),
        neighbors=neighbors,
    )


def _activations(speaker: Speaker, afi_safi: AfiSafi) -> Iterator[BgpActivationIntent]:
    """Groups, then neighbors. A neighbor in a group stands here with what it says beyond its group."""
    for name, group in _groups(speaker.data):
        if afi_safi in group_families(speaker, name):
            yield BgpActivationIntent(name=name, **_exchange(group, None, afi_safi))
    for address in sorted(speaker.neighbors, key=by_value):
        if afi_safi in active_in(speaker, address):
            neighbor, _ = speaker.neighbors[address]
            group_or_none = group_of(speaker, neighbor)
            exchange = _exchange(neighbor, group_or_none, afi_safi)
            yield BgpActivationIntent(name=str(address), activate=group_or_none is None, **exchange)


def _exchange(peer: BgpPeer, group: BgpPeer | None, afi_safi: AfiSafi) -> dict[str, Any]:
    """What differs from the group, or from nothing said."""
    found = {}
    for key in (*FLAGS, *_VALUES):
        own, above = said(peer, afi_safi, key), said(group, afi_safi, key) if group else None
        if own != above and says_something(key, own):
            found[key] = own
    return found


def _group(name: str, group: BgpPeer, defaults: BgpInstance) -> BgpPeerGroupIntent:
    keepalive, hold = _timers(group, defaults)
    return BgpPeerGroupIntent(
        **{key: getattr(group, key) for key in _OF_PEERS} | {"connect_retry": _retry(group, defaults)},
        name=name,
        peer_as=group.peer_as,
        keepalive_interval=keepalive,
        hold_time=hold,
        local_address=_text(group.local_address),
    )


def _neighbor(speaker: Speaker, address: Address, held: Holders) -> BgpNeighborIntent:
    neighbor, interface = speaker.neighbors[address]
    peer = speaker.one.attachments[interface].peer if interface else None
    asn = peer_as(speaker, address)
    if asn is None:
        raise ValueError(
            f"{speaker.one.device.name}: neighbor {address} without AS: the inventory was not checked"
        )
    group = group_of(speaker, neighbor)
    data = speaker.data
    keepalive, hold = _timers(neighbor, data) if group is None else _own_timers(neighbor, group, data)
    own = {key: getattr(neighbor, key) for key in _OF_PEERS}
    if group is None:
        own["connect_retry"] = _retry(neighbor, data)
    else:
        own = {key: None if value == getattr(group, key) else value for key, value in own.items()}
    local = _text(neighbor.local_address)
    return BgpNeighborIntent(
        **own | {"description": _described(neighbor, peer, held.get(address))},
        address=address,
        peer_as=asn,
        peer_group=neighbor.peer_group,
        as_of_group=group is not None and group.peer_as is not None,
        device=peer.device if peer else held.get(address),
        enabled=neighbor.enabled,
        keepalive_interval=keepalive,
        hold_time=hold,
        local_address=None if group and local == _text(group.local_address) else local,
    )


def _described(neighbor: BgpNeighbor, end: LinkEnd | None, device: str | None) -> str | None:
    return (neighbor.description or None) if neighbor.description is not None else _towards(end, device)


def _towards(end: LinkEnd | None, device: str | None) -> str | None:
    return f"to {end or device}" if end or device else None


def _text(local: object) -> str | None:
    return None if local is None else str(local)


def _retry(peer: BgpPeer, defaults: BgpInstance) -> int | None:
    return peer.connect_retry if peer.connect_retry is not None else defaults.connect_retry


def _own_timers(
    neighbor: BgpNeighbor, group: BgpPeer, defaults: BgpInstance
) -> tuple[int | None, int | None]:
    """Of a neighbor in a group: none unless it gives one that differs; the group's other one completes it."""
    keepalive, hold = _timers(group, defaults)
    of_group = BgpPeer(keepalive_interval=keepalive or None, hold_time=hold)
    own = _timers(neighbor, of_group)
    return (None, None) if own == (keepalive, hold) else own


def _timers(peer: BgpPeer, defaults: BgpInstance | BgpPeer) -> tuple[int | None, int | None]:
    """(keepalive, hold time), both or neither: where one is given the other keeps RFC 4271's ratio of one to three."""
    keepalive = peer.keepalive_interval or defaults.keepalive_interval
    hold = peer.hold_time if peer.hold_time is not None else defaults.hold_time
    if keepalive is None and hold is not None:
        keepalive = hold // 3
    elif keepalive is not None and hold is None:
        hold = min(3 * keepalive, 65535)
    return keepalive, hold
