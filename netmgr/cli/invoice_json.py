"""The JSON documents of invoices, corrections and payments (docs/reference/json.md)."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from netmgr.model.adjustment import AdjustmentRecord
    from netmgr.model.bill import OpenPoint
    from netmgr.model.entry import Entry
    from netmgr.model.invoice_record import InvoiceRecord, PaymentRecord
    from netmgr.service.ledger import Standing
    from netmgr.workflows.overdue import Shown


def record_document(record: "InvoiceRecord") -> dict[str, Any]:
    """What the log's entries say of one."""
    whole = record.model_dump(mode="json", exclude={"key", "billed", "lines", "documents", "body", "digits"})
    return {**whole, "corrects": record.corrects.partition(":")[2] if record.corrects else None}


def standing_document(one: "Standing", day: date, proposed: date | None) -> dict[str, Any]:
    """An invoice and how it stands."""
    record = one.record
    return {
        **record_document(record),
        "state": one.state,
        "credited": plain(one.credited, record),
        "paid": plain(one.paid, record),
        "open": plain(one.open, record),
        "surplus": plain(one.surplus, record),
        "cancelled": one.cancelled,
        "overdue_days": one.overdue(day),
        "suspension_since": proposed.isoformat() if proposed else None,
    }


def shown_document(found: "Shown") -> dict[str, Any]:
    """All that there is to say of one."""
    record, one = found.record, found.standing
    state = {
        "state": one.state if one else None,
        "credited": plain(one.credited, record) if one else None,
        "paid": plain(one.paid, record) if one else None,
        "open": plain(one.open, record) if one else None,
        "surplus": plain(one.surplus, record) if one else None,
        "cancelled": one.cancelled if one else False,
        "overdue_days": found.overdue,
        "suspension_since": found.proposed.isoformat() if found.proposed else None,
    }
    return {
        **record_document(record),
        **state,
        "credit_notes": [note.number for note in found.credit_notes],
        "payments": [payment_document(payment, reference) for payment, reference in found.payments],
        "invoice": found.invoice.model_dump(mode="json", exclude_none=True),
        "evidence": {key: list(map(_entry_document, entries)) for key, entries in found.evidence.items()},
    }


def adjustment_document(one: "AdjustmentRecord", reason: str | None) -> dict[str, Any]:
    """A correction."""
    return {**one.model_dump(mode="json", exclude={"text"}), "reason": reason}


def payment_document(payment: "PaymentRecord", reference: str | None) -> dict[str, Any]:
    """One payment."""
    entity, _, number = payment.invoice.partition(":")
    return {
        "id": payment.id,
        "entity": entity,
        "number": number,
        "amount": f"{payment.amount:f}",
        "currency": payment.currency,
        "day": payment.day.isoformat(),
        "reference": reference,
        "peer": payment.peer,
        "seq": payment.seq,
    }


def _entry_document(entry: "Entry") -> dict[str, Any]:
    names = ("seq", "id", "time", "kind", "action", "outcome", "device", "ticket")
    return {name: getattr(entry, name) for name in names}


def open_document(point: "OpenPoint") -> dict[str, Any]:
    """What is open about a draft."""
    return {
        "why": point.why,
        "about": point.about,
        "day": point.day.isoformat(),
        "evidence": list(point.evidence),
    }


def plain(amount: Decimal, record: "InvoiceRecord") -> str:
    """A sum with its currency's decimals."""
    return f"{amount:.{record.digits}f}"
