"""Public holidays as explicit dates, as the `holidays` library knows them today: for a calendar that is signed.

Whether a year is final, the library does not say; it is decided here. A year is provisional where the library marks a
day of it as estimated (holidays that wait for the moon), and where the country moves working days by decree, did so
lately, and the library knows no moved day in that year or a later one: the decree is not out yet (China's comes in
autumn), or not in this version of the library. A country that moved none in some year looks the same: then, and where
somebody has read the decree elsewhere, `provisional: false` is theirs to write. The last days of a year that is final
may still be worked for a holiday in January, which only the next year's decree says.
"""

import importlib
import importlib.metadata
import re
import zoneinfo
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from netmgr.errors import InputError
from netmgr.model.fields import shown
from netmgr.model.service_calendar import DAYS, FrozenYear, HolidayDay, MakeUpDay, PublicHolidays

#: Our locales → the library's.
_LANGUAGES = {"en": "en_US", "zh-CN": "zh_CN"}
#: How the library marks a date that nobody has announced yet.
_ESTIMATED = "estimated"
#: Who decrees whole stretches of free days, of which the library lists those that are not free as a weekend anyway.
_STRETCHES = frozenset({"CN"})
#: Years after which who moved no working day counts as moving none any more, as Bulgaria since 2017.
_GIVEN_UP = 5
#: Categories of the library that are no closed days.
_NOT_CLOSED = {
    "half_day": "say the hours of such days under extra",
    "workday": "holidays that are worked are days like others",
}
_DAY = timedelta(days=1)
#: How it says in English which day of a weekend is worked in place of this one.
_MOVED = re.compile(r"substituted from (\d{2})/(\d{2})/(\d{4})")


class FrozenHolidays:
    """See ``netmgr.ports.office.Holidays``."""

    def freeze(self, holidays: PublicHolidays, year: int) -> FrozenYear:
        """Closed days with their names, and the days of weekends that are worked instead.

        A year is provisional where a date in it is an estimate, or where the country decrees each year anew (as China's
        State Council does in November) and the library has no decree for it yet.
        """
        english = _days(holidays, year, "en_US")
        names = {locale: _days(holidays, year, language) for locale, language in _LANGUAGES.items()}
        days = {*english, *(_weekends(english) if holidays.country in _STRETCHES else ())}
        closed = [HolidayDay(date=day, names=_names(names, day)) for day in sorted(days) if day.year == year]
        if not closed:
            raise InputError(
                [f"holidays: none of {holidays.country} are known in {year}; freeze other years"]
            )
        return FrozenYear(
            year=year,
            provisional=any(_ESTIMATED in english[day] for day in english if day.year == year)
            or _undecreed(holidays, year),
            library=importlib.metadata.version("holidays"),
            tzdata=_tzdata(),
            closed=tuple(closed),
            working=tuple(_make_up(english, year)),
        )


def _tzdata() -> str:
    """The version of the time zones' rules in use: the system's, which Python prefers, else those of the package."""
    for directory in zoneinfo.TZPATH:
        if not (Path(directory) / "UTC").is_file():
            continue
        try:
            first = (Path(directory) / "tzdata.zi").read_text(encoding="utf-8").partition("\n")[0]
        except OSError:
            return "unknown"
        if match := re.fullmatch(r"# version ([0-9]{4}[a-z]{1,2})", first):
            return match[1]
        return "unknown"
    return str(importlib.import_module("tzdata").IANA_VERSION)


def _days(wanted: PublicHolidays, year: int, language: str) -> Any:
    import holidays as library

    for category in wanted.categories:
        if why := _NOT_CLOSED.get(category):
            raise InputError([f"holidays: {category} are no closed days; remove it, and {why}"])

    supported = library.list_supported_countries(include_aliases=False)
    if wanted.country not in supported:
        raise InputError([f"holidays: {shown(wanted.country)} is no country whose holidays are known"])
    if wanted.subdivision is not None and wanted.subdivision not in supported[wanted.country]:
        known = ", ".join(supported[wanted.country]) or "none"
        raise InputError(
            [f"holidays: {shown(wanted.subdivision)} is no part of {wanted.country}; known are {known}"]
        )
    languages = library.list_localized_countries(include_aliases=False).get(wanted.country, [])
    try:
        return library.country_holidays(
            wanted.country,
            subdiv=wanted.subdivision,
            years=year,
            categories=wanted.categories,
            language=language if language in languages else None,
        )
    except ValueError as error:
        raise InputError([f"holidays: {error}"]) from None


def _names(names: Mapping[str, Any], day: date) -> dict[str, str]:
    return {locale: days[day] for locale, days in names.items() if days.get(day)}


def _weekends(days: Any) -> Iterator[date]:
    """Days of weekends beside holidays, as far as they are not worked."""
    for holiday in list(days):
        for step in (_DAY, -_DAY):
            day = holiday + step
            while days.is_weekend(day) and not days.is_working_day(day):
                yield day
                day += step


def _undecreed(wanted: PublicHolidays, year: int) -> bool:
    """Whether the country moves working days, and none is known to be moved in that year or later.

    China moves some every year: how far its decrees reach is how far this version of the library does.
    """
    latest, newest = (_last_decree(country) for country in (wanted.country, "CN"))
    return latest < year and latest >= min(year, newest) - _GIVEN_UP


def _last_decree(country: str) -> int:
    """The last year in which working days were moved; 0 where never."""
    days = _days(PublicHolidays(country=country), 2000, "en_US")
    found = 0
    for year, special in getattr(days, "special_public_holidays", {}).items():
        entries = special if special and isinstance(special[0], tuple) else (special,)
        # A holiday is month, day and name; what is moved is two days, with their months.
        if any(len(entry) > 3 for entry in entries):
            found = max(found, year)
    return found


def _make_up(days: Any, year: int) -> Iterator[MakeUpDay]:
    """Days of a weekend that are worked: like the day that was given for it, else like the weekday before it."""
    given = {}
    for day, name in days.items():
        for month, of_month, of_year in _MOVED.findall(name):
            given[date(int(of_year), int(month), int(of_month))] = day
    day = date(year, 1, 1)
    while day.year == year:
        if day.weekday() in days.weekend and days.is_working_day(day):
            like = given.get(day) or day - timedelta(days=day.weekday() - 4)
            yield MakeUpDay(date=day, like=DAYS[like.weekday()])
        day += timedelta(days=1)
