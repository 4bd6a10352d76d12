"""The difference of two canonical configurations as people read it: unified, each hunk naming its section."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

_HUNK = re.compile(r"@@ -(\d+)(?:,\d+)? ")


def unified(before: str, after: str, names: tuple[str, str] = ("running", "candidate")) -> str:
    """A unified diff with three lines of context; empty exactly when the texts are equal."""
    if before == after:
        return ""
    old, new = before.splitlines(), after.splitlines()
    return "\n".join(_with_sections(difflib.unified_diff(old, new, *names, lineterm=""), old))


def _with_sections(lines: Iterator[str], old: list[str]) -> Iterator[str]:
    for line in lines:
        hunk = _HUNK.match(line)
        yield f"{line} {_section(old, int(hunk[1]))}".rstrip() if hunk else line


def _section(old: list[str], number: int) -> str:
    """The line that opens the section in which line ``number`` (from 1) stands; empty at the top level."""
    at = number - 1
    while 0 <= at < len(old) and old[at].startswith(" "):
        at -= 1
    return old[at] if 0 <= at < number - 1 else ""
