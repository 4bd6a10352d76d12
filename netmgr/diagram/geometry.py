"""Boxes and lines on a plane. Units are pixels, y grows downward."""

import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its centre and size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def left(self) -> float:
        """The smallest x."""
        return self.x - self.width / 2

    @property
    def top(self) -> float:
        """The smallest y."""
        return self.y - self.height / 2

    def moved(self, dx: float, dy: float) -> "Box":
        """The box elsewhere."""
        return replace(self, x=self.x + dx, y=self.y + dy)

    def grown(self, by: float) -> "Box":
        """The box with a margin on each side."""
        return replace(self, width=self.width + 2 * by, height=self.height + 2 * by)

    def overlap(self, other: "Box") -> tuple[float, float]:
        """How far two boxes lie in each other, along x and y; they overlap where both are positive."""
        return (
            (self.width + other.width) / 2 - abs(self.x - other.x),
            (self.height + other.height) / 2 - abs(self.y - other.y),
        )

    def touches(self, other: "Box") -> bool:
        """Whether the boxes overlap."""
        dx, dy = self.overlap(other)
        return dx > 0 and dy > 0

    def border(self, toward: Point) -> Point:
        """Where the line from the centre to ``toward`` leaves the box."""
        dx, dy = toward[0] - self.x, toward[1] - self.y
        reach = max(abs(dx) / (self.width / 2), abs(dy) / (self.height / 2))
        return (self.x + dx / reach, self.y + dy / reach) if reach > 1 else toward

    def crossed(self, a: Point, b: Point) -> bool:
        """Whether the line from ``a`` to ``b`` goes through the box (Liang and Barsky's clipping, 1984)."""
        enter, leave = 0.0, 1.0
        dx, dy = b[0] - a[0], b[1] - a[1]
        for delta, low, high in (
            (dx, self.left - a[0], self.left + self.width - a[0]),
            (dy, self.top - a[1], self.top + self.height - a[1]),
        ):
            if abs(delta) < 1e-9:
                if low > 0 or high < 0:
                    return False
                continue
            first, last = sorted((low / delta, high / delta))
            enter, leave = max(enter, first), min(leave, last)
        return enter < leave


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box that holds all of them."""
    known = list(boxes)
    left, top = min(b.left for b in known), min(b.top for b in known)
    width = max(b.left + b.width for b in known) - left
    height = max(b.top + b.height for b in known) - top
    return Box(left + width / 2, top + height / 2, width, height)


def between(a: Point, b: Point, share: float) -> Point:
    """The point at ``share`` of the way from ``a`` to ``b``."""
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def distance(a: Point, b: Point) -> float:
    """The length of the line between two points."""
    return math.hypot(b[0] - a[0], b[1] - a[1])


def text_width(text: str, size: float) -> float:
    """How wide a text is at most, in a common sans-serif face: East Asian wide characters take a whole em."""
    return size * sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.6 for c in text)
