"""What an invoice says, to its reader."""

import pytest

from netmgr.document.locale import english
from netmgr.document.markdown import markdown
from netmgr.service.invoice_document import grouped, invoice_document
from netmgr.service.invoice_tables import calculation, entries
from tests.unit.service.invoices import counted, credit_note, invoice


@pytest.mark.parametrize("made", [invoice, credit_note])
def test_a_draft_never_carries_a_number(made):
    issued = made()
    document = invoice_document(issued, english(), draft=True)
    assert document.stamp == "DRAFT"
    assert document.marks == ("This is a draft: nothing is owed by it, and what it says may still change.",)
    text = markdown(document, english())
    assert issued.number not in f"{text}{document.header}{document.footer}"
    assert "December" not in text.replace("1 December 2026: The desk", "")


def test_entries_in_a_row_are_told_as_one():
    assert entries((4,)) == "4"
    assert entries((18, 4, 14, 15, 16, 17, 23, 24)) == "4, 14–18, 23–24"


def test_how_a_line_was_worked_out():
    lines = counted("acme").lines
    assert [calculation(line, english()) for line in lines[:3]] == [
        "480.00 × 1",
        "85.00 × 78 ÷ 30",
        "110.00 × 5.25",
    ]


def test_an_account_is_printed_in_groups():
    assert grouped("DE02120300000000202051") == "DE02 1203 0000 0000 2020 51"
