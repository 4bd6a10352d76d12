"""The pages on invoices agree with the code."""

import re
from decimal import Decimal

from netmgr.cli.invoice_json import (
    adjustment_document,
    payment_document,
    record_document,
    shown_document,
    standing_document,
)
from netmgr.document.locale import english
from netmgr.model.adjustment import AdjustmentRecord
from netmgr.model.invoice_record import InvoiceRecord, PaymentRecord
from netmgr.model.issued_invoice import Buyer, Invoice
from netmgr.service.invoice_document import invoice_document
from netmgr.service.invoice_record import facts_of
from netmgr.service.ledger import standings
from netmgr.workflows.invoice_document import FORMATS, invoice_json
from netmgr.workflows.overdue import Shown
from tests.docs.test_pages import ROOT, table_keys
from tests.unit.model.invoices import invoice
from tests.unit.service import invoices as example


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


def test_the_reference_of_the_document_names_its_keys():
    whole = (ROOT / "docs/reference/json.md").read_text()
    said = whole.split("is `netmgr.invoice-document/1`")[1].split("\n\n")[0]
    issued = example.invoice()
    made = invoice_json(issued, invoice_document(issued, english()), english(), draft=False, fapiao=None)
    assert made.keys() - {"schema"} <= set(re.findall(r"`(\w+)`", said))


def test_the_reference_of_the_document_names_its_formats_and_terms():
    """Each business term of EN 16931 that an electronic invoice has, and no other."""
    text = (ROOT / "docs/reference/invoice-document.md").read_text()
    assert table_keys(text.split("## What stands where")[0]) == set(FORMATS)
    table = text.split("| EN 16931 | is |")[1].split("\n\n")[0]
    terms = set()
    for row in table.split("\n")[2:]:
        for first, last in re.findall(r"BT-(\d+)(?: to BT-(\d+))?", row.split("|")[1]):
            terms |= set(range(int(first), int(last or first) + 1))
    source = (ROOT / "netmgr/service/electronic_invoice.py").read_text()
    assert terms == {int(term) for term in re.findall(r"BT-(\d+)", source)} - {24}
