"""Public holidays as dates: China's years as its State Council decreed them, Germany's by state, what is not final.

The decree for 2025 is of 12 November 2024: https://www.gov.cn/zhengce/content/202411/content_6986382.htm.
"""

from datetime import date, timedelta

import pytest

from netmgr.adapters.holidays_frozen import FrozenHolidays
from netmgr.errors import InputError
from netmgr.model.service_calendar import PublicHolidays

CHINA = PublicHolidays(country="CN")


def days(*spans):
    """``("01-28", "02-04")`` of 2025 and so on, both ends included."""
    for first, last in spans:
        day = date.fromisoformat(first)
        while day <= date.fromisoformat(last):
            yield day
            day += timedelta(days=1)


def test_china_in_2025_as_it_was_decreed():
    frozen = FrozenHolidays().freeze(CHINA, 2025)
    decreed = set(
        days(
            ("2025-01-01", "2025-01-01"),
            ("2025-01-28", "2025-02-04"),
            ("2025-04-04", "2025-04-06"),
            ("2025-05-01", "2025-05-05"),
            ("2025-05-31", "2025-06-02"),
            ("2025-10-01", "2025-10-08"),
        )
    )
    # The library does not list days of a weekend that fall into a holiday; they are closed as weekends.
    assert {day.date for day in frozen.closed} | {day for day in decreed if day.weekday() >= 5} == decreed
    assert [(day.date.isoformat(), day.like) for day in frozen.working] == [
        ("2025-01-26", "monday"),
        ("2025-02-08", "tuesday"),
        ("2025-04-27", "monday"),
        ("2025-09-28", "tuesday"),
        ("2025-10-11", "wednesday"),
    ]
    assert not frozen.provisional


def test_a_year_that_is_not_decreed_yet_is_provisional():
    assert [FrozenHolidays().freeze(CHINA, year).provisional for year in (2025, 2026, 2099)] == [
        False,
        False,
        True,
    ]


def test_names_by_language():
    (first, *_) = FrozenHolidays().freeze(CHINA, 2026).closed
    assert (first.date, first.names) == (date(2026, 1, 1), {"en": "New Year's Day", "zh-CN": "元旦"})


def test_a_part_of_a_country_has_its_own():
    closed = {
        part: {
            day.date
            for day in FrozenHolidays().freeze(PublicHolidays(country="DE", subdivision=part), 2026).closed
        }
        for part in ("BE", "BY")
    }
    womens_day, epiphany = date(2026, 3, 8), date(2026, 1, 6)
    assert [(womens_day in found, epiphany in found) for found in closed.values()] == [
        (True, False),
        (False, True),
    ]
    assert FrozenHolidays().freeze(PublicHolidays(country="DE"), 2026).working == ()


@pytest.mark.parametrize(
    ("country", "part", "message"),
    [
        ("XX", None, "holidays: 'XX' is no country whose holidays are known"),
        ("GB", "Kent", "holidays: 'Kent' is no part of GB; known are ENG, NIR, SCT, WLS"),
    ],
)
def test_what_is_not_known_is_told(country, part, message):
    with pytest.raises(InputError) as refused:
        FrozenHolidays().freeze(PublicHolidays(country=country, subdivision=part), 2026)
    assert refused.value.problems == (message,)


def test_frozen_twice_is_the_same():
    assert FrozenHolidays().freeze(CHINA, 2026) == FrozenHolidays().freeze(CHINA, 2026)
