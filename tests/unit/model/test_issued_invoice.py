"""An issued invoice: one byte form, which is read back as it was; nothing that contradicts itself."""

import json
from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError

from netmgr.model.issued_invoice import Invoice, PaymentTerms, buyer_of, due_day, issued_invoice
from tests.unit.model.invoices import CORRECTS, invoice, line
from tests.unit.service.samples import agreement


def test_what_is_kept_is_read_back_as_it_was_with_every_kind_of_value():
    lines = (
        line("desk", "480.00", about={"en": "Desk", "zh-CN": "服务台"}, things=(("r1", 30), ("r2", 12))),
        line("credit", "-24.00", kind="credit", quantity=Decimal(-5), price=Decimal(480), base=Decimal(100)),
    )
    made = invoice(*lines, kind="credit_note", number="C-00001", corrects=CORRECTS)
    kept = made.canonical()
    assert issued_invoice(kept) == made
    assert issued_invoice(kept).canonical() == kept
    assert json.loads(kept)["draft"]["total"] == "542.64"
    assert json.loads(kept)["draft"]["lines"][0]["things"] == [["r1", 30], ["r2", 12]]


def test_its_bytes_are_one_form_without_what_is_not_said():
    kept = invoice().canonical()
    assert (
        kept
        == json.dumps(json.loads(kept), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    )
    assert b"null" not in kept
    assert "corrects" not in json.loads(kept)


def test_it_has_a_json_schema():
    schema = Invoice.model_json_schema()
    assert set(schema["required"]) == {
        *("number", "client", "entity", "seller", "buyer", "locale", "timezone"),
        *("issued", "due", "terms", "draft"),
    }
    assert schema["properties"]["kind"]["enum"] == ["invoice", "credit_note"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"kind": "credit_note"}, "corrects: a credit note names the invoice"),
        ({"corrects": CORRECTS}, "corrects: a credit note names the invoice"),
        ({"due": date(2026, 6, 30)}, "due: 2026-06-30 is before it was issued"),
        ({"number": "R 42"}, "is not an invoice's number, as its series makes it; write it like R-00042"),
    ],
)
def test_what_contradicts_itself_is_none(changes, problem):
    with pytest.raises(ValidationError, match=problem):
        invoice(**changes)


def test_one_that_does_not_add_up_is_not_read():
    whole = json.loads(invoice().canonical())
    whole["draft"]["lines"][0]["net"] = "480.01"
    with pytest.raises(ValidationError, match="line desk: the sum is not the price"):
        issued_invoice(json.dumps(whole).encode())


def test_the_buyer_is_the_agreements_party_a():
    parties = {"name": "Acme GmbH", "address": "Berlin", "tax_id": "DE123456789", "email": "it@acme.example"}
    buyer = buyer_of(agreement(parties__client=parties | {"represented_by": {"name": "A"}}))
    assert (buyer.name, buyer.address, buyer.vat_id) == ("Acme GmbH", "Berlin", "DE123456789")


def test_the_last_day_to_pay_is_so_many_days_after_the_day_of_issue():
    assert due_day(date(2026, 1, 31), PaymentTerms(days=30)) == date(2026, 3, 2)
    assert due_day(date(2026, 1, 31), PaymentTerms(days=0)) == date(2026, 1, 31)
