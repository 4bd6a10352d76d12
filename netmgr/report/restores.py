"""What the last drill proved: the log's newest closing entries of kind drill → records (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from netmgr.document.locale import msgid
from netmgr.model.drill import OUTCOMES
from netmgr.model.entry import Entry
from netmgr.report.facts import happened, whole

TWINS = (("proved_real", msgid("a real {system} twin")), ("proved_emulated", msgid("an emulated device")))


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
    named = ("devices", *OUTCOMES, *(key for key, _ in TWINS))
    counts = {key: count for key in named if (count := whole(entry.facts.get(key))) is not None}
    took = whole(entry.facts.get("milliseconds_recovered"))
    return DrillRecord(happened(entry), entry.outcome == "passed", counts, took)
