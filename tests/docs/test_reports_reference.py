"""docs/reference/reports.md: its section is made by a report as an installed package's would be."""

import re
import sys
from pathlib import Path

import pytest

from netmgr.adapters.section_plugins import installed
from netmgr.report.revision import KINDS
from tests.unit.report.conftest import desk  # noqa: F401 - a fixture
from tests.unit.report.reading import document, rows

PAGE = (Path(__file__).parents[2] / "docs/reference/reports.md").read_text()


def block(language):
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return found


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Puts a distribution on the path, as pip would."""
    site = tmp_path / "site"
    metadata = site / "acme_power-1.0.dist-info"
    metadata.mkdir(parents=True)
    monkeypatch.syspath_prepend(str(site))

    def install(text, entries):
        (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-power\nVersion: 1.0\n")
        (metadata / "entry_points.txt").write_text(f"[netmgr.report_sections]\n{entries}\n")
        (site / "acme_power.py").write_text(text)

    yield install
    sys.modules.pop("acme_power", None)


def test_the_page_s_section_is_in_the_report(package, desk):  # noqa: F811
    (entry,) = re.findall(r"^(power = )\"(.*)\"$", block("toml"), re.MULTILINE)
    package(block("python"), "".join(entry))
    desk.story().change("2026-11-03 21:30", {"core1": (1, 1), "core2": (0, 1)})
    desk.sections += installed()
    made = desk.make()
    assert made.problems == ()
    assert [s["title"] for s in document(made)["sections"]][-2:] == ["Power", "Evidence: the service log"]
    assert [row["devices"] for row in rows(made, "power")] == [2]
    assert "power" not in {s["key"] for s in document(desk.make(audience="manager"))["sections"]}


BROKEN = {
    "import nothing_like_it": "acme_power:POWER cannot be loaded: ModuleNotFoundError: No module named "
    "'nothing_like_it'",
    "POWER = 7": "acme_power:POWER is no Chapter (docs/reference/reports.md)",
}


@pytest.mark.parametrize("text", BROKEN)
def test_a_package_that_cannot_be_used_is_one_line(package, desk, text):  # noqa: F811
    package(text, "power = acme_power:POWER")
    desk.sections += installed()
    made = desk.make()
    assert made.problems == (f"report section power: {BROKEN[text]}",)
    assert "missing-power" in {s["key"] for s in document(made)["sections"]}


def test_the_kinds_that_make_a_revision():
    said = PAGE.split("Of the kinds ")[1].split(". Each")[0]
    assert tuple(re.findall(r"`(\w+)`", said)) == KINDS
