"""What an agreement says beside what is measured: parties, term, payment, duties, confidence, law."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from netmgr.model.base import Frozen
from netmgr.model.device import in_order
from netmgr.model.duration import Duration
from netmgr.model.fields import DateValue, Email, Items, Phone, Text
from netmgr.model.money import Percent
from netmgr.model.provider import Country
from netmgr.model.wording import Wording

Language = Literal["en", "zh-CN"]
"""The languages that documents can be made in."""

Annex = Literal["devices", "assets", "levels", "calendar", "fees", "backups", "contacts", "key"]
Kept = Literal["log", "texts", "personal", "tickets", "configurations", "documents"]


class Representative(Frozen):
    """Who signs for a party."""

    name: Text
    title: Wording | None = None


class Party(Frozen):
    """One of the two who agree, as a court would know it. ``country`` is what electronic invoices need of it."""

    name: Wording
    address: Wording
    # What was signed without it keeps its digest.
    country: Annotated[Country | None, Field(exclude_if=lambda country: country is None)] = None
    registration: Text | None = None
    tax_id: Text | None = None
    email: Email | None = None
    phone: Phone | None = None
    represented_by: Representative


class Parties(Frozen):
    """Who agrees: ``client`` is party A, ``provider`` party B."""

    client: Party
    provider: Party


class Renewal(Frozen):
    """The term goes on by ``months`` each time, unless a party says ``notice`` before that it shall not.

    ``times`` is how often at most; as often as nobody says so where it is not said.
    """

    months: Annotated[int, Field(ge=1, le=120)]
    notice: Duration
    times: Annotated[int, Field(ge=1, le=100)] | None = None


class Term(Frozen):
    """From the first moment of ``from`` to the last of ``to``, by the clocks of the agreement's time zone.

    Without ``to`` it has no end. ``run_off`` is for how long after the end work that was begun is finished and data are
    handed over; nothing new is begun then. ``notice`` is how early either party ends it.
    """

    from_: DateValue = Field(alias="from")
    to: DateValue | None = None
    renewal: Renewal | None = None
    run_off: Duration | None = None
    notice: Duration

    @model_validator(mode="after")
    def _ends_before_it_is_renewed(self) -> Self:
        in_order(self.from_, self.to)
        if self.renewal and self.to is None:
            raise ValueError("renewal: a term without an end is never renewed; write to, or remove renewal")
        return self


class Suspension(Frozen):
    """When the provider may stop working for want of payment: ``grace`` past due, then ``notice``."""

    grace: Duration
    notice: Duration


class Payment(Frozen):
    """An invoice is due ``days`` after it was issued. ``interest`` is by year, on what is overdue."""

    days: Annotated[int, Field(ge=0, le=365)]
    interest: Percent | None = None
    suspension: Suspension | None = None
    adjustment: Wording | None = None


class Duties(Frozen):
    """What each side does, one sentence each."""

    client: Annotated[Items[Wording], Field(min_length=1)]
    provider: Annotated[Items[Wording], Field(min_length=1)]


class Confidentiality(Frozen):
    """``years`` after the end. ``retention`` is how long the provider keeps what; for ever is not an answer."""

    text: Wording | None = None
    years: Annotated[int, Field(ge=1, le=99)]
    retention: Mapping[Kept, Duration] = {}


class Law(Frozen):
    """Whose law governs, and where is judged."""

    governing: Wording
    venue: Wording | None = None
    language: Language | None = None
    """Which language's text holds where the two differ; the first of ``languages`` where it is not said."""


class Amendment(Frozen):
    """What a version changed, from which day on."""

    version: Annotated[int, Field(ge=2, le=9999)]
    effective: DateValue
    summary: Wording
