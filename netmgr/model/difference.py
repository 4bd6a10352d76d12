"""Unified diffs of canonical configurations, with every secret hidden."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from netmgr.model.alignment import Edit, edits
from netmgr.model.base import Frozen

_CONTEXT = 3


class Difference(Frozen):
    """A redacted unified diff and its size in lines."""

    text: str
    added: int
    removed: int


NONE = Difference(text="", added=0, removed=0)


def hide_values(text: str, secrets: Mapping[str, str]) -> str:
    """``text`` with ``<secret:NAME>`` for each known value; the longest first, as one may hold another.

    What follows an ``@`` in a name tells several values of one secret apart, and is not shown.
    """
    for name, value in sorted(secrets.items(), key=lambda item: -len(item[1])):
        text = text.replace(value, f"<secret:{name.partition('@')[0]}>")
    return text


def difference(
    running: str, intended: str, *, secrets: Mapping[str, str], redact: Callable[[str], str]
) -> Difference:
    """What turns ``running`` into ``intended``; each hunk names the sections around its first line.

    The comparison sees the real values; what is shown does not, so a rotated secret is a line that changes from
    ``<secret…>`` to ``<secret:NAME>``. ``redact`` is the platform's own hiding of secrets that netmgr did not set,
    line by line.
    """
    if running == intended:
        return NONE
    old, new = running.splitlines(), intended.splitlines()
    found = list(edits(old, new))
    marks, lines = ["--- running", "+++ intended"], ["", ""]
    openers = _Openers(old)
    for hunk in _hunks(found):
        _write(hunk, old, new, marks, lines, openers)
    shown = map(str.__add__, marks, _hidden(lines, secrets, redact))
    return Difference(
        text=encodable("\n".join(shown) + "\n"),
        added=sum(j2 - j1 for _, _, j1, j2 in found),
        removed=sum(i2 - i1 for i1, i2, _, _ in found),
    )


def encodable(text: str) -> str:
    """``text`` with what is no character (half of a surrogate pair: a byte that was not UTF-8) escaped."""
    return text.encode("utf-8", "backslashreplace").decode()


def redact_unknown(line: str, secrets: Mapping[str, str], redact: Callable[[str], str]) -> str:
    """Let the platform hide what it knows to be a secret, unless the line's secret has a name of ours."""
    return line if any(value in line for value in secrets.values()) else redact(line)


def redacted(line: str, secrets: Mapping[str, str], redact: Callable[[str], str]) -> str:
    """One line of a configuration without its secret, whoever set it."""
    return encodable(hide_values(redact_unknown(line, secrets, redact), secrets))


def without_secrets(text: str, config: str, redact: Callable[[str], str]) -> str:
    """``text``, in which a device may quote a word of ``config`` anywhere, without any that ``redact`` hides there.

    What a device runs, or gets back, holds secrets that nobody named: only the platform tells which they are.
    """
    words: set[str] = set()
    for line in config.splitlines():
        if (shown := redact(line)) != line:
            words |= {word.strip("\"';") for word in set(line.split()) - set(shown.split())}
    for word in sorted(words - {""}, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", "<secret>", text)
    return text


def _hunks(found: Sequence[Edit]) -> Iterator[list[Edit]]:
    """Edits whose context lines would meet go together."""
    hunk: list[Edit] = []
    for edit in found:
        if hunk and edit[0] - hunk[-1][1] > 2 * _CONTEXT:
            yield hunk
            hunk = []
        hunk.append(edit)
    if hunk:
        yield hunk


def _write(
    hunk: Sequence[Edit],
    old: Sequence[str],
    new: Sequence[str],
    marks: list[str],
    lines: list[str],
    openers: "_Openers",
) -> None:
    first, last = hunk[0], hunk[-1]
    lead = min(_CONTEXT, first[0])
    begin, end = first[0] - lead, min(last[1] + _CONTEXT, len(old))
    other, other_end = first[2] - lead, last[3] + end - last[1]
    section = openers.around(begin)
    marks.append(f"@@ -{_range(begin, end)} +{_range(other, other_end)} @@{' ' if section else ''}")
    lines.append(section)
    at = begin
    for i1, i2, j1, j2 in hunk:
        marks.extend(" " * (i1 - at) + "-" * (i2 - i1) + "+" * (j2 - j1))
        lines.extend(old[at:i2])
        lines.extend(new[j1:j2])
        at = i2
    marks.extend(" " * (end - at))
    lines.extend(old[at:end])


class _Openers:
    """The lines that open the sections around a line, asked for from the top downward: no line is looked at twice."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._last = 0
        self._path: list[str] = []

    def around(self, number: int) -> str:
        """The outermost first; empty for a line at the top level."""
        if number >= len(self._lines):
            return ""
        own = self._lines[number]
        path, at, inside = [own], number, _blanks(own)
        while inside and at > self._last:
            at -= 1
            if not self._lines[at].startswith(inside):
                path.append(self._lines[at])
                inside = _blanks(self._lines[at])
        if inside:  # up to the line that was asked for last: what is around that one is known
            path += [line for line in reversed(self._path) if len(_blanks(line)) < len(inside)]
        self._last, self._path = number, path[::-1]
        return " / ".join(line.lstrip(" ") for line in self._path[:-1])


def _blanks(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" "))]


def _range(begin: int, end: int) -> str:
    """A range of lines as unified diffs write it."""
    size = end - begin
    return str(begin + 1) if size == 1 else f"{begin + (size > 0)},{size}"


def _hidden(lines: Sequence[str], secrets: Mapping[str, str], redact: Callable[[str], str]) -> list[str]:
    text = "\n".join(lines)
    if not any(value in text for value in secrets.values()):
        return redact(text).split("\n")
    return [redacted(line, secrets, redact) for line in lines]
