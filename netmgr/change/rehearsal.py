"""Rehearsals: which loopbacks are tried, and what a change on a twin is judged by."""

from collections.abc import Collection, Iterable, Mapping
from ipaddress import ip_address, ip_network
from itertools import combinations
from typing import Literal

from netmgr.change.checks import Key
from netmgr.model.addresses import InterfaceAddress
from netmgr.model.canonical import canonical
from netmgr.model.change import ChangeOutcome, Plan
from netmgr.model.digest import sha256_hex
from netmgr.model.intent import NetworkIntent
from netmgr.model.rehearsal import LoopbackPair, Loss, LostPair, Outage, RehearsedAdjacency, RehearsedRoutes
from netmgr.platforms.form import PlatformForm

#: Devices up to which every pair of loopbacks is tried before and after; beyond it, the pairs that probes are sent for.
EVERY_PAIR = 50
#: What is named of a kind; the rest is counted.
NAMED = 3


def rehearsed_digest(plan: Plan) -> str:
    """What a plan's effect depends on: its devices, what they run, what they shall run, in which waves and how.

    Plans of one digest do the same to the same network, whatever their ids; a rehearsal holds for all of them.
    """
    parts = {"client", "target", "basis", "limit", "waves", "atomic", "confirm_in"}
    return sha256_hex(canonical(plan.model_dump(mode="json", include=parts)))


def loopbacks(intent: NetworkIntent, forms: Mapping[str, PlatformForm]) -> dict[str, tuple[str, ...]]:
    """Device → the addresses of its loopback, one of each family at most; in the inventory's order."""
    found = {}
    for device in intent.devices:
        for interface in device.interfaces:
            if interface.name == forms[device.platform].loopback:
                first: list[InterfaceAddress] = [*interface.ipv4[:1], *interface.ipv6[:1]]
                if first:
                    found[device.name] = tuple(str(address.ip) for address in first)
    return found


def every_pair(addresses: Mapping[str, tuple[str, ...]]) -> tuple[LoopbackPair, ...]:
    """Each two devices once for each family that both have."""
    return tuple(pair for a, b in combinations(addresses, 2) for pair in _pairs(addresses, a, b))


def tried_pairs(addresses: Mapping[str, tuple[str, ...]], entry: Collection[str]) -> tuple[LoopbackPair, ...]:
    """The pairs whose connectivity is looked at before and after: all of them, unless they are too many."""
    return every_pair(addresses) if len(addresses) <= EVERY_PAIR else probed_pairs(addresses, entry)


def probed_pairs(
    addresses: Mapping[str, tuple[str, ...]], entry: Collection[str]
) -> tuple[LoopbackPair, ...]:
    """Pairs that say soon and cheaply who is cut off: each device with each entry, and with the next one in a ring.

    A device that lost its neighbors shows in both; two halves of a network that lost each other show in the ring.
    """
    names = list(addresses)
    doors = [name for name in names if name in entry] or names[:1]
    chosen = {
        frozenset(ends)
        for ends in (
            *((name, door) for door in doors for name in names),
            *zip(names, [*names[1:], *names[:1]], strict=True),
        )
    }
    return tuple(pair for pair in every_pair(addresses) if {pair.source, pair.destination} in chosen)


def _pairs(addresses: Mapping[str, tuple[str, ...]], a: str, b: str) -> Iterable[LoopbackPair]:
    for here in addresses[a]:
        for there in addresses[b]:
            if (":" in here) == (":" in there):
                yield LoopbackPair(source=a, source_address=here, destination=b, destination_address=there)


def lost_pairs(before: Iterable[LoopbackPair], after: Collection[LoopbackPair]) -> tuple[LostPair, ...]:
    """The pairs with connectivity before the change and none after it."""
    return tuple(
        LostPair(source=pair.source, destination=pair.destination, family=_family(pair))
        for pair in before
        if pair not in after
    )


