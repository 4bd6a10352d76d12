"""What fees are counted from, beside the agreement: what was looked after, work, levels that were missed.

Each value names the log's entries that it comes from, by their ``seq``.
"""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from netmgr.model.agreement_scope import ServiceKind
from netmgr.model.asset import AssetKind
from netmgr.model.base import Frozen
from netmgr.model.device import in_order
from netmgr.model.fields import DateValue, Items, Name
from netmgr.model.money import Exact
from netmgr.model.names import Identifier
from netmgr.model.wording import Wording

Moment = Annotated[int, Field(ge=0)]
"""Whole seconds since the epoch (UTC)."""
Evidence = Annotated[Items[Annotated[int, Field(ge=1)]], Field(min_length=1)]


class LookedAfter(Frozen):
    """One device, asset or site on the days from ``first`` to ``last``, both among them.

    Something that was looked after, given up and taken on again is there once for each time, with the same ``uid``; so
    is what got another name, role or site.
    """

    unit: Literal["device", "asset", "site"]
    uid: Name
    name: Name
    first: DateValue
    last: DateValue
    role: Name | None = None
    kind: AssetKind | None = None
    site: Identifier | None = None
    evidence: Evidence

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        in_order(self.first, self.last)
        return self


class Travel(Frozen):
    """The way there and back."""

    minutes: Annotated[int, Field(ge=0, le=100_000)] = 0
    kilometres: Annotated[Exact, Field(ge=0, le=100_000)] = Decimal(0)


class Worked(Frozen):
    """Somebody's work in [``begin``, ``end``), in seconds since the epoch. ``seq`` is of the entry that says so.

    ``rate_class`` is the person's, as the agreement's rates name it. ``travel``: somebody went there for it.
    ``called_out``: somebody was called to it.
    """

    seq: Annotated[int, Field(ge=1)]
    service: ServiceKind
    begin: Moment
    end: Moment
    rate_class: Name | None = None
    billable: bool = True
    travel: Travel | None = None
    called_out: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end <= self.begin:
            raise ValueError("the end is not after the begin")
        return self

    @property
    def seconds(self) -> int:
        """How long it took."""
        return self.end - self.begin


class Miss(Frozen):
    """A level that was missed in the period. ``judged`` is the moment whose version of the agreement judges it: when
    the ticket was opened, or the begin of the time for which availability is promised.
    """

    level: Literal["response", "resolution", "availability"]
    priority: Identifier | None = None
    judged: Moment
    evidence: Evidence


class Adjustment(Frozen):
    """A correction of a period that was billed already: a sum without tax, negative where the client gets it back.

    ``day`` is of the period that is corrected: taxes are those of the version in force then, ``tax`` the name of one.
    """

    name: Wording
    amount: Exact
    day: DateValue
    tax: Identifier | None = None
    evidence: Evidence
