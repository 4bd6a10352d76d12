"""The fleet through Nornir: the only home of Nornir and of threads.

Nornir shares ``failed_hosts`` between all its filtered clones, and ``run`` skips failed hosts: a rollback after
a failure would silently skip exactly the hosts that need it. So each phase gets a fresh Nornir made from our own
model, runs on good and failed hosts alike, and no Nornir object leaves this module.
"""

import sys
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from types import TracebackType
from typing import Protocol, Self, TypeVar

from netmgr.adapters.jump_hosts import JumpHosts
from netmgr.adapters.napalm_session import NapalmSession
from netmgr.adapters.ssh_shell import ShellSession
from netmgr.errors import DeviceError
from netmgr.model.backup import Capture
from netmgr.model.change import CommitOrder, CommitState
from netmgr.model.check_state import Question, Seen
from netmgr.model.endpoint import Endpoint
from netmgr.model.last_change import LastChange
from netmgr.model.marker import Marker
from netmgr.model.state import AdjacencyState, Observation, Reading
from netmgr.model.status import Probe
from netmgr.platforms.form import PlatformForm
from netmgr.ports.fleet import Answers

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


class NornirFleet:
    """See ``netmgr.ports.fleet.Fleet``.

    ``workers`` devices are spoken to at a time; an answer may take ``timeout`` seconds. ``step`` is told how many of a
    phase's devices have answered, by the thread of each.
    """

    def __init__(
        self,
        forms: Mapping[str, PlatformForm],
        *,
        workers: int,
        timeout: int,
        step: Callable[[int, int], None],
    ) -> None:
        self._forms, self._workers, self._timeout, self._step = forms, workers, timeout, step

    def session(self, endpoints: Iterable[Endpoint]) -> "NornirSession":
        """A session for these devices."""
        jumps = JumpHosts(self._timeout)
        devices: dict[str, NapalmSession] = {}
        hosts: dict[str, ShellSession] = {}
        for endpoint in endpoints:
            form = self._forms[endpoint.platform]
            if form.driver:
                devices[endpoint.device] = NapalmSession(endpoint, form, self._timeout, jumps)
            else:
                hosts[endpoint.device] = ShellSession(endpoint, self._timeout, jumps)
        return NornirSession(devices, hosts, jumps, self._workers, self._step)


class Connection(Protocol):
    """What can be logged in to and looked at, with a driver or without."""

    endpoint: Endpoint

    def open(self) -> None:
        """Log in."""

    def relogin(self) -> None:
        """Log in anew."""

    def show(self, command: str) -> str:
        """What a read-only command shows."""

    def close(self) -> None:
        """Close the connection."""


