"""Working time: what a clock on the wall shows, to the second, whatever was asked before."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmgr.model.service_calendar import ServiceCalendar
from netmgr.service.calendar import ALWAYS, ServiceHours, add, worked

WEEK = {
    day: ["08:00-12:00", "13:00-17:00"] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")
}
FIRST, LAST = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (2023, 2028))
MOMENTS = st.integers(FIRST, LAST)
HOURS = 3600


def hours(zone="Europe/Berlin", **said):
    return ServiceHours(ServiceCalendar.model_validate({"timezone": zone, "hours": WEEK} | said))


def utc(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def shown(spans):
    return [
        tuple(datetime.fromtimestamp(moment, UTC).strftime("%d %H:%M") for moment in span) for span in spans
    ]


NIGHTS = {"saturday": ["20:00-06:00"], "sunday": ["02:00-03:00", "22:00-24:00"], "monday": ["00:00-01:00"]}
#: Three ways of a year: clocks set, an hour skipped and an hour that comes twice; nights; and none of that.
DIFFERENT = [
    hours("America/New_York"),
    hours("Australia/Lord_Howe", hours={"sunday": "01:30-02:30", "thursday": "22:00-05:00"}),
    hours("Asia/Kathmandu", hours={"tuesday": "00:00-24:00", "saturday": "09:15-09:45"}),
    ALWAYS,
]
EACH = st.sampled_from(DIFFERENT)


@pytest.mark.parametrize(
    ("zone", "week", "begin", "end", "expected"),
    [
        pytest.param(
            "Europe/Berlin",
            {"sunday": "02:00-03:00"},
            "2026-03-28 00:00",
            "2026-03-30 00:00",
            [],
            id="an hour that is skipped has no second",
        ),
        pytest.param(
            "Europe/Berlin",
            {"sunday": "01:00-04:00"},
            "2026-03-28 00:00",
            "2026-03-30 00:00",
            [("29 00:00", "29 02:00")],
            id="a spell over it is an hour shorter",
        ),
        pytest.param(
            "Europe/Berlin",
            {"sunday": "02:00-03:00"},
            "2026-10-24 00:00",
            "2026-10-26 00:00",
            [("25 00:00", "25 02:00")],
            id="an hour that comes twice is worked twice",
        ),
        pytest.param(
            "Europe/Berlin",
            {"sunday": "01:00-02:30"},
            "2026-10-24 00:00",
            "2026-10-26 00:00",
            [("24 23:00", "25 00:30"), ("25 01:00", "25 01:30")],
            id="a spell that ends within it is worked again when its end comes again",
        ),
        pytest.param(
            "Africa/Cairo",
            {"thursday": "22:00-02:00"},
            "2026-10-29 00:00",
            "2026-10-31 00:00",
            [("29 19:00", "30 00:00")],
            id="clocks set back from midnight into the day before",
        ),
        pytest.param(
            "Asia/Shanghai",
            {"monday": "22:00-06:00", "tuesday": "06:00-07:00"},
            "2026-11-30 00:00",
            "2026-12-02 00:00",
            [("30 14:00", "30 23:00")],
            id="spells that touch over midnight are one",
        ),
    ],
)
def test_what_counts_is_what_a_clock_on_the_wall_shows(zone, week, begin, end, expected):
    assert shown(hours(zone, hours=week).spans(utc(begin), utc(end))) == expected


def test_a_spell_belongs_to_the_day_on_which_it_begins():
    nights = {
        "hours": dict.fromkeys(("monday", "tuesday", "wednesday"), "22:00-06:00"),
        "closures": [{"from": "2026-12-01", "reason": "Closed"}],
    }
    # Monday's night goes on into the closed Tuesday, whose own night is not worked.
    assert shown(hours("UTC", **nights).spans(utc("2026-11-30"), utc("2026-12-05"))) == [
        ("30 22:00", "01 06:00"),
        ("02 22:00", "03 06:00"),
    ]


def test_an_extra_day_that_a_night_runs_into_is_counted_once():
    made = hours(
        "UTC",
        hours={"friday": "22:00-06:00"},
        extra=[{"date": "2026-12-05", "hours": "04:00-08:00", "reason": "Move"}],
    )
    assert worked(made, utc("2026-12-04"), utc("2026-12-06")) == 10 * HOURS


@pytest.mark.parametrize(
    ("start", "seconds", "expected"),
    [
        ("2026-11-30 07:00", 4 * HOURS, "2026-11-30 11:00"),
        ("2026-11-30 07:00", 4 * HOURS + 1, "2026-11-30 12:00:01"),
        ("2026-11-28 10:00", 1, "2026-11-30 07:00:01"),
        ("2026-11-27 15:30", 8 * HOURS, "2026-11-30 15:30"),
        ("2026-11-28 10:00", 0, "2026-11-28 10:00"),
    ],
)
def test_time_is_over_as_soon_as_it_is_worked(start, seconds, expected):
    assert add(hours(), utc(start), seconds) == utc(expected)


@settings(deadline=None)
@given(EACH, MOMENTS, MOMENTS, MOMENTS)
def test_it_is_additive_over_splits_to_the_second(one, first, second, third):
    begin, split, end = sorted((first, second, third))
    assert worked(one, begin, split) + worked(one, split, end) == worked(one, begin, end)


@settings(deadline=None)
@given(EACH, MOMENTS, st.integers(0, 10**7), st.integers(0, 10**7))
def test_a_later_end_never_lessens_it_and_none_is_more_than_there_is(one, begin, length, more):
    less, whole = worked(one, begin, begin + length), worked(one, begin, begin + length + more)
    assert 0 <= less <= whole <= less + more


@settings(deadline=None)
@given(EACH, MOMENTS, st.integers(1, 10**6))
def test_the_moment_at_which_time_is_over_is_the_first_such(one, start, seconds):
    end = add(one, start, seconds)
    assert worked(one, start, end) == seconds
    assert worked(one, start, end - 1) == seconds - 1


@settings(deadline=None)
@given(MOMENTS, st.integers(0, 10**6))
def test_outside_working_hours_there_is_none(begin, length):
    made = DIFFERENT[0]
    spans = made.spans(begin, begin + length)
    edges = [begin, *(moment for span in spans for moment in span), begin + length]
    assert sum(worked(made, *gap) for gap in zip(edges[::2], edges[1::2], strict=True)) == 0
    assert sum(end - first for first, end in spans) == worked(made, begin, begin + length)


@settings(deadline=None, max_examples=20)
@given(st.lists(MOMENTS, min_size=2, max_size=6))
def test_what_was_asked_before_changes_nothing(moments):
    one = hours("America/New_York")
    for begin, end in pairwise(moments):
        span = sorted((begin, end))
        assert worked(one, *span) == worked(hours("America/New_York"), *span)
        assert add(one, begin, 5000 * HOURS) == add(hours("America/New_York"), begin, 5000 * HOURS)


def test_beyond_final_frozen_years_it_is_provisional():
    year = {"library": "0.109", "tzdata": "2026f"}
    frozen = [year | {"year": 2026}, year | {"year": 2027, "provisional": True}]
    made = hours("Asia/Shanghai", holidays={"country": "CN"}, frozen=frozen)
    new_year = utc("2026-12-31 16:00")
    assert not made.provisional(utc("2025-12-31 16:00"), new_year)
    assert made.provisional(utc("2025-12-31 15:59:59"), new_year)
    assert made.provisional(new_year - 1, new_year + 1)
    assert not hours("Asia/Shanghai").provisional(new_year, new_year + 1)
    assert not ALWAYS.provisional(new_year, new_year + 1)


@pytest.mark.parametrize("moment", [-1, utc("2100-01-01") + 86_400, 10**15])
def test_a_moment_that_no_calendar_is_made_for_is_refused(moment):
    with pytest.raises(ValueError, match=r"no such working time|no moment of this time"):
        worked(hours(), moment, moment)


def test_time_that_is_never_over_is_refused():
    with pytest.raises(ValueError, match="there is no such working time between 1970 and 2099"):
        add(hours(hours={"monday": "08:00-08:01"}), FIRST, 10**6)
