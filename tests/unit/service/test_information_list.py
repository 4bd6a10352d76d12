"""The page that a client reads: each entry that is for them, in their words, and nothing that a text could do."""

import json
from dataclasses import replace

import pytest

from netmgr.adapters.package_templates import document_templates, words_in
from netmgr.document.html import html
from netmgr.model.entry import BodyRef, Entry
from netmgr.service.information_list import by_month, month_list, readable

TICKET = BodyRef("a" * 64, 10, "application/json")
FIRST = Entry(
    v=1, client="acme", stream="main", seq=7, id="e-7", time="2026-11-02T22:30:00.000000Z", target="network",
    kind="ticket", action="open", phase="result", actor="p-1", auth="os", request="r-1", on="ops1",
    visibility="client", facts={}, prev="0" * 64, hash="1" * 64, outcome="opened", ticket="T-1", body=TICKET,
)  # fmt: skip


def entry(seq=7, **changes):
    return replace(FIRST, seq=seq, **changes)


def rows(entries, bodies=None, locale="en", zone="Europe/Berlin"):
    made = month_list("Acme", entries, bodies or {}, words_in(locale, zone))
    return {section.title: section.blocks[0].rows for section in made.sections}


def test_a_row_for_each_entry_on_the_day_that_the_client_s_clocks_showed():
    later = entry(
        9, time="2026-11-02T23:30:00.000000Z", kind="invoice", action="issue", outcome="issued", ticket=None,
        body=None, facts={"number": "R-00001"}, actor="p-2",
    )  # fmt: skip
    said = {
        "subject": "No mail",
        "description": "since ten",
        "notes": [{"text": "a note"}],
        "reporter": "k-1",
    }
    assert rows([FIRST, later], {TICKET.digest: json.dumps(said).encode()}) == {
        "2 November 2026": (("7", "23:30", "Ticket: opened", "T-1", "p-1", "No mail\nsince ten\na note"),),
        "3 November 2026": (("9", "00:30", "Invoice: issued", "R-00001", "p-2", None),),
    }


def test_in_the_client_s_language_and_what_has_no_word_stands_for_itself():
    odd = entry(8, kind="other", action="act", outcome=None, ticket=None, body=None, device="core1")
    (found,) = rows([FIRST, odd], locale="zh-CN").values()
    assert [row[2:4] for row in found] == [("工单：已提交", "T-1"), ("other：act", "core1")]


@pytest.mark.parametrize(
    ("type_", "content", "text"),
    [
        ("application/json", None, "(erased by order)"),
        ("text/x-diff", b"+a\n-b\n", "+a\n-b\n"),
        ("text/plain", b"\xff", None),
        ("application/pdf", b"%PDF-", None),
        ("application/json", b"{", None),
        ("application/json", b"[1]", None),
        ("application/json", b'{"subject":"s","notes":[1,{"text":"t"}]}', "s\nt"),
    ],
)
def test_a_text_is_what_its_body_says_to_a_reader(type_, content, text):
    one = entry(body=BodyRef("b" * 64, 3, type_))
    ((row,),) = rows([one], {"b" * 64: content}).values()
    assert row[-1] == text


def test_documents_are_not_asked_for():
    types = ("application/json", "text/x-diff", "application/pdf", "image/png")
    found = [readable(entry(body=BodyRef("b" * 64, 3, type_))) for type_ in types]
    assert found == ["b" * 64, "b" * 64, None, None]
    assert readable(entry(body=None)) is None


def test_a_body_that_is_not_there_is_no_text():
    ((row,),) = rows([FIRST]).values()
    assert row[-1] is None


def test_months_are_those_of_the_client_s_clocks():
    moments = ("2026-10-31T22:59:59.000000Z", "2026-10-31T23:00:00.000000Z", "2026-12-01T00:00:00.000000Z")
    entries = [entry(at, time=moment) for at, moment in enumerate(moments, start=1)]
    found = {
        month: [one.seq for one in some] for month, some in by_month(entries, words_in("en", "Europe/Berlin"))
    }
    assert found == {"2026-10": [1], "2026-11": [2], "2026-12": [3]}


def test_texts_are_inert():
    nasty = '<script>alert(1)</script>{{ 7*7 }}\x1b[31m"\u202e'
    words = words_in("en", "UTC")
    body = json.dumps({"subject": nasty}).encode()
    made = month_list(nasty, [entry(ticket="T-1")], {TICKET.digest: body}, words)
    page = html(made, words, document_templates())
    assert "<script" not in page
    assert "49" not in page
    assert not {"\x1b", "\u202e"} & set(page)
    assert "&lt;script&gt;alert(1)" in page
