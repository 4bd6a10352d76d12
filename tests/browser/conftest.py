"""One browser for all pages, of which each gets a context of its own."""

import pytest
from playwright.sync_api import sync_playwright

from tests import chromium
from tests.unit.report.conftest import desk  # noqa: F401 - a fixture

#: As root, as in a container, Chromium has no sandbox; nothing of it speaks to anybody.
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
)


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.program(), args=_ARGUMENTS, env=chromium.environment()
        )
        yield browser
        browser.close()
