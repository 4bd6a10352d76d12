"""What was changed, why, by whom, and how it ended."""

from netmgr.document.block import Column, Paragraph, Section, Table, Value
from netmgr.document.locale import Words
from netmgr.report.changes import ChangeRecord, Reason
from netmgr.report.material import Material
from netmgr.report.wording import counted


def changes(material: Material, _words: Words) -> Section:
    """Every change that began, ended or stood open in the period, but for deploys that had nothing to do."""
    history = material.history
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
