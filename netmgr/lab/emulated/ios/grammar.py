"""How IOS reads a line: command syntaxes are data, words may be cut short, and what is wrong has IOS's own words.

A syntax is written as Cisco's command references write it: ``ip address A.B.C.D MASK [secondary]``, with ``(a|b)`` for
a choice and capital letters, or ``<1-4094>``, for what is filled in. Two marks are ours. ``!`` stands behind the words
that name a setting with one value: the next line with these words replaces this one. ``~`` stands behind the words
that name an object: ``no`` may stop there and takes all its lines away, which are shown together.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from netmgr.lab.emulated.ios.parameters import Parameter, parameter

Polarity = Literal["plain", "both", "on", "fixed", "unshown"]
"""What ``no`` leaves: nothing; a line of its own (``both``); such a line, where the setting itself is the default and
not shown (``on``). ``fixed`` lines stay whatever is said, ``unshown`` ones are never shown."""

#: Lines that a mode keeps understood: those of many devices are mostly the same.
_REMEMBERED = 4096
_ELEMENT = re.compile(r"[()\[\]|!~]|[^\s()\[\]|!~]+")


@dataclass(frozen=True, slots=True)
class Command:
    """One syntax of a mode. ``order`` is its place among the mode's: the device shows its lines in this order."""

    syntax: str
    order: int
    enters: str | None = None
    polarity: Polarity = "plain"


@dataclass(frozen=True, slots=True)
class Accepted:
    """A line that was understood. ``words`` are written out; the first ``key`` of them name the setting, the first
    ``group`` the object that it belongs to (0: none). ``complete`` is False where ``no`` stopped early."""

    command: Command
    words: tuple[str, ...]
    key: int
    group: int
    complete: bool = True

    @property
    def text(self) -> str:
        """The line as the device shows it."""
        return " ".join(self.words)


class Misread(Exception):
    """A line that is not understood; ``offset`` is where in it, for ``invalid``."""

    def __init__(self, why: Literal["invalid", "incomplete", "ambiguous"], offset: int = 0) -> None:
        self.why, self.offset = why, offset
        super().__init__(why)

    def answer(self, line: str, indent: int) -> str:
        """What IOS prints. ``indent`` is the width of the prompt that stands before the line."""
        if self.why == "incomplete":
            return "% Incomplete command.\n"
        if self.why == "ambiguous":
            return f'% Ambiguous command:  "{line}"'
        return f"{' ' * (indent + self.offset)}^\n% Invalid input detected at '^' marker.\n"


@dataclass(slots=True)
class _Place:
    """Where a line may have come to within a syntax: what can follow."""

    keywords: list[tuple[str, "_Place"]] = field(default_factory=list)
    parameters: list[tuple[str, Parameter, "_Place"]] = field(default_factory=list)
    free: list[tuple[str, "_Place"]] = field(default_factory=list)
    """Places that are reached without a word, each with the mark that is passed on the way, if any."""
    end: Command | None = None
    stop: Command | None = None
    """Where ``no`` may stop: behind the words that name a setting or an object."""


@dataclass(frozen=True, slots=True)
class _Thread:
    """One of the ways in which the words up to here can be understood."""

    place: _Place
    key: int = 0
    group: int = 0


class Grammar:
    """The commands of one mode. ``read`` understands a line or raises Misread."""

    def __init__(self, commands: Iterable[Command]) -> None:
        start = _Place()
        for command in commands:
            begin = _Place()
            start.free.append(("", begin))
            _laid(begin, iter(_ELEMENT.findall(command.syntax)), command).end = command
        self._start = _opened([_Thread(start)], 0)
        self._by_letter: dict[str, tuple[_Thread, ...]] = {}
        self._understood: dict[tuple[str, bool], Accepted] = {}

    def read(self, line: str, *, negated: bool = False) -> Accepted:
        """Understand ``line``; ``negated`` ones may stop behind the words that name something."""
        if known := self._understood.get((line, negated)):
            return known
        words = [(match.group(), match.start()) for match in re.finditer(r"\S+", line)]
        reader = _Reader([word for word, _ in words], line, negated)
        if found := reader.follow(self._beginning(line.lstrip()[:1].lower()), 0, ()):
            if len(self._understood) < _REMEMBERED:
                self._understood[line, negated] = found
            return found
        raise Misread(reader.why, words[reader.farthest][1] if reader.farthest < len(words) else len(line))

    def _beginning(self, letter: str) -> tuple[_Thread, ...]:
        """Where a line may begin whose first letter this is."""
        if letter not in self._by_letter:
            self._by_letter[letter] = tuple(
                thread
                for thread in self._start
                if thread.place.parameters
                or any(name[:1].lower() == letter for name, _ in thread.place.keywords)
            )
        return self._by_letter[letter]


