"""Known host keys: of a file with those of a thousand devices, each login looks at its own alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from paramiko import SSHException
from paramiko.hostkeys import HostKeyEntry

_HASHED = "|1|"


def entries(path: str, name: str) -> Iterator[HostKeyEntry]:
    """The entries of a known_hosts file that may be about ``name``: a host, or ``[host]:port``.

    Where names are hashed, all of them may. Raises OSError where the file cannot be read, and paramiko's InvalidHostKey
    for a line about the host that cannot be understood.
    """
    status = Path(path).stat()
    by_name, hashed = _lines(path, status.st_mtime_ns, status.st_size, status.st_ino)
    for number, line in (*by_name.get(name, ()), *hashed):
        with suppress(SSHException):  # as paramiko does: a key of a kind that it does not understand is none
            if entry := HostKeyEntry.from_line(line, number):
                yield entry


@lru_cache(maxsize=8)
def _lines(path: str, *_status: int) -> tuple[Mapping[str, list[tuple[int, str]]], list[tuple[int, str]]]:
    """Name → its lines, with their numbers, and those whose names are hashed. As long as the file is the same one."""
    by_name: dict[str, list[tuple[int, str]]] = {}
    hashed = []
    for number, row in enumerate(Path(path).read_text("utf-8", "replace").splitlines(), start=1):
        line = row.strip()
        names = line.partition(" ")[0]
        if names.startswith(_HASHED):
            hashed.append((number, line))
        elif names and not names.startswith("#"):
            for name in names.split(","):
                by_name.setdefault(name, []).append((number, line))
    return by_name, hashed
