"""Every audit, or the last of each day."""

from typing import Final

from netmgr.document.block import Column, Paragraph, Section, Table, Value
from netmgr.document.locale import Words
from netmgr.report.history import AuditRun, History
from netmgr.report.material import Material

MOST_RUNS: Final = 62
"""More audits than these are told by the day."""


def audits(material: Material, _words: Words) -> Section:
    """Every audit; by the day where there were many."""
    history = material.history
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
