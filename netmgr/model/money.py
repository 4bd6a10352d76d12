"""Money: a decimal as text, and its currency. Never a float: the log holds none, and cents must add up."""

from decimal import Decimal
from typing import Annotated

from netmgr.model.base import Frozen
from netmgr.model.fields import matching

Currency = Annotated[str, matching(r"[A-Z]{3}", "a currency (ISO 4217)", "EUR")]
Amount = Annotated[
    str, matching(r"(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,4})?", "an amount; in quotes", '"120.00"')
]
Percent = Annotated[
    str, matching(r"(?:100(?:\.0{1,4})?|[0-9]{1,2}(?:\.[0-9]{1,4})?)", "a percentage; in quotes", '"99.5"')
]


class Money(Frozen):
    """An amount in a currency."""

    amount: Amount
    currency: Currency

    @property
    def value(self) -> Decimal:
        """The amount as a number."""
        return Decimal(self.amount)
