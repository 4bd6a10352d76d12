"""A correction of what was billed, as the log's entries of kind ``adjustment`` tell it."""

from decimal import Decimal

from netmgr.model.base import Frozen
from netmgr.model.fields import DateValue, Items
from netmgr.model.money import Currency, Exact
from netmgr.model.record import Record


class AdjustmentRecord(Frozen):
    """A sum without tax, negative where the client gets it back, of a ``day`` whose version says the taxes.

    ``text`` is the digest of the body with the reason. ``invoice`` and ``ticket`` are what it is about. ``withdrawn``:
    it was a mistake. ``seqs`` are its entries.
    """

    id: str
    amount: Exact = Decimal(0)
    currency: Currency
    day: DateValue
    tax: str | None = None
    invoice: str | None = None
    ticket: str | None = None
    withdrawn: bool = False
    text: str | None = None
    seqs: Items[int]


def adjustment_record(record: Record) -> AdjustmentRecord:
    """A record of the store as a correction."""
    return AdjustmentRecord.model_validate(dict(record.document))
