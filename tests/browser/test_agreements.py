"""The example agreements as pages: nothing overflows, axe-core finds nothing, nothing is asked of anybody."""

import pytest

from netmgr.adapters.document_formats import RENDERERS
from netmgr.adapters.package_templates import words_in
from tests.browser.looking import WIDTHS, faults
from tests.unit.service.test_agreement_document import DOCUMENTS, document


@pytest.mark.pages
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("client", "language"), DOCUMENTS)
def test_an_agreement_reads_well_in_a_browser(browser, tmp_path, client, language, width):
    page = tmp_path / "agreement.html"
    page.write_bytes(RENDERERS["html"](document(client, language), words_in(language)))
    assert list(faults(browser, page, width)) == []
