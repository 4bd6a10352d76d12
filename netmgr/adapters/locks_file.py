"""Leases as locked files under .netmgr/locks: the kernel releases them when their process dies, however it dies."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from netmgr.adapters.private_files import private_directory, write_durably
from netmgr.errors import Refused
from netmgr.model.names import Target
from netmgr.ports.clock import Clock
from netmgr.ports.locks import Lease


class FileLocks:
    """See ``netmgr.ports.locks.Locks``. The epoch is kept in a file of its own, so that it outlives every lease."""

    def __init__(self, directory: Path, clock: Clock) -> None:
        self._directory, self._clock = directory, clock

    @contextmanager
    def hold(self, client: str, target: Target, holder: str, since: str) -> Iterator[Lease]:
        """Hold the lease while the context lasts; never waits."""
        private_directory(self._directory)
        name = f"{client}-{target}"
        descriptor = os.open(self._directory / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise self._refusal(descriptor, client, target) from None
            lease = Lease(
                client=client, target=target, holder=holder, since=since, epoch=self._next_epoch(name)
            )
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, lease.model_dump_json().encode(), 0)
            yield lease
        finally:
            os.close(descriptor)

    def held(self, client: str, target: Target) -> Lease | None:
        """From the kernel's own list: trying the lock would take it from whoever comes at that moment."""
        path = self._directory / f"{client}-{target}.lock"
        try:
            inode = path.stat().st_ino
            locks = Path("/proc/locks").read_text().splitlines()
        except OSError:
            return None
        if not any(" FLOCK " in line and line.split()[5].endswith(f":{inode}") for line in locks):
            return None
        try:
            return Lease.model_validate_json(path.read_bytes())
        except ValueError:  # just taken, and its holder not written yet
            return Lease(client=client, target=target, holder="another command", since="just now", epoch=0)

    def _next_epoch(self, name: str) -> int:
        """Above the last one here, and not below the time in seconds.

        Devices remember the highest epoch that they saw: a new workspace, which has no last one, must not be taken for
        an old writer.
        """
        path = self._directory / f"{name}.epoch"
        last = int(path.read_text()) if path.exists() else 0
        epoch = max(last + 1, int(self._clock.now().timestamp()))
        write_durably(path, f"{epoch}\n".encode())
        return epoch

    @staticmethod
    def _refusal(descriptor: int, client: str, target: Target) -> Refused:
        text = os.pread(descriptor, 4096, 0)
        held = json.loads(text) if text else {"holder": "another command", "since": "just now"}
        return Refused(
            "lock",
            f"{held['holder']} is changing {client} ({target}) since {held['since']}",
            "wait until that command ends",
        )
