"""What a period costs: lines that add up to the cent, each with the log's entries that it comes from.

Nothing but a line's sum and each tax is rounded, both half up to the currency's minor unit: quantities are whole days,
minutes and the like, prices are the agreement's. Where a price is for more than one unit (a month of 30 days, 60
minutes), ``base`` says for how many (EN 16931, BT-149).
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from netmgr.model.agreement_fees import Tax
from netmgr.model.agreement_scope import ServiceKind
from netmgr.model.base import Frozen
from netmgr.model.billing import Evidence
from netmgr.model.fields import DateValue, Items, Name
from netmgr.model.money import Currency, Exact, Percent, share
from netmgr.model.names import Identifier
from netmgr.model.wording import Wording

LineKind = Literal["fixed", "unit", "work", "travel", "call_out", "credit", "correction"]
Unit = Literal["month", "quarter", "year", "day", "hour", "minute", "kilometre", "time", "percent"]

UNIT_CODES: Mapping[Unit, str] = {
    "month": "MON",
    "quarter": "QAN",
    "year": "ANN",
    "day": "DAY",
    "hour": "HUR",
    "minute": "MIN",
    "kilometre": "KMT",
    "time": "C62",
    "percent": "P1",
}
"""Unit → its code in UNECE Recommendation 20, as electronic invoices name it."""


class InvoiceLine(Frozen):
    """``net`` is ``price`` for each ``base``, for ``quantity``, rounded. Only credits and corrections may be negative.

    ``about`` is the fee's own name. Where it has none, ``kind`` and the keys behind ``tax`` say what the line is for:
    ``services`` (none: every), ``rate_class`` and ``when`` of work, ``way`` of travel, ``level`` and ``priority`` of a
    credit. ``things`` are what was counted, each with its days. ``version`` is the agreement's that the price is of.
    """

    key: Annotated[str, Field(min_length=1, max_length=160)]
    kind: LineKind
    version: Annotated[int, Field(ge=1)]
    first: DateValue
    last: DateValue
    about: Wording | None = None
    quantity: Exact
    unit: Unit
    price: Exact
    base: Exact
    net: Exact
    tax: Tax
    services: Items[ServiceKind] = ()
    rate_class: Name | None = None
    when: Literal["working", "outside", "any"] | None = None
    way: Literal["hour", "kilometre", "flat"] | None = None
    level: Literal["response", "resolution", "availability"] | None = None
    priority: Identifier | None = None
    things: Items[tuple[str, int]] = ()
    evidence: Evidence


class TaxSum(Frozen):
    """All lines of one category and rate, and their tax: ``rate`` percent of ``net``, rounded once."""

    code: str
    rate: Percent
    reason: Wording | None = None
    net: Exact
    tax: Exact


class HoursUsed(Frozen):
    """Hours that the fixed fees pay for, in the month, quarter or year from ``first`` to ``last``; all in minutes.

    ``before`` were used by work that was billed earlier, ``used`` by this invoice's.
    """

    first: DateValue
    last: DateValue
    services: Items[ServiceKind] = ()
    included: int
    before: int
    used: int
    evidence: Items[int] = ()


class Uncharged(Frozen):
    """Minutes of work that no line has: not to be billed, or without a rate in the agreement."""

    seq: int
    minutes: int
    why: Literal["not_billable", "no_rate"]


class Capped(Frozen):
    """A missed level of which the agreement's cap left less than its percentage."""

    level: Literal["response", "resolution", "availability"]
    priority: Identifier | None = None
    percent: Exact
    credited: Exact
    evidence: Evidence


class InvoiceDraft(Frozen):
    """The whole: what an invoice for these days says if it is issued now. ``digits`` are the currency's decimals."""

    currency: Currency
    digits: Annotated[int, Field(ge=0, le=4)]
    first: DateValue
    last: DateValue
    lines: Items[InvoiceLine] = ()
    taxes: Items[TaxSum] = ()
    net: Exact
    tax: Exact
    total: Exact
    hours: Items[HoursUsed] = ()
    uncharged: Items[Uncharged] = ()
    capped: Items[Capped] = ()

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        """No invoice that does not add up is ever made or read."""
        keys: set[str] = set()
        for line in self.lines:
            if line.net != share(line.price, line.quantity, line.base, self.digits):
                raise ValueError(f"line {line.key}: the sum is not the price for the quantity")
            if line.net < 0 and line.kind not in ("credit", "correction"):
                raise ValueError(f"line {line.key}: the sum is negative")
            keys.add(line.key)
        if len(keys) != len(self.lines):
            raise ValueError("two lines have one key")
        for each in self.taxes:
            lines = [line.net for line in self.lines if _taxed(line.tax) == (each.code, Decimal(each.rate))]
            if each.net != sum(lines) or each.tax != share(
                each.net, Decimal(each.rate), Decimal(100), self.digits
            ):
                raise ValueError(f"tax {each.code}: the sums are not those of the lines")
        whole = (sum(line.net for line in self.lines), sum(each.net for each in self.taxes))
        if whole != (self.net, self.net) or self.tax != sum(each.tax for each in self.taxes):
            raise ValueError("the sums are not those of the lines")
        if self.total != self.net + self.tax:
            raise ValueError("the total is not net and tax")
        return self


def _taxed(tax: Tax) -> tuple[str, Decimal]:
    return tax.code, Decimal(tax.rate)
