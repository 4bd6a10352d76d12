"""A ticket's clocks → how each of its levels was kept: what a report counts, and what an invoice credits (pure).

A level of a ticket is missed once at most. It is looked at where a calendar month ends, and where the days end that are
asked about; missed it is by the first of these ends at which its clock says so. That the ticket has another priority
later takes nothing back, and adds nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from netmgr.model.record import Document
from netmgr.model.stretch import day_of, midnight
from netmgr.model.ticket_clock import Event, TicketClock
from netmgr.service.clock import ticket_clock
from netmgr.service.course import Level
from netmgr.service.desk import moment
from netmgr.service.due import Left, TargetName, targets
from netmgr.service.fee_terms import around
from netmgr.service.ticket_record import events

LEVELS: Final[tuple[TargetName, ...]] = ("response", "resolution")
_MISSED: Final = ("missed", "overdue")
_DAY: Final = timedelta(days=1)


class Judge(NamedTuple):
    """A signed version as it judges the tickets that were opened while it held. Months are those of ``zone``."""

    version: int
    levels: Mapping[str, Level]
    zone: str


class Decided(NamedTuple):
    """A level was missed ``by`` the end of a month, or of the days asked about: of which priority it was then.

    ``evidence`` are the entries of the ticket up to that end.
    """

    by: int
    priority: str
    evidence: tuple[int, ...]


class Verdict(NamedTuple):
    """One level of a ticket at the end of the days asked about. Moments are seconds since the epoch.

    ``left`` says how it stands, ``priority`` whose target that is, ``at`` when somebody answered or it was resolved.
    ``counts``: it was decided in these days, or is not decided yet. ``missed`` is also of what was missed earlier.
    """

    level: TargetName
    priority: str
    left: Left
    at: int | None
    counts: bool
    missed: Decided | None
    evidence: tuple[int, ...]

    @property
    def is_missed(self) -> bool:
        """Whether these days miss it."""
        return self.counts and self.missed is not None


class Judged(NamedTuple):
    """A ticket's clocks at the end, and what became of each level that is promised for it."""

    version: int
    clock: TicketClock
    verdicts: tuple[Verdict, ...]


def judged(document: Document, judge: Judge, begin: int, end: int) -> Judged | None:
    """A ticket in [``begin``, ``end``); None for one that was opened later. Raises ValueError as ``ticket_clock``."""
    happened, opened = events(document), int(document["opened"])
    if not happened or opened >= end:
        return None
    clocks: dict[int, TicketClock] = {}

    def clock(at: int) -> TicketClock:
        if at not in clocks:
            clocks[at] = ticket_clock(happened, judge.levels, at)
        return clocks[at]

    found = (_verdict(level, document, happened, judge.zone, (begin, end), clock) for level in LEVELS)
    return Judged(judge.version, clock(end), tuple(each for each in found if each is not None))


def _verdict(
    level: TargetName,
    document: Document,
    happened: Sequence[Event],
    zone: str,
    days: tuple[int, int],
    clock: Callable[[int], TicketClock],
) -> Verdict | None:
    begin, end = days
    now = _left(clock(end), level)
    missed: Decided | None = None
    # Time that was used stays used: only another target can make good what was missed.
    if _is_missed(now) or any(event.what == "prioritised" for event in happened):
        ends = _ends(int(document["opened"]), begin, end, zone)
        if (by := next((at for at in ends if _is_missed(_left(clock(at), level))), None)) is not None:
            missed = Decided(by, _priority(clock(by), level), _until(document, by))
    at = clock(end).response.at if level == "response" else clock(end).resolution.at
    if missed is None:
        if now is None:
            return None
        counts = now.state != "met" or at is None or at >= begin
        return Verdict(level, _priority(clock(end), level), now, at, counts, None, _until(document, end))
    counts = missed.by > begin
    # Of what was made good within these days, the end tells that missed it.
    left = now if _is_missed(now) or not counts else _left(clock(missed.by), level)
    if left is None:
        return None
    if counts:
        return Verdict(level, missed.priority, left, at, True, missed, missed.evidence)
    return Verdict(level, _priority(clock(end), level), left, at, False, missed, _until(document, end))


def _left(clock: TicketClock, level: TargetName) -> Left | None:
    return next((left for left in targets(clock) if left.target == level), None)


def _is_missed(left: Left | None) -> bool:
    return left is not None and left.state in _MISSED


def _priority(clock: TicketClock, level: TargetName) -> str:
    return clock.response.priority if level == "response" else clock.priority


def _ends(opened: int, begin: int, end: int, zone: str) -> Iterator[int]:
    """Where months end after the opening, and where the days before those asked about do, and these; in order."""
    found = {at for at in (begin, end) if opened < at}
    last = around(day_of(moment(opened), zone), "month")[1]
    while (at := int(midnight(last + _DAY, zone).timestamp())) < end:
        found.add(at)
        last = around(last + _DAY, "month")[1]
    yield from sorted(found)


def _until(document: Document, at: int) -> tuple[int, ...]:
    return tuple(sorted({int(row[6]) for row in document["events"] if row[1] <= at}))
