"""Corrections of what was billed: recorded, they stand on the next bill; withdrawn before that, on none."""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from netmgr.errors import UsageError
from netmgr.model.adjustment import AdjustmentRecord, adjustment_record
from netmgr.model.bill import Billed
from netmgr.model.billing import Adjustment
from netmgr.model.canonical import canonical
from netmgr.model.entry import Body, Draft
from netmgr.model.record import Document
from netmgr.model.stretch import midnight
from netmgr.model.suggest import did_you_mean
from netmgr.service.adjustment_record import KIND, PROJECTION
from netmgr.service.fees import minor_digits
from netmgr.service.invoice_record import KIND as INVOICE
from netmgr.workflows.agreement import content, known
from netmgr.workflows.billing_log import BillingLog
from netmgr.workflows.runtime import Runtime
from netmgr.workflows.ticket_log import decided, found

_LONGEST: Final = 200
"""Characters of a reason: it is a line's name on the invoice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What is to be corrected: a sum without tax, negative where the client gets it back, and why.

    ``day`` is of the period that is corrected. ``tax`` is one of the agreement's others; ``invoice`` and ``ticket`` are
    what it is about.
    """

    amount: Decimal
    day: date
    reason: str
    tax: str | None = None
    invoice: str | None = None
    ticket: str | None = None


def adjust(runtime: Runtime, given: Correction) -> AdjustmentRecord:
    """Record it. Raises Refused(access), UsageError for a day, tax or amount that cannot be."""
    runtime.require("agree")

    def decide() -> list[Draft]:
        currency = _checked(runtime, given)
        newest = runtime.open_records().page(runtime.client, KIND, limit=1, newest_first=True)
        facts = {
            "id": f"A-{newest[0].number + 1 if newest else 1}",
            "amount": format(given.amount, "f"),
            "currency": currency,
            "day": given.day.isoformat(),
            "tax": given.tax,
            "invoice": given.invoice,
        }
        return [
            runtime.draft(
                kind=KIND,
                action="record",
                phase="result",
                outcome="recorded",
                visibility="client",
                ticket=given.ticket,
                facts={name: value for name, value in facts.items() if value is not None},
                body=Body(canonical({"reason": given.reason}), "application/json"),
            )
        ]

    return _recorded(runtime, decide)


def withdraw(runtime: Runtime, identity: str, billed: Callable[[], Billed]) -> AdjustmentRecord:
    """It was a mistake. Raises UsageError for one that there is not, that was withdrawn, or that an invoice has."""
    runtime.require("agree")

    def decide() -> list[Draft]:
        record = runtime.open_records().get(runtime.client, KIND, identity)
        one = adjustment_record(record) if record else None
        if one is None or one.withdrawn:
            raise UsageError(f"{identity}: {runtime.client} has no such correction that stands")
        if billed().corrections & set(one.seqs):
            raise UsageError(f"{identity}: it is on an invoice; record another one against it")
        return [
            runtime.draft(
                kind=KIND,
                action="withdraw",
                phase="result",
                outcome="withdrawn",
                visibility="client",
                facts={"id": identity},
            )
        ]

    return _recorded(runtime, decide, beside=(INVOICE,))


def not_billed(runtime: Runtime, log: BillingLog, last: date, billed: Billed) -> Iterator[Adjustment]:
    """Those of days up to ``last`` that stand and that no invoice has, as of the log's cut, in their order."""
    documents: dict[str, Document] = {}
    for entry in log.of(KIND):
        key = PROJECTION.key(entry)
        documents[key] = PROJECTION.fold(documents.get(key), entry).document
    for document in documents.values():
        one = AdjustmentRecord.model_validate(dict(document))
        if not one.withdrawn and one.day <= last and not billed.corrections & set(one.seqs):
            yield Adjustment(
                name=reason(runtime, one) or one.id,
                amount=one.amount,
                day=one.day,
                tax=one.tax,
                evidence=one.seqs,
            )


def reason(runtime: Runtime, one: AdjustmentRecord) -> str | None:
    """Why; None where that was erased."""
    body = runtime.log.body(runtime.client, one.text) if one.text else None
    return json.loads(body)["reason"] if isinstance(body, bytes) else None


def _checked(runtime: Runtime, given: Correction) -> str:
    """The currency that the agreement of that day has."""
    signed = known(runtime)
    zone = content(runtime, signed.newest).timezone if signed.newest else "UTC"
    version = signed.in_force(midnight(given.day, zone))
    if version is None:
        raise UsageError(f"--day {given.day}: no agreement was in force; name a day that was billed")
    agreement = content(runtime, version)
    if midnight(given.day, zone) > runtime.clock.now():
        raise UsageError(f"--day {given.day}: that is to come; name a day that was billed")
    digits = minor_digits(agreement.fees.currency)
    if not given.amount or given.amount != round(given.amount, digits):
        example = Decimal("-12.5").quantize(Decimal(1).scaleb(-digits))
        raise UsageError(
            f"--amount {given.amount}: write what it is in {agreement.fees.currency}, like {example}"
        )
    if given.tax is not None and given.tax not in agreement.fees.taxes:
        raise UsageError(
            f"--tax {given.tax}: the agreement has no such tax; {did_you_mean(given.tax, agreement.fees.taxes)}"
        )
    if len(given.reason) > _LONGEST:
        raise UsageError(f"--reason has {len(given.reason)} characters; say it in {_LONGEST}, on one line")
    if given.ticket:
        found(runtime, given.ticket)
    return agreement.fees.currency


def _recorded(
    runtime: Runtime, decide: Callable[[], Sequence[Draft]], beside: Collection[str] = ()
) -> AdjustmentRecord:
    entries = decided(runtime, decide, kind=KIND, beside=beside)
    record = runtime.open_records().get(runtime.client, KIND, str(entries[0].facts["id"]))
    if record is None:
        raise AssertionError("what was appended has its record")
    return adjustment_record(record)
