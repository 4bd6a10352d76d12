"""Tickets for who reads them: the list, and one with everything that was done for it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from netmgr.model.entry import Entry, Facts
from netmgr.model.record import Record
from netmgr.model.ticket import State, TicketRecord, ticket
from netmgr.model.ticket_clock import LATE
from netmgr.service.ticket_record import KIND, moment
from netmgr.workflows.contacts import ERASED, named
from netmgr.workflows.information import KIND as INFORMATION
from netmgr.workflows.runtime import Runtime
from netmgr.workflows.ticket_clock import Clocks, Judged
from netmgr.workflows.ticket_log import found, texts_by, texts_of

_PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class Listed:
    """One ticket of a list. ``subject`` is None where it was erased."""

    ticket: TicketRecord
    subject: str | None
    judged: Judged | None = None
    """None where nothing is promised for it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One entry that carries the ticket's id. ``texts`` is None where it has none; ``erased``: they were."""

    entry: Entry
    texts: Mapping[str, Any] | None
    erased: bool
    late: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A ticket with its texts and its timeline, oldest first. ``reporter`` is how people are told of them."""

    ticket: TicketRecord
    subject: str | None
    description: str | None
    reporter: str | None
    timeline: tuple[Step, ...]
    judged: Judged | None = None
    """None where nothing is promised for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which tickets; None is any."""

    states: Collection[State] | None = None
    priority: str | None = None
    kind: str | None = None
    assignee: str | None = None
    device: str | None = None

    def fits(self, one: TicketRecord) -> bool:
        """Whether the ticket is wanted; its state was asked for already."""
        return (
            self.priority in (None, one.priority)
            and self.kind in (None, one.kind)
            and self.assignee in (None, one.assignee)
            and (self.device is None or self.device in one.devices)
        )


def tickets(runtime: Runtime, wanted: Wanted, *, count: int) -> tuple[Listed, ...]:
    """The newest ``count`` that are wanted, the newest first."""
    runtime.require("read")
    chosen: list[Record] = []
    after: int | None = None
    while len(chosen) < count:
        page = runtime.open_records().page(
            runtime.client, KIND, states=wanted.states, after=after, limit=_PAGE, newest_first=True
        )
        chosen += (record for record in page if wanted.fits(ticket(record)))
        if len(page) < _PAGE:
            break
        after = page[-1].number
    clocks = Clocks(runtime)
    listed = [(ticket(record), record) for record in chosen[:count]]
    texts = texts_by(runtime, {one.text for one, _ in listed if one.text})
    return tuple(
        Listed(one, texts.get(one.text or "", {}).get("subject"), clocks.of(record)) for one, record in listed
    )


def show(runtime: Runtime, identity: str) -> Shown:
    """One ticket. Raises UsageError where there is none."""
    runtime.require("read")
    record = found(runtime, identity)
    one = ticket(record)
    texts = texts_of(runtime, one.text) or {}
    return Shown(
        ticket=one,
        subject=texts.get("subject"),
        description=texts.get("description"),
        reporter=named(runtime, one.reporter),
        timeline=timeline(runtime, identity),
        judged=Clocks(runtime).of(record),
    )


def timeline(runtime: Runtime, identity: str) -> tuple[Step, ...]:
    """Everything that carries the ticket's id, by the time at which it happened; changes as a whole only."""
    entries = runtime.log.entries(runtime.client, ticket=identity)
    chosen = [entry for entry in entries if entry.kind == KIND or entry.device is None]
    texts = texts_by(runtime, {entry.body.digest for entry in chosen if entry.kind == KIND and entry.body})
    steps = [_step(runtime, entry, texts) for entry in chosen]
    return tuple(sorted(steps, key=lambda step: step.entry.at or step.entry.time))


def told(step: Step) -> Sequence[str]:
    """The texts of a step as lines, the subject first."""
    if step.erased:
        return (ERASED,)
    texts = step.texts or {}
    said = [str(texts[name]) for name in ("subject", "description", "text") if texts.get(name)]
    said += [str(note["text"]) for note in texts.get("notes", ())]
    return [*said, *map(_attached, texts.get("attachments", ()))]


def _attached(one: Mapping[str, Any]) -> str:
    kept = "" if one["kept"] else ", too large to be kept"
    return f"attached: {one['name']} ({one['type']}, {one['size']} bytes{kept})"


def _step(runtime: Runtime, entry: Entry, known: Mapping[str, Mapping[str, Any]]) -> Step:
    late = entry.at is not None and abs(moment(entry.time) - moment(entry.at)) > LATE
    if entry.kind == INFORMATION:
        return Step(entry, {"text": _delivered(runtime, entry.facts)}, erased=False, late=late)
    texts = known.get(entry.body.digest) if entry.kind == KIND and entry.body else None
    return Step(entry, texts, entry.kind == KIND and entry.body is not None and texts is None, late)


def _delivered(runtime: Runtime, facts: Facts) -> str:
    """To whom what a client wants to know went, how, and what it was."""
    to, way, first, until, shown, hidden, manifest = (
        str(facts.get(name)) for name in ("to", "way", "from", "until", "shown", "hidden", "manifest")
    )
    return (
        f"to {named(runtime, to) or to}, by {way}: {first} to {until}, {shown} entries shown, {hidden} hidden\n"
        f"manifest {manifest}"
    )
