"""A Junos configuration as a whole: loaded in each of Junos's ways, shown in each of its forms, compared."""

from collections.abc import Iterable
from typing import Self
from xml.etree import ElementTree as ET

from netmgr.lab.emulated.junos.display import VALUE_ELEMENTS, braces, compared, set_lines, xml
from netmgr.lab.emulated.junos.grammar import Statement
from netmgr.lab.emulated.junos.obfuscation import obfuscated
from netmgr.lab.emulated.junos.tree import Node, Rejected, merge, put, remove, switch
from netmgr.lab.emulated.junos.words import Misspelt, Written, read_text, split


class Problem(Exception):
    """A line that was not taken; of a ``warning`` Junos only tells. ``path`` and ``word`` say where it stopped."""

    def __init__(
        self, message: str, *, line: int = 0, word: str = "", path: Iterable[str] = (), warning: bool = False
    ) -> None:
        self.message, self.line, self.word, self.warning = message, line, word, warning
        self.path = " ".join(("[edit", *path)) + "]"
        super().__init__(message)


class Configuration:
    """See the module. Loading goes on after a line that is not taken, as Junos does, and tells of each."""

    def __init__(self, root: Node) -> None:
        self.root = root

    @classmethod
    def empty(cls, hierarchy: Statement) -> Self:
        """Nothing configured."""
        return cls(Node(hierarchy))

    def copy(self) -> Self:
        """The same, to be changed by itself."""
        return type(self)(self.root.copy())

    def text(self) -> str:
        """As ``set`` lines."""
        return "".join(f"{line}\n" for line in set_lines(self.root.ordered()))

    def in_braces(self) -> str:
        """In curly braces."""
        return "".join(f"{line}\n" for line in braces(self.root.ordered()))

    def as_xml(self) -> ET.Element:
        """The element ``configuration``."""
        return xml(self.root.ordered(), ET.Element("configuration"))

    def same(self, other: "Configuration") -> bool:
        """Whether the other says the same."""
        return self.root.same(other.root)

    def compare(self, newer: "Configuration") -> str:
        """What ``show | compare`` prints of the way to ``newer``."""
        return "".join(f"{line}\n" for line in compared(self.root, newer.root))

    def load_text(self, text: str, action: str) -> list[Problem]:
        """``merge``, ``replace``, ``override`` or ``update`` with text in braces."""
        try:
            written = read_text(text)
        except Misspelt as error:
            return [Problem(error.message, line=error.line, word=error.word)]
        if action in ("override", "overwrite", "update"):
            self.root.children.clear()
        problems: list[Problem] = []
        self._lay(self.root, written, problems, replace=action == "replace")
        return problems

    def load_set(self, text: str) -> list[Problem]:
        """``set``, ``delete``, ``deactivate`` and ``activate`` lines."""
        problems: list[Problem] = []
        for number, line in enumerate(text.splitlines(), 1):
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            try:
                self._command(split(line))
            except Misspelt as error:
                problems.append(Problem(error.message, line=number, word=error.word))
            except Rejected as error:
                problems.append(_problem(error, number))
        return problems

    def load_xml(self, element: ET.Element, action: str) -> list[Problem]:
        """An element ``configuration``."""
        if action in ("override", "overwrite", "update"):
            self.root.children.clear()
        problems: list[Problem] = []
        written = _elements(self.root.statement, element, problems)
        self._lay(self.root, written, problems, replace=action == "replace")
        return problems

    def _lay(self, root: Node, written: list[Written], problems: list[Problem], *, replace: bool) -> None:
        for statement in written:
            try:
                merge(root, [statement], obfuscated, replace=replace)
            except Rejected as error:
                problems.append(_problem(error, statement.line))

    def _command(self, words: list[str]) -> None:
        verb, *rest = words
        match verb:
            case "set":
                put(self.root, rest, obfuscated)
            case "delete":
                remove(self.root, rest)
            case "deactivate" | "activate":
                switch(self.root, rest, inactive=verb == "deactivate")
            case _:
                raise Rejected("unknown command", verb)


def _problem(error: Rejected, line: int) -> Problem:
    return Problem(error.message, line=line, word=error.word, path=error.path, warning=error.warning)


def _elements(parent: Statement, element: ET.Element, problems: list[Problem]) -> list[Written]:
    """XML as statements: a list's name is the element ``name``; an attribute asks for deletion or replacement."""
    found = []
    for child in element:
        tag = _local(child)
        statement = parent.named.get(tag) or (
            parent.unnamed if parent.unnamed and parent.unnamed.element in (tag, "") else None
        )
        if statement is None:
            problems.append(Problem("syntax error", word=tag))
            continue
        holder = _holder(statement)
        inner = ET.Element(tag)
        inner.extend(each for each in child if _local(each) not in holder)
        words = ([statement.name] if statement.name else []) + _arguments(statement, child, tag, holder)
        tags = {child.get("operation", "")} | {
            mark for mark in ("inactive", "delete", "replace") if child.get(mark)
        }
        block = _elements(statement, inner, problems) if len(inner) else None
        found.append(Written(tuple(words), 0, frozenset(tags - {""}), block))
    return found


def _holder(statement: Statement) -> tuple[str, ...]:
    """The elements below a statement's own that hold its arguments."""
    if statement.kind in ("list", "line") or statement.keys:
        return ("name", "value") if statement.type else ("name",)
    return (VALUE_ELEMENTS.get(statement.element, "value"),) if statement.kind == "leaf" else ()


def _arguments(statement: Statement, element: ET.Element, tag: str, holder: tuple[str, ...]) -> list[str]:
    held = [each.text or "" for each in element if _local(each) in holder]
    if statement.keys and not statement.element:
        return [tag, *held]
    if statement.kind == "line":
        return " ".join(held).split()
    if statement.keys:
        return [*held[0].split(), *held[1:]] if held else []
    value = held[0] if held else (element.text or "").strip()
    return [value] if value else []


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
