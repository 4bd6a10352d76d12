"""Waiting longer each time, and giving up."""

from datetime import UTC, datetime, timedelta

import pytest

from netmgr.notify.retry import next_try

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def wait(attempts, *, identity="n-1", age=0.0, asked=None, give_up=72):
    at = next_try(
        identity,
        attempts,
        created=NOW - timedelta(hours=age),
        now=NOW,
        give_up=timedelta(hours=give_up),
        asked=asked,
    )
    return None if at is None else (at - NOW).total_seconds()


@pytest.mark.parametrize(("attempts", "least"), [(1, 30), (2, 60), (3, 120), (8, 3600), (99, 3600)])
def test_each_wait_is_twice_the_one_before_up_to_an_hour_and_spread_by_a_quarter(attempts, least):
    waits = {wait(attempts, identity=f"n-{number}") for number in range(50)}
    assert all(least <= each < least * 1.25 for each in waits)
    assert len(waits) > 40


def test_the_receiver_may_ask_for_more_rest_but_for_an_hour_at_most():
    assert wait(1, asked=600) == 600
    assert wait(1, asked=86_400) == 3600
    assert 30 <= wait(1, asked=1) < 37.5


def test_it_is_given_up_when_the_next_try_would_be_too_late():
    assert wait(1, age=71.9) is not None
    assert wait(1, age=72) is None
    assert wait(99, age=71.5) is None
