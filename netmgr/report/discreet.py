"""What a manager does not read: addresses, diffs, names of engineers. The last step over every section (pure)."""

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from ipaddress import ip_interface
from typing import Any, Final

from netmgr.document.block import (
    Addressees,
    Block,
    Bullets,
    Chart,
    Clause,
    Definitions,
    FactList,
    Figures,
    Paragraph,
    Section,
    Signatures,
    Table,
    Value,
)
from netmgr.document.locale import Words

Text = Callable[[str], str]

PEOPLE: Final = frozenset({"actor", "person"})
"""Columns that say who did something."""

_ADDRESS: Final = re.compile(
    r"(?<![A-Za-z0-9_.:@+-])(?:"
    r"(?P<mail>[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)"
    r"|[0-9a-fA-F]{2}(?P<mark>[:-])[0-9a-fA-F]{2}(?:(?P=mark)[0-9a-fA-F]{2}){4}"
    r"|[0-9a-fA-F]{4}\.[0-9a-fA-F]{4}\.[0-9a-fA-F]{4}"
    r"|(?P<ip>[0-9a-fA-F:.]*[.:][0-9a-fA-F:.]*[0-9a-fA-F:](?:%[A-Za-z0-9]+)?(?:/[0-9]{1,3})?)"
    r")(?![A-Za-z0-9_:@])"
)
"""Mail, hardware and network addresses; whether ``ip`` is one is looked at."""

_DIFF: Final = re.compile(r"@@ |--- |\+\+\+ |diff |[+-](?![ \d])\S|[+-] {2,}\S")
"""How a line of a diff begins. A list's hyphen has one space behind it."""


def discreet(section: Section, names: Collection[str], words: Words) -> Section:
    """The same section without them. ``names`` are what engineers are called."""
    people = sorted({name for name in names if name.strip()}, key=len, reverse=True)
    # Only letters that separate words by spaces make a border: Chinese does not.
    named = re.compile(
        "|".join(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])" for name in people), re.IGNORECASE
    )
    engineer, address = words.text("(an engineer)"), words.text("(an address)")

    def text(told: str) -> str:
        told = _without_diff(told)
        told = named.sub(engineer, told) if people else told
        return _ADDRESS.sub(lambda found: address if _is_address(found) else found[0], told)

    return _section(section, text)


def _is_address(found: re.Match[str]) -> bool:
    told = found["ip"]
    return told is None or _reads(told) or ("." in told and _reads(told.rpartition(":")[0]))


def _reads(text: str) -> bool:
    """Whether it is an address, or one with the length of its prefix."""
    try:
        ip_interface(text)
    except ValueError:
        return False
    return True


def _without_diff(text: str) -> str:
    lines = text.split("\n")
    kept = [line for line in lines if not _DIFF.match(line)]
    return text if len(kept) == len(lines) else "\n".join([*kept, "…"]).lstrip("\n")


def _section(section: Section, text: Text) -> Section:
    return replace(
        section,
        title=text(section.title),
        blocks=tuple(_block(block, text) for block in section.blocks),
        sections=tuple(_section(below, text) for below in section.sections),
    )


def _block(block: Block, text: Text) -> Block:
    match block:
        case Paragraph():
            return replace(block, text=text(block.text))
        case Figures():
            return replace(
                block,
                items=tuple(
                    replace(f, label=text(f.label), value=_value(f.value, text), detail=text(f.detail))
                    for f in block.items
                ),
            )
        case Table():
            return _table(block, text)
        case Chart():
            return replace(
                block,
                title=text(block.title),
                labels=tuple(map(text, block.labels)),
                series=tuple(replace(series, name=text(series.name)) for series in block.series),
                alternative=text(block.alternative),
            )
        case FactList():
            return replace(
                block,
                items=tuple(
                    replace(f, label=text(f.label), value=_value(f.value, text)) for f in block.items
                ),
            )
        case Bullets():
            return replace(block, items=tuple(map(text, block.items)))
        case Definitions():
            return replace(
                block, items=tuple(replace(d, term=text(d.term), text=text(d.text)) for d in block.items)
            )
        case Clause():
            return _clause(block, text)
        case Signatures() | Addressees():
            return block  # parties' names and addresses, which no report has


def _table(table: Table, text: Text) -> Table:
    kept = [index for index, column in enumerate(table.columns) if column.key not in PEOPLE]
    return replace(
        table,
        caption=text(table.caption),
        columns=tuple(
            replace(table.columns[index], title=text(table.columns[index].title)) for index in kept
        ),
        rows=tuple(tuple(_value(row[index], text) for index in kept) for row in table.rows),
        empty=text(table.empty),
    )


def _clause(clause: Clause, text: Text) -> Clause:
    return replace(clause, text=text(clause.text), items=tuple(_clause(item, text) for item in clause.items))


def _value(value: Value, text: Text) -> Any:
    match value:
        case str():
            return text(value)
        case tuple():
            return tuple(map(text, value))
        case _:
            return value
