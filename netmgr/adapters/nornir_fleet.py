"""The fleet through Nornir: the only home of Nornir and of threads.

Nornir shares ``failed_hosts`` between all its filtered clones, and ``run`` skips failed hosts: a rollback after
a failure would silently skip exactly the hosts that need it. So each phase gets a fresh Nornir made from our own
model, runs on good and failed hosts alike, and no Nornir object leaves this module.
"""

from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Self, TypeVar

from nornir.core import Nornir
from nornir.core.configuration import Config
from nornir.core.inventory import Host, Hosts, Inventory
from nornir.core.task import Result, Task
from nornir.plugins.runners import ThreadedRunner

from netmgr.adapters.napalm_session import NapalmSession
from netmgr.errors import DeviceError
from netmgr.model.change import CommitOrder, CommitState
from netmgr.model.endpoint import Endpoint
from netmgr.model.state import AdjacencyState, Observation, Reading
from netmgr.platforms.form import PlatformForm
from netmgr.ports.fleet import Answers

T = TypeVar("T")


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
        devices = {e.device: NapalmSession(e, self._forms[e.platform], self._timeout) for e in endpoints}
        return NornirSession(devices, self._workers, self._step)


class NornirSession:
    """See ``netmgr.ports.fleet.FleetSession``."""

    def __init__(
        self, devices: Mapping[str, NapalmSession], workers: int, step: Callable[[int, int], None]
    ) -> None:
        self._devices, self._workers, self._step = devices, workers, step

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection."""
        self._phase(self._devices, lambda device, _: device.close())

    def connect(self, devices: Iterable[str]) -> Answers[None]:
        """Log in."""
        return self._phase(devices, lambda device, _: device.open())

    def read(self, devices: Iterable[str]) -> Answers[Reading]:
        """Running configurations."""
        return self._phase(devices, lambda device, _: device.read())

    def observe(self, devices: Iterable[str]) -> Answers[Observation]:
        """Log in and read."""
        return self._phase(devices, lambda device, _: device.observe())

    def load(self, candidates: Mapping[str, str]) -> Answers[str]:
        """Load complete candidates."""
        return self._phase(candidates, lambda device, name: device.load(candidates[name]))

    def discard(self, devices: Iterable[str]) -> Answers[None]:
        """Forget candidates."""
        return self._phase(devices, lambda device, _: device.discard())

    def commit(self, orders: Mapping[str, CommitOrder]) -> Answers[CommitState]:
        """Commit with the timer armed first."""
        return self._phase(orders, lambda device, name: device.commit(orders[name]))

    def relogin(self, devices: Iterable[str]) -> Answers[None]:
        """New connections in place of the old."""
        return self._phase(devices, lambda device, _: device.relogin())

    def commit_state(self, orders: Mapping[str, CommitOrder]) -> Answers[CommitState]:
        """What each device says of its commit."""
        return self._phase(orders, lambda device, name: device.commit_state(orders[name]))

    def adjacencies(self, devices: Iterable[str]) -> Answers[tuple[AdjacencyState, ...]]:
        """Routing adjacencies."""
        return self._phase(devices, lambda device, _: device.adjacencies())

    def confirm(self, orders: Mapping[str, CommitOrder]) -> Answers[CommitState]:
        """Confirm."""
        return self._phase(orders, lambda device, name: device.confirm(orders[name]))

    def abort(self, orders: Mapping[str, CommitOrder]) -> Answers[CommitState]:
        """Bring back."""
        return self._phase(orders, lambda device, name: device.abort(orders[name]))

    def _phase(self, devices: Iterable[str], step: Callable[[NapalmSession, str], T]) -> Answers[T]:
        """Run one step on each device at once; a DeviceError is the device's answer, anything else is a defect."""
        names = list(dict.fromkeys(devices))
        if not names:
            return {}
        answers: dict[str, T | DeviceError] = {}
        defects: list[BaseException] = []

        def run(task: Task) -> Result:
            name = task.host.name
            try:
                answers[name] = step(self._devices[name], name)
            except DeviceError as error:
                answers[name] = error
            except BaseException as error:  # noqa: BLE001 - raised again below, in the thread that decides
                defects.append(error)
            self._step(len(answers), len(names))
            return Result(host=task.host)

        nornir = Nornir(
            inventory=Inventory(hosts=Hosts({name: Host(name=name) for name in names})),
            config=Config(),
            runner=ThreadedRunner(num_workers=min(self._workers, len(names))),
        )
        nornir.run(task=run, on_good=True, on_failed=True)
        if defects:
            raise defects[0]
        return {name: answers[name] for name in names}
