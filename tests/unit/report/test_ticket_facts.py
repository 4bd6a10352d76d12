"""A ticket's events and clocks → what a month's report says of it. Levels: response 1 h, resolution 4 h, always."""

from datetime import UTC, datetime, timedelta

import pytest

from netmgr.report.service_facts import Pause, Target
from netmgr.report.ticket_facts import Judged, ticket_facts
from netmgr.service.calendar import ALWAYS
from netmgr.service.clock import ticket_clock
from netmgr.service.course import Level
from netmgr.service.ticket_record import events

HOUR = 3600
BEGINS = datetime(2026, 11, 1, tzinfo=UTC)
UNTIL = datetime(2026, 12, 1, tzinfo=UTC)
LEVELS = {"high": Level(HOUR, 4 * HOUR, ALWAYS), "low": Level(2 * HOUR, None, ALWAYS)}


def moment(hours):
    return BEGINS + timedelta(hours=hours)


def document(*rows, **more):
    """Events as (what, hours since the period began, word); whoever answers, resolves or pauses is one of ours."""
    made = [
        [
            what,
            int(moment(hours).timestamp()),
            int(moment(hours).timestamp()),
            word,
            what != "opened",
            False,
            seq,
        ]
        for seq, (what, hours, word) in enumerate(rows, 11)
    ]
    return {"id": "T-1", "kind": "fault", "priority": "high", "events": made, **more}


def told(*rows, judged=True, **more):
    made = document(*rows, **more)
    happened, begins, until = events(made), int(BEGINS.timestamp()), int(UNTIL.timestamp())
    opened = happened[0].at
    clocks = None
    if judged and opened < until:
        before = ticket_clock(happened, LEVELS, begins) if opened < begins else None
        clocks = Judged(2, ticket_clock(happened, LEVELS, until), before)
    return ticket_facts(made, clocks, BEGINS, UNTIL, "No network")


OPENED = ("opened", 10, "high")


@pytest.mark.parametrize(
    ("rows", "response", "resolution", "state"),
    [
        pytest.param(
            [OPENED, ("acted", 10.5, ""), ("resolved", 13, "")],
            Target("met", HOUR, HOUR // 2, True, moment(10.5)),
            Target("met", 4 * HOUR, 3 * HOUR, True, moment(13)),
            "resolved",
            id="both met",
        ),
        pytest.param(
            [OPENED, ("acted", 12, ""), ("resolved", 15, "")],
            Target("missed", HOUR, 2 * HOUR, True, moment(12)),
            Target("missed", 4 * HOUR, 5 * HOUR, True, moment(15)),
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
            Target("met", HOUR, HOUR // 2, True, moment(10.5)),
            Target("met", 4 * HOUR, 3 * HOUR, True, moment(22)),
            "resolved",
            id="a pause does not count",
        ),
        pytest.param(
            [("opened", 719.5, "high")],
            Target("running", HOUR, HOUR // 2, True),
            Target("running", 4 * HOUR, HOUR // 2, True),
            "open",
            id="not decided at the end",
        ),
        pytest.param(
            [("opened", 719, "high"), ("acted", 719.25, ""), ("paused", 719.5, "client")],
            Target("met", HOUR, HOUR // 4, True, moment(719.25)),
            Target("paused", 4 * HOUR, HOUR // 2, True),
            "paused",
            id="paused at the end",
        ),
        pytest.param(
            [("opened", 719.5, "high"), ("acted", 719.75, ""), ("resolved", 721, "")],
            Target("met", HOUR, HOUR // 4, True, moment(719.75)),
            Target("running", 4 * HOUR, HOUR // 2, True),
            "open",
            id="what comes after the end is not told",
        ),
        pytest.param(
            [("opened", -20, "high"), ("acted", -19.5, ""), ("resolved", 1, "")],
            Target("met", HOUR, HOUR // 2, False, moment(-19.5)),
            Target("missed", 4 * HOUR, 21 * HOUR, False, moment(1)),
            "resolved",
            id="decided before the period",
        ),
        pytest.param(
            [("opened", -2, "high"), ("acted", 1, ""), ("resolved", 1.5, "")],
            Target("missed", HOUR, 3 * HOUR, False, moment(1)),
            Target("met", 4 * HOUR, int(3.5 * HOUR), True, moment(1.5)),
            "resolved",
            id="each is decided by itself",
        ),
        pytest.param(
            [OPENED, ("closed", 10.25, "")],
            Target("met", HOUR, HOUR // 4, True, moment(10.25)),
            Target("not_measured", 4 * HOUR, HOUR // 4, True),
            "closed",
            id="cancelled before it was due",
        ),
        pytest.param(
            [("opened", 10, "low"), ("acted", 13, "")],
            Target("missed", 2 * HOUR, 3 * HOUR, True, moment(13)),
            None,
            "open",
            id="no resolution is promised",
        ),
    ],
)
def test_results(rows, response, resolution, state):
    found = told(*rows)
    assert (found.response, found.resolution, found.state) == (response, resolution, state)
    assert (found.version, found.subject) == (2, "No network")
    assert found.seqs == tuple(seq for seq, (_, hours, _) in enumerate(rows, 11) if moment(hours) < UNTIL)


def test_what_was_not_open_in_the_period_is_not_told():
    assert told(("opened", -20, "high"), ("resolved", -10, "")) is None
    assert told(("opened", 730, "high")) is None
    assert told(("opened", -20, "high"), ("resolved", -10, ""), ("reopened", 5, "")).state == "open"


def test_without_an_agreement_nothing_is_measured():
    found = told(
        OPENED, ("acted", 11, ""), ("resolved", 12, ""), judged=False, cause="power", outcome="fixed"
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
