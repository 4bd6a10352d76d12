"""Every audit, or the last of each day."""

from typing import Final

from netmgr.document.block import Column, Paragraph, Section, Table, Value
from netmgr.document.locale import Words
from netmgr.report.charts import compliance_chart
from netmgr.report.history import AuditRun, History
from netmgr.report.material import Material

MOST_RUNS: Final = 62
"""More audits than these are told by the day."""


def audits(material: Material, words: Words) -> Section:
    """Every audit; by the day where there were many."""
    history = material.history
    if not history.audits:
        none = words.text("No audit ran: compliance was not measured.")
        return Section("audits", words.text("Audits"), (Paragraph(none, "unknown"),))
    many = len(history.audits) > MOST_RUNS
    rows = _by_day(history) if many else tuple(_run(run, 1) for run in history.audits)
    table = Table(
        "audits",
        words.text("The last audit of each day") if many else words.text("Each audit"),
        (
            Column("time", words.text("When"), "time"),
            Column("actor", words.text("By"), "word"),
            Column("runs", words.text("Audits that day"), "count", exact=not many),
            Column("devices", words.text("Devices audited"), "count"),
            Column("compliant", words.text("Compliant"), "count"),
            Column("drifted", words.text("Drifted"), "count"),
            Column("unreachable", words.text("Unreachable"), "count"),
            Column("error", words.text("Error"), "count"),
            Column("outcome", words.text("Worst"), "outcome"),
            Column("milliseconds", words.text("Took"), "duration"),
        ),
        rows,
        words.text("No audit ran."),
    )
    chart = (compliance_chart(history.audits, history.period, words),) if material.service else ()
    return Section("audits", words.text("Audits"), (*chart, table))


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
