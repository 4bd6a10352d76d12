"""Levels that a ticket missed in a period."""

import itertools

from netmgr.model.bill import NOTHING_BILLED, Billed
from netmgr.service.calendar import ALWAYS
from netmgr.service.course import Level
from netmgr.service.missed import missed
from netmgr.service.verdict import Judge

HOUR = 3600
LEVELS = {"urgent": Level(HOUR, 4 * HOUR, ALWAYS), "other": Level(2 * HOUR, 90 * HOUR, ALWAYS)}


def ticket(*rows):
    """Rows of (what, at, word, by us), each recorded then, by entries 1, 2 …"""
    events = [[what, at, at, word, by_us, False, seq] for seq, (what, at, word, by_us) in enumerate(rows, 1)]
    return {"opened": rows[0][1], "events": events}


LATE = ticket(
    ("opened", 0, "urgent", False), ("acted", 90 * 60, "", True), ("prioritised", 2 * HOUR, "other", True)
)


def found(document, begin, end, billed=NOTHING_BILLED, until=-1):
    return [
        (one.miss.level, one.miss.priority, one.miss.evidence, one.late)
        for one in missed(document, Judge(1, LEVELS, "UTC"), begin, end, billed, billed_until=until)
    ]


def test_a_response_is_of_the_priority_that_held_when_it_was_given():
    assert found(LATE, 0, 10 * HOUR) == [("response", "urgent", (1, 2, 3), False)]
    assert found(LATE, 0, 100 * HOUR)[1] == ("resolution", "other", (1, 2, 3), False)


def test_each_is_missed_in_one_of_two_periods():
    assert found(LATE, 10 * HOUR, 100 * HOUR) == [("resolution", "other", (1, 2, 3), False)]
    assert found(LATE, 100 * HOUR, 200 * HOUR) == []


def test_what_an_invoice_has_is_not_missed_again_and_what_it_should_have_had_is_late():
    billed = Billed(missed=frozenset({("response", 1)}))
    assert found(LATE, 0, 10 * HOUR, billed) == []
    assert found(LATE, 10 * HOUR, 20 * HOUR, billed, 10 * HOUR) == []
    assert found(LATE, 10 * HOUR, 20 * HOUR, NOTHING_BILLED, 10 * HOUR) == [
        ("response", "urgent", (1, 2, 3), True)
    ]


def test_whoever_answers_by_changing_the_priority_answered_the_one_before():
    answered = ticket(("opened", 0, "urgent", False), ("prioritised", 90 * 60, "other", True))
    assert found(answered, 0, 10 * HOUR) == [("response", "urgent", (1, 2), False)]


DAY = 24 * HOUR
#: Where months of 1970 end.
JANUARY, FEBRUARY, MARCH, APRIL = 31 * DAY, 59 * DAY, 90 * DAY, 120 * DAY
#: Missed as January ends, made good in February by another priority, whose time is up in March.
TWICE = ticket(
    ("opened", JANUARY - 14 * HOUR, "urgent", False),
    ("acted", JANUARY - 14 * HOUR + 60, "", True),
    ("prioritised", JANUARY + HOUR, "other", False),
    ("paused", JANUARY + 2 * HOUR, "access", True),
    ("resumed", FEBRUARY + HOUR, "", True),
)


def each(*edges):
    """What is missed from one edge to the next."""
    return [found(TWICE, begin, end) for begin, end in itertools.pairwise(edges)]


def test_a_level_is_missed_once_whatever_becomes_of_the_ticket():
    missed_in_january = [("resolution", "urgent", (1, 2), False)]
    assert each(0, JANUARY, FEBRUARY, MARCH, APRIL) == [missed_in_january, [], [], []]
    assert each(0, FEBRUARY, APRIL) == [missed_in_january, []]
    assert each(0, APRIL) == [missed_in_january]


def test_what_was_made_good_before_the_month_was_over_is_not_missed():
    good = ticket(*[(what, at - 2 * DAY, word, by_us) for what, at, _, word, by_us, *_ in TWICE["events"]])
    assert found(good, 0, JANUARY) == []
    assert found(good, FEBRUARY, MARCH) == [("resolution", "other", (1, 2, 3, 4, 5), False)]
