"""What people are told of, and the words for how far the telling has got."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from netmgr.model.entry import Entry
from netmgr.model.names import Target

Severity = Literal["info", "warning", "error", "critical"]
SEVERITIES: Final[tuple[Severity, ...]] = get_args(Severity)
"""From the least to the worst."""

EventState = Literal["problem", "well", "once", "recurring"]
"""A problem stands until it is well again; what happens once does neither. What recurs may come many times for one
reason, such as a job that fails at each run, and nothing tells that it is over."""

NotificationState = Literal["pending", "sending", "sent", "failed"]
"""``failed``: given up, or refused for good by whom it was meant for."""

SILENT: Final = "notify"
"""Entries of this kind tell that somebody could not be told; nobody is told of them in turn."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that the log tells of.

    ``name`` is ``kind.outcome``, such as ``audit.drifted``; ``subject`` is what it is about, so that the next event
    about the same can be compared with it.
    """

    name: str
    severity: Severity
    state: EventState
    subject: str
    target: Target
    request: str
    action: str
    outcome: str
    time: str
    stream: str
    seq: int
    device: str | None = None
    change: str | None = None
    ticket: str | None = None
    devices: Mapping[str, tuple[str, ...]] | None = None
    """Of a whole change: outcome → the devices that have it."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries ``first`` to ``last`` of one stream, appended together, of which nobody has been told yet."""

    stream: str
    first: int
    last: int
    time: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A problem that ``recipient`` knows of. ``since`` it stands, ``told`` when the recipient last heard of it."""

    recipient: str
    subject: str
    event: str
    severity: Severity
    since: str
    told: str


@dataclass(frozen=True, slots=True)
class Notification:
    """One message to one recipient. ``id`` never changes, however often it is sent: the receiver's idempotency key.

    ``document`` is what is told, as canonical JSON; ``attempts`` counts how often sending was begun, ``due`` is when it
    is tried next, or until when somebody is at it.
    """

    id: str
    client: str
    recipient: str
    severity: Severity
    created: str
    document: bytes
    state: NotificationState = "pending"
    attempts: int = 0
    due: str = ""
    error: str | None = None
    settled: str | None = None


@dataclass(frozen=True, slots=True)
class Routed:
    """What comes of some batches: who is told what, and which problems each recipient knows of from then on."""

    notifications: tuple[Notification, ...] = ()
    standing: tuple[Condition, ...] = ()
    over: tuple[tuple[str, str], ...] = ()
    """(recipient, subject) of problems that are no more."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """How a client's outbox stands: notifications by state, and since when the oldest one waits."""

    unrouted: int
    counts: Mapping[NotificationState, int]
    oldest: datetime | None


def is_told(entry: Entry) -> bool:
    """Whether an entry may be news for somebody: how something ended, or a change that waits to be confirmed."""
    if entry.kind == SILENT:
        return False
    return (entry.phase == "result" and entry.outcome is not None) or is_held(entry)


def is_held(entry: Entry) -> bool:
    """Whether the entry says that a change is left pending."""
    return entry.phase == "decision" and entry.facts.get("decision") == "hold"


def batch_of(stream: str, entries: Iterable[Entry]) -> tuple[Batch, ...]:
    """The batch that these entries are, appended together; none where there is no news in them."""
    every = list(entries)
    if not any(map(is_told, every)):
        return ()
    return (Batch(stream, every[0].seq, every[-1].seq, every[-1].time),)
