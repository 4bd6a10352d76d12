"""What is asked of an electronic invoice: Factur-X's schema, EN 16931's rules, and the invoice's own sums."""

import re
from decimal import Decimal
from functools import cache
from importlib.resources import files
from xml.etree.ElementTree import fromstring

from facturx import xml_check_xsd

from netmgr.document.locale import english
from netmgr.model.invoice import UNIT_CODES
from netmgr.service.electronic_invoice import electronic_invoice

NAMES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
}


@cache
def schematron():
    from saxonche import PySaxonProcessor

    processor = PySaxonProcessor(license=False)
    rules = files("facturx") / "xsd_and_schematron/facturx-en16931/FACTUR-X_EN16931.xslt"
    return processor, processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(rules))


def failed(xml):
    """The rules that the XML breaks, as EN 16931 names them; those that only warn, too."""
    processor, rules = schematron()
    report = rules.transform_to_string(xdm_node=processor.parse_xml(xml_text=xml.decode()))
    assert report.count("fired-rule") > 50
    return re.findall(r'<svrl:failed-assert[^>]*? id="([^"]+)"', report)


def made(issued):
    return electronic_invoice(issued, english())


def text(root, path):
    found = root.find(path, NAMES)
    return None if found is None else found.text


def number(root, path):
    return Decimal(text(root, path))


def sums_of(xml):
    """Lines, taxes and totals as the XML has them."""
    root = fromstring(xml)
    lines = [
        (
            number(line, ".//ram:BilledQuantity"),
            line.find(".//ram:BilledQuantity", NAMES).get("unitCode"),
            number(line, ".//ram:ChargeAmount"),
            number(line, ".//ram:BasisQuantity"),
            number(line, ".//ram:LineTotalAmount"),
            text(line, ".//ram:CategoryCode"),
        )
        for line in root.iterfind(".//ram:IncludedSupplyChainTradeLineItem", NAMES)
    ]
    settled = root.find(".//ram:ApplicableHeaderTradeSettlement", NAMES)
    taxes = [
        (
            text(tax, "ram:CategoryCode"),
            Decimal(text(tax, "ram:RateApplicablePercent") or 0),
            number(tax, "ram:BasisAmount"),
            number(tax, "ram:CalculatedAmount"),
        )
        for tax in settled.iterfind("ram:ApplicableTradeTax", NAMES)
    ]
    summation = settled.find("ram:SpecifiedTradeSettlementHeaderMonetarySummation", NAMES)
    return lines, taxes, {element.tag.split("}")[1]: Decimal(element.text) for element in summation}


def expected(draft):
    return (
        [
            (line.quantity, UNIT_CODES[line.unit], line.price, line.base, line.net, line.tax.code)
            for line in draft.lines
        ],
        [(tax.code, Decimal(tax.rate), tax.net, tax.tax) for tax in draft.taxes],
        {
            "LineTotalAmount": draft.net,
            "TaxBasisTotalAmount": draft.net,
            "TaxTotalAmount": draft.tax,
            "GrandTotalAmount": draft.total,
            "DuePayableAmount": draft.total,
        },
    )


def hold(issued):
    xml = made(issued)
    assert xml_check_xsd(xml, flavor="factur-x", level="en16931")
    assert failed(xml) == []
    assert sums_of(xml) == expected(issued.draft)
