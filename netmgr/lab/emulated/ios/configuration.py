"""One IOS configuration: a tree of understood lines that changes line by line, and how the device shows it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from netmgr.lab.emulated.ios.entries import place
from netmgr.lab.emulated.ios.grammar import Accepted, Command
from netmgr.lab.emulated.ios.language import MODES
from netmgr.lab.emulated.ios.parameters import VIRTUAL, is_physical

#: Objects that IOS shows in the order of their names or numbers, by the words that they begin with; what stands in no
#: order of its own is shown as it was typed.
_SORTED = (
    *(
        "neighbor",
        "network",
        "ip route",
        "ipv6 route",
        "ip prefix-list",
        "ipv6 prefix-list",
        "vlan",
        "vrf definition",
    ),
    *(
        "interface",
        "line",
        "address-family",
        "ip community-list",
        "ip as-path access-list",
        "snmp-server host",
    ),
)
_SORTED_START = re.compile(rf"(?:{'|'.join(_SORTED)}) ")
_ENTRY = re.compile(r"(?:sequence )?(\d+) |(?:ip|ipv6) prefix-list \S+ seq (\d+) |route-map \S+ \S+ (\d+)$")
#: Lists of which the first line that matches counts, and that have no numbers.
_ORDERED = ("ip community-list ", "ip as-path access-list ")
_LINES = ("con", "aux", "vty")


@dataclass(slots=True)
class Line:
    """One line and its section. ``words`` as in ``Accepted``; ``shown`` is its text, which for a banner has several
    lines. ``negated`` stands for ``no`` before it."""

    command: Command
    words: tuple[str, ...]
    key: int
    group: int
    shown: str
    negated: bool = False
    children: list["Line"] = field(default_factory=list)

    def copy(self) -> "Line":
        """The line with its section, sharing nothing."""
        twin = Line(self.command, self.words, self.key, self.group, self.shown, self.negated)
        twin.children = [child.copy() for child in self.children]
        return twin

    def same_setting(self, other: Accepted) -> bool:
        """Whether the other line is about the same thing and would take this one's place."""
        return self.key == other.key and self.words[: self.key] == other.words[: other.key]

    def begins(self, words: tuple[str, ...]) -> bool:
        """Whether the line begins with these words."""
        return self.words[: len(words)] == words


ROOT = Command("", 0, enters="config")


def section(text: str) -> Line:
    """A line without a command of its own: the outermost section."""
    return Line(ROOT, (), 0, 0, text)


class Configuration:
    """See the module. ``hardware`` are the physical interfaces, which no configuration adds or removes."""

    def __init__(self, hardware: Iterable[str] = ()) -> None:
        self.hardware = frozenset(hardware)
        self.root = section("")
        self.unshown: dict[str, Line] = {}
        """What IOS keeps and never shows, by its words."""

    def copy(self) -> "Configuration":
        """The same, to be changed by itself."""
        twin = Configuration(self.hardware)
        twin.root, twin.unshown = self.root.copy(), dict(self.unshown)
        return twin

    def text(self) -> str:
        """As the device shows it, without its first lines and ``end``."""
        return "".join(f"{line}\n" for line in _shown(self.root, 0))

    def top(self, *words: str) -> Iterator[Line]:
        """The lines of the outermost section that begin so, negated ones left out."""
        return (line for line in self.root.children if line.begins(words) and not line.negated)

    def first(self, *words: str) -> Line | None:
        """The first of ``top``."""
        return next(self.top(*words), None)

    @property
    def hostname(self) -> str:
        """The device's name."""
        line = self.first("hostname")
        return line.words[1] if line else "Router"


def children(node: Line) -> list[Line]:
    """A section's lines as the device shows them: entries of an access list as they came, unless they have numbers."""
    if node.command.enters == "acl-standard" and all(line.words[1] != "remark" for line in node.children):
        return sorted(node.children, key=lambda line: place(line.words))
    if (node.command.enters or "").startswith("acl-"):
        return (
            sorted(node.children, key=_number) if all(map(_numbered, node.children)) else list(node.children)
        )
    groups: dict[tuple[str, ...], int] = {}
    for position, line in enumerate(node.children):
        groups.setdefault(line.words[: line.group], position)
    blocks = _blocks(node.children)
    return sorted(
        node.children,
        key=lambda line: (
            blocks[line.command.order],
            _name_order(line) if line.group else (),
            groups[line.words[: line.group]] if line.group else 0,
            line.command.order if not _numbered(line) else 0,
            _number(line),
        ),
    )


def _blocks(lines: Iterable[Line]) -> dict[int, int]:
    """The place of each command's lines: the lines of one object stay together, where the first of its commands is."""
    first: dict[str, int] = {}
    places: dict[int, int] = {}
    for command in {line.command.order: line.command for line in lines}.values():
        subject, marked, _ = command.syntax.partition("~")
        place = first.setdefault(subject, command.order) if marked else command.order
        first[subject] = min(place, command.order) if marked else place
    for line in lines:
        subject, marked, _ = line.command.syntax.partition("~")
        places[line.command.order] = first[subject] if marked else line.command.order
    return places


def _name_order(line: Line) -> tuple[object, ...]:
    """Names before addresses, each in their order."""
    if not _SORTED_START.match(f"{line.shown} "):
        return ()
    name = line.words[line.group - 1]
    return (name[:1].isdigit() or ":" in name, *natural(name))


def _numbered(line: Line) -> bool:
    return bool(_ENTRY.match(" ".join(line.words)))


def _number(line: Line) -> tuple[object, ...]:
    """A place among lines of one kind: a sequence number, or a name where these are sorted."""
    if match := _ENTRY.match(" ".join(line.words)):
        return (int(match[1] or match[2] or match[3]),)
    if line.words[0] == "interface":
        kind = line.words[1].rstrip("0123456789/.")
        order = 1 if is_physical(line.words[1].partition(".")[0]) else {"Loopback": 0, "Vlan": 2}.get(kind, 0)
        return (order, VIRTUAL.index(kind) if kind in VIRTUAL else 0, *natural(line.words[1]))
    if line.words[0] == "line":
        return (_LINES.index(line.words[1]), *natural(line.shown))
    if line.shown.startswith(_ORDERED):
        return ()
    return natural(line.shown) if _SORTED_START.match(f"{line.shown} ") else ()


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Numbers as numbers: Gi0/2 before Gi0/10."""
    parts = re.split(r"(\d+)", text)
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)


def _shown(node: Line, depth: int) -> Iterator[str]:
    indent, before = " " * depth, None
    for line in children(node):
        mode = MODES[line.command.enters] if line.command.enters else None
        if depth == 0 and before is not None and (mode or before.enters or before is not line.command):
            yield "!"
        elif depth and mode:
            yield f"{indent}!"
        yield f"{indent}{'no ' if line.negated else ''}{line.shown}"
        if mode:
            yield from _shown(line, depth + 1)
            if mode.closed:
                yield f"{indent}{mode.closed}"
        before = line.command
