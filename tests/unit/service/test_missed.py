"""Levels that a ticket missed in a period."""

from netmgr.model.bill import NOTHING_BILLED, Billed
from netmgr.service.calendar import ALWAYS
from netmgr.service.course import Level
from netmgr.service.missed import missed

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
        for one in missed(document, LEVELS, begin, end, billed, billed_until=until)
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
