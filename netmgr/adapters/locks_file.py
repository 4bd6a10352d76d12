"""Leases as numbered files under .netmgr/locks, for the commands of one machine.

The lease is the file ``<client>-<target>.<number>`` with the highest number. Its holder keeps it locked (flock), so
that the kernel tells when that process has died, and writes into it how long it may be silent. Whoever takes over makes
the file with the next number, which only one can do. Nobody waits for a lock: a stopped process keeps no one waiting.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from netmgr.adapters.private_files import private_directory, synced
from netmgr.errors import StoreError
from netmgr.model.lease import SECONDS, Tenure, loss, next_epoch, refusal
from netmgr.model.names import Target
from netmgr.ports.clock import Clock

_UNTIL: Final = "{:020.3f}\n"
"""A lease's first line: the moment, on the machine's monotonic clock, until which its holder may be silent."""


class FileLocks:
    """See ``netmgr.ports.locks.Locks``. A lease runs out ``seconds`` after its holder was last heard of."""

    def __init__(self, directory: Path, clock: Clock, seconds: float = SECONDS) -> None:
        self._directory, self._clock, self._seconds = directory, clock, seconds

    @contextmanager
    def hold(self, client: str, target: Target, holder: str) -> "Iterator[FileLease]":
        """Hold the lease while the context lasts; never waits."""
        private_directory(self._directory)
        shelf = _Shelf(self._directory, client, target, self._clock)
        lease = None
        while lease is None:  # somebody was quicker: look again whose it is now
            lease = self._take(shelf, holder)
        try:
            yield lease
        finally:
            lease.close()

    def held(self, client: str, target: Target) -> Tenure | None:
        """From the kernel's own list: trying the lock would keep others from finding out that its holder is dead."""
        shelf = _Shelf(self._directory, client, target, self._clock)
        try:
            path = shelf.path(shelf.newest())
            inode = path.stat().st_ino
            locks = Path("/proc/locks").read_text().splitlines()
            if not any(" FLOCK " in line and line.split()[5].endswith(f":{inode}") for line in locks):
                return None
            return shelf.read(path)
        except OSError:
            return None

    def _take(self, shelf: "_Shelf", holder: str) -> "FileLease | None":
        """The next lease; None where another newcomer was quicker. Raises Refused while the last one is somebody's."""
        number, last, alive = shelf.newest(), None, False
        if number:
            try:
                last, alive = shelf.read(shelf.path(number)), shelf.locked(number)
            except FileNotFoundError:  # replaced, and removed, in between
                return None
            if alive and last.left > 0:
                raise refusal(last)
        now = self._clock.now()
        tenure = Tenure(
            client=shelf.client,
            target=shelf.target,
            holder=holder,
            since=now.isoformat(timespec="seconds"),
            epoch=next_epoch(last.epoch if last else 0, now.timestamp()),
            left=self._seconds,
        )
        descriptor = shelf.make(number + 1, tenure)
        if descriptor is None:
            return None
        lease = FileLease(shelf, number + 1, tenure, descriptor, taken_from=last if alive else None)
        try:
            if shelf.newest() != number + 1:  # made on the place of one that was long gone
                lease.close()
                return None
            shelf.clear(below=number + 1)
        except OSError as error:  # a disk that fails now may fail later, when there is something to lose
            lease.close()
            raise StoreError(f"{error.filename}: lease: {error.strerror}; nothing was changed") from error
        return lease


class FileLease:
    """See ``netmgr.ports.locks.Lease``."""

    def __init__(
        self, shelf: "_Shelf", number: int, tenure: Tenure, descriptor: int, taken_from: Tenure | None
    ) -> None:
        self._shelf, self._number, self._descriptor = shelf, number, descriptor
        self._seconds, self.epoch, self.taken_from = tenure.left, tenure.epoch, taken_from

    def ensure(self) -> None:
        """Say until when, then look: whoever took over before that is seen, whoever comes after it is refused."""
        try:
            self._shelf.extend(self._descriptor, self._seconds)
            newest = self._shelf.newest()
            if newest == self._number:
                return
            by = None
            with suppress(FileNotFoundError):
                by = self._shelf.read(self._shelf.path(newest)) if newest > self._number else None
        except OSError as error:
            raise StoreError(
                f"{error.filename}: lease: {error.strerror}; make it writable for you"
            ) from error
        raise loss(self._shelf.client, self._shelf.target, by)

    def close(self) -> None:
        """Let go. The file stays: its number and its epoch are counted on from."""
        os.close(self._descriptor)


class _Shelf:
    """The files of one client's leases on one target."""

    def __init__(self, directory: Path, client: str, target: Target, clock: Clock) -> None:
        self.client, self.target = client, target
        self._directory, self._prefix, self._clock = directory, f"{client}-{target}.", clock

    def path(self, number: int) -> Path:
        return self._directory / f"{self._prefix}{number}"

    def newest(self) -> int:
        """The highest number; 0 where there is none."""
        return max(self._numbers(), default=0)

    def locked(self, number: int) -> bool:
        """Whether a living process holds it. Newcomers who try at once do not take each other for the holder."""
        descriptor = os.open(self.path(number), os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def read(self, path: Path) -> Tenure:
        """What its holder wrote; where that is damaged, somebody who is not overdue."""
        until, _, document = path.read_bytes().partition(b"\n")
        try:
            left = float(until) - self._clock.monotonic()
            return Tenure.model_validate_json(document).model_copy(update={"left": left})
        except ValueError:
            return Tenure(
                client=self.client,
                target=self.target,
                holder="another command",
                since="an unknown time",
                epoch=0,
                left=SECONDS,
            )

    def make(self, number: int, tenure: Tenure) -> int | None:
        """The lease's file, complete and locked before it has its name; None where the number is taken."""
        beside = self._directory / f".{self._prefix}{secrets.token_hex(8)}"
        try:
            descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                until = _UNTIL.format(self._clock.monotonic() + tenure.left)
                os.write(descriptor, until.encode() + tenure.model_dump_json().encode())
                os.fsync(descriptor)
                os.link(beside, self.path(number))
                synced(self._directory)
            except FileExistsError:
                os.close(descriptor)
                return None
            except BaseException:
                os.close(descriptor)
                raise
            finally:
                beside.unlink(missing_ok=True)
        except OSError as error:
            where = self._directory
            raise StoreError(f"{where}: lease: {error.strerror}; nothing was changed") from error
        return descriptor

    def extend(self, descriptor: int, seconds: float) -> None:
        """Not synced: after a power cut there is no holder whose time would matter."""
        os.pwrite(descriptor, _UNTIL.format(self._clock.monotonic() + seconds).encode(), 0)

    def clear(self, *, below: int) -> None:
        """Remove what nobody will ask for again."""
        for number in self._numbers():
            if number < below:
                self.path(number).unlink(missing_ok=True)

    def _numbers(self) -> list[int]:
        names = (entry.name for entry in os.scandir(self._directory) if entry.name.startswith(self._prefix))
        return [int(number) for name in names if (number := name.removeprefix(self._prefix)).isdecimal()]
