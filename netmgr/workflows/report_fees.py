"""Reading what a period costs: the invoices that were issued for it, or what is owed as of the cut."""

from collections.abc import Iterator, Mapping

from netmgr.errors import InputError, StoreError
from netmgr.model.entry import Entry
from netmgr.model.invoice_record import InvoiceRecord
from netmgr.model.record import fold
from netmgr.report.history import History
from netmgr.report.service_facts import Fees, Sums
from netmgr.service.invoice_record import INVOICES, KIND, billed, standing_keys
from netmgr.workflows.billing import owed
from netmgr.workflows.billing_log import BillingLog
from netmgr.workflows.invoice_log import whole
from netmgr.workflows.runtime import Runtime


def read_fees(runtime: Runtime, told: History, cut: Entry) -> Fees:
    """Nothing where no agreement says what anything costs, or one that does was erased."""
    first, last = told.period.first, told.period.last
    log = BillingLog(runtime, cut.seq, told.until)
    records = dict(_records(log))
    mine = {key: one for key, one in records.items() if one.first <= last and first <= one.last}
    invoices = tuple(_issued(runtime, mine))
    try:
        due = owed(runtime, log, first, last, billed=billed(records))
    except (InputError, StoreError):
        return Fees(invoices=invoices)
    hours = tuple(each for each in due.draft.hours if each.first <= last and first <= each.last)
    draft = None if set(standing_keys(records)) & set(mine) else Sums(due.draft)
    return Fees(draft, invoices, hours, due.open)


def _records(log: BillingLog) -> Iterator[tuple[str, InvoiceRecord]]:
    """Invoices and credit notes as they were at the cut, in the order in which they were issued."""
    for filed in sorted(fold({KIND: INVOICES}, log.of(KIND), lambda *_: ()), key=lambda one: one.number):
        if filed.state in ("invoice", "credit_note"):
            record = InvoiceRecord.model_validate(dict(filed.record().document))
            yield record.key, record


def _issued(runtime: Runtime, records: Mapping[str, InvoiceRecord]) -> Iterator[Sums]:
    """As they were issued; what was erased is not told."""
    for record in records.values():
        try:
            made = whole(runtime, record)
        except StoreError:
            continue
        yield Sums(made.draft, made.number, made.kind, made.issued, made.due, record.seq)
