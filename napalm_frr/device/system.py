"""The router's operating system: processes with a time limit, files that are whole or absent, a clock nobody sets."""

from __future__ import annotations

import os
import select
import signal
import syslog
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "HOME": "/root"}
_SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGPIPE)


class RouterError(Exception):
    """Something on the router did not do what it was asked; the message says what."""


class Finished:
    """A process that has ended: exit status (negative: the signal), standard output and standard error as text."""

    __slots__ = ("err", "out", "status")

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err


def run(command: Sequence[str], limit: float, stdin: str = "") -> Finished:
    """Run a program to its end, ``limit`` seconds at most.

    Raises ``RouterError`` if it cannot be started or does not end; then it is killed.
    """
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
            os.execvpe(command[0], list(command), ENVIRONMENT)  # noqa: S606 - no shell is the point
        finally:
            os._exit(127)
    for end in (given, child_out, child_err):
        os.close(end)
    try:
        until = time.monotonic() + limit
        texts = _converse(giving, stdin.encode("utf-8", "surrogateescape"), (out, err), until)
    except TimeoutError:
        os.kill(child, signal.SIGKILL)
        raise RouterError(f"{' '.join(command[:3])} did not end within {limit:g} s") from None
    finally:
        os.close(out)
        os.close(err)
        _, status = os.waitpid(child, 0)
    code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    if code == 127 and not any(texts):
        raise RouterError(f"cannot run {command[0]}")
    return Finished(code, texts[0], texts[1])


def boottime() -> float:
    """Seconds since boot, suspended time included: the clock of the timers."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def wait_for(condition: Callable[[], bool], limit: float, interval: float = 0.1) -> bool:
    """Ask until it holds or ``limit`` seconds are over. Returns whether it holds."""
    until = time.monotonic() + limit
    while not condition():
        if time.monotonic() >= until:
            return False
        time.sleep(interval)
    return True


def read(path: str) -> bytes | None:
    """A file's bytes; None if there is no such file."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except (FileNotFoundError, ProcessLookupError):  # the latter for a process that has just ended
        return None


def write(path: str, content: bytes, mode: int = 0o600, owner: tuple[int, int] | None = None) -> None:
    """Put a whole file in place or leave what was there: written beside it, on the disk before it takes the name."""
    beside = f"{path}.{os.getpid()}"
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
    sync_directory(path)


def sync_directory(path: str) -> None:
    """Let the names in the directory of ``path`` survive a power cut."""
    directory = os.open(os.path.dirname(path), os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def remove(path: str) -> None:
    """Remove a file, if it is there."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        return


def detach(work: Callable[[], None], keep: Sequence[int] = ()) -> None:
    """Run ``work`` in a process group of its own that survives this process, its session and its terminal.

    Of the open files it has only ``keep``, and hands none of them on to what it runs. What it raises goes to syslog.
    """
    middle = os.fork()
    if middle:
        os.waitpid(middle, 0)
        return
    try:
        os.setsid()
        if os.fork():
            os._exit(0)
        os.setpgid(0, 0)
        _leave(keep)
        work()
    except Exception:  # noqa: BLE001 - nobody above could hear of it
        import traceback  # when it is needed: it costs 3 ms

        for line in traceback.format_exc().splitlines():
            syslog.syslog(syslog.LOG_ERR, line)
    finally:
        os._exit(0)


def kill_group(group: int, session: int) -> None:
    """Kill what is left of a process group; together with its session the number is not somebody else's by now."""
    with os.scandir("/proc") as entries:
        processes = [entry.name for entry in entries if entry.name.isdigit()]
    for pid in processes:
        status = (read(f"/proc/{pid}/stat") or b"").rpartition(b")")[2].split()
        if status[2:4] == [b"%d" % group, b"%d" % session]:
            try:
                os.kill(int(pid), signal.SIGKILL)
            except ProcessLookupError:  # it has just ended
                continue


def _leave(keep: Sequence[int]) -> None:
    os.chdir("/")
    nothing = os.open(os.devnull, os.O_RDWR)
    for end in (0, 1, 2):
        os.dup2(nothing, end)
    with os.scandir("/proc/self/fd") as entries:
        others = [int(entry.name) for entry in entries]
    for end in others:
        if end > 2 and end not in keep:
            os.closerange(
                end, end + 1
            )  # unlike close(), silent about the listing itself, which is closed already
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _converse(giving: int, stdin: bytes, outputs: tuple[int, int], until: float) -> list[str]:
    gathered: dict[int, list[bytes]] = {end: [] for end in outputs}
    os.set_blocking(giving, False)
    reading, writing, left = list(outputs), [giving], memoryview(stdin)
    try:
        while reading:
            if writing and not left:
                os.close(writing.pop())
            wait = until - time.monotonic()
            if wait <= 0:
                raise TimeoutError
            readable, writable, _ = select.select(reading, writing, [], wait)
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
    return [b"".join(gathered[end]).decode("utf-8", "surrogateescape") for end in outputs]
