"""Reading what was done for a client as a whole in a period: drills, restores, calls, what was announced."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final

from netmgr.model.entry import Entry
from netmgr.model.notice import KIND as NOTICE
from netmgr.model.notice import Notice
from netmgr.model.record import Document
from netmgr.report.facts import happened
from netmgr.report.history import History
from netmgr.report.reached import reached, spans
from netmgr.report.service_facts import (
    Act,
    Announced,
    Calls,
    InForce,
    IssuedReport,
    Reached,
    Restore,
    ServiceFacts,
)
from netmgr.service.desk import moment
from netmgr.service.escalation import UNANSWERED
from netmgr.service.notice import permitted_from
from netmgr.service.ticket_record import KIND as TICKET
from netmgr.workflows.report_window import Window, logged_before
from netmgr.workflows.runtime import Runtime

#: Issued reports are looked for so far behind the period's begin.
_BACK: Final = timedelta(days=100)
#: So many notices from before the period are looked through.
_EARLIER: Final = 100


def acts(window: Window, told: History, facts: ServiceFacts, cut: Entry) -> ServiceFacts:
    """The facts with what was done in the window."""
    runtime = window.runtime
    holding = [version for version in facts.versions if version.begins < version.ends]
    return replace(
        facts,
        drills=tuple(_drills(window)),
        restores=tuple(_restores(window)),
        announced=tuple(_announced(window, holding)),
        calls=tuple(_calls(window, facts, holding)),
        availability=_availability(window, facts, holding, cut),
        reports=tuple(_reports(runtime, told, cut)),
        destroyed=tuple(_destroyed(runtime, told, cut)),
    )


def _drills(window: Window) -> Iterator[Act]:
    """Those that passed in the window, and the last before it; oldest first."""
    found: list[Act] = []
    for entry in window.newest(kind="drill"):
        if entry.device is None and entry.outcome == "passed":
            found.append(Act(happened(entry), entry.seq))
            if entry.seq <= window.before:
                break
    yield from reversed(found)


def _restores(window: Window) -> Iterator[Restore]:
    """Restores that are done: needed since the ticket was opened that they are for, else since they were begun."""
    for end in window.of("change"):
        if (end.action, end.phase, end.device, end.outcome) != ("restore", "result", None, "applied"):
            continue
        intent = next((e for e in window.change(end.change or "") if e.phase == "intent"), None)
        first = end if intent is None else intent
        opened = _record(window.runtime, first.ticket)
        needed = happened(first) if opened is None else min(happened(first), moment(int(opened["opened"])))
        yield Restore(end.change or "", needed, happened(end), tuple(sorted({first.seq, end.seq})))


def _announced(window: Window, holding: list[InForce]) -> Iterator[Announced]:
    """Changes that the agreement wants to be announced, each with the notice that was given of it."""
    promising = [version for version in holding if version.agreement.notice is not None]
    if not promising:
        return
    notices = [(entry, notice) for entry in _sent(window) if (notice := _notice(entry)) is not None]
    for intent in window.of("change"):
        if (intent.action, intent.phase, intent.device) != ("deploy", "intent", None):
            continue
        began = happened(intent)
        version = next((one for one in promising if one.begins <= began < one.ends), None)
        if version is None or (terms := version.agreement.notice) is None:
            continue
        parts = intent.facts.get("devices")
        devices = {part["device"] for part in parts} if isinstance(parts, list) else set()
        exempt = _is_emergency(window.runtime, version, intent.ticket)
        # A plan that was made again does the same to the same devices: the gate has compared what it does.
        told = [
            (datetime.fromisoformat(notice.sent).astimezone(UTC), entry.seq)
            for entry, notice in notices
            if notice.sent
            and entry.seq < intent.seq
            and (notice.plan == intent.facts.get("plan") or set(notice.devices) == devices)
        ]
        sent, seq = min(told, default=(None, None))
        free = permitted_from(version.agreement, terms, sent) if sent else None
        yield Announced(intent.change or "", began, intent.seq, exempt, seq, free)


def _sent(window: Window) -> Iterator[Entry]:
    """Notices up to the window's end, and the last hundred before it."""
    yield from window.of(NOTICE)
    yield from islice(window.newest(until=window.before, kind=NOTICE), _EARLIER)


def _notice(entry: Entry) -> Notice | None:
    try:
        known = {name: entry.facts[name] for name in Notice.model_fields if name in entry.facts}
        return Notice.parse(known) if entry.outcome == "sent" else None
    except ValueError:
        return None


def _is_emergency(runtime: Runtime, version: InForce, ticket: str | None) -> bool:
    record, terms = _record(runtime, ticket), version.agreement.emergency
    return record is not None and terms is not None and record["priority"] == terms.priority


def _record(runtime: Runtime, ticket: str | None) -> Document | None:
    found = runtime.open_records().get(runtime.client, TICKET, ticket) if ticket else None
    return found.document if found else None


def _calls(window: Window, facts: ServiceFacts, holding: list[InForce]) -> Iterator[Calls]:
    """Of emergencies that were opened in the period, who was called."""
    log, client = window.runtime.log, window.runtime.client
    for ticket in facts.tickets:
        version = next((one for one in holding if one.begins <= ticket.opened < one.ends), None)
        terms = version.agreement.emergency if version else None
        if terms is None or ticket.priority != terms.priority:
            continue
        entries = log.entries(client, kind=TICKET, ticket=ticket.id, until=window.last)
        steps = [entry for entry in entries if entry.action == "escalate"]
        called = tuple(Act(happened(step), step.seq) for step in steps if step.outcome != UNANSWERED)
        nobody = next((step.seq for step in steps if step.outcome == UNANSWERED), None)
        yield Calls(ticket.id, ticket.opened, ticket.answered, called, nobody, ticket.seqs[0])


def _availability(
    window: Window, facts: ServiceFacts, holding: list[InForce], cut: Entry
) -> tuple[Reached, ...]:
    """Of each month or quarter for which it is promised, as far as it reaches into the period."""
    asked = spans(holding)
    if not asked:
        return ()
    runtime = window.runtime
    # A day's sums are logged when it is over, those of the last day after the period.
    first = logged_before(runtime, min(span.begins for span in asked), cut.seq)
    entries = tuple(Window(runtime, first, cut.seq).of("probe"))
    return tuple(reached(span, facts, entries) for span in asked)


def _reports(runtime: Runtime, told: History, cut: Entry) -> Iterator[IssuedReport]:
    after = logged_before(runtime, told.period.start - _BACK, cut.seq)
    for entry in runtime.log.entries(runtime.client, kind="report", after=after, until=cut.seq):
        first, last = entry.facts.get("from"), entry.facts.get("to")
        issued = (entry.action, entry.phase, entry.target) == ("issue", "result", "network")
        if issued and isinstance(first, str) and isinstance(last, str) and happened(entry) < told.until:
            files = entry.facts.get("files")
            audiences = {str(file.get("audience")) for file in files} if isinstance(files, list) else set()
            yield IssuedReport(first, last, happened(entry), entry.seq, frozenset(audiences))


def _destroyed(runtime: Runtime, told: History, cut: Entry) -> Iterator[Act]:
    after = logged_before(runtime, told.until - timedelta(days=90), cut.seq)
    for entry in runtime.log.entries(runtime.client, kind="erasure", after=after, until=cut.seq):
        if entry.action == "certificate" and happened(entry) < told.until:
            yield Act(happened(entry), entry.seq)
