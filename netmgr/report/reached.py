"""The availability that is promised: of which devices, over which months or quarters, and what probes say (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from netmgr.model.agreement_levels import Availability as Promised
from netmgr.model.entry import Entry
from netmgr.model.scope import fits
from netmgr.model.stretch import day_of, midnight
from netmgr.report.availability import availability_together
from netmgr.report.service_facts import InForce, Reached, ServiceFacts
from netmgr.service.fee_terms import around

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """One month or quarter, the days ``first`` to ``last``, by the version in force at its begin."""

    version: InForce
    promised: Promised
    first: date
    last: date
    zone: str

    @property
    def begins(self) -> datetime:
        """Its first moment."""
        return midnight(self.first, self.zone)

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return midnight(self.last + _DAY, self.zone)


def spans(holding: Sequence[InForce]) -> tuple[Span, ...]:
    """Every month or quarter that reaches into the period, by the version that holds when it begins there."""
    found: list[Span] = []
    for number, version in enumerate(holding):
        zone, promised = version.agreement.timezone, version.agreement.promises.availability
        if promised is None:
            continue
        day = day_of(version.begins, zone)
        # A day that is not over says nothing.
        while midnight(day + _DAY, zone) <= version.ends:
            first, last = around(day, promised.per)
            begun_before = number > 0 and midnight(first, zone) < version.begins
            if not begun_before:
                found.append(Span(version, promised, first, last, zone))
            day = last + _DAY
    return tuple(found)


def reached(span: Span, facts: ServiceFacts, entries: Iterable[Entry]) -> Reached:
    """All devices that it is promised of together, each on the days on which it was looked after.

    ``entries`` are those of probes. Days before the agreement are not promised.
    """
    days: list[tuple[str, date, date]] = []
    coverage, since = span.version.agreement.coverage.devices, span.version.since
    told = tuple(entries)
    for thing in facts.looked_after:
        meant = not span.promised.devices or fits(thing.name, span.promised.devices)
        first = max(span.first, thing.first, day_of(since, span.zone))
        last = min(span.last, thing.last, day_of(facts.until - timedelta(seconds=1), span.zone))
        if meant and thing.unit == "device" and first <= last and coverage.covers(thing):
            days.append((thing.name, first, last))
    seqs = tuple(
        entry.seq
        for entry in told
        if entry.action == "digest"
        and span.first.isoformat() <= str(entry.facts.get("day")) <= span.last.isoformat()
    )
    return Reached(
        begins=span.begins,
        ends=span.ends,
        over=span.ends <= facts.until,
        sums=availability_together(told, days, span.zone, facts.until),
        target=Decimal(span.promised.target),
        version=span.version.version,
        seqs=seqs,
    )
