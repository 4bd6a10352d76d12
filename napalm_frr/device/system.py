"""The router's operating system: processes with a time limit, files that are whole or absent, clocks that do not jump.

``subprocess``, ``pathlib`` and their like are not used: they would cost a router more than the work they are used for.
"""

from __future__ import annotations

import os
import select
import signal
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "HOME": "/root"}


_SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGPIPE)


class Failed(Exception):
    """Something on the router did not do what it was asked; the message says what."""


class Finished:
    """A process that has ended: exit status (negative: the signal), standard output and standard error as text."""

    __slots__ = ("err", "out", "status")

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err


def run(command: Sequence[str], limit: float, stdin: str = "") -> Finished:
    """Run a program to its end. Raises ``Failed`` if it cannot be started or is still running after ``limit`` seconds."""
    given, giving = os.pipe()
    out, child_out = os.pipe()
    err, child_err = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            for target, source in enumerate((given, child_out, child_err)):
                os.dup2(source, target)
            for number in _SIGNALS:
                signal.signal(number, signal.SIG_DFL)
            os.execvpe(command[0], list(command), ENVIRONMENT)
        finally:
            os._exit(127)
    for end in (given, child_out, child_err):
        os.close(end)
    try:
        gathered = _converse(giving, stdin.encode("utf-8", "surrogateescape"), (out, err), time.monotonic() + limit)
    except TimeoutError:
        os.kill(child, signal.SIGKILL)
        raise Failed("%s did not end within %d s" % (" ".join(command[:3]), limit)) from None
    finally:
        os.close(out)
        os.close(err)
        _, status = os.waitpid(child, 0)
    code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    texts = [part.decode("utf-8", "surrogateescape") for part in gathered]
    if code == 127 and not texts[0]:
        raise Failed("cannot run %s" % command[0])
    return Finished(code, texts[0], texts[1])


def _converse(giving: int, stdin: bytes, outputs: tuple[int, int], until: float) -> list[bytes]:
    gathered = {end: [] for end in outputs}  # type: dict[int, list[bytes]]
    os.set_blocking(giving, False)
    reading, left = list(outputs), memoryview(stdin)
    writing = [giving]
    try:
        while reading:
            if writing and not left:
                os.close(writing.pop())
            wait = until - time.monotonic()
            readable, writable, _ = select.select(reading, writing, [], max(wait, 0))
            if wait <= 0:
                raise TimeoutError
            for end in readable:
                piece = os.read(end, 1 << 16)
                gathered[end].append(piece)
                if not piece:
                    reading.remove(end)
            if writable:
                try:
                    left = left[os.write(giving, left[: 1 << 16]) :]
                except BrokenPipeError:  # it does not want the rest
                    left = memoryview(b"")
    finally:
        if writing:
            os.close(giving)
    return [b"".join(gathered[end]) for end in outputs]


def boottime() -> float:
    """Seconds since boot, suspended time included: the clock of the timers, which nobody can set."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def wait_for(condition: Callable[[], bool], limit: float, interval: float = 0.1) -> bool:
    """Ask until it holds or ``limit`` seconds are over."""
    until = time.monotonic() + limit
    while not condition():
        if time.monotonic() >= until:
            return False
        time.sleep(interval)
    return True


def read(path: str) -> bytes | None:
    """A file's bytes; None if there is none."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def write(path: str, content: bytes, mode: int = 0o600, owner: tuple[int, int] | None = None) -> None:
    """Put a whole file in place, or leave what was there: written beside it, on the disk before it takes the name."""
    beside = "%s.%d" % (path, os.getpid())
    end = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        with open(end, "wb") as file:
            if owner is not None:
                os.fchown(end, owner[0], owner[1])
            os.fchmod(end, mode)
            file.write(content)
            file.flush()
            os.fsync(end)
        os.rename(beside, path)
    except OSError:
        os.unlink(beside)
        raise
    directory = os.open(os.path.dirname(path), os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def detach(work: Callable[[], None], keep: Sequence[int] = ()) -> int:
    """Run ``work`` in a process group of its own that survives this process, its session and its terminal.

    Returns the process id. Of the open files it has only ``keep``; they are not handed on to what it runs.
    """
    told, telling = os.pipe()
    middle = os.fork()
    if middle:
        os.close(telling)
        os.waitpid(middle, 0)
        with open(told, "rb") as file:
            return int(file.read())
    try:
        os.setsid()
        if os.fork():
            os._exit(0)
        os.setpgid(0, 0)
        os.write(telling, b"%d" % os.getpid())
        _leave(keep)
        work()
    finally:
        os._exit(0)


def _leave(keep: Sequence[int]) -> None:
    os.chdir("/")
    nothing = os.open(os.devnull, os.O_RDWR)
    for end in (0, 1, 2):
        os.dup2(nothing, end)
    with os.scandir("/proc/self/fd") as entries:
        others = [int(entry.name) for entry in entries]
    for end in others:
        if end > 2 and end not in keep:
            os.closerange(end, end + 1)  # ignores what is closed already: the listing itself
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
