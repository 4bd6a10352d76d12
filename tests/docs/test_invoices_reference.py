"""The pages on invoices agree with the code."""

import re
from decimal import Decimal

from netmgr.cli.view_invoice import (
    adjustment_document,
    payment_document,
    record_document,
    shown_document,
    standing_document,
)
from netmgr.model.adjustment import AdjustmentRecord
from netmgr.model.invoice_record import InvoiceRecord, PaymentRecord
from netmgr.model.issued_invoice import Buyer, Invoice
from netmgr.service.invoice_record import facts_of
from netmgr.service.ledger import standings
from netmgr.workflows.overdue import Shown
from tests.docs.test_pages import ROOT, table_keys
from tests.unit.model.invoices import invoice


def test_the_documents_of_invoices_and_payments_name_every_key():
    whole = (ROOT / "docs/reference/json.md").read_text().split("## Invoice documents")[1].split("\n## ")[0]
    issued, shown = whole.split("`invoice show` prints")
    shown, others = shown.split("`invoice list` prints")
    record = InvoiceRecord.model_validate(
        facts_of(invoice(), "R-", 42) | {"key": "example:R-00042", "seq": 9, "entry": "e"}
    )
    (standing,) = standings({record.key: record}, ())
    payment = PaymentRecord(
        id="P-1", invoice=record.key, amount=Decimal(1), currency="EUR", day=record.due, seq=1, entry="e"
    )
    adjustment = AdjustmentRecord(id="A-1", currency="EUR", day=record.due, seqs=(1,))
    first = set(record_document(record))
    everything = set(shown_document(Shown(record, invoice(), standing, 0, None, (), (), {})))
    assert table_keys(issued) == first | {"client"}
    assert table_keys(shown) == everything - first
    assert set(standing_document(standing, record.due, None)) - first <= table_keys(shown)
    for name, found in (
        ("payment", {"client", "state", "open", "surplus", *payment_document(payment, None)}),
        ("adjustment", {"client", *adjustment_document(adjustment, None)}),
    ):
        said = others.split(f"`netmgr.{name}/1`:")[1].split("`netmgr.")[0]
        assert found <= set(re.findall(r"`(\w+)`", said)), name


def test_the_reference_of_invoices_names_what_an_invoice_says():
    text = (ROOT / "docs/reference/invoices.md").read_text()
    section = text.split("## What an invoice says")[1].split("\n## ")[0]
    assert table_keys(section) == set(Invoice.model_fields)
    assert set(Buyer.model_fields) <= set(re.findall(r"`(\w+)`", section))
    assert set(facts_of(invoice(), "R-", 42)) <= set(re.findall(r"`(\w+)`", text.split("## In the log")[1]))
