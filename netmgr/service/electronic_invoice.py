"""An invoice for bookkeeping programs: EN 16931 as a Cross Industry Invoice of UN/CEFACT, as Factur-X has it (pure).

Elements stand in the order of the schema. Each names its business term of EN 16931-1 (BT) and, where one asks for it,
the rule (BR).
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element, indent, tostring

from netmgr.document.locale import Words
from netmgr.model.invoice import UNIT_CODES, InvoiceLine, TaxSum
from netmgr.model.issued_invoice import Buyer, Invoice
from netmgr.model.printable import printable
from netmgr.model.provider import LegalEntity
from netmgr.service.electronic_rules import buyer_country, buyer_vat_id, vat_numbers
from netmgr.service.invoice_texts import line_text
from netmgr.service.invoice_wording import credit_note_text, entries, interest_text, named

GUIDELINE = "urn:cen.eu:en16931:2017"
_NAMESPACES: Mapping[str, str] = {
    "xmlns:rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "xmlns:ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "xmlns:qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    "xmlns:udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
#: What XML 1.0 cannot have, beside the control characters that ``printable`` shows.
_NO_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
_CHARGED = ("S", "Z", "L", "M")
"""Categories that give no reason (BR-S-10, BR-Z-10, BR-AF-10, BR-AG-10)."""


def electronic_invoice(invoice: Invoice, words: Words) -> bytes:
    """The XML, the same bytes for the same invoice. Ask ``electronic_rules.lacking`` first whether it can be one."""
    root = _node(
        "rsm:CrossIndustryInvoice",
        _node(
            "rsm:ExchangedDocumentContext",
            _node("ram:GuidelineSpecifiedDocumentContextParameter", _text("ram:ID", GUIDELINE)),  # BT-24
        ),
        _node(
            "rsm:ExchangedDocument",
            _text("ram:ID", invoice.number),  # BT-1
            _text("ram:TypeCode", "381" if invoice.kind == "credit_note" else "380"),  # BT-3 (UNTDID 1001)
            _node("ram:IssueDateTime", _day("udt:DateTimeString", invoice.issued)),  # BT-2
            *_notes(invoice, words),
        ),
        _node(
            "rsm:SupplyChainTradeTransaction",
            *(
                _line(number, line, invoice.draft.digits, words)
                for number, line in enumerate(invoice.draft.lines, 1)
            ),
            _agreement(invoice, words),
            _delivery(invoice),
            _settlement(invoice, words),
        ),
        **_NAMESPACES,
    )
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _notes(invoice: Invoice, words: Words) -> Iterator[Element]:
    if invoice.corrects is not None:
        yield _node(
            "ram:IncludedNote", _text("ram:Content", credit_note_text(invoice.corrects, words))
        )  # BT-22


def _line(number: int, line: InvoiceLine, digits: int, words: Words) -> Element:
    """Quantities may be negative, prices may not (BR-27): credits have a negative quantity."""
    code = UNIT_CODES[line.unit]
    seqs = words.text("Log entries: {entries}", entries=entries(line.evidence))
    return _node(
        "ram:IncludedSupplyChainTradeLineItem",
        _node(
            "ram:AssociatedDocumentLineDocument",
            _text("ram:LineID", str(number)),  # BT-126
            _node("ram:IncludedNote", _text("ram:Content", seqs)),  # BT-127
        ),
        _node("ram:SpecifiedTradeProduct", _text("ram:Name", line_text(line, words))),  # BT-153
        _node(
            "ram:SpecifiedLineTradeAgreement",
            _node(
                "ram:NetPriceProductTradePrice",
                _text("ram:ChargeAmount", _number(line.price)),  # BT-146
                _text("ram:BasisQuantity", _number(line.base), unitCode=code),  # BT-149, BT-150
            ),
        ),
        _node(
            "ram:SpecifiedLineTradeDelivery",
            _text("ram:BilledQuantity", _number(line.quantity), unitCode=code),  # BT-129, BT-130
        ),
        _node(
            "ram:SpecifiedLineTradeSettlement",
            _node(
                "ram:ApplicableTradeTax",
                _text("ram:TypeCode", "VAT"),
                _text("ram:CategoryCode", line.tax.code),  # BT-151
                _rate(line.tax.code, line.tax.rate),  # BT-152
            ),
            _period(line.first, line.last),  # BT-134, BT-135
            _node(
                "ram:SpecifiedTradeSettlementLineMonetarySummation",
                _text("ram:LineTotalAmount", _sum(line.net, digits)),  # BT-131
            ),
        ),
    )


def _agreement(invoice: Invoice, words: Words) -> Element:
    buyer = invoice.buyer
    return _node(
        "ram:ApplicableHeaderTradeAgreement",
        _text("ram:BuyerReference", buyer.reference) if buyer.reference else None,  # BT-10
        _seller(invoice, words),
        _buyer(invoice, words),
        _node("ram:BuyerOrderReferencedDocument", _text("ram:IssuerAssignedID", buyer.order))  # BT-13
        if buyer.order
        else None,
    )


def _seller(invoice: Invoice, words: Words) -> Element:
    seller, contact, address = invoice.seller, invoice.seller.contact, invoice.seller.address
    return _node(
        "ram:SellerTradeParty",
        _text("ram:Name", named(seller.name, words)),  # BT-27
        _organization(seller.registration),  # BT-30
        _node(
            "ram:DefinedTradeContact",
            _text("ram:PersonName", named(contact.name, words)),  # BT-41
            _node("ram:TelephoneUniversalCommunication", _text("ram:CompleteNumber", contact.phone))  # BT-42
            if contact.phone
            else None,
            _node("ram:EmailURIUniversalCommunication", _text("ram:URIID", contact.email)),  # BT-43
        ),
        _node(
            "ram:PostalTradeAddress",
            _text("ram:PostcodeCode", address.postcode) if address.postcode else None,  # BT-38
            _text("ram:LineOne", named(address.street, words)),  # BT-35
            _text("ram:CityName", named(address.city, words)),  # BT-37
            _text("ram:CountryID", address.country),  # BT-40
            _text("ram:CountrySubDivisionName", named(address.region, words))  # BT-39
            if address.region
            else None,
        ),
        _mail(contact.email),  # BT-34
        *_seller_taxes(invoice, seller),
    )


def _seller_taxes(invoice: Invoice, seller: LegalEntity) -> Iterator[Element]:
    if seller.vat_id and vat_numbers(invoice):
        yield _registration("VA", seller.vat_id)  # BT-31
    if seller.tax_number:
        yield _registration("FC", seller.tax_number)  # BT-32


def _buyer(invoice: Invoice, words: Words) -> Element:
    buyer: Buyer = invoice.buyer
    vat_id = buyer_vat_id(buyer) if vat_numbers(invoice) else None
    return _node(
        "ram:BuyerTradeParty",
        _text("ram:Name", named(buyer.name, words)),  # BT-44
        _organization(buyer.registration),  # BT-47
        _node(
            "ram:PostalTradeAddress",
            _text("ram:LineOne", named(buyer.address, words)),  # BT-50
            _text("ram:CountryID", buyer_country(buyer) or ""),  # BT-55
        ),
        _mail(buyer.email) if buyer.email else None,  # BT-49
        _registration("VA", vat_id) if vat_id else None,  # BT-48
    )


def _delivery(invoice: Invoice) -> Element:
    within = any(each.code == "K" for each in invoice.draft.taxes)
    return _node(
        "ram:ApplicableHeaderTradeDelivery",
        _node(
            "ram:ShipToTradeParty",
            _node(
                "ram:PostalTradeAddress", _text("ram:CountryID", buyer_country(invoice.buyer) or "")
            ),  # BT-80
        )
        if within  # BR-IC-12
        else None,
        _node(
            "ram:ActualDeliverySupplyChainEvent",
            _node("ram:OccurrenceDateTime", _day("udt:DateTimeString", invoice.draft.last)),  # BT-72
        ),
    )


def _settlement(invoice: Invoice, words: Words) -> Element:
    draft = invoice.draft

    def amount(tag: str, value: Decimal, **attributes: str) -> Element:
        return _text(tag, _sum(value, draft.digits), **attributes)

    corrected = invoice.corrects
    return _node(
        "ram:ApplicableHeaderTradeSettlement",
        _text("ram:PaymentReference", invoice.number),  # BT-83
        _text("ram:InvoiceCurrencyCode", draft.currency),  # BT-5
        _payment_means(invoice, words) if invoice.kind == "invoice" and draft.total > 0 else None,
        *(_tax(each, draft.digits, words) for each in draft.taxes),
        _period(draft.first, draft.last),  # BT-73, BT-74
        _terms(invoice, words),
        _node(
            "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
            amount("ram:LineTotalAmount", draft.net),  # BT-106 (BR-CO-10)
            amount("ram:TaxBasisTotalAmount", draft.net),  # BT-109 (BR-CO-13)
            amount("ram:TaxTotalAmount", draft.tax, currencyID=draft.currency),  # BT-110 (BR-CO-14)
            amount("ram:GrandTotalAmount", draft.total),  # BT-112 (BR-CO-15)
            amount("ram:DuePayableAmount", draft.total),  # BT-115 (BR-CO-16)
        ),
        _node(
            "ram:InvoiceReferencedDocument",
            _text("ram:IssuerAssignedID", corrected.number),  # BT-25
            _node("ram:FormattedIssueDateTime", _day("qdt:DateTimeString", corrected.issued)),  # BT-26
        )
        if corrected is not None
        else None,
    )


def _payment_means(invoice: Invoice, words: Words) -> Element:
    """By a SEPA credit transfer (58) or another (30; UNTDID 4461)."""
    bank = invoice.seller.bank
    sepa = bank.iban is not None and invoice.draft.currency == "EUR"
    return _node(
        "ram:SpecifiedTradeSettlementPaymentMeans",
        _text("ram:TypeCode", "58" if sepa else "30"),  # BT-81
        _node(
            "ram:PayeePartyCreditorFinancialAccount",
            _text("ram:IBANID", bank.iban) if bank.iban else None,  # BT-84
            _text("ram:AccountName", named(bank.holder or invoice.seller.name, words)),  # BT-85
            _text("ram:ProprietaryID", bank.number) if bank.number else None,  # BT-84
        ),
        _node("ram:PayeeSpecifiedCreditorFinancialInstitution", _text("ram:BICID", bank.bic))  # BT-86
        if bank.bic
        else None,
    )


def _tax(tax: TaxSum, digits: int, words: Words) -> Element:
    reason = named(tax.reason, words) if tax.reason is not None and tax.code not in _CHARGED else None
    return _node(
        "ram:ApplicableTradeTax",
        _text("ram:CalculatedAmount", _sum(tax.tax, digits)),  # BT-117 (BR-CO-17)
        _text("ram:TypeCode", "VAT"),
        _text("ram:ExemptionReason", reason) if reason else None,  # BT-120
        _text("ram:BasisAmount", _sum(tax.net, digits)),  # BT-116
        _text("ram:CategoryCode", tax.code),  # BT-118
        _rate(tax.code, tax.rate),  # BT-119
    )


def _terms(invoice: Invoice, words: Words) -> Element | None:
    """What is payable has a day or terms (BR-CO-25)."""
    if invoice.corrects is not None:
        text: str | None = credit_note_text(invoice.corrects, words)
    else:
        text = interest_text(invoice.terms, words)
    due = invoice.due if invoice.kind == "invoice" else None
    return _node(
        "ram:SpecifiedTradePaymentTerms",
        _text("ram:Description", text) if text else None,  # BT-20
        _node("ram:DueDateDateTime", _day("udt:DateTimeString", due)) if due else None,  # BT-9
    )


def _organization(number: str | None) -> Element | None:
    return _node("ram:SpecifiedLegalOrganization", _text("ram:ID", number)) if number else None


def _registration(scheme: str, number: str) -> Element:
    return _node("ram:SpecifiedTaxRegistration", _text("ram:ID", number, schemeID=scheme))


def _mail(address: str) -> Element:
    return _node("ram:URIUniversalCommunication", _text("ram:URIID", address, schemeID="EM"))


def _rate(code: str, rate: str) -> Element | None:
    # What is outside the tax has no rate (BR-O-05).
    return None if code == "O" else _text("ram:RateApplicablePercent", rate)


def _period(first: date, last: date) -> Element:
    return _node(
        "ram:BillingSpecifiedPeriod",
        _node("ram:StartDateTime", _day("udt:DateTimeString", first)),
        _node("ram:EndDateTime", _day("udt:DateTimeString", last)),
    )


def _day(tag: str, day: date) -> Element:
    return _text(tag, f"{day:%Y%m%d}", format="102")


def _number(value: Decimal) -> str:
    return f"{value:f}"


def _sum(value: Decimal, digits: int) -> str:
    return f"{value.quantize(Decimal(1).scaleb(-digits)):f}"


def _text(tag: str, text: str, **attributes: str) -> Element:
    made = Element(tag, attributes)
    made.text = _NO_XML.sub(lambda found: f"\\u{ord(found[0]):x}", printable(text))
    return made


def _node(tag: str, *children: Element | None, **attributes: str) -> Element:
    made = Element(tag, attributes)
    made.extend(child for child in children if child is not None)
    return made
