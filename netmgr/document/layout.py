"""What a page shows of a table: columns that stand under others, and each value in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from netmgr.document.block import Column, Table, Tone, Value
from netmgr.document.locale import Words
from netmgr.document.wording import outcome, shown


@dataclass(frozen=True, slots=True)
class Small:
    """A value that stands under another one, with its column's title; some say enough without."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell in words; ``tone`` where its word means something good or bad."""

    column: Column
    text: str
    tone: Tone | None
    under: tuple[Small, ...]


def top(table: Table) -> tuple[Column, ...]:
    """The columns that a page shows beside each other."""
    return tuple(column for column in table.columns if column.under is None and not column.exact)


def cells(table: Table, row: Sequence[Value], words: Words) -> tuple[Cell, ...]:
    """A row's cells for these columns. A value that is not there is not shown under another one."""
    values = dict(zip((column.key for column in table.columns), row, strict=True))
    return tuple(
        Cell(
            column=column,
            text=shown(values[column.key], column.kind, column.absent, words),
            tone=_tone(values[column.key], words) if column.kind == "outcome" else None,
            under=tuple(
                Small(small.title, shown(values[small.key], small.kind, small.absent, words))
                for small in table.columns
                if small.under == column.key and values[small.key] is not None
            ),
        )
        for column in top(table)
    )


def _tone(value: Value, words: Words) -> Tone | None:
    return outcome(value, words)[1] if isinstance(value, str) else None
