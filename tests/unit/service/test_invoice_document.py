"""What an invoice says, to its reader: to the letter in tests/golden/invoice."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from netmgr.adapters.package_templates import document_templates, words_in
from netmgr.document.block import FactList, Table
from netmgr.document.html import html
from netmgr.document.locale import english
from netmgr.document.markdown import markdown
from netmgr.model.invoice import InvoiceDraft
from netmgr.model.provider import Address
from netmgr.service.invoice_document import address_lines, grouped, invoice_document
from netmgr.service.invoice_grounds import calculation, hours
from netmgr.service.invoice_wording import entries, exact_text
from tests.unit.service.invoices import counted, credit_note, invoice

GOLDEN = Path(__file__).parents[2] / "golden/invoice"
FAPIAO = "26312000000000000042"
MADE = {
    "acme.invoice": lambda: (invoice(), {}),
    "acme.draft": lambda: (invoice(), {"draft": True}),
    "acme.credit-note": lambda: (credit_note(), {}),
    "haichuan.invoice": lambda: (invoice("haichuan"), {"fapiao": FAPIAO}),
    "haichuan.draft": lambda: (invoice("haichuan"), {"draft": True}),
    "haichuan.credit-note": lambda: (credit_note("haichuan"), {}),
}


def document(name):
    issued, how = MADE[name]()
    words = words_in(issued.locale)
    return invoice_document(issued, words, **how), words


@pytest.mark.parametrize("name", MADE)
def test_an_invoice_says_what_it_said(name):
    assert markdown(*document(name)) == (GOLDEN / f"{name}.md").read_text()


def test_no_english_is_left_in_chinese():
    """But currencies, taxes' codes, names and what the registers say."""
    names = {"CNY", "S", "C", "R", "EXAMPLE", "X", "sh", "provider", "example", "br"}
    names |= {"core", "edge"}
    for name in MADE:
        if name.startswith("haichuan"):
            text = (GOLDEN / f"{name}.md").read_text().replace("The desk was closed for a month.", "")
            assert set(re.findall(r"[A-Za-z]+", text)) - names == set(), name


@pytest.mark.parametrize("client", ["acme", "haichuan"])
@pytest.mark.parametrize("make", [invoice, credit_note])
def test_a_draft_never_carries_a_number_or_a_day(make, client):
    issued = make(client)
    words = words_in(issued.locale)
    made = invoice_document(issued, words, draft=True)
    assert made.stamp == {"acme": "DRAFT", "haichuan": "草稿"}[client]
    assert len(made.marks) == 1
    text = f"{markdown(made, words)}{made.header}{made.footer}"
    assert issued.number not in text
    if issued.corrects is None:
        assert words.day(issued.issued) not in text
        assert words.day(issued.due) not in text


def test_each_line_leads_to_what_it_rests_on():
    made, _ = document("acme.invoice")
    tables = {
        block.key: block for section in made.sections for block in section.blocks if isinstance(block, Table)
    }
    (leading,) = [column for column in tables["lines"].columns if column.to is not None]
    assert leading.to == tables["counted"].anchor
    assert [row[0] for row in tables["lines"].rows] == [row[0] for row in tables["counted"].rows]
    whole = dict(zip((row[0] for row in tables["lines"].rows), tables["lines"].rows, strict=True))
    for number, line in enumerate(counted("acme").lines, 1):
        assert whole[str(number)][-1] == tuple(map(str, line.evidence))


def test_links_lead_to_places_of_the_page_that_there_are_once():
    page = html(*document("acme.invoice"), document_templates())
    places, links = re.findall(r' id="?([^" >]+)', page), re.findall(r'href="([^"]*)"', page)
    assert len(places) == len(set(places))
    assert links == [f"#evidence-{number}" for number in range(1, len(counted("acme").lines) + 1)]
    assert {link.removeprefix("#") for link in links} <= set(places)


