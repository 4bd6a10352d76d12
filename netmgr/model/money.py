"""Money: a decimal as text, and its currency. Never a float: the log holds none, and cents must add up."""

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from netmgr.model.base import Frozen
from netmgr.model.fields import matching, shown

Currency = Annotated[str, matching(r"[A-Z]{3}", "a currency (ISO 4217)", "EUR")]
Amount = Annotated[
    str, matching(r"(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,4})?", "an amount; in quotes", '"120.00"')
]
Percent = Annotated[
    str, matching(r"(?:100(?:\.0{1,4})?|[0-9]{1,2}(?:\.[0-9]{1,4})?)", "a percentage; in quotes", '"99.5"')
]

_EXACT = r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,8})?"
#: More digits than any product of two exact numbers has.
_WIDE = Context(prec=80)


def _exact(value: object) -> Decimal:
    text = format(value, "f") if isinstance(value, Decimal) else value
    if not isinstance(text, str) or not re.fullmatch(_EXACT, text):
        raise ValueError(f'{shown(value)} is not a number with at most 8 decimals; in quotes, like "-12.50"')
    return Decimal(text)


#: A decimal that may be negative: a number in memory, text wherever it is written.
Exact = Annotated[
    Decimal,
    BeforeValidator(_exact),
    PlainSerializer(lambda value: format(value, "f"), return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_EXACT}$"}),
]


class Money(Frozen):
    """An amount in a currency."""

    amount: Amount
    currency: Currency

    @property
    def value(self) -> Decimal:
        """The amount as a number."""
        return Decimal(self.amount)


def share(price: Decimal, quantity: Decimal, base: Decimal, digits: int) -> Decimal:
    """``price`` for each ``base`` of something, for ``quantity`` of it: rounded once, half up (away from 0)."""
    return unrounded(price, quantity, base).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, _WIDE)


def unrounded(price: Decimal, quantity: Decimal, base: Decimal) -> Decimal:
    """The same before it is rounded, with more digits than anybody needs."""
    return _WIDE.divide(_WIDE.multiply(price, quantity), base)
