"""What the provider asks about a client for itself: what work cost, which promises are at risk, when it ends (pure)."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from netmgr.model.agreement import Agreement
from netmgr.model.people import Person
from netmgr.model.stretch import midnight
from netmgr.model.ticket_clock import TicketClock
from netmgr.model.time_entry import TimeEntry
from netmgr.service.due import Left, targets
from netmgr.service.versions import Ending, ending

_DAY = timedelta(days=1)
_HOUR = Decimal(3600)


class Cost(NamedTuple):
    """What the work of some days cost, in one currency. ``unknown`` are people of whom nobody says what they cost."""

    amount: Decimal
    seconds: int
    unknown: tuple[str, ...]


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


def ending_soon(agreement: Agreement, today: date, within: int) -> Ending | None:
    """When its term ends, or goes on, where the notice for that is due within so many days; None where it is not."""
    found = ending(agreement, midnight(today, agreement.timezone))
    if found is None:
        return None
    due = found.notice if found.renews and found.notice >= today else found.last
    return found if today <= found.last and due <= today + timedelta(days=within) else None


def at_risk(clock: TicketClock, warn: Iterable[int]) -> tuple[Left, ...]:
    """Targets that are not met yet and of which the first part is used at which people are told."""
    first = min(warn, default=100)
    return tuple(one for one in targets(clock) if one.pending and one.percent >= first)
