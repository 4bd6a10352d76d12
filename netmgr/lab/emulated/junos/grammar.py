"""How Junos's statements are built: a notation for its hierarchy, read into a tree of what may stand where.

One statement a line, two spaces for each level:

    name            a container, or a statement without an argument
    name *TYPE      one value: setting it again replaces it
    name +TYPE      several values, in the order in which they came
    name <TYPE>     a list: each entry has a name (two of them: ``<TYPE> <TYPE>``) and statements of its own
    name ...        a list whose entries are all the words that follow
    <TYPE>          entries of a list without a keyword before them; ``<TYPE> *TYPE``: each is a value under a name
    use NAME        the statements of the block ``define NAME``

Flags after that: ``.`` stands on its own though it is empty, ``~`` is written on one line with its only statement,
``^`` is written again before each of its statements, ``#`` entries are sorted, ``$`` a value that is stored obfuscated,
``!`` one that nobody should see and that is stored as it is, ``=ELEMENT`` the XML element's name where it is another.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["container", "leaf", "values", "list", "line"]

_LINE = re.compile(r"(?P<indent> *)(?P<words>\S.*)")


@dataclass(slots=True, eq=False)
class Statement:
    """One statement of the hierarchy. ``keys`` are the types of the words that name an entry, ``type`` a value's."""

    name: str
    kind: Kind = "container"
    keys: tuple[str, ...] = ()
    type: str = ""
    element: str = ""
    presence: bool = False
    one_line: bool = False
    joined: bool = False
    sorted: bool = False
    storing: Literal["", "obfuscated", "as it is"] = ""
    """Of a value that nobody should see: how it is stored."""
    named: dict[str, "Statement"] = field(default_factory=dict)
    unnamed: "Statement | None" = None

    def below(self, word: str) -> "Statement | None":
        """The statement that ``word`` begins here; None where Junos knows none."""
        return self.named.get(word) or self.unnamed

    def order(self) -> dict[str, int]:
        """The place of each statement below this one; those without a keyword come last."""
        return {name: place for place, name in enumerate((*self.named, ""))}


def read_grammar(text: str) -> Statement:
    """The root of what the notation describes."""
    blocks: dict[str, Statement] = {}
    root = Statement("")
    path: list[Statement] = [root]
    for indent, words in _lines(text):
        if words[0] == "define":
            path = [blocks.setdefault(words[1], Statement(words[1]))]
            continue
        inside = path[0] is not root
        depth = indent // 2 - inside
        if depth < 0:
            path, depth = [root], 0
        del path[depth + 1 :]
        if words[0] == "use":
            _share(path[-1], root if words[1] == "top" else blocks[words[1]])
            continue
        statement = _statement(words)
        if statement.name:
            path[-1].named[statement.name] = statement
        else:
            path[-1].unnamed = statement
        path.append(statement)
    return root


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        if match and not match["words"].startswith("//"):
            yield len(match["indent"]), match["words"].split()


def _share(parent: Statement, block: Statement) -> None:
    """The block's statements as the parent's own."""
    if block.name:
        parent.named |= block.named
    else:  # the whole hierarchy, of which the rest is still to be read
        parent.named = block.named
    parent.unnamed = parent.unnamed or block.unnamed


def _statement(words: list[str]) -> Statement:
    named = not words[0].startswith("<")
    statement = Statement(words[0] if named else "")
    statement.element = statement.name
    keys: list[str] = []
    for word in words[named:]:
        match word[0]:
            case "<":
                keys.append(word[1:-1])
                statement.kind = "list"
            case "*" | "+":
                statement.kind = "leaf" if word[0] == "*" else "values"
                statement.type = word[1:]
            case "=":
                statement.element = word[1:]
            case "." if word == "...":
                statement.kind = "line"
            case ".":
                statement.presence = True
            case "~":
                statement.one_line = True
            case "^":
                statement.joined = True
            case "#":
                statement.sorted = True
            case "$":
                statement.storing = "obfuscated"
            case "!":
                statement.storing = "as it is"
            case _:
                raise ValueError(f"no notation for a statement: {' '.join(words)}")
    statement.keys = tuple(keys)
    return statement
