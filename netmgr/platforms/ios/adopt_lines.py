"""What the parts of the IOS reader share: sections, what was taken of them, and the names that the data declares."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, ip_address
from typing import Any

from netmgr.platforms.adopting import Reading
from netmgr.platforms.cli_tree import Line
from netmgr.platforms.form import Path
from netmgr.platforms.ios.limits import RANGES

Data = dict[Any, Any]
"""Device data in the making: plain values."""


@dataclass(frozen=True, slots=True)
class Section:
    """The lines of one section that nobody has taken yet."""

    reading: Reading
    path: Path
    lines: list[Line]

    def matching(self, pattern: str) -> Iterator[tuple[str, re.Match[str]]]:
        """The lines that are of one form as a whole, and open nothing."""
        form = re.compile(pattern)
        for line in self.lines:
            if not line.children and not line.block and not self.reading.taken((*self.path, line.text)):
                match = form.fullmatch(line.text)
                if match:
                    yield line.text, match

    def only(self, pattern: str) -> tuple[str, re.Match[str]] | None:
        """The one line of that form, None where there is none or several."""
        found = list(self.matching(pattern))
        return found[0] if len(found) == 1 else None

    def take(self, feature: str, *lines: str) -> None:
        """These lines are said by the data."""
        self.reading.take(feature, *((*self.path, line) for line in lines))

    def opened(self, feature: str) -> None:
        """The line that opens the section is said by the data."""
        self.reading.take(feature, self.path)

    def inner(self, prefix: str) -> Iterator["Section"]:
        """The sections that begin with ``prefix``, empty ones too."""
        for line in self.lines:
            if line.text.startswith(prefix):
                yield Section(self.reading, (*self.path, line.text), line.children)

    @property
    def words(self) -> list[str]:
        """The words of the line that opens the section."""
        return self.path[-1].split(" ")


@dataclass(slots=True)
class Known:
    """What the data declares: only that may be named."""

    vrfs: Data = field(default_factory=dict)
    vlans: Data = field(default_factory=dict)
    interfaces: Data = field(default_factory=dict)
    addresses: set[tuple[str | None, str]] = field(default_factory=set)
    """Each with its VRF: a second one is refused."""
    prefix_lists: dict[str, str] = field(default_factory=dict)
    """Name → family."""
    filters: dict[str, str] = field(default_factory=dict)
    """Access lists for packets: name → family."""
    route_filters: dict[str, str] = field(default_factory=dict)
    community_lists: set[str] = field(default_factory=set)
    as_path_lists: set[str] = field(default_factory=set)
    route_maps: set[str] = field(default_factory=set)
    ospf_process: int = 1


def within(kind: str, value: int | str) -> bool:
    """Whether the platform's range of this kind, of texts of their length, holds a value."""
    limit, number = RANGES[kind], len(value) if isinstance(value, str) else value
    reserved = any(low <= number <= high for low, high in limit.reserved)
    return limit.minimum <= number <= limit.maximum and not reserved


def prefix_length(mask: str) -> int | None:
    """``255.255.255.0`` → 24; None for what is no mask."""
    bits = f"{int(IPv4Address(mask)):032b}"
    return len(bits.rstrip("0")) if "01" not in bits else None


def prefix_of(network: str, wildcard: str) -> str | None:
    """``10.0.0.0 0.0.0.255`` → ``10.0.0.0/24``; None where it is no prefix or has host bits."""
    free = int(IPv4Address(wildcard))
    length = prefix_length(str(IPv4Address(free ^ 0xFFFFFFFF)))
    return None if length is None or int(IPv4Address(network)) & free else f"{network}/{length}"


def is_address(name: str) -> bool:
    """Whether a neighbor's name is its address."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


ADDRESS = r"\d+\.\d+\.\d+\.\d+"
NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}"
"""What the model takes for a name."""


def compact(data: Data) -> Data:
    """``data`` without empty values."""
    return {key: value for key, value in data.items() if value not in ({}, [], (), None, "")}
