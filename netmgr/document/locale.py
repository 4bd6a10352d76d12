"""Texts, numbers, money and times in the words of one locale: gettext's catalogues and CLDR (Babel).

A text is its English, which is also its key (msgid). A locale in which one has no translation cannot show it: that
is an error, so that no document is half in English. English here is CLDR's of Britain: days before months, 24 hours.
"""

import gettext
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache, reduce
from io import BytesIO, StringIO
from typing import Protocol
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import format_currency, format_decimal, format_percent

from netmgr.errors import DocumentError

LOCALES: Mapping[str, str] = {"en": "en_GB", "zh-CN": "zh_Hans_CN"}
"""Locales that documents are made in → Babel's names for them."""


def msgid(text: str) -> str:
    """``text`` itself: marks a text that is looked up later, so that the catalogues have it."""
    return text


class _Untranslated(gettext.NullTranslations):
    def __init__(self, locale: str) -> None:
        super().__init__()
        self._locale = locale

    def gettext(self, message: str) -> str:
        raise DocumentError(f"no {self._locale} for the text {message!r}; this is a fault of netmgr's")

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:  # noqa: ARG002  gettext's signature
        return self.gettext(msgid1)


class Catalogue(Protocol):
    """What gettext calls translations."""

    def gettext(self, message: str, /) -> str:
        """The text's translation."""

    def ngettext(self, msgid1: str, msgid2: str, n: int, /) -> str:
        """The translation's form for a number."""


def catalogue(locale: str, files: Mapping[str, str]) -> Catalogue:
    """The texts of all ``.po`` files (name → text) as one. Raises DocumentError for files that cannot be read."""
    found: gettext.NullTranslations = _Untranslated(locale)
    for name, text in sorted(files.items()):
        try:
            read = read_po(StringIO(text), locale=LOCALES[locale], abort_invalid=True)
        except PoFileError as error:
            raise DocumentError(f"{name}: {error}") from error
        compiled = BytesIO()
        write_mo(compiled, read)
        compiled.seek(0)
        own = gettext.GNUTranslations(compiled)
        own.add_fallback(found)
        found = own
    return found


def english(zone: str = "UTC") -> "Words":
    """English, which needs no catalogue."""
    return Words("en", gettext.NullTranslations(), zone)


@lru_cache(maxsize=4096)
def _decimal(exact: Decimal, digits: int, language: str) -> str:
    """Documents say the same small numbers again and again."""
    pattern = f"#,##0.{'0' * digits}" if digits else "#,##0"
    return format_decimal(exact, pattern, locale=Locale.parse(LOCALES[language]))


