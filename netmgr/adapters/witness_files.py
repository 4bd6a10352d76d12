"""Checkpoints that lie elsewhere: one in a file, or a line for each in a witness's files."""

from collections.abc import Sequence
from pathlib import Path

from netmgr.errors import InputError
from netmgr.model.checkpoint import Checkpoint

SUFFIX = ".checkpoints"


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
