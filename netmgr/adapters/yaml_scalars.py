"""Plain (unquoted) YAML scalars: what they mean, and the traps where YAML 1.1 and 1.2 disagree.

YAML 1.1 (https://yaml.org/type/) reads ``no`` as false, ``010`` as eight, ``22:00`` as 1320 and ``2026-01-31`` as a
date; YAML 1.2 (https://yaml.org/spec/1.2.2/, 10.3) reads text or other numbers. Tools disagree with each other, so such
a scalar is refused unless it is quoted. What both read alike is taken: true, false, null, decimal numbers, text.
"""

import re
from functools import lru_cache

from netmgr.model.origins import Doubtful

_WORDS = {
    "true": True, "True": True, "TRUE": True,
    "false": False, "False": False, "FALSE": False,
    "null": None, "Null": None, "NULL": None,
}  # fmt: skip
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)\Z")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+\Z")
#: Longer than any number that an inventory can mean (64 bits have at most 20 digits).
_DIGITS = 20

_TRUTH = re.compile(r"(?:y|yes|n|no|on|off)\Z", re.IGNORECASE)
_BASE_60 = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-9]+)+(?:\.[0-9_]*)?\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt \t].*)?\Z", re.DOTALL)
_NUMBER = re.compile(
    r"[-+]?(?:0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|[0-9_]*[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?"
    r"|\.[0-9_]+(?:[eE][-+]?[0-9]+)?|\.inf|\.Inf|\.INF|\.nan|\.NaN|\.NAN)\Z"
)


@lru_cache(maxsize=16384)
def plain(text: str) -> tuple[object, str | None]:
    """(value, None), or (Doubtful text, what is wrong and what to do) for a scalar that must be quoted."""
    if text in _WORDS:
        return _WORDS[text], None
    if _INTEGER.match(text) and text != "-0" and len(text) <= _DIGITS:
        return int(text), None
    if _DECIMAL.match(text) and len(text) <= _DIGITS:
        return float(text), None
    trap = _trap(text)
    return (Doubtful(text), trap) if trap else (text, None)


def _trap(text: str) -> str | None:
    if text in ("", "~"):
        return (
            'the value is missing; write null to remove an inherited value, or "", {} or [] for an empty one'
        )
    shown = text if len(text) <= 40 else f"{text[:40]}…"
    if _TRUTH.match(text):
        return f'{shown} is true or false in YAML 1.1 and text in 1.2; write "{shown}" in quotes, or true or false'
    if _BASE_60.match(text):
        return f'{shown} is a number to base 60 in YAML 1.1 and text in 1.2; write "{shown}" in quotes'
    if _DATE.match(text):
        return f'{shown} is a date in YAML 1.1 and text in 1.2; write "{shown}" in quotes'
    if _NUMBER.match(text):
        return f'YAML versions read the number {shown} differently; write "{shown}" in quotes, or a decimal number'
    if text in ("=", "<<"):
        return f'{shown} has a special meaning in YAML 1.1; write "{shown}" in quotes'
    return None
