"""Invoices as files of every kind: whole, tagged, with the electronic one in the PDF; texts are nothing but texts."""

import csv
import json
from dataclasses import fields, replace
from functools import cache
from io import BytesIO, StringIO
from xml.etree.ElementTree import fromstring

import pytest
from facturx import get_facturx_xml_from_pdf
from pypdf import PdfReader

from netmgr.adapters.document_formats import RENDERERS, check_electronic, hybrid
from netmgr.adapters.package_templates import words_in
from netmgr.document.block import Addressees, FactList, Figures, Paragraph, Table
from netmgr.document.layout import laid_out, top
from netmgr.document.wording import shown
from netmgr.errors import DocumentError, UsageError
from netmgr.ports.office import Office
from netmgr.service.electronic_invoice import electronic_invoice
from netmgr.service.invoice_document import invoice_document
from netmgr.workflows.invoice_document import FORMATS, render_invoice
from tests.unit.service.invoices import LOCALES, credit_note, invoice

USED = {"words": words_in, "renderers": RENDERERS, "hybrid": hybrid, "check_electronic": check_electronic}
OFFICE = Office(**{field.name: USED.get(field.name) for field in fields(Office)})
DOCUMENTS = {
    "acme": invoice,
    "haichuan": lambda: invoice("haichuan"),
    "credit note": credit_note,
}


@cache
def made(name, format_):
    return render_invoice(OFFICE, DOCUMENTS[name](), [format_])


def the_file(name, format_):
    (file,) = made(name, format_).files
    return file.data


@cache
def pdf(name):
    return PdfReader(BytesIO(the_file(name, "pdf")))


def walk(element):
    yield element
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        if not isinstance(kid, int) and "/S" in kid.get_object():
            yield from walk(kid.get_object())


@cache
def elements(name):
    """The structure tree, flat, in reading order."""
    return list(walk(pdf(name).trailer["/Root"]["/StructTreeRoot"]["/K"][0].get_object()))


def of(name, *tags):
    return [element for element in elements(name) if element["/S"] in tags]


def metadata(name):
    return pdf(name).trailer["/Root"]["/Metadata"].get_object().get_data().decode()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_pdf_says_what_it_is_and_in_which_language(name):
    issued, root = DOCUMENTS[name](), pdf(name).trailer["/Root"]
    assert root["/Lang"] == issued.locale
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    document = invoice_document(issued, words_in(issued.locale))
    found = pdf(name).metadata
    assert (found.title, found.author) == (document.title, document.author)
    assert (found["/CreationDate"], found["/ModDate"]) == ("D:20261201", "D:20261201")
    assert 'pdfuaid:part="1"' in metadata(name)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_headings_and_the_headers_of_tables_are_told(name):
    issued = DOCUMENTS[name]()
    document = invoice_document(issued, words_in(issued.locale))
    tables = [block for s in document.sections for block in s.blocks if isinstance(block, Table)]
    assert [each["/S"] for each in of(name, "/H1", "/H2", "/H3")] == [
        "/H1",
        *["/H2"] * len(document.sections),
    ]
    headers = {cell["/ID"] for cell in of(name, "/TH")}
    named = [cell["/A"]["/Headers"] for cell in of(name, "/TD")]
    assert len(named) == sum(len(table.rows) * (len(top(table)) - 1) for table in tables)
    assert {len(found) for found in named} == {2}
    assert {key for found in named for key in found} <= headers
    assert len(of(name, "/Caption")) >= len(tables)


@pytest.mark.parametrize("name", ["acme", "credit note"])
def test_the_pdf_carries_the_invoice_for_programs(name):
    issued, root = DOCUMENTS[name](), pdf(name).trailer["/Root"]
    assert made(name, "pdf").plain is None
    assert get_facturx_xml_from_pdf(the_file(name, "pdf")) == ("factur-x.xml", the_file(name, "xml"))
    assert the_file(name, "xml") == electronic_invoice(issued, words_in(issued.locale))
    (file,) = root["/AF"]
    file = file.get_object()
    assert (file["/AFRelationship"], file["/UF"]) == ("/Alternative", "factur-x.xml")
    stream = file["/EF"]["/F"].get_object()
    assert stream["/Subtype"] == "/text/xml"
    # No clock: the file is of the invoice's day.
    assert stream["/Params"]["/ModDate"] == stream["/Params"]["/CreationDate"] == "D:20261201000000Z"
    (intent,) = root["/OutputIntents"]
    assert intent.get_object()["/S"] == "/GTS_PDFA1"
    said = metadata(name)
    assert 'pdfaid:part="3" pdfaid:conformance="A"' in said
    assert 'fx:DocumentFileName="factur-x.xml"' in said
    assert 'fx:ConformanceLevel="EN 16931"' in said
    assert said.count("<rdf:RDF") == 1


