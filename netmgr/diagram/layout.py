"""A network's picture as boxes, lines and texts on a plane: everything has its place, nothing has a colour yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from netmgr.diagram.arrange import by_graph, by_map
from netmgr.diagram.geometry import Box, Point, around, text_width
from netmgr.diagram.labels import Text, lettering, room
from netmgr.diagram.network import Network, Node
from netmgr.diagram.untangle import Piece, apart

NAME_SIZE, LINE_SIZE, TITLE_SIZE = 14.0, 11.0, 12.0
LINE_HEIGHT = 1.3
_PADDING, _FRAME, _MARGIN = 9.0, 20.0, 30.0

#: Above this many devices two gaps are tried, and some crowding is accepted.
_LARGE = 60
#: Gaps that are tried until no text lies on another, and no line runs through a device.
_GAPS = (50.0, 70.0, 85.0, 100.0, 120.0, 145.0, 180.0)


@dataclass(frozen=True, slots=True)
class Layout:
    """The picture's size, device → box, site → frame (where several devices stand), and the lines with their texts.

    ``subtitles`` are names of sites that need no frame, by device. ``crowded`` counts texts that lie on
    something, and devices that a line of others runs through.
    """

    width: float
    height: float
    boxes: Mapping[str, Box]
    frames: Mapping[str, Box]
    subtitles: Mapping[str, str]
    lines: Sequence[tuple[Point, Point]]
    texts: Sequence[Text]
    crowded: int


def layout(network: Network) -> Layout:
    """The picture with the smallest gaps that leave room for every text."""
    best = _Drawing(network, _GAPS[0]).drawn()
    for gap in _GAPS[1:] if len(network.nodes) <= _LARGE else _GAPS[3:4]:
        if not best.crowded:
            break
        drawn = _Drawing(network, gap).drawn()
        if drawn.crowded < best.crowded:
            best = drawn
    return best


class _Drawing:
    """One attempt. An item is a site where several devices stand, or a device alone."""

    def __init__(self, network: Network, gap: float) -> None:
        self.network, self.gap = network, gap
        self.items = _items(network)
        self.item_of = {name: item for item, names in self.items.items() for name in names}
        self.subtitles = _subtitles(network, self.items)
        self.sizes = {node.name: _size(node, self.subtitles.get(node.name)) for node in network.nodes}
        self.ends = [cable.ends for cable in network.cables]
        self.room = {cable.ends: room(cable) for cable in network.cables}

    def drawn(self) -> Layout:
        boxes, frames = self._placed() if self.items else ({}, {})
        written = lettering(self.network.cables, boxes, [self._title(site, f) for site, f in frames.items()])
        whole = [*boxes.values(), *frames.values(), *(text.box for text in written.texts)]
        everything = around(whole) if whole else Box(0, 0, 300, 40)
        dx, dy = _MARGIN - everything.left, _MARGIN - everything.top
        return Layout(
            width=everything.width + 2 * _MARGIN,
            height=everything.height + 2 * _MARGIN,
            boxes={name: box.moved(dx, dy) for name, box in boxes.items()},
            frames={name: frame.moved(dx, dy) for name, frame in frames.items()},
            subtitles=self.subtitles,
            lines=[((a[0] + dx, a[1] + dy), (b[0] + dx, b[1] + dy)) for a, b in written.lines],
            texts=[text.moved(dx, dy) for text in written.texts],
            crowded=written.crowded + self._run_through(boxes, written.lines),
        )

    def _run_through(self, boxes: Mapping[str, Box], lines: Sequence[tuple[Point, Point]]) -> int:
        return sum(
            name not in ends and box.crossed(*line)
            for ends, line in zip(self.ends, lines, strict=True)
            for name, box in boxes.items()
        )

    def _placed(self) -> tuple[dict[str, Box], dict[str, Box]]:
        pieces = {item: self._piece(names, {}) for item, names in self.items.items()}
        edges = list(dict.fromkeys((self.item_of[a], self.item_of[b]) for a, b in self.ends))
        edges = [(a, b) for a, b in edges if a != b]
        across = [max(piece.size) for piece in pieces.values()]
        # Far enough apart from the beginning that what follows moves little.
        step = 1.6 * self.gap + sum(across) / len(across)
        known = self._positions()
        names = list(pieces)
        mapped = len(known) * 2 > len(names)
        at = by_map(names, edges, known, step) if mapped else by_graph(names, edges, step, {})
        # Now that it is known who stands where, sites turn their devices towards what these are joined with.
        pieces = {item: self._piece(inside, at) for item, inside in self.items.items()}
        at = apart(pieces, at, self.room, self.gap * 0.7)
        boxes = {
            name: box.moved(*at[item]) for item, piece in pieces.items() for name, box in piece.inside.items()
        }
        frames = {
            item.removeprefix("site "): Box(*at[item], *piece.size)
            for item, piece in pieces.items()
            if len(piece.inside) > 1
        }
        return boxes, frames

    def _piece(self, names: Sequence[str], at: Mapping[str, Point]) -> Piece:
        """A site's devices within its frame, beginning where ``at`` (of all items) pulls them; a device alone."""
        if len(names) == 1:
            return Piece(self.sizes[names[0]], {names[0]: Box(0, 0, *self.sizes[names[0]])})
        edges = [ends for ends in self.ends if set(ends) <= set(names)]
        step = self.gap + max(self.sizes[name][0] for name in names)
        rough = by_graph(names, edges, step, self._pulled(names, at, step) if at else {})
        alone = {name: Piece(self.sizes[name], {name: Box(0, 0, *self.sizes[name])}) for name in names}
        settled = apart(alone, rough, {ends: self.room[ends] for ends in edges}, self.gap * 0.7)
        boxes = {name: Box(*settled[name], *self.sizes[name]) for name in names}
        inner, title = around(boxes.values()).grown(_FRAME), TITLE_SIZE * 1.6
        return Piece(
            (inner.width, inner.height + title),
            {name: box.moved(-inner.x, -inner.y + title / 2) for name, box in boxes.items()},
        )

    def _pulled(self, names: Sequence[str], at: Mapping[str, Point], step: float) -> dict[str, Point]:
        """Each device that has links to elsewhere, on the side where these lead."""
        x, y = at[self.item_of[names[0]]]
        found: dict[str, Point] = {}
        for number, name in enumerate(names):
            far = [
                at[self.item_of[other]]
                for ends in self.ends
                for own, other in (ends, ends[::-1])
                if own == name and other not in names
            ]
            if far:
                dx, dy = sum(p[0] for p in far) / len(far) - x, sum(p[1] for p in far) / len(far) - y
                length = max(abs(dx), abs(dy), 1.0)
                # No two begin at one place.
                found[name] = (dx / length * step, dy / length * step + number * 0.1 * step)
        return found

    def _positions(self) -> dict[str, Point]:
        known = {place.id: place.position for place in self.network.places if place.position}
        sites = {node.name: node.place or "" for node in self.network.nodes}
        found = {item: known.get(sites[names[0]]) for item, names in self.items.items()}
        return {item: position for item, position in found.items() if position}

    def _title(self, site: str, frame: Box) -> Box:
        """Where a frame's title stands."""
        width = text_width(next((p.title for p in self.network.places if p.id == site), site), TITLE_SIZE)
        return Box(frame.left + 10 + width / 2, frame.top + TITLE_SIZE, width, TITLE_SIZE * 1.3)


def _items(network: Network) -> dict[str, list[str]]:
    at: dict[str, list[str]] = {}
    for node in network.nodes:
        at.setdefault(f"site {node.place}" if node.place else node.name, []).append(node.name)
    return {item if len(names) > 1 else names[0]: names for item, names in at.items()}


def _subtitles(network: Network, items: Mapping[str, Sequence[str]]) -> dict[str, str]:
    titles = {place.id: place.title for place in network.places}
    return {
        node.name: titles[node.place]
        for node in network.nodes
        if node.name in items and node.place in titles and titles[node.place] != node.name
    }


def _size(node: Node, subtitle: str | None) -> Point:
    small = [*node.lines, *([subtitle] if subtitle else [])]
    widths = [text_width(node.name, NAME_SIZE) * 1.05, *(text_width(line, LINE_SIZE) for line in small)]
    height = (NAME_SIZE + len(small) * LINE_SIZE) * LINE_HEIGHT
    return max(widths) + 2 * _PADDING, height + 2 * _PADDING
