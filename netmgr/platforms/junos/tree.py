"""A Junos configuration as a tree of words, whichever form it was written in."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from netmgr.platforms.junos.text import Path, quoted, statements


@dataclass(slots=True)
class Node:
    """What follows a word. Children are in the order in which they were first named."""

    children: dict[str, "Node"] = field(default_factory=dict)
    inactive: bool = False
    protected: bool = False

    def at(self, *path: str) -> "Node":
        """The node at a path; an empty one where there is none."""
        node = self
        for word in path:
            found = node.children.get(word)
            if found is None:
                return Node()
            node = found
        return node

    def value(self, *path: str) -> str | None:
        """The one word that follows a path; None where none does."""
        return next(iter(self.at(*path).children), None)

    def has(self, *path: str) -> bool:
        """Whether the path is configured and active."""
        node = self
        for word in path:
            found = node.children.get(word)
            if found is None or found.inactive:
                return False
            node = found
        return True

    def items(self, *path: str) -> Iterator[tuple[str, "Node"]]:
        """The active words that follow a path, with what follows them."""
        return ((word, node) for word, node in self.at(*path).children.items() if not node.inactive)

    def paths(self, above: Path = ()) -> Iterator[Path]:
        """The path of every statement that nothing follows, in the order of the tree."""
        if not self.children and above:
            yield above
        for word, node in self.children.items():
            yield from node.paths((*above, word))


def parse(text: str) -> Node:
    """A configuration in braces or ``set`` commands. Raises ValueError for what is neither."""
    root = Node()
    for action, path in statements(text):
        if action == "set":
            node = root
            for word in path:
                following = node.children.get(word)
                if following is None:
                    following = node.children[word] = Node()
                node = following
            continue
        above, last = root.at(*path[:-1]), path[-1]
        there = above.children.get(last)
        if there is None:
            continue
        if action == "delete":
            del above.children[last]
        elif action in ("deactivate", "activate"):
            there.inactive = action == "deactivate"
        else:
            there.protected = action == "protect"
    return root


def lines(node: Node, above: Path = ()) -> Iterator[str]:
    """The commands that make the tree below a path, in its order."""
    return _lines(node, " ".join(map(quoted, above)))


def _lines(node: Node, shown: str) -> Iterator[str]:
    if not node.children and shown:
        yield f"set {shown}"
    for word, following in node.children.items():
        yield from _lines(following, f"{shown} {quoted(word)}" if shown else quoted(word))
    if node.inactive:
        yield f"deactivate {shown}"
    if node.protected:
        yield f"protect {shown}"
