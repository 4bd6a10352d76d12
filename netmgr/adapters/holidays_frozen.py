"""Public holidays as explicit dates, as the `holidays` library knows them today: for a calendar that is signed."""

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
#: Whose government says each year anew which days are closed and which of a weekend are worked.
_YEAR_BY_YEAR = frozenset({"CN"})
#: How it says in English which day of a weekend is worked in place of this one.
_MOVED = re.compile(r"substituted from (\d{2})/(\d{2})/(\d{4})")


class FrozenHolidays:
    """See ``netmgr.ports.office.Holidays``."""

    def freeze(self, holidays: PublicHolidays, year: int) -> FrozenYear:
        """Closed days with their names, and the days of weekends that are worked instead.

        A year is provisional where a date in it is an estimate, or where a country decrees each year anew (as China's
        State Council does in November) and the library has no decree for it yet.
        """
        english = _days(holidays, year, "en_US")
        names = {locale: _days(holidays, year, language) for locale, language in _LANGUAGES.items()}
        closed = [
            HolidayDay(date=day, names=_names(names, day)) for day in sorted(english) if day.year == year
        ]
        return FrozenYear(
            year=year,
            provisional=any(_ESTIMATED in name for name in english.values())
            or not _decreed(english, holidays.country, year),
            library=importlib.metadata.version("holidays"),
            tzdata=_tzdata(),
            closed=tuple(closed),
            working=tuple(_make_up(english, year)),
        )


def _tzdata() -> str:
    """The version of the time zones' rules in use: the system's, which Python prefers, else those of the package."""
    for directory in zoneinfo.TZPATH:
        try:
            first = (Path(directory) / "tzdata.zi").read_text(encoding="utf-8").partition("\n")[0]
        except OSError:
            continue
        if match := re.fullmatch(r"# version ([0-9]{4}[a-z]{1,2})", first):
            return match[1]
        return "unknown"
    return str(importlib.import_module("tzdata").IANA_VERSION)


def _days(wanted: PublicHolidays, year: int, language: str) -> Any:
    import holidays as library

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


def _decreed(days: Any, country: str, year: int) -> bool:
    return country not in _YEAR_BY_YEAR or year in days.special_public_holidays


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
