"""What came late: entries that tell of a time of which a report was issued already (pure)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal

from netmgr.model.entry import Entry
from netmgr.report.facts import happened, whole
from netmgr.report.period import Period

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
KINDS: Final = ("agreement", "backup", "invoice", "mail", "payment", "probe", "ticket", "time")
"""Kinds whose entries may tell of what was before."""


@dataclass(frozen=True, slots=True)
class LateEntry:
    """One of them. ``happened`` is when what it tells of was, as far as it says so."""

    seq: int
    recorded: datetime
    happened: datetime | None
    kind: str
    word: str
    """How it ended, or else what was done: a word of the log."""
    ticket: str | None
    device: str | None
    of: str = ""
    """The label of the period that it concerns, where that is another than the report's."""


Find = Callable[[str | int], Entry | None]
"""An entry by its id or seq."""


def concerning(entries: Iterable[Entry], period: Period, find: Find) -> tuple[LateEntry, ...]:
    """Those of ``entries`` that tell of the period, in their order; all were recorded after it."""
    return tuple(
        _late(entry, when)
        for entry in sorted(entries, key=lambda entry: entry.seq)
        if (when := _within(entry, period, find)) is not False
    )


def corrections(
    entries: Iterable[Entry], issued: Iterable[tuple[Period, int]], find: Find
) -> tuple[LateEntry, ...]:
    """Those that tell of a period whose report was issued before them: ``issued`` are periods with the cuts of their
    first reports. One that tells of several is named for each.
    """
    every = sorted(entries, key=lambda entry: entry.seq)
    return tuple(
        _late(entry, when, period.label)
        for period, cut in issued
        for entry in every
        if entry.seq > cut and (when := _within(entry, period, find)) is not False
    )


def _late(entry: Entry, when: datetime | None, of: str = "") -> LateEntry:
    return LateEntry(
        seq=entry.seq,
        recorded=datetime.fromisoformat(entry.time),
        happened=when,
        kind=entry.kind,
        word=entry.outcome or entry.action,
        ticket=entry.ticket,
        device=entry.device,
        of=of,
    )


def _within(entry: Entry, period: Period, find: Find) -> datetime | Literal[False] | None:
    """When it was, if within the period; None where it concerns the period without a time, False where it does not."""
    if entry.phase != "result" or entry.target != "network":
        return False
    if entry.kind == "probe":
        return None if entry.action == "digest" and _is_day_of(entry.facts.get("day"), period) else False
    moments = [happened(entry)] if entry.at else []
    moments += [_EPOCH + timedelta(seconds=begin)] if (begin := _begin(entry)) is not None else []
    for moment in moments:
        if period.start <= moment < period.end:
            return moment
    for reference in _references(entry):
        told = find(reference)
        if told is not None and told.seq < entry.seq and period.start <= happened(told) < period.end:
            return happened(told)
    return False


def _begin(entry: Entry) -> int | None:
    """When work began, in seconds since the epoch."""
    begin = whole(entry.facts.get("begin")) if entry.kind == "time" else None
    return begin if begin is not None and begin < 2**40 else None


def _references(entry: Entry) -> Iterable[str | int]:
    """What it corrects, and what it accepts of what was recorded late."""
    if entry.corrects:
        yield entry.corrects
    accepted = entry.facts.get("accepts")
    if isinstance(accepted, list):
        yield from (seq for seq in accepted if whole(seq) is not None)


def _is_day_of(text: object, period: Period) -> bool:
    try:
        return isinstance(text, str) and period.first <= date.fromisoformat(text) <= period.last
    except ValueError:
        return False
