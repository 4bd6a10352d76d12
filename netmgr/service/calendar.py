"""Working time: how much of it lies between two moments, and when so much of it is over.

Moments are whole seconds since the epoch (UTC), spans are half-open. What counts is what a clock on the wall shows in
the calendar's time zone: a spell from 02:00 to 03:00 has no second on the day when clocks are put forward over it, and
is worked twice, two hours of it, on the day when that hour comes twice.

A calendar is laid out once, year by year as it is asked for, in sorted lists; each question is then two bisections.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from netmgr.model.service_calendar import DAYS, ServiceCalendar, minutes

#: The time that can be asked about.
FIRST_YEAR, LAST_YEAR = 1970, 2099

_DAY = 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Span = tuple[int, int]
Spans = list[Span]


class Hours(Protocol):
    """The hours in which a target is counted."""

    def counted(self, spans: Sequence[Span], target: int, /) -> tuple[int, int, int]:
        """The working seconds within the spans, those of the whole time from the begin of the first to the end of the
        last, and when ``target`` of those within have passed, as if time went on after the last span.

        There is one span at least, and they are sorted. A target of 0 has no such moment, and 0 stands for it. Raises
        ValueError for moments before 1970, and where there are not so many working seconds before 2100.
        """

    def provisional(self, begin: int, end: int, /) -> bool:
        """Whether what is said of [begin, end) may change: some of it lies in a year that is not frozen, or was not
        final when it was frozen.
        """


def worked(hours: Hours, begin: int, end: int) -> int:
    """Working seconds in [begin, end)."""
    return hours.counted([(begin, end)], 0)[0]


def add(hours: Hours, start: int, seconds: int) -> int:
    """The first moment at which so many working seconds have passed since ``start``."""
    return hours.counted([(start, start)], seconds)[2] if seconds else start


class _Always:
    """Round the clock."""

    def counted(self, spans: Sequence[Span], target: int) -> tuple[int, int, int]:
        used = due = 0
        for begin, end in spans:
            if used < target <= used + end - begin:
                due = begin + target - used
            used += end - begin
        whole = spans[-1][1] - spans[0][0]
        return used, whole, due if target <= used else spans[-1][1] + target - used

    def provisional(self, _begin: int, _end: int) -> bool:
        return False


ALWAYS: Hours = _Always()
"""Every second of every day."""


class _Table(NamedTuple):
    """A calendar laid out over [low, high): for each span of work, sorted, when it begins, how many working seconds
    have elapsed at its end, and what makes of a moment within it the seconds elapsed then.

    The first span is an empty one at ``low``, so that something begins before every moment.
    """

    low: int
    high: int
    begins: list[int]
    totals: list[int]
    shifts: list[int]
    uncertain: Spans


class ServiceHours:
    """The hours of a service calendar."""

    def __init__(self, calendar: ServiceCalendar) -> None:
        self._calendar = calendar
        self._zone = ZoneInfo(calendar.timezone)
        self._table = _Table(0, 0, [], [], [], [])
        self._certain = (0, 0)
        # The table once more: taking a plain tuple apart costs a third of what a named one's does.
        self._laid: tuple[int, int, list[int], list[int], list[int]] = self._table[:-1]

    def counted(self, spans: Sequence[Span], target: int) -> tuple[int, int, int]:
        """The working seconds within the spans, of the whole, and the end of the target, as ``Hours`` says it."""
        low, high, begins, totals, shifts = self._laid
        if spans[0][0] < low or spans[-1][1] >= high:
            self._reach(spans[0][0])
            self._reach(spans[-1][1])
            _, _, begins, totals, shifts = self._laid
        used = due = after = 0
        first = -1
        # An evaluation of all tickets is spent here, where calls of min would cost as much as bisecting.
        for begin, end in spans:
            at = bisect_right(begins, begin) - 1
            before, total = begin + shifts[at], totals[at]
            if before > total:  # noqa: PLR1730
                before = total
            at = bisect_right(begins, end, at) - 1
            after, total = end + shifts[at], totals[at]
            if after > total:  # noqa: PLR1730
                after = total
            worked = after - before
            if used < target <= used + worked:
                due = self._moment(before + target - used)
            if first < 0:
                first = before
            used += worked
        if used < target:
            due = self._moment(after + target - used)
        return used, after - first, due

    def provisional(self, begin: int, end: int) -> bool:
        """Whether some of [begin, end) lies in a year that is not frozen, or was not final then."""
        first, last = self._certain
        if first <= begin and end < last:
            return False
        if not self._calendar.holidays:
            return False
        self._reach(begin)
        self._reach(end)
        return any(first < end and begin < last for first, last in self._table.uncertain)

    def spans(self, begin: int, end: int) -> Spans:
        """Every span of work within [begin, end), sorted, apart from each other."""
        self._reach(begin)
        self._reach(end)
        table = self._table
        return [
            (max(first, begin), min(total - shift, end))
            for first, total, shift in zip(table.begins, table.totals, table.shifts, strict=True)
            if first < end and total - shift > max(first, begin)
        ]

    def _moment(self, elapsed: int) -> int:
        """The first moment at which so many working seconds have elapsed."""
        while elapsed > self._table.totals[-1]:
            low, high = self._table.low, self._table.high
            self._reach(max(high, min(high + high - low, _begin(LAST_YEAR + 1) - 1)))
        at = bisect_left(self._table.totals, elapsed)
        return elapsed - self._table.shifts[at]

    def _reach(self, moment: int) -> None:
        """Lay the calendar out so far that the moment lies within."""
        table = self._table
        if table.low <= moment < table.high:
            return
        first = last = _year(moment)
        if table.high:
            first, last = min(first, _year(table.low)), max(last, _year(table.high - 1))
        if first < FIRST_YEAR or last > LAST_YEAR:
            raise ValueError(f"there is no such working time between {FIRST_YEAR} and {LAST_YEAR}")
        self._table = table = self._laid_out(first, last)
        self._laid = table[:-1]
        gaps = pairwise([(table.low, table.low), *table.uncertain, (table.high, table.high)])
        self._certain = max(((one[1], other[0]) for one, other in gaps), key=lambda span: span[1] - span[0])

    def _laid_out(self, first: int, last: int) -> _Table:
        low, high = _begin(first), _begin(last + 1)
        zone = list(_offsets(self._zone, low, high))
        spans = _in_utc(self._local(first, last), zone)
        total = 0
        table = _Table(low, high, [low], [0], [-low], [])
        for begin, end in spans:
            table.begins.append(begin)
            table.shifts.append(total - begin)
            total += end - begin
            table.totals.append(total)
        certain = self._calendar.certain_years
        open_years = [year for year in range(first - 1, last + 2) if year not in certain]
        table.uncertain.extend(_in_utc([(_begin(year), _begin(year + 1)) for year in open_years], zone))
        return table

    def _local(self, first: int, last: int) -> Spans:
        """Spans of work as clocks on the wall show them, in seconds since 1970 there: the years and a bit."""
        week = [tuple(map(minutes, self._calendar.hours.of(day))) for day in DAYS]
        others = {day: tuple(map(minutes, spells)) for day, spells in self._calendar.exceptions().items()}
        found: Spans = []
        for number in range(_begin(first) // _DAY - 2, _begin(last + 1) // _DAY + 2):
            day = date(1970, 1, 1) + timedelta(days=number)
            for begin, end in others.get(day, week[day.weekday()]):
                found.append((number * _DAY + begin * 60, number * _DAY + end * 60))
        return _merged(sorted(found))


def _begin(year: int) -> int:
    return (date(year, 1, 1) - date(1970, 1, 1)).days * _DAY


def _year(moment: int) -> int:
    try:
        return (_EPOCH + timedelta(seconds=moment)).year
    except OverflowError:
        raise ValueError(f"{moment} s since 1970 is no moment of this time") from None


def _offset(zone: ZoneInfo, moment: int) -> int:
    offset = (_EPOCH + timedelta(seconds=moment)).astimezone(zone).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def _offsets(zone: ZoneInfo, low: int, high: int) -> Iterator[tuple[int, int, int]]:
    """The stretches of [low, high) in which the zone's clocks are not set: begin, end, seconds ahead of UTC.

    Clocks are looked at once a day: no zone has ever set them there and back within one.
    """
    begin, ahead = low, _offset(zone, low)
    for one, other in pairwise([*range(low, high, _DAY), high]):
        while ahead != _offset(zone, other):
            still, changed = max(one, begin), other
            while changed - still > 1:
                middle = (still + changed) // 2
                still, changed = (middle, changed) if _offset(zone, middle) == ahead else (still, middle)
            yield begin, changed, ahead
            begin, ahead = changed, _offset(zone, changed)
    yield begin, high, ahead


def _in_utc(local: Spans, zone: Iterable[tuple[int, int, int]]) -> Spans:
    """When the zone's clocks show the spans: a span that is skipped is nowhere, one that comes twice is there twice."""
    found: Spans = []
    at = 0
    for begin, end, ahead in zone:
        # Clocks that were set back show again what was left behind: at most a day.
        while at and local[at - 1][1] > begin + ahead:
            at -= 1
        while at < len(local) and local[at][0] < end + ahead:
            first, last = max(local[at][0] - ahead, begin), min(local[at][1] - ahead, end)
            if first < last:
                found.append((first, last))
            at += 1
    return _merged(found)


def _merged(spans: Iterable[tuple[int, int]]) -> Spans:
    """Sorted spans without those that overlap or touch."""
    found: Spans = []
    for begin, end in spans:
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found
