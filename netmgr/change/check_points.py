"""What every check's judgement is made of: points that hold or not, now and before, and one verdict out of them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from netmgr.model.change import CheckStatus

_SHOWN = 3


class Point(NamedTuple):
    """One thing that a check looks at, and what is to be said of it where it does not hold.

    ``about`` is the other device that it speaks of, if it speaks of one.
    """

    holds: bool
    detail: str
    about: str = ""


Points = Mapping[str, Point]
"""By a key that is the same before and after the change."""


class Verdict(NamedTuple):
    """What is said of one device. Unless ``decisive``, a change does not go back for want of a measurement.

    ``about`` are the other devices that what failed speaks of.
    """

    status: CheckStatus
    detail: str
    decisive: bool = True
    about: frozenset[str] = frozenset()


def verdict(now: Points, before: Points, *, passed: str) -> Verdict:
    """Failed where a point does not hold; but what did not hold before is not the change's fault, and is pending.

    A key that is not in ``before`` is new, so the change answers for it.
    """
    broken: list[Point] = []
    standing: list[Point] = []
    for key, point in now.items():
        if not point.holds:
            excused = key in before and not before[key].holds
            (standing if excused else broken).append(point)
    if broken:
        about = frozenset(point.about for point in broken if point.about)
        return Verdict("failed", _listed(broken), about=about)
    if standing:
        return Verdict("pending", f"{_listed(standing)} (was so before)")
    return Verdict("passed", passed)


def not_measured(why: str, *, decisive: bool = True) -> Verdict:
    """Nothing can be said. A required check that cannot be measured does not hold."""
    return Verdict("not_measured", why, decisive)


def _listed(points: Sequence[Point]) -> str:
    every = [point.detail for point in points]
    rest = f"; and {len(every) - _SHOWN} more" if len(every) > _SHOWN else ""
    return "; ".join(every[:_SHOWN]) + rest
