"""What was promised for a period and what was done: the facts behind the report's chapters of service (pure values).

Every fact names the log's entries that it comes from, by their ``seq``. Moments are in UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, NamedTuple

from netmgr.model.agreement import Agreement
from netmgr.model.availability import Availability
from netmgr.model.bill import OpenPoint
from netmgr.model.billing import LookedAfter
from netmgr.model.invoice import HoursUsed, InvoiceDraft
from netmgr.model.ticket import Cause, PauseReason, TicketKind
from netmgr.model.ticket import Outcome as TicketOutcome

Result = Literal["met", "missed", "running", "paused", "not_measured"]
"""``running`` and ``paused``: not decided yet. Without data it is ``not_measured``, never ``met``."""

TicketState = Literal["open", "paused", "resolved", "closed"]


@dataclass(frozen=True, slots=True)
class InForce:
    """A signed version as far as it holds in the period: [``begins``, ``ends``). ``seq`` is of its signature.

    One that only judges tickets opened earlier begins and ends with the period's first moment. ``since`` is from when
    on the client has had an agreement, by whichever version.
    """

    version: int
    seq: int
    since: datetime
    begins: datetime
    ends: datetime
    agreement: Agreement


class Target(NamedTuple):
    """What became of one target of a ticket, the target of a ``priority``. ``promised`` and ``used`` are seconds of the
    hours that count.

    ``counts`` says whether the result belongs to the period: it was decided in it, or is not decided yet. What was
    missed earlier is not missed again. ``at`` is when somebody answered, or it was resolved. ``seqs`` are
    of the entries that say so.
    """

    result: Result
    priority: str
    promised: int
    used: int
    counts: bool
    at: datetime | None
    seqs: tuple[int, ...]


class Pause(NamedTuple):
    """A ticket's clock stood still for a ``reason``; ``end`` is None while it does. ``seqs``: its begin and end."""

    reason: PauseReason
    begin: datetime
    end: datetime | None
    seqs: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFacts:
    """A ticket that was open in the period, as it stood at its end.

    ``version`` is the agreement's that judges it; None where none does, and then nothing is measured. ``resolution`` is
    None where none is promised, too. ``subject`` is None where it was erased.
    """

    id: str
    kind: TicketKind
    subject: str | None
    priority: str
    state: TicketState
    devices: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    cause: Cause | None = None
    outcome: TicketOutcome | None = None
    due: str | None = None
    opened: datetime
    answered: datetime | None = None
    over: datetime | None = None
    version: int | None = None
    response: Target | None = None
    resolution: Target | None = None
    provisional: bool = False
    pauses: tuple[Pause, ...] = ()
    seqs: tuple[int, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether nothing has to be done for it any more."""
        return self.over is not None


class Act(NamedTuple):
    """Something that was done or seen at a moment; ``seq`` is of the entry that says so."""

    at: datetime
    seq: int


class Spell(NamedTuple):
    """Something was so from ``since`` on, until ``until``; None while it lasts.

    ``decided`` is when somebody decided to let it be, ``let_be`` until when.
    """

    since: datetime
    until: datetime | None
    seqs: tuple[int, ...]
    decided: datetime | None = None
    let_be: datetime | None = None

    def answered(self) -> datetime | None:
        """When it was put right or decided, whichever was first."""
        return min((moment for moment in (self.until, self.decided) if moment is not None), default=None)


@dataclass(frozen=True, slots=True)
class Observed:
    """Acts and spells that reach into the period, the last act before it among them; each by device."""

    audits: Mapping[str, tuple[Act, ...]]
    backups: Mapping[str, tuple[Act, ...]]
    drift: Mapping[str, tuple[Spell, ...]]
    software: Mapping[str, tuple[Act, ...]]
    """When a device's version was judged."""
    unsupported: Mapping[str, tuple[Spell, ...]]


NOTHING_OBSERVED = Observed({}, {}, {}, {}, {})


class Restore(NamedTuple):
    """A change that gave devices back what they had: from when it was needed until it was done."""

    change: str
    needed: datetime
    done: datetime
    seqs: tuple[int, ...]


class Announced(NamedTuple):
    """A change of the period: whether it was announced in time. ``exempt``: it was an emergency.

    ``notice`` is the seq of the notice, ``free`` the moment from which on the agreement let it be made.
    """

    change: str
    began: datetime
    seq: int
    exempt: bool
    notice: int | None = None
    free: datetime | None = None


class Calls(NamedTuple):
    """Who was called for an emergency: how often, and whether nobody was left. ``answered``: the first human act."""

    ticket: str
    opened: datetime
    answered: datetime | None
    called: tuple[Act, ...]
    unanswered: int | None = None
    """The entry that says that nobody is left to call."""
    seq: int = 0
    """The opening's."""


class Reached(NamedTuple):
    """The availability of what a promise is about, over one month or quarter; ``over`` once that has ended.

    ``target`` is the percentage that is promised.
    """

    begins: datetime
    ends: datetime
    over: bool
    sums: Availability
    target: Decimal
    version: int
    seqs: tuple[int, ...]

    @property
    def kept(self) -> bool | None:
        """Whether it is as promised; None where too little of the time was measured."""
        if not self.sums.measured:
            return None
        return self.sums.up * 100 >= self.target * (self.sums.up + self.sums.down)


class IssuedReport(NamedTuple):
    """A report that was issued for whole days ``first`` to ``last`` (ISO 8601), and for whom."""

    first: str
    last: str
    at: datetime
    seq: int
    audiences: frozenset[str]


class Sums(NamedTuple):
    """What a time costs: an invoice or a credit note with its ``number``, or without one a draft as of the cut.

    ``seq`` is of the entry that issued it.
    """

    draft: InvoiceDraft
    number: str | None = None
    kind: Literal["invoice", "credit_note"] = "invoice"
    issued: date | None = None
    due: date | None = None
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Fees:
    """``invoices`` are those of the period; ``draft`` is what was not billed yet, None where nothing can be said.

    ``hours`` are those that the fees include in the months, quarters and years that the period is in. ``open`` are
    points that may change what is owed.
    """

    draft: Sums | None = None
    invoices: tuple[Sums, ...] = ()
    hours: tuple[HoursUsed, ...] = ()
    open: tuple[OpenPoint, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceFacts:
    """Of one period, as the log and its records know it at the report's cut.

    ``versions`` are those that hold in the period, oldest first, and after them those that only judge older tickets.
    """

    begins: datetime
    until: datetime
    versions: tuple[InForce, ...] = ()
    tickets: tuple[TicketFacts, ...] = ()
    looked_after: tuple[LookedAfter, ...] = ()
    observed: Observed = NOTHING_OBSERVED
    drills: tuple[Act, ...] = ()
    """Those that passed, the last one before the period among them."""
    restores: tuple[Restore, ...] = ()
    announced: tuple[Announced, ...] = ()
    calls: tuple[Calls, ...] = ()
    availability: tuple[Reached, ...] = ()
    reports: tuple[IssuedReport, ...] = ()
    destroyed: tuple[Act, ...] = ()
    """Certificates of what was deleted because it was kept long enough."""
    fees: Fees = Fees()
