"""Electronic invoices keep to Factur-X's schema and to each business rule of EN 16931; their sums are the invoice's."""

import json
from decimal import Decimal
from xml.etree.ElementTree import fromstring

import pytest

from netmgr.adapters.facturx_pdf import check
from netmgr.errors import DocumentError
from netmgr.model.invoice import InvoiceDraft
from netmgr.model.issued_invoice import Buyer
from netmgr.model.money import share
from netmgr.model.provider import LegalEntity
from netmgr.service.electronic_rules import lacking
from tests.faults.random_months import billed, month
from tests.unit.service.en16931 import hold, made, text
from tests.unit.service.invoices import SELLERS, counted, credit_note, invoice

MONTHS = 12


@pytest.mark.parametrize("issued", [invoice(), credit_note()], ids=["invoice", "credit note"])
def test_every_rule_of_en_16931_holds(issued):
    hold(issued)
    assert lacking(issued) is None


HEAD = {
    "rsm:ExchangedDocument/ram:ID": ("R-00042", "C-00007"),
    "rsm:ExchangedDocument/ram:TypeCode": ("380", "381"),
    "rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString": ("20261201", "20261201"),
    ".//ram:SellerTradeParty/ram:Name": ("Example Network Services GmbH",) * 2,
    ".//ram:SellerTradeParty/ram:SpecifiedTaxRegistration/ram:ID": ("DE000000000",) * 2,
    ".//ram:SellerTradeParty/ram:PostalTradeAddress/ram:PostcodeCode": ("10115",) * 2,
    ".//ram:BuyerTradeParty/ram:Name": ("Acme GmbH",) * 2,
    ".//ram:BuyerTradeParty/ram:SpecifiedTaxRegistration/ram:ID": ("DE111111111",) * 2,
    ".//ram:BuyerTradeParty/ram:PostalTradeAddress/ram:CountryID": ("DE",) * 2,
    ".//ram:BuyerReference": ("NET-7",) * 2,
    ".//ram:InvoiceCurrencyCode": ("EUR",) * 2,
    ".//ram:SpecifiedTradeSettlementPaymentMeans/ram:TypeCode": ("58", None),
    ".//ram:PayeePartyCreditorFinancialAccount/ram:IBANID": ("DE02120300000000202051", None),
    ".//ram:DueDateDateTime/udt:DateTimeString": ("20261231", None),
    ".//ram:InvoiceReferencedDocument/ram:IssuerAssignedID": (None, "R-00042"),
    ".//ram:InvoiceReferencedDocument/ram:FormattedIssueDateTime/qdt:DateTimeString": (None, "20261201"),
    ".//ram:SpecifiedTradePaymentTerms/ram:Description": (
        "On what is overdue, interest of 9% by year is charged.",
        "This credit note corrects invoice R-00042 of 1 December 2026: The desk was closed for a month.",
    ),
    ".//ram:ApplicableHeaderTradeSettlement/ram:BillingSpecifiedPeriod/ram:EndDateTime/udt:DateTimeString": (
        "20261130",
        "20261130",
    ),
    ".//ram:IncludedSupplyChainTradeLineItem//ram:Name": ("Service desk and reports",) * 2,
    ".//ram:IncludedSupplyChainTradeLineItem//ram:Content": ("Log entries: 4",) * 2,
}


def test_what_it_says_beside_the_sums():
    roots = [fromstring(made(issued)) for issued in (invoice(), credit_note())]
    assert {path: tuple(text(root, path) for root in roots) for path in HEAD} == HEAD


def random_invoice(number):
    return invoice(draft=billed(month(number)))


def test_it_holds_for_random_months():
    for each in range(MONTHS):
        issued = random_invoice(each)
        if issued.draft.lines:
            hold(issued)


REASON = {"en": "Because <the law> says so"}
TAXES = [
    {"code": "Z", "rate": "0"},
    {"code": "E", "rate": "0", "reason": REASON},
    {"code": "AE", "rate": "0", "reason": REASON},
    {"code": "K", "rate": "0", "reason": REASON},
    {"code": "G", "rate": "0", "reason": REASON},
    {"code": "O", "rate": "0", "reason": REASON},
    {"code": "L", "rate": "7"},
    {"code": "M", "rate": "4"},
]


