"""Layer 2: which interfaces hear each other, from cables, VLANs and bundles of all devices."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from netmgr.lab.emulated.view import DeviceView, InterfaceView

End = tuple[str, str]
"""(device, interface), as a cable names it."""


@dataclass(frozen=True, slots=True)
class Cable:
    """Between two ports."""

    a: End
    b: End


class Segments:
    """The state of every port, and the broadcast domains between interfaces. ``real`` are devices without a view."""

    def __init__(
        self, views: Mapping[str, DeviceView], cables: Iterable[Cable], real: frozenset[str]
    ) -> None:
        self._views, self._real = views, real
        self.cables = tuple(cables)
        self._far = {end: other for c in self.cables for end, other in ((c.a, c.b), (c.b, c.a))}
        self._root: dict[tuple[object, ...], tuple[object, ...]] = {}
        for cable in self.cables:
            if self._lit(cable.a) and self._lit(cable.b):
                self._join(cable)

    def far(self, end: End) -> End | None:
        """The other end of a cable."""
        return self._far.get(end)

    def up(self, device: str, name: str) -> bool:
        """Whether the interface is up: enabled, and something behind it that is."""
        interface = self._views[device].interfaces.get(name)
        if interface is None or not interface.enabled or interface.suspended:
            return False
        if interface.loopback:
            return True
        if interface.svi is not None:
            return any(
                self.up(device, port.name)
                for port in self._views[device].interfaces.values()
                if port.bridged and (port.untagged == interface.svi or interface.svi in port.tagged)
            )
        if interface.parent:
            return self.up(device, interface.parent)
        members = [p for p in self._views[device].interfaces.values() if p.member_of == name]
        if members:
            return any(self.up(device, member.name) for member in members)
        far = self._far.get((device, name))
        return far is None or self._enabled(far)

    def together(self, a: End, b: End) -> bool:
        """Whether two interfaces with addresses are in one broadcast domain, both up."""
        if not (self.up(*a) and self.up(*b)):
            return False
        return self._find(self._domain(a)) == self._find(self._domain(b))

    def reaches_real(self, device: str, name: str) -> bool:
        """Whether the interface is up and its cable ends at a real device."""
        ports = {name, *(p.name for p in self._views[device].interfaces.values() if p.member_of == name)}
        parent = self._views[device].interfaces[name].parent
        ends = (self._far.get((device, port)) for port in (*ports, *([parent] if parent else [])))
        return self.up(device, name) and any(end is not None and end[0] in self._real for end in ends)

    def _enabled(self, end: End) -> bool:
        if end[0] in self._real:
            return True
        interface = self._views[end[0]].interfaces.get(end[1])
        return interface is None or (interface.enabled and not interface.suspended)

    def _lit(self, end: End) -> bool:
        return end[0] not in self._real and self._enabled(end) and end[1] in self._views[end[0]].interfaces

    def _join(self, cable: Cable) -> None:
        a, b = (self._bundle(end) for end in (cable.a, cable.b))
        for tag in {tag for tag, _ in self._carried(a)} & {tag for tag, _ in self._carried(b)}:
            ours = next(key for t, key in self._carried(a) if t == tag)
            theirs = next(key for t, key in self._carried(b) if t == tag)
            self._root[self._find(ours)] = self._find(theirs)

    def _bundle(self, end: End) -> End:
        port = self._views[end[0]].interfaces[end[1]]
        bundle = port.member_of
        return (end[0], bundle) if bundle and bundle in self._views[end[0]].interfaces else end

    def _carried(self, end: End) -> Iterator[tuple[int | None, tuple[object, ...]]]:
        """The frames that the port takes, by tag (None: untagged), and the domain that each belongs to."""
        port = self._views[end[0]].interfaces[end[1]]
        if port.bridged:
            if port.untagged is not None:
                yield None, ("vlan", end[0], port.untagged)
            for vlan in port.tagged - {port.untagged}:
                yield vlan, ("vlan", end[0], vlan)
            return
        yield None, ("port", *end)
        for interface in self._views[end[0]].interfaces.values():
            if interface.parent == end[1] and interface.tag is not None:
                yield interface.tag, ("port", end[0], interface.name)

    def _domain(self, end: End) -> tuple[object, ...]:
        interface: InterfaceView = self._views[end[0]].interfaces[end[1]]
        return ("vlan", end[0], interface.svi) if interface.svi is not None else ("port", *end)

    def _find(self, key: tuple[object, ...]) -> tuple[object, ...]:
        while (up := self._root.get(key, key)) != key:
            key = up
        return key
