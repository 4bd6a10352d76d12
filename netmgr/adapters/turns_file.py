"""Turns among the processes of one machine: locked files, which the kernel frees when their process dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from netmgr.adapters.private_files import private_directory
from netmgr.errors import StoreError


class FileTurns:
    """Called with (client, job): the right to run it, False where another process has it. See ``Runs.turn``."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    @contextmanager
    def __call__(self, client: str, job: str) -> Iterator[bool]:
        """Never waits."""
        private_directory(self._directory)
        path = self._directory / f"{client}.{job}"
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(f"{path}: {error.strerror}; make it writable for you") from error
        try:
            yield _locked(descriptor)
        finally:
            os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
