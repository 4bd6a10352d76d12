"""The timer of a commit: armed before anything changes, owned by the commit's id, deaf to every other commit."""

from __future__ import annotations

import os
import select
import sys
import time

from .canonical import digest, parse
from .frr import STARTUP, SYSTEMD, one_line
from .records import ACTIVE
from .rollback import roll_back
from .system import RouterError, boottime, detach, kill_group, read, remove, run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .records import Record, Records

_NAP = 30.0  # seconds; a sleep does not count the time that a machine is suspended, the deadline does
_RETRIES = 60  # a rollback that fails for want of memory, say, is tried again
_RETRY_AFTER = 5.0  # seconds


def arm(records: Records, record: Record) -> None:
    """Start the timer of a commit that has begun. Raises ``RouterError`` if it cannot be started."""
    commit_id = record["commit"]
    if not os.path.isdir(SYSTEMD):
        os.mkfifo(records.path(commit_id, "timer"), 0o600)
        detach(lambda: _watch(records, commit_id))
        return
    seconds = max(record["deadline"] - boottime(), 0)
    unit = ["systemd-run", "--quiet", "--collect", f"--unit={_systemd_unit(commit_id)}"]
    when = [f"--on-active={seconds:.1f}s", "--timer-property=AccuracySec=100ms"]
    program = [sys.executable, "-I", "-S", os.path.abspath(__file__), "expire", commit_id]
    started = run([*unit, *when, "--", *program], 10)
    if started.status != 0:
        raise RouterError(f"systemd-run does not start the timer: {one_line(started.err)}")


def disarm(records: Records, commit_id: str) -> None:
    """Let the timer of a finished commit end. One that does not hear of it finds the commit finished."""
    if os.path.isdir(SYSTEMD):
        run(["systemctl", "stop", _systemd_unit(commit_id) + ".timer"], 10)
        return
    try:
        bell = os.open(records.path(commit_id, "timer"), os.O_WRONLY | os.O_NONBLOCK)
    except OSError:  # nobody listens any more
        return
    os.write(bell, b".")
    os.close(bell)


def expire(records: Records, commit_id: str) -> None:
    """The deadline is over: undo the commit, unless it has ended in the meantime."""
    record = records.load(commit_id)
    if record is None or record["state"] not in ACTIVE:
        return
    if record["state"] in ("armed", "applying"):
        kill_group(record["worker"], record["session"])
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


def _watch(records: Records, commit_id: str) -> None:
    place = records.path(commit_id, "timer")
    bell = os.open(place, os.O_RDWR)
    while True:
        record = records.load(commit_id)
        if record is None or record["state"] not in ACTIVE:
            break
        left = record["deadline"] - boottime()
        if left <= 0:
            _expire_stubbornly(records, commit_id)
            break
        if select.select([bell], [], [], min(left, _NAP))[0]:
            os.read(bell, 64)
    remove(place)


def _expire_stubbornly(records: Records, commit_id: str) -> None:
    for _ in range(_RETRIES):
        try:
            expire(records, commit_id)
        except Exception:  # noqa: BLE001 - the last net must not tear, whatever happens
            import traceback  # when it is needed: it costs 3 ms

            records.journal(commit_id, "rollback_to_be_tried_again", why=traceback.format_exc())
            time.sleep(_RETRY_AFTER)
        else:
            return


def _startup_is(wanted: str) -> bool:
    startup = read(STARTUP)
    return startup is not None and digest(parse(startup.decode("utf-8", "surrogateescape"))) == wanted


def _systemd_unit(commit_id: str) -> str:
    return "netmgr-frr-" + commit_id
