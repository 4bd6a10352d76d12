"""Hours of work against those that the fees include, period by period; and what a plan hears of it (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from netmgr.model.agreement import Agreement
from netmgr.model.agreement_fees import HoursIncluded, Per
from netmgr.model.agreement_scope import ServiceKind
from netmgr.model.billing import Worked
from netmgr.model.change import Refusal
from netmgr.model.stretch import midnight
from netmgr.model.time_entry import TimeEntry
from netmgr.service.fee_hours import IncludedHours
from netmgr.service.fee_terms import Terms, around, judging
from netmgr.service.fee_work import parts

GATE: Final = "hours"


class Period(NamedTuple):
    """Whole days ``first`` to ``last`` on the agreement's clocks; [begin, end) in seconds since the epoch."""

    first: date
    last: date
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Used:
    """What of one line of ``fees.included`` (``number`` from 0 on) is used in its period, in seconds.

    ``included`` is by the day where the version is not in force for the whole period.
    ``used`` is never more than ``included``; ``over`` is what was worked beyond, in the line that came last for it.
    """

    number: int
    item: HoursIncluded
    period: Period
    included: int
    used: int
    over: int

    @property
    def exhausted(self) -> bool:
        """Whether nothing is left."""
        return self.used >= self.included


def period(agreement: Agreement, per: Per, at: datetime) -> Period:
    """The calendar month, quarter or year that holds the moment."""
    day = at.astimezone(ZoneInfo(agreement.timezone)).date()
    return _period(*around(day, per), agreement.timezone)


def _period(first: date, last: date, zone: str) -> Period:
    begin, end = (int(midnight(day, zone).timestamp()) for day in (first, last + timedelta(days=1)))
    return Period(first, last, begin, end)


def used(versions: Sequence[Terms], entries: Iterable[TimeEntry], at: datetime) -> tuple[Used, ...]:
    """Every line of ``fees.included`` of the version in force at that moment, as it stands then; none before the first.

    Counted as the invoice counts (``fee_work``): billable time, in the order in which it was worked, each spell rounded
    up to the step of its rate and whole in the period in which it was begun. What goes on counts until then. It goes to
    the first line for its service that has minutes left; beyond them it is ``over`` in the last such line.
    """
    now = int(at.timestamp())
    holds = judging(versions, now)
    if holds is None:
        return ()
    day, pools = holds.day(now), IncludedHours(versions)
    lines = [pools.of(item, day) for item in holds.fees.included]
    since = min((pool.first for pool in lines), default=day)
    over: dict[int, int] = {}
    for number, entry in enumerate(sorted(entries, key=lambda one: one.begin), 1):
        terms = judging(versions, entry.begin)
        end = now if entry.end is None else entry.end
        if terms is None or not entry.billable or not entry.begin < min(now, end):
            continue
        began = terms.day(entry.begin)
        fits = [each for each in terms.fees.included if not each.services or entry.service in each.services]
        if began < since or not fits:
            continue
        spell = Worked(
            seq=number, service=entry.service, begin=entry.begin, end=end, rate_class=entry.rate_class
        )
        for part in parts(terms, spell):
            left = part.minutes
            for item in fits:
                left -= pools.of(item, began).take(left, number, now=True)
            last = id(pools.of(fits[-1], began))
            over[last] = over.get(last, 0) + left
    return tuple(
        Used(
            number,
            pool.item,
            _period(pool.first, pool.last, holds.zone),
            pool.included * 60,
            pool.used * 60,
            over.get(id(pool), 0) * 60,
        )
        for number, pool in enumerate(lines)
    )


class HoursJudgement(NamedTuple):
    """What is refused of a change for want of hours, and what is only told."""

    refusals: tuple[Refusal, ...] = ()
    warnings: tuple[str, ...] = ()


def judge(lines: Sequence[Used], service: ServiceKind, *, emergency: bool) -> HoursJudgement:
    """A change of that service: where all hours for it are used up, the last line for it says what is done."""
    fits = [line for line in lines if not line.item.services or service in line.item.services]
    if not fits or not all(line.exhausted for line in fits):
        return HoursJudgement()
    last = fits[-1]
    hours = sum((Decimal(line.item.hours) for line in fits), Decimal(0))
    span = f"{last.period.first} to {last.period.last}"
    said = f"the {hours} hours included for {service} from {span} are used up (fees.included[{last.number}])"
    if last.item.exhausted == "stop" and not emergency:
        remedy = "wait for the next period, name the emergency's ticket, or amend the agreement"
        return HoursJudgement(refusals=(Refusal(gate=GATE, reason=said, remedy=remedy),))
    if last.item.exhausted == "bill":
        return HoursJudgement()
    return HoursJudgement(warnings=(said,))
