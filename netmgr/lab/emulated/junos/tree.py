"""One Junos configuration: a tree of statements, changed by ``set`` lines and by text in braces.

What a word means is the hierarchy's to say; without it nobody could tell that a second ``host-name`` replaces the first
and a second ``neighbor`` does not.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Self

from netmgr.lab.emulated.junos.grammar import Statement
from netmgr.lab.emulated.junos.types import problem_of
from netmgr.lab.emulated.junos.words import Written

Key = tuple[str, tuple[str, ...]]


class Rejected(Exception):
    """A statement that Junos does not take. ``word`` is the one it stops at, ``path`` what was understood before."""

    def __init__(
        self, message: str, word: str = "", path: Sequence[str] = (), *, warning: bool = False
    ) -> None:
        self.message, self.word, self.path, self.warning = message, word, tuple(path), warning
        super().__init__(message)


@dataclass(slots=True, eq=False)
class Node:
    """One statement of a configuration. ``keys`` name an entry, ``values`` are what a leaf has."""

    statement: Statement
    keys: tuple[str, ...] = ()
    values: list[str] = field(default_factory=list)
    inactive: bool = False
    children: dict[Key, "Node"] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """What tells it from its siblings."""
        return (self.statement.name, self.keys)

    def copy(self) -> Self:
        """The same, to be changed without changing this."""
        children = {key: child.copy() for key, child in self.children.items()}
        return type(self)(self.statement, self.keys, list(self.values), self.inactive, children)

    def same(self, other: "Node") -> bool:
        """Whether the other says the same in the same order, as far as the order means something."""
        return (
            (self.key, self.values, self.inactive) == (other.key, other.values, other.inactive)
            and [child.key for child in self.ordered()] == [child.key for child in other.ordered()]
            and all(child.same(other.children[key]) for key, child in self.children.items())
        )

    def ordered(self) -> list["Node"]:
        """The statements below in the order in which Junos shows them."""
        order = self.statement.order()
        return sorted(self.children.values(), key=lambda node: (order[node.statement.name], *_sorting(node)))

    def find(self, *words: str) -> "Node | None":
        """The node at ``words`` below this one; None where there is none, or it is inactive."""
        node: Node = self
        rest = list(words)
        while rest:
            found = next((c for c in node.children.values() if _begins(c, rest) and not c.inactive), None)
            if found is None:
                return None
            del rest[: len(_words(found))]
            node = found
        return node

    def value(self, *words: str) -> str:
        """The value of the leaf at ``words``, or an empty string."""
        node = self.find(*words)
        return node.values[0] if node and node.values else ""

    def entries(self, *words: str, name: str = "") -> Iterator["Node"]:
        """The active entries of the list ``name`` (those without a keyword by default) below ``words``."""
        node = self.find(*words)
        for child in node.ordered() if node else ():
            if child.statement.name == name and child.keys and not child.inactive:
                yield child


@dataclass(frozen=True, slots=True)
class Step:
    """One statement on the way to what a line speaks of. ``keys`` or ``value`` is None where the words ended before."""

    statement: Statement
    keys: tuple[str, ...] | None = ()
    value: str | None = None

    @property
    def key(self) -> Key:
        """What it is called below its parent."""
        return (self.statement.name, self.keys or ())

    @property
    def complete(self) -> bool:
        """Whether it says all that it must."""
        return self.keys is not None and (self.value is not None or self.statement.kind in _NO_VALUE)


_NO_VALUE = ("container", "list", "line")
Obfuscate = Callable[[str], str]


def steps(parent: Statement, words: Sequence[str], path: Sequence[str] = ()) -> list[Step]:
    """What ``words`` mean below ``parent``. Raises Rejected at the first that means nothing."""
    found: list[Step] = []
    rest, seen, here = list(words), list(path), parent
    while rest:
        statement = here.below(rest[0])
        if statement is None:
            raise Rejected("syntax error", rest[0], seen)
        if statement.name:
            seen.append(rest.pop(0))
        keys: tuple[str, ...] | None = ()
        value: str | None = None
        if statement.kind == "line":
            if statement.keys:
                seen.append(rest.pop(0))
            keys, rest = (tuple(rest) or None), []
        elif statement.keys:
            keys, rest = _taken(statement, rest, seen)
        if statement.type or statement.kind in ("leaf", "values"):
            optional = rest and rest[0] in statement.named
            if rest and keys is not None and not optional:
                value = rest.pop(0)
                if value == "[":
                    value, rest = _bracketed(rest, seen)
                elif message := problem_of(statement.type, value):
                    raise Rejected(message, value, seen)
                seen.append(value)
        found.append(Step(statement, keys, value))
        here = statement
    return found


def _taken(
    statement: Statement, rest: list[str], seen: list[str]
) -> tuple[tuple[str, ...] | None, list[str]]:
    count = len(statement.keys)
    if len(rest) < count:
        return None, []
    for kind, word in zip(statement.keys, rest, strict=False):
        if message := problem_of(kind, word):
            raise Rejected(message, word, seen)
        seen.append(word)
    return tuple(rest[:count]), rest[count:]


def _bracketed(rest: list[str], seen: list[str]) -> tuple[str, list[str]]:
    if "]" not in rest:
        raise Rejected("syntax error", "[", seen)
    end = rest.index("]")
    return "\0".join(rest[:end]), rest[end + 1 :]


def put(root: Node, words: Sequence[str], obfuscate: Obfuscate, values: Sequence[str] = ()) -> Node:
    """``set``: make the statement, and what it stands in. Raises Rejected, and changes nothing then."""
    way = steps(root.statement, [*words, *(("[", *values, "]") if values else ())])
    if not way or not (way[-1].complete or _container_of_value(way[-1])):
        raise Rejected("missing argument", words[-1] if words else "", words)
    node = root
    for step in way:
        node = node.children.setdefault(step.key, Node(step.statement, step.keys or ()))
        if step.value is not None:
            given = step.value.split("\0")
            if step.statement.storing == "obfuscated":
                given = [obfuscate(value) for value in given]
            if step.statement.kind == "values":
                node.values += [value for value in given if value not in node.values]
            else:
                node.values = given[:1]
    return node


def _container_of_value(step: Step) -> bool:
    return step.keys is not None and step.statement.presence


def remove(root: Node, words: Sequence[str]) -> None:
    """``delete``: the statement and all below it. Raises Rejected, a warning where there is no such statement."""
    way = steps(root.statement, words)
    if not way:
        root.children.clear()
        return
    parents = _found(root, way[:-1], words)
    last, parent = way[-1], parents[-1]
    if last.keys is None:
        keys = [key for key in parent.children if key[0] == last.statement.name]
        _any(keys, words)
        for key in keys:
            del parent.children[key]
    else:
        node = parent.children.get(last.key)
        _any(node and (last.value is None or last.value in node.values), words)
        if node and last.value is not None and len(node.values) > 1:
            node.values.remove(last.value)
        else:
            del parent.children[last.key]
    for outer, node in reversed(list(pairwise(parents))):
        if node.children or node.keys or node.values or node.statement.presence:
            break
        del outer.children[node.key]


def switch(root: Node, words: Sequence[str], *, inactive: bool) -> None:
    """``deactivate`` and ``activate``. Raises Rejected."""
    way = steps(root.statement, words)
    _found(root, way, words)[-1].inactive = inactive


def _found(root: Node, way: Iterable[Step], words: Sequence[str]) -> list[Node]:
    nodes = [root]
    for step in way:
        child = nodes[-1].children.get(step.key)
        _any(child, words)
        if child:
            nodes.append(child)
    return nodes


def _any(what: object, words: Sequence[str]) -> None:
    if not what:
        raise Rejected("statement not found", words[-1], words[:-1], warning=True)


def merge(root: Node, written: Iterable[Written], obfuscate: Obfuscate, *, replace: bool = False) -> None:
    """Text in braces laid over the configuration. ``replace``: the tags ``replace:`` are obeyed. Raises Rejected."""
    for statement in written:
        if "delete" in statement.tags:
            remove(root, statement.words)
            continue
        if replace and "replace" in statement.tags and _is_there(root, statement.words):
            remove(root, statement.words)
        try:
            node = put(root, statement.words, obfuscate, statement.values)
        except Rejected as error:
            if error.message == "missing argument" and statement.block is not None:
                raise Rejected("syntax error", statement.words[-1], statement.words) from error
            raise
        if "inactive" in statement.tags:
            node.inactive = True
        elif "active" in statement.tags:
            node.inactive = False
        if statement.block is not None:
            merge(node, statement.block, obfuscate, replace=replace)


def _is_there(root: Node, words: Sequence[str]) -> bool:
    try:
        _found(root, steps(root.statement, words), words)
    except Rejected:
        return False
    return True


def _words(node: Node) -> list[str]:
    """The words that lead to a node from its parent, its values aside."""
    return [*([node.statement.name] if node.statement.name else []), *node.keys]


def _begins(node: Node, rest: list[str]) -> bool:
    words = _words(node)
    return rest[: len(words)] == words


def _sorting(node: Node) -> tuple[object, ...]:
    """Interfaces stand in the order of their slots, those without one after them by name; units by number."""
    if not node.statement.sorted:
        return ()
    kind, _, place = node.keys[0].partition("-")
    numbers = (
        tuple(int(n) if n.isdigit() else -1 for n in place.replace(":", "/").split("/")) if place else ()
    )
    if node.statement.name == "unit":
        return (0, (int(kind),), "")
    return (0 if numbers else 1, numbers[:3], kind, numbers[3:])
