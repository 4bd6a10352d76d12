"""A process of this machine that cannot be taken for another one which was given its number later."""

import json
import os
import select
import signal
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from netmgr.errors import LabError

_PROC = Path("/proc")
#: States of proc_pid_stat(5): a zombie, and dead.
_ENDED = frozenset({"Z", "X"})


@dataclass(frozen=True, slots=True)
class Process:
    """``started`` is in clock ticks since boot (field 22 of proc_pid_stat(5)), ``boot`` the kernel's boot id."""

    pid: int
    started: int
    boot: str

    @classmethod
    def of(cls, pid: int) -> Self:
        """The process that has the number now. Raises FileNotFoundError if there is none."""
        return cls(pid, int(_stat(pid)[19]), _boot_id())

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """The process recorded in ``path``, or ``None`` without a complete record."""
        try:
            return cls(**json.loads(path.read_text("ascii")))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def write(self, path: Path) -> None:
        """Record this process in ``path``: completely or not at all."""
        new = path.with_suffix(".new")
        new.touch(0o600)
        new.write_text(json.dumps(asdict(self)), "ascii")
        new.replace(path)

    def alive(self) -> bool:
        """Whether it runs. A process that has ended and waits for its parent does not."""
        try:
            return self == Process.of(self.pid) and _stat(self.pid)[0] not in _ENDED
        except (FileNotFoundError, ProcessLookupError):
            return False

    def kill(self, limit: float) -> None:
        """Kill it and return when it has ended; the first process of a PID namespace ends after all others there.

        Raises LabError if that takes longer than ``limit`` seconds.
        """
        try:
            handle = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return
        try:
            if (
                not self.alive()
            ):  # asked after the handle was taken, so the number cannot change its meaning any more
                return
            signal.pidfd_send_signal(handle, signal.SIGKILL)
            poll = select.poll()
            poll.register(handle, select.POLLIN)
            if not poll.poll(limit * 1000):
                raise LabError(
                    f"process {self.pid} of the lab does not end within {limit:g} s; see `ps {self.pid}`"
                )
        finally:
            os.close(handle)

    def children(self) -> dict[int, int]:
        """Its children: from each one's number in its parent's PID namespace to the number here."""
        listed = (_PROC / str(self.pid) / "task" / str(self.pid) / "children").read_text("ascii").split()
        return {_number_below(int(child)): int(child) for child in listed}


def parent_of(pid: int) -> int | None:
    """The parent's number, ``None`` if there is no such process or it has ended and waits for its parent."""
    try:
        state, parent = _stat(pid)[:2]
        return None if state in _ENDED else int(parent)
    except (FileNotFoundError, ProcessLookupError):
        return None


def _stat(pid: int) -> list[str]:
    """Fields of proc_pid_stat(5) from the third (state) on; the second may hold spaces and brackets."""
    return (_PROC / str(pid) / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()


def _number_below(pid: int) -> int:
    """The second number of the line NSpid of proc_pid_status(5): the one that the lab's supervisor knows."""
    for line in (_PROC / str(pid) / "status").read_text("utf-8", "replace").splitlines():
        if line.startswith("NSpid:"):
            return int(line.split()[2])
    raise LabError(f"process {pid} has no NSpid line; a kernel from 4.1 on with PID namespaces is needed")


def _boot_id() -> str:
    return (_PROC / "sys/kernel/random/boot_id").read_text("ascii").strip()
