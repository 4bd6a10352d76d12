"""What the provider asks about a client for itself: what work cost, which promises are at risk, when it ends (pure)."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from netmgr.model.agreement import Agreement
from netmgr.model.duration import length
from netmgr.model.people import Person
from netmgr.model.ticket_clock import TicketClock
from netmgr.model.time_entry import TimeEntry
from netmgr.service.due import Left, targets
from netmgr.service.versions import bounds, midnight

_DAY = timedelta(days=1)
_HOUR = Decimal(3600)


class Cost(NamedTuple):
    """What the work of some days cost, in one currency. ``unknown`` are people of whom nobody says what they cost."""

    amount: Decimal
    seconds: int
    unknown: tuple[str, ...]


class Ending(NamedTuple):
    """The last day of the agreement's term. ``renews``: it goes on unless somebody says by ``notice`` that it shall
    not.
    """

    last: date
    renews: bool
    notice: date


def cost(
    entries: Iterable[TimeEntry],
    people: Mapping[str, Person],
    currency: str,
    begin: int,
    end: int,
    digits: int,
) -> Cost:
    """Of all work that was begun in [begin, end) and is over, to be billed or not, to the second."""
    exact, seconds, unknown = Decimal(0), 0, set[str]()
    for entry in entries:
        if entry.end is None or not begin <= entry.begin < end:
            continue
        person = people.get(entry.person)
        seconds += entry.end - entry.begin
        if person is None or person.cost is None or person.cost.currency != currency:
            unknown.add(entry.person)
            continue
        exact += person.cost.value * (entry.end - entry.begin) / _HOUR
    amount = exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return Cost(amount, seconds, tuple(sorted(unknown)))


def ending(agreement: Agreement, today: date, within: int) -> Ending | None:
    """When its term ends, or goes on, where the notice for that is due within so many days; None where it is not."""
    zone = agreement.timezone
    term = bounds(agreement.term, zone, midnight(today, zone))
    if term.ends is None:
        return None
    last = term.ends.astimezone(ZoneInfo(zone)).date() - _DAY
    renewal = agreement.term.renewal
    renews = renewal is not None and (renewal.times is None or term.renewals < renewal.times)
    before = length(renewal.notice if renewal and renews else agreement.term.notice)
    notice = last - before
    due = notice if renews and notice >= today else last
    return Ending(last, renews, notice) if due <= today + timedelta(days=within) and last >= today else None


def at_risk(clock: TicketClock, warn: Iterable[int]) -> tuple[Left, ...]:
    """Targets that are not met yet and of which the first part is used at which people are told."""
    first = min(warn, default=100)
    return tuple(one for one in targets(clock) if one.pending and one.percent >= first)