@dataclass(frozen=True, slots=True)
class Words:
    """How readers of ``language`` (one of LOCALES) say things; moments are told by the clocks of ``zone``."""

    language: str
    texts: Catalogue
    zone: str = "UTC"

    def on_clocks_of(self, zone: str) -> "Words":
        """The same words where moments are told by the clocks of another zone."""
        return replace(self, zone=zone)

    def text(self, message: str, /, **values: str | int) -> str:
        """The text with its ``{names}`` filled in. Values are shown as they are; whole numbers as ``number`` does."""
        return self._filled(self.texts.gettext(message), values)

    def plural(self, one: str, many: str, count: int, /, **values: str | int) -> str:
        """The form that ``count`` asks for; ``{count}`` is filled in."""
        return self._filled(self.texts.ngettext(one, many, count), {"count": count, **values})

    def number(self, value: int | Decimal, digits: int | None = None) -> str:
        """``1,234``, ``0.50``: all digits that it has, or ``digits`` behind the point, rounded half up."""
        exact = Decimal(value)
        if digits is None:
            digits = max(0, -int(exact.as_tuple().exponent))
        exact = exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
        return _decimal(exact, digits, self.language)

    def percent(self, fraction: Decimal) -> str:
        """``99.95 %`` of 0.9995, with all digits that it has."""
        return format_percent(fraction, locale=self._locale, decimal_quantization=False)

    def money(self, amount: Decimal, currency: str) -> str:
        """``€1,234.50``, with the currency's own number of digits (ISO 4217), or more where the amount has more."""
        return format_currency(amount, currency, locale=self._locale, decimal_quantization=False)

    def day(self, day: date) -> str:
        """``1 November 2026``."""
        return format_date(day, "long", locale=self._locale)

    def days(self, first: date, last: date) -> str:
        """``1 – 30 Nov 2026``: from one day to another, both among them."""
        return format_interval(first, last, "yMMMMd", locale=self._locale)

    def weekday(self, day: date) -> str:
        """``Sunday``."""
        return format_date(day, "EEEE", locale=self._locale)

    def month(self, day: date) -> str:
        """``November 2026``."""
        return format_skeleton("yMMMM", day, locale=self._locale)

    def quarter(self, day: date) -> str:
        """``4th quarter 2026``."""
        return format_skeleton("yQQQQ", day, locale=self._locale)

    def moment(self, moment: datetime) -> str:
        """``23 November 2026, 14:05``, on the clocks of ``zone``."""
        local = moment.astimezone(ZoneInfo(self.zone))
        return self.text("{day}, {time}", day=self.day(local.date()), time=f"{local:%H:%M}")

    def clock(self, moment: datetime) -> str:
        """``2026-11-23 14:05``: the same in every locale, for columns."""
        return f"{moment.astimezone(ZoneInfo(self.zone)):%Y-%m-%d %H:%M}"

    def exact(self, moment: datetime) -> str:
        """``2026-11-23 14:05:07 +01:00``: for whoever compares it with the log."""
        local = moment.astimezone(ZoneInfo(self.zone))
        offset = local.strftime("%z")
        return f"{local:%Y-%m-%d %H:%M:%S} {offset[:3]}:{offset[3:5]}"

    def duration(self, milliseconds: int) -> str:
        """How long something took: ``0.4 s``, ``12.4 s``, ``3 min 20 s``, ``2 h 5 min``."""
        seconds = milliseconds / 1000
        if seconds < 99.95:
            return self.text("{seconds} s", seconds=self.number(Decimal(f"{seconds:.1f}"), 1))
        minutes, rest = divmod(round(seconds), 60)
        if minutes < 60:
            return self.text("{minutes} min {seconds} s", minutes=str(minutes), seconds=str(rest))
        return self.text("{hours} h {minutes} min", hours=str(minutes // 60), minutes=str(minutes % 60))

    def age(self, seconds: int) -> str:
        """``less than an hour``, ``5 hours``, ``3 days``: whole ones that have passed."""
        if seconds < 3600:
            return self.text("less than an hour")
        if seconds < 48 * 3600:
            return self.plural("{count} hour", "{count} hours", seconds // 3600)
        return self.plural("{count} day", "{count} days", seconds // 86400)

    def span(self, minutes: int) -> str:
        """A promised time, exactly: ``30 minutes``, ``4 hours``, ``1 day 12 hours``."""
        days, rest = divmod(minutes, 1440)
        hours, left = divmod(rest, 60)
        said = [
            self.plural("{count} day", "{count} days", days) if days else "",
            self.plural("{count} hour", "{count} hours", hours) if hours else "",
            self.plural("{count} minute", "{count} minutes", left) if left or not minutes else "",
        ]
        return reduce(
            lambda first, second: self.text("{first} {second}", first=first, second=second),
            filter(None, said),
        )

    def country(self, code: str) -> str:
        """``Germany`` of DE (ISO 3166-1); a code that has no name stands for itself."""
        return str(self._locale.territories.get(code, code))

    def listed(self, names: Sequence[str]) -> str:
        """``a, b and c``."""
        return format_list(names, "standard", locale=self._locale)

    @property
    def _locale(self) -> Locale:
        return Locale.parse(LOCALES[self.language])

    def _filled(self, text: str, values: Mapping[str, str | int]) -> str:
        return text.format_map(
            {name: value if isinstance(value, str) else self.number(value) for name, value in values.items()}
        )