class NornirSession:
    """See ``netmgr.ports.fleet.FleetSession``. ``hosts`` have no driver: they are only logged in to and looked at."""

    def __init__(
        self,
        devices: Mapping[str, NapalmSession],
        hosts: Mapping[str, ShellSession],
        jumps: JumpHosts,
        workers: int,
        step: Callable[[int, int], None],
    ) -> None:
        self._connections: Mapping[str, Connection] = {**devices, **hosts}
        self._devices, self._jumps, self._workers, self._step = devices, jumps, workers, step

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection, those of the jump hosts last."""
        try:
            self._each(self._connections, lambda device, _: device.close())
        finally:
            self._jumps.close()

    def connect(self, devices: Iterable[str]) -> Answers[None]:
        """Log in."""
        names = self._reached(devices)
        return self._each(names, lambda device, _: device.open())

    def read(self, devices: Iterable[str]) -> Answers[Reading]:
        """Running configurations."""
        return self._phase(devices, lambda device, _: device.read())

    def observe(self, devices: Iterable[str]) -> Answers[Observation]:
        """Log in where needed, and read."""
        return self._phase(self._reached(devices), lambda device, _: device.observe())

    def markers(self, devices: Iterable[str]) -> Answers[Marker | None]:
        """Log in where needed, and ask for markers."""
        return self._phase(self._reached(devices), lambda device, _: device.marker())

    def last_changes(self, devices: Iterable[str]) -> Answers[LastChange | None]:
        """Who changed them last."""
        return self._phase(devices, lambda device, _: device.last_change())

    def capture(self, devices: Iterable[str]) -> Answers[Capture]:
        """Log in where needed, and read all that is kept."""
        return self._phase(self._reached(devices), lambda device, _: device.capture())

    def show(self, commands: Mapping[str, str]) -> Answers[str]:
        """Read-only commands."""
        return self._each(commands, lambda device, name: device.show(commands[name]))

    def probe(self, devices: Iterable[str]) -> Answers[Probe]:
        """Log in and ask for a pending commit."""
        return self._phase(self._reached(devices), lambda device, _: device.probe())

    def load(self, candidates: Mapping[str, str], *, merged: Collection[str] = ()) -> Answers[str]:
        """Load complete candidates, or what differs."""
        return self._phase(
            candidates, lambda device, name: device.load(candidates[name], merge=name in merged)
        )

    def discard(self, devices: Iterable[str]) -> Answers[None]:
        """Forget candidates."""
        return self._phase(devices, lambda device, _: device.discard())

    def commit(self, orders: Mapping[str, CommitOrder]) -> Answers[CommitState]:
        """Commit with the timer armed first."""
        return self._phase(orders, lambda device, name: device.commit(orders[name]))

    def relogin(self, devices: Iterable[str]) -> Answers[None]:
        """New connections in place of the old."""
        names = self._reached(devices)
        return self._each(names, lambda device, _: device.relogin())

    def commit_state(self, orders: Mapping[str, CommitOrder]) -> Answers[CommitState]:
        """What each device says of its commit."""
        return self._phase(orders, lambda device, name: device.commit_state(orders[name]))

    def adjacencies(
        self, devices: Iterable[str], *, within: float | None = None
    ) -> Answers[tuple[AdjacencyState, ...]]:
        """Routing adjacencies."""
        return self._phase(devices, lambda device, _: device.adjacencies(within))

    def look(self, questions: Mapping[str, Question]) -> Answers[Seen]:
        """What the checks ask."""
        return self._phase(questions, lambda device, name: device.look(questions[name]))

    def confirm(self, orders: Mapping[str, CommitOrder]) -> Answers[CommitState]:
        """Confirm."""
        return self._phase(orders, lambda device, name: device.confirm(orders[name]))

    def abort(self, orders: Mapping[str, CommitOrder]) -> Answers[CommitState]:
        """Bring back."""
        return self._phase(orders, lambda device, name: device.abort(orders[name]))

    def _reached(self, devices: Iterable[str]) -> list[str]:
        """The devices, once the jump hosts before them are open: one connection to each, however many need it."""
        names = list(devices)
        for ways in self._jumps.closed(self._connections[name].endpoint.jump for name in names):
            in_parallel(ways, self._jumps.open, workers=self._workers)
        return names

    def _phase(self, devices: Iterable[str], step: Callable[[NapalmSession, str], T]) -> Answers[T]:
        """Run one step on each device at once."""
        return in_parallel(
            devices, lambda name: step(self._devices[name], name), workers=self._workers, told=self._step
        )

    def _each(self, names: Iterable[str], step: Callable[[Connection, str], T]) -> Answers[T]:
        """Run one step on each device or host at once."""
        return in_parallel(
            names, lambda name: step(self._connections[name], name), workers=self._workers, told=self._step
        )


#: Seconds that a thread may compute before another that waits is let in. With Python's own 5 ms the threads of 200
#: devices wake each other so often that their work takes half as long again.
_TURN = 0.05


def in_parallel(
    keys: Iterable[K],
    step: Callable[[K], T],
    *,
    workers: int,
    told: Callable[[int, int], None] | None = None,
) -> dict[K, T | DeviceError]:
    """Run ``step`` for each key at once, in threads; a DeviceError is that key's answer, anything else is a defect.

    ``told`` learns how many are done, of how many, from the thread of each.
    """
    hosts = {str(number): key for number, key in enumerate(dict.fromkeys(keys))}
    if not hosts:
        return {}
    from nornir.core import Nornir
    from nornir.core.configuration import Config
    from nornir.core.inventory import Host, Hosts, Inventory
    from nornir.core.task import Result, Task
    from nornir.plugins.runners import ThreadedRunner

    answers: dict[K, T | DeviceError] = {}
    defects: list[BaseException] = []

    def run(task: Task) -> Result:
        key = hosts[task.host.name]
        try:
            answers[key] = step(key)
        except DeviceError as error:
            answers[key] = error
        except BaseException as error:  # noqa: BLE001 - raised again below, in the thread that decides
            defects.append(error)
        if told:
            told(len(answers), len(hosts))
        return Result(host=task.host)

    nornir = Nornir(
        inventory=Inventory(hosts=Hosts({name: Host(name=name) for name in hosts})),
        config=Config(),
        runner=ThreadedRunner(num_workers=min(workers, len(hosts))),
    )
    before = sys.getswitchinterval()
    sys.setswitchinterval(_TURN)
    try:
        nornir.run(task=run, on_good=True, on_failed=True)
    finally:
        sys.setswitchinterval(before)
    if defects:
        raise defects[0]
    return {key: answers[key] for key in hosts.values()}
