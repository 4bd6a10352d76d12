"""What a change does to links: which of them change at both ends, and which adjacencies wait for the other end."""

from collections.abc import Iterable, Iterator, Mapping

from netmgr.model.intent import Adjacency, NetworkIntent
from netmgr.platforms.form import Sides

Side = tuple[str, str]
"""(protocol, peer), or (``link``, interface)"""


def changed_sides(before: Sides, after: Sides) -> frozenset[Side]:
    """The adjacencies and links of which a configuration says something else than before."""
    return frozenset(side for side in {*before, *after} if before.get(side) != after.get(side))


def changed_links(intent: NetworkIntent, changes: Mapping[str, frozenset[Side]]) -> Iterator[tuple[str, str]]:
    """Pairs of devices that have a link whose data changes at both ends, in the inventory's order.

    ``changes`` gives the changed sides of each changed device. A link's data are what both its ends are configured to
    be: their interfaces, OSPF on them, and the BGP session between their addresses.
    """
    addresses = {
        (device.name, interface.name): {
            *(str(address.ip) for address in interface.ipv4),
            *(str(address.ip) for address in interface.ipv6),
        }
        for device in intent.devices
        for interface in device.interfaces
    }
    seen = set()
    for device in intent.devices:
        for interface in device.interfaces:
            near, far = (device.name, interface.name), interface.peer
            if far is None or (far, near) in seen or far not in addresses:
                continue
            seen.add((near, far))
            ends = ((near, addresses[far]), (far, addresses[near]))
            if all(_touched(changes.get(end[0], frozenset()), end[1], peers) for end, peers in ends):
                yield device.name, far[0]


def _touched(changes: frozenset[Side], interface: str, peers: Iterable[str]) -> bool:
    return ("link", interface) in changes or any(("bgp", peer) in changes for peer in peers)


def waiting(
    expected: Iterable[Adjacency],
    changes: Mapping[str, frozenset[Side]],
    wave: Mapping[str, int],
) -> dict[str, tuple[str, ...]]:
    """Device → its adjacencies that come up only when a later wave has committed the other end, in words.

    ``wave`` gives the wave of each changed device.
    """
    known = tuple(expected)
    changing = {
        (a.device, a.protocol, a.other)
        for a in known
        if (a.protocol, a.peer) in changes.get(a.device, frozenset())
    }
    found: dict[str, list[str]] = {}
    for a in known:
        if (a.device, a.protocol, a.other) not in changing or a.other is None:
            continue
        later = wave.get(a.other, 0)
        if later > wave[a.device] and (a.other, a.protocol, a.device) in changing:
            found.setdefault(a.device, []).append(f"{a.protocol} {a.peer}: {a.other} comes in wave {later}")
    return {device: tuple(lines) for device, lines in found.items()}
