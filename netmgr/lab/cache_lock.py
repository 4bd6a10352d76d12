"""One process at a time makes what the lab keeps between runs."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from netmgr.errors import LabError


@contextlib.contextmanager
def cache_locked(cache: Path) -> Iterator[None]:
    """Hold the lock of a directory of the cache, made if need be. Raises LabError where it cannot be written."""
    try:
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(cache / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise LabError(
            f"the lab's cache cannot be written: {error}; set XDG_CACHE_HOME to a directory that can"
        ) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
