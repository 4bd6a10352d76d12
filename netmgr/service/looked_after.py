"""``inventory`` entries of the log → which devices, assets and sites were looked after on which days (pure).

A day counts where the inventory has the thing at its end, on the agreement's clocks, and as what it is then. A thing's
own ``service: {from, to}`` has the last word, also on days before it was written down: entries after the last day are
read for it. What is only planned, somebody else's or out of scope is not looked after.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from netmgr.model.billing import LookedAfter
from netmgr.model.entry import Entry

KIND = "inventory"
_NOT_OURS = ("planned", "external")
_DAY = timedelta(days=1)

Unit = Literal["device", "asset"]


class Told(NamedTuple):
    """What an entry says of devices, or of assets: the uids of all, and by uid what is told of some."""

    uids: Iterable[str]
    described: Mapping[str, Mapping[str, Any]]


@dataclass(slots=True)
class _Stay:
    """From when on a thing is in the inventory, and what it was from which day on."""

    unit: Unit
    uid: str
    was: list[tuple[date, Mapping[str, Any], int]] = field(default_factory=list)

    def days(self, last: date, removed: int | None) -> Iterator[LookedAfter]:
        """Everything until ``last``; ``removed`` is the entry that took it out."""
        newest, said = self.was[-1][1:]
        start, end = _day(newest, "from"), min(_day(newest, "to") or last, last)
        for number, (begins, is_, seq) in enumerate(self.was):
            begin = begins if number or start is None else start
            following = self.was[number + 1] if number + 1 < len(self.was) else None
            until = min(following[0] - _DAY, end) if following else end
            begin = max(begin, start or begin)
            if begin > until or is_.get("lifecycle") in _NOT_OURS or is_.get("in_scope") is False:
                continue
            evidence = {seq}
            if following and following[0] <= last:
                evidence.add(following[2])
            elif not following and removed is not None:
                evidence.add(removed)
            if (_day(is_, "from"), _day(is_, "to")) != (start, _day(newest, "to")):
                evidence.add(said)
            yield LookedAfter(
                unit=self.unit,
                uid=self.uid,
                name=is_.get("name", self.uid),
                role=is_.get("role"),
                kind=is_.get("kind"),
                site=is_.get("site"),
                first=begin,
                last=until,
                evidence=tuple(sorted(evidence)),
            )


def devices(entries: Iterable[Entry], zone: str, until: date) -> tuple[LookedAfter, ...]:
    """Devices by the client's entries, oldest first, on the days up to ``until`` on the clocks of ``zone``."""
    return _folded("device", entries, zone, until, _devices)


def assets(entries: Iterable[Entry], zone: str, until: date) -> tuple[LookedAfter, ...]:
    """Assets, in the same way. An entry that says nothing of assets leaves them as they were."""
    return _folded("asset", entries, zone, until, _assets)


def _devices(facts: Mapping[str, Any]) -> Told | None:
    return Told(facts["devices"], facts.get("described", {}))


def _assets(facts: Mapping[str, Any]) -> Told | None:
    told = facts.get("assets")
    return None if told is None else Told(told["all"], told["described"])


def _folded(
    unit: Unit,
    entries: Iterable[Entry],
    zone: str,
    until: date,
    told_by: Callable[[Mapping[str, Any]], Told | None],
) -> tuple[LookedAfter, ...]:
    stays: dict[str, _Stay] = {}
    found: list[LookedAfter] = []
    clocks = ZoneInfo(zone)
    for entry in entries:
        if entry.kind != KIND or entry.target != "network" or (told := told_by(entry.facts)) is None:
            continue
        day = datetime.fromisoformat(entry.time).astimezone(clocks).date()
        there = set(told.uids)
        for uid in stays.keys() - there:
            gone = day <= until
            found += stays.pop(uid).days(day - _DAY if gone else until, entry.seq if gone else None)
        for uid in (there - stays.keys()) | (there & told.described.keys()):
            stay = stays.setdefault(uid, _Stay(unit, uid))
            if stay.was and stay.was[-1][0] == day:
                stay.was.pop()
            stay.was.append((day, told.described.get(uid, {}), entry.seq))
    for stay in stays.values():
        found += stay.days(until, None)
    return tuple(sorted(found, key=lambda one: (one.uid, one.first)))


def sites(things: Iterable[LookedAfter]) -> tuple[LookedAfter, ...]:
    """The sites at which these were looked after, each on the days on which one of them was."""
    return tuple(
        LookedAfter(
            unit="site",
            uid=thing.site,
            name=thing.site,
            first=thing.first,
            last=thing.last,
            evidence=thing.evidence,
        )
        for thing in things
        if thing.site is not None
    )


def differing(
    before: Iterable[LookedAfter], now: Iterable[LookedAfter]
) -> Iterator[tuple[LookedAfter, date]]:
    """Things that are looked after on other days, or as something else, than was known before; each with the first."""
    then, later = _by_day(before), _by_day(now)
    for key in sorted(then.keys() | later.keys()):
        was, is_ = then.get(key, {}), later.get(key, {})
        days = [day for day in was.keys() | is_.keys() if _what(was.get(day)) != _what(is_.get(day))]
        if days:
            yield is_.get(first := min(days)) or was[first], date.fromordinal(first)


def _by_day(things: Iterable[LookedAfter]) -> dict[tuple[str, str], dict[int, LookedAfter]]:
    found: dict[tuple[str, str], dict[int, LookedAfter]] = {}
    for thing in things:
        days = range(thing.first.toordinal(), thing.last.toordinal() + 1)
        found.setdefault((thing.unit, thing.uid), {}).update(dict.fromkeys(days, thing))
    return found


def _what(thing: LookedAfter | None) -> tuple[str | None, ...] | None:
    return None if thing is None else (thing.name, thing.role, thing.kind, thing.site)


def _day(described: Mapping[str, Any], key: str) -> date | None:
    return date.fromisoformat(described[key]) if key in described else None
