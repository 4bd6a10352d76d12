"""The contract of samples: every keeper is held to it, the one in memory as SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta

import pytest

from netmgr.adapters.samples_memory import MemorySamples
from netmgr.adapters.store_sql import open_store
from netmgr.adapters.store_sql.samples import SqlSamples
from netmgr.adapters.system_clock import SystemClock
from netmgr.model.probe import Span, Standing
from tests.postgresql import PASSWORD

START = datetime(2026, 11, 23, 2, 15, tzinfo=UTC)
PLACE = ("acme", "network")


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def span(device: str, first: int, last: int, state: str = "up", interval: int = 60) -> Span:
    return Span(device, at(first), at(last), interval, state)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def samples(request, tmp_path):
    if request.param == "memory":
        yield MemorySamples()
        return
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/store.db"
    else:
        url = request.getfixturevalue("postgresql").database()
    with open_store(url, SystemClock(), password=PASSWORD) as store:
        yield SqlSamples(store.database)


def took(samples, minute: int, interval: int = 60, place=PLACE, **states: str) -> bool:
    return samples.take(*place, at(minute), interval, states)


def kept(samples, first: int = -99_999, last: int = 99_999, **options) -> tuple[Span, ...]:
    return samples.spans(*PLACE, at(first), at(last), **options)


def test_where_nothing_was_taken_there_is_nothing(samples):
    assert samples.newest(*PLACE) is None
    assert kept(samples) == ()
    assert samples.standings(*PLACE) == {}
    assert samples.forget(*PLACE, at(0)) == 0


def test_samples_that_say_the_same_are_one_span(samples):
    for minute, core in enumerate(["up", "up", "down", "down", "unknown", "up", "exempt"]):
        assert took(samples, minute, core=core, edge="up")
    assert kept(samples) == (
        span("core", 0, 1),
        span("core", 2, 3, "down"),
        span("core", 4, 4, "unknown"),
        span("core", 5, 5),
        span("core", 6, 6, "exempt"),
        span("edge", 0, 6),
    )
    assert samples.newest(*PLACE) == at(6)


def test_a_gap_and_another_interval_begin_a_span(samples):
    took(samples, 0, core="up")
    took(samples, 2, core="up")
    took(samples, 4, 120, core="up")
    took(samples, 6, 120, core="up")
    assert kept(samples) == (span("core", 0, 0), span("core", 2, 2), span("core", 4, 6, interval=120))


def test_a_device_that_is_left_out_once_has_a_gap(samples):
    took(samples, 0, core="up", edge="up")
    took(samples, 1, core="up")
    took(samples, 2, core="up", edge="up")
    assert kept(samples) == (span("core", 0, 2), span("edge", 0, 0), span("edge", 2, 2))


@pytest.mark.parametrize("minute", [0, 1])
def test_no_sample_is_taken_twice_nor_after_a_later_one(samples, minute):
    took(samples, 1, core="up")
    assert not took(samples, minute, core="down", edge="up")
    assert kept(samples) == (span("core", 1, 1),)


def test_spans_are_found_by_time_and_device(samples):
    for minute in range(4):
        took(samples, minute, core="up" if minute < 2 else "down", edge="up")
    early, late, edge = span("core", 0, 1), span("core", 2, 3, "down"), span("edge", 0, 3)
    assert kept(samples, 0, 2) == (early, edge)
    assert kept(samples, 2, 9) == (late, edge)
    assert kept(samples, 1, 2) == (early, edge)
    assert kept(samples, 4, 9) == kept(samples, -9, 0) == ()
    assert kept(samples, device="core") == (early, late)
    moment = timedelta(microseconds=1)
    assert samples.spans(*PLACE, at(1) + moment, at(2) + moment) == (late, edge)
    assert samples.spans(*PLACE, at(3) + moment, at(9)) == ()


def test_how_devices_stand_is_replaced_as_a_whole(samples):
    samples.stand(*PLACE, {"core": Standing("up", at(0)), "edge": Standing("down", at(1))})
    assert samples.standings(*PLACE) == {"core": Standing("up", at(0)), "edge": Standing("down", at(1))}
    samples.stand(*PLACE, {"core": Standing("down", at(2))})
    assert samples.standings(*PLACE) == {"core": Standing("down", at(2))}
    samples.stand(*PLACE, {})
    assert samples.standings(*PLACE) == {}


def test_what_ended_before_a_time_is_forgotten(samples):
    for minute in range(4):
        took(samples, minute, core="up" if minute < 2 else "down", edge="up")
    assert samples.forget(*PLACE, at(1)) == 0
    assert samples.forget(*PLACE, at(2)) == 1
    assert kept(samples) == (span("core", 2, 3, "down"), span("edge", 0, 3))


@pytest.mark.parametrize("other", [("globex", "network"), ("acme", "lab")])
def test_clients_and_targets_do_not_see_each_other(samples, other):
    took(samples, 5, core="up")
    samples.stand(*PLACE, {"core": Standing("up", at(5))})
    assert samples.newest(*other) is None
    assert samples.spans(*other, at(0), at(9)) == ()
    assert samples.standings(*other) == {}
    assert took(samples, 4, place=other, core="down")
    samples.stand(*other, {})
    assert samples.forget(*other, at(9)) == 1
    assert kept(samples) == (span("core", 5, 5),)
    assert samples.standings(*PLACE) == {"core": Standing("up", at(5))}
