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
from collections.abc import Iterator
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


class LabRecord(Frozen):
    """``lab.json``: what was booted. ``pids`` are the routers' first processes, as this machine numbers them."""

    network: LabNetwork
    devices: tuple[LabDevice, ...]
    pids: dict[str, int]


@dataclass(frozen=True, slots=True)
class LabState:
    """The directory of one client's lab below ``base``."""

    base: Path
    client: str

    @property
    def path(self) -> Path:
        """The lab's directory."""
        return self.base / self.client

    @property
    def identity(self) -> Path:
        """The private key that logs in to every device."""
        return self.path / "identity"

    @property
    def known_hosts(self) -> Path:
        """The devices' host keys."""
        return self.path / "known_hosts"

    def log(self, device: str) -> Path:
        """The directory that a router sees as /var/log."""
        return self.path / "log" / device

    @property
    def supervisor_log(self) -> Path:
        """What the lab's first process says."""
        return self.path / "supervisor.log"

    @contextlib.contextmanager
    def locked(self) -> Iterator[int]:
        """Hold the lab's lock and give its descriptor. The kernel frees it with the last process that has it."""
        self.base.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.base / f"{self.client}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._wait_for(descriptor)
            yield descriptor
        finally:
            os.close(descriptor)

    def _wait_for(self, descriptor: int) -> None:
        deadline = time.monotonic() + _LOCK_LIMIT
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise LabError(
                        f"the lab of {self.client} is being booted or removed by another command (for more than "
                        f"{_LOCK_LIMIT:g} s); end that command, then try again"
                    ) from None
                time.sleep(0.05)
            else:
                return

    def supervisor(self) -> Process | None:
        """The lab's first process, if it runs."""
        process = Process.read(self.path / "supervisor.json")
        return process if process and process.alive() else None

    def record(self) -> LabRecord | None:
        """What runs, ``None`` unless the lab came up and its first process still runs."""
        if not self.supervisor():
            return None
        try:
            return LabRecord.model_validate_json((self.path / "lab.json").read_bytes())
        except (FileNotFoundError, ValidationError):  # interrupted while booting, or booted by another version
            return None

    def write(self, record: LabRecord) -> None:
        """Say that the lab came up: completely or not at all."""
        self.write_private("lab.json.new", record.model_dump_json())
        (self.path / "lab.json.new").replace(self.path / "lab.json")

    def create(self) -> None:
        """An empty directory for a lab; only under the lock and after ``remove``."""
        self.path.mkdir(mode=0o700)
        for name in ("root", "log"):
            (self.path / name).mkdir()

    def write_private(self, name: str, text: str) -> None:
        """Write a file that only its owner can read."""
        path = self.path / name
        path.touch(0o600)
        path.write_text(text, "utf-8")

    def remove(self) -> bool:
        """Kill what runs and delete the directory; only under the lock. False if there was nothing."""
        if process := self.supervisor():
            process.kill(_KILL_LIMIT)
        if not self.path.exists():
            return False
        shutil.rmtree(self.path)
        return True
