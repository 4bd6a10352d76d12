"""How available devices were: the log's daily sums of probes → a record (pure)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import add

from netmgr.model.availability import Availability
from netmgr.model.entry import Entry
from netmgr.model.ordering import natural
from netmgr.model.stretch import whole_day
from netmgr.report.facts import whole
from netmgr.report.period import Period


@dataclass(frozen=True, slots=True)
class AvailabilityRecord:
    """Of a period, as far as its days are over. ``days`` is how many of them have sums."""

    days: int
    devices: Mapping[str, Availability]
    down: Mapping[str, int]
    """How often each device went down."""

    @property
    def together(self) -> Availability:
        """Of all devices."""
        return reduce(add, self.devices.values(), Availability())


UNKNOWN = AvailabilityRecord(0, {}, {})


def availability_record(
    entries: Iterable[Entry], period: Period, until: datetime, devices: Iterable[str]
) -> AvailabilityRecord:
    """Of these ``devices``, and of those that have sums: a day without was not measured.

    Of the days of the period those count that are over by ``until``. Of a day that was told twice the last counts.
    """
    over = {day: whole_day(day, period.zone) for day in period.days}
    lengths = {
        day: int((each.end - each.start).total_seconds()) for day, each in over.items() if each.end <= until
    }
    sums: dict[date, Mapping[str, object]] = {}
    down: Counter[str] = Counter()
    for entry in entries:
        if entry.action == "digest":
            day, found = _day(entry.facts.get("day")), entry.facts.get("devices")
            if day in lengths and isinstance(found, dict):
                sums[day] = found
        elif entry.outcome == "down" and entry.device and _within(entry.facts.get("since"), period, until):
            down[entry.device] += 1
    names = {*devices, *(name for found in sums.values() for name in found)}
    return AvailabilityRecord(
        days=len(sums),
        devices={
            name: reduce(add, (_of_day(sums.get(day, {}).get(name), n) for day, n in lengths.items()), _NONE)
            for name in sorted(names, key=natural)
        },
        down=down,
    )


def availability_together(
    entries: Iterable[Entry], days: Iterable[tuple[str, date, date]], zone: str, until: datetime
) -> Availability:
    """Of devices together, each from its first day to its last, both among them."""
    told, groups = tuple(entries), defaultdict[tuple[date, date], list[str]](list)
    for name, first, last in days:
        groups[first, last].append(name)
    whole = Availability()
    for (first, last), names in sorted(groups.items()):
        record = availability_record(told, Period(first, last, zone), until, names)
        whole = reduce(add, (record.devices[name] for name in names), whole)
    return whole


_NONE = Availability()


def _of_day(found: object, length: int) -> Availability:
    """What the log says of one device and day; facts that nobody can read measure nothing."""
    if not isinstance(found, dict):
        return Availability(seconds=length)
    keys = ("up_seconds", "down_seconds", "expected", "taken", "up")
    told = [whole(found.get(key)) for key in keys]
    values = [*(value for value in told if value is not None)]
    exempt = whole(found.get("exempt_seconds", 0))
    if len(values) < len(keys) or exempt is None or sum(values[:2]) + exempt > length:
        return Availability(seconds=length)
    up, down, expected, taken, answered = values
    return Availability(length - exempt, up, down, expected, taken, answered, exempt)


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _within(text: object, period: Period, until: datetime) -> bool:
    try:
        return isinstance(text, str) and period.start <= datetime.fromisoformat(text) < min(period.end, until)
    except (ValueError, TypeError):
        return False
