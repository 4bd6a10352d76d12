"""Invoices: drafted from the log, issued once with the next number, taken back by credit notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from netmgr.errors import InputError, Refused, UsageError
from netmgr.model.bill import Bill
from netmgr.model.entry import Body, Draft
from netmgr.model.invoice import InvoiceDraft
from netmgr.model.invoice_record import InvoiceRecord
from netmgr.model.issued_invoice import (
    Buyer,
    Corrects,
    Invoice,
    InvoiceKind,
    PaymentTerms,
    buyer_of,
    due_day,
)
from netmgr.model.numbering import NUMBERING, Counter, Numbered
from netmgr.model.provider import Provider, Series
from netmgr.report.period import Period
from netmgr.service.credit_note import credited
from netmgr.service.invoice_record import KIND, billed, facts_of, key_of, standing_keys
from netmgr.workflows.billing import bill
from netmgr.workflows.invoice_log import Ledger, invoice_draft, ledger, numbered, whole
from netmgr.workflows.runtime import Runtime

_DAY = timedelta(days=1)
_MEDIA = "application/json"


@dataclass(frozen=True, slots=True)
class Drafted:
    """What an invoice for these days would be, with a number of nothing but zeros. ``refusal`` says why it cannot be
    issued now, ``gap`` is the first of days before them that no invoice has.
    """

    bill: Bill
    invoice: Invoice
    refusal: Refused | None
    gap: date | None


def draft(runtime: Runtime, period: Period) -> Drafted:
    """Compute one; nothing is logged. Raises Refused(access), InputError, UsageError."""
    runtime.require("read")
    return _drafted(runtime, ledger(runtime), period, provider(runtime), None, None)


def issue(
    runtime: Runtime,
    period: Period,
    *,
    reference: str | None = None,
    order: str | None = None,
    shown: Drafted | None = None,
) -> InvoiceRecord:
    """Issue the invoice for these days; its record. The same request gives the same invoice again.

    ``shown`` is the draft that somebody has agreed to: nothing else is issued. Raises Refused(invoice) where the days
    are not over, are billed already, nothing is owed for them, or something else than was shown; Refused(numbers) where
    nobody knows the next number.
    """
    runtime.require("agree")
    bills = provider(runtime)

    def decide(known: Ledger) -> tuple[Counter, Numbered]:
        made = _drafted(runtime, known, period, bills, reference, order)
        if made.refusal is not None:
            raise made.refusal
        if shown is not None and made.invoice.draft != shown.invoice.draft:
            raise Refused(
                "invoice",
                "what is owed is not what was shown any more: somebody has logged more meanwhile",
                "run the command again and look at the new draft",
            )
        return _numbered(runtime, made.invoice, made.invoice.seller.invoices, "issue", "issued")

    entry = numbered(runtime, decide)
    return ledger(runtime).records[key_of(str(entry.facts["entity"]), str(entry.facts["number"]))]


def credit(
    runtime: Runtime, number: str, reason: str, lines: Mapping[int, Decimal | None] | None = None
) -> InvoiceRecord:
    """Issue a credit note for all that is left of an invoice, or for parts of lines; its record.

    Taken back whole, the days and the work may be billed anew; by lines, they stay billed. Raises UsageError where
    there is no such invoice or line, or less is left of one.
    """
    runtime.require("agree")
    bills = runtime.open_office().provider()
    sellers = bills.entities if bills else {}  # as it is today: its series may be another one by now

    def decide(known: Ledger) -> tuple[Counter, Numbered]:
        record = known.found(number, runtime.client)
        if record.kind != "invoice":
            raise UsageError(f"{number} is a credit note; issue a new invoice instead")
        original = whole(runtime, record)
        sums = credited(original.draft, known.standing(record.key).left, lines or {})
        seller = sellers.get(original.entity, original.seller)
        today = _today(runtime, original.timezone, original.issued)
        corrects = Corrects(number=record.number, issued=record.issued, seq=record.seq, reason=reason)
        note = Invoice(
            kind="credit_note",
            number=_zeros(seller.credits),
            client=original.client,
            entity=original.entity,
            seller=seller,
            buyer=original.buyer,
            locale=original.locale,
            timezone=original.timezone,
            issued=today,
            due=today,
            terms=original.terms,
            versions=original.versions,
            draft=sums,
            corrects=corrects,
        )
        return _numbered(runtime, note, seller.credits, "credit", "credited", whole=not lines)

    entry = numbered(runtime, decide)
    return ledger(runtime).records[key_of(str(entry.facts["entity"]), str(entry.facts["number"]))]


def go_on(runtime: Runtime, after: str, kind: InvoiceKind = "invoice", entity: str | None = None) -> str:
    """Say which number of a series went out last; the next one. Raises UsageError, StoreError for one that is known to
    have gone out.
    """
    runtime.require("agree")
    bills = provider(runtime)
    name, seller = (
        (entity, bills.entities.get(entity)) if entity else bills.of(runtime.client) or (None, None)
    )
    if name is None or seller is None:
        raise UsageError(f"--entity: one of {', '.join(bills.entities)}")
    series = seller.invoices if kind == "invoice" else seller.credits
    digits = after.removeprefix(series.prefix)
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 12):
        raise UsageError(f"--after {after}: write a number of the series, like {series.number(series.first)}")
    following = max(int(digits) + 1, series.first)
    facts = {"entity": name, "series": series.prefix, "next": following}
    said = runtime.draft(kind=NUMBERING, action="continue", phase="result", outcome="continued", facts=facts)
    counter = Counter(name, series.prefix, series.first)
    runtime.log.continue_numbers(runtime.client, counter, following, [said])
    return series.number(following)


def provider(runtime: Runtime) -> Provider:
    """Who bills. Raises InputError where nobody is named."""
    found = runtime.open_office().provider()
    if found is None:
        raise InputError(
            [
                "config/provider.yaml:1: there is none; write who bills (docs/reference/provider.md has an example)"
            ]
        )
    return found


def _drafted(
    runtime: Runtime,
    known: Ledger,
    period: Period,
    bills: Provider,
    reference: str | None,
    order: str | None,
) -> Drafted:
    held = billed(known.records)
    made = bill(runtime, bills, period.first, period.last, billed=held)
    zone = made.agreement.timezone
    today = _today(runtime, zone)
    terms = PaymentTerms(days=made.agreement.payment.days, interest=made.agreement.payment.interest)
    buyer = buyer_of(made.agreement)
    invoice = Invoice(
        number=_zeros(made.entity.invoices),
        client=runtime.client,
        entity=made.entity_id,
        seller=made.entity,
        buyer=Buyer.model_validate({**dict(buyer), "reference": reference, "order": order}),
        locale=made.agreement.languages[0],
        timezone=zone,
        issued=today,
        due=due_day(today, terms),
        terms=terms,
        versions=made.versions,
        draft=made.draft,
    )
    gap = held.until + _DAY if held.until and held.until + _DAY < period.first else None
    return Drafted(made, invoice, _refusal(runtime, known, made.draft, today), gap)


def _refusal(runtime: Runtime, known: Ledger, made: InvoiceDraft, today: date) -> Refused | None:
    """Why these days are not billed now."""
    if today <= made.last:
        return Refused("invoice", f"{made.last} is not over", f"issue it on {made.last + _DAY} or later")
    for key in standing_keys(known.records):
        one = known.records[key]
        if one.first <= made.last and made.first <= one.last:
            return Refused(
                "invoice",
                f"{one.number} has {one.first} to {one.last} already",
                f"bill other days, or take it back first: netmgr invoice credit -c {runtime.client} {one.number}",
            )
    if not made.lines:
        return Refused("invoice", f"nothing is owed for {made.first} to {made.last}", "bill other days")
    return None


def _numbered(
    runtime: Runtime, invoice: Invoice, series: Series, action: str, outcome: str, *, whole: bool = False
) -> tuple[Counter, Numbered]:
    """What is logged of an invoice once its number is known."""

    def make(count: int) -> Sequence[Draft]:
        made = Invoice.model_validate({**dict(invoice), "number": series.number(count)})
        body = Body(made.canonical(), _MEDIA)
        facts = facts_of(made, series.prefix, count, whole=whole)
        return [invoice_draft(runtime, action, outcome, facts=facts, body=body)]

    return Counter(invoice.entity, series.prefix, series.first), make


def record_fapiao(runtime: Runtime, number: str, fapiao: str) -> InvoiceRecord:
    """Record the number of the tax invoice (fapiao) that was issued for it in China's own system.

    Raises UsageError where it has another one already, or another invoice has this one.
    """
    from netmgr.workflows.ticket_log import decided

    runtime.require("agree")

    def decide() -> list[Draft]:
        known = ledger(runtime)
        record = known.found(number, runtime.client)
        if record.fapiao is not None:
            raise UsageError(f"{record.number} has the fapiao {record.fapiao}; credit it, and issue another")
        other = next((one for one in known.records.values() if one.fapiao == fapiao), None)
        if other is not None:
            raise UsageError(f"the fapiao {fapiao} is of {other.number}; look at the number again")
        facts = {"entity": record.entity, "number": record.number, "fapiao": fapiao}
        return [invoice_draft(runtime, "fapiao", "recorded", facts=facts)]

    decided(runtime, decide, kind=KIND)
    return ledger(runtime).found(number, runtime.client)


def _zeros(series: Series) -> str:
    """A number that no series hands out."""
    return series.number(0)


def _today(runtime: Runtime, zone: str, *not_before: date) -> date:
    """The day on the agreement's clocks. The log's time never goes back, even where this machine's does."""
    from zoneinfo import ZoneInfo

    head = runtime.log.head(runtime.client)
    now = runtime.clock.now()
    if head is not None:
        now = max(now, datetime.fromisoformat(head.time))
    return max(now.astimezone(ZoneInfo(zone)).date(), *not_before, date.min)
