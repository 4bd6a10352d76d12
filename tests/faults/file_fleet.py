"""Devices in files: they outlive the netmgr that talks to them, and say afterwards what was done to them.

Each device is a MemoryDevice whose state is read before every phase and kept after it, so that a process which dies
leaves its devices as they were: committed, with their timers running on the machine's own clock.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from netmgr.adapters.fleet_memory import MemoryDevice, MemorySession
from netmgr.model.endpoint import Endpoint
from netmgr.ports.clock import Clock

KEPT = ("running", "startup", "epoch", "before", "deadline", "pending", "change", "ends", "journal")
Meet = Callable[[str, str], None]


class FileFleet:
    """See ``netmgr.ports.fleet.Fleet``. ``meet(phase, device)`` is called before each step on a device."""

    def __init__(
        self, directory: Path, clock: Clock, canonical: Callable[[str], str], meet: Meet = lambda *_: None
    ) -> None:
        self._directory, self._clock, self._canonical = directory, clock, canonical
        self.meet = meet
        self.adjacencies: Callable[[FileFleet, MemoryDevice], tuple[Any, ...]] = lambda *_: ()
        self.look: Callable[..., Any] | None = None

    def session(self, endpoints: Iterable[Endpoint]) -> "FileSession":
        """A session for these devices."""
        return FileSession(self, [endpoint.device for endpoint in endpoints])

    def device(self, name: str) -> MemoryDevice:
        """The device as it is now; an empty one where there was none."""
        device = MemoryDevice(name, self._clock, self._canonical)
        device.adjacencies = lambda device: self.adjacencies(self, device)
        if self.look:
            device.look = self.look
        path = self._directory / f"{name}.json"
        if path.exists():
            for key, value in json.loads(path.read_text()).items():
                setattr(device, key, value)
            device.journal = [tuple(event) for event in device.journal]
        return device

    def keep(self, device: MemoryDevice) -> None:
        """Write it down, all of it or nothing."""
        self._directory.mkdir(parents=True, exist_ok=True)
        path = self._directory / f"{device.name}.json"
        beside = path.with_suffix(".new")
        beside.write_text(
            json.dumps({key: getattr(device, key) for key in KEPT} | {"reachable": device.reachable})
        )
        beside.replace(path)


class FileSession(MemorySession):
    """See ``netmgr.ports.fleet.FleetSession``: a phase on one device after the other, each from file to file."""

    def __init__(self, fleet: FileFleet, names: Iterable[str]) -> None:
        self._fleet, self._names = fleet, list(names)
        super().__init__({})

    def adjacencies(self, devices: Iterable[str], *, within: float | None = None) -> Any:
        """What the fleet's own function says."""
        return self._phase("adjacencies", devices, lambda device: device.adjacencies(device))

    def _phase(
        self, phase: str, devices: Iterable[str], step: Callable[[MemoryDevice], Any], *, login: bool = False
    ) -> Any:
        answers: dict[str, Any] = {}
        for name in devices:
            assert name in self._names, f"{name} is not in this session"
            self._fleet.meet(phase, name)
            device = self._fleet.device(name)
            self._devices: Mapping[str, MemoryDevice] = {name: device}
            answers |= super()._phase(phase, [name], step, login=login)
            self._fleet.keep(device)
        return answers
