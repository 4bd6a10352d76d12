"""Lines that the inventory gives word for word: whether IOS keeps them, and keeps them in their section."""

import re
from collections.abc import Iterator

from netmgr.platforms.cli_tree import Line, read
from netmgr.platforms.form import VerbatimProblem
from netmgr.platforms.ios.canonical import DIALECT, hidden, not_configuration

TERMINATORS = frozenset(("end", "exit", "quit", "^Z", *DIALECT.ends.values()))
"""Lines that leave a section or end the configuration."""

_COMMANDS = re.compile(r"do .*|(?:show|ping|reload|write|copy|erase|delete|configure|clear|debug)(?: .*)?")


def verbatim_problems(section: tuple[str, ...], lines: tuple[str, ...]) -> Iterator[VerbatimProblem]:
    """Problems of ``lines`` in the section that the lines of ``section`` open."""
    inside_text = _verbatim(lines)
    for index, raw in enumerate(lines):
        line = raw.strip()
        if index in inside_text:
            continue
        if line in TERMINATORS:
            yield VerbatimProblem("lines", index, "ends its section; remove it")
        elif line.startswith("!") or (not section and not_configuration(line)):
            yield VerbatimProblem("lines", index, "is nothing that IOS keeps in its configuration; remove it")
        elif hidden(section[0] if section else "", line):
            yield VerbatimProblem("lines", index, "holds unless something else is said; remove it")
        elif not section and _COMMANDS.fullmatch(line):
            yield VerbatimProblem("lines", index, "runs a command and configures nothing; remove it")


def _verbatim(lines: tuple[str, ...]) -> frozenset[int]:
    """The indexes of lines that are the text of a banner or certificate."""
    found: set[int] = set()
    index = 0
    while index < len(lines):
        tree: list[Line] = read("\n".join(line or " " for line in lines[index:]), DIALECT)
        size = len(tree[0].block) if tree else 0
        found |= {*range(index + 1, index + 1 + size)}
        index += 1 + size
    return frozenset(found)
