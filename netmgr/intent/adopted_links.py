"""Links that devices tell of by LLDP (IEEE 802.1AB), as topology.yaml would have them."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from netmgr.model.check_state import LldpNeighbor
from netmgr.model.inventory import Inventory

Ends = tuple[tuple[str, str], tuple[str, str]]
"""(device, interface) of both ends, in the inventory's order."""


def heard_links(
    inventory: Inventory,
    heard: Mapping[str, Sequence[LldpNeighbor]],
    systems: Mapping[str, str],
    interfaces: Mapping[str, Collection[str]],
) -> tuple[tuple[Ends, ...], tuple[str, ...]]:
    """(the links that the inventory does not have, what is doubtful about others).

    ``systems`` maps the name that a system gives itself to the device; ``interfaces`` are those that a device has, as
    far as that is known: a port may be told by a short name.
    """
    place = {device.name: index for index, device in enumerate(inventory.devices)}
    used = {
        (end.device, end.interface): str(link.endpoints[1 - side])
        for link in inventory.links
        for side, end in enumerate(link.endpoints)
    }
    found: dict[Ends, None] = {}
    doubts: list[str] = []
    for near, far in _pairs(heard, systems, interfaces):
        ends = (near, far) if (place[near[0]], near[1]) <= (place[far[0]], far[1]) else (far, near)
        told = [(end, other) for end, other in ((near, far), (far, near)) if end in used]
        for end, other in told:
            if used[end] != _text(other):
                doubts.append(
                    f"{_text(end)} hears {_text(other)}, and the inventory joins it with {used[end]}"
                )
        if not told and ends not in found:
            found[ends] = None
            used |= {near: _text(far), far: _text(near)}
    return tuple(found), tuple(dict.fromkeys(doubts))


def _pairs(
    heard: Mapping[str, Sequence[LldpNeighbor]],
    systems: Mapping[str, str],
    interfaces: Mapping[str, Collection[str]],
) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Each neighbor that is a device of the inventory. Who hears several on one interface is on a shared segment."""
    for device, neighbors in heard.items():
        for neighbor in neighbors:
            alone = sum(other.interface == neighbor.interface for other in neighbors) == 1
            other = systems.get(neighbor.device.lower()) or systems.get(first_label(neighbor.device))
            if alone and other is not None and other != device:
                near = _port(neighbor.interface, interfaces.get(device, ()))
                yield (device, near), (other, _port(neighbor.port, interfaces.get(other, ())))


def first_label(name: str) -> str:
    """A host's name without its domain."""
    return name.lower().split(".")[0]


def _text(end: tuple[str, str]) -> str:
    return ":".join(end)


def _port(told: str, known: Collection[str]) -> str:
    """The interface that a port's name means: ``Gi0/1`` is GigabitEthernet0/1, ``ge-0/0/0.0`` the port ge-0/0/0."""
    if told in known:
        return told
    meant = [name for name in known if _means(told, name)]
    return meant[0] if len(meant) == 1 else told


def _means(told: str, name: str) -> bool:
    short, long = (re.fullmatch(r"([A-Za-z-]+)([0-9].*)", text.removesuffix(".0")) for text in (told, name))
    return bool(
        short and long and short[2] == long[2] and long[1].lower().startswith(short[1].lower().rstrip("-"))
    )
