"""Tickets of another desk, taken over as often as it tells of them; and ours for another desk."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from netmgr.errors import InputError, UsageError
from netmgr.model.entry import Draft
from netmgr.model.record import Record
from netmgr.model.ticket import TicketRecord, happened, ticket
from netmgr.model.ticket_exchange import Lines, ToldTicket
from netmgr.service.desk import told as moment
from netmgr.service.ticket_record import KIND
from netmgr.workflows.contacts import Addresses, contact
from netmgr.workflows.runtime import Runtime
from netmgr.workflows.ticket_log import act_draft, decided, next_number, texts_of
from netmgr.workflows.ticket_views import Step, timeline

_SAME: Final = ("kind", "impact", "urgency", "priority", "assignee", "cause", "outcome", "rma")

Status = Literal["new", "changed", "unchanged"]
Foreign = tuple[str, str]
"""A system's name, and a ticket's id there."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one line."""

    id: str
    foreign: str
    source: str
    status: Status


def import_tickets(runtime: Runtime, lines: Lines, *, source: str | None) -> tuple[Imported, ...]:
    """Take over what is new or told otherwise; all lines or none.

    ``source`` names the system where a line does not. Raises InputError with every problem of every line.
    """
    runtime.require("desk")
    told = _keyed(runtime, lines, source)
    _there(runtime, lines)

    def decide() -> Sequence[Draft]:
        known = _known(runtime)
        number, contacts, drafts = next_number(runtime), Addresses(runtime), []
        for key, one in told.items():
            record = known.get(key)
            if record is not None and record.document["source"]["digest"] == one.digest:
                continue
            identity = record.key if record else f"T-{number}"
            number += 0 if record else 1
            who, new = contacts.of(one.reporter, record.document.get("reporter") if record else None)
            drafts += [*new, _draft(runtime, identity, key, one, who)]
        return drafts

    appended = {entry.ticket: entry.seq for entry in decided(runtime, decide)}
    known = _known(runtime)
    return tuple(_imported(key, known[key], appended) for key in told)


def export_tickets(runtime: Runtime) -> Iterator[dict[str, Any]]:
    """Every ticket as a line tells it, by number, texts included."""
    runtime.require("desk")
    return (_line(runtime, record) for record in runtime.open_records().all(runtime.client, KIND))


def _keyed(runtime: Runtime, lines: Lines, source: str | None) -> dict[Foreign, ToldTicket]:
    """The lines by the foreign ticket. Raises InputError for what they contradict each other in, or cannot be."""
    problems: list[str] = []
    found: dict[Foreign, ToldTicket] = {}
    now = int(runtime.clock.now().timestamp())
    for place, one in lines:
        system = one.source or source
        if system is None:
            problems.append(f"{place}: source: missing; add it, or name the system with --source")
            continue
        if system == _ours(runtime):
            problems.append(f"{place}: {one.id} is a ticket of this desk; leave it out")
        if (system, one.id) in found:
            problems.append(f"{place}: {one.id} of {system} is told twice; leave one out")
        if one.newest() > now:
            problems.append(f"{place}: {one.id}: {moment(one.newest())} is to come; write when it happened")
        found[system, one.id] = one
    if problems:
        raise InputError(problems)
    return found


def _there(runtime: Runtime, lines: Lines) -> None:
    """Raise InputError for devices and assets that there are not."""
    problems = []
    devices: Any = None
    assets: Any = None
    for place, one in lines:
        if one.devices and devices is None:
            devices = runtime.inventories.load(runtime.client).by_name()
        if one.assets and assets is None:
            assets = runtime.open_office().agreements.assets(runtime.client).assets
        problems += [f"{place}: devices: there is no {name}" for name in one.devices if name not in devices]
        problems += [f"{place}: assets: there is no {name}" for name in one.assets if name not in assets]
    if problems:
        raise InputError(problems)


def _known(runtime: Runtime) -> dict[Foreign, Record]:
    records = runtime.open_records().all(runtime.client, KIND)
    sources = ((record, record.document.get("source")) for record in records)
    return {(source["system"], source["id"]): record for record, source in sources if source}


def _draft(runtime: Runtime, identity: str, key: Foreign, one: ToldTicket, who: str | None) -> Draft:
    system, foreign = key
    facts: dict[str, Any] = {
        "source": {"system": system, "id": foreign, "digest": one.digest},
        "events": one.told(),
        "subject": True,
        "given": True,
        "devices": sorted(one.devices),
        "assets": sorted(one.assets),
        "due": one.due.isoformat() if one.due else None,
        "reporter": who,
        **{name: getattr(one, name) for name in _SAME},
    }
    texts = {
        "subject": one.subject,
        "description": one.description,
        "notes": [note.model_dump() for note in one.notes],
    }
    return act_draft(runtime, identity, "import", facts, at=None, texts=texts)


def _imported(key: Foreign, record: Record, appended: dict[str | None, int]) -> Imported:
    seq, imports = appended.get(record.key), record.document["imports"]
    status: Status = "unchanged" if seq is None else "new" if seq == imports[0] else "changed"
    return Imported(record.key, key[1], key[0], status)


def _line(runtime: Runtime, record: Record) -> dict[str, Any]:
    one = ticket(record)
    texts = texts_of(runtime, one.text) or {}
    who = contact(runtime, one.reporter) if one.reporter else None
    line: dict[str, Any] = {
        "id": one.source.id if one.source else one.id,
        "source": one.source.system if one.source else _ours(runtime),
        "subject": texts.get("subject", ""),
        "description": texts.get("description", ""),
        **{name: getattr(one, name) for name in (*_SAME, "due")},
        "reporter": {"name": who.name, "address": who.address} if who and (who.name or who.address) else None,
        "devices": list(one.devices),
        "assets": list(one.assets),
        "events": [_event(each) for each in sorted(happened(record), key=lambda each: each.at)],
        "notes": [note for step in timeline(runtime, one.id) for note in _notes(one, step)],
    }
    return {name: value for name, value in line.items() if value not in (None, [])}


def _event(each: Any) -> dict[str, Any]:
    made = {"what": each.what, "at": moment(each.at), "by_us": each.by_us}
    return made | ({"word": each.word} if each.word else {})


def _notes(one: TicketRecord, step: Step) -> Iterator[dict[str, Any]]:
    """What was noted in this step; of imports, only the newest."""
    texts, entry = step.texts or {}, step.entry
    if entry.action == "import" and entry.seq == one.imports[-1]:
        yield from texts.get("notes", ())
    elif "text" in texts:
        at = entry.at or entry.time
        yield {"at": at, "text": texts["text"], "visible": entry.visibility == "client"}


def _ours(runtime: Runtime) -> str:
    """What this desk is called by others."""
    return f"netmgr-{runtime.client}"[:63]


def source_name(text: str | None) -> str | None:
    """A system's name as a user gives it. Raises UsageError."""
    if text is None or (text.isascii() and len(text) <= 63 and text[:1].isalnum() and not set(text) - _NAME):
        return text
    raise UsageError(f"--source {text}: write letters, digits, '.', '_' and '-', at most 63")


_NAME: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
