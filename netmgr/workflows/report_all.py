"""All clients side by side, for the provider alone: nothing of it is written anywhere, or told to a client."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from netmgr.errors import NetmgrError
from netmgr.model.agreement import Agreement
from netmgr.model.status import OverdueInvoice
from netmgr.model.stretch import midnight
from netmgr.model.ticket import UNSOLVED
from netmgr.model.time_entry import time_entry
from netmgr.service.across import Cost, at_risk, cost, ending_soon
from netmgr.service.due import Left
from netmgr.service.fee_terms import around
from netmgr.service.fees import minor_digits
from netmgr.service.invoice_record import billed
from netmgr.service.ticket_record import KIND as TICKET
from netmgr.service.time_record import KIND as TIME
from netmgr.service.versions import Ending
from netmgr.workflows.agreement import in_force, today
from netmgr.workflows.billing import bill
from netmgr.workflows.invoice_log import Ledger, ledger
from netmgr.workflows.invoicing import provider
from netmgr.workflows.overdue import overdue_invoices
from netmgr.workflows.runtime import Runtime
from netmgr.workflows.ticket_clock import Clocks

_DAY: Final = timedelta(days=1)
_WORK: Final = frozenset({"work", "travel", "call_out"})
_PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A ticket's target that runs out, or has."""

    ticket: str
    priority: str
    left: Left


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One client. Sums are without tax, in ``currency``.

    ``work`` is what is to be paid for work, travel and calls that no invoice has, ``unbilled`` all that is owed since
    the last invoice (``since``) until today. ``billed`` is what the invoices of the ``month`` come to, None where there
    is none; ``cost`` what its work cost. ``problem`` says why nothing is known.
    """

    client: str
    problem: str | None = None
    currency: str | None = None
    since: date | None = None
    work: Decimal | None = None
    unbilled: Decimal | None = None
    month: date | None = None
    billed: Decimal | None = None
    cost: Cost | None = None
    ends: Ending | None = None
    at_risk: tuple[AtRisk, ...] = field(default=())
    overdue: tuple[OverdueInvoice, ...] = field(default=())

    @property
    def margin(self) -> Decimal | None:
        """What is left of what was billed; None where something is not known."""
        if self.billed is None or self.cost is None or self.cost.unknown:
            return None
        return self.billed - self.cost.amount


def across(runtimes: Iterable[Runtime], *, within: int) -> tuple[Sheet, ...]:
    """Every client whose agreement and money the actor may decide on. What is wrong at one keeps no other out."""
    return tuple(_sheet(runtime, within) for runtime in runtimes if runtime.permitted("agree"))


def _sheet(runtime: Runtime, within: int) -> Sheet:
    try:
        agreement = in_force(runtime, runtime.clock.now())
        if agreement is None:
            return Sheet(client=runtime.client, problem="no agreement is in force")
        return _known(runtime, agreement, within)
    except NetmgrError as error:
        return Sheet(client=runtime.client, problem=str(error).splitlines()[0])


def _known(runtime: Runtime, agreement: Agreement, within: int) -> Sheet:
    day = today(runtime, agreement)
    known = ledger(runtime)
    held = billed(known.records)
    since = min(day, held.until + _DAY if held.until else day.replace(day=1))
    made = bill(runtime, provider(runtime), since, day, billed=held).draft
    month = around(day.replace(day=1) - _DAY, "month")
    begin, end = (int(midnight(each, agreement.timezone).timestamp()) for each in (month[0], month[1] + _DAY))
    entries = map(time_entry, runtime.open_records().all(runtime.client, TIME))
    currency = agreement.fees.currency
    return Sheet(
        client=runtime.client,
        currency=currency,
        since=since,
        work=sum((line.net for line in made.lines if line.kind in _WORK), _nothing(currency)),
        unbilled=made.net,
        month=month[0],
        billed=_billed(known, month, currency),
        cost=cost(entries, runtime.inventories.people().people, currency, begin, end, minor_digits(currency)),
        ends=ending_soon(agreement, day, within),
        at_risk=tuple(_at_risk(runtime)),
        overdue=overdue_invoices(runtime),
    )


def _billed(known: Ledger, month: tuple[date, date], currency: str) -> Decimal | None:
    """What no credit note took back of the invoices for days of the month."""
    sums = [
        sum(one.left.values(), _nothing(currency))
        for one in known.standings
        if month[0] <= one.record.first and one.record.last <= month[1] and one.record.currency == currency
    ]
    return sum(sums, Decimal(0)) if sums else None


def _nothing(currency: str) -> Decimal:
    """0 with the currency's decimals."""
    return Decimal(0).scaleb(-minor_digits(currency))


def _at_risk(runtime: Runtime) -> Iterator[AtRisk]:
    clocks, after = Clocks(runtime), None
    while page := runtime.open_records().page(
        runtime.client, TICKET, states=UNSOLVED, after=after, limit=_PAGE
    ):
        for record in page:
            if (judged := clocks.of(record)) is not None:
                for left in at_risk(judged.clock, judged.warn):
                    yield AtRisk(record.key, judged.clock.priority, left)
        after = page[-1].number
