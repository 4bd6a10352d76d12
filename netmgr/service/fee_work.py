"""Work: hours that are included, hours beyond them by their rates, travel, calls (pure).

An entry belongs to the day on which it begins, and is judged whole by the version in force then. What of it lies in
service hours and what does not are two parts; each is rounded up to the step of its rate, but where both have one rate
the entry is rounded once.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from netmgr.model.billing import Worked
from netmgr.model.invoice import HoursUsed, InvoiceLine, Uncharged, Unit
from netmgr.service.calendar import worked
from netmgr.service.fee_hours import IncludedHours
from netmgr.service.fee_lines import line
from netmgr.service.fee_terms import Terms, judging

When = Literal["working", "outside"]
#: Work without a rate is counted in steps of so many minutes.
_STEP = 1


class Part(NamedTuple):
    """Minutes of one entry, rounded up, and the place of their rate in the schedule."""

    when: When
    minutes: int
    rate: int | None


def rate_of(terms: Terms, entry: Worked, when: When) -> int | None:
    """The place of the rate that an entry's work at this time of day is paid by; None where there is none."""
    found = [
        ((rate.rate_class is None, not rate.services, rate.when == "any", index), index)
        for index, rate in enumerate(terms.fees.rates)
        if rate.rate_class in (None, entry.rate_class)
        and (not rate.services or entry.service in rate.services)
        and rate.when in ("any", when)
    ]
    return min(found)[1] if found else None


def parts(terms: Terms, entry: Worked) -> tuple[Part, ...]:
    """What of the entry was in service hours, and what was not."""
    working = worked(terms.hours, entry.begin, entry.end)
    outside = entry.seconds - working
    own, other = rate_of(terms, entry, "working"), rate_of(terms, entry, "outside")
    if own == other:
        whole = _rounded(terms, own, entry.seconds)
        first = _rounded(terms, own, working)
        minutes = {"working": first, "outside": whole - first}
    else:
        minutes = {
            "working": _rounded(terms, own, working),
            "outside": _rounded(terms, other, outside),
        }
    found = (Part("working", minutes["working"], own), Part("outside", minutes["outside"], other))
    return tuple(part for part in found if part.minutes)


