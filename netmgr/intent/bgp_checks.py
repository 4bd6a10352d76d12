"""What a device's BGP must fulfil: sessions with an AS number, groups that fit their neighbors, declared policies."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from netmgr.intent.sessions import (
    FAMILIES,
    FLAGS,
    PEER_FLAGS,
    group_families,
    group_of,
    peer_as,
    said,
    says_something,
)
from netmgr.intent.wiring import Speaker, Wired
from netmgr.model.addresses import Address
from netmgr.model.inventory import Inventory
from netmgr.model.origins import Problem
from netmgr.model.routing import AfiSafi, BgpInstance, BgpNeighbor, BgpPeer
from netmgr.model.suggest import did_you_mean

Path = tuple[object, ...]


def bgp_problems(inventory: Inventory, one: Wired) -> Iterator[Problem]:
    """Problems of one device's BGP, in all VRFs."""
    for speaker in one.speakers:
        yield from _speaker_problems(_Checks(inventory, speaker))


def _speaker_problems(checks: "_Checks") -> Iterator[Problem]:
    speaker = checks.speaker
    if speaker.asn is None:
        yield from checks.without_as()
        return
    if (
        speaker.router_id is None
        and speaker.vrf is None
        and not speaker.one.device.data.bgp.automatic_router_id
    ):
        yield checks.problem("BGP needs a router id; write data.loopback or data.bgp.router_id", "asn")
    bgp = speaker.one.device.data.bgp
    if speaker.vrf is None and bgp.automatic_router_id and bgp.router_id is not None:
        yield checks.problem("router_id is given, and automatic_router_id; keep one", "automatic_router_id")
    for name, group in checks.bgp.peer_groups.items():
        yield from checks.group(name)
        yield from checks.peer(group, group.peer_as, "peer_groups", name)
    for address, (neighbor, link) in speaker.neighbors.items():
        yield from checks.neighbor(address, neighbor, linked=link is not None)
        yield from checks.peer(neighbor, peer_as(speaker, address), "neighbors", str(address))
        yield from checks.in_group(address, neighbor)
    for source, how in checks.bgp.redistribute.items():
        yield from checks.policy(how.policy, "redistribute", source, "policy")


