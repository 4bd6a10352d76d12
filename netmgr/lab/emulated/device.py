"""An emulated device: what it runs, what it would boot, the commit that waits; no syntax, no transport.

Everything that changes it is noted in its journal with the digest of what it runs then.
"""

import asyncio
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, Self, TypeVar

from netmgr.lab.emulated.faults import Fault, Faults, What
from netmgr.lab.emulated.journal import Journal, Transcript


class Configuration(Protocol):
    """A configuration that can be copied and shown. Whoever changes one that runs says so by ``run``."""

    def copy(self) -> Self:
        """The same, to be changed by itself."""

    def text(self) -> str:
        """As the device shows it, without what changes by itself."""


C = TypeVar("C", bound=Configuration)


@dataclass(slots=True)
class Pending(Generic[C]):
    """A commit that waits. ``label`` is the device's name for it, ``until`` the device's uptime at the timer's end."""

    label: str
    before: C
    until: float
    timer: asyncio.TimerHandle


class EmulatedDevice(Generic[C]):
    """One device's state. ``scale`` is how much faster than the real one its clock runs."""

    def __init__(self, name: str, configuration: C, journal: Journal, *, scale: float = 1.0) -> None:
        self.name, self.scale = name, scale
        self._running = self._startup = configuration
        self._texts: dict[str, str] = {}
        self.running, self.startup = configuration, configuration.copy()
        self.pending: Pending[C] | None = None
        self.journal, self.transcript, self.faults = journal, Transcript(), Faults()
        self.booted = time.time()
        self.changed: list[Callable[[], None]] = []
        """Called after every change of the running configuration."""
        self.configured_by = ""
        self._started = time.monotonic()
        self.note("boot")

    @property
    def running(self) -> C:
        """What runs."""
        return self._running

    @running.setter
    def running(self, configuration: C) -> None:
        self._running = configuration
        self.configured = time.time()
        self._texts.pop("running", None)

    @property
    def startup(self) -> C:
        """What would boot."""
        return self._startup

    @startup.setter
    def startup(self, configuration: C) -> None:
        self._startup = configuration
        self._texts.pop("startup", None)

    @property
    def running_text(self) -> str:
        """``running`` as it is shown, made once."""
        if "running" not in self._texts:
            self._texts["running"] = self._running.text()
        return self._texts["running"]

    @property
    def startup_text(self) -> str:
        """``startup`` as it is shown, made once."""
        if "startup" not in self._texts:
            self._texts["startup"] = self._startup.text()
        return self._texts["startup"]

    @property
    def uptime(self) -> float:
        """Seconds since boot, on the device's own clock."""
        return (time.monotonic() - self._started) * self.scale

    def note(self, event: str, **facts: object) -> None:
        """A line of the journal, with the digests of what runs and what would boot."""
        self.journal.note(
            event, running=digest(self.running_text), startup=digest(self.startup_text), **facts
        )

    def run(self, configuration: C, event: str, *, by: str = "", **facts: object) -> None:
        """From now on this is what runs. ``by`` whom, where somebody had logged in with a name."""
        self.running = configuration
        self.configured_by = by
        self.note(event, **facts)
        for told in self.changed:
            told()

    def arm(self, label: str, seconds: float) -> None:
        """What runs now is brought back after so many seconds of the device's clock, unless ``settle`` comes first."""
        timer = asyncio.get_running_loop().call_later(seconds / self.scale, self.revert, "expired")
        self.pending = Pending(label, self.running.copy(), self.uptime + seconds, timer)
        self.note("armed", label=label, seconds=seconds)

    def settle(self) -> None:
        """The pending commit stays."""
        if pending := self._disarm():
            self.note("confirmed", label=pending.label)

    def revert(self, why: str) -> None:
        """The pending commit is brought back."""
        if pending := self._disarm():
            self.run(pending.before, "reverted", label=pending.label, why=why)

    def reboot(self) -> None:
        """From now on the startup configuration runs; what was pending is forgotten."""
        self._disarm()
        self._started, self.booted = time.monotonic(), time.time()
        self.run(self.startup.copy(), "reboot")

    def save(self) -> None:
        """From now on the running configuration is what boots."""
        self.startup = self.running.copy()
        self.note("saved")

    def meet(self, command: str, *kinds: What) -> Fault | None:
        """A fault that waits for the command, noted as fired."""
        fault = self.faults.meet(command, *kinds)
        if fault:
            self.note("fault", what=fault.what, at=fault.at)
        return fault

    def _disarm(self) -> Pending[C] | None:
        pending, self.pending = self.pending, None
        if pending:
            pending.timer.cancel()
        return pending


def digest(text: str) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
