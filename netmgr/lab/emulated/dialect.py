"""A dialect of the industry-standard CLI, as data: its modes, what they take, what a line replaces, what is shown.

Regular expressions are matched at the beginning of a line that has lost its `no` or `default`; ``opens`` matches whole
lines.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Mode:
    """One kind of section.

    ``accepts`` are the lines that it takes, ``opens`` the sections within it, each with its mode. ``single`` are
    settings with one value: what a pattern matches is the setting, and a new line replaces the one that matched the
    same. ``shown_no`` are the lines that are shown where they are negated. ``hidden`` are lines that are never shown,
    for they say the default. ``numbered`` is where a line's place among its neighbors comes from.
    """

    accepts: str
    opens: tuple[tuple[str, str], ...] = ()
    single: tuple[str, ...] = ()
    shown_no: str | None = None
    hidden: str | None = None
    numbered: str | None = None
    clears: Mapping[str, str] = field(default_factory=dict)
    """A line → the lines that it takes away."""

    def mode_of(self, line: str) -> str | None:
        """The mode of the section that the line opens."""
        return next((mode for pattern, mode in self.opens if re.fullmatch(pattern, line)), None)

    def takes(self, bare: str) -> bool:
        """Whether the line, without its `no`, belongs here."""
        return bool(re.match(self.accepts, bare)) or self.mode_of(bare) is not None

    def setting(self, line: str) -> tuple[int, str] | None:
        """What a single-valued line sets: its pattern, and what that matched. None where lines stand beside others."""
        for number, pattern in enumerate(self.single):
            if match := re.match(pattern, line):
                return number, match[0]
        return None

    def number(self, line: str) -> int | None:
        """The line's sequence number, where it has one."""
        match = re.match(self.numbered, line) if self.numbered else None
        return int(match[1]) if match else None


@dataclass(frozen=True, slots=True)
class Dialect:
    """``modes`` by name; ``top`` is the outermost. ``indent`` is the device's own, ``rank`` the order of its sections.

    ``leave`` are the words that close a section. ``blocks`` are lines that a text of several lines follows, with the
    pattern of its last line; in that pattern {0} stands for what the first group matched. ``rewrites`` are how the
    device writes lines down that may be typed in other ways. ``natural`` are sections that stand in their numbers'
    order.
    """

    name: str
    modes: Mapping[str, Mode]
    indent: int
    rank: tuple[str, ...] = ()
    leave: frozenset[str] = frozenset({"exit"})
    blocks: tuple[tuple[str, str], ...] = ()
    rewrites: tuple[tuple[str, str], ...] = ()
    natural: str | None = None
    stored: Callable[[str], str] = str
    """What the device makes of a line with a secret."""
    top: str = "top"

    def written(self, line: str) -> str:
        """The line as the device writes it down."""
        for pattern, text in self.rewrites:
            line = re.sub(pattern, text, line)
        return line

    def place(self, line: str) -> int:
        """Where a top-level line stands among the others."""
        return next((n for n, pattern in enumerate(self.rank) if re.match(pattern, line)), len(self.rank))

    def block_end(self, line: str) -> str | None:
        """The pattern of the last line of the text that follows this line."""
        for pattern, end in self.blocks:
            if match := re.fullmatch(pattern, line):
                return end.format(*map(re.escape, match.groups()))
        return None
