"""The desk: tickets are opened, worked on, paused, resolved and closed. Each act is an entry of the log."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from netmgr.errors import UsageError
from netmgr.model.agreement_levels import Impact, Levels, Urgency
from netmgr.model.entry import Draft
from netmgr.model.record import Record
from netmgr.model.ticket import (
    MATRIX,
    PRIORITIES,
    Act,
    Cause,
    Link,
    Outcome,
    PauseReason,
    TicketKind,
    TicketRecord,
    happened,
    priority,
    ticket,
)
from netmgr.service.desk import cannot_accept, future, moment, refusal
from netmgr.workflows.agreement import content, known
from netmgr.workflows.contacts import reporter
from netmgr.workflows.runtime import Runtime
from netmgr.workflows.ticket_log import act_draft, decided, found, next_number, texts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What a user says of a ticket; None is what they do not say, an empty list takes all away."""

    kind: TicketKind | None = None
    subject: str | None = None
    description: str | None = None
    impact: Impact | None = None
    urgency: Urgency | None = None
    priority: str | None = None
    reporter: str | None = None
    assignee: str | None = None
    devices: Sequence[str] | None = None
    assets: Sequence[str] | None = None
    due: date | None = None
    cause: Cause | None = None
    rma: str | None = None
    links: Sequence[Link] = ()


def open_ticket(runtime: Runtime, given: Described, *, at: datetime | None = None) -> str:
    """The id of the new ticket. ``subject`` is given.

    Raises UsageError for what there is not (a device, an asset, a person, a priority) and for a time to come.
    """
    runtime.require("desk")
    _say_times(runtime, at)

    def decide() -> list[Draft]:
        identity = f"T-{next_number(runtime)}"
        facts = _checked(runtime, given)
        who, new = reporter(runtime, given.reporter) if given.reporter else (None, ())
        if who:
            facts["reporter"] = who
        drafts = [*new, opening(runtime, identity, given, facts=facts, at=at)]
        if given.links:
            drafts.append(_linking(runtime, identity, given.links, at))
        return drafts

    return _ticket_of(decided(runtime, decide))


