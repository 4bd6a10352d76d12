"""The hours in which an agreement's service works: a week's pattern, and the days that differ from it.

All of it is in local wall-clock time of ``timezone``. A spell belongs to the day on which it begins: a night shift that
begins on a working day goes on past midnight whatever the next day is, and one that would begin on a closed day is not
worked. Which of several statements about a day holds: a closure, else an ``extra`` day, else a frozen make-up day,
else a frozen holiday, else the week.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Self, get_args

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from netmgr.model.base import Frozen
from netmgr.model.client import Weekday
from netmgr.model.fields import (
    DateValue,
    Description,
    Items,
    LocaleTag,
    OneOrMore,
    Text,
    TimeZone,
    matching,
    shown,
)

DAYS: tuple[Weekday, ...] = get_args(Weekday)
"""Monday first, as ``date.weekday`` counts."""

#: Minutes of a day as clocks usually show it.
DAY = 24 * 60

_SPELL = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]-(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)"


def minutes(spell: str) -> tuple[int, int]:
    """When a spell begins and ends, in minutes after its day's midnight; the end is beyond 1440 after midnight."""
    begin, end = (int(text[:2]) * 60 + int(text[3:]) for text in spell.split("-"))
    return begin, end if end > begin else end + DAY


def _spell(value: str) -> str:
    if not re.fullmatch(_SPELL, value):
        raise ValueError(
            f'{shown(value)} is not a spell of hours; write it like "09:00-17:00", to 24:00 at most'
        )
    begin, end = value.split("-")
    if begin == end:
        raise ValueError(
            f'{shown(value)} begins and ends at the same time; write "00:00-24:00" for a whole day, or remove it'
        )
    return value


Spell = Annotated[
    str,
    AfterValidator(_spell),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": f"^{_SPELL}$",
            "description": 'hours of work, such as "09:00-17:00"; "22:00-06:00" goes on past midnight',
        }
    ),
]


def _apart(spells: tuple[str, ...]) -> tuple[str, ...]:
    for (_, end, one), (begin, _, other) in pairwise(sorted((*minutes(spell), spell) for spell in spells)):
        if begin < end:
            raise ValueError(f"{one} and {other} overlap; join them, or shorten one")
    return spells


Spells = Annotated[OneOrMore[Spell], AfterValidator(_apart)]


class Week(Frozen):
    """The spells of each weekday; none where nothing is said."""

    monday: Spells = ()
    tuesday: Spells = ()
    wednesday: Spells = ()
    thursday: Spells = ()
    friday: Spells = ()
    saturday: Spells = ()
    sunday: Spells = ()

    def of(self, day: Weekday) -> tuple[str, ...]:
        """The spells of a weekday."""
        spells: tuple[str, ...] = getattr(self, day)
        return spells

    @model_validator(mode="after")
    def _apart_over_midnight(self) -> Self:
        if not any(map(self.of, DAYS)):
            raise ValueError('no day has hours; write some, such as monday: "09:00-17:00"')
        for day, following in zip(DAYS, (*DAYS[1:], DAYS[0]), strict=True):
            for late in self.of(day):
                for early in self.of(following):
                    if minutes(early)[0] < minutes(late)[1] - DAY:
                        raise ValueError(
                            f"{late} of {day} and {early} of {following} overlap after midnight; shorten one"
                        )
        return self


class PublicHolidays(Frozen):
    """Whose public holidays are closed days, once they are frozen: a country by ISO 3166-1, its part by ISO 3166-2.

    ``categories`` are those of the `holidays` library (public, bank, government …); days of all of them are closed.
    """

    country: Annotated[str, matching("[A-Z]{2}", "a country's two letters", "CN or DE")]
    subdivision: Annotated[str, matching("[A-Za-z0-9 _-]{1,40}", "a part of a country", "BE")] | None = None
    categories: Annotated[
        OneOrMore[Annotated[str, matching("[a-z_]{1,30}", "a category of holidays", "public")]],
        Field(min_length=1),
    ] = ("public",)


class Closure(Frozen):
    """Days on which the service is closed although they are no holidays; both ends belong to them."""

    from_: DateValue = Field(alias="from")
    to: DateValue | None = None
    """The same day where it is not said."""
    reason: Description

    @property
    def last(self) -> date:
        """The last closed day."""
        return self.to or self.from_

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.from_:
            raise ValueError(
                f"ends on {self.to}, before it begins on {self.from_}; exchange the two, or mend one"
            )
        if (self.last - self.from_).days >= 366:
            raise ValueError(f"closes {self.from_} to {self.to}, more than a year; write one for each year")
        return self


