"""What a report says of drills: the last one up to the end of the period, in a drill's words."""

import pytest

from tests.unit.report.reading import document

NOT_MEASURED = (
    "Time to restore service: not measured. It is measured in incidents and on-site drills; a drill on a twin says "
    "nothing of it.",
    "unknown",
)
NONE = ("Not measured: no drill has shown that the configuration can be restored.", "unknown")


def drill(story, when, outcome="passed", *, target=None, **facts):
    known = {
        "devices": 6,
        "proved": 6,
        "proved_real": 6,
        "proved_emulated": 0,
        "milliseconds_recovered": 28_700,
    }
    fields = {"kind": "drill", "action": "drill", "phase": "result"} | ({"target": target} if target else {})
    device = story.draft(outcome="proved", device="core1", facts={"added": 0}, **fields)
    story.log_at(when, [device, story.draft(outcome=outcome, facts=known | facts, **fields)])


def told(desk):
    made = document(desk.make())
    (section,) = (each for each in made["sections"] if each["key"] == "restores")
    return [(block["text"], block["tone"]) for block in section["blocks"]]


def test_no_drill_is_not_measured(desk):
    assert told(desk) == [NONE, NOT_MEASURED]


def test_the_last_drill_and_nothing_after_the_period_nor_of_another_target(desk):
    story = desk.story()
    drill(story, "2026-11-02 04:00", milliseconds_recovered=99_000)
    drill(story, "2026-11-09 04:00", proved_real=4, proved_emulated=2)
    drill(story, "2026-11-10 04:00", "failed", target="lab")
    assert told(desk) == [
        (f"Configuration proved restorable on {words}", "good")
        for words in (
            "a real FRR twin: 2026-11-09 05:00, 28.7 s (4 devices).",
            "an emulated device: 2026-11-09 05:00, 28.7 s (2 devices).",
        )
    ] + [NOT_MEASURED]


def test_one_that_failed_is_said_with_the_last_that_passed(desk):
    story = desk.story()
    drill(story, "2026-10-02 04:00")
    drill(story, "2026-11-01 04:00", "failed", proved=0, failed=6, proved_real=0)
    drill(story, "2026-11-09 04:00", "failed", proved=5, proved_real=5, missing=1)
    assert told(desk) == [
        ("The drill of 2026-11-09 05:00 failed: 5 of 6 devices were proved (1 without a backup).", "bad"),
        ("The last drill that passed was that of 2026-10-02 06:00.", "neutral"),
        (
            "Configuration proved restorable on a real FRR twin: 2026-11-09 05:00, 28.7 s (5 devices).",
            "attention",
        ),
        NOT_MEASURED,
    ]


@pytest.mark.parametrize("facts", [{"milliseconds_recovered": -1}, {"milliseconds_recovered": "x"}])
def test_facts_that_nobody_can_read_prove_nothing(desk, facts):
    drill(desk.story(), "2026-11-09 04:00", **facts)
    assert told(desk) == [NONE, NOT_MEASURED]


def test_a_drill_of_the_spring_is_none_in_autumn(desk):
    drill(desk.story(), "2026-05-09 04:00")
    assert told(desk)[0] == ("Not measured: the last drill is more than 90 days old.", "unknown")
    assert told(desk)[1][1] == "unknown"
