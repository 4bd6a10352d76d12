"""Numbers as EOS writes them together, ``10,12-13``: VLANs, trusted keys of NTP, members of a confederation."""

import re
from collections.abc import Iterable

_LIST = re.compile(r"\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*")

Span = tuple[int, int]
"""The first and the last number of a range."""


def spans(text: str) -> list[Span]:
    """``12-13,10`` → (10, 10), (12, 13): in order, none touching another. Empty where the text is no such list."""
    if not _LIST.fullmatch(text):
        return []
    found = [
        (int(first), int(last or first)) for first, _, last in (p.partition("-") for p in text.split(","))
    ]
    return _united(found) if all(first <= last for first, last in found) else []


def _united(found: Iterable[Span]) -> list[Span]:
    united: list[Span] = []
    for first, last in sorted(found):
        if united and first <= united[-1][1] + 1:
            united[-1] = (united[-1][0], max(last, united[-1][1]))
        else:
            united.append((first, last))
    return united


def _written(found: Iterable[Span]) -> str:
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in found)


def one_spelling(text: str) -> str:
    """A list as EOS writes it; what is none as it is."""
    return _written(spans(text)) or text


def numbers(text: str, most: int = 4094) -> list[int]:
    """``10,12-13`` → 10, 12, 13. Empty where that is not what the text says, or one is above ``most``."""
    found = spans(text)
    if not found or found[-1][1] > most:
        return []
    return [number for first, last in found for number in range(first, last + 1)]


def ranges(values: Iterable[int]) -> str:
    """10, 12, 13 → ``10,12-13``."""
    return _written(_united((value, value) for value in values))
