"""How available something was, and how much of that is known."""

from dataclasses import dataclass
from typing import Final

ENOUGH: Final = 95
"""Percent of a period that must be measured; with less it is not measured."""


@dataclass(frozen=True, slots=True)
class Availability:
    """Of one device in one period, or of several together.

    ``seconds`` is how much of the period counts, ``up`` and ``down`` how much of that the device answered and did not
    answer; the rest is not known. ``exempt`` is how much of the period does not count. ``expected`` and ``taken`` are
    numbers of samples that count, ``answered`` of those that were answered.
    """

    seconds: int = 0
    up: int = 0
    down: int = 0
    expected: int = 0
    taken: int = 0
    answered: int = 0
    exempt: int = 0

    def __add__(self, other: "Availability") -> "Availability":
        return Availability(
            self.seconds + other.seconds,
            self.up + other.up,
            self.down + other.down,
            self.expected + other.expected,
            self.taken + other.taken,
            self.answered + other.answered,
            self.exempt + other.exempt,
        )

    @property
    def measured(self) -> bool:
        """Whether enough of what counts is known."""
        return self.seconds > 0 and (self.up + self.down) * 100 >= self.seconds * ENOUGH

    @property
    def percent(self) -> float | None:
        """How much of what is known it was up, never rounded up; None where too little is known."""
        return percent(self.up, self.up + self.down) if self.measured else None

    @property
    def share(self) -> float:
        """How much of what counts is known, in percent."""
        return percent(self.up + self.down, self.seconds)


def percent(part: int, whole: int) -> float:
    """In thousandths of a percent, rounded down: 99.999 is not 100."""
    return part * 100_000 // whole / 1000 if whole else 0.0
