"""Where a value was written: problems, conflicts and explanations name file and line, also after merging."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

Key = str | int


class Origin(NamedTuple):
    """A place in a file: path relative to the workspace, line from 1."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Problem(NamedTuple):
    """One thing that is wrong with the data: where, what, and what to do. Problems sort by file and line."""

    origin: Origin
    message: str

    def __str__(self) -> str:
        return f"{self.origin}: {self.message}"


class Doubtful(str):
    """Text that YAML versions read differently (``no``, ``010``); reported once, where it was read."""

    __slots__ = ()


class LocatedDict(dict[Key, object]):
    """A mapping that knows the line of each of its keys; ``origin`` is where the mapping itself begins."""

    __slots__ = ("at", "origin")

    def __init__(self, origin: Origin) -> None:
        super().__init__()
        self.origin = origin
        self.at: dict[Key, Origin] = {}

    def put(self, key: Key, value: object, origin: Origin) -> None:
        """Set a key together with its origin."""
        self[key] = value
        self.at[key] = origin


class LocatedList(list[object]):
    """A sequence that knows the line of each of its items; ``origin`` is where the sequence itself begins."""

    __slots__ = ("at", "origin")

    def __init__(self, origin: Origin) -> None:
        super().__init__()
        self.origin = origin
        self.at: list[Origin] = []

    def put(self, value: object, origin: Origin) -> None:
        """Append an item together with its origin."""
        self.append(value)
        self.at.append(origin)


Path = tuple[Key, ...]


def locate(root: object, path: Iterable[object], default: Origin) -> Origin:
    """Origin of the value at ``path`` below ``root``, or of the nearest container above it that exists."""
    found, node = default, root
    for step in path:
        if isinstance(node, LocatedDict):
            if isinstance(step, (str, int)) and step in node.at:
                found, node = node.at[step], node[step]
                continue
        elif isinstance(node, LocatedList) and isinstance(step, int) and 0 <= step < len(node):
            found, node = node.at[step], node[step]
            continue
        break
    return found


class Origins:
    """Origins of everything in one client's merged inventory.

    Paths begin with ``client``, ``devices`` (then the device's name, then as in hosts.yaml after merging), ``links``,
    ``redundancy`` or ``entry``; an unknown path gives the nearest known place above it.
    """

    def __init__(self, roots: Mapping[str, object], default: Origin) -> None:
        self._roots = roots
        self._default = default

    def at(self, *path: object) -> Origin:
        """Where the value at ``path`` was written."""
        if not path or path[0] not in self._roots:
            return self._default
        root = self._roots[str(path[0])]
        top = root.origin if isinstance(root, (LocatedDict, LocatedList)) else self._default
        return locate(root, path[1:], top)

    def tree(self, *path: Key) -> object:
        """The merged data at ``path`` as it was written, or None."""
        node: object = self._roots
        for step in path:
            if isinstance(node, Mapping):
                node = node.get(step)
            else:
                return None
        return node