def _rounded(terms: Terms, rate: int | None, seconds: int) -> int:
    step = _STEP if rate is None else terms.fees.rates[rate].step
    return -(-seconds // (step * 60)) * step


@dataclass(slots=True)
class Work:
    """What the work of a period comes to."""

    lines: list[InvoiceLine]
    hours: tuple[HoursUsed, ...]
    uncharged: list[Uncharged]


#: Version, what it is paid as (0 work, 1 travel, 2 a call), the rate's place or the way, the time of day.
_Key = tuple[int, int, Any, When | None]


class _Counts:
    """Quantities by what they are paid as, with their entries."""

    def __init__(self, versions: Sequence[Terms]) -> None:
        self._versions = versions
        self.hours = IncludedHours(versions)
        self.amounts: dict[_Key, Decimal] = defaultdict(Decimal)
        self.evidence: dict[_Key, list[int]] = defaultdict(list)
        self.uncharged: list[Uncharged] = []

    def count(self, entry: Worked, *, now: bool) -> None:
        """Entries come in the order in which they use included hours up; only those of ``now`` are charged."""
        terms = judging(self._versions, entry.begin)
        if terms is None or not entry.billable:
            if now:
                self._leave(entry, -(-entry.seconds // 60), "no_rate" if entry.billable else "not_billable")
            return
        unpaid = 0
        for part in parts(terms, entry):
            left = part.minutes
            for item in terms.fees.included:
                if not item.services or entry.service in item.services:
                    left -= self.hours.of(item, terms.day(entry.begin)).take(left, entry.seq, now=now)
            if part.rate is None:
                unpaid += left
            elif now:
                self._add((terms.version, 0, part.rate, part.when), left, entry.seq)
        if now:
            self._leave(entry, unpaid, "no_rate")
            self._beside(terms, entry)

    def _add(self, key: _Key, amount: Decimal | int, seq: int) -> None:
        if amount:
            self.amounts[key] += amount
            self.evidence[key].append(seq)

    def _leave(self, entry: Worked, minutes: int, why: Literal["not_billable", "no_rate"]) -> None:
        if minutes:
            self.uncharged.append(Uncharged(seq=entry.seq, minutes=minutes, why=why))

    def _beside(self, terms: Terms, entry: Worked) -> None:
        """Travel, and being called outside service hours."""
        if entry.travel is not None:
            amounts = {
                "hour": Decimal(entry.travel.minutes),
                "kilometre": entry.travel.kilometres,
                "flat": Decimal(1),
            }
            for way in terms.fees.travel:
                self._add((terms.version, 1, way, None), amounts[way], entry.seq)
        called = entry.called_out and not worked(terms.hours, entry.begin, entry.begin + 1)
        if called and terms.fees.call_out is not None:
            self._add((terms.version, 2, None, None), 1, entry.seq)


def work(
    versions: Sequence[Terms],
    first: date,
    last: date,
    entries: Iterable[Worked],
    billed: Iterable[Worked],
    digits: int,
) -> Work:
    """Bill ``entries``. Those in ``billed`` have been before: they used included hours of the same months and years."""
    counts = _Counts(versions)
    counts.hours.begin(first, last)
    for entry in sorted(billed, key=_order):
        counts.count(entry, now=False)
    for entry in sorted(entries, key=_order):
        counts.count(entry, now=True)
    by_version = {terms.version: terms for terms in versions}
    in_order = sorted(counts.amounts.items(), key=lambda each: (*each[0][:2], *map(str, each[0][2:])))
    lines = [
        _line(by_version[key[0]], key, amount, counts.evidence[key], (first, last), digits)
        for key, amount in in_order
    ]
    return Work(lines, tuple(counts.hours.report(first, last)), counts.uncharged)


def _order(entry: Worked) -> tuple[int, int]:
    return entry.begin, entry.seq


def _line(
    terms: Terms,
    key: _Key,
    amount: Decimal,
    evidence: Iterable[int],
    period: tuple[date, date],
    digits: int,
) -> InvoiceLine:
    _, kind, which, when = key
    fees = terms.fees
    within = terms.within(*period) or period
    same: dict[str, Any] = {"first": within[0], "last": within[1], "evidence": evidence}
    if kind == 0:
        rate = fees.rates[which]
        return line(
            terms,
            digits,
            key=f"work.{which}.{when}.v{terms.version}",
            kind="work",
            price=rate.amount,
            tax=fees.taxed(rate.tax),
            services=rate.services,
            rate_class=rate.rate_class,
            when=when,
            **_hours(amount),
            **same,
        )
    if kind == 1:
        way: Mapping[str, Mapping[str, Any]] = {
            "hour": _hours(amount),
            "kilometre": {"quantity": amount, "base": 1, "unit": "kilometre"},
            "flat": {"quantity": amount, "base": 1, "unit": "time"},
        }
        return line(
            terms,
            digits,
            key=f"travel.{which}.v{terms.version}",
            kind="travel",
            price=fees.travel[which],
            tax=fees.tax,
            way=which,
            **way[which],
            **same,
        )
    return line(
        terms,
        digits,
        key=f"call_out.v{terms.version}",
        kind="call_out",
        price=fees.call_out or "0",
        tax=fees.tax,
        quantity=amount,
        base=1,
        unit="time",
        **same,
    )


def _hours(minutes: Decimal) -> Mapping[str, Any]:
    """In hours where two decimals say them exactly, in minutes otherwise: the sum is the same."""
    unit: Unit = "minute"
    if minutes % Decimal("0.6") == 0:
        return {"quantity": minutes / 60, "base": 1, "unit": "hour"}
    return {"quantity": minutes, "base": 60, "unit": unit}
