"""What is left of a ticket's targets, in which order, and what is told of it once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmgr.model.ticket_clock import Event
from netmgr.service.calendar import ALWAYS
from netmgr.service.clock import ticket_clock
from netmgr.service.course import Level
from netmgr.service.due import BREACH, Notice, key, targets, urgency, warnings

LEVELS = {
    "high": Level(100, 1000, ALWAYS),
    "low": Level(400, None, ALWAYS),
}
OPEN = Event("opened", 0, 0, "high")


def event(what, at, *, by_us=True, word=""):
    return Event(what, at, at, word, by_us)


def clock(now, *more, first=OPEN):
    return ticket_clock([first, *more], LEVELS, now)


ACTED, PAUSED, RESOLVED = event("acted", 50), event("paused", 60), event("resolved", 70)


@pytest.mark.parametrize(
    ("said", "states"),
    [
        (clock(0), [("running", 100, 0), ("running", 1000, 0)]),
        (clock(99), [("running", 1, 99), ("running", 901, 9)]),
        (clock(100), [("running", 0, 100), ("running", 900, 10)]),
        (clock(101), [("overdue", -1, 101), ("running", 899, 10)]),
        (clock(200, ACTED), [("met", 50, 50), ("running", 800, 20)]),
        (clock(200, event("acted", 150)), [("missed", -50, 150), ("running", 800, 20)]),
        (clock(200, ACTED, PAUSED), [("met", 50, 50), ("paused", 940, 6)]),
        (clock(1001, ACTED), [("met", 50, 50), ("overdue", -1, 100)]),
        (clock(200, RESOLVED), [("met", 30, 70), ("met", 930, 7)]),
        (clock(200, event("resolved", 70, by_us=False)), [("none", 30, 70), ("met", 930, 7)]),
        (clock(200, event("closed", 70, by_us=False)), [("none", 30, 70), ("none", 930, 7)]),
        (clock(9, first=Event("opened", 0, 0, "low")), [("running", 391, 2)]),
    ],
)
def test_what_is_left_of_each_target(said, states):
    assert [(one.state, one.left, one.percent) for one in targets(said)] == states


@pytest.mark.parametrize(
    ("said", "told", "news"),
    [
        (clock(49), {}, []),
        (clock(50), {}, [Notice("response", "high", 50, 100)]),
        (clock(80), {}, [Notice("response", "high", 75, 100)]),
        (clock(80), {"response.high": 50}, [Notice("response", "high", 75, 100)]),
        (clock(80), {"response.high": 75}, []),
        (clock(80), {"response.low": 75}, [Notice("response", "high", 75, 100)]),
        (clock(100), {"response.high": 75}, []),
        (clock(101), {"response.high": 75}, [Notice("response", "high", BREACH, 100)]),
        (clock(101), {"response.high": BREACH}, []),
        (clock(101, event("acted", 101)), {}, []),
        (clock(600, ACTED), {}, [Notice("resolution", "high", 50, 1000)]),
        (clock(2000, ACTED, event("paused", 900)), {}, [Notice("resolution", "high", 75, None)]),
        (clock(2000, ACTED, event("resolved", 1500)), {}, []),
    ],
)
def test_what_is_told(said, told, news):
    assert list(warnings(said, (50, 75), told)) == news


@given(st.lists(st.integers(1, 2000), max_size=8))
def test_each_mark_is_told_once_however_often_it_is_looked_at(steps):
    told, every, now = {}, [], 0
    for step in steps:
        now += step
        for one in warnings(clock(now), (50, 75), told):
            every.append((one.target, one.percent))
            told[key(one.target, one.level)] = one.percent
    assert len(every) == len(set(every))
    for target, whole in (("response", 100), ("resolution", 1000)):
        marks = [percent for name, percent in every if name == target]
        assert marks == sorted(marks)
        assert (BREACH in marks) == (now > whole)


def test_the_most_urgent_comes_first():
    assert urgency(clock(200)) == urgency(clock(10)) == (0, 100)
    assert urgency(clock(60, ACTED)) == (0, 1000)
    assert urgency(clock(90, ACTED, PAUSED)) == (1, 0)
