"""Where things go: near what they are joined with, or as they stand on the map.

Distances in the picture follow wanted ones as well as a plane allows: stress majorisation (Gansner, Koren and North,
"Graph Drawing by Stress Majorization", 2004). It begins from given places, so that one network always gives one
picture.
"""

import math
from collections.abc import Mapping, Sequence

from netmgr.diagram.geometry import Point, distance

Edge = tuple[str, str]

#: Pairs that are looked at in all, so that the work for large networks stays bounded.
_WORK = 1_500_000
#: Far places come nearer than on a map, near ones farther apart: a city's routers need as much room as an ocean.
_FLATTENING = 0.75


def by_graph(
    names: Sequence[str], edges: Sequence[Edge], step: float, start: Mapping[str, Point]
) -> dict[str, Point]:
    """Joined ones about ``step`` apart, two links away twice that; ``start`` may give some a place to begin from."""
    hops = _hops(names, edges)
    ideal = {a: {b: hops[a][b] * step for b in names if a != b} for a in names}
    return _majorised({**_circle(names, edges, step), **start}, ideal)


def by_map(
    names: Sequence[str], edges: Sequence[Edge], known: Mapping[str, Point], step: float
) -> dict[str, Point]:
    """As on the map, with room for all; ``known`` are (longitude, latitude). Others are put beside their neighbours."""
    middle = math.cos(math.radians(sum(latitude for _, latitude in known.values()) / len(known)))
    at = {name: (longitude * middle, -latitude) for name, (longitude, latitude) in known.items()}
    joined = sorted(distance(at[a], at[b]) for a, b in edges if a in at and b in at and at[a] != at[b])
    unit = joined[len(joined) // 2] if joined else 1.0
    near = _neighbours(names, edges)
    centre = (sum(x for x, _ in at.values()) / len(at), sum(y for _, y in at.values()) / len(at))
    for number, name in enumerate(name for name in names if name not in known):
        beside = [at[other] for other in near[name] if other in at] or [centre]
        x, y = (sum(point[axis] for point in beside) / len(beside) for axis in (0, 1))
        away = math.atan2(y - centre[1], x - centre[0])
        # Outward from the middle; those of one neighbour side by side.
        angle = away + (number % 3 - 1) * 0.9
        at[name] = (x + unit * math.cos(angle), y + unit * math.sin(angle))
    ideal = {
        a: {b: step * max(distance(at[a], at[b]) / unit, 0.05) ** _FLATTENING for b in names if a != b}
        for a in names
    }
    scaled = {name: (x / unit * step, y / unit * step) for name, (x, y) in at.items()}
    return _majorised(scaled, ideal)


def _majorised(start: Mapping[str, Point], ideal: Mapping[str, Mapping[str, float]]) -> dict[str, Point]:
    at = {name: start[name] for name in ideal}
    if len(at) < 2:
        return at
    for _ in range(max(10, min(200, _WORK // len(at) ** 2))):
        for a, wanted in ideal.items():
            ax, ay = at[a]
            x = y = total = 0.0
            for b, far in wanted.items():
                bx, by = at[b]
                weight = far**-2
                share = far / max(math.hypot(ax - bx, ay - by), 1e-6)
                x += weight * (bx + (ax - bx) * share)
                y += weight * (by + (ay - by) * share)
                total += weight
            at[a] = (x / total, y / total)
    return at


def _circle(names: Sequence[str], edges: Sequence[Edge], step: float) -> dict[str, Point]:
    """On a circle, in an order in which neighbours come soon after each other."""
    radius, near, order = (
        step * max(len(names), 2) / (2 * math.pi),
        _neighbours(names, edges),
        dict[str, None](),
    )
    for name in sorted(names, key=lambda name: -len(near[name])):
        waiting = [name]
        while waiting:
            current = waiting.pop()
            if current not in order:
                order[current] = None
                waiting += reversed(near[current])
    angles = [2 * math.pi * number / len(names) - math.pi / 2 for number in range(len(names))]
    return {
        name: (radius * math.cos(angle), radius * math.sin(angle))
        for name, angle in zip(order, angles, strict=True)
    }


def _neighbours(names: Sequence[str], edges: Sequence[Edge]) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = {name: {} for name in names}
    for a, b in edges:
        found[a][b] = found[b][a] = None
    return {name: list(others) for name, others in found.items()}


def _hops(names: Sequence[str], edges: Sequence[Edge]) -> dict[str, dict[str, float]]:
    """Links between any two; parts that are not joined are a little farther apart than anything within them."""
    near = _neighbours(names, edges)
    found: dict[str, dict[str, float]] = {}
    for name in names:
        seen, front = {name: 0.0}, [name]
        while front:
            front = list(dict.fromkeys(other for one in front for other in near[one] if other not in seen))
            seen.update(dict.fromkeys(front, max(seen.values()) + 1))
        found[name] = seen
    farthest = max((depth for seen in found.values() for depth in seen.values()), default=0.0) + 1
    return {a: {b: found[a].get(b, farthest) for b in names} for a in names}
