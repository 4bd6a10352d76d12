"""Which version's fees hold on which days, and the months, quarters and years that fees are for (pure)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from netmgr.model.agreement import Agreement
from netmgr.model.agreement_fees import Fees, Per
from netmgr.model.agreement_scope import Coverage
from netmgr.model.stretch import midnight
from netmgr.service.calendar import Hours, ServiceHours
from netmgr.service.versions import AgreementHistory, bounds

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Terms:
    """A signed version as fees are counted by it.

    From ``first`` on it judges what is done. Its fees for days run until ``last``, the day before the next version or
    the end of the agreement's term; None where neither is known. Work after that (the time in which everything is
    handed over) is still paid by its rates. ``seq`` is the entry of the signature.
    """

    version: int
    first: date
    last: date | None
    fees: Fees
    hours: Hours
    zone: str
    seq: int
    coverage: Coverage | None = None
    """What is covered; everything where it is not said."""

    def day(self, moment: int) -> date:
        """The day of a moment, in whole seconds since the epoch, on the agreement's clocks."""
        return (_EPOCH + timedelta(seconds=moment)).astimezone(ZoneInfo(self.zone)).date()

    def within(self, first: date, last: date) -> tuple[date, date] | None:
        """Those of the days for which its fees run, the first and the last; None for none."""
        begin, end = max(first, self.first), min(last, self.last or last)
        return (begin, end) if begin <= end else None


def terms(known: AgreementHistory, content: Mapping[str, Agreement], until: date) -> tuple[Terms, ...]:
    """Every version that begins by ``until``, oldest first. ``content`` has each version by its digest.

    A version whose day is not before that of one signed later never held: it is left out. ``known`` is what was known
    at the moment that the invoice is made as of (``AgreementHistory.known``).
    """
    found: list[Terms] = []
    following: date | None = None
    for signed in reversed(known.versions):
        agreement = content[signed.digest]
        zone = agreement.timezone
        begins = signed.begins.astimezone(ZoneInfo(zone)).date()
        if begins > until or (following is not None and begins >= following):
            continue
        term = bounds(agreement.term, zone, midnight(until + _DAY, zone))
        last = term.ends.astimezone(ZoneInfo(zone)).date() - _DAY if term.ends is not None else None
        if following is not None:
            last = min(last or following, following - _DAY)
        found.append(
            Terms(
                version=signed.version,
                first=max(begins, agreement.term.from_),
                last=last,
                fees=agreement.fees,
                hours=ServiceHours(agreement.calendar),
                zone=zone,
                seq=signed.seq,
                coverage=agreement.coverage,
            )
        )
        following = begins
    return tuple(reversed(found))


def judging(versions: Sequence[Terms], moment: int) -> Terms | None:
    """The version in force at a moment; None before the first."""
    return next((one for one in reversed(versions) if one.first <= one.day(moment)), None)


def on(versions: Sequence[Terms], day: date) -> Terms | None:
    """The version in force on a day; None before the first."""
    return next((one for one in reversed(versions) if one.first <= day), None)


_MONTHS: Mapping[Per, int] = {"month": 1, "quarter": 3, "year": 12}


def around(day: date, per: Per) -> tuple[date, date]:
    """The first and the last day of the calendar's month, quarter or year that a day is in."""
    months = _MONTHS[per]
    begin = (day.month - 1) // months * months
    after = begin + months
    return date(day.year, begin + 1, 1), date(day.year + after // 12, after % 12 + 1, 1) - _DAY


def days(first: date, last: date) -> int:
    """How many days these are, both counted."""
    return (last - first).days + 1


@dataclass(frozen=True, slots=True)
class Piece:
    """Days of one version within one month, quarter or year that has ``base`` days."""

    terms: Terms
    first: date
    last: date
    base: int


def pieces(terms: Terms, first: date, last: date, per: Per) -> Iterator[Piece]:
    """The days of the version among these, cut where a month, quarter or year ends."""
    within = terms.within(first, last)
    if within is None:
        return
    begin, end = within
    while begin <= end:
        whole = around(begin, per)
        piece = Piece(terms, begin, min(end, whole[1]), days(*whole))
        yield piece
        begin = piece.last + _DAY