def test_a_chinese_invoice_is_a_plain_pdf_and_says_why():
    assert made("haichuan", "pdf").plain == "Chinese invoices have their own electronic form, the fapiao"
    root = pdf("haichuan").trailer["/Root"]
    assert "/AF" not in root
    assert "pdfaid" not in metadata("haichuan")


@pytest.mark.parametrize("name", ["acme", "haichuan"])
def test_the_same_invoice_has_the_same_bytes(name):
    for format_ in ("pdf", "json"):
        assert render_invoice(OFFICE, DOCUMENTS[name](), [format_]).files == made(name, format_).files


def said_by(block, words):
    match block:
        case Table():
            yield block.caption
            yield from (column.title for column in top(block))
            for cells in laid_out(block, words):
                for cell in cells:
                    yield cell.text
                    yield from (small.text for small in cell.under)
        case FactList():
            for fact in block.items:
                yield from (fact.label, shown(fact.value, fact.kind, "", words))
        case Addressees():
            for each in block.items:
                yield from (each.role, each.name, *each.lines)
        case Figures():
            for figure in block.items:
                yield from (figure.label, figure.value)
        case Paragraph():
            yield block.text


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_pdf_says_all_of_it(name):
    issued = DOCUMENTS[name]()
    words = words_in(issued.locale)
    document = invoice_document(issued, words)
    whole = folded("".join(page.extract_text() for page in pdf(name).pages))
    told = [document.title, document.kind]
    for block in document.opening:
        told += said_by(block, words)
    for section in document.sections:
        told.append(section.title)
        for block in section.blocks:
            told += said_by(block, words)
    assert len(told) > 70
    assert [text for text in told if folded(text) not in whole] == []


def folded(text):
    return "".join(text.split()).casefold()


@pytest.mark.parametrize("client", LOCALES)
def test_a_draft_says_so_on_every_page_and_has_no_number(client):
    issued = invoice(client)
    (file,) = render_invoice(OFFICE, issued, ["pdf"], draft=True).files
    pages = [page.extract_text() for page in PdfReader(BytesIO(file.data)).pages]
    assert len(pages) > 1
    for page in pages:
        assert {"acme": "DRAFT", "haichuan": "草稿"}[client] in page
        assert issued.number not in page
    for each in render_invoice(OFFICE, issued, ["html", "md", "json", "csv"], draft=True).files:
        assert issued.number.encode() not in each.data, each.name
        assert issued.number not in each.name
    kept = json.loads(render_invoice(OFFICE, issued, ["json"], draft=True).files[0].data)
    assert {"number", "issued", "due"} & kept["invoice"].keys() == set()
    assert kept["draft"] is True


def test_what_the_files_are_called():
    formats = [name for name in FORMATS if name != "pdf"]
    assert [file.name for file in render_invoice(OFFICE, credit_note(), formats).files] == [
        "acme-credit-note-C-00007.html",
        "acme-credit-note-C-00007.md",
        "acme-credit-note-C-00007.json",
        *(f"acme-credit-note-C-00007.{table}.csv" for table in ("lines", "sums", "taxes", "counted")),
        "acme-credit-note-C-00007.xml",
    ]
    (slashed,) = render_invoice(OFFICE, invoice(number="2026/00042"), ["md"]).files
    assert slashed.name == "acme-invoice-2026-00042.md"
    (draft,) = render_invoice(OFFICE, invoice(), ["md"], draft=True).files
    assert draft.name == "acme-invoice-draft-2026-11-01.md"


def test_what_cannot_be_made_is_refused():
    with pytest.raises(UsageError, match="invoices are made as pdf, html, md, json, csv, xml, not as docx"):
        render_invoice(OFFICE, invoice(), ["docx"])
    with pytest.raises(UsageError, match="there is no electronic invoice of it: Chinese invoices"):
        render_invoice(OFFICE, invoice("haichuan"), ["xml"])
    with pytest.raises(UsageError, match="there is no electronic invoice of it: a draft is none"):
        render_invoice(OFFICE, invoice(), ["xml"], draft=True)


