"""What the parts of FRR's reader share: the lines of a section, and what was found so far."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from napalm_frr.device.order import read_order
from netmgr.platforms.adopting import Reading
from netmgr.platforms.form import Path

if TYPE_CHECKING:
    from napalm_frr.device.order import Tree

Data = dict[Any, Any]
"""Device data in the making: plain values."""


@dataclass(frozen=True, slots=True)
class Lines:
    """A configuration's lines, section by section, in canonical order. ``known`` grows as features are read."""

    tree: "Tree"
    reading: Reading
    addresses: set[str] = field(default_factory=set)
    """Every address that the data gives the device, without its length."""
    interfaces: set[str] = field(default_factory=set)
    """Every interface that the data names, the loopback among them."""
    prefix_lists: dict[str, int] = field(default_factory=dict)
    """Name → the family of a list that the data has, as the version of IP."""
    acls: dict[str, int] = field(default_factory=dict)
    as_path_lists: set[str] = field(default_factory=set)
    community_lists: set[str] = field(default_factory=set)
    route_maps: set[str] = field(default_factory=set)

    def at(self, *path: str) -> tuple[str, ...]:
        """The lines of the section that ``path`` opens; none where there is no such section."""
        tree = self.tree
        for line in path:
            if line not in tree:
                return ()
            tree = tree[line]
        return tuple(read_order(path, tree))

    def matching(self, pattern: str, *path: str) -> Iterator[tuple[str, re.Match[str]]]:
        """The section's lines that are of one form as a whole."""
        form = re.compile(pattern)
        for line in self.at(*path):
            if match := form.fullmatch(line):
                yield line, match

    def take(self, feature: str, *paths: Path) -> None:
        """These lines are said by the data."""
        self.reading.take(feature, *paths)


def compact(data: Data) -> Data:
    """``data`` without empty values; an empty mapping that names something stays."""
    return {key: value for key, value in data.items() if value not in ({}, [], (), None)}
