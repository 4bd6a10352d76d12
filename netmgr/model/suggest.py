"""The end of an error message about an unknown word: what was probably meant, or what there is."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``did you mean 'x'?``, or the list of what is known where nothing is close."""
    candidates = list(known)
    close = get_close_matches(word, candidates, 1, 0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    if not candidates:
        return "there are none"
    return f"known are {', '.join(candidates[:20])}{' …' if len(candidates) > 20 else ''}"
