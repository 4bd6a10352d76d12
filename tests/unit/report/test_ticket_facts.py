"""A ticket's events and clocks → what a month's report says of it. Levels: response 1 h, resolution 4 h, always."""

from datetime import UTC, datetime, timedelta

import pytest

from netmgr.report.service_facts import Pause
from netmgr.report.ticket_facts import ticket_facts
from netmgr.service.calendar import ALWAYS
from netmgr.service.course import Level
from netmgr.service.verdict import Judge, judged

HOUR = 3600
BEGINS = datetime(2026, 11, 1, tzinfo=UTC)
UNTIL = datetime(2026, 12, 1, tzinfo=UTC)
LEVELS = {"high": Level(HOUR, 4 * HOUR, ALWAYS), "low": Level(2 * HOUR, None, ALWAYS)}


def moment(hours):
    return BEGINS + timedelta(hours=hours)


def document(*rows, recorded=None, **more):
    """Events as (what, hours since the period began, word); whoever answers, resolves or pauses is one of ours."""
    made = [
        [
            what,
            int(moment(hours).timestamp()),
            (recorded or {}).get(what, int(moment(hours).timestamp())),
            word,
            what != "opened",
            False,
            seq,
        ]
        for seq, (what, hours, word) in enumerate(rows, 11)
    ]
    return {"id": "T-1", "kind": "fault", "priority": "high", "events": made, **more}


def told(*rows, promised=True, **more):
    made = document(*rows, **more)
    begins, until = int(BEGINS.timestamp()), int(UNTIL.timestamp())
    made["opened"] = made["events"][0][1]
    clocks = judged(made, Judge(2, LEVELS, "UTC"), begins, until) if promised else None
    return ticket_facts(made, clocks, BEGINS, UNTIL, "No network")


def target(result, promised, used, counts, at=None):
    return result, promised, used, counts, at


def said(found):
    return found and (found.result, found.promised, found.used, found.counts, found.at)


OPENED = ("opened", 10, "high")


