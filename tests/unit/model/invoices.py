"""A small invoice, and its credit note; tests change one thing at a time."""

from datetime import date
from decimal import Decimal

from netmgr.model.agreement_fees import Tax
from netmgr.model.invoice import InvoiceDraft, InvoiceLine, TaxSum
from netmgr.model.issued_invoice import Buyer, Corrects, Invoice, PaymentTerms
from netmgr.model.money import share
from netmgr.model.provider import LegalEntity

JUNE = date(2026, 6, 1), date(2026, 6, 30)
SELLER = LegalEntity.model_validate(
    {
        "name": "Example Network Services Ltd",
        "address": {"street": "1 Example Street", "city": "London", "postcode": "W1A 0AA", "country": "GB"},
        "vat_id": "GB000000000",
        "bank": {"iban": "GB06 EXAM 0000 0000 0000 00"},
        "contact": {"name": "Accounts", "email": "accounts@provider.example"},
        "invoices": {"prefix": "R-"},
        "credit_notes": {"prefix": "C-"},
    }
)
NINETEEN = Tax(code="S", rate="19")


def line(key: str, net: str, **more: object) -> InvoiceLine:
    whole: dict[str, object] = {
        "key": key,
        "kind": "fixed",
        "version": 1,
        "first": JUNE[0],
        "last": JUNE[1],
        "about": key,
        "quantity": Decimal(1),
        "unit": "month",
        "price": Decimal(net),
        "base": Decimal(1),
        "net": Decimal(net),
        "tax": NINETEEN,
        "evidence": (3,),
    }
    return InvoiceLine.model_validate(whole | more)


def whole(*lines: InvoiceLine, **more: object) -> InvoiceDraft:
    """The draft of these lines, with their taxes."""
    groups: dict[tuple[str, str], list[InvoiceLine]] = {}
    for each in lines:
        groups.setdefault((each.tax.code, each.tax.rate), []).append(each)
    taxes = []
    for (code, rate), members in groups.items():
        net = sum((each.net for each in members), Decimal(0))
        taxes.append(TaxSum(code=code, rate=rate, net=net, tax=share(net, Decimal(rate), Decimal(100), 2)))
    net, tax = (
        sum((each.net for each in lines), Decimal("0.00")),
        sum((t.tax for t in taxes), Decimal("0.00")),
    )
    sums = {"net": net, "tax": tax, "total": net + tax}
    facts = {"currency": "EUR", "digits": 2, "first": JUNE[0], "last": JUNE[1]}
    return InvoiceDraft.model_validate({**facts, "lines": lines, "taxes": tuple(taxes), **sums, **more})


def invoice(*lines: InvoiceLine, **more: object) -> Invoice:
    facts: dict[str, object] = {
        "number": "R-00042",
        "client": "acme",
        "entity": "example",
        "seller": SELLER,
        "buyer": Buyer(name="Acme GmbH", address="Beispielstrasse 1, 10115 Berlin, Germany", country="DE"),
        "locale": "en",
        "timezone": "Europe/Berlin",
        "issued": date(2026, 7, 1),
        "due": date(2026, 7, 31),
        "terms": PaymentTerms(days=30, interest="9"),
        "versions": (1,),
        "draft": whole(*(lines or (line("desk", "480.00"), line("routers", "85.00")))),
    }
    return Invoice.model_validate(facts | more)


CORRECTS = Corrects(
    number="R-00042", issued=date(2026, 7, 1), seq=9, reason="The desk was closed for a week."
)
