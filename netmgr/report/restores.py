"""What the last drill proved: the log's newest closing entries of kind drill → a chapter of two lines (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from netmgr.document.block import Paragraph, Section, Tone
from netmgr.model.drill import OUTCOMES
from netmgr.model.entry import Entry
from netmgr.report.facts import happened, whole
from netmgr.report.period import Period
from netmgr.report.wording import counted, in_english, number

#: A drill that is older proves nothing any more.
_FRESH = timedelta(days=90)
_TWINS = (("proved_real", "a real FRR twin"), ("proved_emulated", "an emulated device"))


@dataclass(frozen=True, slots=True)
class DrillRecord:
    """One drill. ``counts`` are its facts that count something; ``recovered`` is in milliseconds, None where an
    adjacency stayed down.
    """

    time: datetime
    passed: bool
    counts: Mapping[str, int]
    recovered: int | None


def drill_records(newest_first: Iterable[Entry]) -> tuple[DrillRecord, ...]:
    """The last drill, and after it the last that passed, where that is another."""
    found: list[DrillRecord] = []
    for entry in newest_first:
        if entry.device is None and entry.outcome in ("passed", "failed"):
            record = _record(entry)
            if record.passed or not found:
                found.append(record)
            if record.passed:
                break
    return tuple(found)


def _record(entry: Entry) -> DrillRecord:
    named = ("devices", *OUTCOMES, *(key for key, _ in _TWINS))
    counts = {key: count for key in named if (count := whole(entry.facts.get(key))) is not None}
    took = whole(entry.facts.get("milliseconds_recovered"))
    return DrillRecord(happened(entry), entry.outcome == "passed", counts, took)


def restores(drills: tuple[DrillRecord, ...], period: Period, until: datetime) -> Section:
    """Two lines that are not to be mixed up: what a drill proves, and how long it takes to restore a service."""
    not_measured = Paragraph(
        "Time to restore service: not measured. It is measured in incidents and on-site drills; a drill on a twin "
        "says nothing of it.",
        "unknown",
    )
    return Section("restores", "Proved restores", (*_proved(drills, period, until), not_measured))


def _proved(drills: tuple[DrillRecord, ...], period: Period, until: datetime) -> tuple[Paragraph, ...]:
    nothing = Paragraph("Not measured: no drill has shown that the configuration can be restored.", "unknown")
    if not drills:
        return (nothing,)
    last, *passed = drills
    said: list[Paragraph] = []
    if not last.passed:
        said.append(Paragraph(_failure(last, period), "bad"))
        if passed:
            when = in_english(period).clock(passed[0].time)
            said.append(Paragraph(f"The last drill that passed was that of {when}.", "neutral"))
    tone: Tone = "good" if last.passed else "attention"
    if until - last.time > _FRESH:
        tone = "unknown"
        said.append(Paragraph("Not measured: the last drill is more than 90 days old.", tone))
    for key, twin in _TWINS:
        if last.recovered is not None and last.counts.get(key):
            devices = counted(last.counts[key], "device")
            words = f"{in_english(period).clock(last.time)}, {last.recovered / 1000:.1f} s ({devices})"
            said.append(Paragraph(f"Configuration proved restorable on {twin}: {words}.", tone))
    return tuple(said) or (nothing,)


def _failure(drill: DrillRecord, period: Period) -> str:
    others = [f"{number(drill.counts[word])} {word}" for word in OUTCOMES[1:] if drill.counts.get(word)]
    proved, devices = drill.counts.get("proved", 0), drill.counts.get("devices", 0)
    why = f" ({', '.join(others)})" if others else ""
    return (
        f"The drill of {in_english(period).clock(drill.time)} failed: {number(proved)} of {number(devices)} devices "
        f"were proved{why}."
    )
