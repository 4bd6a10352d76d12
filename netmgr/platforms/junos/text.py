"""Junos configuration text in either of its forms, braces or ``set`` commands, read as the same statements.

Syntax: Junos OS CLI User Guide, "Junos OS Configuration Hierarchy" and ``show configuration | display set``.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

Action = Literal["set", "deactivate", "activate", "protect", "unprotect", "delete"]
Path = tuple[str, ...]
Statement = tuple[Action, Path]
"""What is done with the statement at a path. Words are without their quotes, as they stand between them."""

_ACTIONS: tuple[Action, ...] = ("set", "deactivate", "activate", "protect", "unprotect", "delete")
_KNOWN: dict[str, Action] = {action: action for action in _ACTIONS}
_COMMAND = re.compile(rf"\s*(?:{'|'.join(_ACTIONS)})\s")
#: What a session prints around a configuration, and comments: no configuration.
_AROUND = re.compile(r"\s*(?:#.*|/\*.*\*/\s*|\{\w+(?::[^{}]*)?\}\s*|\[edit.*\]\s*|\S+@\S+[>#].*)?")
_TOKEN = re.compile(
    r'\s+|/\*.*?\*/|#[^\n]*|(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<mark>[{};\[\]])|(?P<word>[^\s"{};\[\]]+)',
    re.DOTALL,
)
_SET_WORD = re.compile(r'\s+|(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<word>[^\s"]+)')
_TAGS: dict[str, Action] = {"inactive:": "deactivate", "protect:": "protect"}
#: Statements with one value: who deactivates one names the statement, not the value.
_SINGLE = frozenset(
    (
        *(
            "description",
            "mtu",
            "host-name",
            "domain-name",
            "time-zone",
            "vlan-id",
            "peer-as",
            "local-address",
        ),
        *("router-id", "autonomous-system", "metric", "local-preference", "hold-time", "type", "cluster"),
        *("native-vlan-id", "location", "contact", "message", "authentication-key", "encrypted-password"),
    )
)
#: Statements that stand on one line in braces with all that they say, and in several commands: beginning, how many
#: words name the statement, and how many follow each word of its own.
_ONE_LINE: tuple[tuple[Path, int, dict[str, int]], ...] = (
    (("system", "ntp", "authentication-key"), 1, {"type": 1, "value": 1}),
    (("system", "ntp", "server"), 1, {"key": 1, "version": 1, "prefer": 0, "routing-instance": 1}),
    (("routing-options", "confederation"), 0, {"members": 1}),
)
_ONE_LINE_SECOND = {beginning[1:2] for beginning, _, _ in _ONE_LINE}
_PLAIN = re.compile(r"[^\s\"{};\[\]()#$&|\\'`,]+")


def statements(text: str) -> Iterator[Statement]:
    """Every statement, in the text's own order. Raises ValueError, with the line, for what is no configuration."""
    first = next((line for line in text.splitlines() if not _AROUND.fullmatch(line)), "")
    for action, path in _commands(text) if _COMMAND.match(first) else _braces(text):
        yield from ((action, part) for part in _apart(path))


def _apart(path: Path) -> Iterator[Path]:
    for beginning, names, following in _ONE_LINE if path[1:2] in _ONE_LINE_SECOND else ():
        if path[: len(beginning)] == beginning:
            here, rest = path[: len(beginning) + names], path[len(beginning) + names :]
            if not rest:
                yield path
            while rest:
                count = 1 + following.get(rest[0], 0 if rest[0].isdecimal() else len(rest))
                yield here + rest[:count]
                rest = rest[count:]
            return
    yield path


@lru_cache(maxsize=65536)
def quoted(word: str) -> str:
    """A word as it is written: in quotes where Junos would else see several, or none."""
    return word if _PLAIN.fullmatch(word) else f'"{word}"'


def words(line: str) -> Path:
    """The words of one command. Raises ValueError."""
    if '"' not in line:
        return tuple(line.split())
    found, at = [], 0
    while at < len(line):
        match = _SET_WORD.match(line, at)
        if match is None:
            raise ValueError("a quotation mark is never closed")
        at = match.end()
        if match["quoted"] is not None:
            found.append(match["quoted"][1:-1])
        elif match["word"] is not None:
            found.append(match["word"])
    return tuple(found)


def _commands(text: str) -> Iterator[Statement]:
    for number, line in enumerate(text.splitlines(), 1):
        if _AROUND.fullmatch(line):
            continue
        try:
            yield command(line)
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from None


def command(line: str) -> Statement:
    """One command of a configuration. Raises ValueError."""
    found = words(line)
    action = _KNOWN.get(found[0]) if found else None
    if action is None or len(found) < 2:
        raise ValueError("begins with none of set, deactivate and protect, or says nothing more")
    if "[" in found:
        raise ValueError("has a list in brackets; write a command for each of its values")
    return action, found[1:]


def _braces(text: str) -> Iterator[Statement]:
    """Statements of the form with braces; a list in brackets is a statement for each of its values."""
    around: list[Path] = []
    here: list[str] = []
    tags: list[Action] = []
    values: list[str] | None = None
    listing = False
    for mark, word, at in _tokens(text):
        if not mark:
            if word in _TAGS and not here:
                tags.append(_TAGS[word])
            else:
                (values if listing and values is not None else here).append(word)
            continue
        above = tuple(part for path in around for part in path)
        if word == "[" and here and values is None:
            values, listing = [], True
        elif word == "]" and listing:
            listing = False
        elif word == ";" and here and not listing:
            yield from _statement(above, tuple(here), values)
            yield from ((tag, above + _named(here)) for tag in tags)
            here, tags, values = [], [], None
        elif word == "{" and here and values is None:
            around.append(tuple(here))
            yield "set", above + tuple(here)
            yield from ((tag, above + tuple(here)) for tag in tags)
            here, tags = [], []
        elif word == "}" and around and not here and not listing:
            around.pop()
        else:
            raise ValueError(f"line {_line(text, at)}: {word!r} is not expected there")
    if around or here:
        raise ValueError("the text ends in the middle of a statement")


def _statement(above: Path, here: Path, values: list[str] | None) -> Iterator[Statement]:
    if values is None:
        yield "set", above + here
    else:
        yield from (("set", (*above, *here, value)) for value in values)


def _named(here: list[str]) -> Path:
    return tuple(here[:1] if len(here) == 2 and here[0] in _SINGLE else here)


def _tokens(text: str) -> Iterator[tuple[bool, str, int]]:
    """(whether it is a mark, the mark or the word, where it stands)."""
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"line {_line(text, at)}: a quotation mark is never closed")
        if match["quoted"] is not None:
            yield False, match["quoted"][1:-1].replace("\n", "\\n"), at
        elif match["word"] is not None:
            yield False, match["word"], at
        elif match["mark"] is not None:
            yield True, match["mark"], at
        at = match.end()


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
