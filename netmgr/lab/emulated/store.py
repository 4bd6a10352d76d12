"""One configuration of an emulated device: a tree that changes line by line, as its dialect says."""

import re
from collections.abc import Iterator

from netmgr.lab.emulated.dialect import Dialect, Mode
from netmgr.lab.emulated.tree import Node

_NEGATION = re.compile(r"(no|default) (.+)")
#: Lines whose spaces are the user's own.
_VERBATIM = re.compile(r"(description|banner|.* description|.* remark|remark) ")


class Refused(Exception):
    """The device does not take a line. ``reason`` in its own words."""

    def __init__(self, line: str, reason: str = "Invalid input") -> None:
        self.line, self.reason = line, reason
        super().__init__(f"{reason}: {line}")


class Store:
    """A configuration. ``text`` is what the device shows of it, without header or `end`."""

    def __init__(self, dialect: Dialect, text: str = "") -> None:
        self.dialect, self.root = dialect, Node("")
        if text:
            self.merge(text)

    def copy(self) -> "Store":
        """The same configuration, to be changed by itself."""
        twin = Store(self.dialect)
        twin.root = self.root.copy()
        return twin

    def merge(self, text: str) -> None:
        """Type these lines in, blocks included. Raises Refused at the first that is not taken; those before it stay."""
        editor = Editor(self)
        lines = iter(text.splitlines())
        for line in lines:
            end = self.dialect.block_end(line.strip())
            editor.type(line, _block(lines, end) if end else None)

    def text(self) -> str:
        """As the device shows it."""
        return "".join(f"{line}\n" for line in self._shown(self.root, 0))

    def _shown(self, node: Node, depth: int) -> Iterator[str]:
        children = sorted(node.children, key=self._order) if depth == 0 else node.children
        for position, child in enumerate(children):
            if depth == 0 and position and self._apart(children[position - 1], child):
                yield "!"
            elif depth and child.children:
                yield f"{' ' * (self.dialect.indent * depth)}!"
            yield f"{' ' * (self.dialect.indent * depth)}{child.line}"
            if child.block is not None:
                yield from child.block.splitlines()
            yield from self._shown(child, depth + 1)

    def _order(self, node: Node) -> tuple[object, ...]:
        place = self.dialect.place(node.line)
        natural = self.dialect.natural and re.match(self.dialect.natural, node.line)
        return (place, _natural(node.line)) if natural else (place, ())

    def _apart(self, before: Node, after: Node) -> bool:
        """Whether a separator stands between two top-level lines: around sections and between kinds."""
        return bool(
            before.children
            or after.children
            or self.dialect.modes[self.dialect.top].mode_of(after.line)
            or self.dialect.place(before.line) != self.dialect.place(after.line)
        )


class Editor:
    """Somebody who types lines into a configuration: where they are is the path of open sections."""

    def __init__(self, store: Store) -> None:
        self._store, self._dialect = store, store.dialect
        self._path: list[tuple[str, Node]] = [(self._dialect.top, store.root)]

    @property
    def depth(self) -> int:
        """How many sections are open."""
        return len(self._path) - 1

    def type(self, line: str, block: str | None = None) -> None:
        """Take one line. A line that the section does not know closes it, as on the device. Raises Refused."""
        line = line.strip() if _VERBATIM.match(line.strip()) else " ".join(line.split())
        if not line or line.startswith("!"):
            return
        if line == "end":
            del self._path[1:]
        elif line in self._dialect.leave:
            del self._path[max(1, len(self._path) - 1) :]
        elif match := _NEGATION.fullmatch(line):
            self._negate(match[1], self._dialect.written(match[2]))
        else:
            self._enter(self._dialect.written(line), block)

    def clear(self) -> None:
        """Begin with nothing."""
        self._store.root.children.clear()
        del self._path[1:]

    def _mode(self, bare: str) -> tuple[Mode, Node]:
        """The innermost open section that takes the line; those within it are closed."""
        for depth in range(len(self._path) - 1, -1, -1):
            name, node = self._path[depth]
            mode = self._dialect.modes[name]
            if mode.takes(bare):
                del self._path[depth + 1 :]
                return mode, node
        raise Refused(bare)

    def _enter(self, line: str, block: str | None) -> None:
        mode, node = self._mode(line)
        node.remove(list(node.starting("no", line)))
        opened = mode.mode_of(line)
        if opened and (there := node.find(line)):
            self._path.append((opened, there))
            return
        for pattern, gone in mode.clears.items():
            if re.fullmatch(pattern, line):
                node.remove([child for child in node.children if re.match(gone, child.line)])
        if mode.hidden and re.fullmatch(mode.hidden, line):
            return
        line = self._dialect.stored(line)
        new = Node(line, block=block)
        setting = mode.setting(line)
        for position, child in enumerate(node.children):
            if child.line == line or (setting is not None and mode.setting(child.line) == setting):
                new.children = child.children
                node.children[position] = new
                break
        else:
            _insert(node, new, mode)
        if opened:
            self._path.append((opened, new))

    def _negate(self, word: str, line: str) -> None:
        mode, node = self._mode(line)
        setting = mode.setting(line)
        gone = [
            child
            for child in node.children
            if child.line == line
            or child.line.startswith(f"{line} ")
            or (setting is not None and mode.setting(child.line) == setting)
        ]
        for pattern, more in mode.clears.items():
            if re.fullmatch(pattern, f"no {line}"):
                gone += [child for child in node.children if re.match(more, child.line)]
        if word == "default" and mode.mode_of(line) and gone:
            for section in gone:
                section.children.clear()
            return
        node.remove(gone)
        node.remove(list(node.starting("no", line)))
        if word == "no" and mode.shown_no and re.match(mode.shown_no, line):
            _insert(node, Node(f"no {line}"), mode)


def _insert(node: Node, new: Node, mode: Mode) -> None:
    number = mode.number(new.line)
    if number is not None:
        for position, child in enumerate(node.children):
            other = mode.number(child.line)
            if other is not None and other > number:
                node.children.insert(position, new)
                return
    node.children.append(new)


def _block(lines: Iterator[str], end: str) -> str:
    found = []
    for line in lines:
        found.append(line)
        if re.fullmatch(end, line.strip()):
            break
    return "\n".join(found)


def _natural(line: str) -> tuple[tuple[int, object], ...]:
    """Ethernet2 before Ethernet10."""
    parts = re.split(r"(\d+)", line)
    return tuple((1, int(part)) if part.isdigit() else (0, part) for part in parts)
