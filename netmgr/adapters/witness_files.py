"""Checkpoints that lie elsewhere: one in a file, or a line for each in a witness's files."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from netmgr.adapters.private_files import synced
from netmgr.errors import InputError, StoreError
from netmgr.model.checkpoint import Checkpoint

SUFFIX = ".checkpoints"


class DirectoryWitness:
    """See ``netmgr.ports.witness.Witness``: a file for each client, a line for each checkpoint.

    The directory must be there: one that is made where nothing is mounted would witness nothing.
    """

    kind = "directory"

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def keep(self, checkpoint: Checkpoint) -> None:
        """Append, and flush."""
        path = self._directory / f"{checkpoint.client}{SUFFIX}"
        try:
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
            with os.fdopen(os.open(path, flags, 0o644), "wb", buffering=0) as file:
                file.write(line_of(checkpoint))
                os.fsync(file.fileno())
            synced(self._directory)
        except OSError as error:
            raise StoreError(f"{path}: the witness did not take it: {error.strerror}") from error


def line_of(checkpoint: Checkpoint) -> bytes:
    """A checkpoint as a line of such a file."""
    return json.dumps(checkpoint.document()).encode() + b"\n"


def witnessed(path: Path) -> Sequence[Checkpoint]:
    """Those of a file, or of every file ``*.checkpoints`` in a directory. Raises InputError with file and line."""
    files = sorted(path.glob(f"*{SUFFIX}")) if path.is_dir() else [path]
    found: list[Checkpoint] = []
    problems: list[str] = []
    for file in files:
        try:
            lines = file.read_text().splitlines()
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"{file}: checkpoints: {error}")
            continue
        for number, line in enumerate(lines, 1):
            try:
                found += [Checkpoint.parse(line)] if line.strip() else []
            except ValueError as error:
                problems.append(f"{file}:{number}: not a checkpoint: {error}")
    if problems:
        raise InputError(problems)
    return found
