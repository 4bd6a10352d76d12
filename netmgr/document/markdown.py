"""A document as Markdown (GitHub's: tables). Every character that Markdown would take for its own is escaped."""

import re
from collections.abc import Iterator, Sequence

from netmgr.document.block import (
    RIGHT,
    Addressees,
    Block,
    Bullets,
    Chart,
    Clause,
    Definitions,
    Document,
    FactList,
    Figures,
    Paragraph,
    Section,
    Signatures,
    Table,
)
from netmgr.document.layout import Cell, laid_out, top
from netmgr.document.locale import Words
from netmgr.document.wording import shown
from netmgr.model.printable import printable

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&$])")
_LINK = re.compile(r"(?i)(:)(?=//)|(?<=www)(\.)|(@)")
#: What makes a heading, a list, a rule or a table of the line that begins with it.
_OPENING = re.compile(r"^([#+\-=:]|[0-9]+(?=[.)](?:\s|$)))")
_SIGN = {"good": "", "neutral": "", "attention": "**!** ", "bad": "**!!** ", "unknown": "**?** "}
_BLANK = r"\_" * 30


def markdown(document: Document, words: Words) -> str:
    """The document, with a line feed at its end."""
    return "\n\n".join(_parts(document, words)) + "\n"


def marked(block: Block, words: Words) -> str:
    """One block, without a line feed at its end."""
    match block:
        case Paragraph():
            return f"{_SIGN[block.tone]}{inert(block.text, opening=not _SIGN[block.tone])}"
        case Figures():
            rows = [(f.label, str(f.value), f.detail) for f in block.items]
            titles = (words.text("Figure"), words.text("Value"), words.text("Made of"))
            return _table(titles, (False, True, False), rows)
        case Table():
            return _data(block, words)
        case Chart():
            return words.text("{chart}: {values}.", chart=inert(block.title), values=inert(block.alternative))
        case FactList():
            return "\n".join(
                "- "
                + words.text(
                    "{label}: {value}",
                    label=inert(fact.label),
                    value=inert(shown(fact.value, fact.kind, "", words)),
                )
                for fact in block.items
            )
        case Bullets():
            return "\n".join(f"- {inert(item, opening=True)}" for item in block.items)
        case Definitions():
            return "\n".join(f"- **{inert(item.term)}**: {inert(item.text)}" for item in block.items)
        case Clause():
            return "\n\n".join(_clauses(block))
        case Addressees():
            return "\n\n".join(
                f"{inert(each.role, opening=True)}<br>{inert(chr(10).join((each.name, *each.lines)))}"
                for each in block.items
            )
        case Signatures():
            return "\n\n".join(
                "\n".join(
                    [
                        f"**{inert(signature.party)}**: {inert(signature.name)}\n",
                        *(
                            f"- {inert(line.label)}: {inert(line.value) or _BLANK}"
                            for line in signature.lines
                        ),
                    ]
                )
                for signature in block.items
            )


def inert(text: str, *, opening: bool = False) -> str:
    """One line that reads as ``text`` and as nothing else: no markup, no HTML, no link.

    ``opening`` is for a text that a line begins with.
    """
    escaped = _SPECIAL.sub(r"\\\1", printable(text.replace("\r\n", "\n")))
    linked = _LINK.sub(lambda found: f"\\{found[0]}", escaped)
    line = "<br>".join(line.strip() for line in linked.replace("\t", " ").strip().split("\n"))
    return _OPENING.sub(_escaped, line) if opening else line


def _escaped(found: re.Match[str]) -> str:
    # A number is harmless without the point behind it.
    return f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}"


def _parts(document: Document, words: Words) -> Iterator[str]:
    yield f"# {inert(document.title)}"
    yield inert(document.kind, opening=True)
    yield from (f"**{inert(mark)}**" for mark in document.marks)
    yield from (marked(block, words) for block in document.opening)
    for section in document.sections:
        yield from _section(section, words, "##")


def _section(section: Section, words: Words, level: str) -> Iterator[str]:
    yield f"{level} {inert(f'{section.number} {section.title}'.strip(), opening=True)}"
    yield from (marked(block, words) for block in section.blocks)
    for below in section.sections:
        yield from _section(below, words, f"{level}#")


def _clauses(clause: Clause) -> Iterator[str]:
    yield (
        f"**{inert(clause.number)}** {inert(clause.text)}"
        if clause.number
        else inert(clause.text, opening=True)
    )
    for item in clause.items:
        yield from _clauses(item)


def _data(table: Table, words: Words) -> str:
    if not table.rows:
        return inert(table.empty, opening=True)
    titles = tuple(column.title for column in top(table))
    right = tuple(column.kind in RIGHT for column in top(table))
    rows = [[_cell(cell) for cell in cells] for cells in laid_out(table, words)]
    return f"**{inert(table.caption)}**\n\n{_table(titles, right, rows, table.sums)}"


def _cell(cell: Cell) -> str:
    return "\n".join(
        [cell.text, *(f"{small.title}: {small.text}" if small.title else small.text for small in cell.under)]
    )


def _table(
    titles: tuple[str, ...], right: tuple[bool, ...], rows: Sequence[Sequence[str]], sums: int = 0
) -> str:
    first = len(rows) - sums
    lines = [[inert(text) for text in line] for line in (titles, *rows)]
    head, *body = (
        f"| {' | '.join(f'**{text}**' if text and number > first else text for text in line)} |"
        for number, line in enumerate(lines)
    )
    rule = f"|{'|'.join('---:' if numbers else '---' for numbers in right)}|"
    return "\n".join((head, rule, *body))
