"""A table's rows as HTML. By hand, not by a template: a month of tickets has tens of thousands of cells."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from markupsafe import Markup, escape

from netmgr.document.block import Column, Table, Tone
from netmgr.document.layout import Cell, Small, anchored, laid_out
from netmgr.document.locale import Words
from netmgr.model.printable import printable

SIGNS: Final[Mapping[Tone, str]] = {"good": "✓", "attention": "!", "bad": "✗", "unknown": "?", "neutral": ""}
"""What stands beside a word that means something, so that colour alone never says it."""

_SHORT: Final = 16


def table_rows(table: Table, words: Words) -> Markup:
    """What stands in the table's body. Every text of it is escaped."""
    return Markup("".join(_rows(table, words)))  # noqa: S704  made of _safe texts alone


def _rows(table: Table, words: Words) -> Iterator[str]:
    first_sum = len(table.rows) - table.sums
    for at, cells in enumerate(laid_out(table, words)):
        name = f' id="{_safe(anchored(table.anchor, cells[0].text) or "")}"' if table.anchor else ""
        yield f'<tr role="row"{name}{" class=sum" if at >= first_sum else ""}>\n'
        for cell in cells:
            first = cell is cells[0]
            begin = _begin(cell.column, first=first, short=len(cell.text) <= _SHORT)
            yield f"  {begin}{_cell(cell)}</div></{'th' if first else 'td'}>\n"
        yield "</tr>\n"


@lru_cache(maxsize=1024)
def _begin(column: Column, *, first: bool, short: bool) -> str:
    """How a cell begins: the same for all of a column."""
    start = '<th role="rowheader" scope=row' if first else '<td role="cell"'
    classes = f"kind-{column.kind}{' wide' * column.wide}{' short' * short}"
    return f'{start} data-label="{_safe(column.title)}" class="{classes}"><div class="cell">'


def _cell(cell: Cell) -> str:
    if cell.tone:
        sign = f'<span class="sign" aria-hidden="true">{SIGNS[cell.tone]}</span>' if SIGNS[cell.tone] else ""
        value = f'<span class="tone-{cell.tone}">{sign}{_safe(cell.text)}</span>'
    else:
        value = _lines(cell.text, cell.to)
    if not cell.under:
        return value
    return f'{value}<span class="under">{" · ".join(map(_small, cell.under))}</span>'


def _small(small: Small) -> str:
    title = f"{_safe(small.title)}: " if small.title else ""
    return f"{title}{_lines(small.text, small.to)}"


def _lines(text: str, to: str | None) -> str:
    inner = f'<a href="#{_safe(to)}">{_safe(text)}</a>' if to else _safe(text)
    return f'<span class="lines">{inner}</span>'


@lru_cache(maxsize=4096)
def _safe(text: str) -> str:
    """Columns say the same few words again and again."""
    return str(escape(printable(text)))
