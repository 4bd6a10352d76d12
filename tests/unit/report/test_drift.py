"""How a device stands at the end of a period, and since when, from its entries."""

import pytest

from netmgr.model.entry import Body
from tests.unit.report.reading import block, document, figures, rows
from tests.unit.report.story import Story

UNTIL = "2026-11-28 17:05"


def tell(story: Story, events: str) -> None:
    """Events of core1, a day each from 1 November on at 10:00 UTC: c d u e for audits, and changes of several ends."""
    changes = {
        "A": {"outcome": "applied"},
        "R": {"outcome": "rolled_back"},
        "F": {"outcome": "failed"},
        "I": {"outcome": "in_doubt"},
        "B": {"outcome": "applied", "action": "rollback"},
    }
    audits = {"c": "compliant", "d": "drifted", "u": "unreachable", "e": "error"}
    for day, event in enumerate(events, 1):
        when = f"2026-11-{day:02} 10:00"
        if event in audits:
            story.audit(when, core1=audits[event])
        elif event == "N":
            story.stopped(when, {"core1": "unchanged"}, "unchanged")
        else:
            story.change(when, {"core1": (1, 1)}, **changes[event])


#: events → state, day of the last audit, what it found, day since when drift is open, day when it was last seen
STORIES = [
    ("", "never", None, None, None, None),
    ("A", "deployed", None, None, None, None),
    ("c", "compliant", 1, "compliant", None, None),
    ("d", "drifted", 1, "drifted", 1, 1),
    ("dd", "drifted", 2, "drifted", 1, 2),
    ("cd", "drifted", 2, "drifted", 2, 2),
    ("dcd", "drifted", 3, "drifted", 3, 3),
    ("dAd", "drifted", 3, "drifted", 3, 3),
    ("dc", "compliant", 2, "compliant", None, None),
    ("dA", "deployed", 1, "drifted", None, None),
    ("ddA", "deployed", 2, "drifted", None, None),
    ("dN", "deployed", 1, "drifted", None, None),
    ("dR", "drifted", 1, "drifted", 1, 1),
    ("dF", "drifted", 1, "drifted", 1, 1),
    ("dRd", "drifted", 3, "drifted", 1, 3),
    ("du", "unreachable", 2, "unreachable", 1, 1),
    ("de", "error", 2, "error", 1, 1),
    ("dud", "drifted", 3, "drifted", 1, 3),
    ("cu", "unreachable", 2, "unreachable", None, None),
    ("u", "unreachable", 1, "unreachable", None, None),
    ("cB", "changed", 1, "compliant", None, None),
    ("AB", "changed", None, None, None, None),
    ("dB", "changed", 1, "drifted", 1, 1),
    ("cI", "changed", 1, "compliant", None, None),
    ("dI", "changed", 1, "drifted", 1, 1),
    ("dAu", "unreachable", 3, "unreachable", None, None),
    ("dABd", "drifted", 4, "drifted", 4, 4),
]


def day(text):
    return None if text is None else int(text[8:10])


@pytest.mark.parametrize(("events", "state", "audited", "status", "since", "seen"), STORIES)
def test_a_device_at_the_end(desk, events, state, audited, status, since, seen):
    story = desk.story()
    story.inventory("2026-10-20 10:00", ["core1"], ["core1"])
    tell(story, events)
    made = desk.make(UNTIL)
    (device,) = rows(made, "devices", "devices")
    assert (device["device"], device["state"]) == ("core1", state)
    assert (day(device["audited"]), device["status"]) == (audited, status)
    drift = rows(made, "drift")
    assert [(day(row["since"]), day(row["seen"])) for row in drift] == ([(since, seen)] if since else [])
    if since:
        assert drift[0]["age"] == (28 - since) * 86400 + 7 * 3600 + 5 * 60