@pytest.mark.parametrize(
    ("rows", "response", "resolution", "state"),
    [
        pytest.param(
            [OPENED, ("acted", 10.5, ""), ("resolved", 13, "")],
            target("met", HOUR, HOUR // 2, True, moment(10.5)),
            target("met", 4 * HOUR, 3 * HOUR, True, moment(13)),
            "resolved",
            id="both met",
        ),
        pytest.param(
            [OPENED, ("acted", 12, ""), ("resolved", 15, "")],
            target("missed", HOUR, 2 * HOUR, True, moment(12)),
            target("missed", 4 * HOUR, 5 * HOUR, True, moment(15)),
            "resolved",
            id="both missed",
        ),
        pytest.param(
            [
                OPENED,
                ("acted", 10.5, ""),
                ("paused", 11, "access"),
                ("resumed", 20, ""),
                ("resolved", 22, ""),
            ],
            target("met", HOUR, HOUR // 2, True, moment(10.5)),
            target("met", 4 * HOUR, 3 * HOUR, True, moment(22)),
            "resolved",
            id="a pause does not count",
        ),
        pytest.param(
            [("opened", 719.5, "high")],
            target("running", HOUR, HOUR // 2, True),
            target("running", 4 * HOUR, HOUR // 2, True),
            "open",
            id="not decided at the end",
        ),
        pytest.param(
            [("opened", 719, "high"), ("acted", 719.25, ""), ("paused", 719.5, "client")],
            target("met", HOUR, HOUR // 4, True, moment(719.25)),
            target("paused", 4 * HOUR, HOUR // 2, True),
            "paused",
            id="paused at the end",
        ),
        pytest.param(
            [("opened", 719.5, "high"), ("acted", 719.75, ""), ("resolved", 721, "")],
            target("met", HOUR, HOUR // 4, True, moment(719.75)),
            target("running", 4 * HOUR, HOUR // 2, True),
            "open",
            id="what comes after the end is not told",
        ),
        pytest.param(
            [("opened", -20, "high"), ("acted", -19.5, ""), ("resolved", 1, "")],
            target("met", HOUR, HOUR // 2, False, moment(-19.5)),
            target("missed", 4 * HOUR, 21 * HOUR, False, moment(1)),
            "resolved",
            id="decided before the period",
        ),
        pytest.param(
            [("opened", -2, "high"), ("acted", 1, ""), ("resolved", 1.5, "")],
            target("missed", HOUR, 3 * HOUR, False, moment(1)),
            target("met", 4 * HOUR, int(3.5 * HOUR), True, moment(1.5)),
            "resolved",
            id="each is decided by itself",
        ),
        pytest.param(
            [OPENED, ("closed", 10.25, "")],
            target("met", HOUR, HOUR // 4, True, moment(10.25)),
            target("not_measured", 4 * HOUR, HOUR // 4, True),
            "closed",
            id="cancelled before it was due",
        ),
        pytest.param(
            [("opened", 10, "low"), ("acted", 13, "")],
            target("missed", 2 * HOUR, 3 * HOUR, True, moment(13)),
            None,
            "open",
            id="no resolution is promised",
        ),
    ],
)
def test_results(rows, response, resolution, state):
    found = told(*rows)
    assert (said(found.response), said(found.resolution), found.state) == (response, resolution, state)
    assert (found.version, found.subject) == (2, "No network")
    assert found.seqs == tuple(seq for seq, (_, hours, _) in enumerate(rows, 11) if moment(hours) < UNTIL)


def test_what_was_not_open_in_the_period_is_not_told():
    assert told(("opened", -20, "high"), ("resolved", -10, "")) is None
    assert told(("opened", 730, "high")) is None
    assert told(("opened", -20, "high"), ("resolved", -10, ""), ("reopened", 5, "")).state == "open"


def test_what_was_resolved_in_time_and_recorded_too_late_is_missed_in_the_month_in_which_its_time_ran_out():
    rows = [("opened", -2, "high"), ("acted", -1.5, ""), ("resolved", -1, "")]
    assert told(*rows) is None
    late = int(moment(5).timestamp())
    found = told(*rows, recorded={"resolved": late})
    assert said(found.resolution) == ("missed", 4 * HOUR, 7 * HOUR, True, moment(5))
    assert said(found.response) == ("met", HOUR, HOUR // 2, False, moment(-1.5))
    assert told(*rows, recorded={"resolved": int(moment(1).timestamp())}).resolution[:1] == ("met",)


def test_who_answers_by_another_priority_answered_the_one_before():
    found = told(OPENED, ("prioritised", 11.5, "low"))
    assert (found.priority, found.response.priority, said(found.response)) == (
        "low",
        "high",
        ("missed", HOUR, int(1.5 * HOUR), True, moment(11.5)),
    )


def test_without_an_agreement_nothing_is_measured():
    found = told(
        OPENED, ("acted", 11, ""), ("resolved", 12, ""), promised=False, cause="power", outcome="fixed"
    )
    assert (found.version, found.response, found.resolution) == (None, None, None)
    assert (found.answered, found.over, found.cause, found.outcome) == (
        moment(11),
        moment(12),
        "power",
        "fixed",
    )


def test_pauses_are_told_with_their_reasons():
    found = told(
        OPENED, ("paused", 11, "access"), ("resumed", 20, ""), ("paused", 21, "vendor"), ("resolved", 30, "")
    )
    assert found.pauses == (
        Pause("access", moment(11), moment(20), (12, 13)),
        Pause("vendor", moment(21), moment(30), (14, 15)),
    )
    assert told(OPENED, ("paused", 11, "client")).pauses == (Pause("client", moment(11), None, (12,)),)
    before = told(("opened", -9, "high"), ("paused", -8, "client"), ("resumed", -7, ""))
    assert before.pauses == ()
