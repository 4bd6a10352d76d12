"""Devices in memory: a peer of the real fleet behind the same port, held to the same contract tests.

A device keeps its running and startup configuration, one pending commit with its deadline on the clock given, and the
fence that napalm_frr's program has. Faults are set from outside, one for each phase.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self, TypeVar

from netmgr.errors import DeviceError, Fenced, Unreachable
from netmgr.model.backup import Capture
from netmgr.model.change import CommitOrder, CommitState
from netmgr.model.check_state import Question, Seen
from netmgr.model.digest import sha256_hex
from netmgr.model.endpoint import Endpoint
from netmgr.model.last_change import LastChange
from netmgr.model.marker import Marker
from netmgr.model.state import AdjacencyState, InterfaceState, Observation, Reading
from netmgr.model.status import Probe
from netmgr.ports.clock import Clock
from netmgr.ports.fleet import Answers

T = TypeVar("T")
Fault = Callable[["MemoryDevice"], None]


@dataclass(slots=True)
class MemoryDevice:
    """One device. ``canonical`` is its platform's form of a configuration; it runs and shows nothing else.

    ``faults`` maps a phase to what happens there before (``commit``) or after (``commit:after``) it.
    """

    name: str
    clock: Clock
    canonical: Callable[[str], str]
    running: str = ""
    startup: str = ""
    reachable: bool = True
    epoch: int = 0
    before: str = ""
    deadline: float = 0.0
    pending: str | None = None
    change: str | None = None
    ends: dict[str, str] = field(default_factory=dict)
    journal: list[tuple[str, str]] = field(default_factory=list)
    faults: dict[str, Fault] = field(default_factory=dict)
    patience: float | None = None
    """Seconds that the latest question about its neighbors waits; None: as long as any other. Faults may take them."""
    adjacencies: Callable[["MemoryDevice"], tuple[AdjacencyState, ...]] = lambda _: ()
    interfaces: tuple[InterfaceState, ...] | None = None
    shown: Callable[[str], str] = str
    """What a backup is shown of the running configuration; faults may cut it short."""
    marker: Callable[["MemoryDevice"], Marker | None] = lambda device: Marker(
        revision=sha256_hex(device.running)
    )
    last_change: LastChange | None = None
    missing: tuple[str, ...] = ()
    """Daemons that do not run."""
    look: Callable[["MemoryDevice", Question], Seen] = lambda _, question: _silent(question)

    def meet(self, phase: str) -> None:
        """Let the fault of this phase happen, if one was set."""
        fault = self.faults.get(phase)
        if fault:
            fault(self)

    def tick(self) -> None:
        """Let a timer that has run out bring the device back."""
        if self.pending and self.clock.monotonic() >= self.deadline:
            self.end("rolled_back", self.before)

    def end(self, how: str, running: str) -> None:
        """End the pending commit, if there is one."""
        if self.pending is not None:
            self.running = running
            self.ends[self.pending] = how
            self.journal.append((how, self.pending))
            self.pending = None

    def shut_out(self, phase: str, epoch: int) -> None:
        """Refuse an older lease, and from now on every one that is older than this."""
        if epoch < self.epoch:
            raise Fenced(self.name, phase, f"epoch {epoch} is older than {self.epoch}, seen here")
        self.epoch = epoch

    def state(self, commit: str) -> CommitState:
        """What the device says of a commit."""
        self.tick()
        if self.pending == commit:
            remaining = self.deadline - self.clock.monotonic()
            return CommitState(state="pending", running=sha256_hex(self.running), remaining=remaining)
        how = self.ends.get(commit, "unknown")
        return CommitState.model_validate({"state": how, "running": sha256_hex(self.running)})


class MemoryFleet:
    """See ``netmgr.ports.fleet.Fleet``."""

    def __init__(self, devices: Iterable[MemoryDevice]) -> None:
        self.devices = {device.name: device for device in devices}

    def session(self, endpoints: Iterable[Endpoint]) -> "MemorySession":
        """A session for these devices."""
        return MemorySession({e.device: self.devices[e.device] for e in endpoints})


class MemorySession:
    """See ``netmgr.ports.fleet.FleetSession``."""

    def __init__(self, devices: Mapping[str, MemoryDevice]) -> None:
        self._devices = devices
        self._candidates: dict[str, str] = {}
        self._connected: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection; what is pending stays pending."""
        self._connected.clear()

    def connect(self, devices: Iterable[str]) -> Answers[None]:
        """Log in."""
        return self._phase("connect", devices, lambda device: self._connected.add(device.name), login=True)

    def relogin(self, devices: Iterable[str]) -> Answers[None]:
        """Log in again."""
        names = list(devices)
        self._connected -= set(names)
        return self._phase("relogin", names, lambda device: self._connected.add(device.name), login=True)

    def read(self, devices: Iterable[str]) -> Answers[Reading]:
        """The running configuration."""
        return self._phase("read", devices, _reading)

    def observe(self, devices: Iterable[str]) -> Answers[Observation]:
        """Log in, then read: each with its own faults."""

        def step(device: MemoryDevice) -> Observation:
            return Observation(reading=_reading(device), startup=device.startup, interfaces=device.interfaces)

        return self._logged_in("read", devices, step, again=False)

    def markers(self, devices: Iterable[str]) -> Answers[Marker | None]:
        """What the device's own function says, logged in where needed."""
        return self._logged_in("markers", devices, lambda device: device.marker(device), again=False)

    def last_changes(self, devices: Iterable[str]) -> Answers[LastChange | None]:
        """What the device was told to say."""
        return self._phase("last_changes", devices, lambda device: device.last_change)

    def capture(self, devices: Iterable[str]) -> Answers[Capture]:
        """Log in where needed, then read: each with its own faults."""

        def step(device: MemoryDevice) -> Capture:
            shown = device.shown(device.running)
            return Capture(
                running=shown,
                startup=device.startup,
                facts={"hostname": device.name, "os_version": "memory"},
                digest=sha256_hex(device.canonical(shown)),
                missing=device.missing,
            )

        return self._logged_in("capture", devices, step, again=False)

    def probe(self, devices: Iterable[str]) -> Answers[Probe]:
        """Log in, then ask for a pending commit: each with its own faults."""

        def step(device: MemoryDevice) -> Probe:
            if device.pending is None:
                return Probe()
            return Probe(pending=device.pending, remaining=device.deadline - device.clock.monotonic())

        return self._logged_in("probe", devices, step)

    def show(self, commands: Mapping[str, str]) -> Answers[str]:
        """The running configuration, which is all that these devices can show."""

        def step(device: MemoryDevice) -> str:
            if commands[device.name] != "show running-config":
                raise DeviceError(device.name, "show", f"unknown command: {commands[device.name]}")
            return device.running

        return self._phase("show", commands, step)

    def load(self, candidates: Mapping[str, str], *, merged: Collection[str] = ()) -> Answers[str]:  # noqa: ARG002
        """Keep the candidates. A device in memory is told nothing line by line."""

        def step(device: MemoryDevice) -> str:
            candidate = self._candidates[device.name] = device.canonical(candidates[device.name])
            return "" if device.running == candidate else f"{device.name} differs\n"

        return self._phase("load", candidates, step)

    def discard(self, devices: Iterable[str]) -> Answers[None]:
        """Forget the candidates."""

        def step(device: MemoryDevice) -> None:
            self._candidates.pop(device.name, None)

        return self._phase("discard", devices, step)

    def commit(self, orders: Mapping[str, CommitOrder]) -> Answers[CommitState]:
        """Commit what was loaded, fenced as the real program is."""

        def step(device: MemoryDevice) -> CommitState:
            order = orders[device.name]
            if device.pending:
                raise Fenced(device.name, "commit", f"commit {device.pending} is pending")
            if order.epoch < device.epoch or order.expected != sha256_hex(device.running):
                raise Fenced(device.name, "commit", "the device is not in the state the order was made for")
            device.epoch, device.before, device.pending = order.epoch, device.running, order.commit
            device.change = order.change
            device.deadline = device.clock.monotonic() + order.seconds
            device.running = self._candidates.pop(device.name)
            device.journal.append(("committed", order.commit))
            return device.state(order.commit)

        return self._phase("commit", orders, step)

    def commit_state(self, orders: Mapping[str, CommitOrder]) -> Answers[CommitState]:
        """What each device says of its commit."""
        return self._phase("commit_state", orders, lambda device: device.state(orders[device.name].commit))

    def adjacencies(
        self,
        devices: Iterable[str],
        *,
        within: float | None = None,
    ) -> Answers[tuple[AdjacencyState, ...]]:
        """What the device's own function says."""
        names = list(devices)
        for name in names:
            self._devices[name].patience = within
        return self._phase("adjacencies", names, lambda device: device.adjacencies(device))

    def look(self, questions: Mapping[str, Question]) -> Answers[Seen]:
        """What the device's own function says."""
        return self._phase("look", questions, lambda device: device.look(device, questions[device.name]))

    def confirm(self, orders: Mapping[str, CommitOrder]) -> Answers[CommitState]:
        """End the commit as it is, startup written."""

        def step(device: MemoryDevice) -> CommitState:
            if device.pending == orders[device.name].commit:
                device.shut_out("confirm", orders[device.name].epoch)
                device.startup = device.running
                device.end("confirmed", device.running)
            return device.state(orders[device.name].commit)

        return self._phase("confirm", orders, step)

    def abort(self, orders: Mapping[str, CommitOrder]) -> Answers[CommitState]:
        """End the commit as it was before."""

        def step(device: MemoryDevice) -> CommitState:
            order = orders[device.name]
            takes_over = order.takes_over and (device.pending is None or device.change == order.change)
            if takes_over or device.pending == order.commit:
                device.shut_out("rollback", order.epoch)
            if device.pending == order.commit:
                device.end("rolled_back", device.before)
            return device.state(orders[device.name].commit)

        return self._phase("abort", orders, step)

    def _logged_in(
        self, phase: str, devices: Iterable[str], step: Callable[[MemoryDevice], T], *, again: bool = True
    ) -> Answers[T]:
        """``again`` also where there is a connection."""
        names = list(devices)
        logins = self.connect(name for name in names if again or name not in self._connected)
        failed = {name: answer for name, answer in logins.items() if answer is not None}
        answers = self._phase(phase, [name for name in names if name not in failed], step)
        return {name: failed[name] if name in failed else answers[name] for name in names}

    def _phase(
        self, phase: str, devices: Iterable[str], step: Callable[[MemoryDevice], T], *, login: bool = False
    ) -> Answers[T]:
        answers: dict[str, T | DeviceError] = {}
        for name in devices:
            device = self._devices[name]
            device.tick()
            try:
                device.meet(phase)
                if not device.reachable or not (login or name in self._connected):
                    self._connected.discard(name)
                    raise Unreachable(name, phase, "no connection")
                answer = step(device)
                device.meet(f"{phase}:after")
                answers[name] = answer
            except DeviceError as error:
                answers[name] = error
        return answers


def _reading(device: MemoryDevice) -> Reading:
    return Reading(running=device.running, digest=sha256_hex(device.running), pending=device.pending)


def _silent(question: Question) -> Seen:
    """The answer of a device that has no state of its own to tell of."""
    parts = [name for name in ("routes", "interfaces", "lldp", "pings") if getattr(question, name)]
    keys = (*parts, *(getter.key for getter in question.getters))
    return Seen(unanswered=dict.fromkeys(keys, "this device does not tell"))
