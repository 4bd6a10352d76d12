"""The fee schedule of an agreement: what is paid for what. Invoices are computed from it."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from netmgr.model.agreement_scope import ServiceKind
from netmgr.model.base import Frozen
from netmgr.model.fields import Items, Name, matching
from netmgr.model.money import Amount, Currency, Percent
from netmgr.model.names import Identifier
from netmgr.model.scope import Glob
from netmgr.model.wording import Wording

Per = Literal["month", "quarter", "year"]
Hours = Annotated[
    str,
    matching(
        r"(?:0|[1-9][0-9]{0,4})(?:\.(?:0|25|5|75))?", "hours in quarters of an hour; in quotes", '"7.5"'
    ),
]


class FixedFee(Frozen):
    """A sum that is paid whatever was done."""

    name: Wording
    amount: Amount
    per: Per = "month"


class UnitFee(Frozen):
    """A sum for each device, asset or site that was looked after, by the day."""

    name: Wording
    unit: Literal["device", "asset", "site"]
    amount: Amount
    per: Per = "month"
    names: Items[Glob] = ()
    roles: Items[Name] = ()


class Rate(Frozen):
    """What an hour costs, rounded up to ``step`` minutes. ``when`` is the service calendar's time, or any other."""

    amount: Amount
    services: Items[ServiceKind] = ()
    rate_class: Name | None = None
    when: Literal["working", "outside", "any"] = "any"
    step: Annotated[int, Field(ge=1, le=60)] = 15


class HoursIncluded(Frozen):
    """Hours of work that the fixed fees pay for. ``exhausted`` says what is done when they are used up.

    ``bill``: by the rates; ``warn``: by the rates, and plans say so; ``stop``: nothing that is no emergency is done.
    """

    hours: Hours
    per: Per = "month"
    services: Items[ServiceKind] = ()
    exhausted: Literal["bill", "warn", "stop"] = "bill"


class Credit(Frozen):
    """What the client gets back of the fixed fees where a level was missed."""

    level: Literal["response", "resolution", "availability"]
    priority: Identifier | None = None
    percent: Percent
    """Of the period's fixed fees, for each time."""


class Tax(Frozen):
    """A tax by its code (UNTDID 5305), such as S at 19 %, or AE where the client owes it."""

    code: Annotated[str, matching(r"[A-Z]{1,2}", "a tax category", "S")]
    rate: Percent
    reason: Wording | None = None


class Fees(Frozen):
    """The whole schedule, in one currency. Sums are without tax."""

    currency: Currency
    fixed: Items[FixedFee] = ()
    units: Items[UnitFee] = ()
    included: Items[HoursIncluded] = ()
    rates: Items[Rate] = ()
    travel: Mapping[Literal["hour", "kilometre", "flat"], Amount] = {}
    call_out: Amount | None = None
    credits: Items[Credit] = ()
    credit_cap: Percent | None = None
    """The most of a period's fixed fees that is credited."""
    tax: Tax

    @model_validator(mode="after")
    def _overage_has_a_rate(self) -> Self:
        if not self.rates and any(item.exhausted != "stop" for item in self.included):
            raise ValueError("included: hours beyond them have no rate; write rates, or exhausted: stop")
        return self
