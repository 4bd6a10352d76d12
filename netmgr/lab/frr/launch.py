"""Starts a lab's supervisor and follows its boot."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from netmgr.errors import LabError
from netmgr.lab import SYSTEM_PATH
from netmgr.lab.frr.order import LabOrder
from netmgr.lab.frr.state import LabState
from netmgr.lab.userns import namespace_error
from netmgr.ports.progress import Progress

_PACKAGE_PARENT = Path(__file__).parents[3]
_LOG_CHARACTERS = 600


class Launch:
    """One start of a supervisor. Unless ``stay`` was said, the lab ends with this process or this object."""

    def __init__(
        self, state: LabState, order: LabOrder, listeners: Sequence[socket.socket], lock: int
    ) -> None:
        self._state, self._order, self._listeners, self._lock = state, order, listeners, lock
        self._pids_below: dict[str, int] = {}

    def __enter__(self) -> Self:
        self._control, its = socket.socketpair()
        descriptors = [its.fileno(), self._lock, *(listener.fileno() for listener in self._listeners)]
        # -S and -P: the standard library and this package only, nothing from the caller's directory or environment.
        argv = [sys.executable, "-S", "-P", "-m", "netmgr.lab.frr.supervisor", *map(str, descriptors)]
        environment = {"PATH": SYSTEM_PATH, "LANG": "C.UTF-8", "PYTHONPATH": str(_PACKAGE_PARENT)}
        log = os.open(self._state.supervisor_log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            starter = subprocess.Popen(
                argv, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd="/", env=environment,
                pass_fds=descriptors, start_new_session=True,
            )  # fmt: skip
            starter.communicate(self._order.to_json().encode())
        finally:
            os.close(log)
            its.close()
        self._lines = self._control.makefile("rb")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lines.close()
        self._control.close()

    def boot(self, progress: Progress) -> None:
        """Return when every router has said that its daemons run. Raises LabError for the first that fails."""
        self._control.settimeout(self._order.boot_limit + 30)
        waiting = {router.device for router in self._order.routers}
        total = len(waiting)
        self._pids_below = self._next("wired")["pids"]
        while waiting:
            message = self._next("ready")
            waiting.remove(message["device"])
            done = total - len(waiting)
            progress(f"{message['device']} booted in {message['seconds']:.1f} s ({done}/{total})")
            progress.step(done, total)

    def pids(self) -> dict[str, int]:
        """Each router's first process, as this machine numbers it."""
        supervisor = self._state.supervisor()
        if not supervisor:
            raise LabError(self.explain("", "the lab's first process ended"))
        here = supervisor.children()
        return {device: here[below] for device, below in self._pids_below.items()}

    def stay(self) -> None:
        """Let the lab outlive this process."""
        self._control.sendall(b"stay\n")

    def explain(self, device: str, what: str) -> str:
        """One line: what happened to which device, and the end of its log."""
        logs = sorted(self._state.log(device).glob("*.log")) if device else [self._state.supervisor_log]
        lines = [line.strip() for log in logs for line in log.read_text("utf-8", "replace").splitlines()]
        tail = " | ".join(line for line in lines if line)[-_LOG_CHARACTERS:]
        return f"{device or self._state.client}: lab boot: {what}" + (
            f"; its log ends: {tail}" if tail else ""
        )

    def _next(self, expected: str) -> dict[str, Any]:
        try:
            line = self._lines.readline()
        except TimeoutError:
            line = b""
        if not line:
            raise LabError(self.explain("", "the lab's first process says nothing any more"))
        message: dict[str, Any] = json.loads(line)
        if message["event"] == "namespaces":
            raise namespace_error(message["reason"])
        if message["event"] != expected:
            raise LabError(self.explain(message["device"], message["reason"]))
        return message
