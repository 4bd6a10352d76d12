"""Lines that the inventory gives word for word: whether EOS keeps them, and keeps them in their section."""

import re
from collections.abc import Iterator

from netmgr.platforms.form import VerbatimProblem

TERMINATORS = frozenset(("exit", "end", "abort", "commit", "quit"))
#: What runs, instead of configuring: EOS takes such lines in the middle of a configuration.
_RUNNING = re.compile(
    r"(?:do|show|bash|copy|write|reload|configure|rollback|clear|delete|ping|traceroute|run)(?: .*)?"
)
_TEXT = re.compile(r"banner (?:login|motd)|comment|action bash|protocol https certificate|code(?: unit \S+)?")


def verbatim_problems(section: tuple[str, ...], lines: tuple[str, ...]) -> Iterator[VerbatimProblem]:
    """Problems of ``lines`` in the section that the lines of ``section`` open, from the outside in.

    EOS takes a line that its section does not know as one of the sections around it, as long as one of them knows it.
    """
    for index, line in enumerate(section):
        if problem := _problem(line.strip()):
            yield VerbatimProblem("section", index, problem)
    for index, line in enumerate(lines):
        if problem := _problem(line.strip()):
            yield VerbatimProblem("lines", index, problem)


def _problem(line: str) -> str | None:
    if line in TERMINATORS:
        return "ends its section; remove it"
    if line.startswith("!") and not line.startswith("!!"):
        return "is a comment, which EOS does not keep; remove it"
    if _TEXT.fullmatch(line):
        return "takes lines of text after it, which cannot stand here; remove it"
    if _RUNNING.fullmatch(line):
        return "runs a command and configures nothing; remove it"
    return None
