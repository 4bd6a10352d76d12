"""A stretch of time between two moments, and where days begin."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Lasting(Protocol):
    """What begins and ends."""

    @property
    def start(self) -> datetime:
        """The first moment that belongs to it."""

    @property
    def end(self) -> datetime:
        """The first moment that does not belong to it any more."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """From ``start`` up to ``end``, which does not belong to it."""

    start: datetime
    end: datetime


def midnight(day: date, zone: str) -> datetime:
    """When a day begins on the clocks of ``zone`` (UTC)."""
    # Where the clocks skip midnight (fold 0 takes the offset from before), the day begins when they go on.
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def whole_day(day: date, zone: str) -> Stretch:
    """A day on the clocks of ``zone``: 23 hours of it, or 25, where they are changed."""
    return Stretch(midnight(day, zone), midnight(day + timedelta(days=1), zone))


def day_of(moment: datetime, zone: str) -> date:
    """The day that the clocks of ``zone`` show."""
    return moment.astimezone(ZoneInfo(zone)).date()
