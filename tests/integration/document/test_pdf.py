"""PDF as whoever reads it with other means than eyes gets it, from the file's own structure."""

import itertools
import os
import subprocess
import sys
from datetime import date
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from netmgr.adapters.package_templates import document_templates
from netmgr.adapters.typeset_pdf import WeasyPrint
from netmgr.document.html import html
from netmgr.errors import DocumentError
from tests.unit.document.example import TEXTS, agreement

ROOT = Path(__file__).parents[3]
DAY = date(2026, 11, 28)
ROWS = 60


def made(locale, **changed):
    return WeasyPrint().pdf(html(*agreement(locale, **changed), document_templates()), DAY)


@pytest.fixture(scope="module", params=["en", "zh-CN"])
def locale(request):
    return request.param


@pytest.fixture(scope="module")
def data(locale):
    return made(locale, rows=ROWS)


@pytest.fixture(scope="module")
def pdf(data):
    return PdfReader(BytesIO(data))


@pytest.fixture(scope="module")
def elements(pdf):
    """The structure tree, flat, in reading order."""
    return list(walk(pdf.trailer["/Root"]["/StructTreeRoot"]["/K"][0].get_object()))


def walk(element):
    yield element
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        if not isinstance(kid, int) and "/S" in kid.get_object():
            yield from walk(kid.get_object())


def of(elements, *tags):
    return [element for element in elements if element["/S"] in tags]


def test_what_it_is_and_in_which_language(pdf, locale):
    root, texts = pdf.trailer["/Root"], TEXTS[locale]
    assert root["/Lang"] == locale
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert (pdf.metadata.title, pdf.metadata.author, pdf.metadata.subject) == (
        texts["title"],
        texts["author"],
        texts["kind"],
    )
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_object().get_data()


def test_its_dates_are_the_document_s(pdf):
    assert (pdf.metadata["/CreationDate"], pdf.metadata["/ModDate"]) == ("D:20261128", "D:20261128")


def test_headings_are_an_outline(pdf, elements, locale):
    assert [element["/S"] for element in of(elements, "/H1", "/H2", "/H3", "/H4")] == [
        *("/H1", "/H2", "/H2", "/H3"),
        *("/H2", "/H2", "/H2"),
    ]
    t = TEXTS[locale]
    annex = {"en": "Annex 1", "zh-CN": "附件1"}[locale]
    title, below = pdf.outline
    assert title.title == t["title"]
    assert [item.title for item in below if not isinstance(item, list)] == [
        f"1 {t['terms']}",
        f"2 {t['services']}",
        f"3 {t['levels']}",
        f"4 {t['signing']}",
        f"{annex} {t['annex']}",
    ]


def test_each_cell_has_its_headers(elements):
    headers = {cell["/ID"] for cell in of(elements, "/TH")}
    cells = of(elements, "/TD")
    named = [cell["/A"]["/Headers"] for cell in cells]
    # Two tables: three cells beside the first in each of two rows; one in each of the devices' rows.
    assert len(cells) == 2 * 3 + ROWS
    assert [len(found) for found in named] == [2] * len(cells)
    assert {key for found in named for key in found} <= headers
    assert len(of(elements, "/Caption")) >= 2


def test_figures_are_told_in_words(elements, locale):
    t = TEXTS[locale]
    assert [figure["/Alt"] for figure in of(elements, "/Figure")] == [
        f"{t['chart']}: {t['seen']}",
        t["applied"],
    ]


def test_every_text_is_there(pdf, locale):
    """Also what stands on each page: the header, the footer, the head of a table that goes on."""
    t = TEXTS[locale]
    pages = ["".join(page.extract_text().casefold().split()) for page in pdf.pages]
    whole = "".join(pages)
    texts = [text for key, text in t.items() if key not in ("seen", "month", "lines")]
    wanted = [*texts, *t["month"], *t["lines"], *(f"core{n}" for n in range(ROWS))]
    assert [text for text in wanted if "".join(text.casefold().split()) not in whole] == []
    count = {"en": "page{}of{}", "zh-CN": "第{}页，共{}页"}[locale]
    for number, page in enumerate(pages, 1):
        assert "".join(t["header"].casefold().split()) in page
        assert "".join(t["footer"].casefold().split()) in page
        assert count.format(number, len(pages)) in page
    # The annex begins a page; its table's head stands on each of its pages.
    first = next(n for n, page in enumerate(pages) if "core0" in page)
    assert "".join(t["annex"].casefold().split()) in pages[first][:60]
    going_on = [page for page in pages if "core" in page]
    assert len(going_on) >= 2
    assert all("".join(t["device"].casefold().split()) in page for page in going_on)


def test_every_font_is_in_it(pdf):
    fonts = [
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        for page in pdf.pages
        for font in page["/Resources"]["/Font"].values()
    ]
    assert fonts
    assert all({"/FontFile2", "/FontFile3"} & set(font) for font in fonts)


