"""How invoices are read from the log and written to it: numbers are taken with the entry that has them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from netmgr.errors import NumbersHeld, Refused, StoreError, Superseded, UsageError
from netmgr.model.entry import Draft, Entry, rfc3339
from netmgr.model.invoice_record import InvoiceRecord, PaymentRecord
from netmgr.model.issued_invoice import Invoice, issued_invoice
from netmgr.model.numbering import Counter, Numbered
from netmgr.model.record import Record, fold
from netmgr.service.adjustment_record import KIND as ADJUSTMENT
from netmgr.service.invoice_record import KIND, PAYMENT
from netmgr.service.ledger import Standing, standings
from netmgr.service.records import PROJECTIONS
from netmgr.workflows.runtime import Runtime

ATTEMPTS: Final = 10
_ISSUED: Final = frozenset({"invoice", "credit_note"})


@dataclass(frozen=True, slots=True)
class Ledger:
    """Invoices and credit notes by their key, payments, and what became of each invoice."""

    records: Mapping[str, InvoiceRecord]
    payments: tuple[PaymentRecord, ...]
    standings: tuple[Standing, ...]

    def found(self, number: str, client: str) -> InvoiceRecord:
        """By its number, or by ENTITY:NUMBER where two entities number alike. Raises UsageError."""
        named = [one for one in self.records.values() if number in (one.number, one.key)]
        if not named:
            raise UsageError(
                f"{client} has no invoice {number}; `netmgr invoice list -c {client}` shows what it has"
            )
        if len(named) > 1:
            raise UsageError(f"{number}: which of {', '.join(one.key for one in named)}? write it like that")
        return named[0]

    def standing(self, key: str) -> Standing:
        """Of an invoice."""
        return next(one for one in self.standings if one.record.key == key)


def ledger(runtime: Runtime, at: datetime | None = None) -> Ledger:
    """As it is, or as it was recorded by then."""
    invoices = (
        InvoiceRecord.model_validate(dict(one.document))
        for one in _records(runtime, KIND, at)
        if one.state in _ISSUED
    )
    paid = [PaymentRecord.model_validate(dict(one.document)) for one in _records(runtime, PAYMENT, at)]
    records = {one.key: one for one in sorted(invoices, key=lambda one: one.seq)}
    return Ledger(records, tuple(paid), standings(records, paid))


def _records(runtime: Runtime, kind: str, at: datetime | None) -> Iterable[Record]:
    if at is None:
        return runtime.open_records().all(runtime.client, kind)
    until = rfc3339(at)
    then = (entry for entry in runtime.log.entries(runtime.client, kind=kind) if entry.time <= until)
    made = fold({kind: PROJECTIONS[kind]}, then, lambda *_: ())
    return sorted((one.record() for one in made), key=lambda one: one.number)


def whole(runtime: Runtime, record: InvoiceRecord) -> Invoice:
    """All that was issued. Raises StoreError where it was erased, or is missing."""
    body = runtime.log.body(runtime.client, record.body) if record.body else None
    if not isinstance(body, bytes):
        gone = "missing" if body is None else body.value
        raise StoreError(
            f"{runtime.client}: what {record.number} says is {gone} (seq {record.seq}); its sums stay"
        )
    return issued_invoice(body)


def numbered(runtime: Runtime, decide: Callable[[Ledger], tuple[Counter, Numbered]]) -> Entry:
    """Append what ``decide`` makes of the invoices as they are, with the next number; asked again where somebody was
    faster, also with a correction of what was billed.

    The entry of the first command with this request, where it is repeated: then no number is taken. Raises
    Refused(numbers) where nobody knows the next one, Refused(log) where the log cannot be written.
    """
    records = runtime.open_records()
    for attempt in range(ATTEMPTS):
        since = records.since(runtime.client, KIND, ADJUSTMENT)
        earlier = runtime.log.entries(runtime.client, kind=KIND, request=runtime.request)
        if (
            first := next((entry for entry in earlier if entry.action in ("issue", "credit")), None)
        ) is not None:
            return first
        counter, make = decide(ledger(runtime))
        try:
            return runtime.log.append_numbered(runtime.client, counter, make, since=since)[0]
        except Superseded:
            if attempt == ATTEMPTS - 1:
                raise
        except NumbersHeld:
            raise Refused(
                "numbers",
                f"nobody knows which numbers of {counter} have gone out: the store was restored from a copy, or has "
                "lost entries",
                f"see which was sent last, then: netmgr invoice continue -c {runtime.client} --after NUMBER",
            ) from None
        except StoreError as error:
            raise Refused(
                "log", str(error), "make the service log writable: what is issued is logged"
            ) from error
    raise AssertionError("the last attempt returns or raises")


def evidence(runtime: Runtime, seqs: Iterable[int]) -> Iterator[Entry]:
    """The entries behind a line, each once, in their order."""
    for seq in sorted(set(seqs)):
        yield from runtime.log.entries(runtime.client, after=seq - 1, until=seq, limit=1)


def invoice_draft(runtime: Runtime, action: str, outcome: str, **fields: object) -> Draft:
    """A draft of the kind; the client may see it."""
    return runtime.draft(
        kind=KIND, action=action, phase="result", outcome=outcome, visibility="client", **fields
    )
