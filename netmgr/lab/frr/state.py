"""A lab's directory: STATE/<client> (0700) with keys (0600), logs and two records.

``supervisor.json`` names the lab's first process and is there before that process does anything; ``lab.json`` describes
a lab that came up. ``STATE/<client>.lock`` is held while a lab goes up or down. Which of these exist says what an
interrupted command left.
"""

import contextlib
import fcntl
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from netmgr.errors import LabError
from netmgr.lab.frr.process import Process
from netmgr.model.base import Frozen
from netmgr.model.lab import LabDevice, LabNetwork

#: Seconds within which a killed lab must be gone; 40 routers take less than one.
_KILL_LIMIT = 60.0
#: Seconds to wait for another command that boots or removes the same lab.
_LOCK_LIMIT = 300.0
_LOCK_PAUSE = 0.05


class LabRecord(Frozen):
    """``lab.json``: what was booted. ``pids`` are the routers' first processes, as this machine numbers them.

    What the devices booted with is known by its digest alone: no file of a lab holds a device's configuration.
    """

    network: LabNetwork
    configurations: str
    devices: tuple[LabDevice, ...]
    pids: dict[str, int]

    def describes(self, network: LabNetwork) -> bool:
        """Whether this is the lab that ``network`` would boot."""
        return (self.network, self.configurations) == (
            network.without_configurations(),
            network.configurations,
        )


@dataclass(frozen=True, slots=True)
class LabState:
    """The directory of one client's lab below ``base``. Every method raises LabError for files it cannot use."""

    base: Path
    client: str

    @property
    def path(self) -> Path:
        """The lab's directory."""
        return self.base / self.client

    @property
    def supervisor_log(self) -> Path:
        """What the lab's first process says."""
        return self.path / "supervisor.log"

    def log(self, device: str) -> Path:
        """The directory that a router sees as /var/log."""
        return self.path / "log" / device

    @contextlib.contextmanager
    def locked(self) -> Iterator[int]:
        """Hold the lab's lock and give its descriptor; the kernel frees it with the last process that has it.

        The lock's file goes with the lab. Raises LabError if another command keeps the lock.
        """
        with self._files():
            self.base.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = self._lock()
        try:
            yield descriptor
        finally:
            with self._files():
                if not self.path.exists():
                    self._lock_file.unlink()
            os.close(descriptor)

    def supervisor(self) -> Process | None:
        """The lab's first process, if it runs."""
        with self._files():
            process = Process.read(self.path / "supervisor.json")
        return process if process and process.alive() else None

    def record(self) -> LabRecord | None:
        """What runs; ``None`` unless the lab came up and its first process still runs."""
        if not self.supervisor():
            return None
        try:
            with self._files():
                return LabRecord.model_validate_json((self.path / "lab.json").read_bytes())
        except (FileNotFoundError, ValidationError):  # it is booting, or was booted by another version
            return None

    def create(self, devices: Iterable[str]) -> None:
        """Make the directories of a lab; only under the lock and after ``remove``."""
        with self._files():
            for path in (self.path, self.path / "root", self.path / "log"):
                path.mkdir(mode=0o700)
            for device in devices:
                (self.log(device) / "frr").mkdir(parents=True)

    def write(self, record: LabRecord) -> None:
        """Say that the lab came up: completely or not at all."""
        self.write_private("lab.json.new", record.model_dump_json())
        with self._files():
            (self.path / "lab.json.new").replace(self.path / "lab.json")

    def write_private(self, name: str, text: str) -> None:
        """Write a file that only its owner can read."""
        with self._files():
            path = self.path / name
            path.touch(0o600)
            path.write_text(text, "utf-8")

    def remove(self) -> bool:
        """Kill what runs and delete the directory; only under the lock. False if there was nothing."""
        if process := self.supervisor():
            process.kill(_KILL_LIMIT)
        with self._files():
            if self.path.exists():
                shutil.rmtree(self.path)
                return True
        return False

    @property
    def _lock_file(self) -> Path:
        return self.base / f"{self.client}.lock"

    def _lock(self) -> int:
        deadline = time.monotonic() + _LOCK_LIMIT
        while time.monotonic() < deadline:
            descriptor = os.open(self._lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.path.samestat(os.fstat(descriptor), self._lock_file.stat()):
                    return descriptor
            except (
                BlockingIOError,
                FileNotFoundError,
            ):  # held, or removed by its holder after it was opened here
                time.sleep(_LOCK_PAUSE)
            os.close(descriptor)
        raise LabError(
            f"the lab of {self.client} is being booted or removed by another command, for more than {_LOCK_LIMIT:g} s; "
            "end that command, then try again"
        )

    @contextlib.contextmanager
    def _files(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise
        except OSError as error:
            raise LabError(
                f"the lab of {self.client}: {error.strerror}: {error.filename}; "
                f"check the owner of {self.base} and the space there"
            ) from error
