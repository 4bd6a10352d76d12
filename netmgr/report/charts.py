"""Charts as data: what a reader sees at a glance, with the same in words."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from netmgr.document.block import Chart, Series, Tone
from netmgr.document.locale import Words, msgid
from netmgr.report.changes import ChangeRecord
from netmgr.report.history import AuditRun
from netmgr.report.period import Period
from netmgr.report.wording import joined

MOST_BARS = 45
"""Longer periods are shown by weeks."""

Group = tuple[str, Tone, frozenset[str]]

_CHANGES: tuple[Group, ...] = (
    (msgid("applied"), "good", frozenset({"applied"})),
    (
        msgid("taken back or stopped, nothing changed"),
        "attention",
        frozenset({"rolled_back", "failed", "refused"}),
    ),
    (msgid("needs attention"), "bad", frozenset({"pending", "open", "split", "in_doubt"})),
)
_AUDITS: tuple[Group, ...] = (
    (msgid("compliant"), "good", frozenset({"compliant"})),
    (msgid("not readable"), "attention", frozenset({"unreachable", "error"})),
    (msgid("drifted"), "bad", frozenset({"drifted"})),
)


def changes_chart(changes: Sequence[ChangeRecord], period: Period, words: Words) -> Chart:
    """Changes by the day, or the week, on which they began."""
    days = [(period.local(change.began).date(), change.outcome) for change in changes]
    titles = words.text("Changes, by day"), words.text("Changes, by week")
    nothing = words.text("no change was made")
    return _chart("changes-by-day", titles, _CHANGES, days, period, nothing, words)


def compliance_chart(audits: Sequence[AuditRun], period: Period, words: Words) -> Chart:
    """Devices by the status of the last audit that looked at them on each day, or in each week."""
    newest: dict[tuple[date, str], str] = {}
    starts = _bars(period)
    for run in sorted(audits, key=lambda run: run.time):
        bar = _bar(period.local(run.time).date(), starts)
        newest |= {(bar, device): status for device, status in run.statuses.items()}
    found = [(day, status) for (day, _), status in newest.items()]
    titles = (
        words.text("Devices at their last audit (no bar: not measured), by day"),
        words.text("Devices at their last audit (no bar: not measured), by week"),
    )
    nothing = words.text("none was audited")
    return _chart("compliance-by-day", titles, _AUDITS, found, period, nothing, words)


def _chart(
    key: str,
    titles: tuple[str, str],
    groups: tuple[Group, ...],
    found: Sequence[tuple[date, str]],
    period: Period,
    nothing: str,
    words: Words,
) -> Chart:
    starts = _bars(period)
    counts: Mapping[date, Counter[str]] = {start: Counter() for start in starts}
    for day, code in found:
        counts[_bar(day, starts)][code] += 1
    values = {
        words.text(name): tuple(sum(counts[start][code] for code in codes) for start in starts)
        for name, _, codes in groups
    }
    told = [
        words.text(
            "{day}: {counts}",
            day=start.isoformat(),
            counts=joined(
                (
                    words.text("{count} {word}", count=series[index], word=name)
                    for name, series in values.items()
                    if series[index]
                ),
                words,
            ),
        )
        for index, start in enumerate(starts)
        if any(series[index] for series in values.values())
    ]
    return Chart(
        key=key,
        title=titles[len(starts) != len(period.days)],
        labels=tuple(start.isoformat() for start in starts),
        series=tuple(Series(words.text(name), tone, values[words.text(name)]) for name, tone, _ in groups),
        alternative=words.text("; ").join(told) if told else nothing,
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
