"""What a change does to links: which of them change at both ends."""

from collections.abc import Iterable, Iterator, Mapping

from netmgr.model.intent import NetworkIntent
from netmgr.platforms.form import LinkData

End = tuple[str, str]
"""(``interface``, name) or (``bgp``, the neighbor's address)"""


def changed_ends(before: LinkData, after: LinkData) -> frozenset[End]:
    """The interfaces and sessions of which a configuration says something else than before."""
    return frozenset(end for end in {*before, *after} if before.get(end) != after.get(end))


def changed_links(intent: NetworkIntent, changes: Mapping[str, frozenset[End]]) -> Iterator[tuple[str, str]]:
    """Pairs of devices that have a link whose data changes at both ends, in the inventory's order.

    ``changes`` gives the changed ends of each changed device. A link's data are what both its ends are configured to
    be: their interfaces with what runs on them, and the BGP session between their addresses.
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
            if _touched(near, addresses[far], changes) and _touched(far, addresses[near], changes):
                yield device.name, far[0]


def _touched(end: tuple[str, str], peers: Iterable[str], changes: Mapping[str, frozenset[End]]) -> bool:
    changed = changes.get(end[0], frozenset())
    return ("interface", end[1]) in changed or any(("bgp", peer) in changed for peer in peers)
