"""The report's chapters: History → Section, a function each."""

import json

from netmgr.document.block import Column, Fact, FactList, Paragraph, Section, Table, Value
from netmgr.report.availability import availability
from netmgr.report.changes import ChangeRecord, Reason
from netmgr.report.history import AuditRun, History, Waived
from netmgr.report.report import Report
from netmgr.report.restores import restores
from netmgr.report.summary import summary
from netmgr.report.wording import counted, in_english, seconds_between

MOST_RUNS = 62
"""More audits than these are told by the day."""

MOST_PROBLEMS = 20


def report(history: History) -> Report:
    """Every chapter, the summary first. A draft: nothing was issued."""
    return Report(
        client=history.client,
        name=history.name,
        target=history.target,
        period=history.period,
        cut=history.cut,
        until=history.until,
        complete=history.complete,
        draft=True,
        sections=(
            summary(history),
            changes(history),
            audits(history),
            drift(history),
            devices(history),
            availability(history.availability),
            restores(history.drills, history.period, history.until),
            evidence(history),
        ),
    )


def changes(history: History) -> Section:
    """Every change that began, ended or stood open in the period, but for deploys that had nothing to do."""
    made = [change for change in history.changes if change.outcome != "unchanged"]
    entries = {change.change: f"entry {change.seq}" for change in made}
    undone = {
        change.undoes: entries[change.change]
        for change in made
        if change.undoes and change.outcome == "applied"
    }
    table = Table(
        "changes",
        "Changes in the order in which they began",
        (
            Column("began", "Began", "time"),
            Column("reason", "Why", wide=True, absent="no reason was given"),
            Column("action", "", "word", under="reason"),
            Column("ticket", "Ticket", "word"),
            Column("actor", "By", "word"),
            Column("devices", "Devices", "names"),
            Column("device_count", "Number of devices", "count", exact=True),
            Column("added", "Lines added", "count"),
            Column("removed", "Lines removed", "count"),
            Column("outcome", "Outcome", "outcome"),
            Column("note", "", under="reason"),
            Column("milliseconds", "took", "duration", under="began"),
            Column("change", "Change", "code", exact=True),
            Column("seq", "log entry", "count", under="reason"),
        ),
        tuple(_change(change, entries, undone) for change in made),
        "No change was made.",
    )
    idle = len(history.changes) - len(made)
    told = (
        (Paragraph(f"Not listed: {counted(idle, 'deploy')} that found nothing to change."),) if idle else ()
    )
    return Section("changes", "Changes", (table, *told))


def _change(change: ChangeRecord, entries: dict[str, str], undone: dict[str, str]) -> tuple[Value, ...]:
    return (
        change.began,
        _reason(change.reason),
        change.action,
        change.ticket,
        change.actor,
        change.devices,
        len(change.devices),
        change.added,
        change.removed,
        change.outcome,
        "; ".join(_notes(change, entries, undone)) or None,
        change.milliseconds,
        change.change,
        change.seq,
    )


def _reason(reason: Reason) -> str | None:
    return f"({reason.gone.value})" if reason.gone is not None else reason.text


def _notes(change: ChangeRecord, entries: dict[str, str], undone: dict[str, str]) -> list[str]:
    notes = []
    if change.undoes:
        notes.append(f"brings back what was before {entries.get(change.undoes, change.undoes)}")
    if change.change in undone:
        notes.append(f"rolled back later, by {undone[change.change]}")
    if change.approved_by is not None:
        notes.append(f"approved by {change.approved_by}")
    if change.broken_glass is not None:
        passed = ", ".join(change.broken_glass) or "nothing, for nothing stood against it"
        notes.append(f"broke the glass: passed {passed}")
    if change.held and change.later:
        notes.append("held, then ended by a later command")
    elif change.later:
        notes.append("interrupted; ended by a later command")
    for phase in sorted(set(change.stopped.values())):
        notes.append(
            f"stopped at {phase}: {', '.join(n for n, own in change.stopped.items() if own == phase)}"
        )
    if change.outcome in ("split", "in_doubt"):
        words = sorted(set(change.outcomes.values()))
        notes += [
            f"{word}: {', '.join(sorted(name for name, own in change.outcomes.items() if own == word))}"
            for word in words
        ]
    return notes


def audits(history: History) -> Section:
    """Every audit; by the day where there were many."""
    if not history.audits:
        return Section(
            "audits", "Audits", (Paragraph("No audit ran: compliance was not measured.", "unknown"),)
        )
    many = len(history.audits) > MOST_RUNS
    rows = _by_day(history) if many else tuple(_run(run, 1) for run in history.audits)
    table = Table(
        "audits",
        "The last audit of each day" if many else "Each audit",
        (
            Column("time", "When", "time"),
            Column("actor", "By", "word"),
            Column("runs", "Audits that day", "count", exact=not many),
            Column("devices", "Devices", "count"),
            Column("compliant", "Compliant", "count"),
            Column("drifted", "Drifted", "count"),
            Column("unreachable", "Unreachable", "count"),
            Column("error", "Error", "count"),
            Column("outcome", "Worst", "outcome"),
            Column("milliseconds", "Took", "duration"),
        ),
        rows,
        "No audit ran.",
    )
    return Section("audits", "Audits", (table,))


