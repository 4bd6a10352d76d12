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
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell in words; ``tone`` where its word means something good or bad, ``to`` the anchor that it leads to."""

    column: Column
    text: str
    tone: Tone | None
    under: tuple[Small, ...]
    to: str | None = None


def top(table: Table) -> tuple[Column, ...]:
    """The columns that a page shows beside each other."""
    return tuple(column for column in table.columns if column.under is None and not column.exact)


def cells(table: Table, row: Sequence[Value], words: Words) -> tuple[Cell, ...]:
    """A row's cells for these columns. A value that is not there is not shown under another one."""
    values = dict(zip((column.key for column in table.columns), row, strict=True))
    first = shown(row[0], table.columns[0].kind, "", words)
    return tuple(
        Cell(
            column=column,
            text=shown(values[column.key], column.kind, column.absent, words),
            tone=_tone(values[column.key], words) if column.kind == "outcome" else None,
            under=tuple(
                Small(
                    small.title,
                    shown(values[small.key], small.kind, small.absent, words),
                    anchored(small.to, first),
                )
                for small in table.columns
                if small.under == column.key and values[small.key] is not None
            ),
            to=anchored(column.to, first),
        )
        for column in top(table)
    )


def anchored(anchor: str | None, first: str) -> str | None:
    """What a row is led to by: its table's anchor and its first value, of which letters, digits, - and _ are left."""
    if anchor is None:
        return None
    return f"{anchor}-{''.join(c if c.isascii() and (c.isalnum() or c in '-_') else '-' for c in first)}"


def _tone(value: Value, words: Words) -> Tone | None:
    return outcome(value, words)[1] if isinstance(value, str) else None