AGAIN = """
import hashlib, sys
started = []
sys.addaudithook(lambda event, given: event == "subprocess.Popen" and started.append(given[1]))
from tests import pango
pango.use()
from tests.integration.document.test_pdf import ROWS, made
print(hashlib.sha256(made({locale!r}, rows=ROWS)).hexdigest())
assert started == [], started
"""


def test_the_same_document_has_the_same_bytes(data, locale):
    """In another process, on another day, with other hashes, elsewhere; no program is asked for anything."""
    import hashlib

    done = subprocess.run(
        [sys.executable, "-c", AGAIN.format(locale=locale)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=os.environ
        | {"PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai", "PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": "0"},
    )
    assert done.stdout.strip() == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("place", ["opening", "header", "month"])
def test_a_character_without_glyph_stops_it(place):
    """In the text, in the margin, in a drawing."""
    unknown = "a\U0010abcdb"
    with pytest.raises(DocumentError) as refused:
        made("en", **{place: (unknown, unknown) if place == "month" else unknown})
    assert str(refused.value) == (
        "no font of this machine has \U0010abcd (U+10ABCD); install one that has "
        "(apt-get install fonts-noto-cjk, or another), or write it otherwise"
    )


ASKING = [
    '<img alt="x" src="http://127.0.0.1:9/pixel.png">',
    '<img alt="x" src="file:///etc/hostname">',
    '<p style="background: url(http://127.0.0.1:9/x.png)">x</p>',
    "<style>@import url(file:///etc/hostname);</style>",
    '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">',
    '<svg width="9" height="9"><image width="9" height="9" href="file:///etc/x.png"/></svg>',
]


@pytest.mark.parametrize("asking", ASKING)
def test_nothing_is_fetched(asking):
    with pytest.raises(DocumentError, match=r"^the page asks for something from outside: "):
        WeasyPrint().pdf(f'<html lang="en"><title>t</title><body>{asking}</body></html>', DAY)


LEFT_OUT = [
    (
        '<html lang="en"><svg width="9" height="9" viewBox="a b"><rect width="9"/></svg>',
        "Failed to render SVG image None",
    ),
    (
        '<html lang="en"><svg><style>@import url(file:///x.css);</style></svg>',
        "Failed to load inline SVG: 'ElementWrapper' object has no attribute 'fetch_url'",
    ),
    ("<html><p>text</p>", 'Missing required "lang" attribute at the root of the document'),
]


@pytest.mark.parametrize(("page", "complaint"), LEFT_OUT)
def test_what_would_be_left_out_stops_it(page, complaint):
    with pytest.raises(DocumentError) as refused:
        WeasyPrint().pdf(page, DAY)
    assert str(refused.value) == f"WeasyPrint could not set the page: {complaint}"


WITHOUT_PANGO = """
import cffi, datetime
def missing(ffi, name, flags=0):
    raise OSError(f"cannot load library '{name}': no such file")
cffi.FFI.dlopen = missing
from netmgr.adapters.typeset_pdf import WeasyPrint
from netmgr.errors import DocumentError
try:
    WeasyPrint().pdf("<html></html>", datetime.date(2026, 11, 28))
except DocumentError as error:
    print(error)
"""


def test_without_pango_it_says_what_to_install():
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_PANGO], capture_output=True, text=True, check=True, cwd=ROOT
    )
    (line,) = done.stdout.splitlines()
    assert line.startswith(
        "PDF needs Pango, which this machine lacks (cannot load library 'libgobject-2.0-0'"
    )
    assert line.endswith("; apt-get install libpangoft2-1.0-0 libharfbuzz-subset0")
    assert done.stderr == ""


WITHOUT_SUBSET = WITHOUT_PANGO.replace(
    "    raise", "    if 'harfbuzz-subset' not in name:\n        return found(ffi, name, flags)\n    raise"
).replace("def missing", "found = cffi.FFI.dlopen\ndef missing")


def test_without_the_library_that_cuts_fonts_down_no_other_is_taken_for_it():
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", WITHOUT_SUBSET],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout == (
        "PDF needs HarfBuzz-subset, which this machine lacks; "
        "apt-get install libpangoft2-1.0-0 libharfbuzz-subset0\n"
    )
    assert done.stderr == ""


def test_a_font_that_is_rewritten_has_the_documents_day_not_this_second(monkeypatch):
    seconds = itertools.count(1_800_000_000, 60)
    monkeypatch.setattr("weasyprint.pdf.fonts.harfbuzz_subset", None)  # it takes fontTools then
    monkeypatch.setattr("fontTools.misc.timeTools.time", SimpleNamespace(time=lambda: next(seconds)))
    first = made("en")
    assert made("en") == first
    modified = {TTFont(BytesIO(font)).get("head").modified for font in fonts(first)}
    # TrueType counts from 1904 on.
    assert modified == {int((DAY - date(1904, 1, 1)).total_seconds())}


def fonts(data):
    """Every font file of a PDF."""
    for page in PdfReader(BytesIO(data)).pages:
        for font in page["/Resources"]["/Font"].values():
            described = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            yield described["/FontFile2"].get_data()
