"""How available devices were: the log's daily sums of probes → a chapter (pure)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import add

from netmgr.document.block import Column, Figure, Paragraph, Section, Table
from netmgr.model.availability import ENOUGH, Availability
from netmgr.model.entry import Entry
from netmgr.model.ordering import natural
from netmgr.model.stretch import whole_day
from netmgr.report.facts import whole
from netmgr.report.period import Period
from netmgr.report.wording import counted

_WHAT = (
    "What was measured is whether the management address of each device answered. A sample that failed counts as "
    "down until the next one. The time that a device was under maintenance does not count."
)


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


_NONE = Availability()


def availability(record: AvailabilityRecord) -> Section:
    """Each device, and all together."""
    if not record.days:
        return Section(
            "availability",
            "Availability",
            (Paragraph("Not measured: no device was asked for signs of life.", "unknown"),),
        )
    table = Table(
        "availability",
        "How much of the time each device answered",
        (
            Column("device", "Device", "word", wide=True),
            Column("available", "Available", absent="not measured"),
            Column("measured", "Measured"),
            Column("down", "Down", "duration"),
            Column("times", "Went down", "count"),
        ),
        tuple(
            (name, _percent(made), f"{made.share:.1f} %", made.down * 1000, record.down.get(name, 0))
            for name, made in record.devices.items()
        ),
        "No device was asked for signs of life.",
    )
    rule = f"Where less than {ENOUGH} % of the time was measured, it is not measured."
    return Section("availability", "Availability", (Paragraph(f"{_WHAT} {rule}"), table))


def availability_figure(record: AvailabilityRecord) -> Figure:
    """All devices together."""
    together = record.together
    if together.percent is None:
        detail = f"measured {together.share:.1f} % of the time" if record.days else "no samples"
        return Figure("availability", "Availability", "not measured", detail, "unknown")
    times = sum(record.down.values())
    return Figure(
        "availability",
        "Availability",
        f"{together.percent:.3f} %",
        f"{counted(times, 'time')} a device went down" if times else "no device went down",
        "attention" if together.down else "good",
    )


def _percent(made: Availability) -> str | None:
    return None if made.percent is None else f"{made.percent:.3f} %"


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
