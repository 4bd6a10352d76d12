"""What an agreement and the desk need of the workspace, opened when it is asked for."""

from dataclasses import dataclass
from typing import Protocol

from netmgr.model.service_calendar import FrozenYear, PublicHolidays
from netmgr.ports.agreements import Agreements
from netmgr.ports.schedule import Schedule


class Holidays(Protocol):
    """Public holidays, as they are known today."""

    def freeze(self, holidays: PublicHolidays, year: int) -> FrozenYear:
        """The year as explicit dates. Raises InputError for a country or part that is not known."""


@dataclass(frozen=True, slots=True)
class Office:
    """Agreements and assets as written, holidays, what is done on schedule."""

    agreements: Agreements
    holidays: Holidays
    schedule: Schedule
