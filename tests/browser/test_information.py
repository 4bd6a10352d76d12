"""What was recorded for a client, as the page that they read."""

import json

import pytest

from netmgr.adapters.document_formats import RENDERERS
from netmgr.adapters.package_templates import words_in
from netmgr.service.information_list import month_list
from tests.browser.looking import WIDTHS, faults
from tests.unit.service.test_information_list import TICKET, entry

LONG = "a text without a space " + "x" * 300


@pytest.mark.pages
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_a_month_reads_well_in_a_browser(browser, tmp_path, locale, width):
    words = words_in(locale, "Asia/Shanghai")
    entries = [
        entry(7),
        entry(8, kind="other", action="x" * 80, outcome=None, ticket="t" * 60),
        entry(9, body=None),
    ]
    bodies = {TICKET.digest: json.dumps({"subject": "断网", "description": LONG}).encode()}
    page = tmp_path / "2026-11.html"
    page.write_bytes(RENDERERS["html"](month_list("Acme", entries, bodies, words), words))
    assert list(faults(browser, page, width)) == []
