"""Junos's configuration text taken apart: curly braces, ``set`` lines, words and their quotes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

#: What a word may consist of without being quoted; whatever else is in it, Junos shows it in quotes.
_BARE = re.compile(r"[A-Za-z0-9_.:/*,~+-]+")

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<comment>/\*.*?\*/|\#[^\n]*)
  | (?P<quoted>"(?:[^"\\]|\\.)*")
  | (?P<mark>[{};\[\]])
  | (?P<word>[^\s{};\[\]"]+)
    """,
    re.VERBOSE | re.DOTALL,
)

TAGS = ("inactive", "active", "replace", "delete", "protect")


class Misspelt(Exception):
    """Text that is no configuration. ``line`` counts from 1, ``word`` is where it went wrong."""

    def __init__(self, message: str, line: int, word: str = "") -> None:
        self.message, self.line, self.word = message, line, word
        super().__init__(message)


@dataclass(slots=True)
class Written:
    """One statement as it was written: its words, what stands in its braces (None: it ended with a semicolon)."""

    words: tuple[str, ...]
    line: int
    tags: frozenset[str] = frozenset()
    block: list["Written"] | None = None
    values: tuple[str, ...] = field(default=())
    """What stood in brackets after the words."""


def quoted(word: str) -> str:
    """The word as Junos shows it."""
    if _BARE.fullmatch(word):
        return word
    return '"' + word.replace('"', '\\"') + '"'


def unquoted(token: str) -> str:
    """What a token says."""
    if token.startswith('"'):
        # Other marks stay as they are: Junos keeps a line break as it was typed, as a backslash and an n.
        return token[1:-1].replace('\\"', '"')
    return token


def split(line: str) -> list[str]:
    """The words of one line; brackets stand for themselves. Raises Misspelt."""
    return [unquoted(token) for kind, token, _ in _tokens(line) if kind != "comment"]


def read_text(text: str) -> list[Written]:
    """Configuration in curly braces. Raises Misspelt."""
    reader = _Reader()
    for kind, token, line in _tokens(text):
        if kind == "mark":
            reader.mark(token, line)
        elif kind != "comment":
            reader.word(unquoted(token), line)
    return reader.end()


class _Reader:
    """Statements as they come in. What is open is a stack of blocks."""

    def __init__(self) -> None:
        self._blocks: list[list[Written]] = [[]]
        self._words: list[str] = []
        self._values: list[str] | None = None
        self._begun = self._line = 1

    def word(self, word: str, line: int) -> None:
        """One more word of a statement, or a value of its list."""
        if not self._words:
            self._begun = line
        self._line = line
        (self._words if self._values is None else self._values).append(word)

    def mark(self, mark: str, line: int) -> None:
        """A brace, bracket or semicolon. Raises Misspelt where there must be none."""
        self._line = line
        match mark:
            case "[":
                self._values = []
            case "]":
                self._keep(values=self._values)
            case "{" if self._words:
                block: list[Written] = []
                self._keep(block=block)
                self._blocks.append(block)
            case ";":
                if self._words:
                    self._keep()
            case "}" if len(self._blocks) > 1 and not self._words:
                self._blocks.pop()
            case "}" if self._words:
                raise Misspelt("missing or invalid semicolon", line, self._words[0])
            case _:
                raise Misspelt("syntax error", line, mark)

    def end(self) -> list[Written]:
        """All statements at the top. Raises Misspelt where something was left open."""
        if len(self._blocks) > 1 or self._words:
            raise Misspelt("syntax error", self._line, self._words[-1] if self._words else "}")
        return self._blocks[0]

    def _keep(self, *, values: list[str] | None = None, block: list[Written] | None = None) -> None:
        self._blocks[-1].append(_written(self._words, self._begun, values=values, block=block))
        self._words, self._values = [], None


def _written(
    words: list[str], line: int, *, values: list[str] | None = None, block: list[Written] | None = None
) -> Written:
    tags = set()
    while words and words[0].endswith(":") and words[0][:-1] in TAGS:
        tags.add(words.pop(0)[:-1])
    return Written(
        words=tuple(words), line=line, tags=frozenset(tags), values=tuple(values or ()), block=block
    )


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    line, place = 1, 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise Misspelt("syntax error", line, text[place : place + 20].split("\n", maxsplit=1)[0])
        kind = str(match.lastgroup)
        if kind != "space":
            yield kind, match[0], line
        line += match[0].count("\n")
        place = match.end()
