"""A report as Markdown (GitHub's: tables). Every character that Markdown would take for its own is escaped."""

import re
from collections.abc import Iterator, Sequence

from netmgr.model.printable import printable
from netmgr.report.layout import Cell, cells, top
from netmgr.report.period import in_words
from netmgr.report.section import Block, Chart, FactList, Figures, Paragraph, Report, Table
from netmgr.report.wording import clock, number, shown

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&$])")
_LINK = re.compile(r"(?i)(:)(?=//)|(?<=www)(\.)|(@)")
_SIGN = {"good": "", "neutral": "", "attention": "**!** ", "bad": "**!!** ", "unknown": "**?** "}


def markdown(report: Report) -> str:
    """The document, with a line feed at its end."""
    return "\n\n".join(_blocks(report)) + "\n"


def _blocks(report: Report) -> Iterator[str]:
    period = report.period
    yield f"# {_text(report.name)}: network report, {_text(period.title)}"
    if report.target == "lab":
        yield "**LAB, NOT YOUR NETWORK.** Everything here happened to a twin in the laboratory."
    if report.draft:
        yield "**Draft, not issued.**"
    span = f"{in_words(period.first)} to {in_words(period.last)}, times in {_text(period.zone)}"
    until = "" if report.complete else f"; the period was not over: until {clock(report.until, period)}"
    yield f"{span}{until}. Cut: entry {number(report.cut)} of the service log of {_text(report.client)}."
    for section in report.sections:
        yield f"## {_text(section.title)}"
        for block in section.blocks:
            yield _block(block, report)


def _block(block: Block, report: Report) -> str:
    match block:
        case Paragraph():
            return f"{_SIGN[block.tone]}{_text(block.text)}"
        case Figures():
            rows = [(f.label, str(f.value), f.detail) for f in block.items]
            return _table(("Figure", "Value", "Made of"), (False, True, False), rows)
        case Table():
            return _data(block, report)
        case Chart():
            return f"{_text(block.title)}: {_text(block.alternative)}."
        case FactList():
            return "\n".join(
                f"- {_text(fact.label)}: {_text(shown(fact.value, fact.kind, '', report.period))}"
                for fact in block.items
            )


def _data(table: Table, report: Report) -> str:
    if not table.rows:
        return _text(table.empty)
    titles = tuple(column.title for column in top(table))
    right = tuple(column.kind in ("count", "duration") for column in top(table))
    rows = [[_cell(cell) for cell in cells(table, row, report.period)] for row in table.rows]
    return f"**{_text(table.caption)}**\n\n{_table(titles, right, rows)}"


def _cell(cell: Cell) -> str:
    return "\n".join(
        [cell.text, *(f"{small.title}: {small.text}" if small.title else small.text for small in cell.under)]
    )


def _table(titles: tuple[str, ...], right: tuple[bool, ...], rows: Sequence[Sequence[str]]) -> str:
    lines = [titles, *rows]
    head, *body = (f"| {' | '.join(_text(text) for text in line)} |" for line in lines)
    rule = f"|{'|'.join('---:' if numbers else '---' for numbers in right)}|"
    return "\n".join((head, rule, *body))


def _text(text: str) -> str:
    """One line that reads as ``text`` and as nothing else: no markup, no HTML, no link."""
    escaped = _SPECIAL.sub(r"\\\1", printable(text.replace("\r\n", "\n")))
    linked = _LINK.sub(lambda found: f"\\{found[0]}", escaped)
    return "<br>".join(line.strip() for line in linked.replace("\t", " ").strip().split("\n"))
