"""Entries of the log by their numbers, as readers look them up."""

from collections.abc import Iterable

MOST = 12
"""More runs of numbers than these are on no page; programs get all of them."""


def ranges(seqs: Iterable[int]) -> str | None:
    """``12-14, 20``: runs of numbers; None for none."""
    runs: list[list[int]] = []
    for seq in sorted(set(seqs)):
        if runs and runs[-1][1] == seq - 1:
            runs[-1][1] = seq
        else:
            runs.append([seq, seq])
    said = [str(first) if first == last else f"{first}-{last}" for first, last in runs[:MOST]]
    return ", ".join([*said, "…"] if len(runs) > MOST else said) or None


def exact(seqs: Iterable[int]) -> tuple[str, ...]:
    """All of them, for programs."""
    return tuple(map(str, sorted(set(seqs))))
