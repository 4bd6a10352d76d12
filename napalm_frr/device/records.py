"""What is known of commits: one record each, the lock, the highest epoch seen, the journal.

Records live in ``/run``, lost at a reboot like the running configuration they are about: a router then starts from
its startup configuration, the last confirmed one. Epoch and journal outlive it, beside the program. All for root only.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import syslog
import time

from .system import boottime, read, wait_for, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Record = dict[str, Any]

RUNTIME = "/run/netmgr-frr"
ACTIVE = ("armed", "applying", "pending", "rolling_back")  # whose timer still has a say
KEPT_RECORDS = 50
JOURNAL_SIZE = 1 << 20
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


class Busy(Exception):
    """Another operation holds the router's lock."""


class Records:
    """The records of one router. ``lasting`` is the directory for what outlives a reboot."""

    def __init__(self, lasting: str, runtime: str = RUNTIME) -> None:
        self.lasting, self.runtime = lasting, runtime
        for directory in (lasting, runtime):
            os.makedirs(directory, 0o700, exist_ok=True)

    def path(self, commit_id: str, kind: str) -> str:
        """Where a commit's file is; ``kind`` is record, before, startup, script or timer."""
        if not _ID.fullmatch(commit_id):
            raise ValueError("not a commit id: %r" % commit_id)
        return os.path.join(self.runtime, "%s.%s" % (commit_id, kind))

    def load(self, commit_id: str, kind: str = "record") -> Record | None:
        """A commit's record, or what it saved; None if there is none (since the last reboot)."""
        found = read(self.path(commit_id, kind))
        return None if found is None else dict(json.loads(found))

    def save(self, commit_id: str, content: Record, kind: str = "record") -> None:
        """Put it in place as a whole."""
        write(self.path(commit_id, kind), json.dumps(content).encode())

    def begin(self, record: Record) -> None:
        """Save a new commit's record and make it the one that is active."""
        self.save(record["commit"], record)
        write(os.path.join(self.runtime, "active"), record["commit"].encode())

    def active(self) -> Record | None:
        """The one commit whose timer still has a say, if any."""
        commit_id = (read(os.path.join(self.runtime, "active")) or b"").decode()
        record = self.load(commit_id) if commit_id else None
        return record if record is not None and record["state"] in ACTIVE else None

    def forget(self, commit_id: str) -> None:
        """Remove what a finished commit saved, and the oldest records."""
        for kind in ("before", "startup", "script", "timer"):
            _remove(self.path(commit_id, kind))
        for old in self._newest_first()[KEPT_RECORDS:]:
            _remove(self.path(old, "record"))

    def epoch(self) -> int:
        """The highest epoch that a commit or confirm has brought."""
        return int(read(os.path.join(self.lasting, "epoch")) or 0)

    def raise_epoch(self, epoch: int) -> None:
        """Never lowers it."""
        if epoch > self.epoch():
            write(os.path.join(self.lasting, "epoch"), b"%d" % epoch)

    def lock(self, limit: float) -> int:
        """Hold the router's lock until the descriptor is closed. Raises ``Busy`` after ``limit`` seconds."""
        end = os.open(os.path.join(self.runtime, "lock"), os.O_RDWR | os.O_CREAT, 0o600)

        def taken() -> bool:
            try:
                fcntl.flock(end, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        if not wait_for(taken, limit, 0.05):
            os.close(end)
            raise Busy
        return end

    def journal(self, commit_id: str, event: str, **facts: object) -> None:
        """Append one line to the journal and tell syslog. A full disk must not stop a rollback: syslog hears of it."""
        entry = {"time": time.time(), "boottime": boottime(), "commit": commit_id, "event": event}
        entry.update(facts)
        syslog.openlog("netmgr-frr")
        syslog.syslog("%s %s %s" % (commit_id, event, " ".join("%s=%s" % fact for fact in sorted(facts.items()))))
        place = os.path.join(self.lasting, "journal")
        try:
            end = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                if os.fstat(end).st_size > JOURNAL_SIZE:
                    os.rename(place, place + ".old")
                os.write(end, (json.dumps(entry) + "\n").encode())
            finally:
                os.close(end)
        except OSError as error:
            syslog.syslog(syslog.LOG_ERR, "cannot write %s: %s" % (place, errno.errorcode.get(error.errno or 0, "?")))

    def _newest_first(self) -> list[str]:
        suffix = ".record"
        with os.scandir(self.runtime) as entries:
            found = [(entry.stat().st_mtime, entry.name[: -len(suffix)]) for entry in entries if entry.name.endswith(suffix)]
        return [commit_id for _, commit_id in sorted(found, reverse=True)]


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return
