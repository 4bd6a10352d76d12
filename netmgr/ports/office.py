"""What an agreement and the desk need of the workspace, opened when it is asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from netmgr.document.block import Document
from netmgr.document.locale import Words
from netmgr.model.provider import Provider
from netmgr.model.rota import Roster
from netmgr.model.service_calendar import FrozenYear, PublicHolidays
from netmgr.ports.agreements import Agreements
from netmgr.ports.schedule import Schedule


class Holidays(Protocol):
    """Public holidays, as they are known today."""

    def freeze(self, holidays: PublicHolidays, year: int) -> FrozenYear:
        """The year as explicit dates. Raises InputError for a country or part that is not known."""


class Rosters(Protocol):
    """Who is on call, as config/oncall.yaml says it. Both raise InputError with every problem of the file."""

    def check(self) -> None:
        """Nothing but that."""

    def of(self, client: str) -> Roster | None:
        """The client's own, else the one for all; None where there is neither."""


Renderer = Callable[[Document, Words], bytes]
"""A document → a file, always the same bytes for the same document. Raises NetmgrError where it cannot be made."""


Hybrid = Callable[[Document, Words, bytes | None], bytes]
"""An invoice, and the same as EN 16931 XML → a PDF that carries that (Factur-X)."""


@dataclass(frozen=True, slots=True)
class Office:
    """Agreements and assets as written, holidays, what is done on schedule, who is on call; how documents are made.

    ``words`` gives the words of a locale on the clocks of a zone, ``renderers`` are by format. ``fingerprint`` is that
    of the key that signs the log's checkpoints. ``hybrid`` makes invoices that programs read, too;
    ``check_electronic`` raises DocumentError where what they read is not valid by its schema. ``provider`` is who
    bills, None where nobody is named; it raises InputError.
    """

    agreements: Agreements
    holidays: Holidays
    schedule: Schedule
    rosters: Rosters
    words: Callable[[str, str], Words]
    renderers: Mapping[str, Renderer]
    hybrid: Hybrid
    check_electronic: Callable[[bytes], None]
    fingerprint: Callable[[], str]
    provider: Callable[[], Provider | None]
