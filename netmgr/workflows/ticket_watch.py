"""Before a target is missed: who watches the desk sees what runs out next, and people are told in time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from netmgr.model.entry import Draft
from netmgr.model.record import Record
from netmgr.model.ticket import UNSOLVED, TicketRecord, ticket
from netmgr.service.desk import moment, told
from netmgr.service.due import BREACH, urgency, warnings
from netmgr.service.ticket_record import KIND
from netmgr.workflows.runtime import Runtime
from netmgr.workflows.ticket_clock import Clocks, Judged
from netmgr.workflows.ticket_log import act_draft, decided, texts_of

_PAGE = 500


@dataclass(frozen=True, slots=True)
class Watched:
    """A ticket that is not solved, and its clocks; None where nothing is promised for it."""

    ticket: TicketRecord
    subject: str | None
    judged: Judged | None


@dataclass(frozen=True, slots=True)
class Watch:
    """Everything that is not solved at a moment, the most urgent first; what nothing is promised for, last."""

    at: datetime
    tickets: tuple[Watched, ...]


def watch(runtime: Runtime) -> Watch:
    """How the desk stands now."""
    runtime.require("read")
    clocks = Clocks(runtime)
    found = []
    for record in unsolved(runtime):
        one = ticket(record)
        subject = (texts_of(runtime, one.text) or {}).get("subject")
        found.append(Watched(one, subject, clocks.of(record)))
    return Watch(moment(clocks.now), tuple(sorted(found, key=_urgency)))


def warn(runtime: Runtime) -> str:
    """Log what people are to be told of: a part of a target that is used, at which the agreement warns, or all of it.

    Each once, however often this runs, and whoever runs it at the same time. The outcome is ``nothing``, ``warned`` or
    ``missed``.
    """
    runtime.require("desk")

    def decide() -> list[Draft]:
        clocks = Clocks(runtime)
        return [draft for record in unsolved(runtime) for draft in _drafts(runtime, clocks, record)]

    if not decide():
        return "nothing"
    entries = decided(runtime, decide)
    return "missed" if any(entry.outcome == "missed" for entry in entries) else "warned"


def unsolved(runtime: Runtime) -> Iterator[Record]:
    """Every ticket that is neither resolved nor closed, by number."""
    after: int | None = None
    while page := runtime.open_records().page(
        runtime.client, KIND, states=UNSOLVED, after=after, limit=_PAGE
    ):
        yield from page
        after = page[-1].number


def _drafts(runtime: Runtime, clocks: Clocks, record: Record) -> Iterator[Draft]:
    judged = clocks.of(record)
    if judged is None:
        return
    for one in warnings(judged.clock, judged.warn, record.document.get("warned", {})):
        facts: dict[str, Any] = {"target": one.target, "level": one.level, "percent": one.percent}
        if one.due is not None:
            facts["due"] = told(one.due)
        outcome = "missed" if one.percent == BREACH else "warned"
        yield act_draft(runtime, record.key, "warn", facts, at=None, outcome=outcome)


def _urgency(one: Watched) -> tuple[int, int, int]:
    number = int(one.ticket.id.removeprefix("T-"))
    return (*urgency(one.judged.clock), number) if one.judged else (2, 0, number)
