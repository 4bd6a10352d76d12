"""Texts and values in the words of a locale."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from netmgr.adapters.package_templates import words_in
from netmgr.document.locale import Words, catalogue, english
from netmgr.document.wording import clipped, names, outcome, shown
from netmgr.errors import DocumentError, UsageError

EN, ZH = words_in("en", "Asia/Shanghai"), words_in("zh-CN", "Asia/Shanghai")
NIGHT = datetime(2026, 11, 22, 22, 5, 7, tzinfo=UTC)
SUNDAY = date(2026, 11, 1)

SAID = [
    (Words.quarter, (date(2026, 11, 1),), "4th quarter 2026", "2026年第4季度"),
    (Words.number, (1234567,), "1,234,567", "1,234,567"),
    (Words.number, (Decimal("1234.50"),), "1,234.50", "1,234.50"),
    (Words.number, (Decimal("2.345"), 2), "2.35", "2.35"),
    (Words.number, (Decimal("2.5"), 0), "3", "3"),
    (Words.percent, (Decimal("0.9995"),), "99.95%", "99.95%"),
    (Words.money, (Decimal("1234.5"), "EUR"), "€1,234.50", "€1,234.50"),
    (Words.money, (Decimal("1234.5"), "CNY"), "CN¥1,234.50", "¥1,234.50"),
    (Words.money, (Decimal("1234"), "JPY"), "JP¥1,234", "JP¥1,234"),
    (Words.money, (Decimal("-0.125"), "USD"), "-US$0.125", "-US$0.125"),
    (Words.day, (SUNDAY,), "1 November 2026", "2026年11月1日"),
    (Words.days, (SUNDAY, date(2026, 11, 30)), "1\u2009–\u200930 Nov 2026", "2026年11月1日\u2009–\u200930日"),
    (
        Words.days,
        (SUNDAY, date(2027, 1, 3)),
        "1 Nov 2026\u2009–\u20093 Jan 2027",
        "2026年11月1日\u2009–\u20092027年1月3日",
    ),
    (Words.days, (SUNDAY, SUNDAY), "1 Nov 2026", "2026年11月1日"),
    (Words.country, ("DE",), "Germany", "德国"),
    (Words.country, ("QX",), "QX", "QX"),
    (Words.weekday, (SUNDAY,), "Sunday", "星期日"),
    (Words.month, (SUNDAY,), "November 2026", "2026年11月"),
    (Words.moment, (NIGHT,), "23 November 2026, 06:05", "2026年11月23日 06:05"),
    (Words.clock, (NIGHT,), "2026-11-23 06:05", "2026-11-23 06:05"),
    (Words.exact, (NIGHT,), "2026-11-23 06:05:07 +08:00", "2026-11-23 06:05:07 +08:00"),
    (Words.duration, (0,), "0.0 s", "0.0秒"),
    (Words.duration, (12_449,), "12.4 s", "12.4秒"),
    (Words.duration, (99_949,), "99.9 s", "99.9秒"),
    (Words.duration, (99_950,), "1 min 40 s", "1分40秒"),
    (Words.duration, (200_000,), "3 min 20 s", "3分20秒"),
    (Words.duration, (7_500_000,), "2 h 5 min", "2小时5分"),
    (Words.age, (0,), "less than an hour", "不到1小时"),
    (Words.age, (3600,), "1 hour", "1小时"),
    (Words.age, (47 * 3600,), "47 hours", "47小时"),
    (Words.age, (400 * 86400,), "400 days", "400天"),
    (Words.span, (0,), "0 minutes", "0分钟"),
    (Words.span, (30,), "30 minutes", "30分钟"),
    (Words.span, (60,), "1 hour", "1小时"),
    (Words.span, (2 * 1440 + 61,), "2 days 1 hour 1 minute", "2天1小时1分钟"),
    (Words.listed, (["a", "b", "c"],), "a, b and c", "a、b和c"),
]


@pytest.mark.parametrize(("method", "values", "said", "gesagt"), SAID)
def test_a_value_in_both_locales(method, values, said, gesagt):
    assert (method(EN, *values), method(ZH, *values)) == (said, gesagt)


SHOWN = [
    ((None, "text", "none"), "none", "none"),
    (((), "names", "none"), "none", "none"),
    ((NIGHT, "time", ""), "2026-11-23 06:05", "2026-11-23 06:05"),
    ((NIGHT, "code", ""), "2026-11-23 06:05:07 +08:00", "2026-11-23 06:05:07 +08:00"),
    ((SUNDAY, "day", ""), "1 November 2026", "2026年11月1日"),
    ((200_000, "duration", ""), "3 min 20 s", "3分20秒"),
    ((86400 * 3, "age", ""), "3 days", "3天"),
    ((1234, "count", ""), "1,234", "1,234"),
    ((Decimal("0.50"), "count", ""), "0.50", "0.50"),
    (("applied", "outcome", ""), "applied", "已实施"),
    (("new_word", "outcome", ""), "new_word", "new_word"),
    (("x" * 401, "word", ""), "x" * 401, "x" * 401),
]


@pytest.mark.parametrize(("values", "said", "gesagt"), SHOWN)
def test_a_table_s_value(values, said, gesagt):
    assert (shown(*values, EN), shown(*values, ZH)) == (said, gesagt)


def test_long_values_end_somewhere():
    assert names(tuple("abcdefg"), EN) == "7: a, b, c, d, e, f …"
    assert names(tuple("abcdefg"), ZH) == "共7个：a、b、c、d、e、f……"
    assert names(tuple("abcdef"), EN) == "a, b, c, d, e, f"
    assert clipped("x" * 400, EN) == "x" * 400
    assert clipped("x" * 401, EN) == "x" * 400 + " … (401 characters)"
    assert clipped("x" * 401, ZH) == "x" * 400 + "……（共401个字符）"
    assert outcome("rolled_back", EN) == ("rolled back", "attention")


def test_one_and_many():
    assert [english().plural("{count} entry", "{count} entries", n) for n in (0, 1, 2000)] == [
        "0 entries", "1 entry", "2,000 entries",
    ]  # fmt: skip


def test_a_value_is_not_a_text():
    """What is filled in is shown as it is: braces in it are not names of other values."""
    assert EN.text("{day}, {time}", day="{time}", time="{day.year}") == "{time}, {day.year}"


def test_a_text_without_translation_is_an_error():
    with pytest.raises(DocumentError, match=r"^no zh-CN for the text 'Good morning'"):
        ZH.text("Good morning")
    with pytest.raises(DocumentError, match=r"^no zh-CN for the text '\{count\} fish'"):
        ZH.plural("{count} fish", "{count} fishes", 2)
    assert english().text("Good morning") == "Good morning"


HEAD = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=1; plural=0;\\n"\n'


def test_what_nobody_has_looked_at_yet_is_not_used():
    """A translation that is empty or marked fuzzy is none."""
    texts = catalogue(
        "zh-CN", {"a.po": f'{HEAD}\nmsgid "a"\nmsgstr ""\n\n#, fuzzy\nmsgid "b"\nmsgstr "乙"\n'}
    )
    for text in ("a", "b"):
        with pytest.raises(DocumentError):
            texts.gettext(text)


def test_catalogues_are_one():
    files = {"a.po": f'{HEAD}\nmsgid "a"\nmsgstr "甲"\n', "b.po": f'{HEAD}\nmsgid "b"\nmsgstr "乙"\n'}
    texts = catalogue("zh-CN", files)
    assert (texts.gettext("a"), texts.gettext("b")) == ("甲", "乙")


def test_a_catalogue_that_cannot_be_read_is_named():
    with pytest.raises(DocumentError, match=r"^a\.po: "):
        catalogue("zh-CN", {"a.po": f'{HEAD}\nmsgid "a"\nmsgstr "甲\nmsgid'})


def test_a_locale_without_texts_is_refused():
    with pytest.raises(UsageError, match=r"^there are no texts in de; documents are made in en and zh-CN$"):
        words_in("de")
