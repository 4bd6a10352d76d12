"""How values are worded, and where a chart's bars stand."""

import pytest

from netmgr.report.drawing import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, drawing
from netmgr.report.section import Chart, Series
from netmgr.report.wording import age, clipped, counted, duration, names, number, outcome

WORDS = [
    (duration, 0, "0.0 s"),
    (duration, 12_449, "12.4 s"),
    (duration, 99_949, "99.9 s"),
    (duration, 99_950, "1 min 40 s"),
    (duration, 200_000, "3 min 20 s"),
    (duration, 7_500_000, "2 h 5 min"),
    (age, 0, "less than an hour"),
    (age, 3600, "1 hour"),
    (age, 47 * 3600, "47 hours"),
    (age, 48 * 3600, "2 days"),
    (age, 400 * 86400, "400 days"),
    (number, 1234567, "1,234,567"),
    (names, ("a",), "a"),
    (names, tuple("abcdef"), "a, b, c, d, e, f"),
    (names, tuple("abcdefg"), "7: a, b, c, d, e, f …"),
    (clipped, "x" * 400, "x" * 400),
    (clipped, "x" * 401, "x" * 400 + " … (401 characters)"),
    (outcome, "rolled_back", ("rolled back", "attention")),
    (outcome, "new_word", ("new_word", "unknown")),
]


@pytest.mark.parametrize(("function", "value", "text"), WORDS)
def test_a_value_in_words(function, value, text):
    assert function(value) == text


def test_one_and_many():
    assert [counted(n, "entry", "entries") for n in (0, 1, 2000)] == ["0 entries", "1 entry", "2,000 entries"]


def chart(*values, bars=3):
    tones = ("good", "attention", "bad")
    series = tuple(Series(f"s{n}", tones[n], found) for n, found in enumerate(values))
    return Chart("c", "Chart", tuple(f"2026-11-{day:02}" for day in range(1, bars + 1)), series, "told")


def test_bars_stand_on_each_other_within_the_canvas():
    drawn = drawing(chart((1, 0, 3), (1, 0, 1), (0, 0, 1)))
    assert [bar.title for bar in drawn.bars] == [
        "2026-11-01: 1 s0",
        "2026-11-01: 1 s1",
        "2026-11-03: 3 s0",
        "2026-11-03: 1 s1",
        "2026-11-03: 1 s2",
    ]
    first, second = drawn.bars[:2]
    assert first.y + first.height == pytest.approx(HEIGHT - BOTTOM)
    assert second.y + second.height == pytest.approx(first.y, abs=0.011)
    assert min(bar.y for bar in drawn.bars) == pytest.approx(TOP)
    assert all(bar.x >= LEFT and bar.x + bar.width <= WIDTH - RIGHT for bar in drawn.bars)
    assert [mark.text for mark in drawn.up] == ["0", "1", "2", "3", "4", "5"]


SCALES = [
    (1, ["0", "1"]),
    (7, ["0", "2", "4", "6", "8"]),
    (40, ["0", "10", "20", "30", "40"]),
    (9999, ["0", "2000", "4000", "6000", "8000", "10000"]),
]


@pytest.mark.parametrize(("highest", "marks"), SCALES)
def test_the_scale_has_whole_round_numbers(highest, marks):
    assert [mark.text for mark in drawing(chart((highest, 0, 0))).up] == marks


def test_nothing_is_not_drawn():
    assert drawing(chart((0, 0, 0), (0, 0, 0))) is None


def test_labels_have_room():
    drawn = drawing(chart((1,) * 31, bars=31))
    assert [mark.text for mark in drawn.across] == [f"11-{day:02}" for day in range(1, 32, 4)]