class ExtraDay(Frozen):
    """A day that is worked otherwise than its weekday says: ``like`` another weekday, or in ``hours`` of its own."""

    date: DateValue
    like: Weekday | None = None
    hours: Spells = ()
    reason: Description

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.like) == bool(self.hours):
            raise ValueError("say either 'like' (a weekday whose hours it has) or 'hours' of its own")
        return self


class HolidayDay(Frozen):
    """A closed day, and what it is called by locale, where that is known."""

    date: DateValue
    names: Mapping[LocaleTag, Text] = {}


class MakeUpDay(Frozen):
    """A day of a weekend that is worked ``like`` a weekday, because that one was moved into a holiday."""

    date: DateValue
    like: Weekday


class FrozenYear(Frozen):
    """A year's public holidays as explicit dates, which no newer library changes any more.

    ``provisional`` says that they were not final when they were frozen: estimated, or not yet decreed.
    ``library`` and ``tzdata`` are the versions of `holidays` and of the time zones' rules that they were made with.
    """

    year: Annotated[int, Field(ge=1970, le=2099)]
    provisional: bool = False
    library: Annotated[str, matching(r"[0-9][0-9A-Za-z.+-]{0,30}", "a version", "0.109")]
    tzdata: Annotated[str, matching(r"[0-9]{4}[a-z]{1,2}|unknown", "a version of tzdata", "2026f")]
    closed: Items[HolidayDay] = ()
    working: Items[MakeUpDay] = ()

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        days = [*(day.date for day in self.closed), *(day.date for day in self.working)]
        if other := next((day for day in days if day.year != self.year), None):
            raise ValueError(f"{other} is not in {self.year}; move it to its year")
        if twice := _twice(days):
            raise ValueError(f"{twice} stands twice; remove one")
        return self


def _twice(days: Iterable[date]) -> date | None:
    return next((one for one, other in pairwise(sorted(days)) if one == other), None)


class ServiceCalendar(Frozen):
    """When the service works, as an agreement says it. A signed version carries ``frozen`` years.

    Without ``holidays`` nothing has to be frozen. With them, only frozen years that were final are certain; for all
    other time the week's pattern holds, and what is computed from it is provisional.
    """

    timezone: TimeZone
    hours: Week
    holidays: PublicHolidays | None = None
    closures: Items[Closure] = ()
    extra: Items[ExtraDay] = ()
    frozen: Items[FrozenYear] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.frozen and not self.holidays:
            raise ValueError(
                "frozen: there are no holidays to freeze; say of which country (holidays), or write closures"
            )
        years = sorted(year.year for year in self.frozen)
        if twice := next((one for one, other in pairwise(years) if one == other), None):
            raise ValueError(f"frozen: {twice} stands twice; remove one")
        if day := _twice(extra.date for extra in self.extra):
            raise ValueError(f"extra: {day} stands twice; join the two")
        for one, other in pairwise(sorted(self.closures, key=lambda closure: closure.from_)):
            if other.from_ <= one.last:
                raise ValueError(
                    f"closures: {one.reason} and {other.reason} overlap on {other.from_}; join them, or shorten one"
                )
        for closure in self.closures:
            for extra in self.extra:
                if closure.from_ <= extra.date <= closure.last:
                    raise ValueError(
                        f"{extra.date} is both closed ({closure.reason}) and extra ({extra.reason}); remove one"
                    )
        for extra in self.extra:
            if extra.like and not self.hours.of(extra.like):
                raise ValueError(
                    f"{extra.date} is worked like a {extra.like}, which has no hours; write 'hours'"
                )
        return self

    @property
    def certain_years(self) -> frozenset[int]:
        """Years that are frozen and were final then."""
        return frozenset(year.year for year in self.frozen if not year.provisional)

    def exceptions(self) -> dict[date, tuple[str, ...]]:
        """The spells of each day that differs from its weekday's."""
        days: dict[date, tuple[str, ...]] = {}
        for year in self.frozen:
            days |= {day.date: () for day in year.closed}
            days |= {day.date: self.hours.of(day.like) for day in year.working}
        for extra in self.extra:
            days[extra.date] = self.hours.of(extra.like) if extra.like else extra.hours
        for closure in self.closures:
            span = (closure.last - closure.from_).days + 1
            days |= {closure.from_ + timedelta(days=number): () for number in range(span)}
        return days
