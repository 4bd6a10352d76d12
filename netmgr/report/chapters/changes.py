"""What was changed, why, by whom, and how it ended."""

from collections.abc import Mapping

from netmgr.document.block import Column, Paragraph, Section, Table, Value
from netmgr.document.locale import Words
from netmgr.document.wording import outcome
from netmgr.ports.store import Gone
from netmgr.report.changes import ChangeRecord, Reason
from netmgr.report.charts import changes_chart
from netmgr.report.material import Material
from netmgr.report.wording import GATES, PHASES, joined, word


def changes(material: Material, words: Words) -> Section:
    """Every change that began, ended or stood open in the period, but for deploys that had nothing to do."""
    history = material.history
    made = [change for change in history.changes if change.outcome != "unchanged"]
    entries = {change.change: change.seq for change in made}
    undone = {
        change.undoes: entries[change.change]
        for change in made
        if change.undoes and change.outcome == "applied"
    }
    table = Table(
        "changes",
        words.text("Changes in the order in which they began"),
        (
            Column("began", words.text("Began"), "time"),
            Column("reason", words.text("Why"), wide=True, absent=words.text("no reason was given")),
            Column("action", "", "outcome", under="reason"),
            Column("ticket", words.text("Ticket"), "word"),
            Column("actor", words.text("By"), "word"),
            Column("devices", words.text("Devices changed"), "names"),
            Column("device_count", words.text("Number of devices"), "count", exact=True),
            Column("added", words.text("Lines added"), "count"),
            Column("removed", words.text("Lines removed"), "count"),
            Column("outcome", words.text("Outcome"), "outcome"),
            Column("note", "", under="reason"),
            Column("milliseconds", words.text("took"), "duration", under="began"),
            Column("change", words.text("Change"), "code", exact=True),
            Column("seq", words.text("log entry"), "count", under="reason"),
        ),
        tuple(_change(change, _notes(change, entries, undone, material, words), words) for change in made),
        words.text("No change was made."),
    )
    idle = len(history.changes) - len(made)
    told = words.plural(
        "Not listed: {count} deploy that found nothing to change.",
        "Not listed: {count} deploys that found nothing to change.",
        idle,
    )
    # Where the first page shows promises, there is no room for charts.
    chart = (changes_chart(made, history.period, words),) if material.service else ()
    return Section("changes", words.text("Changes"), (*chart, table, *((Paragraph(told),) if idle else ())))


def _change(change: ChangeRecord, notes: list[str], words: Words) -> tuple[Value, ...]:
    return (
        change.began,
        _reason(change.reason, words),
        change.action,
        change.ticket,
        change.actor,
        change.devices,
        len(change.devices),
        change.added,
        change.removed,
        change.outcome,
        words.text("; ").join(notes) or None,
        change.milliseconds,
        change.change,
        change.seq,
    )


def _reason(reason: Reason, words: Words) -> str | None:
    if reason.gone is None:
        return reason.text
    return words.text("(erased by order)") if reason.gone is Gone.ERASED else words.text("(MISSING)")


def _notes(
    change: ChangeRecord,
    entries: Mapping[str, int],
    undone: Mapping[str, int],
    material: Material,
    words: Words,
) -> list[str]:
    notes = []
    if change.undoes and change.undoes in entries:
        notes.append(words.text("brings back what was before entry {seq}", seq=str(entries[change.undoes])))
    elif change.undoes:
        notes.append(words.text("brings back what was before change {change}", change=change.undoes))
    if change.change in undone:
        notes.append(words.text("rolled back later, by entry {seq}", seq=str(undone[change.change])))
    if change.approved_by is not None:
        notes.append(
            words.text("approved by {person}", person=change.approved_by)
            if material.audience == "technical"
            else words.text("approved by a second person")
        )
    if change.broken_glass is not None:
        passed = joined((word(GATES, gate, words) for gate in change.broken_glass), words)
        notes.append(
            words.text("broke the glass: passed {gates}", gates=passed)
            if passed
            else words.text("broke the glass, though nothing stood against it")
        )
    if change.held and change.later:
        notes.append(words.text("held, then ended by a later command"))
    elif change.later:
        notes.append(words.text("interrupted; ended by a later command"))
    return [*notes, *_stopped(change, words), *_mixed(change, words)]


def _stopped(change: ChangeRecord, words: Words) -> list[str]:
    return [
        words.text(
            "stopped at {phase}: {devices}",
            phase=word(PHASES, phase, words),
            devices=joined((name for name, own in change.stopped.items() if own == phase), words),
        )
        for phase in sorted(set(change.stopped.values()))
    ]


def _mixed(change: ChangeRecord, words: Words) -> list[str]:
    if change.outcome not in ("split", "in_doubt"):
        return []
    return [
        words.text(
            "{outcome}: {devices}",
            outcome=outcome(code, words)[0],
            devices=joined(sorted(name for name, own in change.outcomes.items() if own == code), words),
        )
        for code in sorted(set(change.outcomes.values()))
    ]
