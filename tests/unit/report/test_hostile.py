"""Texts come from people and devices: whatever they hold, a reader sees them and nothing happens."""

import json

import pytest
from markdown_it import MarkdownIt

from netmgr.adapters.package_templates import report_templates
from netmgr.document.locale import english
from netmgr.report.html import html
from tests.unit.report.reading import Page, artefact, rows

HOSTILE = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "attribute": '" onmouseover="alert(1)" x=\'',
    "entity": "&lt;b&gt; &amp; &#60;",
    "closing": "</td></tr></table></main></body></html><!-- ",
    "style": "</style><style>*{display:none}",
    "template": "{{7*7}} {% raw %} {{ self.__class__ }} ${7*7} #{7*7}",
    "table": "a | b \\| c ||",
    "emphasis": "**bold** _it_ `code` ~~gone~~ [x](javascript:alert(1)) ![p](http://e.example/p.png)",
    "links": "http://evil.example www.evil.example mailto:a@b.example <https://evil.example>",
    "blocks": "# heading\n- item\n> quote\n1. one\n---\n```\ncode",
    "control": "bell\x07 escape\x1b[31m nul\x00 c1\x9b2J",
    "direction": "user\u202egnp.exe\u202c \u200bzero\ufeff",
    "long": "x" * 10_000,
    "words": "all work and no play " * 500,
    "unicode": "变更原因: Überprüfung 🙂",
}

SHOWN = {
    "control": "bell\\x07 escape\\x1b[31m nul\\x00 c1\\x9b2J",
    "direction": "user\\u202egnp.exe\\u202c \\u200bzero\\ufeff",
    "long": f"{'x' * 400} … (10,000 characters)",
    "words": f"{('all work and no play ' * 500)[:400].rstrip()} … (10,500 characters)",
}

PLAIN = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "main",
    "header",
    "p",
    "h1",
    "h2",
    "span",
    "strong",
}
PLAIN |= {
    "section",
    "ul",
    "li",
    "dl",
    "dt",
    "dd",
    "figure",
    "figcaption",
    "svg",
    "desc",
    "defs",
    "pattern",
    "rect",
}
PLAIN |= {"circle", "line", "text", "table", "caption", "thead", "tbody", "tr", "th", "td", "div"}


@pytest.fixture(params=HOSTILE)
def case(request):
    return request.param


@pytest.fixture
def made(desk, case):
    desk.story().change("2026-11-03 21:30", {"core1": (1, 1)}, reason=HOSTILE[case], ticket="<b>|T\x60`")
    desk.story().audit("2026-11-04 05:00", core1="compliant")
    return desk.make()


def test_html_shows_the_text_and_nothing_else(made, case):
    text = artefact(made, "html")
    page = Page(text)
    (row,) = page.tables[0][1:]
    said = row[1].removesuffix("deploy · log entry: 1").strip()
    # A browser folds spaces; the text's own lines are kept.
    assert said.split() == SHOWN.get(case, HOSTILE[case]).split()
    assert row[2] == "<b>|T``"
    assert page.names() <= PLAIN
    allowed = {"style", "class", "id", "data-label"}
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "href")], tag
        assert "javascript" not in "".join(str(v) for k, v in attributes.items() if k not in allowed)
    assert not [c for c in text if c < " " and c not in "\n\t"]


def test_markdown_shows_the_text_and_nothing_else(made, case):
    parser = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough")
    page = Page(parser.render(artefact(made, "md")))
    assert page.names() <= {
        "h1",
        "h2",
        "p",
        "strong",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "br",
        "ul",
        "li",
    }
    changes = next(table for table in page.tables if table[0][0] == "Began")
    (row,) = changes[1:]
    said = "".join(row[1].split()).removesuffix("deploylogentry:1")
    assert said == "".join(SHOWN.get(case, HOSTILE[case]).split())
    assert row[2] == "<b>|T``"
    assert len(row) == len(changes[0])


def test_json_has_the_text_as_it_is(made, case):
    (row,) = rows(made, "changes")
    assert row["reason"] == HOSTILE[case].rstrip("\n")


def test_no_link_is_made_of_a_text(desk):
    desk.story().change("2026-11-03 21:30", {"core1": (1, 1)}, reason=HOSTILE["links"])
    text = artefact(desk.make(), "md")
    assert "http\\://evil.example" in text
    assert "www\\.evil.example" in text
    assert "a\\@b.example" in text


NAMES = ["Acme <script>alert(1)</script>", "{{7*7}} & Söhne", "</title></style><h1>"]


@pytest.mark.parametrize("name", NAMES)
def test_the_client_s_name_is_a_text_too(desk, name):
    desk.files["client.yaml"] = f"id: acme\nnames: {{en: {json.dumps(name)}}}\ntimezone: Europe/Berlin\n"
    page = Page(artefact(desk.make(), "html"))
    assert page.names() <= PLAIN
    assert f"{name}: network report, November 2026" in page.text


def test_devices_and_facts_of_another_making_are_texts(desk):
    """Entries are what some program appended: a device's or actor's name may hold markup, a number may be none."""
    story = desk.story()
    evil = "<i>d</i>|"
    story.log_at(
        "2026-11-03 10:00",
        [
            story.draft(
                kind="inventory",
                action="record",
                phase="result",
                facts={"digest": "d", "devices": {evil: "x"}, "added": [evil], "removed": 7},
            ),
            story.draft(
                kind="audit",
                action="audit",
                phase="result",
                outcome="drifted",
                device=evil,
                actor=evil,
                facts={"added": "<b>", "removed": -1},
            ),
            story.draft(
                kind="audit", action="audit", phase="result", outcome="<u>", facts={"milliseconds": "soon"}
            ),
            story.draft(
                kind="change",
                action=evil,
                phase="intent",
                change="c",
                facts={"devices": [{"device": evil, "added": True}, "no"], "rollback_of": 9},
            ),
            story.draft(kind="change", action=evil, phase="result", change="c", outcome="<s>", facts={}),
        ],
    )
    made = desk.make()
    page = Page(artefact(made, "html"))
    assert page.names() <= PLAIN
    (change,) = rows(made, "changes")
    assert (change["devices"], change["added"], change["outcome"], change["note"]) == (
        [evil],
        None,
        "<s>",
        None,
    )
    (drift,) = rows(made, "drift")
    assert (drift["device"], drift["added"], drift["removed"]) == (evil, None, None)
    assert rows(made, "devices", "inventory")[0]["removed"] == []


def test_the_page_needs_nothing_and_may_nothing(desk):
    page = Page(artefact(desk.make(), "html"))
    metas = [attributes for tag, attributes in page.elements if tag == "meta"]
    policy = {
        "http-equiv": "Content-Security-Policy",
        "content": "default-src 'none'; style-src 'unsafe-inline'",
    }
    assert policy in metas
    assert not {"script", "link", "img", "iframe", "object", "a", "form"} & page.names()
    assert "@import" not in report_templates()["report.css"]


def test_a_template_s_mistake_is_an_error_not_a_gap(desk):
    report = desk.make().report
    with pytest.raises(Exception, match="has no attribute 'no_such_thing'"):
        html(report, english("Europe/Berlin"), {"report.html.j2": "{{ report.no_such_thing }}"})
