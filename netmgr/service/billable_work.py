"""``time`` entries of the log → work that is billed now, and work that was before (pure)."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from netmgr.model.bill import Billed, OpenPoint, Why
from netmgr.model.billing import Worked
from netmgr.model.entry import Entry
from netmgr.model.record import Document
from netmgr.model.time_entry import TimeEntry
from netmgr.service.desk import moment
from netmgr.service.time_record import KIND, PROJECTION


class Spell(NamedTuple):
    """One spell of work as an entry, the one of ``seq``, left it."""

    seq: int
    entry: TimeEntry


class BillableWork(NamedTuple):
    """``now`` is to be billed; ``before`` was, as the invoice had it."""

    now: tuple[Worked, ...]
    before: tuple[Worked, ...]
    open: tuple[OpenPoint, ...]


def spells(entries: Iterable[Entry]) -> dict[str, list[Spell]]:
    """Each spell of work by its id, with everything that it was, oldest first."""
    documents: dict[str, Document] = {}
    found: dict[str, list[Spell]] = {}
    for entry in entries:
        if entry.kind == KIND and entry.target == "network":
            key = PROJECTION.key(entry)
            documents[key] = PROJECTION.fold(documents.get(key), entry).document
            found.setdefault(key, []).append(Spell(entry.seq, TimeEntry.model_validate(dict(documents[key]))))
    return found


def begins_within(entries: Iterable[Entry]) -> bool:
    """Whether no spell in these entries was begun, or told of first, before the first of them."""
    seen: set[str] = set()
    for entry in entries:
        key = PROJECTION.key(entry)
        if key not in seen and (entry.action == "stop" or entry.corrects is not None):
            return False
        seen.add(key)
    return True


def billable(known: Iterable[list[Spell]], billed: Billed, *, end: int, zone: str) -> BillableWork:
    """Everything that was begun before ``end`` and taken down, whenever that was.

    What an invoice has is not billed again. Where it was corrected later, that is an open point: the invoice stands,
    and who decides what the client gets back is a person.
    """
    now: list[Worked] = []
    before: list[Worked] = []
    found: list[OpenPoint] = []
    for was in known:
        newest = was[-1]
        on_invoice = next((spell for spell in reversed(was) if spell.seq in billed.work), None)
        if on_invoice is not None:
            before.append(_worked(on_invoice))
            if newest is not on_invoice and _worked(newest, on_invoice.seq) != before[-1]:
                found.append(_point("corrected", newest, zone))
        elif newest.entry.begin >= end:
            continue
        elif newest.entry.end is None:
            found.append(_point("goes_on", newest, zone))
        elif newest.seq not in billed.told:
            now.append(_worked(newest))
    return BillableWork(tuple(now), tuple(before), tuple(found))


def _worked(spell: Spell, seq: int | None = None) -> Worked:
    entry = spell.entry
    return Worked(
        seq=seq or spell.seq,
        service=entry.service,
        begin=entry.begin,
        end=entry.begin + 1 if entry.end is None else entry.end,
        rate_class=entry.rate_class,
        billable=entry.billable,
        travel=entry.travel,
        called_out=entry.called_out,
    )


def _point(why: Why, spell: Spell, zone: str) -> OpenPoint:
    return OpenPoint(why, spell.entry.id, day_of(spell.entry.begin, zone), (spell.seq,))


def day_of(second: int, zone: str) -> date:
    """The day of a moment on the clocks of a zone."""
    return moment(second).astimezone(ZoneInfo(zone)).date()
