"""The network as waves see it: who hangs on whom, how far from an entry, and who is never changed with whom."""

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from netmgr.model.inventory import Inventory


@dataclass(frozen=True)
class Topology:
    """Devices in the inventory's order and the links between them. What is only planned is not there yet.

    ``external`` devices are somebody else's: others are reached through them, but nobody waits for them to be reached.
    ``oob`` devices are managed out of band.
    """

    devices: tuple[str, ...]
    links: tuple[tuple[str, str], ...] = ()
    redundancy: tuple[tuple[str, ...], ...] = ()
    entry: tuple[str, ...] = ()
    oob: frozenset[str] = frozenset()
    external: frozenset[str] = frozenset()

    @cached_property
    def place(self) -> dict[str, int]:
        """Device → its place in the inventory."""
        return {name: index for index, name in enumerate(self.devices)}

    @cached_property
    def neighbors(self) -> dict[str, list[str]]:
        """Device → the devices at the other ends of its links."""
        found: dict[str, dict[str, None]] = {name: {} for name in self.devices}
        for a, b in self.links:
            found[a][b] = found[b][a] = None
        return {name: list(others) for name, others in found.items()}

    @cached_property
    def distance(self) -> dict[str, int]:
        """Device → links between it and the nearest entry. What no entry reaches is missing."""
        found = dict.fromkeys(self.entry, 0)
        queue = deque(found)
        while queue:
            device = queue.popleft()
            for other in self.neighbors[device]:
                if other not in found:
                    found[other] = found[device] + 1
                    queue.append(other)
        return found

    @cached_property
    def groups(self) -> dict[str, frozenset[int]]:
        """Device → the redundancy groups that it is a member of, by their places."""
        found: dict[str, set[int]] = {name: set() for name in self.devices}
        for index, group in enumerate(self.redundancy):
            for name in group:
                found.setdefault(name, set()).add(index)
        return {name: frozenset(indices) for name, indices in found.items()}

    @classmethod
    def of(cls, inventory: Inventory) -> "Topology":
        """The inventory's network."""
        there = {device.name: device for device in inventory.devices if device.lifecycle != "planned"}
        ends = ((link.endpoints[0].device, link.endpoints[1].device) for link in inventory.links)
        return cls(
            devices=tuple(there),
            links=tuple(pair for pair in ends if pair[0] in there and pair[1] in there),
            redundancy=inventory.redundancy,
            entry=tuple(name for name in inventory.entry if name in there),
            oob=frozenset(name for name, device in there.items() if device.data.management == "oob"),
            external=frozenset(name for name, device in there.items() if device.lifecycle == "external"),
        )


class Remainder:
    """The topology without one wave, while the wave is put together: a tree of ways from the entries to everybody.

    A device that leaves takes a branch with it; the branch is hung up again where another link holds it. So a device
    costs what hangs below it, not a walk through the whole network.
    """

    def __init__(self, topology: Topology) -> None:
        self._topology = topology
        self._parent: dict[str, str | None] = dict.fromkeys(topology.entry)
        # Sets are replaced, never changed: copies share them.
        self._children: dict[str, frozenset[str]] = {}
        below: dict[str, list[str]] = {}
        for device, distance in topology.distance.items():
            if distance:
                nearer = next(n for n in topology.neighbors[device] if topology.distance[n] == distance - 1)
                self._parent[device] = nearer
                below.setdefault(nearer, []).append(device)
        self._children = {name: frozenset(devices) for name, devices in below.items()}

    def copy(self) -> "Remainder":
        """The same, to go on differently."""
        made = object.__new__(Remainder)
        made._topology = self._topology
        made._parent, made._children = dict(self._parent), dict(self._children)
        return made

    def cut_off(self, leaving: Collection[str]) -> tuple[str, ...]:
        """Who loses every way to an entry if ``leaving`` leave too, in the inventory's order. Nothing is changed."""
        below = self._below(leaving)
        return self._lost(below, self._ways(leaving, below))

    def leave(self, leaving: Collection[str]) -> tuple[str, ...]:
        """Take ``leaving`` out, unless that cuts somebody off: then these are returned, and nothing is changed."""
        below = self._below(leaving)
        ways = self._ways(leaving, below)
        if lost := self._lost(below, ways):
            return lost
        for device in leaving:
            self._unhang(device)
            self._parent.pop(device, None)
            self._children.pop(device, None)
        for device in below:
            self._unhang(device)
            # Somebody else's device may have lost its way for good.
            self._parent.pop(device, None)
        for device, parent in ways.items():
            self._parent[device] = parent
            self._children[parent] = self._children.get(parent, frozenset()) | {device}
        return ()

    def _lost(self, below: set[str], ways: Mapping[str, str]) -> tuple[str, ...]:
        lost = below - ways.keys() - self._topology.external
        return tuple(sorted(lost, key=self._topology.place.__getitem__))

    def _unhang(self, device: str) -> None:
        parent = self._parent.get(device)
        if parent in self._children:
            self._children[parent] -= {device}

    def _below(self, leaving: Collection[str]) -> set[str]:
        """Everybody whose way leads through one of ``leaving``."""
        found: set[str] = set()
        stack = list(leaving)
        while stack:
            children = self._children.get(stack.pop(), frozenset()) - found
            found |= children
            stack += children
        return found.difference(leaving)

    def _ways(self, leaving: Collection[str], below: set[str]) -> dict[str, str]:
        """New ways for ``below``: device → its next hop, those beside what still stands first."""
        neighbors, gone = self._topology.neighbors, below.union(leaving)
        ways: dict[str, str] = {}
        for device in sorted(below):
            beside = (other for other in neighbors[device] if other in self._parent and other not in gone)
            if (nearest := next(beside, None)) is not None:
                ways[device] = nearest
        queue = deque(ways)
        while queue:
            device = queue.popleft()
            for other in neighbors[device]:
                if other in below and other not in ways:
                    ways[other] = device
                    queue.append(other)
        return ways


def units(
    pairs: Iterable[tuple[str, str]], topology: Topology, devices: Collection[str]
) -> list[tuple[str, ...]]:
    """``devices`` in units that change together: both ends of each of ``pairs``, unless redundancy forbids it.

    A pair is kept apart where its unit would hold two members of one redundancy group.
    """
    lead = {name: name for name in devices}
    members = {name: [name] for name in devices}
    groups = {name: topology.groups.get(name, frozenset()) for name in devices}
    for a, b in pairs:
        first, second = lead[a], lead[b]
        if first == second or groups[first] & groups[second]:
            continue
        groups[first] |= groups[second]
        members[first] += members[second]
        lead |= dict.fromkeys(members.pop(second), first)
    place = {name: index for index, name in enumerate(devices)}
    return [tuple(sorted(names, key=place.__getitem__)) for names in members.values()]
