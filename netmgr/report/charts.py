"""Charts as data: what a reader sees at a glance, with the same in words."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from netmgr.document.block import Chart, Series, Tone
from netmgr.report.changes import ChangeRecord
from netmgr.report.history import AuditRun
from netmgr.report.period import Period

MOST_BARS = 45
"""Longer periods are shown by weeks."""

Group = tuple[str, Tone, frozenset[str]]

_CHANGES: tuple[Group, ...] = (
    ("applied", "good", frozenset({"applied"})),
    ("taken back or stopped, nothing changed", "attention", frozenset({"rolled_back", "failed", "refused"})),
    ("needs attention", "bad", frozenset({"pending", "open", "split", "in_doubt"})),
)
_AUDITS: tuple[Group, ...] = (
    ("compliant", "good", frozenset({"compliant"})),
    ("not readable", "attention", frozenset({"unreachable", "error"})),
    ("drifted", "bad", frozenset({"drifted"})),
)


def changes_chart(changes: Sequence[ChangeRecord], period: Period) -> Chart:
    """Changes by the day, or the week, on which they began."""
    days = [(period.local(change.began).date(), change.outcome) for change in changes]
    return _chart("changes-by-day", "Changes", _CHANGES, days, period, "no change was made")


def compliance_chart(audits: Sequence[AuditRun], period: Period) -> Chart:
    """Devices by the status of the last audit that looked at them on each day, or in each week."""
    newest: dict[tuple[date, str], str] = {}
    starts = _bars(period)
    for run in sorted(audits, key=lambda run: run.time):
        bar = _bar(period.local(run.time).date(), starts)
        newest |= {(bar, device): status for device, status in run.statuses.items()}
    found = [(day, status) for (day, _), status in newest.items()]
    return _chart(
        "compliance-by-day",
        "Devices at their last audit (no bar: not measured)",
        _AUDITS,
        found,
        period,
        "none was audited",
    )


def _chart(
    key: str,
    title: str,
    groups: tuple[Group, ...],
    found: Sequence[tuple[date, str]],
    period: Period,
    nothing: str,
) -> Chart:
    starts = _bars(period)
    counts: Mapping[date, Counter[str]] = {start: Counter() for start in starts}
    for day, word in found:
        counts[_bar(day, starts)][word] += 1
    values = {
        name: tuple(sum(counts[start][word] for word in words) for start in starts)
        for name, _, words in groups
    }
    unit = "day" if len(starts) == len(period.days) else "week"
    told = [
        f"{start.isoformat()}: "
        + ", ".join(f"{series[index]} {name}" for name, series in values.items() if series[index])
        for index, start in enumerate(starts)
        if any(series[index] for series in values.values())
    ]
    return Chart(
        key=key,
        title=f"{title}, by {unit}",
        labels=tuple(start.isoformat() for start in starts),
        series=tuple(Series(name, tone, values[name]) for name, tone, _ in groups),
        alternative="; ".join(told) if told else nothing,
    )


def _bars(period: Period) -> list[date]:
    """The first day of each bar: every day, or every Monday with what is left of the first week before it."""
    days = period.days
    if len(days) <= MOST_BARS:
        return list(days)
    return [day for day in days if day.weekday() == 0 or day == days[0]]


def _bar(day: date, starts: Sequence[date]) -> date:
    """The bar that a day belongs to. A change carried over from before the period stands at its beginning."""
    return starts[max(0, bisect_right(starts, day) - 1)]
