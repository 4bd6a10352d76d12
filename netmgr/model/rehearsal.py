"""A rehearsal: the nouns of what is measured on a twin, and the document that says how it went."""

from collections.abc import Mapping
from typing import Literal

from netmgr.model.base import Frozen
from netmgr.model.intent import Protocol
from netmgr.model.names import Target

Source = Literal["running", "snapshot", "intended"]
"""Where a twin's device has its configuration from: read from the device now, from before its last change, or what
the inventory intends."""


class LoopbackPair(Frozen):
    """Echo requests from a loopback of one device to a loopback of another."""

    source: str
    source_address: str
    destination: str
    destination_address: str


class Loss(Frozen):
    """What the probes of one pair measured, in seconds. ``replied`` says whether the last ones were answered."""

    pair: LoopbackPair
    seconds: float
    """Without connectivity, in all."""
    longest: float
    replied: bool


class RehearsedDevice(Frozen):
    """One device of the twin. ``detail`` says why it does not have what the device runs now."""

    device: str
    platform: str
    kind: Literal["real", "emulated"]
    source: Source
    detail: str | None = None


class RehearsedAdjacency(Frozen):
    """An adjacency as one device saw it."""

    device: str
    protocol: Protocol
    peer: str


class RehearsedRoutes(Frozen):
    """The prefixes that a device forwarded before and not after, and the other way round."""

    device: str
    lost: tuple[str, ...]
    gained: tuple[str, ...]


class Outage(Frozen):
    """How long two devices' loopbacks were without connectivity while the change was made, in seconds."""

    source: str
    destination: str
    family: Literal["ipv4", "ipv6"]
    seconds: float
    longest: float


class LostPair(Frozen):
    """Two devices' loopbacks that could reach each other before the change and cannot after it."""

    source: str
    destination: str
    family: Literal["ipv4", "ipv6"]


class Rehearsal(Frozen):
    """The document that ``rehearse`` prints. ``target`` is the network that the plan is for."""

    id: str
    plan: str
    client: str
    target: Target
    time: str
    basis: str
    """Digest of all that the plan's effect depends on: a plan with another one was not rehearsed."""
    outcome: Literal["passed", "failed"]
    reasons: tuple[str, ...] = ()
    """Why it failed."""
    warnings: tuple[str, ...] = ()
    """What the twin cannot show as the network would."""
    change: str
    """The outcome of the change on the twin, as of a deploy."""
    devices: tuple[RehearsedDevice, ...] = ()
    adjacencies_lost: tuple[RehearsedAdjacency, ...] = ()
    adjacencies_gained: tuple[RehearsedAdjacency, ...] = ()
    routes: tuple[RehearsedRoutes, ...] = ()
    """Devices whose prefixes differ."""
    partitions: tuple[LostPair, ...] = ()
    pairs: int = 0
    """Pairs of loopbacks with connectivity before the change."""
    probed: int = 0
    """Pairs of loopbacks that probes were sent between while the change was made."""
    interval: float = 0.0
    """Seconds between two probes of a pair: nothing shorter is measured."""
    outages: tuple[Outage, ...] = ()
    """Pairs whose probes were not all answered, the longest first."""
    seconds: Mapping[str, float] = {}
    """How long the rehearsal took, by phase."""


class RehearsalFacts(Frozen):
    """The facts of a rehearsal's entry in the service log: what is attached to the plan."""

    plan: str
    basis: str
    rehearsal: str
    change: str
    devices: int
    emulated: int
    adjacencies_lost: int
    adjacencies_gained: int
    routes_lost: int
    routes_gained: int
    partitions: int
    milliseconds_lost: int
    """The longest that any pair of loopbacks was without connectivity while the change was made."""


class AttachedRehearsal(Frozen):
    """A plan's newest rehearsal, as plans carry it."""

    id: str
    plan: str
    time: str
    outcome: Literal["passed", "failed"]
    partitions: int
    seconds_lost: float
    emulated: int
    exact: bool
    """Whether it was a rehearsal of exactly this plan, or of one that is out of date."""
