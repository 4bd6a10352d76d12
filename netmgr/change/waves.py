"""Waves: which devices commit together, in which order, and why.

A wave is allowed if it holds no two members of one redundancy group, and if without it every other device still
reaches an entry of the network. A unit by itself is always allowed: one device, or devices that change together
because the data of a link between them changes; whom it cuts off is named. Waves go from the devices farthest from an
entry to the nearest, so that no change stands in the way of a later one.

The choice is greedy, level by level from the farthest: units join the last wave while they may, one that cuts somebody
off gets a wave for itself, the others open new waves and join those.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from netmgr.change.topology import Remainder, Topology, units
from netmgr.errors import UsageError
from netmgr.model.change import WaveReason
from netmgr.model.change_policy import WavePolicy
from netmgr.model.inventory import Device

Unit = tuple[str, ...]

#: The distance of a device that no entry reaches: farther than any other.
_NOWHERE = 1_000_000
#: Names that a reason lists before it only counts.
_NAMED = 4


@dataclass(frozen=True, slots=True)
class Part:
    """Devices that a policy keeps apart from others: a site's, a role's. ``label`` is its name for people."""

    label: str
    devices: frozenset[str]


def parts_of(policy: WavePolicy, devices: Iterable[Device]) -> tuple[Part, ...]:
    """The sites or roles that a policy goes by: those that it orders, then the others as the inventory names them."""
    if policy.by == "topology":
        return ()
    members: dict[str | None, list[str]] = {}
    for device in devices:
        members.setdefault(device.site if policy.by == "site" else device.role, []).append(device.name)
    first = [name for name in policy.order if name in members]
    names = [*first, *(name for name in members if name is not None and name not in first)]
    found = [Part(f"{policy.by} {name}", frozenset(members[name])) for name in names]
    if None in members:
        found.append(Part(f"no {policy.by}", frozenset(members[None])))
    return tuple(found)


@dataclass(slots=True)
class _Wave:
    """A wave while it grows. ``rest`` is the topology without it; None where nothing may join."""

    rest: Remainder | None
    units: list[Unit] = field(default_factory=list)
    groups: frozenset[int] = frozenset()
    cut_off: tuple[str, ...] = ()
    label: str = ""
    apart: str = ""

    @property
    def size(self) -> int:
        return sum(map(len, self.units))


def plan_waves(
    topology: Topology,
    changed: Sequence[str],
    *,
    together: Iterable[tuple[str, str]] = (),
    parts: Sequence[Part] = (),
    largest: int | None = None,
    canary: int | None = None,
) -> tuple[tuple[tuple[str, ...], ...], tuple[WaveReason, ...]]:
    """The waves of a change to ``changed``, in their order, with a reason for each.

    ``together`` are pairs of changed devices that share a wave unless redundancy forbids it. ``parts`` are done one
    after the other, the devices in none of them last; a unit waits for its last part. No wave has more devices than
    ``largest``, and the first none more than ``canary``, unless a unit has. Raises UsageError where no unit is small
    enough for the canary.
    """
    planner = _Planner(topology, largest)
    batches = _batches(units(together, topology, changed), parts)
    waves = [wave for label, batch in batches for wave in planner.waves(label, batch)]
    if canary is not None and waves and (waves[0].size > canary or waves[0].cut_off):
        label, batch = batches[0]
        first = planner.canary(label, batch, canary)
        rest = [unit for unit in batch if unit not in first.units]
        batches = [(label, rest), *batches[1:]]
        waves = [first, *(wave for label, batch in batches for wave in planner.waves(label, batch))]
    place = {name: index for index, name in enumerate(changed)}
    members = [
        sorted((name for unit in wave.units for name in unit), key=place.__getitem__) for wave in waves
    ]
    return (
        tuple(map(tuple, members)),
        tuple(
            WaveReason(wave=number, reason=planner.reason(wave, first=number == 1), cut_off=wave.cut_off)
            for number, wave in enumerate(waves, start=1)
        ),
    )


def _batches(all_units: list[Unit], parts: Sequence[Part]) -> list[tuple[str, list[Unit]]]:
    """The units of each part, in the parts' order."""
    number = {name: index for index, part in enumerate(parts) for name in part.devices}
    found: dict[int, list[Unit]] = {}
    for unit in all_units:
        found.setdefault(max(number.get(name, len(parts)) for name in unit), []).append(unit)
    labels = [*(part.label for part in parts), "the others" if parts else ""]
    return [(labels[index], found[index]) for index in sorted(found)]


