"""An invoice as it was issued, or a credit note: all that it says, for good. Its canonical JSON is what is kept.

What becomes of it later is not in it: payments, credit notes and the number of a fapiao are entries of their own.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from netmgr.model.agreement import Agreement
from netmgr.model.base import Frozen
from netmgr.model.canonical import canonical
from netmgr.model.fields import DateValue, Email, Items, LocaleTag, Text, TimeZone, matching
from netmgr.model.invoice import InvoiceDraft
from netmgr.model.money import Percent
from netmgr.model.names import Identifier
from netmgr.model.provider import Country, LegalEntity
from netmgr.model.wording import Wording

InvoiceKind = Literal["invoice", "credit_note"]
InvoiceNumber = Annotated[
    str, matching(r"[A-Z0-9/._-]{0,16}[0-9]{1,12}", "an invoice's number, as its series makes it", "R-00042")
]


class Buyer(Frozen):
    """The client, as the agreement's party A, and what its own bookkeeping asks for.

    ``address`` is one line, as the agreement has it; ``country`` is what electronic invoices need beside it.
    ``vat_id`` is its tax number of whatever country. ``reference`` is the buyer's own for invoices to it (EN 16931,
    BT-10), ``order`` its purchase order's (BT-13).
    """

    name: Wording
    address: Wording
    country: Country | None = None
    registration: Text | None = None
    vat_id: Text | None = None
    email: Email | None = None
    reference: Text | None = None
    order: Text | None = None


class PaymentTerms(Frozen):
    """``days`` from the day of issue; ``interest`` in percent by year on what is overdue."""

    days: Annotated[int, Field(ge=0, le=365)]
    interest: Percent | None = None


class Corrects(Frozen):
    """The invoice that a credit note takes back, wholly or in part, and why. ``seq`` is of the entry that issued it."""

    number: InvoiceNumber
    issued: DateValue
    seq: Annotated[int, Field(ge=1)]
    reason: Text


class Invoice(Frozen):
    """What was issued. Of a credit note ``draft`` is what the client gets back: sums above 0 are the client's.

    ``entity`` is the seller's id in config/provider.yaml, ``seller`` what that said then. ``locale`` is the language
    that it is made in, ``timezone`` the agreement's: days begin and end on those clocks. ``versions`` are the
    agreement's that anything in it is of.
    """

    kind: InvoiceKind = "invoice"
    number: InvoiceNumber
    client: Identifier
    entity: Identifier
    seller: LegalEntity
    buyer: Buyer
    locale: LocaleTag
    timezone: TimeZone
    issued: DateValue
    due: DateValue
    terms: PaymentTerms
    versions: Items[Annotated[int, Field(ge=1)]] = ()
    draft: InvoiceDraft
    corrects: Corrects | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.kind == "credit_note") != (self.corrects is not None):
            raise ValueError(
                "corrects: a credit note names the invoice that it corrects, and nothing else does"
            )
        if self.due < self.issued:
            raise ValueError(f"due: {self.due} is before it was issued")
        return self

    @property
    def total(self) -> Decimal:
        """What is to be paid, or given back: in the draft's currency, tax included."""
        return self.draft.total

    def canonical(self) -> bytes:
        """Its one byte form (RFC 8785)."""
        return canonical(self.model_dump(mode="json", exclude_none=True))


def issued_invoice(body: bytes) -> Invoice:
    """An invoice as it was kept. Raises ValueError for what is none."""
    return Invoice.model_validate_json(body)


def buyer_of(agreement: Agreement) -> Buyer:
    """The client as the agreement names it."""
    party = agreement.parties.client
    return Buyer(
        name=party.name,
        address=party.address,
        country=party.country,
        registration=party.registration,
        vat_id=party.tax_id,
        email=party.email,
    )


def due_day(issued: date, terms: PaymentTerms) -> date:
    """The last day to pay on."""
    return issued + timedelta(days=terms.days)