def outages(losses: Iterable[Loss]) -> tuple[Outage, ...]:
    """What the probes lost, the longest first."""
    found = [
        Outage(
            source=loss.pair.source,
            destination=loss.pair.destination,
            family=_family(loss.pair),
            seconds=loss.seconds,
            longest=loss.longest,
        )
        for loss in losses
        if loss.seconds
    ]
    return tuple(sorted(found, key=lambda outage: -outage.seconds))


def can_form(device: str, other: str | None, emulated: Collection[str]) -> bool:
    """Whether an adjacency of ``device`` can come up on a twin: no packet of an emulated device reaches a real one."""
    return device in emulated or other not in emulated


def emulated_words(emulated: Collection[str]) -> tuple[str, ...]:
    """What a twin cannot show of devices that are not themselves."""
    if not emulated:
        return ()
    return (
        f"emulated: {', '.join(sorted(emulated))}: adjacencies, routes and connectivity as configurations have it, "
        "without a packet",
    )


def routed_pairs(
    pairs: Iterable[LoopbackPair], forwarding: Mapping[str, frozenset[str]]
) -> frozenset[LoopbackPair]:
    """The pairs of which each end has a route to the other; the default route says nothing of who is there."""
    networks = {
        device: [network for network in map(ip_network, prefixes) if network.prefixlen]
        for device, prefixes in forwarding.items()
    }

    def has_route(device: str, address: str) -> bool:
        return any(ip_address(address) in network for network in networks.get(device, ()))

    return frozenset(
        pair
        for pair in pairs
        if has_route(pair.source, pair.destination_address)
        and has_route(pair.destination, pair.source_address)
    )


def adjacencies_gone(before: Iterable[Key], after: Collection[Key]) -> tuple[RehearsedAdjacency, ...]:
    """Those that are in ``before`` alone."""
    return tuple(
        RehearsedAdjacency.model_validate({"device": device, "protocol": protocol, "peer": peer})
        for device, protocol, peer in sorted(before)
        if (device, protocol, peer) not in after
    )


def changed_routes(
    before: Mapping[str, frozenset[str]], after: Mapping[str, frozenset[str]]
) -> tuple[RehearsedRoutes, ...]:
    """The devices that forward other prefixes after the change than before it."""
    return tuple(
        RehearsedRoutes(
            device=device,
            lost=tuple(sorted(held - after.get(device, held))),
            gained=tuple(sorted(after.get(device, held) - held)),
        )
        for device, held in before.items()
        if after.get(device, held) != held
    )


def reasons(
    *,
    change: ChangeOutcome,
    errors: Iterable[str],
    partitions: Iterable[LostPair],
    unlike: Iterable[str],
    unsettled: Iterable[str],
) -> tuple[str, ...]:
    """Why a rehearsal fails; empty where it passes.

    ``change`` is the outcome on the twin and ``errors`` what it was blamed on, ``unlike`` what of the twin never became
    as it is in the network, ``unsettled`` what had not come to rest at the end.
    """
    found = []
    if named := _named(unlike):
        found.append(f"the twin did not become like the network: {named}")
    if change not in ("applied", "unchanged"):
        said = _named(errors)
        found.append(f"the change ended {change.replace('_', ' ')} on the twin{': ' if said else ''}{said}")
    if cut := tuple(partitions):
        found.append(
            f"{len(cut)} pairs of loopbacks lose connectivity for good: "
            + _named(f"{pair.source} and {pair.destination} ({pair.family})" for pair in cut)
        )
    if moving := _named(unsettled):
        found.append(f"not as expected after the change: {moving}")
    return tuple(found)


def _named(items: Iterable[str]) -> str:
    every = tuple(dict.fromkeys(items))
    more = f" and {len(every) - NAMED} more" if len(every) > NAMED else ""
    return "; ".join(every[:NAMED]) + more


def _family(pair: LoopbackPair) -> Literal["ipv4", "ipv6"]:
    return "ipv6" if ":" in pair.destination_address else "ipv4"
