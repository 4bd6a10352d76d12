"""What a report says of availability: the daily sums of the log, and "not measured" where days are missing."""

from datetime import date, timedelta

import pytest

from tests.unit.report.reading import document

DAY = 86_400
NOT_MEASURED = "Not measured in this report: availability, backups."


def sums(up=1440, down=0):
    return {
        "up": up,
        "taken": up + down,
        "expected": 1440,
        "up_seconds": up * 60,
        "down_seconds": down * 60,
    }


def digest(story, day, when=None, **devices):
    facts = {"day": day, "devices": devices, "digest": "d", "interval": 60, "timezone": "Europe/Berlin"}
    draft = story.draft(kind="probe", action="digest", phase="result", facts=facts)
    story.log_at(when or f"{date.fromisoformat(day) + timedelta(days=1)} 00:30", [draft])


def went(story, when, device, to):
    facts = {"device": device, "from": "up", "to": to, "since": f"{when.replace(' ', 'T')}:00.000000Z"}
    draft = story.draft(
        kind="probe", action="transition", phase="result", outcome=to, device=device, facts=facts
    )
    story.log_at(when, [draft])


def days(first, last):
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return [str(begin + timedelta(days=n)) for n in range((end - begin).days + 1)]


def told(desk, when="2026-12-01 10:00"):
    """(device, available, measured, seconds down, times) of each row; the figure; what is said not to be measured."""
    sections = {each["key"]: each for each in document(desk.make(when))["sections"]}
    rows = [
        (row["device"], row["available"], row["measured"], row["down"] // 1000, row["times"])
        for block in sections["availability"]["blocks"]
        if block["type"] == "table"
        for row in block["rows"]
    ]
    blocks = sections["summary"]["blocks"]
    figure = next(b["figures"]["availability"] for b in blocks if b["type"] == "figures")
    said = next(b["text"] for b in blocks if b["type"] == "paragraph" and "Not measured in" in b["text"])
    return rows, (figure["value"], figure["detail"], figure["tone"]), said


def test_without_sums_it_is_not_measured(desk):
    assert told(desk) == ([], ("not measured", "no samples", "unknown"), NOT_MEASURED)
    (section,) = (each for each in document(desk.make())["sections"] if each["key"] == "availability")
    assert section["blocks"] == [
        {
            "type": "paragraph",
            "text": "Not measured: no device was asked for signs of life.",
            "tone": "unknown",
        }
    ]


def test_a_month_that_was_measured(desk):
    story = desk.story()
    for day in days("2026-10-31", "2026-11-30"):
        if day == "2026-11-09":
            went(story, "2026-11-09 03:00", "core2", "down")
            went(story, "2026-11-09 04:00", "core2", "up")
        digest(story, day, core1=sums(), core2=sums(1380, 60) if day == "2026-11-09" else sums())
    rows, figure, said = told(desk)
    # 3,600 of 2,592,000 seconds
    assert rows == [("core1", "100.000 %", "100.0 %", 0, 0), ("core2", "99.861 %", "100.0 %", 3600, 1)]
    assert figure == ("99.930 %", "1 time a device went down", "attention")
    assert said == "Not measured in this report: backups."


@pytest.mark.parametrize(("first", "measured"), [("2026-11-02", True), ("2026-11-03", False)])
def test_with_days_missing_it_is_measured_down_to_95_percent(desk, first, measured):
    """29 of 30 days are 96.6 %, 28 are 93.3 %."""
    story = desk.story()
    for day in days(first, "2026-11-30"):
        digest(story, day, core1=sums())
    rows, figure, said = told(desk)
    assert (rows[0][1], figure[0] != "not measured", said != NOT_MEASURED) == (
        "100.000 %" if measured else None,
        measured,
        measured,
    )


def test_a_device_that_is_looked_after_and_was_not_asked_is_not_measured(desk):
    story = desk.story()
    story.inventory("2026-11-01 08:00", ["core1", "edge1"])
    for day in days("2026-11-01", "2026-11-30"):
        digest(story, day, core1=sums())
    rows, figure, _ = told(desk)
    assert rows == [("core1", "100.000 %", "100.0 %", 0, 0), ("edge1", None, "0.0 %", 0, 0)]
    assert figure == ("not measured", "measured 50.0 % of the time", "unknown")


def test_of_a_month_that_is_not_over_the_days_that_are_count(desk):
    story = desk.story()
    for day in days("2026-11-01", "2026-11-04"):
        digest(story, day, core1=sums(1430, 10))
    assert told(desk, "2026-11-05 09:00")[0] == [("core1", "99.305 %", "100.0 %", 2400, 0)]


def test_a_day_that_was_told_twice_counts_once(desk):
    story = desk.story()
    for day in days("2026-11-01", "2026-11-04"):
        digest(story, day, core1=sums(720, 720))
        digest(story, day, core1=sums())
    assert told(desk, "2026-11-05 09:00")[0] == [("core1", "100.000 %", "100.0 %", 0, 0)]


def test_maintenance_does_not_count(desk):
    story = desk.story()
    half = {"up": 715, "taken": 720, "expected": 720, "up_seconds": 715 * 60, "down_seconds": 300}
    for day in days("2026-11-01", "2026-11-04"):
        digest(
            story,
            day,
            core1=sums(),
            core2=half | {"exempt_seconds": DAY // 2},
            core3=sums() | {"exempt_seconds": 0},
        )
    assert told(desk, "2026-11-05 09:00")[0] == [
        ("core1", "100.000 %", "100.0 %", 0, 0),
        ("core2", "99.305 %", "100.0 %", 1200, 0),
        ("core3", "100.000 %", "100.0 %", 0, 0),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"up_seconds": "x"},
        {"up_seconds": -1},
        {"up_seconds": 2 * DAY},
        {"taken": True},
        {"exempt_seconds": 1},
        {"exempt_seconds": None},
    ],
)
def test_facts_that_nobody_can_read_measure_nothing(desk, wrong):
    story = desk.story()
    digest(story, "2026-11-01", core1=sums() | wrong, core2=sums())
    digest(story, "monday", "2026-11-02 01:00", core1=sums())
    assert told(desk, "2026-11-02 09:00")[0] == [
        ("core1", None, "0.0 %", 0, 0),
        ("core2", "100.000 %", "100.0 %", 0, 0),
    ]
