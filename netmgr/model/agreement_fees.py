"""The fee schedule of an agreement: what is paid for what. Invoices are computed from it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from netmgr.model.agreement_scope import ServiceKind
from netmgr.model.asset import AssetKind
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
    tax: Identifier | None = None


class UnitFee(Frozen):
    """A sum for each device, asset or site that was looked after, by the day.

    Those that fit all of ``names``, ``roles`` (of devices), ``kinds`` (of assets) and ``sites``; an empty list takes
    all. What fits several fees is charged by each.
    """

    name: Wording
    unit: Literal["device", "asset", "site"]
    amount: Amount
    per: Per = "month"
    names: Items[Glob] = ()
    roles: Items[Name] = ()
    kinds: Items[AssetKind] = ()
    sites: Items[Identifier] = ()
    tax: Identifier | None = None

    @model_validator(mode="after")
    def _of_its_unit(self) -> Self:
        for key, unit in (("roles", "device"), ("kinds", "asset")):
            if getattr(self, key) and self.unit != unit:
                raise ValueError(f"{key}: only a {unit} has them; write unit: {unit}, or remove {key}")
        return self


class Rate(Frozen):
    """What an hour costs, rounded up to ``step`` minutes. ``when`` is the service calendar's time, or any other.

    Of several that fit, the one that names the person's rate class comes first, then one that names the service, then
    one that names the time; then the first in the list.
    """

    amount: Amount
    services: Items[ServiceKind] = ()
    rate_class: Name | None = None
    when: Literal["working", "outside", "any"] = "any"
    step: Annotated[int, Field(ge=1, le=60)] = 15
    tax: Identifier | None = None


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


TaxCode = Literal["S", "Z", "E", "AE", "K", "G", "O", "L", "M"]
"""The categories of UNTDID 5305 that EN 16931 takes: at a rate, at zero, exempt, owed by the client, delivered within
the EU, exported, outside the tax; Canary Islands (IGIC), Ceuta and Melilla (IPSI)."""


class Tax(Frozen):
    """A tax by its code (UNTDID 5305), such as S at 19 %, or AE where the client owes it.

    Where nothing is charged and the rate is not just zero (Z), the invoice has to say for which ``reason``.
    """

    code: TaxCode
    rate: Percent
    reason: Wording | None = None

    @model_validator(mode="after")
    def _rate_fits(self) -> Self:
        charged = Decimal(self.rate) > 0
        if self.code == "S" and not charged:
            raise ValueError("code S has a rate above 0; write the rate, or Z, E, AE or O")
        if self.code in ("Z", "E", "AE", "K", "G", "O") and charged:
            raise ValueError(f'code {self.code} charges nothing; write rate: "0", or code S')
        if self.code in ("E", "AE", "K", "G", "O") and self.reason is None:
            raise ValueError(f"code {self.code} is given for a reason, which invoices state; write reason")
        return self


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
    taxes: Mapping[Identifier, Tax] = {}
    """Others, which single fees and rates name."""

    def taxed(self, name: str | None) -> Tax:
        """The tax of this name; the usual one for none."""
        return self.tax if name is None else self.taxes[name]

    @model_validator(mode="after")
    def _taxes_are_known(self) -> Self:
        for key in ("fixed", "units", "rates"):
            for item in getattr(self, key):
                if item.tax is not None and item.tax not in self.taxes:
                    raise ValueError(f"{key}: no tax {item.tax} under taxes; write it there")
        return self

    @model_validator(mode="after")
    def _overage_has_a_rate(self) -> Self:
        if not self.rates and any(item.exhausted != "stop" for item in self.included):
            raise ValueError("included: hours beyond them have no rate; write rates, or exhausted: stop")
        return self
