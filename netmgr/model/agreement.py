"""agreement.yaml: the support agreement with one client as data. What is signed counts; the file is a working copy."""

from typing import Annotated

from pydantic import Field

from netmgr.model.agreement_fees import Fees
from netmgr.model.agreement_levels import ChangeNotice, Emergency, Levels, Promises, Reports
from netmgr.model.agreement_scope import Coverage
from netmgr.model.agreement_terms import (
    Amendment,
    Annex,
    Confidentiality,
    Duties,
    Language,
    Law,
    Parties,
    Payment,
    Term,
)
from netmgr.model.base import Frozen
from netmgr.model.canonical import canonical
from netmgr.model.digest import sha256_hex
from netmgr.model.fields import DateValue, Items, TimeZone
from netmgr.model.service_calendar import ServiceCalendar
from netmgr.model.wording import Wording


class Agreement(Frozen):
    """One version of the agreement, whole: an amendment is another whole version, with a line in ``amendments``.

    Dates are days in ``timezone``. ``effective`` is from when this version holds.
    """

    version: Annotated[int, Field(ge=1, le=9999)]
    effective: DateValue
    languages: Annotated[Items[Language], Field(min_length=1)]
    timezone: TimeZone
    title: Wording | None = None
    parties: Parties
    term: Term
    coverage: Coverage
    calendar: ServiceCalendar
    levels: Levels
    emergency: Emergency | None = None
    promises: Promises = Field(default_factory=Promises)
    reports: Reports = Field(default_factory=Reports)
    notice: ChangeNotice | None = None
    fees: Fees
    payment: Payment
    duties: Duties
    confidentiality: Confidentiality
    law: Law
    other: Items[Wording] = ()
    """Clauses that nothing measures, each one paragraph."""
    annexes: Items[Annex] = ("devices", "levels", "calendar", "fees", "key")
    amendments: Items[Amendment] = ()

    def canonical(self) -> bytes:
        """The version's one byte form (RFC 8785): what is signed, and kept. Of keys it keeps no order."""
        levels = self.levels.model_copy(update={"severity": tuple(self.levels.by_severity)})
        return canonical(self.model_copy(update={"levels": levels}).model_dump(mode="json", by_alias=True))

    @property
    def digest(self) -> str:
        """SHA-256 of ``canonical()``."""
        return sha256_hex(self.canonical())
