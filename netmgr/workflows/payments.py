"""Payments: what arrived for an invoice, what went back, and what a mistake has to be in place of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from netmgr.errors import UsageError
from netmgr.model.canonical import canonical
from netmgr.model.entry import Body, Draft
from netmgr.model.invoice_record import InvoiceRecord, PaymentRecord
from netmgr.service.invoice_record import PAYMENT
from netmgr.service.ledger import Standing
from netmgr.workflows.invoice_log import Ledger, ledger
from netmgr.workflows.runtime import Runtime
from netmgr.workflows.ticket_log import decided, texts_of

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """What somebody says of a payment. ``amount`` is above 0, in the invoice's currency.

    ``keep``: what is more than is owed is kept as the client's. ``refund``: it went back to the client, out of what it
    paid too much. ``out_of``: the number of an invoice that was paid too much, whose surplus it is taken from.
    ``corrects``: the id of the payment that was taken down wrongly; an amount of 0 takes it back.
    """

    amount: Decimal
    day: date
    reference: str | None = None
    keep: bool = False
    refund: bool = False
    out_of: str | None = None
    corrects: str | None = None


def record(runtime: Runtime, number: str, paid: Paid) -> tuple[PaymentRecord, Standing]:
    """Take a payment down; it, and how the invoice stands then. The same request gives the same payment.

    Raises UsageError for more than is open (unless it is kept), more than can go back, a day to come, an amount with
    more decimals than the currency has.
    """
    runtime.require("agree")

    def decide() -> list[Draft]:
        known = ledger(runtime)
        target = known.found(number, runtime.client)
        if target.kind != "invoice":
            raise UsageError(f"{number} is a credit note; a payment is for an invoice")
        wrong = _corrected(known, paid.corrects) if paid.corrects else None
        _refuse(runtime, known, target, paid, wrong)
        identity = wrong.id if wrong else _next(known, 0)
        if paid.out_of is not None:
            source = known.found(paid.out_of, runtime.client)
            other = _next(known, 1)
            return [
                _draft(runtime, identity, target, paid.amount, paid, peer=other),
                _draft(runtime, other, source, -paid.amount, paid, peer=identity),
            ]
        amount = -paid.amount if paid.refund else paid.amount
        return [_draft(runtime, identity, target, amount, paid, corrects=wrong.entry if wrong else None)]

    entries = decided(runtime, decide, kind=PAYMENT)
    found = ledger(runtime)
    made = next(one for one in found.payments if one.id == entries[0].facts["id"])
    return made, found.standing(made.invoice)


def reference_of(runtime: Runtime, payment: PaymentRecord) -> str | None:
    """What the bank said of it; None where nothing was, or it was erased."""
    said = (texts_of(runtime, payment.text) or {}).get("reference")
    return str(said) if said is not None else None


def _refuse(
    runtime: Runtime, known: Ledger, target: InvoiceRecord, paid: Paid, wrong: PaymentRecord | None
) -> None:
    if paid.amount < 0 or (paid.amount == 0 and wrong is None):
        raise UsageError(f"--amount {paid.amount}: write what was paid, above 0")
    if paid.amount != round(paid.amount, target.digits):
        raise UsageError(f"--amount {paid.amount}: {target.currency} has {target.digits} decimals")
    if paid.day > runtime.clock.now().astimezone(ZoneInfo(target.timezone)).date():
        raise UsageError(f"--day {paid.day}: that day is to come")
    standing = known.standing(target.key)
    if wrong is not None and wrong.invoice != target.key:
        raise UsageError(
            f"--corrects {wrong.id}: it was for {wrong.invoice}; take it back there (--amount 0)"
        )
    before = wrong.amount if wrong else _ZERO
    if paid.refund:
        _enough(standing, paid.amount, -before)
        return
    if paid.out_of is not None:
        source = known.found(paid.out_of, runtime.client)
        if source.kind != "invoice" or source.key == target.key or source.currency != target.currency:
            raise UsageError(f"--out-of {paid.out_of}: name another invoice in {target.currency}")
        _enough(known.standing(source.key), paid.amount, _ZERO)
    due = standing.open - standing.surplus + before
    if paid.amount > max(due, _ZERO) and not paid.keep:
        raise UsageError(
            f"--amount {paid.amount}: {_plain(max(due, _ZERO), target)} of {target.number} is open; record that much, "
            "or add --keep, which keeps the rest as the client's"
        )


def _enough(standing: Standing, amount: Decimal, before: Decimal) -> None:
    there = standing.surplus + before
    if amount > there:
        one = standing.record
        raise UsageError(
            f"--amount {amount}: {_plain(there, one)} was paid too much for {one.number}; no more can go back"
        )


def _plain(amount: Decimal, record: InvoiceRecord) -> str:
    return f"{amount:.{record.digits}f} {record.currency}"


def _corrected(known: Ledger, identity: str) -> PaymentRecord:
    found = next((one for one in known.payments if one.id == identity), None)
    if found is None:
        raise UsageError(f"--corrects {identity}: there is no such payment; `netmgr payment list` shows them")
    if found.peer is not None:
        raise UsageError(f"--corrects {identity}: it went from one invoice to another; take it back likewise")
    return found


def _next(known: Ledger, more: int) -> str:
    newest = max((int(one.id.removeprefix("P-")) for one in known.payments), default=0)
    return f"P-{newest + 1 + more}"


def _draft(
    runtime: Runtime,
    identity: str,
    record: InvoiceRecord,
    amount: Decimal,
    paid: Paid,
    *,
    peer: str | None = None,
    corrects: str | None = None,
) -> Draft:
    facts: dict[str, Any] = {
        "id": identity,
        "invoice": record.key,
        "amount": f"{amount:.{record.digits}f}",
        "currency": record.currency,
        "day": paid.day.isoformat(),
    }
    texts: Mapping[str, str] | None = {"reference": paid.reference} if paid.reference else None
    return runtime.draft(
        kind=PAYMENT,
        action="record",
        phase="result",
        outcome="recorded",
        visibility="client",
        facts=facts | ({"peer": peer} if peer else {}),
        body=Body(canonical(dict(texts)), "application/json") if texts else None,
        corrects=corrects,
    )


def listed(runtime: Runtime, known: Ledger, number: str | None) -> Sequence[PaymentRecord]:
    """Payments, of one invoice or of all, oldest first."""
    key = known.found(number, runtime.client).key if number else None
    return [one for one in known.payments if key in (None, one.invoice)]
