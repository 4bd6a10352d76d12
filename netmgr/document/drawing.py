"""A chart's geometry: stacked bars on a fixed canvas, in the units of an SVG's viewBox."""

import re
from dataclasses import dataclass

from netmgr.document.block import Chart, Tone

WIDTH, HEIGHT = 720, 150
LEFT, RIGHT, TOP, BOTTOM = 34, 4, 10, 28
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LABELS = 10
"""At most so many labels under the bars."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One rectangle of one series; ``title`` says what it counts."""

    x: float
    y: float
    width: float
    height: float
    tone: Tone
    title: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A text on an axis and where it stands."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """What to draw; y grows downward."""

    bars: tuple[Bar, ...]
    across: tuple[Mark, ...]
    up: tuple[Mark, ...]
    base: float


def drawing(chart: Chart) -> Drawing | None:
    """The chart's geometry, or None where every number is zero."""
    highest = max((sum(values) for values in zip(*(s.values for s in chart.series), strict=True)), default=0)
    if not highest:
        return None
    step = _step(highest)
    full = -(-highest // step) * step
    base, tall = HEIGHT - BOTTOM, HEIGHT - BOTTOM - TOP
    slot = (WIDTH - LEFT - RIGHT) / len(chart.labels)
    width = min(slot * 0.72, 40)
    bars = []
    for index, label in enumerate(chart.labels):
        below = 0
        for series in chart.series:
            value = series.values[index]
            if not value:
                continue
            x, y = LEFT + index * slot + (slot - width) / 2, base - (below + value) * tall / full
            height = value * tall / full
            bars.append(
                Bar(_r(x), _r(y), _r(width), _r(height), series.tone, f"{label}: {value} {series.name}")
            )
            below += value
    every = -(-len(chart.labels) // LABELS)
    across = tuple(
        Mark(_r(LEFT + (index + 0.5) * slot), _short(label))
        for index, label in enumerate(chart.labels)
        if index % every == 0
    )
    up = tuple(Mark(_r(base - n * tall / full), str(n)) for n in range(0, full + 1, step))
    return Drawing(tuple(bars), across, up, base)


def _short(label: str) -> str:
    """A date without its year; another label as it is."""
    return label[5:] if _DATE.fullmatch(label) else label


def _step(highest: int) -> int:
    """The distance between two lines: 1, 2 or 5 times a power of ten, so that there are at most five of them."""
    power = 1
    while True:
        for step in (1, 2, 5):
            if step * power * 5 >= highest:
                return step * power
        power *= 10


def _r(value: float) -> float:
    return round(value, 2)