def opening(
    runtime: Runtime,
    identity: str,
    given: Described,
    *,
    facts: Mapping[str, Any],
    texts: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> Draft:
    """The entry that opens a ticket; ``facts`` and ``texts`` are what else is said of it."""
    impact, urgency = given.impact or "limited", given.urgency or "medium"
    chosen = _priority(_levels(runtime, at or runtime.clock.now()), given.priority, impact, urgency)
    said: dict[str, Any] = {
        "kind": given.kind or "fault",
        "impact": impact,
        "urgency": urgency,
        "subject": True,
        **chosen,
    }
    words = {"subject": given.subject, "description": given.description or "", **(texts or {})}
    return act_draft(runtime, identity, "open", {**said, "subject": True, **facts}, at=at, texts=words)


def update(
    runtime: Runtime,
    identity: str,
    given: Described,
    *,
    note: str | None = None,
    visible: bool = False,
    ack: bool = False,
    at: datetime | None = None,
) -> str:
    """Say something else of a ticket, note something, link it, acknowledge it: each is an entry.

    Raises UsageError where nothing is said, or it cannot be done for the ticket.
    """
    runtime.require("desk")

    def decide() -> list[Draft]:
        record = found(runtime, identity)
        facts, texts = _differences(runtime, record, given)
        drafts: list[Draft] = []
        if ack:
            drafts.append(_act(runtime, record, "ack", {}, at=at))
        if facts:
            drafts.append(_act(runtime, record, "update", facts, at=at, texts=texts))
        if given.links:
            _allow(runtime, record, "link", at)
            drafts.append(_linking(runtime, identity, given.links, at))
        if note:
            drafts.append(_act(runtime, record, "note", {}, at=at, texts={"text": note}, visible=visible))
        if not drafts:
            raise UsageError(f"{identity}: nothing is said of it that it does not say already")
        return drafts

    return _ticket_of(decided(runtime, decide))


def pause(
    runtime: Runtime, identity: str, reason: PauseReason, *, note: str | None, at: datetime | None = None
) -> str:
    """The resolution clock stands still until ``resume``; the note is the evidence."""
    return _alone(runtime, identity, "pause", {"reason": reason}, note=note, at=at)


def resume(runtime: Runtime, identity: str, *, note: str | None = None, at: datetime | None = None) -> str:
    """End a pause."""
    return _alone(runtime, identity, "resume", {}, note=note, at=at)


def resolve(
    runtime: Runtime,
    identity: str,
    *,
    outcome: Outcome,
    cause: Cause | None,
    rma: str | None = None,
    note: str,
    at: datetime | None = None,
) -> str:
    """What was done, and what it was."""
    facts = {"outcome": outcome, "cause": cause, "rma": rma}
    return _alone(runtime, identity, "resolve", facts, note=note, at=at, outcome=outcome)


def close(
    runtime: Runtime,
    identity: str,
    *,
    outcome: Outcome | None = None,
    note: str | None = None,
    at: datetime | None = None,
) -> str:
    """Of a ticket that nobody has resolved, the outcome says why."""
    return _alone(runtime, identity, "close", {"outcome": outcome}, note=note, at=at, outcome=outcome)


def reopen(runtime: Runtime, identity: str, *, note: str, at: datetime | None = None) -> str:
    """It was not over: the resolution clock goes on."""
    return _alone(runtime, identity, "reopen", {}, note=note, at=at)


def accept(runtime: Runtime, identity: str, seqs: Sequence[int] = ()) -> str:
    """A second person accepts what was recorded late, all of it or these entries: from then on its own times count."""
    runtime.require("desk")

    def decide() -> list[Draft]:
        stands = ticket(found(runtime, identity))
        chosen = tuple(seqs) or tuple(int(seq) for seq in stands.late)
        if objection := cannot_accept(stands, chosen, runtime.actor.id):
            raise UsageError(objection)
        return [act_draft(runtime, identity, "accept", {"accepts": list(chosen)}, at=None)]

    return _ticket_of(decided(runtime, decide))


def _alone(
    runtime: Runtime,
    identity: str,
    act: Act,
    facts: Mapping[str, Any],
    *,
    note: str | None,
    at: datetime | None,
    outcome: Outcome | None = None,
) -> str:
    runtime.require("desk")
    said = {name: value for name, value in facts.items() if value is not None}
    texts = {"text": note} if note else None

    def decide() -> list[Draft]:
        record = found(runtime, identity)
        return [_act(runtime, record, act, said, at=at, texts=texts, outcome=outcome)]

    return _ticket_of(decided(runtime, decide))


def _act(
    runtime: Runtime,
    record: Record,
    act: Act,
    facts: Mapping[str, Any],
    *,
    at: datetime | None,
    texts: Mapping[str, Any] | None = None,
    visible: bool = False,
    outcome: Outcome | None = None,
) -> Draft:
    _allow(runtime, record, act, at, outcome)
    return act_draft(runtime, record.key, act, facts, at=at, texts=texts, visible=visible)


def _allow(
    runtime: Runtime, record: Record, act: Act, at: datetime | None, outcome: Outcome | None = None
) -> None:
    history = happened(record)
    # The log's time never goes back, even where this machine's does.
    now = max(_seconds(runtime.clock.now()), *(one.recorded for one in history))
    when = now if at is None else _seconds(at)
    if objection := refusal(act, ticket(record), history, at=when, now=now, outcome=outcome):
        raise UsageError(objection)


def _say_times(runtime: Runtime, at: datetime | None) -> None:
    if at and (objection := future(_seconds(at), _seconds(runtime.clock.now()))):
        raise UsageError(objection)


def _differences(
    runtime: Runtime, record: Record, given: Described
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """What of the ticket is said otherwise, and its new texts."""
    stands, facts = ticket(record), _checked(runtime, given)
    if given.kind:
        facts["kind"] = given.kind
    if given.impact or given.urgency or given.priority:
        facts |= _prioritised(runtime, stands, given)
    changed = {name: value for name, value in facts.items() if record.document.get(name) != value}
    if changed.keys() == {"given"}:
        changed = {}
    if given.subject is None and given.description is None:
        return changed, None
    before = texts_of(runtime, stands.text) or {}
    said = {"subject": given.subject, "description": given.description}
    texts = {name: before.get(name, "") if text is None else text for name, text in said.items()}
    return (changed | {"subject": True}, texts) if texts != before else (changed, None)


def _prioritised(runtime: Runtime, stands: TicketRecord, given: Described) -> dict[str, Any]:
    impact = given.impact or stands.impact or "limited"
    urgency = given.urgency or stands.urgency or "medium"
    levels = _levels(runtime, moment(stands.opened))
    said = {"impact": given.impact, "urgency": given.urgency}
    named = {name: value for name, value in said.items() if value}
    return named | _priority(levels, given.priority, impact, urgency)


def _priority(
    levels: Levels | None, given: str | None, impact: Impact, urgency: Urgency
) -> dict[str, str | bool]:
    """The priority that somebody chose, or the matrix. Raises UsageError for one that there is not."""
    names: Iterable[str] = levels.priorities if levels else PRIORITIES
    if given is not None and given not in names:
        raise UsageError(f"--priority {given}: there is none such; choose {', '.join(names)}")
    made = given or priority(impact, urgency, levels.matrix if levels else MATRIX)
    return {"priority": made, "given": given is not None}


def _levels(runtime: Runtime, at: datetime) -> Levels | None:
    """Those of the agreement in force then, if one is."""
    version = known(runtime).in_force(at)
    return content(runtime, version).levels if version else None


def _checked(runtime: Runtime, given: Described) -> dict[str, Any]:
    """What is said of devices, assets, people and the like, all of which there is. Raises UsageError."""
    facts: dict[str, Any] = {}
    if given.assignee is not None:
        people = runtime.inventories.people().people
        if people and given.assignee not in people:
            raise UsageError(f"--assignee {given.assignee}: no such id in config/people.yaml")
        facts["assignee"] = given.assignee
    if given.devices is not None:
        facts["devices"] = _there(
            "--device",
            given.devices,
            lambda: runtime.inventories.load(runtime.client).by_name(),
            f"`netmgr inventory list -c {runtime.client}`",
        )
    if given.assets is not None:
        facts["assets"] = _there(
            "--asset",
            given.assets,
            lambda: runtime.open_office().agreements.assets(runtime.client).assets,
            "assets.yaml",
        )
    for name, value in (
        ("due", given.due and given.due.isoformat()),
        ("cause", given.cause),
        ("rma", given.rma),
    ):
        if value is not None:
            facts[name] = value
    return facts


def _there(
    option: str, names: Sequence[str], there: Callable[[], Mapping[str, object]], where: str
) -> list[str]:
    known_names = there() if names else {}
    for name in names:
        if name not in known_names:
            raise UsageError(f"{option} {name}: there is none such; {where} says what there is")
    return sorted(set(names))


def _linking(runtime: Runtime, identity: str, links: Sequence[Link], at: datetime | None) -> Draft:
    for link in links:
        if not _linked(runtime, link):
            raise UsageError(f"--link {link.kind}:{link.ref}: the log of {runtime.client} has none such")
    facts = {"links": [link.model_dump() for link in links]}
    return act_draft(runtime, identity, "link", facts, at=at)


def _linked(runtime: Runtime, link: Link) -> bool:
    """Whether the log knows what is linked: an audit, playbook or backup by its request or by an entry's id."""
    client, log = runtime.client, runtime.log
    if link.kind == "change":
        return next(log.entries(client, change=link.ref, limit=1), None) is not None
    if link.kind == "ticket":
        return next(log.entries(client, ticket=link.ref, kind="ticket", limit=1), None) is not None
    entry = log.entry(client, link.ref)
    if link.kind == "entry" or entry is not None:
        return entry is not None and link.kind in ("entry", entry.kind)
    return next(log.entries(client, request=link.ref, kind=link.kind, limit=1), None) is not None


def _ticket_of(entries: Sequence[Any]) -> str:
    return str(next(entry.ticket for entry in entries if entry.ticket))


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
