"""Office Open XML by python-docx, from a document's blocks: what somebody edits, comments or signs in a word processor.

Headings, lists, tables and captions are the word processor's own styles. Numbers of clauses are text, the same as in
every other format; nobody's software counts anew.
"""

import re
from collections.abc import Iterator
from datetime import datetime, time
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from netmgr.adapters.docx_parts import described, language, margins, page_numbers, repeated, ruled, whole
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
    Tone,
)
from netmgr.document.layout import Cell, laid_out, top
from netmgr.document.locale import Words
from netmgr.document.wording import shown
from netmgr.model.printable import printable

if TYPE_CHECKING:
    from docx.document import Document as File
    from docx.table import _Cell

_SIGN: dict[Tone, str] = {"good": "✓ ", "attention": "! ", "bad": "✗ ", "unknown": "? ", "neutral": ""}
#: What XML 1.0 cannot have, beside the control characters that ``printable`` shows.
_NO_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
_DEEPEST = 4
#: Of a property of the file (python-docx).
_LONGEST = 255


class PythonDocx:
    """A word processor's files."""

    def docx(self, document: Document, words: Words) -> bytes:
        """See netmgr.ports.typesetter."""
        import docx

        file = docx.Document()
        _begin(file, document, words)
        _write(file, document, words)
        data = BytesIO()
        file.save(data)
        return _dated(data, datetime.combine(document.day, time()))


def _begin(file: "File", document: Document, words: Words) -> None:
    about = file.core_properties
    said = (document.title, document.kind, document.author)
    about.title, about.subject, about.author = (_text(text)[:_LONGEST] for text in said)
    about.last_modified_by, about.language, about.comments = "netmgr", words.language, ""
    about.created = about.modified = datetime.combine(document.day, time())
    about.revision = 1
    language(file, words.language)
    page = file.sections[0]
    margins(page)
    page.header.paragraphs[0].text = _text(document.header)
    before, between, after = words.text("Page {page} of {pages}", page="\0", pages="\0").split("\0")
    page_numbers(page, _text(document.footer), (before, between, after))


def _write(file: "File", document: Document, words: Words) -> None:
    file.add_paragraph(_text(document.kind), "Subtitle")
    file.add_paragraph(_text(document.title), "Title")
    for mark in document.marks:
        file.add_paragraph().add_run(_text(mark)).bold = True
    for block in document.opening:
        _block(file, block, words)
    for section in document.sections:
        _section(file, section, words, 1)


def _section(file: "File", section: Section, words: Words, level: int) -> None:
    heading = file.add_heading(_text(f"{section.number}  {section.title}".strip()), min(level, _DEEPEST))
    heading.paragraph_format.page_break_before = section.annex
    for block in section.blocks:
        _block(file, block, words)
    for below in section.sections:
        _section(file, below, words, level + 1)


def _block(file: "File", block: Block, words: Words) -> None:
    match block:
        case Paragraph():
            file.add_paragraph(_text(_SIGN[block.tone] + block.text))
        case Table():
            _table(file, block, words)
        case Bullets():
            for item in block.items:
                file.add_paragraph(_text(item), "List Bullet")
        case Clause():
            _clause(file, block, 0)
        case Signatures():
            _signatures(file, block)
        case Addressees():
            for each in block.items:
                _pair(file, each.role, "\n".join((each.name, *each.lines)))
        case _:
            for label, text in _pairs(block, words):
                _pair(file, label, text)


def _pairs(block: Figures | Chart | FactList | Definitions, words: Words) -> Iterator[tuple[str, str]]:
    """What is told as a name and what belongs to it; a chart in its own words."""
    match block:
        case Figures():
            for figure in block.items:
                value = words.number(figure.value) if isinstance(figure.value, int) else figure.value
                yield figure.label, f"{_SIGN[figure.tone]}{value}  {figure.detail}".rstrip()
        case Chart():
            yield block.title, block.alternative
        case FactList():
            for fact in block.items:
                yield fact.label, shown(fact.value, fact.kind, "", words)
        case Definitions():
            for definition in block.items:
                yield definition.term, definition.text


