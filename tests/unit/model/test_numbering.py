"""Numbers against entries: what is put right, and what somebody has to say."""

from netmgr.model.numbering import EVERY, Counted, Counter, Recount, following, recounted
from netmgr.model.record import Difference

R = Counter("example", "R-", 5)
KEPT = Counted("example", "R-", 9)
HELD = Counted(*EVERY, 0, held=True)


def test_a_series_begins_with_its_first_number_and_goes_on_after_its_last():
    assert following(None, None, R) == 5
    assert following(KEPT, None, R) == 10
    assert following(KEPT._replace(held=True), None, R) is None


def test_after_a_restore_a_series_that_the_copy_had_not_is_held_too():
    assert following(None, HELD, R) is None
    assert following(KEPT, HELD, R) == 10  # somebody has said how it goes on since


def test_equal_is_equal():
    assert recounted([KEPT], [("example", "R-", 9), ("example", "R-", 2)]) == Recount((), ())
    assert recounted([HELD], []) == Recount((), ())


def test_a_series_that_is_ahead_is_held_and_never_put_back():
    ahead = Recount((KEPT._replace(held=True),), (Difference("numbers", "example:R-", "wrong"),))
    assert recounted([KEPT], [("example", "R-", 8)]) == ahead
    assert recounted([KEPT], []) == ahead
    assert recounted(ahead.rows, []) == Recount((), ())  # told once, and held until somebody says


def test_one_that_is_behind_goes_on_after_the_last_entry_held_or_not():
    found = recounted([KEPT._replace(held=True)], [("example", "R-", 12)])
    assert found.rows == (Counted("example", "R-", 12, held=True),)
    assert recounted([HELD], [("example", "R-", 12)]).rows == found.rows
    assert recounted([], [("example", "R-", 12)]).rows == (Counted("example", "R-", 12),)