@pytest.mark.parametrize("format_", ["pdf", "xml"])
def test_what_is_not_valid_is_never_given_out(format_):
    def spoiled(xml):
        check_electronic(xml.replace(b"ram:GrandTotalAmount", b"ram:Grand"))

    office = replace(OFFICE, check_electronic=spoiled)
    with pytest.raises(DocumentError, match="the electronic invoice is not valid by its schema: Element"):
        render_invoice(office, invoice(), [format_])
    assert len(render_invoice(office, invoice(), ["md"]).files) == 1


def test_an_invoice_in_a_language_without_texts_is_in_english():
    (file,) = render_invoice(OFFICE, invoice(locale="de"), ["md"]).files
    assert file.language == "en"


EVIL = '=HYPERLINK("http://x") <script>alert(1)</script> {{ 7*7 }} {% raw %} **b** [l](http://x) | a\n# h'


def poisoned():
    """Each text that somebody writes is the same evil one; models take less, so that they are passed by."""
    issued = credit_note()
    seller, sums = issued.seller, issued.draft
    evil = {"en": EVIL}
    line = sums.lines[0].model_copy(update={"about": evil, "things": ((EVIL, 3),)})
    work = line.model_copy(update={"kind": "work", "key": "k", "rate_class": EVIL})
    credit = line.model_copy(update={"kind": "credit", "key": "l", "level": "response", "priority": EVIL})
    tax = sums.taxes[0].model_copy(update={"reason": EVIL})
    return issued.model_copy(
        update={
            "seller": seller.model_copy(
                update={
                    "name": evil,
                    "address": seller.address.model_copy(
                        update={"street": evil, "city": evil, "region": evil, "postcode": EVIL}
                    ),
                    "registration": EVIL,
                    "bank": seller.bank.model_copy(update={"name": evil, "holder": evil}),
                    "contact": seller.contact.model_copy(update={"name": evil, "phone": EVIL}),
                }
            ),
            "buyer": issued.buyer.model_copy(
                update={"name": evil, "address": evil, "reference": EVIL, "order": EVIL, "registration": EVIL}
            ),
            "corrects": issued.corrects.model_copy(update={"reason": EVIL}),
            "draft": sums.model_copy(update={"lines": (line, work, credit), "taxes": (tax,)}),
        }
    )


def test_no_text_is_taken_for_anything_else():
    files = {
        file.name.removeprefix("acme-credit-note-C-00007."): file.data.decode("utf-8-sig")
        for file in render_invoice(OFFICE, poisoned(), ["html", "md", "json", "csv", "xml"]).files
    }
    page = files["html"]
    assert "<script" not in page
    assert page.count("&lt;script&gt;alert(1)") > 15
    assert "{{ 7*7 }}" in page
    assert "49" not in "".join(files.values()).replace("49 30", "")
    for line in files["md"].split("\n"):
        assert "<script" not in line.replace("\\<script", "")
        assert "](http" not in line.replace("\\](http", "")
        assert not line.startswith(("# h", "=HYPERLINK"))
    for name, text in files.items():
        if name.endswith(".csv"):
            for row in csv.reader(StringIO(text)):
                assert not [cell for cell in row if cell.startswith(("=", "+", "@"))], name
    reason = json.loads(files["json"])["invoice"]["corrects"]["reason"]
    assert reason == EVIL
    root = fromstring(files["xml"])
    texts = [element.text for element in root.iter() if element.text and "HYPERLINK" in element.text]
    assert len(texts) > 12
    assert EVIL in texts


def test_the_pdf_shows_it_as_it_is():
    (file,) = render_invoice(OFFICE, poisoned(), ["pdf"]).files
    reader = PdfReader(BytesIO(file.data))
    whole = folded("".join(page.extract_text() for page in reader.pages))
    assert folded(EVIL) in whole
    assert (
        reader.metadata.author == " ".join(EVIL.split())
        or EVIL.split(maxsplit=1)[0] in reader.metadata.author
    )
    # The only links are to the document's own places.
    links = [annotation.get_object() for page in reader.pages for annotation in page.get("/Annots", [])]
    assert links
    assert all("/A" not in link or "/URI" not in link["/A"] for link in links)