def test_all_of_what_a_line_rests_on_is_told():
    first, *others = counted("acme").lines
    line = first.model_copy(update={"evidence": tuple(range(1, 900, 2))})
    issued = invoice(draft=counted("acme").model_copy(update={"lines": (line, *others)}))
    text = markdown(invoice_document(issued, english()), english())
    assert f"| {', '.join(map(str, range(1, 900, 2)))} |" in text
    assert "Log entries: 1, 3, 5, 7, 9, 11 and more |" in text


@pytest.mark.parametrize("sign", [0, -1])
def test_who_gets_money_back_is_not_asked_to_pay(sign):
    line = counted("acme").lines[-1]
    (tax,) = counted("acme").taxes
    net = sign * Decimal("85.00")
    owed = sign * Decimal("16.15")
    sums = InvoiceDraft.model_validate(
        counted("acme").model_dump()
        | {
            "lines": (line,) if sign else (),
            "taxes": (tax.model_copy(update={"net": net, "tax": owed}),) if sign else (),
            "net": net,
            "tax": owed,
            "total": net + owed,
        }
    )
    text = markdown(invoice_document(invoice(draft=sums), english()), english())
    assert f"Nothing is to be paid. {'€101.15' if sign else '€0.00'} is in your favour." in text
    assert "Please pay" not in text
    assert "IBAN" not in text


def test_the_fapiao_s_number_is_shown_where_there_is_one():
    for how, shown in (({"fapiao": FAPIAO}, [FAPIAO]), ({}, [])):
        made = invoice_document(invoice("haichuan"), words_in("zh-CN"), **how)
        facts = next(block for block in made.opening if isinstance(block, FactList))
        assert [fact.value for fact in facts.items if fact.key == "fapiao"] == shown


def test_entries_in_a_row_are_told_as_one():
    assert entries((4,)) == "4"
    assert entries((18, 4, 14, 15, 16, 17, 23, 24)) == "4, 14–18, 23–24"
    assert entries(()) == ""


def test_how_a_line_was_worked_out():
    lines = counted("acme").lines
    assert [calculation(line, english()) for line in lines[:3]] == [
        "480.00 × 1",
        "85.00 × 78 ÷ 30",
        "110.00 × 5.25",
    ]


EXACT = [
    ("46.666666666666", 2, "46.66666666…"),
    ("-46.666666666666", 2, "-46.66666666…"),
    ("14.028", 2, "14.028"),
    ("480", 2, "480.00"),
    ("480.000", 2, "480.00"),
    ("1000", 0, "1000"),
    ("0.00000001", 2, "0.00000001"),
]


@pytest.mark.parametrize(("exact", "digits", "said"), EXACT)
def test_what_goes_on_is_shown_to_go_on(exact, digits, said):
    found = exact_text(Decimal(exact), digits, english())
    assert (found if isinstance(found, str) else f"{found:f}") == said


def test_hours_and_minutes():
    assert [hours(minutes, english()) for minutes in (0, 30, 60, 95)] == [
        "0 h",
        "30 min",
        "1 h",
        "1 h 35 min",
    ]


def test_an_account_is_printed_in_groups():
    assert grouped("DE02120300000000202051") == "DE02 1203 0000 0000 2020 51"


def test_an_address_is_written_as_its_language_does():
    address = Address.model_validate(
        {
            "street": {"en": "2 Example Road", "zh-CN": "示例路2号"},
            "city": {"en": "Shanghai", "zh-CN": "上海市"},
            "postcode": "200000",
            "country": "CN",
        }
    )
    assert address_lines(address, english()) == ("2 Example Road", "200000 Shanghai", "China")
    assert address_lines(address, words_in("zh-CN")) == ("中国", "上海市示例路2号", "200000")
    foreign = address.model_copy(update={"street": "1 Example Street", "city": "London", "country": "GB"})
    assert address_lines(foreign, words_in("zh-CN"))[:2] == ("英国", "London 1 Example Street")


def test_a_name_without_the_document_s_language_stands_in_its_own():
    seller = invoice().seller.model_copy(update={"name": {"de": "Beispiel"}})
    assert invoice_document(invoice(seller=seller), english()).author == "Beispiel"
