"""What the parts of EOS's reader share: the lines of a section, and what was found so far."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from netmgr.platforms.adopting import Reading
from netmgr.platforms.cli_tree import Line, walk
from netmgr.platforms.form import Path

Data = dict[Any, Any]
"""Device data in the making: plain values."""


@dataclass(slots=True)
class Lines:
    """A canonical configuration's lines, section by section. What other parts need to know is noted as it is read."""

    tree: list[Line]
    reading: Reading = field(init=False)
    sections: dict[Path, tuple[str, ...]] = field(init=False)
    vrf_of: dict[str, str | None] = field(default_factory=dict)
    """Interface → its VRF, of every interface that the data names."""
    addresses: set[str] = field(default_factory=set)
    """Every address that the data gives the device, without its length."""
    prefix_lists: dict[str, str] = field(default_factory=dict)
    """Name → ``ip`` or ``ipv6``, of every list that the data has."""
    acls: dict[str, str] = field(default_factory=dict)
    route_maps: set[str] = field(default_factory=set)
    added: list[Data] = field(default_factory=list)
    """Verbatim lines that take back what the data would add."""

    def __post_init__(self) -> None:
        self.reading = Reading(path for path, _ in walk(self.tree))
        self.sections = {}
        for path, line in walk(self.tree):
            self.sections.setdefault(path, tuple(child.text for child in line.children))

    @property
    def top(self) -> tuple[str, ...]:
        """The lines of the top level."""
        return tuple(line.text for line in self.tree)

    def at(self, *path: str) -> tuple[str, ...]:
        """The lines of the section that ``path`` opens; none where there is no such section."""
        return self.sections.get(path, ()) if path else self.top

    def matching(self, pattern: str, *path: str) -> Iterator[tuple[str, re.Match[str]]]:
        """The section's lines that are of one form as a whole."""
        form = re.compile(pattern)
        for line in self.at(*path):
            if match := form.fullmatch(line):
                yield line, match

    def leading(self, beginning: str, pattern: str) -> Iterator[tuple[str, re.Match[str]]]:
        """The first lines of the top level that begin so, as long as they are of one form: of lines whose order means
        something the data can only say what stands before all verbatim ones.
        """
        for line in self.top:
            if line.startswith(beginning):
                if (match := re.fullmatch(pattern, line)) is None:
                    return
                yield line, match

    def take(self, feature: str, *paths: Path) -> None:
        """These lines are said by the data."""
        self.reading.take(feature, *paths)

    def source(self, interface: str, vrf: str | None) -> bool:
        """Whether the data has the interface, in this VRF."""
        return interface in self.vrf_of and self.vrf_of[interface] == vrf


def compact(data: Data) -> Data:
    """``data`` without empty values; an empty mapping that names something stays."""
    return {key: value for key, value in data.items() if value not in ({}, [], (), None)}


def sequenced(rules: list[Data], step: int) -> list[Data]:
    """Rules without the numbers that they would have anyway: so much more than the one before."""
    last = 0
    for rule in rules:
        number = rule["sequence"]
        if number == last + step:
            del rule["sequence"]
        last = number
    return rules
