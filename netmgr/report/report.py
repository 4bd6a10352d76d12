"""A report as a value: the sections of a document, and the time that they are about."""

from dataclasses import dataclass
from datetime import datetime

from netmgr.document.block import Section
from netmgr.model.audience import Audience
from netmgr.model.names import Target
from netmgr.report.period import Period


@dataclass(frozen=True, slots=True)
class Report:
    """A function of (client, period, cut): the log's entries above ``cut`` are not in it.

    ``until`` is the end of what it covers: that of the period, or the cut's time where the period was not over.
    ``revision`` is None for a draft.
    """

    client: str
    name: str
    language: str
    audience: Audience
    target: Target
    period: Period
    cut: int
    until: datetime
    complete: bool
    revision: int | None
    sections: tuple[Section, ...]

    @property
    def draft(self) -> bool:
        """Whether it was not issued."""
        return self.revision is None
