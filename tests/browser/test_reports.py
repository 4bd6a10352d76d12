"""A month with a bit of everything as a page, for each reader and in each language."""

import pytest

from netmgr.document.locale import LOCALES
from tests.browser.looking import WIDTHS, faults
from tests.unit.report.reading import artefact
from tests.unit.report.service_story import ServiceStory
from tests.unit.report.story import november
from tests.unit.report.test_promises import WHOLE
from tests.unit.service.samples import agreement


def month(story):
    """What was promised, tickets that kept it and did not, audits, backups, a drill, a device that was down."""
    story.sign(
        "2025-12-20 10:00", agreement(**{key: value for key, value in WHOLE.items() if key != "version"})
    )
    november(story)
    later = ("2026-11-27", "2026-11-28", "2026-11-29")
    story.fault(f"{later[0]} 08:00", "T-1", "No network in the whole of the branch in the north", "urgent")
    story.ticket(f"{later[0]} 08:20", "T-1", "ack")
    story.ticket(f"{later[0]} 11:00", "T-1", "resolve", cause="power", outcome="fixed")
    story.fault(f"{later[1]} 08:00", "T-2", "Slow", "urgent")
    story.ticket(f"{later[1]} 08:45", "T-2", "ack")
    story.fault(f"{later[2]} 08:00", "T-3", "Printer", "other")
    story.backup(f"{later[2]} 09:00", core1="kept", core2="unreachable")
    story.drill(f"{later[2]} 10:00", "proved", 2, real=2, seconds=21)
    story.went_down(f"{later[2]} 11:00", "core1")


@pytest.mark.pages
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("audience", ["manager", "technical"])
@pytest.mark.parametrize("locale", LOCALES)
def test_a_report_reads_well_in_a_browser(browser, desk, tmp_path, locale, audience, width):
    month(ServiceStory(desk.log, desk.clock))
    made = desk.make("2026-12-02 08:00", formats=("html",), locale=locale, audience=audience)
    page = tmp_path / "report.html"
    page.write_text(artefact(made, "html"), "utf-8")
    assert list(faults(browser, page, width)) == []