def test_a_closed_month_shows_its_own_end(desk):
    story = desk.story()
    story.audit("2026-10-30 10:00", core1="drifted")
    tell(story, "dc")
    assert [row["age"] for row in rows(desk.make(UNTIL, month="2026-10"), "drift")] == [37 * 3600]
    assert rows(desk.make(UNTIL), "drift") == []


def test_drift_from_before_the_period_is_still_open(desk):
    story = desk.story()
    story.inventory("2026-09-01 10:00", ["core1"], ["core1"])
    story.audit("2026-09-03 10:00", core1="drifted")
    made = desk.make("2026-12-03 17:00")
    assert [row["since"] for row in rows(made, "drift")] == ["2026-09-03T10:00:00.000000Z"]
    assert (figures(made)["audits"], figures(made)["drift"]) == (0, 1)


def test_the_lab_s_audits_say_nothing_of_the_network(desk):
    story = desk.story()
    story.audit("2026-11-02 10:00", core1="compliant")
    desk.story(target="lab").audit("2026-11-03 10:00", core1="drifted")
    assert (figures(desk.make(UNTIL))["drift"], figures(desk.make(UNTIL, target="lab"))["drift"]) == (0, 1)


def test_who_is_looked_after_is_what_the_log_recorded(desk):
    """By uid, called by today's name; external devices are not ours; one that was removed is none any more."""
    desk.files["hosts.yaml"] += "router9: {platform: frr, data: {uid: old-name}}\n"
    story = desk.story()
    story.inventory("2026-10-01 10:00", ["core1", "gone"], ["core1", "gone"])
    story.audit("2026-10-02 10:00", gone="drifted")
    story.inventory(
        "2026-11-01 10:00", ["core10", "core1", "core2", "isp", "old-name"], ["old-name"], removed=["gone"]
    )
    story.audit("2026-11-02 10:00", router9="drifted")
    made = desk.make(UNTIL)
    assert [row["device"] for row in rows(made, "devices", "devices")] == [
        "core1",
        "core2",
        "core10",
        "router9",
    ]
    assert [row["device"] for row in rows(made, "drift")] == ["router9"]
    assert rows(made, "devices", "inventory") == [
        {
            "time": "2026-11-01T10:00:00.000000Z",
            "actor": "p-17",
            "added": ["old-name"],
            "removed": ["gone"],
            "changed": [],
        }
    ]


def test_an_audit_is_a_row(desk):
    story = desk.story()
    story.audit("2026-11-02 10:00", core1="compliant", core2="drifted", edge1="unreachable", edge2="error")
    story.audit("2026-11-03 10:00", core1="compliant", core2="compliant")
    story.audit("2026-11-04 10:00", finished=False, core1="compliant")
    keys = ("time", "devices", "compliant", "drifted", "unreachable", "error", "outcome", "milliseconds")
    assert [tuple(row[key] for key in keys) for row in rows(desk.make(UNTIL), "audits")] == [
        ("2026-11-02T10:00:00.000000Z", 4, 1, 1, 1, 1, "error", 1900),
        ("2026-11-03T10:00:00.000000Z", 2, 2, 0, 0, 0, "compliant", 1900),
        ("2026-11-04T10:00:00.000000Z", 1, 1, 0, 0, 0, "interrupted", None),
    ]


def test_many_audits_are_told_by_the_day(desk):
    story = desk.story()
    for hour in range(24 * 4):
        status = "drifted" if hour == 40 else "compliant"
        story.audit(f"2026-11-{1 + hour // 24:02} {hour % 24:02}:30", core1=status)
    made = desk.make(UNTIL)
    # Berlin is an hour ahead: the last hour of each day is the next day's first.
    assert [(row["time"][:16], row["runs"], row["outcome"]) for row in rows(made, "audits")] == [
        ("2026-11-01T22:30", 23, "compliant"),
        ("2026-11-02T22:30", 24, "compliant"),
        ("2026-11-03T22:30", 24, "compliant"),
        ("2026-11-04T22:30", 24, "compliant"),
        ("2026-11-04T23:30", 1, "compliant"),
    ]
    assert figures(made)["audits"] == 96


