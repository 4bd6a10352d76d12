"""Texts along the lines: subnets in the middle, interfaces at the ends, each where it lies on nothing else."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from netmgr.diagram.geometry import Box, Point, between, distance, text_width
from netmgr.diagram.network import Cable

LABEL_SIZE, PORT_SIZE = 10.0, 9.0
LABEL_HEIGHT = 1.2
_PARALLEL = 26.0
#: Shares of the line, from its middle outward; distances from the device's border; and how far beside the line.
_SHARES = tuple(0.5 + side * step * 0.035 for step in range(11) for side in (1, -1))
_FROM_BORDER = (3.0, 7.0, 12.0, 18.0, 25.0, 33.0, 42.0, 52.0)
_ASIDE = (0.0, 0.55, -0.55)


@dataclass(frozen=True, slots=True)
class Text:
    """One text in its box; several lines stand under each other."""

    lines: tuple[str, ...]
    box: Box
    kind: Literal["label", "port"]

    def moved(self, dx: float, dy: float) -> "Text":
        """The text elsewhere."""
        return replace(self, box=self.box.moved(dx, dy))


@dataclass(frozen=True, slots=True)
class Lettering:
    """A line for each cable, the texts, and how many of these lie on a device or on each other."""

    lines: tuple[tuple[Point, Point], ...]
    texts: tuple[Text, ...]
    crowded: int


def lettering(cables: Sequence[Cable], boxes: Mapping[str, Box], taken: Iterable[Box]) -> Lettering:
    """Lines between the devices' centres and the texts on their visible parts. ``taken`` boxes are kept free."""
    lines = _lines(cables, boxes)
    occupied = [*(box.grown(1) for box in boxes.values()), *taken]
    texts: list[Text] = []
    crowded = 0

    def put(
        words: tuple[str, ...], size: float, kind: Literal["label", "port"], places: Sequence[Point]
    ) -> None:
        nonlocal crowded
        width = max(text_width(word, size) for word in words) + 4
        height = len(words) * size * LABEL_HEIGHT + 2
        tried = [Box(x, y, width, height) for x, y in places]
        worst = [sum(_area(box, other) for other in occupied) for box in tried]
        best = min(range(len(tried)), key=worst.__getitem__)
        crowded += worst[best] > 0
        occupied.append(tried[best])
        texts.append(Text(words, tried[best], kind))

    visible = [_visible(cable, line, boxes) for cable, line in zip(cables, lines, strict=True)]
    # Ports first: they have fewer places. Then the labels, the shortest lines before the others.
    for cable, (a, b) in zip(cables, visible, strict=True):
        for port, near, far in ((cable.ports[0], a, b), (cable.ports[1], b, a)):
            put((port,), PORT_SIZE, "port", _beside(near, far, port))
    order = sorted(range(len(cables)), key=lambda index: distance(*visible[index]))
    for index in order:
        if cables[index].label:
            a, b = visible[index]
            put(cables[index].label, LABEL_SIZE, "label", _along(a, b, cables[index].label))
    return Lettering(tuple(lines), tuple(texts), crowded)


def _along(a: Point, b: Point, label: tuple[str, ...]) -> list[Point]:
    """Places for a link's label: on the line, from its middle outward, then beside it."""
    length = max(distance(a, b), 1.0)
    across = -(b[1] - a[1]) / length, (b[0] - a[0]) / length
    width, height = (
        max(text_width(line, LABEL_SIZE) for line in label),
        len(label) * LABEL_SIZE * LABEL_HEIGHT,
    )
    reach = abs(across[0]) * width + abs(across[1]) * height
    return [
        (x + across[0] * aside * reach, y + across[1] * aside * reach)
        for aside in _ASIDE
        for x, y in (between(a, b, share) for share in _SHARES)
    ]


def room(cable: Cable) -> float:
    """How long a line along the text must be for its texts to stand after each other."""
    words = [(line, LABEL_SIZE) for line in cable.label]
    widest = max((text_width(line, size) for line, size in words), default=0.0)
    return widest + sum(text_width(port, PORT_SIZE) for port in cable.ports) + 26


def _area(one: Box, other: Box) -> float:
    dx, dy = one.overlap(other)
    return dx * dy if dx > 0 and dy > 0 else 0.0


def _lines(cables: Sequence[Cable], boxes: Mapping[str, Box]) -> list[tuple[Point, Point]]:
    """A straight line for each cable; parallel ones side by side."""
    total = Counter(frozenset(cable.ends) for cable in cables)
    seen: Counter[frozenset[str]] = Counter()
    lines = []
    for cable in cables:
        pair = frozenset(cable.ends)
        a, b = (boxes[name] for name in sorted(cable.ends))
        length = max(distance((a.x, a.y), (b.x, b.y)), 1.0)
        shift = (seen[pair] - (total[pair] - 1) / 2) * _PARALLEL
        seen[pair] += 1
        dx, dy = -(b.y - a.y) / length * shift, (b.x - a.x) / length * shift
        first, second = (boxes[name] for name in cable.ends)
        lines.append(((first.x + dx, first.y + dy), (second.x + dx, second.y + dy)))
    return lines


def _visible(cable: Cable, line: tuple[Point, Point], boxes: Mapping[str, Box]) -> tuple[Point, Point]:
    """The part of a line that no end's box covers."""
    ends = [boxes[name] for name in cable.ends]
    moved = [Box(*point, box.width, box.height) for point, box in zip(line, ends, strict=True)]
    return moved[0].border(line[1]), moved[1].border(line[0])


def _beside(near: Point, far: Point, port: str) -> list[Point]:
    """Places for an interface's name: at the line's end, ever farther from the device."""
    length = max(distance(near, far), 1.0)
    dx, dy = (far[0] - near[0]) / length, (far[1] - near[1]) / length
    # Half of the text's box along the line, so that it begins at the device's border.
    half = min(
        (text_width(port, PORT_SIZE) + 4) / 2 / max(abs(dx), 1e-6),
        (PORT_SIZE * LABEL_HEIGHT + 2) / 2 / max(abs(dy), 1e-6),
    )
    reach = abs(dy) * text_width(port, PORT_SIZE) + abs(dx) * PORT_SIZE * LABEL_HEIGHT
    return [
        (near[0] + dx * (half + off) - dy * aside * reach, near[1] + dy * (half + off) + dx * aside * reach)
        for aside in _ASIDE
        for off in _FROM_BORDER
    ]
