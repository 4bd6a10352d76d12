"""A workspace with an agreement, whose documents are plain text in place of PDF: typesetting is tried elsewhere."""

import dataclasses

import pytest

from netmgr.document.markdown import markdown
from netmgr.workflows.agreement_document import render
from netmgr.workflows.signing import sign
from tests.unit.service.samples import TEXT

FILE = "inventory/square/agreement.yaml"
BY = {"client": "A", "provider": "B"}


def _plain(document, words):
    return b"%PDF-" + markdown(document, words).encode()


class Signing:
    """The world with its agreement."""

    def __init__(self, world):
        self.world = world

    def __getattr__(self, name):
        return getattr(self.world, name)

    def document(self):
        """What is rendered now."""
        return render(self.world.runtime(), ["pdf"], [])[0].data

    def sign(self, document=None, runtime=None, **how):
        """Both sign what is rendered now, or another document."""
        runtime = runtime or self.world.runtime()
        return sign(runtime, self.document() if document is None else document, BY, **how)


@pytest.fixture
def signing(world):
    (world.workspace / FILE).write_text(TEXT)
    office = dataclasses.replace(world.wiring.office, renderers={"pdf": _plain})
    world.wiring.__dict__["office"] = office
    return Signing(world)
