"""Unified diffs of canonical configurations, with every secret hidden."""

import difflib
from collections.abc import Callable, Mapping

from netmgr.model.base import Frozen


class Difference(Frozen):
    """A redacted unified diff and its size in lines."""

    text: str
    added: int
    removed: int


def hide_values(text: str, secrets: Mapping[str, str]) -> str:
    """``text`` with ``<secret:NAME>`` for each known value; the longest first, as one may hold another."""
    for name, value in sorted(secrets.items(), key=lambda item: -len(item[1])):
        text = text.replace(value, f"<secret:{name}>")
    return text


def difference(
    running: str, intended: str, *, secrets: Mapping[str, str], redact: Callable[[str], str]
) -> Difference:
    """What turns ``running`` into ``intended``.

    The comparison sees the real values; what is shown does not, so a rotated secret is a line that changes from
    ``<secret…>`` to ``<secret:NAME>``. ``redact`` is the platform's own hiding of secrets that netmgr did not set.
    """
    if running == intended:
        return Difference(text="", added=0, removed=0)
    lines = list(
        difflib.unified_diff(running.splitlines(), intended.splitlines(), "running", "intended", lineterm="")
    )
    shown = [
        line if n < 2 or line.startswith("@@") else _shown(line, secrets, redact)
        for n, line in enumerate(lines)
    ]
    return Difference(
        text="".join(f"{line}\n" for line in shown),
        added=sum(line.startswith("+") for line in lines[2:]),
        removed=sum(line.startswith("-") for line in lines[2:]),
    )


def _shown(line: str, secrets: Mapping[str, str], redact: Callable[[str], str]) -> str:
    return line[:1] + hide_values(redact_unknown(line[1:], secrets, redact), secrets)


def redact_unknown(line: str, secrets: Mapping[str, str], redact: Callable[[str], str]) -> str:
    """Let the platform hide what it knows to be a secret, unless the line's secret has a name of ours."""
    return line if any(value in line for value in secrets.values()) else redact(line)