def _by_day(history: History) -> tuple[tuple[Value, ...], ...]:
    days: dict[object, list[AuditRun]] = {}
    for run in history.audits:
        days.setdefault(history.period.local(run.time).date(), []).append(run)
    return tuple(_run(runs[-1], len(runs)) for runs in days.values())


def _run(run: AuditRun, runs: int) -> tuple[Value, ...]:
    statuses = ("compliant", "drifted", "unreachable", "error")
    counts = [run.count(status) for status in statuses]
    worst = next((word for word in reversed(statuses) if run.count(word)), None)
    return (
        run.time,
        run.actor,
        runs,
        len(run.statuses),
        *counts,
        worst if run.finished else "interrupted",
        run.milliseconds,
    )


def drift(history: History) -> Section:
    """What an audit found and nothing has put right."""
    rows = tuple(
        (
            device.device,
            device.drift.since,
            seconds_between(device.drift.since, history.until),
            device.drift.seen,
            device.drift.added,
            device.drift.removed,
            _waived(device.drift.waived),
        )
        for device in history.devices
        if device.drift is not None
    )
    table = Table(
        "drift",
        "Devices that do not run what is intended for them",
        (
            Column("device", "Device", "word", wide=True),
            Column("since", "Found first", "time"),
            Column("age", "Open for", "age"),
            Column("seen", "Found last", "time"),
            Column("added", "Lines missing on the device", "count", absent="not recorded"),
            Column("removed", "Lines it should not have", "count", absent="not recorded"),
            Column("waived", "Waived", wide=True, absent="no"),
        ),
        rows,
        _no_drift(history),
    )
    return Section("drift", "Open drift", (table,))


def _waived(waived: Waived | None) -> str | None:
    if waived is None:
        return None
    reason = waived.reason or "its reason was erased"
    return f"until {waived.until} by {waived.actor} (log entry {waived.seq}): {reason}"


def _no_drift(history: History) -> str:
    if all(device.audited is None for device in history.devices):
        return "Not measured: no device was ever audited."
    return "No drift is open on any device that could be audited."


def devices(history: History) -> Section:
    """Who is looked after, how each device stood at the end, and what the inventory gained and lost."""
    table = Table(
        "devices",
        "Devices looked after, as they stood at the end",
        (
            Column("device", "Device", "word", wide=True),
            Column("state", "State", "outcome"),
            Column("audited", "Last audit", "time", absent="never"),
            Column("status", "Found", "outcome"),
        ),
        tuple((d.device, d.state, d.audited, d.status) for d in history.devices),
        "The log names no device: nothing was planned, deployed or audited yet.",
    )
    edits = Table(
        "inventory",
        "Changes to the inventory",
        (
            Column("time", "Recorded", "time"),
            Column("actor", "By", "word"),
            Column("added", "Added", "names"),
            Column("removed", "Removed", "names"),
            Column("changed", "Edited", "names", wide=True),
        ),
        tuple((e.time, e.actor, e.added, e.removed, e.changed) for e in history.inventory),
        "The inventory was not changed.",
    )
    return Section("devices", "Devices", (table, edits))


def evidence(history: History) -> Section:
    """The checkpoint of the cut, and what its holder can prove with it."""
    signed = history.proof.checkpoint
    facts = (
        Fact("client", "Client", signed.client, "code"),
        Fact("stream", "Stream", signed.stream, "code"),
        Fact("seq", "Entry", signed.seq, "code"),
        Fact("hash", "Hash", signed.hash, "code"),
        Fact("time", "Time", signed.time, "code"),
        Fact("key", "Public key", signed.key, "code"),
        Fact("signature", "Signature", signed.signature, "code"),
    )
    return Section(
        "evidence",
        "Evidence: the service log",
        (
            Paragraph(
                "Everything above was read from the service log, in which each entry seals all entries before it. "
                f"The report reads it up to entry {signed.seq}, of {in_english(history.period).exact(history.until)}."
                if not history.complete
                else "Everything above was read from the service log, in which each entry seals all entries "
                f"before it. The report reads it up to entry {signed.seq}."
            ),
            *_verified(history),
            Paragraph(
                "Keep this checkpoint. It is our signature under the log as it stood then. Whoever holds it can "
                "tell later whether an entry up to this one was altered, removed or put in afterwards, even by us. "
                f"The command netmgr log verify -c {signed.client} --against FILE shows it, as does any program that "
                "knows Ed25519. It does not prove that an entry was true when it was written."
            ),
            FactList(facts),
            FactList((Fact("file", "As a file", json.dumps(signed.document()), "code"),)),
        ),
    )


def _verified(history: History) -> tuple[Paragraph, ...]:
    problems = history.proof.problems
    if problems is None:
        return (Paragraph("The log was not verified for this report.", "unknown"),)
    if not problems:
        return (
            Paragraph(
                "The whole log was verified for this report: no entry was altered, removed or reordered.",
                "good",
            ),
        )
    shown = [Paragraph(problem, "bad") for problem in problems[:MOST_PROBLEMS]]
    return (
        Paragraph(f"The log DOES NOT VERIFY: {counted(len(problems), 'problem')}.", "bad"),
        *shown,
    )
