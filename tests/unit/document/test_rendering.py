"""A document as HTML, Markdown, JSON and CSV: what is in it, and that its texts are texts."""

import csv
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

import pytest
from markdown_it import MarkdownIt

from netmgr.adapters.package_templates import document_templates
from netmgr.document.as_json import section_json
from netmgr.document.block import Column, Paragraph, Table
from netmgr.document.html import css_string, html
from netmgr.document.markdown import inert, markdown, marked
from netmgr.document.table_csv import table_csv
from tests.unit.document.example import TEXTS, agreement
from tests.unit.report.reading import Page
from tests.unit.report.test_hostile import HOSTILE, PLAIN, SHOWN


def page(locale, **changed):
    return html(*agreement(locale, **changed), document_templates())


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_html_has_every_text(locale):
    text = page(locale)
    read = Page(text)
    said = set(TEXTS[locale].values()) - {TEXTS[locale][k] for k in ("header", "footer", "month", "lines")}
    # The alternative of a chart is its description; the text on its axis is short.
    assert [words for words in said if words not in read.text] == []
    assert f'<html lang="{locale}">' in text
    assert ("meta", {"name": "dcterms.created", "content": "2026-11-28"}) in read.elements


def test_html_is_an_outline():
    """Headings in order, numbered; an annex is marked, for it begins a page."""
    text = page("en")
    assert [line for line in text.split("\n") if line.startswith(("<h2", "<h3"))] == [
        '<h2><span class="number">1</span> Terms</h2>',
        '<h2><span class="number">2</span> Services</h2>',
        '<h3><span class="number">2.3</span> Duties of the client</h3>',
        '<h2><span class="number">3</span> Service levels</h2>',
        '<h2><span class="number">4</span> Signatures</h2>',
        '<h2><span class="number">Annex 1</span> Devices covered</h2>',
    ]
    assert '<section id="devices" class=annex>' in text


def test_clauses_stand_in_each_other():
    assert """<div class="clause" id="tracks">
<p><span class="number">2.1 </span><span class="lines">The provider tracks faults and resolves them.</span></p>
<div class="clause" id="fault">
<p><span class="number">(a) </span><span class="lines">faults of equipment</span></p>
</div>
<div class="clause">
<p><span class="number">(b) </span><span class="lines">faults of the network</span></p>
</div>
</div>
""" in page("en")


def test_a_page_says_where_it_is():
    text = page("en")
    assert '@bottom-right { content: "Page " counter(page) " of " counter(pages) ""; }' in text
    assert r'@top-left { content: "Provider Ltd \b7  \22 Acme\22  \5c  \3c \2f style\3e "; }' in text
    assert r'content: "\7b2c " counter(page) "\9875 \ff0c \5171 " counter(pages) "\9875 "' in page("zh-CN")


def test_a_string_of_css_ends_where_it_ends():
    assert css_string("a\"b'c\\d\ne</style>é") == r'"a\22 b\27 c\5c d\a e\3c \2f style\3e \e9 "'


MARKDOWN = """# IT support for Acme

Service agreement

**Draft, not signed.**

This agreement is made between Provider Ltd and Acme.

## 1 Terms

- **Working hours**: Monday to Friday, 09:00 to 18:00.

## 2 Services

**2.1** The provider tracks faults and resolves them.

**(a)** faults of equipment

**(b)** faults of the network

**2.2** The provider tracks faults and resolves them.

### 2.3 Duties of the client

**2.3.1** The client gives access.

- The client gives access.
- faults of equipment

## 3 Service levels

**Response and resolution times by priority**

| Priority | Response | Resolution | In force from |
|---|---:|---:|---|
| Emergency | 30 min 0 s | 4 h 0 min | 1 December 2026 |
| Normal | 4 h 0 min | — | 1 December 2026 |

No level was agreed.

| Figure | Value | Made of |
|---|---:|---|
| Devices | 1234 | The client gives access. |

Changes, by month: Jan: 1 applied; Feb: 3 applied.

## 4 Signatures

**Party A**: Acme

- Name: Party A
- Date: BLANK
- Signature: BLANK

**Party B**: Provider Ltd

- Name: Party A
- Date: BLANK
- Signature: BLANK

## Annex 1 Devices covered

**!** The client gives access.

**Devices covered**

| Device | In force from |
|---|---|
| core0 | 2026-11-28 08:00 |
| core1 | 2026-11-28 09:00 |

- Key: ed25519:00ff
"""


def test_markdown():
    assert markdown(*agreement("en")) == MARKDOWN.replace("BLANK", r"\_" * 30)


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_texts_are_texts(case):
    """In every place where a text can stand: nothing but the template's own elements, and the text is there."""
    hostile = {
        key: (HOSTILE[case],) * len(value) if isinstance(value, tuple) else HOSTILE[case]
        for key, value in TEXTS["en"].items()
    }
    plain, evil = Page(page("en")), Page(page("en", **hostile))
    assert [tag for tag, _ in evil.elements] == [tag for tag, _ in plain.elements]
    assert evil.names() <= PLAIN | {"h3"}
    for tag, attributes in evil.elements:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "href")], tag
    shown = SHOWN.get(case, HOSTILE[case]) if case in ("control", "direction") else HOSTILE[case]
    assert evil.text.count(shown) >= 20
    parser = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough")
    rendered = Page(parser.render(markdown(*agreement("en", **hostile))))
    expected = Page(parser.render(markdown(*agreement("en"))))
    assert rendered.names() - {"br"} == expected.names()
    assert "".join(rendered.text.split()).count("".join(shown.split())) >= 20


