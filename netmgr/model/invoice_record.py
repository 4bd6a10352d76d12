"""What the log's entries say of an invoice and of payments, without their bodies: sums stay when texts are erased."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from netmgr.model.base import Frozen
from netmgr.model.fields import DateValue, Items, TimeZone
from netmgr.model.issued_invoice import InvoiceKind
from netmgr.model.money import Currency, Exact

InvoiceState = Literal["issued", "part_paid", "paid", "credited"]
FapiaoNumber = Annotated[str, Field(pattern=r"^[0-9A-Z-]{8,32}$")]


class LineSum(Frozen):
    """A line and its sum without tax."""

    key: str
    net: Exact


class BilledEntries(Frozen):
    """The log's entries that the lines come from, by their ``seq``: what is not billed a second time."""

    work: Items[int] = ()
    told: Items[int] = ()
    missed: Items[Annotated[tuple[str, int], Field(strict=False)]] = ()
    corrections: Items[int] = ()


class KeptDocument(Frozen):
    """A file that was made of it: SHA-256 of its bytes, and the digest of the body that holds them."""

    format: str
    digest: str
    body: str
    seq: int


class InvoiceRecord(Frozen):
    """An invoice or a credit note as its entries tell of it. ``key`` is ``ENTITY:NUMBER``, unique for the client.

    Days are those of ``timezone``. ``corrects`` is the key of what a credit note takes back. ``whole``: it takes back
    all that was left, so that the days and the work can be billed anew. ``seq`` and ``entry`` are of the entry that
    issued it, ``body`` is the digest of the body with all that it says. ``documents`` are files that were made of it,
    by their names: whoever asks again gets these.
    """

    key: str
    number: str
    entity: str
    series: str
    count: int
    kind: InvoiceKind
    timezone: TimeZone = "UTC"
    issued: DateValue
    due: DateValue
    first: DateValue
    last: DateValue
    currency: Currency
    digits: int
    net: Exact
    tax: Exact
    total: Exact
    lines: Items[LineSum] = ()
    billed: BilledEntries = BilledEntries()
    corrects: str | None = None
    whole: bool = False
    fapiao: str | None = None
    documents: Mapping[str, KeptDocument] = {}
    seq: int
    entry: str
    body: str | None = None


class PaymentRecord(Frozen):
    """Money for an invoice (its ``key``): below 0 where it went back to the client, or on to another invoice.

    ``day`` is when it arrived. ``peer`` is the payment that is the other half, where it went from one invoice to
    another. ``text`` is the digest of the body with its reference.
    """

    id: str
    invoice: str
    amount: Exact
    currency: Currency
    day: DateValue
    peer: str | None = None
    text: str | None = None
    seq: int
    entry: str