def _pair(file: "File", label: str, text: str) -> None:
    paragraph = file.add_paragraph()
    paragraph.add_run(_text(label)).bold = True
    paragraph.add_run(f"  {_text(text)}")


def _clause(file: "File", clause: Clause, depth: int) -> None:
    from docx.shared import Cm

    paragraph = file.add_paragraph()
    form = paragraph.paragraph_format
    hanging = Cm(1.4 if depth == 0 else 1.0)
    form.left_indent = Cm(1.4 + depth)
    form.first_line_indent = -hanging
    form.tab_stops.add_tab_stop(form.left_indent)
    paragraph.add_run(f"{clause.number}\t" if clause.number else "\t")
    paragraph.add_run(_text(clause.text))
    for item in clause.items:
        _clause(file, item, depth + 1)


def _table(file: "File", table: Table, words: Words) -> None:
    if not table.rows:
        file.add_paragraph(_text(table.empty))
        return
    columns = top(table)
    caption = file.add_paragraph(_text(table.caption), "Caption")
    caption.paragraph_format.keep_with_next = True
    made = file.add_table(1 + len(table.rows), len(columns), "Table Grid")
    # Every look at a row's cells walks the table: they are taken once.
    rows = [row.cells for row in made.rows]
    for cell, column in zip(rows[0], columns, strict=True):
        _say(cell, column.title, bold=True)
    repeated(made.rows[0])
    described(made, _text(table.caption))
    for made_row in made.rows:
        whole(made_row)
    for number, (to, cells) in enumerate(zip(rows[1:], laid_out(table, words), strict=True)):
        summed = number >= len(table.rows) - table.sums
        for cell, found in zip(to, cells, strict=True):
            _say(cell, _cell(found), bold=summed, right=found.column.kind in RIGHT)
    file.add_paragraph()


def _cell(cell: Cell) -> str:
    under = [f"{small.title}: {small.text}" if small.title else small.text for small in cell.under]
    return "\n".join([f"{_SIGN[cell.tone] if cell.tone else ''}{cell.text}", *under])


def _say(cell: "_Cell", text: str, *, bold: bool = False, right: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    paragraph.add_run(_text(text)).bold = bold
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _signatures(file: "File", signatures: Signatures) -> None:
    """Parties beside each other: a table without lines, for word processors have nothing else for that."""
    from docx.shared import Mm, Pt

    made = file.add_table(1, len(signatures.items))
    whole(made.rows[0])
    for cell, signature in zip(made.rows[0].cells, signatures.items, strict=True):
        cell.paragraphs[0].add_run(_text(signature.party))
        cell.add_paragraph().add_run(_text(signature.name)).bold = True
        for line in signature.lines:
            # Neighbours with lines would be taken for one frame: something stands between them.
            cell.add_paragraph().paragraph_format.space_after = Pt(0)
            paragraph = cell.add_paragraph(_text(f"{line.label}  {line.value}".rstrip()))
            paragraph.paragraph_format.space_after, paragraph.paragraph_format.right_indent = Pt(0), Mm(10)
            if not line.value:
                ruled(paragraph)
    file.add_paragraph()


def _text(text: str) -> str:
    """What can stand in XML; line feeds and tabs become the word processor's."""
    return _NO_XML.sub(lambda found: f"\\u{ord(found[0]):x}", printable(text.replace("\r\n", "\n")))


def _dated(data: BytesIO, day: datetime) -> bytes:
    """The same file with its parts of one date: python-docx gives them the time of day."""
    made = BytesIO()
    with ZipFile(data) as source, ZipFile(made, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = ZipInfo(name, (max(1980, day.year), day.month, day.day, 0, 0, 0))
            part.compress_type = ZIP_DEFLATED
            target.writestr(part, source.read(name))
    return made.getvalue()
