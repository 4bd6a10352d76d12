"""The devices, as the workflows see them: phases over many devices at once, an answer or an error from each.

A fleet session holds one connection for each device for a whole run. Inside a phase devices run in parallel; between
phases one thread decides. Nothing here raises for a device's failure: the error is that device's answer.
"""

from collections.abc import Collection, Iterable, Mapping
from types import TracebackType
from typing import Protocol, Self, TypeVar

from netmgr.errors import DeviceError
from netmgr.model.backup import Capture
from netmgr.model.change import CommitOrder, CommitState
from netmgr.model.check_state import Question, Seen
from netmgr.model.endpoint import Endpoint
from netmgr.model.last_change import LastChange
from netmgr.model.marker import Marker
from netmgr.model.state import AdjacencyState, Observation, Reading
from netmgr.model.status import Probe

T = TypeVar("T")
Answers = Mapping[str, T | DeviceError]


class FleetSession(Protocol):
    """Connections to some devices. Devices are named; each phase answers for exactly the devices it was asked."""

    def connect(self, devices: Iterable[str]) -> Answers[None]:
        """Log in, with host keys verified."""

    def read(self, devices: Iterable[str]) -> Answers[Reading]:
        """The running configuration, and what is wrong with the device already."""

    def observe(self, devices: Iterable[str]) -> Answers[Observation]:
        """Read what an audit judges; whoever is not connected yet is logged in to, in the same step: a device that does
        not answer keeps no other waiting.
        """

    def markers(self, devices: Iterable[str]) -> Answers[Marker | None]:
        """Ask what tells cheaply whether a configuration has changed, logged in where there is no connection yet.

        None where the device, or netmgr for its platform, has no answer: only reading it tells.
        """

    def last_changes(self, devices: Iterable[str]) -> Answers[LastChange | None]:
        """Ask who changed the configuration last. None where the device, or its platform, does not say."""

    def capture(self, devices: Iterable[str]) -> Answers[Capture]:
        """Everything that a backup keeps; whoever is not connected yet is logged in to first."""

    def show(self, commands: Mapping[str, str]) -> Answers[str]:
        """What each device answers to its read-only command, as it says it; nothing is redacted yet."""

    def probe(self, devices: Iterable[str]) -> Answers[Probe]:
        """Log in and ask for nothing but a pending commit: the least that tells whether a device can be managed."""

    def load(self, candidates: Mapping[str, str], *, merged: Collection[str] = ()) -> Answers[str]:
        """Load complete candidate configurations; the answer is the driver's own diff against running.

        The devices of ``merged`` are sent only what differs: nothing else is touched, not even by being told again.
        """

    def discard(self, devices: Iterable[str]) -> Answers[None]:
        """Forget the loaded candidates."""

    def commit(self, orders: Mapping[str, CommitOrder]) -> Answers[CommitState]:
        """Commit the loaded candidates with the device-side timer armed first."""

    def relogin(self, devices: Iterable[str]) -> Answers[None]:
        """Replace each connection by a new login: proof that management still works."""

    def commit_state(self, orders: Mapping[str, CommitOrder]) -> Answers[CommitState]:
        """What each device says of its commit, and the digest it runs now."""

    def adjacencies(
        self, devices: Iterable[str], *, within: float | None = None
    ) -> Answers[tuple[AdjacencyState, ...]]:
        """Every routing adjacency that each device knows, up or not.

        ``within`` so many seconds, where nobody should wait longer: a connection without an answer by then is lost.
        """

    def look(self, questions: Mapping[str, Question]) -> Answers[Seen]:
        """What the checks want to know of each device; what it cannot tell stands in ``Seen.unanswered``."""

    def confirm(self, orders: Mapping[str, CommitOrder]) -> Answers[CommitState]:
        """Disarm the timers and write the startup configurations."""

    def abort(self, orders: Mapping[str, CommitOrder]) -> Answers[CommitState]:
        """Bring each device back to before its commit, now instead of at the timer's end."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection. Pending commits stay pending on the devices."""


class Fleet(Protocol):
    """Opens sessions to devices."""

    def session(self, endpoints: Iterable[Endpoint]) -> FleetSession:
        """A session for these devices; nothing is contacted yet."""
