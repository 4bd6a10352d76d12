"""Where a chart's bars stand."""

import pytest

from netmgr.document.block import Chart, Series
from netmgr.document.drawing import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, drawing


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


def test_labels_that_are_no_dates_stand_as_they_are():
    months = Chart("c", "Chart", ("十一月", "December 2026"), (Series("s", "good", (1, 1)),), "told")
    assert [mark.text for mark in drawing(months).across] == ["十一月", "December 2026"]
