"""Tickets: the words that they are described in, and what the log's entries say of one together."""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, get_args

from netmgr.model.agreement_levels import Impact, Matrix, Urgency
from netmgr.model.base import Frozen
from netmgr.model.fields import Items
from netmgr.model.record import Record

TicketKind = Literal["fault", "request", "consulting", "information"]
State = Literal["open", "in_progress", "paused", "resolved", "closed"]

UNSOLVED: Final[frozenset[State]] = frozenset({"open", "in_progress", "paused"})
"""What is to be done is not done yet."""

PauseReason = Literal["client", "access", "vendor", "window", "third_party", "agreed"]
"""Who or what is waited for: the client's answer, access to site or device, a vendor, a maintenance window, somebody
else; or a pause that both sides agreed on."""

Cause = Literal[
    "hardware",
    "software",
    "configuration",
    "capacity",
    "carrier",
    "power",
    "environment",
    "security",
    "change",
    "human",
    "third_party",
    "unknown",
]
Outcome = Literal["fixed", "workaround", "done", "answered", "no_fault", "duplicate", "rejected", "cancelled"]

CANCELLING: Final[frozenset[Outcome]] = frozenset({"duplicate", "rejected", "cancelled"})
"""With these a ticket is closed that nobody has resolved."""

LinkKind = Literal["change", "audit", "playbook", "backup", "ticket", "entry"]

Act = Literal[
    "open",
    "import",
    "ack",
    "update",
    "note",
    "link",
    "escalate",
    "pause",
    "resume",
    "resolve",
    "close",
    "reopen",
    "accept",
    "warn",
]
"""What is done for a ticket: the ``action`` of its entries."""

#: Standing until an agreement is signed, whose own matrix then counts. The most severe first.
PRIORITIES: Final = ("emergency", "high", "normal", "low")
MATRIX: Final[Matrix] = {
    "extensive": {"critical": "emergency", "high": "high", "medium": "high", "low": "normal"},
    "significant": {"critical": "high", "high": "high", "medium": "normal", "low": "low"},
    "limited": {"critical": "normal", "high": "normal", "medium": "low", "low": "low"},
}


def priority(impact: Impact, urgency: Urgency, matrix: Matrix = MATRIX) -> str:
    """What a matrix makes of impact and urgency."""
    return matrix[impact][urgency]


def words(choices: object) -> tuple[str, ...]:
    """The words of one of the choices above."""
    return get_args(choices)


class Happened(NamedTuple):
    """Something that happened to a ticket and that its clocks look at, in seconds since the epoch.

    The first members are those of ``netmgr.model.ticket_clock.Event``; ``seq`` is the entry's.
    """

    what: str
    at: int
    recorded: int
    word: str
    by_us: bool
    accepted: bool
    seq: int


class Source(Frozen):
    """Another desk's ticket: its system's name, its id there, and the digest of what was imported last."""

    system: str
    id: str
    digest: str


class Link(Frozen):
    """What else belongs to a ticket; ``entry`` is an entry of the log by its id."""

    kind: LinkKind
    ref: str


class TicketRecord(Frozen):
    """One ticket as it stands. Moments are whole seconds since the epoch (UTC); texts are digests of bodies.

    ``impact`` and ``urgency`` are None where another desk did not say. ``given`` tells that somebody chose the
    priority, not the matrix. ``late`` are seqs of entries that were recorded late and not accepted by a second person,
    each with who recorded it.
    """

    id: str
    kind: TicketKind
    state: State
    priority: str
    impact: Impact | None = None
    urgency: Urgency | None = None
    given: bool = False
    reporter: str | None = None
    assignee: str | None = None
    devices: Items[str] = ()
    assets: Items[str] = ()
    links: Items[Link] = ()
    due: str | None = None
    reason: PauseReason | None = None
    cause: Cause | None = None
    outcome: Outcome | None = None
    rma: str | None = None
    source: Source | None = None
    opened: int
    resolved: int | None = None
    closed: int | None = None
    updated: int
    text: str | None = None
    """Digest of the body with subject and description."""
    late: Mapping[str, str] = {}
    imports: Items[int] = ()
    """Seqs of the entries that imported it."""
    condition: str | None = None
    """What is wrong where a program found it: ``probe.down.r1``; of each, one ticket is unsolved at most."""
    warned: Mapping[str, int] = {}
    """Target and priority, such as ``response.high`` → the part of it, in percent, that people were told of last."""


def ticket(record: Record) -> TicketRecord:
    """A record of the store as a ticket."""
    members = {name: value for name, value in record.document.items() if name != "events"}
    return TicketRecord.model_validate(members)


def happened(record: Record) -> list[Happened]:
    """What happened to it, in the order in which it was recorded."""
    return [Happened(*row) for row in record.document["events"]]