class _Planner:
    def __init__(self, topology: Topology, largest: int | None) -> None:
        self._topology, self._largest = topology, largest
        self._whole = Remainder(topology)

    def waves(self, label: str, batch: Iterable[Unit]) -> list[_Wave]:
        """The waves of one part of the change."""
        waves: list[_Wave] = []
        levels: dict[int, list[Unit]] = {}
        for unit in batch:
            levels.setdefault(self._level(unit), []).append(unit)
        for level in sorted(levels, reverse=True):
            last = waves[-1:]
            left = [
                unit
                for unit in levels[level]
                if not self._join_any(waves if self._free(unit) else last, unit)
            ]
            alone = {unit: cut for unit in left if (cut := self._whole.cut_off(unit))}
            waves += [self._closed(label, unit, cut) for unit, cut in alone.items()]
            opened: list[_Wave] = []
            for unit in left:
                if unit not in alone and not self._join_any(opened, unit):
                    apart = self._obstacle((opened or last)[-1], unit) if opened or last else ""
                    opened.append(self._opened(label, unit, apart))
            waves += opened
        return waves

    def canary(self, label: str, batch: Iterable[Unit], most: int) -> _Wave:
        """A first wave of at most ``most`` devices: those that cut nobody off, the farthest first."""
        small = [unit for unit in batch if len(unit) <= most]
        if not small:
            smallest = min(batch, key=len)
            raise UsageError(
                f"--canary {most}: {_listed(smallest)} change together (the data of links between them changes);"
                f" give --canary {len(smallest)} or more"
            )
        cuts = {unit: self._whole.cut_off(unit) for unit in small}
        harmless = sorted((unit for unit in small if not cuts[unit]), key=self._level, reverse=True)
        label = f"canary, {label}" if label else "canary"
        if not harmless:
            least = min(small, key=lambda unit: len(cuts[unit]))
            return self._closed(label, least, cuts[least])
        wave = self._opened(label, harmless[0], "")
        for unit in harmless[1:]:
            if wave.size + len(unit) <= most:
                self._join_any([wave], unit)
        return wave

    def reason(self, wave: _Wave, *, first: bool) -> str:
        """Why the wave is what it is, in one line."""
        several = [unit for unit in wave.units if len(unit) > 1]
        names = [name for unit in wave.units for name in unit]
        said = [
            wave.label,
            self._where(names, first=first),
            *(f"{_listed(unit)} together: data of links between them changes" for unit in several[:_NAMED]),
            wave.apart,
        ]
        if self._largest is not None and len(names) > self._largest:
            said.append(f"more than the policy's largest wave ({self._largest}), for they change together")
        if wave.cut_off:
            alone = "alone, for" if len(names) == 1 else "by themselves, for"
            said.append(
                f"{alone} without {'it' if len(names) == 1 else 'them'} others have no way to {self._entry}"
            )
        return "; ".join(filter(None, said))

    # -- one wave ---------------------------------------------------------------------------------------------------

    def _opened(self, label: str, unit: Unit, apart: str) -> _Wave:
        return _Wave(self._whole, [unit], self._groups(unit), label=label, apart=apart)

    def _closed(self, label: str, unit: Unit, cut_off: tuple[str, ...]) -> _Wave:
        return _Wave(None, [unit], self._groups(unit), cut_off=cut_off, label=label)

    def _join_any(self, waves: Iterable[_Wave], unit: Unit) -> bool:
        """Let the unit join the first wave that it may; whether there was one."""
        groups = self._groups(unit)
        for wave in waves:
            if wave.rest is None or wave.groups & groups or self._too_large(wave, unit):
                continue
            if wave.rest is self._whole:
                # Copied when somebody wants to join, for most waves in a row of redundant devices nobody may.
                wave.rest = self._whole.copy()
                wave.rest.leave(wave.units[0])
            if not wave.rest.leave(unit):
                wave.units.append(unit)
                wave.groups |= groups
                return True
        return False

    def _too_large(self, wave: _Wave, unit: Unit) -> bool:
        return self._largest is not None and wave.size + len(unit) > self._largest

    def _obstacle(self, wave: _Wave, unit: Unit) -> str:
        """Why a unit did not join a wave, in words."""
        if wave.rest is None:
            return f"nearer than {_listed(wave.units[0])}"
        groups = self._groups(unit)
        for name in unit:
            for other in (other for members in wave.units for other in members):
                if self._topology.groups.get(name, groups) & self._topology.groups.get(other, frozenset()):
                    return f"{name} not with {other}: one redundancy group"
        if self._too_large(wave, unit):
            return f"the policy's largest wave is {self._largest}"
        lost = wave.rest.cut_off(unit)
        return (
            f"{_listed(unit)} not before: {_listed(lost)} would have no way to {self._entry}" if lost else ""
        )

    # -- what is known of devices -----------------------------------------------------------------------------------

    def _groups(self, unit: Unit) -> frozenset[int]:
        return frozenset().union(*(self._topology.groups.get(name, frozenset()) for name in unit))

    def _free(self, unit: Unit) -> bool:
        """Whether the order does not bind the unit: all of it is managed out of band."""
        return self._topology.oob.issuperset(unit)

    def _level(self, unit: Unit) -> int:
        """The distance of the unit's nearest member that is managed in band."""
        inband = [name for name in unit if name not in self._topology.oob] or unit
        return min(self._topology.distance.get(name, _NOWHERE) for name in inband)

    @property
    def _entry(self) -> str:
        entry = self._topology.entry
        return entry[0] if len(entry) == 1 else "an entry"

    def _where(self, names: Collection[str], *, first: bool) -> str:
        if not self._topology.entry:
            return "no entry in topology.yaml: neither order nor cut-off devices are known" if first else ""
        inband = [name for name in names if name not in self._topology.oob]
        if not inband:
            return "managed out of band: in any order"
        known = [self._topology.distance.get(name) for name in inband]
        far = sorted(distance for distance in known if distance is not None)
        if not far:
            return f"no way from {self._entry} leads there"
        if far[-1] == 0:
            return "where management enters"
        span = f"{far[0]} to {far[-1]}" if far[0] < far[-1] else f"{far[0]}"
        return f"{span} link{'' if span == '1' else 's'} from {self._entry}"


def _listed(names: Collection[str]) -> str:
    """A few names in full, many as a count."""
    shown = list(names)
    if len(shown) > _NAMED + 1:
        return f"{', '.join(shown[:_NAMED])} and {len(shown) - _NAMED} more"
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))
