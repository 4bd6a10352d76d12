"""What became of each invoice: what was credited and paid, what is open, since when it is overdue (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from netmgr.model.agreement_terms import Suspension
from netmgr.model.duration import length
from netmgr.model.invoice_record import InvoiceRecord, InvoiceState, PaymentRecord

_NOTHING = Decimal(0)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """An invoice and what became of it. ``left`` of each line, by its key, no credit note took back.

    Where nothing is left of any line, all of the invoice counts as credited, also the cents by which the taxes of
    several credit notes, each rounded by itself, differ from its own. ``open`` is what the client owes, never below 0;
    ``surplus`` what it has paid too much.
    """

    record: InvoiceRecord
    left: Mapping[str, Decimal]
    credited: Decimal
    paid: Decimal
    open: Decimal
    surplus: Decimal
    state: InvoiceState
    cancelled: bool

    def overdue(self, day: date) -> int:
        """Days since the last day to pay on, where something is open; else 0."""
        return max(0, (day - self.record.due).days) if self.open > 0 else 0


def standings(
    records: Mapping[str, InvoiceRecord], payments: Iterable[PaymentRecord]
) -> tuple[Standing, ...]:
    """Every invoice in the order of the log; credit notes are in those that they correct."""
    paid: dict[str, Decimal] = {}
    for payment in payments:
        paid[payment.invoice] = paid.get(payment.invoice, _NOTHING) + payment.amount
    notes: dict[str, list[InvoiceRecord]] = {}
    for one in records.values():
        if one.corrects is not None:
            notes.setdefault(one.corrects, []).append(one)
    invoices = sorted((one for one in records.values() if one.kind == "invoice"), key=lambda one: one.seq)
    return tuple(_standing(one, notes.get(one.key, []), paid.get(one.key, _NOTHING)) for one in invoices)


def _standing(one: InvoiceRecord, notes: list[InvoiceRecord], paid: Decimal) -> Standing:
    left = {line.key: line.net for line in one.lines}
    for note in notes:
        for line in note.lines:
            left[line.key] -= line.net
    gone = bool(notes) and not any(left.values())
    credited = one.total if gone else sum((note.total for note in notes), _NOTHING)
    rest = one.total - credited - paid
    return Standing(
        record=one,
        left=left,
        credited=credited,
        paid=paid,
        open=max(rest, _NOTHING),
        surplus=max(-rest, _NOTHING),
        state=_state(gone=gone, rest=rest, paid=paid),
        cancelled=any(note.whole for note in notes),
    )


def _state(*, gone: bool, rest: Decimal, paid: Decimal) -> InvoiceState:
    if gone:
        return "credited"
    if rest <= 0:
        return "paid"
    return "part_paid" if paid > 0 else "issued"


def since_proposed(standing: Standing, terms: Suspension | None, day: date) -> date | None:
    """The first day on which the agreement lets the provider give notice that it stops working; None before it.

    The decision is a person's (``netmgr agreement suspend``).
    """
    if terms is None or not standing.overdue(day):
        return None
    first = standing.record.due + timedelta(days=-(-length(terms.grace) // _DAY)) + _DAY
    return first if day >= first else None
