"""The SLA clock's rules, one by one (docs/explanation/sla-clock.md). Moments are hours after an opening at 0:00 UTC."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmgr.model.service_calendar import ServiceCalendar
from netmgr.model.ticket_clock import Event, ResolutionClock, ResponseClock
from netmgr.service.calendar import ALWAYS, ServiceHours
from netmgr.service.clock import ticket_clock
from netmgr.service.course import Level

HOUR = 3600
#: Monday, 2 November 2026.
OPENED = int(datetime(2026, 11, 2, tzinfo=UTC).timestamp())
WEEK = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "09:00-17:00")
SERVICE = ServiceHours(ServiceCalendar.model_validate({"timezone": "UTC", "hours": WEEK}))
LEVELS = {
    "urgent": Level(1 * HOUR, 4 * HOUR, ALWAYS),
    "round": Level(2 * HOUR, 10 * HOUR, ALWAYS),
    "normal": Level(4 * HOUR, 16 * HOUR, SERVICE),
    "advice": Level(8 * HOUR, None, SERVICE),
}


def moment(hours):
    return OPENED + round(hours * HOUR)


def event(what, at, word="", *, recorded=None, by_us=False, accepted=False):
    late = at if recorded is None else recorded
    return Event(what, moment(at), moment(late), word, by_us, accepted)


def opened(priority="round", **more):
    return event("opened", 0, priority, **more)


def clock(*events, now):
    return ticket_clock(events, LEVELS, moment(now))


def resolution(*events, now):
    """(state, used, due, met) with hours as numbers."""
    found = clock(*events, now=now)
    due = found.resolution.due
    return (
        found.state,
        found.resolution.used / HOUR,
        None if due is None else (due - OPENED) / HOUR,
        found.resolution.met,
    )


def response(*events, now):
    found = clock(*events, now=now).response
    at = None if found.at is None else (found.at - OPENED) / HOUR
    return found.used / HOUR, at, found.met


def test_an_open_ticket():
    found = clock(opened(), now=1)
    assert found.response == ResponseClock(2 * HOUR, moment(2), None, HOUR, None, "round")
    assert found.resolution == ResolutionClock(10 * HOUR, moment(10), None, HOUR, 0, None)
    assert (found.state, found.priority, found.provisional, found.set_aside) == (
        "running",
        "round",
        False,
        False,
    )


@pytest.mark.parametrize(
    ("events", "now", "expected"),
    [
        pytest.param([event("acted", 1)], 1.5, (1.5, None, None), id="what is not ours is no answer"),
        pytest.param([event("acted", 1, by_us=True)], 5, (1, 1, True), id="an act of ours is one"),
        pytest.param([event("acted", 2, by_us=True)], 5, (2, 2, True), id="at the last second it is in time"),
        pytest.param([event("acted", 3, by_us=True)], 5, (3, 3, False), id="after it, it is late"),
        pytest.param([event("acted", 3, by_us=True)], 2.5, (2.5, None, False), id="late before it came"),
        pytest.param(
            [event("paused", 1), event("acted", 3, by_us=True)], 5, (3, 3, False), id="no pause stops it"
        ),
        pytest.param([event("closed", 1)], 9, (1, None, None), id="over before anybody had to"),
        pytest.param([event("closed", 3)], 9, (3, None, False), id="over after somebody had to"),
        pytest.param(
            [event("resolved", 1), event("reopened", 5), event("acted", 5.5, by_us=True)],
            9,
            (1.5, 5.5, True),
            id="while it was over nobody had to",
        ),
        pytest.param(
            [event("acted", 1, by_us=True), event("resolved", 2), event("reopened", 8)],
            20,
            (1, 1, True),
            id="not asked again",
        ),
        pytest.param(
            [event("acted", 1, by_us=True, recorded=3), event("acted", 1.5, by_us=True)],
            5,
            (1.5, 1.5, True),
            id="a late record gives way to a prompt one",
        ),
        pytest.param(
            [event("prioritised", 1.5, "urgent", by_us=True)],
            5,
            (1.5, 1.5, True),
            id="judged by the priority before the answer",
        ),
        pytest.param(
            [event("prioritised", 1.4, "urgent"), event("acted", 1.5, by_us=True)],
            5,
            (1.5, 1.5, False),
            id="judged by a change before the answer",
        ),
        pytest.param(
            [event("resolved", 1, recorded=9), event("reopened", 6)],
            9,
            (9, None, False),
            id="reopened before its resolution counts",
        ),
    ],
)
def test_response(events, now, expected):
    assert response(opened(), *events, now=now) == expected


PAUSE = (event("paused", 2), event("resumed", 5))
LATE_PAUSE = (event("paused", 2, recorded=6), event("resumed", 5, recorded=6))


@pytest.mark.parametrize(
    ("events", "now", "expected"),
    [
        pytest.param([event("resolved", 9)], 20, ("stopped", 9, 10, True), id="in time"),
        pytest.param([event("resolved", 10)], 20, ("stopped", 10, 10, True), id="at the last second"),
        pytest.param([event("resolved", 10.5)], 20, ("stopped", 10.5, 10, False), id="late"),
        pytest.param([], 10.5, ("running", 10.5, 10, False), id="late already"),
        pytest.param([PAUSE[0]], 4, ("paused", 2, None, None), id="paused: when it is due moves"),
        pytest.param([event("paused", 11)], 15, ("paused", 11, 10, False), id="late before the pause"),
        pytest.param(PAUSE, 6, ("running", 3, 13, None), id="a pause does not count"),
        pytest.param([PAUSE[0], event("resolved", 5)], 9, ("stopped", 2, 10, True), id="resolved in a pause"),
        pytest.param(
            [*PAUSE, event("resolved", 14)], 20, ("stopped", 11, 13, False), id="late in spite of a pause"
        ),
        pytest.param([PAUSE[0], event("paused", 3)], 9, ("paused", 2, None, None), id="paused twice is once"),
        pytest.param([event("resumed", 3)], 4, ("running", 4, 10, None), id="nothing to resume"),
        pytest.param([event("reopened", 3)], 4, ("running", 4, 10, None), id="nothing to reopen"),
        pytest.param(
            [event("resolved", 3), event("resumed", 4)],
            6,
            ("stopped", 3, 10, True),
            id="what is over is not resumed",
        ),
        pytest.param([event("closed", 3)], 9, ("stopped", 3, 10, None), id="cancelled in time"),
        pytest.param([event("closed", 11)], 20, ("stopped", 11, 10, False), id="cancelled late"),
        pytest.param(
            [event("resolved", 3), event("closed", 30)],
            40,
            ("stopped", 3, 10, True),
            id="closed when resolved",
        ),
        pytest.param(
            [event("resolved", 3), event("closed", 4), event("reopened", 24)],
            26,
            ("running", 5, 31, None),
            id="reopened",
        ),
        pytest.param(
            [event("resolved", 3), event("reopened", 24), event("resolved", 32)],
            40,
            ("stopped", 11, 31, False),
            id="resolved again, and judged anew",
        ),
        pytest.param([event("resolved", 3)], 2, ("running", 2, 10, None), id="what comes later is not known"),
        pytest.param([event("resolved", 9, recorded=12)], 20, ("stopped", 12, 10, False), id="late record"),
        pytest.param(
            [event("resolved", 9, recorded=9.25)],
            20,
            ("stopped", 9, 10, True),
            id="a quarter of an hour is not late",
        ),
        pytest.param(
            [event("resolved", 9, recorded=12, accepted=True)], 20, ("stopped", 9, 10, True), id="accepted"
        ),
        pytest.param(
            [event("resolved", 9, recorded=12)], 10, ("running", 10, 10, None), id="late, not yet in effect"
        ),
        pytest.param(LATE_PAUSE, 8, ("running", 8, 10, None), id="a pause recorded when it was over is none"),
        pytest.param(
            [event("paused", 2, recorded=4), PAUSE[1]],
            8,
            ("running", 7, 11, None),
            id="a pause counts from its record",
        ),
        pytest.param(
            [PAUSE[0], event("resumed", 3, recorded=8)],
            9,
            ("running", 8, 11, None),
            id="a resumption from when it was",
        ),
        pytest.param(
            [PAUSE[0], event("resumed", 8, recorded=5)],
            9,
            ("running", 6, 13, None),
            id="not from when it will be",
        ),
        pytest.param(
            [PAUSE[0], event("resumed", 1, recorded=5)],
            9,
            ("running", 9, 10, None),
            id="older than its pause: no pause",
        ),
        pytest.param(
            [event("resolved", 6), *(one._replace(accepted=True) for one in LATE_PAUSE)],
            9,
            ("stopped", 3, 13, True),
            id="a pause that is entered afterwards, and accepted",
        ),
        pytest.param(
            [event("resolved", 4, recorded=9), event("reopened", 6)],
            9,
            ("running", 9, 10, None),
            id="reopened before its resolution counts",
        ),
        pytest.param(
            [event("paused", 2, recorded=6), event("resolved", 5)],
            9,
            ("stopped", 5, 10, True),
            id="resolved before its pause counts",
        ),
    ],
)
def test_resolution(events, now, expected):
    assert resolution(opened(), *events, now=now) == expected


@pytest.mark.parametrize(
    ("events", "now", "expected", "priority"),
    [
        pytest.param(
            [event("prioritised", 3, "urgent")],
            3.5,
            ("running", 3.5, 4, None),
            "urgent",
            id="what was used counts",
        ),
        pytest.param(
            [event("prioritised", 6, "urgent")],
            6,
            ("running", 6, 4, False),
            "urgent",
            id="used up before the change",
        ),
        pytest.param(
            [event("prioritised", 3, "normal")],
            12,
            ("running", 6, 38, None),
            "normal",
            id="each stretch in the hours that held",
        ),
        pytest.param(
            [event("prioritised", 3, "normal"), PAUSE[1]._replace(what="paused"), event("resumed", 33)],
            34,
            ("running", 4, 62, None),
            "normal",
            id="pauses, too",
        ),
        pytest.param(
            [event("resolved", 11), event("prioritised", 11, "normal")],
            12,
            ("stopped", 11, 10, False),
            "round",
            id="what is over is not made easier",
        ),
        pytest.param(
            [event("prioritised", 3, "urgent", recorded=6)],
            7,
            ("running", 7, 4, False),
            "urgent",
            id="stricter, late",
        ),
        pytest.param(
            [event("prioritised", 0, "normal", recorded=6)],
            12,
            ("running", 9, 35, None),
            "normal",
            id="easier, late",
        ),
        pytest.param(
            [event("prioritised", 0, "normal", recorded=6, accepted=True)],
            12,
            ("running", 3, 41, None),
            "normal",
            id="easier, late, accepted",
        ),
        pytest.param(
            [event("prioritised", 1, "advice")], 12, ("running", 4, None, None), "advice", id="no target"
        ),
    ],
)
def test_another_priority(events, now, expected, priority):
    assert resolution(opened(), *events, now=now) == expected
    assert clock(opened(), *events, now=now).priority == priority


def test_stricter_late_counts_in_its_hours_from_when_it_was():
    events = [event("prioritised", 3, "urgent", recorded=6)]
    assert resolution(opened("normal"), *events, now=7) == ("running", 4, 7, None)


def test_pauses_are_counted_in_the_hours_that_held():
    assert (
        clock(opened("normal"), event("paused", 10), event("resumed", 34), now=35).resolution.paused
        == 8 * HOUR
    )
    assert clock(opened(), event("paused", 10), now=35).resolution.paused == 25 * HOUR


@pytest.mark.parametrize(
    ("events", "set_aside"),
    [
        ([event("resolved", 9, recorded=12)], True),
        ([event("resolved", 9, recorded=9.2)], False),
        ([event("resolved", 9, recorded=12, accepted=True)], False),
        ([event("resumed", 9, recorded=12)], False),
        ([event("acted", 1, recorded=3, by_us=True)], True),
        ([event("acted", 1, by_us=True), event("acted", 2, recorded=3, by_us=True)], False),
    ],
)
def test_it_says_whether_a_claim_was_set_aside(events, set_aside):
    assert clock(opened(), *events, now=20).set_aside is set_aside


@pytest.mark.parametrize(
    ("events", "message"),
    [
        ([], "a ticket's clocks begin when it is opened; the first event must be its opening"),
        (
            [event("acted", 1)],
            "a ticket's clocks begin when it is opened; the first event must be its opening",
        ),
        ([opened("high")], "'high' is no priority of the agreement that judges the ticket; it has urgent, "),
        (
            [opened(), event("closed", -1)],
            f"closed at {moment(-1)}, before the ticket was opened at {OPENED}",
        ),
        ([event("opened", 30, "round")], f"the ticket is opened at {moment(30)}, after {moment(20)}"),
    ],
)
def test_what_cannot_be_is_refused(events, message):
    with pytest.raises(ValueError, match="ticket") as refused:
        clock(*events, now=20)
    assert str(refused.value).startswith(message)


def test_what_lies_in_a_year_that_is_not_frozen_is_provisional():
    frozen = [{"year": 2026, "library": "0.109", "tzdata": "2026f"}]
    said = {"timezone": "UTC", "hours": WEEK, "holidays": {"country": "DE"}, "frozen": frozen}
    levels = {"slow": Level(HOUR, 400 * HOUR, ServiceHours(ServiceCalendar.model_validate(said)))}
    events = [event("opened", 0, "slow"), event("acted", 1, by_us=True)]
    # Due in 2027; resolved in 2026.
    assert ticket_clock(events, levels, moment(9)).provisional
    assert not ticket_clock([*events, event("resolved", 10)], levels, moment(9000)).provisional


WHATS = st.sampled_from(["acted", "paused", "resumed", "resolved", "closed", "reopened"])
HAPPENED = st.lists(st.tuples(WHATS, st.integers(0, 400), st.booleans()), max_size=8)
PRIORITIES = st.sampled_from(list(LEVELS))


def ticket(priority, happened):
    """Events in the order in which they happened, each recorded at once."""
    return [
        opened(priority),
        *(event(what, at / 4, by_us=by_us) for what, at, by_us in sorted(happened, key=lambda one: one[1])),
    ]


@settings(deadline=None)
@given(PRIORITIES, HAPPENED, st.integers(0, 500), st.integers(0, 500))
def test_a_later_look_never_finds_less(priority, happened, one, other):
    early, later = (
        ticket_clock(ticket(priority, happened), LEVELS, moment(at / 4)) for at in sorted((one, other))
    )
    assert early.resolution.used <= later.resolution.used
    assert early.response.used <= later.response.used
    assert early.resolution.paused <= later.resolution.paused


@settings(deadline=None)
@given(PRIORITIES, HAPPENED, st.integers(0, 400), st.integers(0, 400))
def test_a_pause_never_adds_to_what_was_used(priority, happened, one, other):
    begin, end = sorted((one, other))
    without = ticket_clock(ticket(priority, happened), LEVELS, moment(500))
    pause = [("paused", begin, False), ("resumed", end, False)]
    # A pause within a ticket that runs all the time; one that lies over others may resume them sooner.
    plain = [each for each in happened if each[0] in ("acted", "resolved", "closed")]
    bare = ticket_clock(ticket(priority, plain), LEVELS, moment(500))
    paused = ticket_clock(ticket(priority, [*plain, *pause]), LEVELS, moment(500))
    assert paused.resolution.used <= bare.resolution.used
    assert without.resolution.used <= ticket_clock(ticket(priority, []), LEVELS, moment(500)).resolution.used


@settings(deadline=None)
@given(PRIORITIES, HAPPENED, st.lists(st.integers(1, 2000), min_size=8, max_size=8))
def test_recording_late_never_improves_a_result(priority, happened, delays):
    prompt = ticket(
        priority, [(what, at, by_us) for what, at, by_us in happened if what not in ("resumed", "reopened")]
    )
    late = [
        one._replace(recorded=one.at + 900 + delay) if place else one
        for place, (one, delay) in enumerate(zip(prompt, [0, *delays], strict=False))
    ]
    as_said, as_recorded = (ticket_clock(events, LEVELS, moment(500)) for events in (prompt, late))
    assert as_said.resolution.used <= as_recorded.resolution.used
    assert as_said.response.used <= as_recorded.response.used
