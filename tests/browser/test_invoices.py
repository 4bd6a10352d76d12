"""Invoices, credit notes and drafts as pages."""

import pytest

from netmgr.adapters.document_formats import RENDERERS
from netmgr.adapters.package_templates import words_in
from netmgr.service.invoice_document import invoice_document
from tests.browser.looking import WIDTHS, faults
from tests.unit.service.invoices import LOCALES, credit_note, invoice

MADE = {"invoice": invoice, "credit note": credit_note}


@pytest.mark.pages
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("made", [*MADE, "draft"])
@pytest.mark.parametrize("client", LOCALES)
def test_an_invoice_reads_well_in_a_browser(browser, tmp_path, client, made, width):
    issued = MADE.get(made, invoice)(client)
    words = words_in(issued.locale)
    document = invoice_document(issued, words, draft=made == "draft")
    page = tmp_path / "invoice.html"
    page.write_bytes(RENDERERS["html"](document, words))
    assert list(faults(browser, page, width)) == []
