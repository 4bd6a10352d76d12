"""The timer: what is asked, what is needed, what the platform can do."""

import pytest

from netmgr.change.timing import confirm_in, pause, reserve
from netmgr.errors import UsageError
from netmgr.platforms.form import TimerLimits

LIMITS = TimerLimits(minimum=5, maximum=600)


@pytest.mark.parametrize(("devices", "seconds"), [(0, 10), (1, 10), (50, 10), (51, 20), (200, 40)])
def test_the_reserve_grows_with_the_devices(devices, seconds):
    assert reserve(devices) == seconds


@pytest.mark.parametrize(
    ("devices", "asked", "seconds"),
    [(1, None, 100), (51, None, 110), (1, 10, 10), (1, 600, 600), (51, 20, 20)],
)
def test_the_timer_is_what_was_asked_or_what_the_checks_need(devices, asked, seconds):
    assert confirm_in(devices, asked, LIMITS) == seconds


@pytest.mark.parametrize(
    ("devices", "asked", "message"),
    [
        (1, 9, "--confirm-in 9 is too short: committing and confirming need 10 s of it"),
        (51, 19, "--confirm-in 19 is too short: committing and confirming need 20 s of it"),
        (1, 601, "--confirm-in 601 is outside what the devices' timer can do (5 to 600 s)"),
    ],
)
def test_an_impossible_timer_is_a_usage_error(devices, asked, message):
    with pytest.raises(UsageError) as error:
        confirm_in(devices, asked, LIMITS)
    assert (str(error.value), error.value.code) == (message, 64)


@pytest.mark.parametrize(("waited", "seconds"), [(0, 0.1), (0.5, 0.1), (1, 0.1), (3, 0.3), (10, 1), (90, 1)])
def test_the_longer_it_takes_the_less_often_is_looked(waited, seconds):
    assert pause(waited) == seconds
