"""What may be taken down as time worked, how it lies in the service's hours, and what the log proposes (pure)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from netmgr.model.agreement import Agreement
from netmgr.model.agreement_scope import ServiceKind
from netmgr.model.entry import Entry
from netmgr.model.ticket import TicketKind
from netmgr.model.time_entry import TimeDraft, TimeEntry, TimeSource
from netmgr.service.calendar import ServiceHours, worked
from netmgr.service.desk import told

LONGEST: Final = 24 * 3600
"""Seconds of one spell: nobody works longer at a stretch, and who forgot to stop is asked."""

#: What work for a ticket is, by the agreement's words.
SERVICES: Final[Mapping[TicketKind, ServiceKind]] = {
    "fault": "faults",
    "request": "requests",
    "consulting": "consulting",
    "information": "requests",
}


class Split(NamedTuple):
    """Seconds in the service calendar's time, and in all other."""

    working: int
    outside: int
    provisional: bool


def split(agreement: Agreement | None, begin: int, end: int) -> Split:
    """How [begin, end) lies in the service's hours. Without an agreement there are none, and all counts as working."""
    if agreement is None:
        return Split(end - begin, 0, True)
    hours = ServiceHours(agreement.calendar)
    inside = worked(hours, begin, end)
    return Split(inside, end - begin - inside, hours.provisional(begin, end))


def refusal(begin: int, end: int, now: int) -> str | None:
    """Why nobody can have worked in [begin, end); None where somebody can."""
    if end > now:
        return f"until {told(end)}: that is to come; say when it ended"
    if end <= begin:
        return f"it ends at {told(end)}, and began at {told(begin)}; say a later end"
    if end - begin > LONGEST:
        return f"from {told(begin)} to {told(end)} is more than 24 hours; take down each spell of work"
    return None


def overlap(begin: int, end: int | None, others: Iterable[TimeEntry]) -> TimeEntry | None:
    """The first of somebody's other spells that [begin, end) overlaps; what has no end goes on."""
    return next(
        (one for one in others if (end is None or one.begin < end) and (one.end is None or begin < one.end)),
        None,
    )


def drafts(entries: Iterable[Entry], taken: Sequence[TimeEntry]) -> tuple[TimeDraft, ...]:
    """The changes and playbooks in these entries of the log that somebody ran by hand and nobody has taken down.

    Oldest first. What overlaps a spell of the same person is taken down with it already.
    """
    return tuple(
        draft
        for draft in _runs(entries)
        if not any(one.source == draft.source for one in taken)
        and overlap(draft.begin, draft.end, (one for one in taken if one.person == draft.person)) is None
    )


def _runs(entries: Iterable[Entry]) -> Iterator[TimeDraft]:
    begun: dict[TimeSource, Entry] = {}
    for entry in entries:
        source = _source(entry)
        if source is None or entry.device is not None or entry.target != "network":
            continue
        if entry.phase == "intent":
            begun[source] = entry
        elif entry.phase == "result" and (first := begun.pop(source, None)):
            # Whoever ends another's work, as recover does, was not at it all the time.
            if first.auth == "service" or first.request != entry.request:
                continue
            # A minute that has begun is one: what took a moment only was somebody's time, too.
            begin = _second(first)
            end = begin + max(60, -(-(_second(entry) - begin) // 60) * 60)
            yield TimeDraft(source, first.actor, begin, end, first.ticket, first.action)


def _source(entry: Entry) -> TimeSource | None:
    if entry.kind == "change" and entry.change:
        return TimeSource(kind="change", ref=entry.change)
    return TimeSource(kind="playbook", ref=entry.request) if entry.kind == "playbook" else None


def _second(entry: Entry) -> int:
    return int(datetime.fromisoformat(entry.at or entry.time).timestamp())
