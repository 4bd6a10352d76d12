"""Levels that were missed in a period, as the log tells it: of tickets, and of the devices' availability."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from netmgr.model.agreement import Agreement
from netmgr.model.bill import Billed, OpenPoint
from netmgr.model.billing import LookedAfter, Miss
from netmgr.model.entry import Entry
from netmgr.model.record import Folded, Record
from netmgr.model.scope import fits
from netmgr.model.stretch import midnight
from netmgr.model.ticket import UNSOLVED
from netmgr.report.availability import availability_together
from netmgr.report.period import Period
from netmgr.service.billable_work import day_of
from netmgr.service.desk import moment
from netmgr.service.fee_credits import promised
from netmgr.service.fee_terms import Terms, around, on
from netmgr.service.missed import missed
from netmgr.service.targets import levels_of
from netmgr.service.ticket_record import KIND, PROJECTION
from netmgr.service.verdict import Judge
from netmgr.service.versions import AgreementHistory, SignedVersion
from netmgr.workflows.billing_log import BillingLog

_DAY = timedelta(days=1)


class TicketLevels:
    """Misses of tickets. A version's levels are laid out once for all of them."""

    def __init__(
        self, log: BillingLog, known: AgreementHistory, content: Mapping[str, Agreement], zone: str
    ) -> None:
        self._log, self._known, self._content, self._zone = log, known, content, zone
        self._judges: dict[int, Judge] = {}
        self.open: list[OpenPoint] = []

    def missed(self, first: date, last: date, billed: Billed) -> Iterator[Miss]:
        """Those of the days from ``first`` to ``last``, as far as they are over."""
        begin, until = (_second(day, self._zone) for day in (first, last + _DAY))
        end = min(until, int(self._log.now.timestamp()))
        billed_until = _second(billed.until + _DAY, self._zone) if billed.until else -1
        for record in self._records(self._log.before(midnight(first, self._zone))):
            opened = int(record.document["opened"])
            version = self._known.in_force(moment(opened))
            if version is None or end <= begin:
                continue
            judge = self._judge(version)
            try:
                found = tuple(missed(record.document, judge, begin, end, billed, billed_until=billed_until))
            except ValueError:  # another desk's history that cannot be, or a priority that is not promised
                continue
            for one in found:
                if one.late and promised(self._content[version.digest].fees, one.miss) is None:
                    continue
                if one.late:
                    day = day_of(opened, self._zone)
                    self.open.append(OpenPoint("missed_late", record.key, day, one.miss.evidence))
                else:
                    yield one.miss

    def _judge(self, version: SignedVersion) -> Judge:
        if version.seq not in self._judges:
            agreement = self._content[version.digest]
            levels = levels_of(agreement.levels, agreement.calendar)
            self._judges[version.seq] = Judge(version.version, levels, agreement.timezone)
        return self._judges[version.seq]

    def _records(self, after: int) -> Iterator[Record]:
        """Tickets of which something was recorded since, and those that are not over; each as it was at the cut."""
        cut = self._log.cut
        for record in self._log.records.touched(self._log.client, KIND, after=after, states=UNSOLVED):
            found = record if record.seq <= cut else self._folded(record.key)
            if found is not None and (found.seq > after or found.state in UNSOLVED):
                yield found

    def _folded(self, key: str) -> Record | None:
        made: Folded | None = None
        seq = 0
        for entry in self._log.ticket(key, KIND):
            made, seq = PROJECTION.fold(made and made.document, entry), entry.seq
        return None if made is None else Record(KIND, key, made.number, made.state, seq, made.document)


def availability_missed(
    log: BillingLog,
    versions: Sequence[Terms],
    content: Mapping[int, Agreement],
    days: tuple[date, date],
    things: Iterable[LookedAfter],
) -> tuple[list[Miss], list[OpenPoint]]:
    """Of each month or quarter for which it is promised and that ends on one of the ``days``.

    Of the agreement's last one, what of it is in its term. Too few samples are neither kept nor missed.
    """
    misses: list[Miss] = []
    open_: list[OpenPoint] = []
    things = tuple(things)
    for period, terms in _promised(versions, content, days):
        promise = content[terms.version].promises.availability
        if promise is None or period.end > log.now:
            continue
        covered = content[terms.version].coverage.devices
        promised = [
            (one.name, max(one.first, period.first), min(one.last, period.last))
            for one in things
            if one.unit == "device"
            and one.first <= period.last
            and period.first <= one.last
            and covered.covers(one)
            and (not promise.devices or fits(one.name, promise.devices))
        ]
        if not promised:
            continue
        entries = tuple(log.of("probe", after=log.before(period.start)))
        made = availability_together(entries, promised, period.zone, period.end)
        evidence = _digests(entries, period)
        if not made.measured:
            open_.append(OpenPoint("not_measured", "availability", period.last, evidence))
        elif Decimal(made.up) * 100 < Decimal(promise.target) * (made.up + made.down):
            judged = int(period.start.timestamp())
            misses.append(Miss(level="availability", judged=judged, evidence=evidence))
    return misses, open_


def _promised(
    versions: Sequence[Terms], content: Mapping[int, Agreement], days: tuple[date, date]
) -> Iterator[tuple[Period, Terms]]:
    first, last = days
    if not versions:
        return
    ends = versions[-1].last
    for per in ("month", "quarter"):
        day = first
        while day <= last:
            whole = around(day, per)
            begin, end = max(whole[0], versions[0].first), min(whole[1], ends or whole[1])
            terms = on(versions, begin)
            promise = content[terms.version].promises.availability if terms else None
            if terms and promise and promise.per == per and max(begin, first) <= end <= last:
                yield Period(begin, end, terms.zone), terms
            day = whole[1] + _DAY


def _digests(entries: Iterable[Entry], period: Period) -> tuple[int, ...]:
    days = {day.isoformat() for day in period.days}
    return tuple(
        entry.seq for entry in entries if entry.action == "digest" and entry.facts.get("day") in days
    )


def _second(day: date, zone: str) -> int:
    return int(midnight(day, zone).timestamp())
