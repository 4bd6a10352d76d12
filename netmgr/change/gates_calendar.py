"""Windows and freezes: whether a change may be made at a moment, and when it may next.

What counts is what a clock on the wall shows in the time zone: a window from 02:00 to 04:00 is an hour shorter on the
day when clocks are put forward, an hour longer when they are put back, and a freeze ends when its last day does there.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from netmgr.model.change import Refusal
from netmgr.model.client import Client, Freeze, MaintenanceWindow

#: Days ahead that the next window is looked for in.
HORIZON = 400
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """When the client, or one of its sites, may be changed. Without windows that is whenever no freeze holds."""

    whose: str
    zone: ZoneInfo
    windows: tuple[MaintenanceWindow, ...]
    freezes: tuple[Freeze, ...]

    def shows(self, moment: datetime) -> datetime:
        """What a clock on the wall shows: a time without a zone."""
        return moment.astimezone(self.zone).replace(tzinfo=None)

    def freeze(self, moment: datetime) -> Freeze | None:
        """The freeze that holds."""
        day = self.shows(moment).date()
        return next((freeze for freeze in self.freezes if freeze.from_ <= day <= freeze.to), None)

    def window(self, moment: datetime) -> MaintenanceWindow | None:
        """The window that is open."""
        clock = self.shows(moment)
        return next(
            (
                window
                for window in self.windows
                # A window that began yesterday may still be open.
                for day in (clock.date(), clock.date() - _DAY)
                if _DAYS[day.weekday()] in window.days
                and datetime.combine(day, window.start)
                <= clock
                < datetime.combine(day + (_DAY if window.end <= window.start else 0 * _DAY), window.end)
            ),
            None,
        )

    def allows(self, moment: datetime) -> bool:
        """Whether a change may be made; a freeze is stronger than a window."""
        return not self.freeze(moment) and (not self.windows or self.window(moment) is not None)

    def turns(self, after: datetime) -> Iterator[datetime]:
        """Every moment of the horizon at which a change may become allowed: starts, midnights, moved clocks."""
        starts = {time(0), *(window.start for window in self.windows)}
        first = self.shows(after).date()
        for number in range(-1, HORIZON):
            midnight = datetime.combine(first + number * _DAY, time(0))
            for start in starts:
                yield from self._moments(datetime.combine(midnight, start))
            begin, end = (self._moment(day) for day in (midnight, midnight + _DAY))
            if begin.astimezone(self.zone).utcoffset() != end.astimezone(self.zone).utcoffset():
                yield self._moved(begin, end)

    def _moment(self, clock: datetime, fold: int = 0) -> datetime:
        return clock.replace(tzinfo=self.zone, fold=fold).astimezone(UTC)

    def _moments(self, clock: datetime) -> Iterator[datetime]:
        """When the wall's clock shows this: twice in an hour that comes twice, never in one that is left out."""
        for moment in {self._moment(clock, fold) for fold in (0, 1)}:
            if self.shows(moment) == clock:
                yield moment

    def _moved(self, begin: datetime, end: datetime) -> datetime:
        """The second at which the clock is moved."""
        before = begin.astimezone(self.zone).utcoffset()
        low, high = 0, int((end - begin).total_seconds())
        while high - low > 1:
            middle = (low + high) // 2
            same = (begin + timedelta(seconds=middle)).astimezone(self.zone).utcoffset() == before
            low, high = (middle, high) if same else (low, middle)
        return begin + timedelta(seconds=high)


def calendars(client: Client, sites: Iterable[str | None]) -> tuple[Calendar, ...]:
    """Those that bind a change of devices at ``sites``: the client's, and that of each site which has its own."""
    names = set(sites)
    chosen = [
        (name, client.sites[name]) for name in sorted(n for n in names if n is not None and n in client.sites)
    ]
    uncovered = len(chosen) < len(names) or any(not site.maintenance_windows for _, site in chosen)
    found = [
        Calendar(
            f"client {client.id}",
            ZoneInfo(client.timezone),
            client.maintenance_windows if uncovered else (),
            client.freezes,
        )
    ]
    found += [
        Calendar(
            f"site {name}", ZoneInfo(site.timezone or client.timezone), site.maintenance_windows, site.freezes
        )
        for name, site in chosen
    ]
    return tuple(calendar for calendar in found if calendar.windows or calendar.freezes)


def next_opening(bound: Iterable[Calendar], after: datetime) -> datetime | None:
    """The first moment later than ``after`` that all calendars allow; None where the horizon has none."""
    every = tuple(bound)
    turns = sorted({turn for calendar in every for turn in calendar.turns(after)})
    return next((turn for turn in turns if turn > after and all(c.allows(turn) for c in every)), None)


def calendar_refusals(client: Client, sites: Iterable[str | None], at: datetime) -> tuple[Refusal, ...]:
    """What of windows and freezes stands against a change of devices at ``sites`` at that time."""
    bound = calendars(client, sites)
    found = []
    for calendar in bound:
        if freeze := calendar.freeze(at):
            days = f"from {freeze.from_} to {freeze.to}" if freeze.from_ != freeze.to else f"on {freeze.to}"
            found.append(("freeze", f"{calendar.whose} is frozen {days}: {freeze.reason}"))
    for calendar in bound:
        if calendar.windows and not calendar.window(at):
            found.append(
                ("window", f"no maintenance window of {calendar.whose} is open at {_said(at, calendar)}")
            )
    remedy = _remedy(bound, at, ZoneInfo(client.timezone)) if found else ""
    return tuple(Refusal(gate=gate, reason=reason, remedy=remedy) for gate, reason in found)


def _remedy(bound: tuple[Calendar, ...], at: datetime, zone: ZoneInfo) -> str:
    opening = next_opening(bound, at)
    if opening is None:
        return "no time within a year fits all of these sites: change them apart (--site, -l), or --break-glass REASON"
    open_then = [f"{window.name} of {c.whose}" for c in bound if (window := c.window(opening))]
    which = f" (window {', '.join(open_then)})" if open_then else ""
    local = opening.astimezone(zone)
    return f"wait until {local:%A} {local.isoformat(timespec='minutes')}{which}, or --break-glass REASON"


def _said(moment: datetime, calendar: Calendar) -> str:
    local = moment.astimezone(calendar.zone)
    return f"{local:%A} {local.isoformat(timespec='minutes')}"
