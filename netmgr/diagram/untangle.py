"""Moving things apart: no box lies on another, and no line runs through a box that it has no part in."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from netmgr.diagram.geometry import Box, Point, distance

_ROUNDS = 120
#: Pairs that are looked at in all.
_WORK = 400_000
#: How far a piece moves in a round, however many lines push it.
_STRIDE = 14.0
#: Lines times boxes up to which single pieces are put elsewhere, which costs the most.
_SMALL = 6_000


@dataclass(frozen=True, slots=True)
class Piece:
    """What moves as one: its size, and the boxes within it by name, relative to its centre."""

    size: Point
    inside: Mapping[str, Box]


def apart(
    pieces: Mapping[str, Piece],
    at: Mapping[str, Point],
    lines: Mapping[tuple[str, str], float],
    margin: float,
) -> dict[str, Point]:
    """Centres of the pieces, moved as little as it takes.

    ``lines`` join boxes within pieces, by name; the number is the room that a line's texts need between two pieces side
    by side. For large networks the work is bounded, and some overlaps may stay.
    """
    return _Table(pieces, at, lines, margin).settled()


class _Table:
    def __init__(
        self,
        pieces: Mapping[str, Piece],
        at: Mapping[str, Point],
        lines: Mapping[tuple[str, str], float],
        margin: float,
    ) -> None:
        self.pieces, self.margin = pieces, margin
        self.at = {name: [*at[name]] for name in pieces}
        self.home = {box: name for name, piece in pieces.items() for box in piece.inside}
        self.lines = sorted({(min(ends), max(ends)) for ends in lines})
        self.room: dict[tuple[str, str], float] = {}
        for ends, width in lines.items():
            a, b = sorted(self.home[end] for end in ends)
            if len(pieces[a].inside) == len(pieces[b].inside) == 1:
                self.room[a, b] = max(width, self.room.get((a, b), 0.0))

    def settled(self) -> dict[str, Point]:
        names, checks = list(self.pieces), len(self.lines) * len(self.home)
        for _ in range(min(_ROUNDS, _WORK // (checks + 1))):
            moved = self._cleared()
            if not self._unstacked(names) and not moved:
                break
        for _ in range(min(_ROUNDS, 4 * _WORK // (len(names) ** 2 + 1))):
            if not self._unstacked(names):
                break
        for _ in range(3 if checks <= _SMALL else 0):
            # What two forces hold in balance is put elsewhere.
            moves = [self._replaced(name) for name in names if self._wrongs(name) >= 10]
            if not any(moves):
                break
        return {name: (x, y) for name, (x, y) in self.at.items()}

    def _wrongs(self, name: str) -> int:
        """How wrong the piece is here: lines through its boxes, its own lines through others, pieces that it lies on.

        A line that only comes near counts a tenth.
        """
        where = {box: self._place(box) for box in self.home}
        count = 0
        for a, b in self.lines:
            start, end = (where[a].x, where[a].y), (where[b].x, where[b].y)
            own = name in (self.home[a], self.home[b])
            for box in self.home if own else self.pieces[name].inside:
                if box not in (a, b) and where[box].grown(self.margin / 6).crossed(start, end):
                    count += 10 if where[box].crossed(start, end) else 1
        here = self._whole(name).grown(self.margin / 3)
        others = (self._whole(other) for other in self.pieces if other != name)
        return count + 10 * sum(here.touches(other) for other in others)

    def _replaced(self, name: str) -> bool:
        """Put a piece at the nearest place around it where less is wrong."""
        x, y = self.at[name]
        best = self._wrongs(name)
        found = (x, y)
        for ring in range(1, 13):
            for number in range(12):
                angle = 2 * math.pi * number / 12
                self.at[name] = [x + ring * 25 * math.cos(angle), y + ring * 25 * math.sin(angle)]
                wrongs = self._wrongs(name)
                if wrongs < best:
                    best, found = wrongs, (self.at[name][0], self.at[name][1])
            if best < 10:
                break
        self.at[name] = [*found]
        return found != (x, y)

    def _unstacked(self, names: Sequence[str]) -> bool:
        moved = False
        for index, a in enumerate(names):
            (aw, ah), pa = self.pieces[a].size, self.at[a]
            for b in names[index + 1 :]:
                (bw, bh), pb = self.pieces[b].size, self.at[b]
                room = self.room.get((a, b) if a < b else (b, a), 0.0)
                dx = (aw + bw) / 2 + max(self.margin, room) - abs(pa[0] - pb[0])
                dy = (ah + bh) / 2 + self.margin - abs(pa[1] - pb[1])
                if dx <= 0.01 or dy <= 0.01:
                    continue
                moved = True
                # Along the axis where less is missing; of two at one place, the later goes right and down.
                axis, gap = (0, dx) if dx < dy else (1, dy)
                gap *= 0.5 if pa[axis] <= pb[axis] else -0.5
                pa[axis] -= gap
                pb[axis] += gap
        return moved

    def _place(self, box: str) -> Box:
        home = self.home[box]
        return self.pieces[home].inside[box].moved(*self.at[home])

    def _whole(self, name: str) -> Box:
        (x, y), (width, height) = self.at[name], self.pieces[name].size
        return Box(x, y, width, height)

    def _cleared(self) -> bool:
        """Move boxes off lines that they have no part in, across the line, and the line's ends the other way."""
        margin = self.margin / 3
        pushes: dict[str, list[float]] = {}
        where = {box: self._place(box) for box in self.home}
        for a, b in self.lines:
            start, end = (where[a].x, where[a].y), (where[b].x, where[b].y)
            length = distance(start, end)
            if length < 1:
                continue
            low, high = (
                (min(start[0], end[0]), min(start[1], end[1])),
                (max(start[0], end[0]), max(start[1], end[1])),
            )
            for box in self.home:
                seen = where[box]
                half = seen.width / 2 + margin, seen.height / 2 + margin
                if (
                    box in (a, b)
                    or not (low[0] - half[0] < seen.x < high[0] + half[0])
                    or not (low[1] - half[1] < seen.y < high[1] + half[1])
                    or not seen.grown(margin).crossed(start, end)
                ):
                    continue
                self._push(pushes, (a, b, box), seen, start, end, half)
        for name, (dx, dy) in pushes.items():
            stride = min(1.0, _STRIDE / max(math.hypot(dx, dy), 1e-6))
            self.at[name][0] += dx * stride
            self.at[name][1] += dy * stride
        return bool(pushes)

    def _push(
        self,
        pushes: dict[str, list[float]],
        names: tuple[str, str, str],
        seen: Box,
        start: Point,
        end: Point,
        half: Point,
    ) -> None:
        """Add what separates the box (the last of ``names``) from the line between the two others."""
        homes, home = [self.home[name] for name in names[:2]], self.home[names[2]]
        if homes[0] == homes[1] == home:
            return
        length = distance(start, end)
        across = (-(end[1] - start[1]) / length, (end[0] - start[0]) / length)
        off = (seen.x - start[0]) * across[0] + (seen.y - start[1]) * across[1]
        missing = abs(across[0]) * half[0] + abs(across[1]) * half[1] - abs(off)
        push = min(missing + 1, _STRIDE) * (1 if off >= 0 else -1)
        shares = {home: 0.6} if home not in homes else {}
        for other in homes:
            if other != home:
                shares[other] = -0.3 if home not in homes else -1.0
        for name, share in shares.items():
            total = pushes.setdefault(name, [0.0, 0.0])
            total[0] += across[0] * push * share
            total[1] += across[1] * push * share
