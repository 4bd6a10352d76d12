"""Which lines of two canonical configurations correspond, in time that grows with their length only.

A canonical configuration names each line once in its section, and keeps all sections in one order. So sections are
matched by the line that opens them, and lines inside a section by themselves: a table look-up for each, where a
general comparison searches. Text that is not so (a repeated line, another order) is compared by difflib.
"""

import difflib
from collections.abc import Iterator, Sequence

Edit = tuple[int, int, int, int]
"""(i1, i2, j1, j2): lines i1 to i2 of the old text give way to lines j1 to j2 of the new one."""


def edits(old: Sequence[str], new: Sequence[str]) -> Iterator[Edit]:
    """What turns ``old`` into ``new``, in order; edits do not overlap."""
    starts, others = [*_heads(old), len(old)], [*_heads(new), len(new)]
    at, to = 0, 0
    for p, q in _aligned([old[n] for n in starts[:-1]], [new[n] for n in others[:-1]]):
        begin, end, other_begin, other_end = starts[p], starts[p + 1], others[q], others[q + 1]
        if old[begin:end] == new[other_begin:other_end]:
            if at < begin or to < other_begin:
                yield at, begin, to, other_begin
        else:
            head, tail = begin + 1, end
            other_head, other_tail = other_begin + 1, other_end
            while head < tail and other_head < other_tail and old[head] == new[other_head]:
                head, other_head = head + 1, other_head + 1
            while head < tail and other_head < other_tail and old[tail - 1] == new[other_tail - 1]:
                tail, other_tail = tail - 1, other_tail - 1
            if at < begin or to < other_begin:
                yield at, begin, to, other_begin
            yield from _inside(old[head:tail], new[other_head:other_tail], head, other_head)
        at, to = end, other_end
    if at < len(old) or to < len(new):
        yield at, len(old), to, len(new)


def _inside(old: Sequence[str], new: Sequence[str], begin: int, other_begin: int) -> Iterator[Edit]:
    """The edits between two parts that begin at the given lines, with neither a first nor a last line in common."""
    at = to = 0
    if len(old) > 1 or len(new) > 1:
        for i, j in _aligned(old, new):
            if at < i or to < j:
                yield begin + at, begin + i, other_begin + to, other_begin + j
            at, to = i + 1, j + 1
    yield begin + at, begin + len(old), other_begin + to, other_begin + len(new)


def _heads(lines: Sequence[str]) -> list[int]:
    """The place of each line that stands at the top level, and of the first line in any case."""
    # The blank is the first character that prints: whatever does not begin with it compares as greater.
    found = [at for at, line in enumerate(lines) if line >= "!"]
    return found if not lines or found[:1] == [0] else [0, *found]


def _aligned(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The places of equal lines, both growing."""
    places = {line: place for place, line in enumerate(new)}
    if len(places) == len(new):
        found = [(place, places[line]) for place, line in enumerate(old) if line in places]
        others = [other for _, other in found]
        if others == sorted(set(others)):
            return found
    blocks = difflib.SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return [(i + n, j + n) for i, j, size in blocks for n in range(size)]
