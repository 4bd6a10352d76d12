"""What is known of commits: one record each, the lock, the highest epoch seen, the journal.

Records live in ``/run``, lost at a reboot like the running configuration they are about: a router then starts from
its startup configuration, the last confirmed one. Epoch and journal outlive it, beside the program. For root only.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import syslog
import time

from .system import RouterError, boottime, read, remove, wait_for, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Record = dict[str, Any]

RUNTIME = "/run/netmgr-frr"
ACTIVE = ("armed", "applying", "pending", "rolling_back")  # the timer still has a say
KEPT_RECORDS = 50
JOURNAL_SIZE = 1 << 20  # bytes; then the journal moves to journal.old
_COMMIT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


class BusyError(Exception):
    """Another operation holds the router's lock."""


class Records:
    """The records of one router. ``lasting`` is the directory for what outlives a reboot."""

    def __init__(self, lasting: str, runtime: str = RUNTIME) -> None:
        self.lasting, self.runtime = lasting, runtime
        for directory in (lasting, runtime):
            os.makedirs(directory, 0o700, exist_ok=True)

    def path(self, commit_id: str, kind: str) -> str:
        """Where a commit's file is; ``kind`` is record, before, after, startup or timer."""
        if not _COMMIT_ID.fullmatch(commit_id):
            raise RouterError(f"not a commit id: {commit_id!r}")
        return f"{self.runtime}/{commit_id}.{kind}"

    def load(self, commit_id: str, kind: str = "record") -> Record | None:
        """A commit's record, or what it preserved; None if there is none since the last reboot."""
        found = read(self.path(commit_id, kind))
        return None if found is None else dict(json.loads(found))

    def save(self, commit_id: str, content: Record, kind: str = "record") -> None:
        """Put it in place as a whole."""
        write(self.path(commit_id, kind), json.dumps(content).encode())

    def begin(self, record: Record) -> None:
        """Save a new commit's record and make it the active one."""
        self.save(record["commit"], record)
        write(f"{self.runtime}/active", record["commit"].encode())

    def active(self) -> Record | None:
        """The one commit whose timer still has a say, if any."""
        commit_id = (read(f"{self.runtime}/active") or b"").decode()
        record = self.load(commit_id) if commit_id else None
        return record if record is not None and record["state"] in ACTIVE else None

    def note(self, record: Record) -> None:
        """Save a record from inside a rollback, which a full disk must not stop; then syslog hears of it."""
        try:
            self.save(record["commit"], record)
        except OSError as error:
            syslog.syslog(syslog.LOG_ERR, f"cannot save the record of {record['commit']}: {error.strerror}")

    def forget(self, commit_id: str) -> None:
        """Remove what a finished commit preserved, and the oldest records."""
        for kind in ("before", "after", "startup"):
            remove(self.path(commit_id, kind))
        with os.scandir(self.runtime) as entries:
            found = [
                (entry.stat().st_mtime, entry.path) for entry in entries if entry.name.endswith(".record")
            ]
        for _, path in sorted(found, reverse=True)[KEPT_RECORDS:]:
            remove(path)

    def drop(self, commit_id: str) -> None:
        """Remove every trace of a commit that never began."""
        for kind in ("record", "before", "after", "startup", "timer"):
            remove(self.path(commit_id, kind))

    def epoch(self) -> int:
        """The highest epoch that an order has brought."""
        return int(read(f"{self.lasting}/epoch") or 0)

    def raise_epoch(self, epoch: int | None) -> None:
        """Remember an epoch, if it is higher than all before it."""
        if epoch is not None and epoch > self.epoch():
            write(f"{self.lasting}/epoch", b"%d" % epoch)

    def lock(self, limit: float) -> int:
        """Take the router's lock, which is held until the descriptor is closed.

        Raises ``BusyError`` after ``limit`` seconds.
        """
        end = os.open(f"{self.runtime}/lock", os.O_RDWR | os.O_CREAT, 0o600)

        def taken() -> bool:
            try:
                fcntl.flock(end, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        if not wait_for(taken, limit, 0.05):
            os.close(end)
            raise BusyError
        return end

    def journal(self, commit_id: str, event: str, **facts: object) -> None:
        """Append a line to the journal and tell syslog. A full disk must not stop a rollback: syslog hears of it."""
        syslog.openlog("netmgr-frr")
        told = "".join(f" {name}={value}" for name, value in sorted(facts.items()))
        syslog.syslog(f"{commit_id} {event}{told}")
        entry = dict(facts, time=time.time(), boottime=boottime(), commit=commit_id, event=event)
        place = f"{self.lasting}/journal"
        try:
            end = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(end, (json.dumps(entry) + "\n").encode())
                if os.fstat(end).st_size > JOURNAL_SIZE:
                    os.rename(place, place + ".old")
            finally:
                os.close(end)
        except OSError as error:
            syslog.syslog(syslog.LOG_ERR, f"cannot write {place}: {error.strerror}")