@dataclass(frozen=True, slots=True)
class _Checks:
    inventory: Inventory
    speaker: Speaker

    @property
    def one(self) -> Wired:
        return self.speaker.one

    @property
    def bgp(self) -> BgpInstance:
        return self.speaker.data

    def problem(self, message: str, *path: object) -> Problem:
        name = self.one.device.name
        origin = self.inventory.origins.at("devices", name, "data", *self.speaker.path, *path)
        return Problem(origin, f"{name}: {message}")

    def without_as(self) -> Iterator[Problem]:
        for key in ("neighbors", "peer_groups", "networks", "redistribute"):
            if getattr(self.bgp, key):
                where = ".".join(self.speaker.path)
                yield self.problem(f"{where}.{key} needs the device's AS; write bgp.asn", key)

    def neighbor(self, address: Address, neighbor: BgpNeighbor, *, linked: bool) -> Iterator[Problem]:
        path: Path = ("neighbors", str(address))
        if address in self.one.own_addresses or address in self.one.device.data.loopback:
            yield self.problem(f"BGP neighbor {address} is the device's own address", *path)
        elif neighbor.peer_group is not None and neighbor.peer_group not in self.bgp.peer_groups:
            hint = did_you_mean(neighbor.peer_group, self.bgp.peer_groups)
            yield self.problem(
                f"peer group {neighbor.peer_group} is not declared; {hint}", *path, "peer_group"
            )
        elif peer_as(self.speaker, address) is None and not linked:
            yield self.problem(f"BGP neighbor {address} has no peer_as; write it", *path)

    def peer(self, peer: BgpPeer, asn: int | None, *path: object) -> Iterator[Problem]:
        """What neighbors and groups say alike: timers, addresses, policies."""
        group = group_of(self.speaker, peer) if isinstance(peer, BgpNeighbor) else None
        above = (group, self.bgp) if group else (self.bgp,)
        keepalive = peer.keepalive_interval or next(
            (a.keepalive_interval for a in above if a.keepalive_interval), None
        )
        hold = peer.hold_time
        if hold is None:
            hold = next((a.hold_time for a in above if a.hold_time is not None), None)
        if keepalive is not None and hold and keepalive >= hold:
            where: Path = path if peer.keepalive_interval or peer.hold_time else ()
            key = "keepalive_interval" if peer.keepalive_interval or not where else "hold_time"
            yield self.problem(
                f"keepalive_interval {keepalive} must be shorter than hold_time {hold}; write a third of it",
                *where,
                key,
            )
        if asn == self.speaker.asn and peer.ebgp_multihop is not None:
            yield self.problem(
                f"ebgp_multihop is for sessions with another AS than {asn}; remove it",
                *(*path, "ebgp_multihop"),
            )
        local = peer.local_address
        mine = (self.one.own_addresses, self.one.device.data.loopback)
        if local is not None and not isinstance(local, str) and not any(local in own for own in mine):
            yield self.problem(
                f"local_address {local} is not the device's; write one of its own", *path, "local_address"
            )
        for exchange, where in (
            (peer, path),
            *((e, (*path, "afi_safis", a)) for a, e in peer.afi_safis.items()),
        ):
            for key in ("import_policy", "export_policy"):
                yield from self.policy(getattr(exchange, key), *where, key)

    def policy(self, name: str | None, *path: object) -> Iterator[Problem]:
        known = self.one.device.data.route_maps
        if name is not None and name not in known:
            yield self.problem(f"route map {name} is not declared; {did_you_mean(name, known)}", *path)

    def group(self, name: str) -> Iterator[Problem]:
        """A group says one thing to all its neighbors: families, and inside or outside the AS."""
        members = [a for a, (n, _) in self.speaker.neighbors.items() if n.peer_group == name]
        path: Path = ("peer_groups", name)
        if re.fullmatch(r"[0-9.]+", name):
            yield self.problem(
                f"peer group {name} reads like an address; give it a name with a letter", *path
            )
        if not self.bgp.peer_groups[name].afi_safis and len({a.version for a in members}) > 1:
            yield self.problem(
                f"peer group {name} has neighbors of both families; write a group for each, or its afi_safis",
                *path,
            )
        kinds = {
            peer_as(self.speaker, a) == self.speaker.asn
            for a in members
            if peer_as(self.speaker, a) is not None
        }
        if len(kinds) > 1:
            yield self.problem(
                f"peer group {name} has neighbors inside and outside AS {self.speaker.asn}; write a group for each",
                *path,
            )

    def in_group(self, address: Address, neighbor: BgpNeighbor) -> Iterator[Problem]:
        """What a neighbor cannot say otherwise than its group."""
        group, name, path = group_of(self.speaker, neighbor), neighbor.peer_group, ("neighbors", str(address))
        if group is None or name is None:
            return
        if group.peer_as is not None and peer_as_of_neighbor(self.speaker, address) not in (
            None,
            group.peer_as,
        ):
            yield self.problem(
                f"BGP neighbor {address} has another AS than its peer group {name} ({group.peer_as}); "
                "write a group without peer_as",
                *path,
            )
        of_group = group_families(self.speaker, name)
        if neighbor.afi_safis and {*neighbor.afi_safis} != {*of_group}:
            yield self.problem(
                f"BGP neighbor {address} is active in the families of its peer group {name} ({', '.join(of_group)}); "
                "write afi_safis there",
                *(*path, "afi_safis"),
            )
        for key in PEER_FLAGS:
            if getattr(neighbor, key) is False and getattr(group, key):
                yield self.problem(
                    f"BGP neighbor {address}: {key} is its peer group's (true); use another group where it differs",
                    *(*path, key),
                )
        for _, afi_safi in FAMILIES:
            yield from self.lifted(address, neighbor, group, afi_safi)

    def lifted(
        self, address: Address, neighbor: BgpNeighbor, group: BgpPeer, afi_safi: AfiSafi
    ) -> Iterator[Problem]:
        for key in (*FLAGS, "send_community"):
            own, above = said(neighbor, afi_safi, key), said(group, afi_safi, key)
            if own is not None and own != above and says_something(key, above):
                exchange = neighbor.afi_safis.get(afi_safi)
                inner = (
                    ("afi_safis", afi_safi)
                    if exchange is not None and getattr(exchange, key) is not None
                    else ()
                )
                yield self.problem(
                    f"BGP neighbor {address}: {key} is its peer group's ({str(above).lower()}); "
                    "use another group where it differs",
                    *("neighbors", str(address), *inner, key),
                )


def peer_as_of_neighbor(speaker: Speaker, address: Address) -> int | None:
    """The AS that the neighbor or its link gives, whatever the group says."""
    neighbor, interface = speaker.neighbors[address]
    if neighbor.peer_as is not None or interface is None:
        return neighbor.peer_as
    return speaker.one.attachments[interface].peer_asn
