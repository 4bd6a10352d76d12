"""The example agreements as files of every kind: whole, with a glyph for each character, and in one language."""

import re
from functools import cache
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from netmgr.adapters.document_formats import RENDERERS
from netmgr.adapters.package_templates import words_in
from netmgr.document.block import Clause, Definitions, FactList, Paragraph, Signatures, Table
from netmgr.document.layout import laid_out, top
from netmgr.document.wording import shown
from tests.unit.service.test_agreement_document import DOCUMENTS, document

ROOT = Path(__file__).parents[3]


def pdf_text(data):
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)


def docx_text(data):
    file = docx.Document(BytesIO(data))
    return "\n".join(
        "".join(run.text for run in paragraph.iter(qn("w:t")))
        for paragraph in file.element.body.iter(qn("w:p"))
    )


@cache
def read(client, language, format_):
    """What a reader finds in the file."""
    return READ[format_](RENDERERS[format_](document(client, language), words_in(language)))


READ = {"pdf": pdf_text, "docx": docx_text}


def said_by(block, words):
    """The texts of a block, as a reader sees them."""
    match block:
        case Table(rows=()):
            yield block.empty
        case Table():
            yield block.caption
            yield from (column.title for column in top(block))
            yield from (cell.text for cells in laid_out(block, words) for cell in cells)
        case Clause():
            yield f"{block.number}{block.text}"
            for item in block.items:
                yield from said_by(item, words)
        case Signatures():
            for signature in block.items:
                yield from (signature.party, signature.name, *(line.label for line in signature.lines))
        case Definitions():
            for item in block.items:
                yield from (item.term, item.text)
        case FactList():
            for fact in block.items:
                yield from (fact.label, shown(fact.value, fact.kind, "", words))
        case Paragraph():
            yield block.text
        case _:
            raise AssertionError(f"an agreement with {type(block).__name__}: say what it says")


@pytest.mark.parametrize("format_", READ)
@pytest.mark.parametrize(("client", "language"), DOCUMENTS)
def test_each_kind_of_file_says_all_of_it(client, language, format_):
    """In order. What stands on each page may stand within a paragraph that goes on: it is left out."""
    made, words = document(client, language), words_in(language)
    text = read(client, language, format_)
    found = folded(re.sub(r"Page\s+\d+\s+of\s+\d+\b|第\s*\d+\s*页，共\s*\d+\s*页", "", text))
    for each_page in (made.header, made.footer):
        found = found.replace(folded(each_page), "")
    told = [made.title, *made.marks]
    for block in made.opening:
        told += said_by(block, words)
    for section in made.sections:
        told.append(f"{section.number}{section.title}")
        for block in section.blocks:
            told += said_by(block, words)
    at, missing = 0, []
    for text in map(folded, told):
        place = found.find(text, at)
        if place < 0:
            missing.append(text)
        else:
            at = place + len(text)
    assert missing == []
    assert len(told) > 100


def folded(text):
    return "".join(text.split()).casefold()


@pytest.mark.parametrize("format_", READ)
def test_no_english_is_left_in_chinese(format_):
    """Every word in Latin letters is one of the client's own files, or of a key."""
    said = re.sub(r"\b[0-9a-f]{16,}\b", "", read("haichuan", "zh-CN", format_))
    own = "\n".join(path.read_text() for path in (ROOT / "inventory/haichuan").glob("*.yaml"))
    assert {word for word in re.findall(r"[A-Za-z]{2,}", said) if word not in own} == set()