def taxed(tax):
    """The same month, where all is of this tax."""
    data = counted("acme").model_dump(mode="json")
    for line in data["lines"]:
        line["tax"] = tax
    net = Decimal(data["net"])
    owed = share(net, Decimal(tax["rate"]), Decimal(100), 2)
    data["taxes"] = [{**tax, "net": data["net"], "tax": f"{owed:f}"}]
    return invoice(
        draft=InvoiceDraft.model_validate_json(
            json.dumps(data | {"tax": f"{owed:f}", "total": f"{net + owed:f}"})
        )
    )


@pytest.mark.parametrize("tax", TAXES, ids=[tax["code"] for tax in TAXES])
def test_every_category_of_tax(tax):
    issued = taxed(tax)
    assert lacking(issued) is None
    hold(issued)


def seller(**changed):
    data = SELLERS["acme"].model_dump(mode="json", exclude_none=True)
    return LegalEntity.model_validate(
        {key: value for key, value in (data | changed).items() if value is not None}
    )


def buyer(**changed):
    return Buyer.model_validate(invoice().buyer.model_dump() | changed)


LACKING = [
    (lambda: invoice("haichuan"), "Chinese invoices have their own electronic form, the fapiao"),
    (
        lambda: invoice(buyer=buyer(country=None, vat_id="11/111/11111")),
        "the buyer's country is not known (the agreement's parties.client.country)",
    ),
    (
        lambda: invoice(buyer=buyer(country="XX")),
        "the buyer's country is not known (the agreement's parties.client.country)",
    ),
    (
        lambda: invoice(seller=seller(vat_id=None, registration=None, tax_number="1")),
        "the seller has neither registration nor vat_id (entities.example)",
    ),
    (
        lambda: invoice(seller=seller(vat_id="QQ12345678")),
        "no country has the prefix of QQ12345678 (entities.example.vat_id)",
    ),
    (
        lambda: taxed(TAXES[3]).model_copy(update={"buyer": buyer(vat_id=None)}),
        "category K needs the buyer's VAT number (the agreement's parties.client.tax_id)",
    ),
    (
        lambda: taxed(TAXES[2]).model_copy(update={"buyer": buyer(vat_id=None, registration=None)}),
        "category AE needs the buyer's VAT number (tax_id) or registration (the agreement's parties.client)",
    ),
    (
        lambda: taxed(TAXES[4]).model_copy(update={"seller": seller(vat_id=None, tax_number="1")}),
        "categories K and G need the seller's VAT number (entities.example.vat_id)",
    ),
]


@pytest.mark.parametrize(("make", "why"), LACKING, ids=range(len(LACKING)))
def test_what_is_lacking_is_said(make, why):
    assert lacking(make()) == why


def test_a_buyer_s_country_is_that_of_its_vat_number():
    issued = invoice(buyer=buyer(country=None, vat_id="EL 123456789"))
    assert lacking(issued) is None
    hold(issued)
    assert (
        text(fromstring(made(issued)), ".//ram:BuyerTradeParty/ram:PostalTradeAddress/ram:CountryID") == "GR"
    )


def test_a_tax_number_without_a_country_is_none_of_vat():
    root = fromstring(made(invoice(buyer=buyer(vat_id="11/111/11111"))))
    assert text(root, ".//ram:BuyerTradeParty/ram:SpecifiedTaxRegistration/ram:ID") is None


def test_what_is_no_invoice_is_refused():
    xml = made(invoice()).replace(b"ram:DuePayableAmount", b"ram:Payable")
    with pytest.raises(
        DocumentError, match=r"^the electronic invoice is not valid by its schema: Element .*Payable"
    ):
        check(xml)
    with pytest.raises(DocumentError, match="not valid by its schema"):
        check(b"<a")


def test_texts_are_texts():
    """Markup, templates, what XML cannot have."""
    evil = "<ram:ID>&amp;]]> {{ 7*7 }} \x07 \ufffe \u202e"
    # No model takes all of it: what is checked here is the XML alone.
    written = invoice().buyer.model_copy(update={"name": evil, "reference": "<!-- a -->"})
    issued = invoice().model_copy(update={"buyer": written})
    xml = made(issued)
    hold(issued)
    root = fromstring(xml)
    assert text(root, ".//ram:BuyerTradeParty/ram:Name") == "<ram:ID>&amp;]]> {{ 7*7 }} \\x07 \\ufffe \\u202e"
    assert text(root, ".//ram:BuyerReference") == "<!-- a -->"
