"""Time that somebody worked for a client: what the log's entries say of it, and what is proposed to be taken down."""

from typing import Literal, NamedTuple

from netmgr.model.agreement_scope import ServiceKind
from netmgr.model.base import Frozen
from netmgr.model.billing import Travel
from netmgr.model.record import Record

TimeAct = Literal["start", "stop", "add", "accept"]


class TimeSource(Frozen):
    """What somebody was at while a program worked: a change by its id, a playbook's run by its request."""

    kind: Literal["change", "playbook"]
    ref: str


class TimeEntry(Frozen):
    """One spell of work. Moments are whole seconds since the epoch (UTC); ``end`` is None while it goes on.

    ``working`` and ``outside`` are its seconds in the service calendar's time and in all other, by the agreement
    ``version`` that was in force when it began; without one all of it is ``working``. ``provisional`` says that the
    calendar was not final. ``rate_class`` is the person's when it was taken down, ``travel`` the way there and back;
    ``called_out``: they were called to it. ``text`` is the digest of the body with its note.
    """

    id: str
    person: str
    service: ServiceKind
    ticket: str | None = None
    billable: bool = True
    begin: int
    end: int | None = None
    working: int = 0
    outside: int = 0
    version: int | None = None
    provisional: bool = False
    rate_class: str | None = None
    travel: Travel | None = None
    called_out: bool = False
    source: TimeSource | None = None
    text: str | None = None
    entry: str
    """Id of the log's entry that says so, or did last."""


class TimeDraft(NamedTuple):
    """Work that the log shows, and that nobody has taken down."""

    source: TimeSource
    person: str
    begin: int
    end: int
    ticket: str | None
    what: str


def time_entry(record: Record) -> TimeEntry:
    """A record of the store as a spell of work."""
    return TimeEntry.model_validate(dict(record.document))