OPENINGS = [
    "# a",
    "+ a",
    "- a",
    "= a",
    "1. a",
    "23) a",
    ":-- a",
    "---",
    "===",
    "    a",
    "\t- a",
    "> a",
    "~~~",
    "```",
]


@pytest.mark.parametrize("text", OPENINGS)
def test_a_text_that_begins_like_markdown_is_a_paragraph(text):
    said = marked(Paragraph(text), agreement("en")[1])
    rendered = Page(MarkdownIt("commonmark").enable("table").render(f"above\n\n{said}\n\nbelow\n"))
    assert ([tag for tag, _ in rendered.elements], rendered.text.split("\n")[1]) == (["p"] * 3, text.strip())
    assert inert("1 a", opening=True) == "1 a"


def test_json():
    document, _ = agreement("en")
    services = section_json(document.sections[1])
    assert services["blocks"][0] == {
        "type": "clause",
        "key": "tracks",
        "number": "2.1",
        "text": "The provider tracks faults and resolves them.",
        "items": [
            {"key": "fault", "number": "(a)", "text": "faults of equipment", "items": []},
            {"key": "", "number": "(b)", "text": "faults of the network", "items": []},
        ],
    }
    assert [block["type"] for block in services["sections"][0]["blocks"]] == ["clause", "bullets"]
    levels, _, _, chart = section_json(document.sections[2])["blocks"]
    assert levels["rows"][0] == {
        "priority": "Emergency",
        "response": 1_800_000,
        "resolution": 14_400_000,
        "from": "2026-12-01",
        "seq": 7,
    }
    assert chart["type"] == "chart"
    assert section_json(document.sections[3])["blocks"][0]["items"][0] == {
        "party": "Party A",
        "name": "Acme",
        "lines": {"Name": "Party A", "Date": "", "Signature": ""},
    }
    annex = section_json(document.sections[4])
    assert (annex["annex"], annex["number"]) == (True, "Annex 1")
    assert json.loads(json.dumps([section_json(section) for section in document.sections]))


COLUMNS = tuple(Column(key, key) for key in ("text", "count", "amount", "day", "time", "names", "none"))
WHEN = datetime(2026, 11, 28, 7, tzinfo=UTC)


def read(*texts):
    rows = tuple((t, -5, Decimal("-1.50"), date(2026, 12, 1), WHEN, ("a", "=b"), None) for t in texts)
    return table_csv(Table("t", "T", COLUMNS, rows, "nothing"))


def test_csv_has_exact_values():
    assert read("a").split("\r\n") == [
        "text,count,amount,day,time,names,none",
        "a,-5,-1.50,2026-12-01,2026-11-28T07:00:00.000000Z,a =b,",
        "",
    ]


FORMULAS = [
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "＝1",
    '=HYPERLINK("http://e";"x")',
]


@pytest.mark.parametrize("text", FORMULAS)
def test_csv_has_no_formula(text):
    (_, row) = csv.reader(StringIO(read(text), newline=""))
    assert row[0] == f"'{text}"


@pytest.mark.parametrize("case", HOSTILE)
def test_csv_has_the_text(case):
    (_, row) = csv.reader(StringIO(read(HOSTILE[case]), newline=""))
    assert row[0].removeprefix("'") == HOSTILE[case].replace("\0", "")
    assert len(row) == len(COLUMNS)


def test_a_document_without_marks_or_annex():
    document, words = agreement("en")
    bare = replace(document, opening=(), sections=(), marks=(), header="", footer="")
    assert Page(html(bare, words, document_templates())).text.split() == [
        *["IT", "support", "for", "Acme"],
        *["Service", "agreement"],
        *["IT", "support", "for", "Acme"],
    ]


LEADING = Table(
    "sums",
    "Sums",
    (Column("name", "Name"), Column("sum", "Sum", "amount"), Column("why", "Why", under="name", to="why")),
    (("a <b>", Decimal("1.50"), "seen"), ("all", Decimal("10.50"), None)),
    "",
    sums=1,
    anchor="row",
)


def test_a_row_is_led_to_by_its_first_value_and_sums_stand_out():
    document, words = agreement("en")
    whole = html(replace(document, opening=(LEADING,)), words, document_templates())
    elements = Page(whole).elements
    assert ("tr", {"role": "row", "id": "row-a--b-"}) in elements
    assert ("tr", {"role": "row", "id": "row-all", "class": "sum"}) in elements
    assert ("a", {"href": "#why-a--b-"}) in elements
    assert marked(LEADING, words).split("\n")[-2:] == [
        r"| a \<b\><br>Why: seen | 1.50 |",
        "| **all** | **10.50** |",
    ]


def test_a_stamp_stands_on_every_page():
    document, words = agreement("en")
    whole = html(replace(document, stamp='DRAFT"</style>'), words, document_templates())
    assert '@top-right { content: "DRAFT\\22 \\3c \\2f style\\3e ";' in whole
    assert "@top-right" not in html(document, words, document_templates())
