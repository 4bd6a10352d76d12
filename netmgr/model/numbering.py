"""Numbers without a gap: what a series of a legal entity has handed out, across clients, and what entries say of it.

A number is taken in the transaction that appends the entry which has it: there is none without an entry, and no two
entries have one. Numbers are never handed out again: what may have gone out, by whichever entry was lost, is lost.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from netmgr.model.entry import Draft
from netmgr.model.record import Difference

INVOICE: Final = "invoice"
"""The kind of entries that have a number: their facts name ``entity``, ``series`` and ``count``."""

NUMBERING: Final = "numbering"
"""The kind of entries by which somebody says how a series goes on: ``entity``, ``series`` and ``next``."""

_NUMBERED: Final = ("issue", "credit")


class Counter(NamedTuple):
    """A series (its prefix) of a legal entity, and the number that it begins with."""

    entity: str
    series: str
    first: int = 1

    def __str__(self) -> str:
        return f"{self.entity} {self.series}"


class Counted(NamedTuple):
    """A series as the store has it: ``last`` was handed out last. ``held``: the store was restored from a copy since,
    or is not what its entries say, and nobody has said yet how it goes on.
    """

    entity: str
    series: str
    last: int
    held: bool = False


EVERY: Final = ("", "")
"""Entity and series of the row that holds every series which has no row of its own yet."""

Numbered = Callable[[int], Sequence[Draft]]
"""What is logged of the number: one draft has it, the others go with it."""


def having(number: int, counter: Counter, drafts: Sequence[Draft]) -> Sequence[Draft]:
    """The drafts, of which one and no more has the number. Raises ValueError else."""
    expected = (counter.entity, counter.series, number)
    found = [taken for draft in drafts if (taken := taken_by(draft.kind, draft.action, draft.facts))]
    if found != [expected]:
        raise ValueError(f"numbers: the entries have {found}, not {expected}")
    return drafts


def taken_by(kind: str, action: str, facts: Mapping[str, Any]) -> tuple[str, str, int] | None:
    """Entity, series and number of an entry that has one."""
    if kind != INVOICE or action not in _NUMBERED:
        return None
    entity, series, count = facts.get("entity"), facts.get("series"), facts.get("count")
    if isinstance(entity, str) and isinstance(series, str) and isinstance(count, int):
        return entity, series, count
    return None


def reached_by(kind: str, action: str, facts: Mapping[str, Any]) -> tuple[str, str, int] | None:
    """Up to which number a series is used up, by an entry that has one or says how it goes on."""
    if kind == NUMBERING and action == "continue":
        entity, series, following = facts.get("entity"), facts.get("series"), facts.get("next")
        if isinstance(entity, str) and isinstance(series, str) and isinstance(following, int):
            return entity, series, following - 1
        return None
    return taken_by(kind, action, facts)


def following(row: Counted | None, every: Counted | None, counter: Counter) -> int | None:
    """The number that a series hands out next; None while it is held."""
    if row is None:
        return None if every is not None and every.held else counter.first
    return None if row.held else row.last + 1


class Recount(NamedTuple):
    """Rows to write, and what differed."""

    rows: tuple[Counted, ...]
    differences: tuple[Difference, ...]


def recounted(rows: Iterable[Counted], reached: Iterable[tuple[str, str, int]]) -> Recount:
    """The table against what all entries, of whichever client, say.

    A series that is behind goes on after the last entry. One that is ahead is held and not put back: the entries that
    had the numbers are lost, and the invoices may be with a client.
    """
    kept = {(row.entity, row.series): row for row in rows}
    told: dict[tuple[str, str], int] = {}
    for entity, series, count in reached:
        told[entity, series] = max(told.get((entity, series), 0), count)
    changed, differences = [], []
    for place in sorted({*kept, *told} - {EVERY}):
        row, said = kept.get(place), told.get(place, 0)
        if row is None:
            changed.append(Counted(*place, said, kept.get(EVERY, Counted(*EVERY, 0)).held))
        elif row.last < said:
            changed.append(row._replace(last=said))
        elif row.last > said and not row.held:
            changed.append(row._replace(held=True))
        else:
            continue
        problem = "missing" if row is None else "wrong"
        differences.append(Difference("numbers", f"{place[0]}:{place[1]}", problem))
    return Recount(tuple(changed), tuple(differences))
