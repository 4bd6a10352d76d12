"""Files of ours that others must not read and a crash must not tear: 0600 in 0700 directories, fsynced, renamed."""

import os
from collections.abc import Iterable
from pathlib import Path

from netmgr.errors import StoreError


def private_directory(path: Path) -> None:
    """Make ``path`` and its parents below the workspace, mode 0700. Raises StoreError when that is not possible.

    Their names are durable: a file that is synced in a directory whose name is lost would be lost with it.
    """
    try:
        missing = [p for p in (path, *path.parents) if not p.exists()]
        for directory in reversed(missing):
            directory.mkdir(mode=0o700, exist_ok=True)
            synced(directory.parent)
    except OSError as error:
        raise StoreError(f"{path}: cannot be made: {error.strerror}; make it writable for you") from error


def write_durably(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data``: either the old or the new file is there after a crash, never half of one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        synced(path.parent)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror}; nothing was changed") from error


def remove_durably(directory: Path, names: Iterable[str]) -> None:
    """Remove files of a directory, those that are there; after a crash they are not back. Raises StoreError."""
    try:
        for name in names:
            (directory / name).unlink(missing_ok=True)
        if directory.exists():
            synced(directory)
    except OSError as error:
        raise StoreError(
            f"{directory}: cannot be removed from: {error.strerror}; make it writable"
        ) from error


def synced(directory: Path) -> None:
    """Make the names in ``directory`` durable. Raises OSError."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
