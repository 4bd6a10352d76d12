"""Entries of kind ``invoice`` and ``payment`` become records (pure). Unknown actions are taken as they come."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from netmgr.model.bill import Billed
from netmgr.model.entry import Entry
from netmgr.model.invoice_record import BilledEntries, InvoiceRecord
from netmgr.model.issued_invoice import Invoice
from netmgr.model.numbering import INVOICE
from netmgr.model.record import Document, Folded, Projection

KIND: Final = INVOICE
PAYMENT: Final = "payment"

_PAYMENT_ID: Final = re.compile(r"P-([1-9][0-9]{0,14})")
_INVOICE: Final = tuple(
    name for name in InvoiceRecord.model_fields if name not in ("key", "seq", "entry", "body", "documents")
)
_PAID: Final = ("id", "invoice", "amount", "currency", "day", "peer")


def key_of(entity: str, number: str) -> str:
    """How an invoice is told from all others of the client: two entities may number alike."""
    return f"{entity}:{number}"


def facts_of(invoice: Invoice, series: str, count: int, *, whole: bool = False) -> dict[str, Any]:
    """What the entry says of an invoice beside its body: enough to credit, settle and never bill it twice."""
    draft = invoice.draft
    facts: dict[str, Any] = {
        "entity": invoice.entity,
        "series": series,
        "count": count,
        "number": invoice.number,
        "kind": invoice.kind,
        "timezone": invoice.timezone,
        **{name: getattr(invoice, name).isoformat() for name in ("issued", "due")},
        **{name: getattr(draft, name).isoformat() for name in ("first", "last")},
        "currency": draft.currency,
        "digits": draft.digits,
        **{name: format(getattr(draft, name), "f") for name in ("net", "tax", "total")},
        "lines": [{"key": line.key, "net": format(line.net, "f")} for line in draft.lines],
    }
    if invoice.corrects is not None:
        return facts | {"corrects": key_of(invoice.entity, invoice.corrects.number), "whole": whole}
    return facts | {"billed": billed_entries(invoice).model_dump(mode="json")}


def billed_entries(invoice: Invoice) -> BilledEntries:
    """By what the lines, the hours used and the levels say of their evidence."""
    draft = invoice.draft
    work = {seq for each in draft.hours for seq in each.evidence}
    missed = {(each.level, seq) for each in draft.capped for seq in each.evidence}
    corrections: set[int] = set()
    for line in draft.lines:
        if line.kind in ("work", "travel", "call_out"):
            work.update(line.evidence)
        elif line.kind == "credit":
            missed.update((line.level or "response", seq) for seq in line.evidence)
        elif line.kind == "correction":
            corrections.update(line.evidence)
    return BilledEntries(
        work=tuple(sorted(work)),
        told=tuple(sorted(each.seq for each in draft.uncharged)),
        missed=tuple(sorted(missed)),
        corrections=tuple(sorted(corrections)),
    )


def billed(records: Mapping[str, InvoiceRecord]) -> Billed:
    """What invoices hold that no credit note took back whole."""
    held = [records[key] for key in standing_keys(records)]
    return Billed(
        work=frozenset(seq for one in held for seq in one.billed.work),
        told=frozenset(seq for one in held for seq in one.billed.told),
        missed=frozenset(each for one in held for each in one.billed.missed),
        corrections=frozenset(seq for one in held for seq in one.billed.corrections),
        until=max((one.last for one in held), default=None),
        settled=_settled([one for one in records.values() if one.kind == "invoice"], held),
        seq=max((one.seq for one in held), default=0),
    )


def _settled(every: Sequence[InvoiceRecord], held: Sequence[InvoiceRecord]) -> date | None:
    """The last of the days that follow each other from the first one of any invoice, as far as they are billed."""
    if not every:
        return None
    begin = day = min(one.first for one in every)
    for one in sorted(held, key=lambda one: one.first):
        if one.first <= day:
            day = max(day, one.last + timedelta(days=1))
    return day - timedelta(days=1) if day > begin else None


def standing_keys(records: Mapping[str, InvoiceRecord]) -> tuple[str, ...]:
    """The invoices that were not taken back whole."""
    gone = {one.corrects for one in records.values() if one.whole}
    return tuple(key for key, one in records.items() if one.kind == "invoice" and key not in gone)


def fold_invoice(document: Document | None, entry: Entry) -> Folded:
    """The record with one more entry in it: the first issues it, others add to it."""
    facts = entry.facts
    made: dict[str, Any] = dict(document) if document else {"key": _key(entry), "documents": {}}
    if document is None:
        made |= {name: facts[name] for name in _INVOICE if facts.get(name) is not None}
        made |= {"seq": entry.seq, "entry": entry.id}
        if entry.body is not None:
            made["body"] = entry.body.digest
    elif entry.action == "fapiao" and isinstance(facts.get("fapiao"), str):
        # Files that are made from now on name it; those that were made stay in the log.
        made |= {"fapiao": facts["fapiao"], "documents": {}}
    elif entry.action == "document" and entry.body is not None:
        said = {name: str(facts.get(name, "")) for name in ("format", "digest")}
        kept = {**said, "body": entry.body.digest, "seq": entry.seq}
        made["documents"] = {**made["documents"], str(facts.get("name", "")): kept}
    return Folded(int(made["seq"]), str(made.get("kind", "")), made)


def fold_payment(_document: Document | None, entry: Entry) -> Folded:
    """What corrects a payment takes its place."""
    made: dict[str, Any] = {name: entry.facts[name] for name in _PAID if entry.facts.get(name) is not None}
    made |= {"seq": entry.seq, "entry": entry.id}
    if entry.body is not None:
        made["text"] = entry.body.digest
    match = _PAYMENT_ID.fullmatch(str(made.get("id", "")))
    return Folded(int(match[1]) if match else 0, str(made.get("invoice", "")), made)


def _key(entry: Entry) -> str:
    return key_of(str(entry.facts.get("entity", "")), str(entry.facts.get("number", "")))


INVOICES: Final = Projection(key=_key, fold=fold_invoice)
"""By key; a record's number is the ``seq`` of the entry that issued it, its state what it is."""
PAYMENTS: Final = Projection(key=lambda entry: str(entry.facts.get("id", "")), fold=fold_payment)
"""By id; a record's state is the invoice that was paid."""
