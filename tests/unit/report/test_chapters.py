"""Sections of other packages: values, held to what every format takes; one that fails costs its own section."""

import csv
from io import StringIO

import pytest

from netmgr.document.block import Column, Paragraph, Section, Table
from netmgr.report.material import Chapter, Plugged
from tests.unit.report.reading import artefact, document
from tests.unit.report.story import november

MISSING = "This section is missing: the package that brings it could not make it."


def table(key, rows=(("x",),)):
    return Table(key, "Caption", (Column("a", "A"),), rows, "none")


def plug(make, key="power", **fields):
    return Plugged("power", Chapter(key, {"en": "Power", "zh-CN": "供电"}, make, **fields))


def sections(made):
    return {s["key"]: s for s in document(made)["sections"]}


def test_a_section_of_another_package_stands_before_the_evidence(desk):
    def make(material, words):
        count = len(material.history.devices)
        return Section("power", words.language, (Paragraph(f"{count} devices"), table("outages")))

    desk.story().inventory("2026-11-02 09:00", ["core1", "core2"], ["core1", "core2"])
    desk.sections.append(plug(make))
    made = desk.make(formats=("json", "html", "csv"))
    assert list(sections(made))[-2:] == ["power", "evidence"]
    assert sections(made)["power"]["blocks"][0]["text"] == "2 devices"
    found = {a.name: a.data for a in made.artefacts}["acme-2026-11-outages.csv"]
    assert found == b"\xef\xbb\xbfa\r\nx\r\n"  # with the mark of UTF-8, for spreadsheets
    assert made.problems == ()


def test_a_section_is_made_for_its_audience_only(desk):
    desk.sections.append(plug(lambda *_: Section("power", "Power", ()), audiences=("technical",)))
    assert "power" in sections(desk.make())
    assert "power" not in sections(desk.make(audience="manager"))


def test_none_is_no_section(desk):
    desk.sections.append(plug(lambda *_: None))
    made = desk.make()
    desk.sections.clear()
    assert list(sections(made)) == list(sections(desk.make()))
    assert made.problems == ()


def explode(*_):
    raise ZeroDivisionError("of\nits own")


WRONG = {
    "raises": (explode, "ZeroDivisionError: of its own"),
    "no section": (lambda *_: "<b>", "TypeError: it made a str, not a Section"),
    "another key": (
        lambda *_: Section("changes", "x", ()),
        "ValueError: its section is called 'changes', not 'power'",
    ),
    "a table's key is taken": (
        lambda *_: Section("power", "x", (table("changes"),)),
        "ValueError: the key 'changes' is taken",
    ),
    "a key that is a path": (
        lambda *_: Section("power", "x", (table("../x"),)),
        "ValueError: the key '../x' is not lower-case words joined by hyphens",
    ),
    "a row too short": (
        lambda *_: Section("power", "x", (table("own", ((),)),)),
        "ValueError: zip() argument 2 is shorter than argument 1",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_one_that_fails_is_told_in_one_line_and_missing_in_the_report(desk, case):
    make, problem = WRONG[case]
    november(desk.story())
    desk.sections.append(plug(make))
    made = desk.make()
    assert made.problems == (f"report section power: {problem}",)
    assert (sections(made)["missing-power"]["title"], sections(made)["missing-power"]["blocks"]) == (
        "Power",
        [{"type": "paragraph", "text": MISSING, "tone": "unknown"}],
    )
    assert MISSING in artefact(made, "html")
    desk.sections.clear()
    assert len(sections(made)) == len(sections(desk.make())) + 1


def test_one_that_cannot_be_loaded_is_missing_too(desk):
    desk.sections.append(Plugged("po<wer", None, "x:y cannot be loaded: ImportError: no"))
    made = desk.make(locale="zh-CN")
    assert made.problems == ("report section po<wer: x:y cannot be loaded: ImportError: no",)
    assert sections(made)["missing-po-wer"]["title"] == "po<wer"


def test_a_table_as_csv_is_safe_to_open(desk):
    desk.story().change(
        "2026-11-03 21:30", {"core1": (1, 1)}, reason='=HYPERLINK("http://x","y")\n+1', ticket="@x"
    )
    made = desk.make(formats=("csv",))
    text = {a.name: a.data.decode() for a in made.artefacts}["acme-2026-11-changes.csv"]
    (row,) = csv.DictReader(StringIO(text, newline=""))
    assert (row["reason"], row["ticket"]) == ('\'=HYPERLINK("http://x","y")\n+1', "'@x")
    assert {a.name for a in made.artefacts} == {
        f"acme-2026-11-{key}.csv" for key in ("changes", "drift", "devices", "inventory")
    }
