"""The timer of a commit: armed before anything changes, owned by the commit's id, deaf to every other commit."""

from __future__ import annotations

import os
import select
import signal
import sys

from .canonical import digest, parse
from .frr import STARTUP, one_line
from .records import ACTIVE
from .rollback import roll_back
from .system import Failed, boottime, detach, read, run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .records import Record, Records

SYSTEMD = "/run/systemd/system"  # exists where systemd is process 1
_NAP = 30.0  # seconds; a sleep does not count the time that a machine is suspended, the deadline does


def arm(records: Records, record: Record) -> None:
    """Start the timer of ``record``, a saved commit. Raises ``Failed`` if it cannot be."""
    commit_id = record["commit"]
    if os.path.isdir(SYSTEMD):
        seconds = max(record["deadline"] - boottime(), 0)
        unit = ["systemd-run", "--quiet", "--collect", "--unit", _systemd_unit(commit_id)]
        when = ["--on-active=%.1fs" % seconds, "--timer-property=AccuracySec=100ms"]
        program = [sys.executable, "-I", "-S", os.path.abspath(__file__), "expire", commit_id]
        started = run([*unit, *when, "--", *program], 10)
        if started.status != 0:
            raise Failed("systemd-run does not start the timer: " + one_line(started.err))
        return
    os.mkfifo(records.path(commit_id, "timer"), 0o600)
    detach(lambda: _watch(records, commit_id))


def disarm(records: Records, commit_id: str) -> None:
    """Let the timer of a finished commit end. One that does not hear of it finds the commit finished."""
    if os.path.isdir(SYSTEMD):
        run(["systemctl", "stop", _systemd_unit(commit_id) + ".timer"], 10)
        return
    try:
        fifo = os.open(records.path(commit_id, "timer"), os.O_WRONLY | os.O_NONBLOCK)
    except OSError:  # nobody listens any more
        return
    os.write(fifo, b".")
    os.close(fifo)


def expire(records: Records, commit_id: str) -> None:
    """The deadline is over: undo the commit, unless it has ended in the meantime."""
    record = records.load(commit_id)
    if record is None or record["state"] not in ACTIVE:
        return
    if record["state"] in ("armed", "applying"):
        _kill_group(record["worker"], record["worker_started"])
    lock = records.lock(float("inf"))
    try:
        record = records.load(commit_id)
        if record is None or record["state"] not in ACTIVE:
            return
        if record.get("confirming") and _startup_is(record["after"]):
            record["state"] = "confirmed"  # whoever confirmed it died between saving and saying so
            records.save(commit_id, record)
            records.journal(commit_id, "confirmed", by="timer")
            return
        roll_back(records, record, "the timer expired")
    finally:
        os.close(lock)


def process_start(pid: int) -> str:
    """When a process began, in ticks since boot; with its number it names one process for good. Empty: no such."""
    status = read("/proc/%d/stat" % pid)
    return "" if status is None else status.rpartition(b")")[2].split()[19].decode()


def _watch(records: Records, commit_id: str) -> None:
    fifo = os.open(records.path(commit_id, "timer"), os.O_RDWR)
    while True:
        record = records.load(commit_id)
        if record is None or record["state"] not in ACTIVE:
            return
        left = record["deadline"] - boottime()
        if left <= 0:
            break
        if select.select([fifo], [], [], min(left, _NAP))[0]:
            os.read(fifo, 64)
    expire(records, commit_id)


def _startup_is(wanted: str) -> bool:
    startup = read(STARTUP)
    return startup is not None and digest(parse(startup.decode("utf-8", "surrogateescape"))) == wanted


def _kill_group(pid: int, started: str) -> None:
    if started and process_start(pid) == started:
        try:
            os.killpg(os.getpgid(pid), signal.SIGKILL)
        except ProcessLookupError:  # it has just ended
            return


def _systemd_unit(commit_id: str) -> str:
    return "netmgr-frr-" + commit_id
