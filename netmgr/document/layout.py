"""What a page shows of a table: columns that stand under others, and each value in words."""

from collections.abc import Iterator
from typing import NamedTuple

from netmgr.document.block import Column, Table, Tone, Value
from netmgr.document.locale import Words
from netmgr.document.wording import outcome, shown


class Small(NamedTuple):
    """A value that stands under another one, with its column's title; some say enough without."""

    title: str
    text: str
    to: str | None = None


class Cell(NamedTuple):
    """One cell in words; ``tone`` where its word means something good or bad, ``to`` the anchor that it leads to."""

    column: Column
    text: str
    tone: Tone | None
    under: tuple[Small, ...]
    to: str | None = None


def top(table: Table) -> tuple[Column, ...]:
    """The columns that a page shows beside each other."""
    return tuple(column for column in table.columns if column.under is None and not column.exact)


def laid_out(table: Table, words: Words) -> Iterator[tuple[Cell, ...]]:
    """The cells of each row, for these columns. A value that is not there is not shown under another one."""
    places = {column.key: at for at, column in enumerate(table.columns)}
    shape = [
        (
            places[column.key],
            column,
            [(places[small.key], small) for small in table.columns if small.under == column.key],
        )
        for column in top(table)
    ]
    kind = table.columns[0].kind
    leads = any(column.to for column in table.columns)
    for row in table.rows:
        first = shown(row[0], kind, "", words) if leads else ""
        yield tuple(
            Cell(
                column,
                shown(row[at], column.kind, column.absent, words),
                _tone(row[at], words) if column.kind == "outcome" else None,
                tuple(
                    Small(
                        small.title,
                        shown(row[below], small.kind, small.absent, words),
                        anchored(small.to, first),
                    )
                    for below, small in under
                    if row[below] is not None
                )
                if under
                else (),
                anchored(column.to, first),
            )
            for at, column, under in shape
        )


def anchored(anchor: str | None, first: str) -> str | None:
    """What a row is led to by: its table's anchor and its first value, of which letters, digits, - and _ are left."""
    if anchor is None:
        return None
    return f"{anchor}-{''.join(c if c.isascii() and (c.isalnum() or c in '-_') else '-' for c in first)}"


def _tone(value: Value, words: Words) -> Tone | None:
    return outcome(value, words)[1] if isinstance(value, str) else None
