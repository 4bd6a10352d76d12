"""The desk's rules: what may be done for a ticket in which state, and when it can have happened (pure).

A refusal is one line: what is wrong, and what to do instead.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from netmgr.model.ticket import CANCELLING, UNSOLVED, Act, Happened, Outcome, State, TicketRecord

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

_ANY: Final[frozenset[State]] = UNSOLVED | {"resolved", "closed"}

#: Act → the states of the ticket in which it is done.
ALLOWED: Final[Mapping[Act, frozenset[State]]] = {
    "open": frozenset(),
    "import": _ANY,
    "ack": UNSOLVED,
    "update": _ANY - {"closed"},
    "note": _ANY,
    "link": _ANY,
    "escalate": UNSOLVED,
    "pause": UNSOLVED - {"paused"},
    "resume": frozenset({"paused"}),
    "resolve": UNSOLVED,
    "close": _ANY - {"closed"},
    "reopen": frozenset({"resolved", "closed"}),
    "accept": _ANY,
    "warn": UNSOLVED,
}
#: State → what to do first.
_FIRST: Final[Mapping[State, str]] = {
    "open": "is open",
    "in_progress": "is in progress",
    "paused": "is paused; resume it first",
    "resolved": "is resolved; reopen it first",
    "closed": "is closed; reopen it first",
}
#: Acts whose order in time decides what the clocks say.
_ORDERED: Final = frozenset({"pause", "resume", "resolve", "close", "reopen"})


def refusal(
    act: Act,
    ticket: TicketRecord,
    history: Sequence[Happened],
    *,
    at: int,
    now: int,
    outcome: Outcome | None = None,
) -> str | None:
    """Why this cannot be done for the ticket, or cannot have happened ``at`` that second; None where it can."""
    if ticket.state not in ALLOWED[act]:
        return f"{ticket.id} {_FIRST[ticket.state]}: {_WHAT.get(act, act)} is not for it"
    if act == "close" and ticket.state != "resolved" and outcome not in CANCELLING:
        words = ", ".join(sorted(CANCELLING))
        return (
            f"{ticket.id} is not resolved; resolve it first, or say with --outcome why it is closed: {words}"
        )
    if act == "resolve" and outcome in CANCELLING:
        return f"{ticket.id}: {outcome} is no resolution; close it with that outcome"
    if to_come := future(at, now):
        return to_come
    if at < ticket.opened:
        return f"--at {told(at)}: {ticket.id} was opened at {told(ticket.opened)}; nothing was done for it before"
    last = max((one for one in history if one.what != "acted"), key=lambda one: one.at)
    if act in _ORDERED and at < last.at:
        return f"--at {told(at)}: {ticket.id} was {last.what} at {told(last.at)}; say a later time"
    return None


def future(at: int, now: int) -> str | None:
    """Why something cannot have happened at that second, where it is to come."""
    return f"--at {told(at)}: that is to come; say when it happened" if at > now else None


def told(seconds: int) -> str:
    """A moment as people are told it: RFC 3339, UTC."""
    return moment(seconds).isoformat().replace("+00:00", "Z")


def moment(seconds: int) -> datetime:
    """Seconds since the epoch as a time."""
    return _EPOCH + timedelta(seconds=seconds)


def cannot_accept(ticket: TicketRecord, seqs: Sequence[int], actor: str) -> str | None:
    """Why somebody cannot accept what was recorded late: it was not, or they recorded it themselves."""
    if not seqs:
        return f"{ticket.id}: nothing was recorded late that is not accepted"
    for seq in seqs:
        recorder = ticket.late.get(str(seq))
        if recorder is None:
            return f"{ticket.id}: seq {seq} was not recorded late, or is accepted already"
        if recorder == actor:
            return f"{ticket.id}: seq {seq} was recorded by {actor}; a second person accepts it"
    return None


_WHAT: Final[Mapping[Act, str]] = {
    "ack": "acknowledging",
    "update": "changing",
    "escalate": "escalating",
    "pause": "pausing",
    "resume": "resuming",
    "resolve": "resolving",
    "close": "closing",
    "reopen": "reopening",
    "warn": "warning",
}
