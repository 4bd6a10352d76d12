"""The form that every platform fills in: data and small pure functions, never a branch in the workflows."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from netmgr.model.adoption import Adopted
from netmgr.model.check_state import Routes
from netmgr.model.device import DeviceData
from netmgr.model.intent import InterfaceKind
from netmgr.model.last_change import Attribution
from netmgr.model.state import AdjacencyState, InterfaceState
from netmgr.platforms.passwords import Passwords

Support = Literal["rendered", "host", "absent"]


@dataclass(frozen=True, slots=True)
class TimerLimits:
    """The device-side commit timer: its range in seconds, and of how many seconds it is a multiple."""

    minimum: int
    maximum: int
    step: int = 1


@dataclass(frozen=True, slots=True)
class StateRequest:
    """A read-only command and the function that understands its answer."""

    command: str
    parse: Callable[[str], tuple[AdjacencyState, ...]]
    optional: bool = False
    """Whether the device refuses the command where the protocol does not run: then there are no adjacencies."""


@dataclass(frozen=True, slots=True)
class InterfaceRequest:
    """How to see the interfaces below the configuration.

    ``parse`` understands what ``command`` shows of the kernel; ``configured`` gives the same of the interfaces that a
    canonical configuration speaks of.
    """

    command: str
    parse: Callable[[str], tuple[InterfaceState, ...]]
    configured: Callable[[str], tuple[InterfaceState, ...]]


@dataclass(frozen=True, slots=True)
class RouteRequest:
    """How to count the routes in use, and look prefixes up.

    ``commands`` are for these prefixes; ``parse`` understands their outputs, in the same order.
    """

    commands: Callable[[Sequence[str]], tuple[str, ...]]
    parse: Callable[[Sequence[str], Sequence[str]], Routes]


@dataclass(frozen=True, slots=True)
class ReadCommand:
    """Commands that change nothing. ``words`` says to people what ``pattern`` takes as a whole."""

    words: str
    pattern: str


@dataclass(frozen=True, slots=True)
class ManagementPath:
    """Through what a device is managed. In ``address``, a line of an interface, ADDRESS stands for the device's own;
    ``lines`` are others on the way: routes, what listens.
    """

    address: str
    lines: str


@dataclass(frozen=True, slots=True)
class InterfaceNames:
    """Names of one kind of interface. ``pattern`` takes a name as a whole; its groups ``vlan`` (an SVI's VLAN) and
    ``parent`` (what a subinterface is of) are optional.
    """

    kind: InterfaceKind
    pattern: str
    example: str


@dataclass(frozen=True, slots=True)
class NamedInterface:
    """What an interface's name says of it."""

    kind: InterfaceKind
    vlan: int | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """What a platform takes of one kind of value, both ends included, and what of it is not ours to use, and why."""

    minimum: int
    maximum: int
    reserved: tuple[tuple[int, int], ...] = ()
    reason: str = ""


Limits = Mapping[str, Range]
"""Kind of value (netmgr.intent.ranges.RANGED) → its range. Of texts the length."""


def at_most(characters: int) -> Range:
    """The range of a text's length."""
    return Range(0, characters)


def first_word(line: str) -> str:
    """A line's first word."""
    return line.split(" ", 1)[0]


@dataclass(frozen=True, slots=True)
class Remediation:
    """What is loaded to bring one configuration to another by what differs, and what may go wrong while it is."""

    script: str = field(repr=False)
    hazards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VerbatimProblem:
    """What is wrong with a verbatim line: ``key`` (``section`` or ``lines``) and its ``index`` say which."""

    key: Literal["section", "lines"]
    index: int
    message: str


@dataclass(frozen=True, slots=True)
class Objection:
    """What a platform cannot do: where it stands below the device's data, and what to do instead."""

    path: tuple[object, ...]
    message: str


def _no_objections(_data: DeviceData, _ipv6: frozenset[str]) -> Iterable[Objection]:
    return ()


def _anything(_section: tuple[str, ...], _lines: tuple[str, ...]) -> Iterable[VerbatimProblem]:
    return ()


Path = tuple[str, ...]
"""A line of a configuration, preceded by the lines that open the sections around it."""


def indented_paths(config: str) -> tuple[Path, ...]:
    """Every line of a canonical text in which indentation alone says which section a line stands in."""
    paths: list[Path] = []
    around: list[tuple[int, Path]] = [(-1, ())]
    for row in config.splitlines():
        line = row.lstrip(" ")
        indent = len(row) - len(line)
        while around[-1][0] >= indent:
            around.pop()
        paths.append((*around[-1][1], line))
        around.append((indent, paths[-1]))
    return tuple(paths)


def _of_none(_path: Path) -> str | None:
    return None


LinkData = Mapping[tuple[str, str], tuple[str, ...]]
"""(``interface``, name) or (``bgp``, the neighbor's address) → what a configuration says of it. To be compared."""


Sides = Mapping[tuple[str, str], frozenset[str]]
"""(protocol, peer) of an adjacency → the lines of a configuration that make its side. To be compared."""


def _as_it_is(config: str) -> str:
    return config


def _canonical_itself(config: str, _shown: str) -> str:
    return config


def _as_rendered(config: str, _running: str, _passwords: Passwords) -> str:
    return config


def _no_sides(_config: str) -> Sides:
    return {}


def _no_link_data(_config: str) -> LinkData:
    return {}


@dataclass(frozen=True, slots=True)
class PlatformForm:
    """One platform: what it can do, its canonical form, its secrets, its features.

    ``driver`` is NAPALM's name, None for a host that NAPALM does not configure. ``canonical`` gives the text on which
    configurations are compared, ``redact`` hides every secret in such a text, ``is_empty`` tells whether a canonical
    text holds nothing but what a fresh installation has. ``commit_control`` names how its driver's commits are armed
    and ended (netmgr/adapters/commit_controls.py). ``configured`` gives the adjacencies that a configuration
    asks for, as (protocol, peer). ``startup`` gives the lines that a fresh device boots with to run a canonical text.
    ``candidate`` gives what is loaded to replace a device's configuration with a canonical text; its second argument is
    the running configuration as the device shows it, from which come lines that the canonical form leaves out.
    ``settled`` gives a text with each secret that the device salts as it keeps it; its second argument is the running
    configuration in canonical form, from which it takes hashes of our secrets.
    ``subject`` names what a line at the top level is about, so that two settings of the
    same thing have the same subject. ``redact`` works line by line. ``reads`` are the commands that may be run to look.
    ``verbatim`` judges verbatim lines by the section that they shall stand in and themselves. ``link_data`` gives what
    a canonical text says of its ends of links, ``sides`` for each adjacency the lines that the other end may have to
    match; one without counts as changed whenever the device is. ``paths`` are a canonical text's lines, ``feature_of``
    says which feature such a line is of; ``ownable`` are the features that a device can have managed by themselves.
    """

    name: str
    driver: str | None
    loopback: str | None
    features: Mapping[str, Support]
    replace: bool
    merge: bool
    commit_confirm: TimerLimits | None
    commit_message: bool
    fenced: bool
    canonical: Callable[[str], str]
    redact: Callable[[str], str]
    is_empty: Callable[[str], bool]
    configured: Callable[[str], frozenset[tuple[str, str]]]
    commit_control: str = "snapshot"
    https: bool = False
    """Whether the device is spoken to over HTTPS, and proves itself by a certificate instead of a host key."""
    port: int = 22
    """Where it is spoken to, unless the inventory says another one."""
    startup: Callable[[str], str] = _as_it_is
    candidate: Callable[[str, str], str] = _canonical_itself
    settled: Callable[[str, str, Passwords], str] = _as_rendered
    remediation: Callable[[str, str], Remediation] | None = None
    """What brings a device that runs one canonical text to another by merging; None: its driver works that out."""
    verbatim: Callable[[tuple[str, ...], tuple[str, ...]], Iterable[VerbatimProblem]] = _anything
    link_data: Callable[[str], LinkData] = _no_link_data
    sides: Callable[[str], Sides] = _no_sides
    paths: Callable[[str], tuple[Path, ...]] = indented_paths
    feature_of: Callable[[Path], str | None] = _of_none
    ownable: frozenset[str] = frozenset()
    flat: bool = False
    """Whether each line says its whole path: such a configuration has no sections."""
    state_requests: tuple[StateRequest, ...] = ()
    interfaces: InterfaceRequest | None = None
    routes: RouteRequest | None = None
    subject: Callable[[str], str] = first_word
    reads: tuple[ReadCommand, ...] = ()
    management: ManagementPath | None = None
    """Which lines are the way to the device; None: any may be."""
    interface_names: tuple[InterfaceNames, ...] = ()
    """The platform's interface names, the first that fits counts; none: any name will do."""
    ranges: Limits = field(default_factory=dict)
    """What is not here, the model alone limits."""
    objections: Callable[[DeviceData, frozenset[str]], Iterable[Objection]] = _no_objections
    """What of the device's data the platform has no way to do although it has the feature; the names are those of the
    interfaces that have IPv6 addresses, their links' included.
    """
    optional_args: Mapping[str, object] = field(default_factory=dict)
    terminators: frozenset[str] = frozenset()
    """Lines that leave a section or end a configuration: none may stand among others' lines."""
    change_marker: str | None = None
    """Pattern of a line, shown with the running configuration, that is another one after each change to it."""
    attribution: Attribution | None = None
    """Where the device says who changed its configuration last; None: nowhere, or nowhere that can be relied on."""
    framed: bool = False
    """Whether the transport itself says where an answer ends: half of one is then an error, never an answer."""
    endings: Mapping[str, str] = field(default_factory=dict)
    """``running`` and ``startup`` → pattern of the last line of such a configuration, where it has one of its own."""
    adopt: Callable[[str], Adopted] | None = None
    """A canonical text, secrets inside, as device data; None: nobody can read it. See ``Adopted`` for the law."""

    def changed_sides(self, running: str, intended: str) -> frozenset[tuple[str, str]]:
        """(protocol, peer) of the adjacencies of which this end's side is another one in ``intended``."""
        before, after = self.sides(running), self.sides(intended)
        asked_for = self.configured(running) | self.configured(intended)
        return frozenset(key for key in asked_for if before.get(key) is None or before[key] != after.get(key))

    def named(self, interface: str) -> NamedInterface | None:
        """What an interface's name says of it, None where no pattern takes it."""
        for names in self.interface_names:
            match = re.fullmatch(names.pattern, interface, re.ASCII)
            if match:
                said = match.groupdict()
                vlan = said.get("vlan")
                return NamedInterface(names.kind, int(vlan) if vlan else None, said.get("parent"))
        return None

    def may_show(self, command: str) -> bool:
        """Whether the command is one of ``reads``."""
        return any(re.fullmatch(read.pattern, command, re.ASCII) for read in self.reads)
