"""The end of an error message about an unknown word: what was probably meant, or what there is."""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache


@lru_cache(maxsize=1024)
def _closest(word: str, known: tuple[str, ...]) -> str | None:
    return next(iter(get_close_matches(word, known, 1, 0.6)), None)


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that looks most like ``word``, if any does."""
    return _closest(word, tuple(known))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``did you mean 'x'?``, or the list of what is known where nothing is close."""
    candidates = tuple(known)
    close = closest(word, candidates)
    if close:
        return f"did you mean {close!r}?"
    if not candidates:
        return "there are none"
    return f"known are {', '.join(candidates[:20])}{' …' if len(candidates) > 20 else ''}"
