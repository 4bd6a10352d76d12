"""An ordered tree of configuration lines, without a syntax of its own."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Self


@dataclass(slots=True)
class Node:
    """One line and what stands in its section. ``block`` is the text of a banner or certificate, markers included."""

    line: str
    children: list["Node"] = field(default_factory=list)
    block: str | None = None

    def find(self, line: str) -> "Node | None":
        """The child of exactly this line."""
        return next((child for child in self.children if child.line == line), None)

    def starting(self, *words: str) -> Iterator["Node"]:
        """The children that begin with these words, whole."""
        prefix = " ".join(words)
        return (c for c in self.children if c.line == prefix or c.line.startswith(f"{prefix} "))

    def copy(self) -> Self:
        """The whole tree once more, sharing nothing."""
        return type(self)(self.line, [child.copy() for child in self.children], self.block)

    def walk(self) -> Iterator["Node"]:
        """This node and all below it, as they stand."""
        yield self
        for child in self.children:
            yield from child.walk()

    def remove(self, gone: Iterable["Node"]) -> bool:
        """Take these children out. Whether there were any."""
        names = {id(node) for node in gone}
        self.children = [child for child in self.children if id(child) not in names]
        return bool(names)