def chart(made, key):
    found = block(made, "summary", "chart", key)
    used = [
        index for index in range(len(found["labels"])) if any(s["values"][index] for s in found["series"])
    ]
    return {found["labels"][i]: tuple(s["values"][i] for s in found["series"]) for i in used}


def test_the_charts_count_by_the_client_s_days(desk):
    story = desk.story()
    story.change("2026-11-02 22:59", {"core1": (1, 1)})
    story.change("2026-11-02 23:00", {"core1": (1, 1)}, "rolled_back")
    story.change("2026-11-03 10:00", {"core1": (1, 1)}, None)
    story.audit("2026-11-04 05:00", core1="drifted", core2="compliant")
    story.audit("2026-11-04 06:00", core1="compliant")
    story.stopped("2026-11-05 10:00", {"core1": "unchanged"}, "unchanged")
    story.audit("2026-11-06 06:00", core1="error")
    made = desk.make(UNTIL)
    assert chart(made, "changes-by-day") == {"2026-11-02": (1, 0, 0), "2026-11-03": (0, 1, 1)}
    assert chart(made, "compliance-by-day") == {"2026-11-04": (2, 0, 0), "2026-11-06": (0, 1, 0)}
    told = block(made, "summary", "chart", "changes-by-day")["alternative"]
    assert told == (
        "2026-11-02: 1 applied; 2026-11-03: 1 taken back or stopped, nothing changed, 1 needs attention"
    )


def test_a_long_period_is_charted_by_weeks(desk):
    story = desk.story()
    for when in ("2026-09-06 10:00", "2026-09-07 10:00", "2026-10-04 10:00"):
        story.change(when, {"core1": (1, 1)})
    made = desk.make(UNTIL, month=None, first="2026-09-02", last="2026-10-31")
    assert chart(made, "changes-by-day") == {
        "2026-09-02": (1, 0, 0),
        "2026-09-07": (1, 0, 0),
        "2026-09-28": (1, 0, 0),
    }
    assert document(made)["period"]["to"] == "2026-10-31"
    assert {a.name for a in made.artefacts} == {
        f"acme-2026-09-02-to-2026-10-31.{format_}" for format_ in ("html", "md", "json")
    }


def decided(story: Story, when: str, action: str, **facts: str) -> None:
    reason = Body(facts.pop("reason").encode(), "text/plain") if "reason" in facts else None
    draft = story.draft(
        kind="drift", action=action, phase="result", outcome=action, device="core1", facts=facts, body=reason
    )
    story.log_at(when, [draft])


#: What is decided of the drift → what its row says, None where there is none any more.
DECISIONS = {
    "nothing": ([], ["no"]),
    "waived": (
        [("waive", {"running": "r", "until": "2026-12-31", "reason": "reason: The carrier mends it"})],
        ["until 31 December 2026 by p-17 (log entry 6): The carrier mends it"],
    ),
    "waived anew": (
        [("waive", {"running": "r", "until": day}) for day in ("2026-11-20", "2026-12-31")],
        ["until 31 December 2026 by p-17 (log entry 7): its reason was erased"],
    ),
    "other drift waived": ([("waive", {"running": "x", "until": "2026-12-31"})], ["no"]),
    "reverted, and not yet deployed": ([("revert", {"plan": "p"})], ["no"]),
    "accepted": ([("accept", {"running": "r"})], None),
}


@pytest.mark.parametrize("decision", DECISIONS)
def test_what_is_decided_of_drift_is_in_every_report(desk, decision):
    decisions, expected = DECISIONS[decision]
    story = desk.story()
    story.inventory("2026-10-20 10:00", ["core1"], ["core1"])
    tell(story, "dd")
    for number, (action, facts) in enumerate(decisions):
        decided(story, f"2026-11-03 1{number}:00", action, **facts)
    drift = rows(desk.make(UNTIL), "drift")
    assert [row["waived"] or "no" for row in drift] == (expected or [])
