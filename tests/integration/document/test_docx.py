"""Word processors' files, read again: what is in them, how it is named, and that LibreOffice opens them where it is."""

import hashlib
import os
import shutil
import subprocess
import sys
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from netmgr.adapters.typeset_docx import PythonDocx
from tests.unit.document.example import TEXTS, agreement
from tests.unit.report.test_hostile import HOSTILE

ROOT = Path(__file__).parents[3]
ROWS = 40


def made(locale, **changed):
    return PythonDocx().docx(*agreement(locale, **changed))


@pytest.fixture(scope="module", params=["en", "zh-CN"])
def locale(request):
    return request.param


@pytest.fixture(scope="module")
def data(locale):
    return made(locale, rows=ROWS)


@pytest.fixture
def file(data):
    return docx.Document(BytesIO(data))


def texts(file):
    return [paragraph.text for paragraph in file.paragraphs if paragraph.text]


def test_what_it_is_and_in_which_language(file, locale):
    t, about = TEXTS[locale], file.core_properties
    assert (about.title, about.subject, about.author) == (t["title"], t["kind"], t["author"])
    assert (about.language, about.last_modified_by, about.comments) == (locale, "netmgr", "")
    assert {about.created.replace(tzinfo=None), about.modified.replace(tzinfo=None)} == {
        datetime(2026, 11, 28)
    }
    (spoken,) = file.styles.element.iter(qn("w:lang"))
    assert (spoken.get(qn("w:val")), spoken.get(qn("w:eastAsia"))) == ("en-GB", "zh-CN")
    for style in ("Normal", "Title", "Heading 1", "Heading 2", "Caption", "List Bullet"):
        fonts = file.styles[style].element.rPr.rFonts
        assert dict(fonts.attrib) == {
            qn("w:ascii"): "Arial",
            qn("w:hAnsi"): "Arial",
            qn("w:cs"): "Arial",
            qn("w:eastAsia"): "Microsoft YaHei",
        }


def test_headings_and_where_pages_begin(file, locale):
    t = TEXTS[locale]
    annex = {"en": "Annex 1", "zh-CN": "附件1"}[locale]
    assert [
        (p.style.name, p.text, bool(p.paragraph_format.page_break_before))
        for p in file.paragraphs
        if p.style.name.startswith(("Title", "Heading"))
    ] == [
        ("Title", t["title"], False),
        ("Heading 1", f"1  {t['terms']}", False),
        ("Heading 1", f"2  {t['services']}", False),
        ("Heading 2", f"2.3  {t['duties']}", False),
        ("Heading 1", f"3  {t['levels']}", False),
        ("Heading 1", f"4  {t['signing']}", False),
        ("Heading 1", f"{annex}  {t['annex']}", True),
    ]


def test_clauses_have_their_numbers(file, locale):
    t = TEXTS[locale]
    assert [text for text in texts(file) if "\t" in text] == [
        f"2.1\t{t['tracks']}",
        f"(a)\t{t['fault']}",
        f"(b)\t{t['network']}",
        f"2.2\t{t['tracks']}",
        f"2.3.1\t{t['access']}",
    ]


def test_tables_have_a_head_that_is_repeated(file, locale):
    t = TEXTS[locale]
    levels, signatures, devices = file.tables
    assert [cell.text for cell in levels.rows[0].cells] == [
        t[key] for key in ("priority", "response", "resolution", "from")
    ]
    assert len(devices.rows) == 1 + ROWS
    for table in (levels, devices):
        heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
        assert heads == [True] + [False] * (len(table.rows) - 1)
    assert [[said for said in cell.text.split("\n") if said] for cell in signatures.rows[0].cells] == [
        [t["a"], t["client"], f"{t['lines'][0]}  {t['a']}", *t["lines"][1:]],
        [t["b"], t["author"], f"{t['lines'][0]}  {t['a']}", *t["lines"][1:]],
    ]
    ruled = [
        p.text for p in signatures.rows[0].cells[0].paragraphs if p._p.find(f".//{qn('w:pBdr')}") is not None
    ]
    assert ruled == list(t["lines"][1:])


def test_each_page_says_where_it_is(file, locale):
    t, (section,) = TEXTS[locale], file.sections
    assert section.header.paragraphs[0].text == t["header"]
    (footer,) = section.footer.paragraphs
    fields = [field.get(qn("w:instr")) for field in footer._p.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]
    said = "".join(text.text for text in footer._p.iter(qn("w:t")))
    assert said == {"en": "Version 1Page 1 of 1", "zh-CN": "第1版第1页，共1页"}[locale]


def test_every_text_is_there(file, locale):
    t = TEXTS[locale]
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    whole = "\n".join([*texts(file), *cells])
    left = [text for key, text in t.items() if key not in ("header", "footer", "month", "applied", "lines")]
    assert [text for text in [*left, *t["lines"]] if text not in whole] == []


AGAIN = """
import hashlib
from tests.integration.document.test_docx import ROWS, made
print(hashlib.sha256(made({locale!r}, rows=ROWS)).hexdigest())
"""


def test_the_same_document_has_the_same_bytes(data, locale):
    done = subprocess.run(
        [sys.executable, "-c", AGAIN.format(locale=locale)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai", "PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.strip() == hashlib.sha256(data).hexdigest()
    with ZipFile(BytesIO(data)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(2026, 11, 28, 0, 0, 0)}


@cache
def opened():
    return docx.Document(BytesIO(made("en")))


@pytest.mark.parametrize("case", [*HOSTILE, "no xml"])
def test_hostile_texts_are_texts(case):
    """No field, no element, no link is made of them; what XML cannot have is shown."""
    text = HOSTILE.get(case, "\ud800 \ufffe \x0b")
    hostile = {k: (text,) * len(v) if isinstance(v, tuple) else text for k, v in TEXTS["en"].items()}
    plain, evil = opened(), docx.Document(BytesIO(made("en", **hostile)))
    breaks = {qn("w:br"), qn("w:tab"), qn("w:noBreakHyphen"), qn("w:t")}

    def tags(file):
        return [element.tag for element in file.element.body.iter() if element.tag not in breaks]

    assert tags(evil) == tags(plain)
    assert list(evil.part.rels) == list(plain.part.rels)
    if case in ("markup", "closing", "template"):
        assert texts(evil).count(text) >= 5
    if case == "no xml":
        assert "\\ud800 \\ufffe \\x0b" in texts(evil)


#: Where there is none, there is no such test.
if shutil.which("soffice"):

    def test_libreoffice_opens_it(data, locale, tmp_path):
        """The pages that it makes have the texts."""
        (tmp_path / "a.docx").write_bytes(data)
        subprocess.run(
            [
                "soffice",
                f"-env:UserInstallation=file://{tmp_path}/profile",
                "--headless",
                "--convert-to",
                "pdf",
                "a.docx",
            ],
            cwd=tmp_path,
            capture_output=True,
            check=True,
            timeout=120,
        )
        pages = PdfReader(tmp_path / "a.pdf").pages
        said = ["".join(page.extract_text().split()) for page in pages]
        t = TEXTS[locale]
        wanted = [t["title"], t["tracks"], t["client"], "core0", f"core{ROWS - 1}"]
        assert [text for text in wanted if "".join(text.split()) not in "".join(said)] == []
        # The annex begins a page, and the head of its table stands on each page that it goes on to.
        going_on = [page for page in said if "core" in page]
        assert len(going_on) == 2
        assert all("".join(t["device"].split()) in page for page in going_on)
