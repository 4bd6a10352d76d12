"""strace(1): which system calls a command makes on files, and the same command with one of them going wrong.

It is the machine's own, or Debian's package unpacked into the user's cache; nothing is installed. ``when=N`` counts the
calls of one name in one thread: a call is known by its thread (here always the first one), its name and its number.
"""

import fcntl
import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from netmgr.errors import LabError
from netmgr.lab.debian import fetch
from netmgr.lab.kit import default_cache

#: What changes a file or makes it durable. Some machines have only the calls that end in ``at``.
CHANGES = (
    "write|writev|pwrite64|pwritev|fsync|fdatasync|ftruncate|rename|renameat|renameat2|link|linkat|unlink|unlinkat|"
    "mkdir|mkdirat|chmod|fchmod|fchmodat"
)
#: What a new file begins with.
OPENS = "open|openat"

_CALL = re.compile(r"^(?:(\d+) +)?(\w+)\((.*)$")
#: What differs between two runs of one command: ids, digests, random names, process numbers.
_VARIABLE = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}|(?<=\.)(?:[0-9a-f]{16}|\d{3,})$"
)


@dataclass(frozen=True, slots=True)
class Call:
    """The ``number``-th call of this ``name``, on ``path``."""

    name: str
    number: int
    path: str
    injected: bool = False

    def __str__(self) -> str:
        return f"{self.name} {self.number} ({self.path})"


@cache
def strace() -> tuple[str, ...]:
    """The words that begin a traced command. Fails, and says what to do, where nothing can be traced."""
    found = shutil.which("strace")
    words = (found,) if found else _unpacked()
    done = subprocess.run(
        [*words, "-o", os.devnull, "true"], capture_output=True, text=True, timeout=60, check=False
    )
    said = " ".join(done.stderr.split())
    assert done.returncode == 0, (
        f"strace cannot trace here: {said}; in a container add --cap-add=SYS_PTRACE, elsewhere "
        "`sysctl kernel.yama.ptrace_scope=1`"
    )
    return words


def injecting(call: Call, what: str) -> tuple[str, ...]:
    """The options that make ``call`` go wrong: ``signal=KILL`` before it, ``error=EIO`` in place of it."""
    return ("-e", f"trace={call.name}", "-e", f"inject={call.name}:{what}:when={call.number}")


def calls(trace: Path, below: Path, names: str = CHANGES) -> list[Call]:
    """The calls in a trace that have to do with files below a directory, in their order."""
    wanted, counts, found = set(names.split("|")), Counter[tuple[str, str]](), []
    threads = set()
    for line in trace.read_text(errors="replace").splitlines():
        match = _CALL.match(line)
        if not match:
            continue
        thread, name, rest = match.groups("")
        counts[thread, name] += 1
        path = re.search(rf'[<"]({re.escape(str(below))}(?:/[^">]*)?)[">]', rest)
        if name in wanted and path and (name not in OPENS.split("|") or "O_CREAT" in rest):
            threads.add(thread)
            short = _VARIABLE.sub("*", str(Path(path[1]).relative_to(below)))
            found.append(Call(name, counts[thread, name], short, "(INJECTED)" in rest))
    assert len(threads) <= 1, f"more than one thread writes files: {threads}"
    return found


@dataclass(frozen=True, slots=True)
class Event:
    """A call of a clean run with the files it has to do with."""

    name: str
    paths: tuple[str, ...]


def events(trace: Path) -> list[Event]:
    """Every call of the trace that succeeded, in their order."""
    found = []
    for line in trace.read_text(errors="replace").splitlines():
        match = _CALL.match(line)
        if match and " = -1 " not in line:
            found.append(Event(match[2], tuple(re.findall(r'[<"](/[^">]*)[">]', match[3]))))
    return found


def everything() -> tuple[str, ...]:
    """The options of a run that is only watched, with all its threads and processes."""
    return ("-f", "-e", f"trace=/^({CHANGES}|{OPENS})$")


def _unpacked() -> tuple[str, ...]:
    root = default_cache() / "strace"
    with _alone(root.parent):
        if not (root / "usr/bin/strace").exists():
            new = root.with_name(".strace-new")
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir()
            try:
                fetch(["strace"], new, Path("/"), lambda _line: None)
            except LabError as error:
                raise AssertionError(f"no strace here: {error}; or `apt-get install strace`") from error
            shutil.rmtree(root, ignore_errors=True)
            new.rename(root)
    libraries = ":".join(str(path) for path in sorted(root.glob("usr/lib/*-linux-gnu*")))
    return ("env", f"LD_LIBRARY_PATH={libraries}", str(root / "usr/bin/strace"), "-E", "LD_LIBRARY_PATH")


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """One process at a time."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
