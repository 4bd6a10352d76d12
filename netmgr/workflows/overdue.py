"""How invoices stand: what is open, what is overdue, and where the agreement lets the provider stop working."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from netmgr.model.agreement_terms import Suspension
from netmgr.model.entry import Draft, Entry
from netmgr.model.invoice_record import InvoiceRecord, PaymentRecord
from netmgr.model.issued_invoice import Invoice
from netmgr.model.status import OverdueInvoice
from netmgr.service.ledger import Standing, since_proposed
from netmgr.service.versions import standing as agreement_standing
from netmgr.workflows.agreement import content
from netmgr.workflows.agreement import known as known_agreement
from netmgr.workflows.invoice_log import Ledger, evidence, ledger, whole
from netmgr.workflows.payments import reference_of
from netmgr.workflows.runtime import Runtime

#: The kind of entries that tell of what is overdue: nothing but time has passed, so the invoice's record has none.
KIND: Final = "overdue"


@dataclass(frozen=True, slots=True)
class Overview:
    """Invoices as they stand on ``day``. ``proposed`` says since when the agreement lets the provider give notice that
    it stops working, by the invoice's key; nothing once it has (``suspended``).
    """

    day: date
    known: Ledger
    proposed: Mapping[str, date]
    suspended: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One invoice or credit note. ``standing`` is of the invoice (of a credit note: None), ``payments`` with what the
    bank said of each, ``evidence`` by the line's key, empty where nobody asked for it.
    """

    record: InvoiceRecord
    invoice: Invoice
    standing: Standing | None
    overdue: int
    proposed: date | None
    credit_notes: tuple[InvoiceRecord, ...]
    payments: tuple[tuple[PaymentRecord, str | None], ...]
    evidence: Mapping[str, tuple[Entry, ...]]


def invoices_as_of(runtime: Runtime, *, at: datetime | None = None) -> Overview:
    """As they stand now, or stood then."""
    runtime.require("read")
    moment = at or runtime.clock.now()
    known = ledger(runtime, at)
    if not known.standings:
        return Overview(_day(moment, "UTC"), known, {}, False)
    terms, zone, suspended = _terms(runtime, moment)
    day = _day(moment, zone)
    proposed = {
        one.record.key: since
        for one in known.standings
        if not suspended and (since := since_proposed(one, terms, day)) is not None
    }
    return Overview(day, known, proposed, suspended)


def overdue_invoices(runtime: Runtime) -> tuple[OverdueInvoice, ...]:
    """Those that are not paid in time, by number."""
    found = invoices_as_of(runtime)
    return tuple(
        OverdueInvoice(
            number=one.record.number,
            due=one.record.due.isoformat(),
            days=days,
            open=f"{one.open:.{one.record.digits}f}",
            currency=one.record.currency,
            suspension_since=since.isoformat() if (since := found.proposed.get(one.record.key)) else None,
        )
        for one in found.known.standings
        if (days := one.overdue(found.day))
    )


def shown(runtime: Runtime, number: str, *, at: datetime | None = None, with_evidence: bool = False) -> Shown:
    """One of them, with all that it says and what became of it. Raises UsageError where there is none."""
    found = invoices_as_of(runtime, at=at)
    record = found.known.found(number, runtime.client)
    invoice = whole(runtime, record)
    standing = found.known.standing(record.key) if record.kind == "invoice" else None
    lines = invoice.draft.lines if with_evidence else ()
    return Shown(
        record=record,
        invoice=invoice,
        standing=standing,
        overdue=standing.overdue(found.day) if standing else 0,
        proposed=found.proposed.get(record.key),
        credit_notes=tuple(one for one in found.known.records.values() if one.corrects == record.key),
        payments=tuple(
            (one, reference_of(runtime, one)) for one in found.known.payments if one.invoice == record.key
        ),
        evidence={line.key: tuple(evidence(runtime, line.evidence)) for line in lines},
    )


def tell(runtime: Runtime) -> str:
    """Log what is overdue, and what lets the provider stop working: each once, however often this runs.

    The outcome is the worst of ``nothing``, ``overdue`` and ``proposed``.
    """
    from netmgr.workflows.ticket_log import decided

    runtime.require("desk")

    def decide() -> list[Draft]:
        found = invoices_as_of(runtime)
        told = {
            (str(entry.facts.get("invoice")), str(entry.outcome))
            for entry in runtime.log.entries(runtime.client, kind=KIND)
        }
        drafts = []
        for one in found.known.standings:
            if not (days := one.overdue(found.day)):
                continue
            since = found.proposed.get(one.record.key)
            outcome = "overdue" if since is None else "proposed"
            if (one.record.key, outcome) not in told:
                facts: dict[str, Any] = {
                    "invoice": one.record.key,
                    "name": one.record.number,
                    "days": days,
                    "due": one.record.due.isoformat(),
                    "open": f"{one.open:.{one.record.digits}f}",
                    "currency": one.record.currency,
                    **({"since": since.isoformat()} if since else {}),
                }
                drafts.append(
                    runtime.draft(kind=KIND, action="tell", phase="result", outcome=outcome, facts=facts)
                )
        return drafts

    entries = decided(runtime, decide, kind=KIND)
    outcomes = {str(entry.outcome) for entry in entries}
    return next((word for word in ("proposed", "overdue") if word in outcomes), "nothing")


def _terms(runtime: Runtime, moment: datetime) -> tuple[Suspension | None, str, bool]:
    """When the agreement in force lets the provider stop working, its clocks, and whether it has."""
    signed = known_agreement(runtime)
    version = signed.in_force(moment)
    if version is None:
        return None, "UTC", False
    agreement = content(runtime, version)
    stopped = agreement_standing(signed, agreement, moment).state == "suspended"
    return agreement.payment.suspension, agreement.timezone, stopped


def _day(moment: datetime, zone: str) -> date:
    from zoneinfo import ZoneInfo

    return moment.astimezone(ZoneInfo(zone)).date()
