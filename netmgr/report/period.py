"""The time that a report is about: whole days in the client's time zone, as two moments."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from netmgr.errors import UsageError
from netmgr.model.stretch import midnight

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_QUARTER = re.compile(r"([0-9]{4})-Q([1-4])")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Period:
    """From the beginning of day ``first`` to the end of day ``last``, both as the clocks of ``zone`` show them."""

    first: date
    last: date
    zone: str

    @property
    def start(self) -> datetime:
        """The first moment that belongs to it (UTC)."""
        return midnight(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """The first moment that does not belong to it any more (UTC)."""
        return midnight(self.last + timedelta(days=1), self.zone)

    @property
    def days(self) -> tuple[date, ...]:
        """Every day of it."""
        return tuple(self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))

    @property
    def unit(self) -> Literal["month", "quarter", "days"]:
        """What of the calendar it is, from its first day to its last."""
        ends = (self.last + timedelta(days=1)).day == 1
        if self.first.day != 1 or not ends or self.first.year != self.last.year:
            return "days"
        months = self.last.month - self.first.month + 1
        if months == 3 and self.last.month % 3 == 0:
            return "quarter"
        return "month" if months == 1 else "days"

    @property
    def label(self) -> str:
        """``2026-11`` for a calendar month, ``2026-Q4`` for a quarter, else both days; part of a file's name."""
        match self.unit:
            case "month":
                return f"{self.first:%Y-%m}"
            case "quarter":
                return f"{self.first.year}-Q{self.last.month // 3}"
            case _:
                return f"{self.first.isoformat()}-to-{self.last.isoformat()}"

    def local(self, moment: datetime) -> datetime:
        """A moment as the client's clocks show it."""
        return moment.astimezone(ZoneInfo(self.zone))


def period(
    month: str | None,
    first: str | None,
    last: str | None,
    *,
    quarter: str | None = None,
    zone: str,
    now: datetime,
) -> Period:
    """The period that the user asked for. Raises UsageError for one that is malformed or has not begun."""
    match (month, quarter, first, last):
        case (str(asked), None, None, None):
            made = _month(asked, zone)
        case (None, str(asked), None, None):
            made = _quarter(asked, zone)
        case (None, None, str(asked), str(until)):
            made = Period(_day(asked, "--from"), _day(until, "--to"), zone)
        case _:
            raise UsageError(
                "which time? name a month (--month 2026-11), a quarter (--quarter 2026-Q4), or the first and the last "
                "day (--from and --to)"
            )
    if made.last < made.first:
        raise UsageError(f"--to {last} is before --from {first}; the last day belongs to the report")
    if made.start > now:
        raise UsageError(f"{asked} has not begun in {zone}; a report looks back")
    return made


def period_before(
    moment: datetime, *, zone: str, days: int | None = None, every: Literal["month", "quarter"] = "month"
) -> Period:
    """The calendar month or quarter before the day of ``moment`` on the clocks of ``zone``, or so many days before."""
    today = moment.astimezone(ZoneInfo(zone)).date()
    if every == "quarter":
        begins = today.replace(month=today.month - (today.month - 1) % 3, day=1)
        return Period((begins - timedelta(days=80)).replace(day=1), begins - timedelta(days=1), zone)
    last = today - timedelta(days=1) if days else today.replace(day=1) - timedelta(days=1)
    first = today - timedelta(days=days) if days else last.replace(day=1)
    return Period(first, last, zone)


def _month(text: str, zone: str) -> Period:
    found = _MONTH.fullmatch(text)
    if found is None or not 1970 <= int(found[1]) < 9999:
        raise UsageError(f"--month {text} is not a month; write it like 2026-11")
    first = date(int(found[1]), int(found[2]), 1)
    return Period(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1), zone)


def _quarter(text: str, zone: str) -> Period:
    found = _QUARTER.fullmatch(text)
    if found is None or not 1970 <= int(found[1]) < 9999:
        raise UsageError(f"--quarter {text} is not a quarter; write it like 2026-Q4")
    first = date(int(found[1]), int(found[2]) * 3 - 2, 1)
    return Period(first, (first + timedelta(days=93)).replace(day=1) - timedelta(days=1), zone)


def _day(text: str, option: str) -> date:
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or not 1970 <= day.year < 9999:
        raise UsageError(f"{option} {text} is not a day; write it like 2026-11-01")
    return day
