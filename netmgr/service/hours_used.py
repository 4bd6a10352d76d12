"""Hours of work against those that the fees include, period by period; and what a plan hears of it (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from netmgr.model.agreement import Agreement
from netmgr.model.agreement_fees import HoursIncluded, Per
from netmgr.model.agreement_scope import ServiceKind
from netmgr.model.change import Refusal
from netmgr.model.time_entry import TimeEntry
from netmgr.service.versions import midnight

GATE: Final = "hours"
_MONTHS: Final[dict[Per, int]] = {"month": 1, "quarter": 3, "year": 12}


class Period(NamedTuple):
    """Whole days ``first`` to ``last`` on the agreement's clocks; [begin, end) in seconds since the epoch."""

    first: date
    last: date
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Used:
    """What of one line of ``fees.included`` (``number`` from 0 on) is used in its period, in seconds.

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
    local = at.astimezone(ZoneInfo(agreement.timezone)).date()
    months = _MONTHS[per]
    month = (local.month - 1) // months * months
    first = date(local.year, month + 1, 1)
    after = date(local.year + (month + months) // 12, (month + months) % 12 + 1, 1)
    begin, end = (int(midnight(day, agreement.timezone).timestamp()) for day in (first, after))
    return Period(first, date.fromordinal(after.toordinal() - 1), begin, end)


def used(agreement: Agreement, entries: Iterable[TimeEntry], at: datetime) -> tuple[Used, ...]:
    """Every line of ``fees.included`` as it stands at that moment.

    Billable time counts, in the order in which it was worked, as far as it lies in the period and is over by then. It
    goes to the first line for its service that has hours left; beyond them it is ``over`` in the last such line.
    """
    items = agreement.fees.included
    now = int(at.timestamp())
    periods = [period(agreement, item.per, at) for item in items]
    whole = [int(Decimal(item.hours) * 3600) for item in items]
    spent, over = [0] * len(items), [0] * len(items)
    for entry in sorted(entries, key=lambda one: one.begin):
        fits = [n for n, item in enumerate(items) if not item.services or entry.service in item.services]
        if not entry.billable or not fits:
            continue
        done = 0  # of this spell, whichever lines it went to
        for n in fits:
            first, last = max(entry.begin, periods[n].begin), min(entry.end or now, periods[n].end, now)
            left = max(0, last - first - done)
            part = min(left, whole[n] - spent[n])
            spent[n] += part
            done += part
            if n == fits[-1]:
                over[n] += left - part
    return tuple(Used(n, item, periods[n], whole[n], spent[n], over[n]) for n, item in enumerate(items))


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
