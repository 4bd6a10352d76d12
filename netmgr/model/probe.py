"""Probes: how often devices are asked for a sign of life, and what is known of them from that."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from netmgr.model.base import Frozen
from netmgr.model.failure import TicketForFailure
from netmgr.model.fields import Items
from netmgr.model.names import Target
from netmgr.model.scope import Glob, fits

ProbeState = Literal["up", "down", "unknown", "exempt"]
"""``down``: it was asked and did not answer; ``unknown``: it could not be asked; ``exempt``: whatever it answered, it
is under maintenance, and that does not count.
"""

_INTERVALS = (60, 120, 180, 240, 300, 360, 600, 720, 900, 1200, 1800, 3600)


def _interval(value: int) -> int:
    if value not in _INTERVALS:
        raise ValueError(
            f"{value} is no interval; write whole minutes that an hour can be divided by, in seconds: "
            f"{', '.join(map(str, _INTERVALS))}"
        )
    return value


class ProbeSettings(Frozen):
    """Every ``interval`` seconds each device is asked; ``down_after`` times without an answer in a row, it is down."""

    interval: Annotated[
        int,
        AfterValidator(_interval),
        WithJsonSchema({"type": "integer", "enum": list(_INTERVALS)}),
    ] = 60
    down_after: int = Field(default=2, ge=1, le=60)
    devices: Items[Glob] = ()
    """None: every active device."""
    timeout: int = Field(default=5, ge=1, le=30)
    """How long an answer may take, in seconds."""
    keep_days: int = Field(default=400, ge=35, le=3660)
    """After so many days samples are deleted; the log keeps their daily sums."""
    ticket: TicketForFailure | None = None
    """Whether a device that is down opens a ticket, and how severe that is."""

    def selects(self, name: str) -> bool:
        """Whether the device is meant."""
        return not self.devices or fits(name, self.devices)


@dataclass(frozen=True, slots=True)
class Span:
    """Samples of one device, ``interval`` seconds from each to the next, that all say the same.

    ``first`` and ``last`` are the times of its first and its last one (UTC), multiples of the interval since 1970.
    """

    device: str
    first: datetime
    last: datetime
    interval: int
    state: ProbeState

    @property
    def samples(self) -> int:
        """How many there are."""
        return (self.last - self.first) // timedelta(seconds=self.interval) + 1


@dataclass(frozen=True, slots=True)
class Standing:
    """A device's state as far as the log has been told, and the time of the first sample that says so."""

    state: ProbeState
    since: datetime


@dataclass(frozen=True, slots=True)
class Probed:
    """What one device answered. ``detail`` is why it did not, in a few words."""

    state: ProbeState
    detail: str = ""


class ProbedDevice(Frozen):
    """One device of a run."""

    device: str
    state: ProbeState
    detail: str = ""


class ProbeRun(Frozen):
    """One sample of every device. ``taken`` is false where it was there already: then no device was asked."""

    client: str
    target: Target
    at: str
    interval: int
    taken: bool
    devices: tuple[ProbedDevice, ...]
    transitions: int = 0
    """How many devices went down, or came up again, as the log was told."""
    digests: tuple[str, ...] = ()
    """Days whose sums were logged."""

    @property
    def outcome(self) -> str:
        """The worst state; ``taken`` where nobody was asked."""
        states = {each.state for each in self.devices}
        return next((word for word in ("down", "unknown", "up", "exempt") if word in states), "taken")


class Transition(Frozen):
    """A device went down or came up. ``seconds`` is how long it had been as it was before, where that is known."""

    device: str
    from_: ProbeState = Field(serialization_alias="from")
    to: ProbeState
    since: str
    seconds: int | None = None
    seq: int


class Measured(Frozen):
    """How available something was in a period. ``availability`` is in percent, None where it was not measured.

    ``seconds`` is what counts of the period: without those under maintenance (``seconds_exempt``).
    """

    availability: float | None
    measured: bool
    share: float
    expected: int
    taken: int
    seconds: int
    seconds_up: int
    seconds_down: int
    seconds_exempt: int
    transitions: int


class MeasuredDevice(Measured):
    """One device. ``state`` is that of now, ``since`` the sample that first said so."""

    device: str
    state: ProbeState
    since: str | None = None


class MeasuredClient(Measured):
    """All devices together: ``seconds`` are those of every one of them."""

    client: str
    target: Target
    start: str
    end: str
    timezone: str
    interval: int
    devices: tuple[MeasuredDevice, ...]


class ProbedHistory(Frozen):
    """One device with its transitions, the newest first."""

    client: str
    target: Target
    start: str
    end: str
    timezone: str
    interval: int
    device: MeasuredDevice
    transitions: tuple[Transition, ...]


DayStatus = Literal["same", "different", "gone"]


class CheckedDay(Frozen):
    """One day's samples against the digest in the log: ``gone`` where they are no longer kept."""

    day: str
    seq: int
    status: DayStatus


class CheckedSamples(Frozen):
    """Every digest in the log."""

    client: str
    target: Target
    days: tuple[CheckedDay, ...]

    @property
    def different(self) -> Iterable[CheckedDay]:
        """The days whose samples are not those that were logged."""
        return (day for day in self.days if day.status == "different")
