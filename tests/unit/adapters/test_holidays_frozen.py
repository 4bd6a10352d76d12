"""Public holidays as dates: China's years as its State Council decreed them, Germany's by state, what is not final."""

from datetime import date

import pytest

from netmgr.adapters.holidays_frozen import FrozenHolidays
from netmgr.errors import InputError
from netmgr.model.service_calendar import DAYS, PublicHolidays
from tests.faults.china import FREE, WORKED

CHINA = PublicHolidays(country="CN")


@pytest.mark.parametrize("year", [2025, 2026])
def test_china_as_it_was_decreed(year):
    frozen = FrozenHolidays().freeze(CHINA, year)
    assert [day.date for day in frozen.closed] == sorted(day for day in FREE if day.year == year)
    assert {day.date.isoformat(): DAYS.index(day.like) for day in frozen.working} == {
        day: like for day, like in WORKED.items() if day.startswith(str(year))
    }
    assert not frozen.provisional


@pytest.mark.parametrize(
    ("country", "years", "provisional"),
    [
        pytest.param("CN", (2025, 2026, 2028, 2099), [False, False, True, True], id="decreed each autumn"),
        pytest.param("DE", (2026, 2028, 2099), [False, False, False], id="by law"),
        pytest.param("BG", (2016, 2028), [False, False], id="moves no days since 2017"),
        pytest.param("HU", (2024, 2099), [False, True], id="decreed each year"),
        pytest.param("AE", (2024, 2099), [False, True], id="estimated until the moon is seen"),
    ],
)
def test_a_year_that_is_not_final_is_provisional(country, years, provisional):
    holidays = PublicHolidays(country=country)
    assert [FrozenHolidays().freeze(holidays, year).provisional for year in years] == provisional


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


@pytest.mark.parametrize(
    ("said", "year", "message"),
    [
        (
            {"country": "CN", "categories": ["public", "half_day"]},
            2026,
            "holidays: half_day are no closed days; remove it, and say the hours of such days under extra",
        ),
        (
            {"country": "DE", "categories": "workday"},
            2026,
            "holidays: workday are no closed days; remove it, and holidays that are worked are days like others",
        ),
        ({"country": "DE"}, 1971, "holidays: none of DE are known in 1971; freeze other years"),
        ({"country": "DE", "categories": "bank"}, 2026, "holidays: Category is not supported: bank."),
    ],
)
def test_what_are_no_closed_days_is_told(said, year, message):
    with pytest.raises(InputError) as refused:
        FrozenHolidays().freeze(PublicHolidays.model_validate(said), year)
    assert refused.value.problems == (message,)


def test_frozen_twice_is_the_same():
    assert FrozenHolidays().freeze(CHINA, 2026) == FrozenHolidays().freeze(CHINA, 2026)
