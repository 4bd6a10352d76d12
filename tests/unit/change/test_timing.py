"""The timers: what is asked, what is needed, what the platform can do, and which waves they cover."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmgr.change.timing import pause, reserve, strictest, timers
from netmgr.errors import UsageError
from netmgr.platforms.form import TimerLimits

LIMITS = TimerLimits(minimum=5, maximum=600)


def numbers(found):
    """(timer, when the checks must have passed) of each wave."""
    return [(timer.seconds, timer.checks) for timer in found.waves]


@pytest.mark.parametrize(("devices", "seconds"), [(0, 10), (1, 10), (50, 10), (51, 20), (200, 40)])
def test_the_reserve_grows_with_the_devices(devices, seconds):
    assert reserve(devices) == seconds


@pytest.mark.parametrize(
    ("devices", "asked", "seconds", "checks"),
    [(1, None, 100, 95), (51, None, 110, 100), (1, 10, 10, 5), (1, 600, 600, 595), (51, 20, 20, 10)],
)
def test_the_timer_of_one_wave_is_what_was_asked_or_what_the_checks_need(devices, asked, seconds, checks):
    assert numbers(timers([devices], asked, [LIMITS])) == [(seconds, checks)]


@pytest.mark.parametrize(
    ("sizes", "asked", "message"),
    [
        ([1], 9, "--confirm-in 9 is too short: committing and confirming need 10 s of it"),
        ([51], 19, "--confirm-in 19 is too short: committing and confirming need 20 s of it"),
        ([40, 11], 19, "--confirm-in 19 is too short: committing and confirming need 20 s of it"),
        ([1], 601, "--confirm-in 601 is outside what the devices' timer can do (5 to 600 s)"),
    ],
)
def test_an_impossible_timer_is_a_usage_error(sizes, asked, message):
    with pytest.raises(UsageError) as error:
        timers(sizes, asked, [LIMITS for _ in sizes])
    assert (str(error.value), error.value.code) == (message, 64)


@pytest.mark.parametrize(("waited", "seconds"), [(0, 0.1), (0.5, 0.1), (1, 0.1), (3, 0.3), (10, 1), (90, 1)])
def test_the_longer_it_takes_the_less_often_is_looked(waited, seconds):
    assert pause(waited) == seconds


def test_a_wave_s_timer_covers_all_later_waves():
    found = timers([3, 60, 2], None, [None] * 3)
    assert (found.atomic, found.reason) == ("network", None)
    # Commit and checks: 95, 100 and 95; confirming 65 devices: 10.
    assert numbers(found) == [(300, 95), (205, 100), (105, 95)]


def test_what_is_asked_for_is_the_first_wave_s_timer_and_is_shared_out():
    assert numbers(timers([3, 3, 3], 65, [LIMITS] * 3)) == [(65, 20), (45, 20), (25, 20)]


def test_where_the_limits_do_not_reach_each_wave_is_atomic_by_itself():
    found = timers([3] * 7, None, [LIMITS] * 7)
    assert (found.atomic, numbers(found)) == ("wave", [(100, 95)] * 7)
    assert found.reason == (
        "the timers of wave 1 would have to run 670 s to cover the waves after it, and they can run 600 s"
    )
    assert timers([3] * 6, None, [LIMITS] * 6).atomic == "network"


def test_only_the_limits_of_a_wave_s_own_devices_count():
    short = TimerLimits(minimum=1, maximum=120)
    assert timers([1, 1], None, [LIMITS, short]).atomic == "network"
    assert timers([1, 1], None, [short, LIMITS]).atomic == "wave"
    assert strictest([LIMITS, short]) == TimerLimits(minimum=5, maximum=120)
    assert strictest([]) is None


def test_a_policy_makes_each_wave_atomic_by_itself():
    found = timers([3, 60], 70, [LIMITS] * 2, "wave")
    assert (found.atomic, found.reason) == ("wave", "a policy says so")
    assert numbers(found) == [(70, 65), (70, 60)]
    assert timers([3], None, [LIMITS], "wave").atomic == "network", "one wave is all of it"


def test_a_timer_is_never_below_what_the_platform_can_do():
    coarse = TimerLimits(minimum=60, maximum=7200)
    assert numbers(timers([1, 1, 1], 65, [coarse] * 3)) == [(65, 20), (60, 20), (60, 20)]


def test_a_platform_whose_timer_is_too_short_says_so():
    assert numbers(timers([1], None, [TimerLimits(minimum=1, maximum=30)])) == [(30, 25)]
    with pytest.raises(UsageError) as error:
        timers([1, 200], None, [TimerLimits(minimum=1, maximum=30)] * 2)
    assert str(error.value) == (
        "wave 2 has 200 devices: committing and confirming need 40 s, and their timers run 30 s at most;"
        " a policy with waves: {largest: N} makes smaller waves"
    )


@settings(deadline=None)
@given(st.lists(st.integers(1, 120), min_size=1, max_size=8), st.none() | st.integers(0, 3000))
def test_no_timer_ends_before_what_it_covers(sizes, more):
    asked = None if more is None else reserve(sum(sizes)) + more
    found = timers(sizes, asked, [None for _ in sizes]).waves
    ends = reserve(sum(sizes)) // 2
    for timer in reversed(found):
        ends += timer.checks
        assert timer.seconds == ends
        assert timer.checks >= 0
    assert asked is None or found[0].seconds == asked
