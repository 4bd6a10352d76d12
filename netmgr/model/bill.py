"""What a client owes for a period, with all that an invoice needs beside the sums; and what is still open about it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from netmgr.model.agreement import Agreement
from netmgr.model.invoice import InvoiceDraft
from netmgr.model.provider import LegalEntity

Why = Literal[
    "not_over",
    "goes_on",
    "proposed",
    "corrected",
    "not_measured",
    "missed_late",
    "counted_late",
    "not_counted",
]
"""``not_over``: the period is not. ``goes_on``: work that nobody has ended. ``proposed``: work that the log shows and
nobody has taken down. ``corrected``: work that was billed, and says something else since. ``not_measured``: a level for
which credits are promised. ``missed_late``: a level that was missed in a period that was billed without a credit for
it. ``counted_late``: something that was looked after in such a period, written down later. ``not_counted``: fees for
devices, assets or sites, and the log does not say what is looked after.
"""


class OpenPoint(NamedTuple):
    """Something that may change what is owed. ``about`` is whose: time by its id, a ticket, a device, a level."""

    why: Why
    about: str
    day: date
    evidence: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Billed:
    """What earlier invoices hold, by the log's entries that their lines name, as far as no credit note took it back."""

    work: frozenset[int] = frozenset()
    """Work, travel and calls, also those that used included hours."""
    told: frozenset[int] = frozenset()
    """Work that they name as not charged."""
    missed: frozenset[tuple[str, int]] = frozenset()
    """Levels that were missed, each with every entry it comes from."""
    corrections: frozenset[int] = frozenset()
    until: date | None = None
    """The last day that was billed; None before the first invoice."""
    settled: date | None = None
    """Up to this day every day has been billed since the first one that ever was; None where that one has not."""
    seq: int = 0
    """Of the entry that issued the newest of them: what is newer was not known to any."""


NOTHING_BILLED = Billed()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """A draft as of the log's entry ``cut``. The same cut, provider and earlier invoices make the same bill once the
    period is over.

    ``agreement`` is the version in force on the last day: it says who the client is, and when is to be paid.
    """

    client: str
    cut: int
    entity_id: str
    entity: LegalEntity
    agreement: Agreement
    version: int
    draft: InvoiceDraft
    open: tuple[OpenPoint, ...] = ()

    @property
    def versions(self) -> tuple[int, ...]:
        """Every version that something in it is of, the one of ``agreement`` among them."""
        return tuple(sorted({self.version, *(line.version for line in self.draft.lines)}))