def _laid(place: _Place, elements: Iterator[str], command: Command) -> _Place:
    """Lay a sequence out from ``place``, up to its closing bracket; the place behind it."""
    begin, behind = place, _Place()
    for element in elements:
        if element in ("]", ")"):
            break
        if element == "|":
            place.free.append(("", behind))
            place = _Place()
            begin.free.append(("", place))
        elif element in ("[", "("):
            inner = _Place()
            place.free.append(("", inner))
            after = _laid(inner, elements, command)
            if element == "[":
                place.free.append(("", after))
            place = after
        elif element in ("!", "~"):
            marked = _Place(stop=command)
            place.free.append((element, marked))
            place = marked
        else:
            follower = _Place()
            if found := parameter(element):
                place.parameters.append((element, found, follower))
            else:
                place.keywords.append((element, follower))
            place = follower
    place.free.append(("", behind))
    return behind


def _opened(threads: Iterable[_Thread], length: int) -> tuple[_Thread, ...]:
    """The threads, and whatever they reach without a word; ``length`` words have been read."""
    found: list[_Thread] = []
    left = list(reversed(list(threads)))
    while left:
        thread = left.pop()
        found.append(thread)
        for mark, place in reversed(thread.place.free):
            key = length if mark == "!" else thread.key
            left.append(_Thread(place, key, length if mark == "~" else thread.group))
    return tuple(found)


class _Reader:
    """One reading of a line, which remembers how far any attempt came and what was wrong there."""

    def __init__(self, words: Sequence[str], line: str, negated: bool) -> None:
        self._words, self._line, self._negated = words, line, negated
        self.farthest = -1
        self.why: Literal["invalid", "incomplete", "ambiguous"] = "invalid"

    def follow(self, threads: tuple[_Thread, ...], at: int, said: tuple[str, ...]) -> Accepted | None:
        """The first complete reading of the words from ``at`` on."""
        if at == len(self._words):
            return self._end(threads, at, said)
        word = self._words[at].lower()
        keywords: dict[str, list[_Thread]] = {}
        parameters: dict[str, tuple[Parameter, list[_Thread]]] = {}
        for thread in threads:
            for name, place in thread.place.keywords:
                if name.lower().startswith(word):
                    keywords.setdefault(name, []).append(_Thread(place, thread.key, thread.group))
            for name, accept, place in thread.place.parameters:
                after = parameters.setdefault(name, (accept, []))[1]
                after.append(_Thread(place, thread.key, thread.group))
        exact = [name for name in keywords if name.lower() == word]
        if exact or len(keywords) == 1:
            name = exact[0] if exact else next(iter(keywords))
            length = len(said) + 1
            if found := self.follow(_opened(keywords[name], length), at + 1, (*said, name)):
                return found
        for accept, after in parameters.values():
            if taken := accept(self._words[at:], self._line):
                text, count = taken
                length = len(said) + len(text)
                if found := self.follow(_opened(after, length), at + count, (*said, *text)):
                    return found
        self._failed(at, "ambiguous" if len(keywords) > 1 and not exact else "invalid")
        return None

    def _end(self, threads: tuple[_Thread, ...], at: int, said: tuple[str, ...]) -> Accepted | None:
        for thread in threads:
            if command := thread.place.end:
                return Accepted(command, said, thread.key or len(said), thread.group)
        for thread in threads if self._negated else ():
            if command := thread.place.stop:
                return Accepted(command, said, thread.key, thread.group, complete=False)
        self._failed(at, "incomplete")
        return None

    def _failed(self, at: int, why: Literal["invalid", "incomplete", "ambiguous"]) -> None:
        if at > self.farthest:
            self.farthest, self.why = at, why


def commands(table: str) -> tuple[Command, ...]:
    """A mode's table: one syntax a line, then ``-> mode`` if it enters one and ``@both`` or the like."""
    found: list[Command] = []
    for line in table.splitlines():
        if not line.strip():
            continue
        syntax, _, polarity = line.partition("@")
        syntax, _, enters = syntax.partition("->")
        found.append(
            Command(
                syntax=syntax.strip(),
                order=len(found),
                enters=enters.strip() or None,
                polarity=_polarity(polarity.strip() or "plain"),
            )
        )
    return tuple(found)


def _polarity(word: str) -> Polarity:
    match word:
        case "plain" | "both" | "on" | "fixed" | "unshown":
            return word
    raise ValueError(f"{word}: no such polarity")
