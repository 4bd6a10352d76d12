"""This machine: programs, packages, clock, file modes and space, as the kernel and Python's metadata tell them."""

import ctypes
import os
import platform
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path

from netmgr.ports.lab import Lab
from netmgr.ports.machine import Exposed, Requirement

_PRIVATE = 0o077
_TIME_ERROR = 5  # adjtimex(2): the clock is not synchronised
_TIMEX_BYTES = 512  # struct timex has 208 on 64 bits
_LIMIT = 20.0  # seconds for a program to say its version
#: What of .netmgr is private by its own mode too, whatever happens to the mode of .netmgr itself.
_OWN = ("keys", "snapshots", "plans", "known_hosts", "locks")


class LocalMachine:
    """See ``netmgr.ports.machine.Machine``. ``workspace`` holds the files that are looked at.

    ``kit`` and ``namespaces`` are the lab's own questions, which raise LabError.
    """

    def __init__(
        self, workspace: Path, lab: Lab, *, kit: Callable[[], str], namespaces: Callable[[], None]
    ) -> None:
        self._workspace, self._lab = workspace, lab
        self.lab_kit, self.namespaces = kit, namespaces

    def python(self) -> str:
        """The running one."""
        return platform.python_version()

    def requirements(self) -> Iterator[Requirement]:
        """From the package's metadata (PEP 508); those of extras and other systems are left out."""
        from packaging.requirements import Requirement as Wanted

        try:
            lines = metadata.requires("netmgr") or []
        except metadata.PackageNotFoundError:
            lines = []
        for line in lines:
            wanted = Wanted(line)
            if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
                continue
            try:
                installed = metadata.version(wanted.name)
            except metadata.PackageNotFoundError:
                installed = None
            fits = installed is not None and wanted.specifier.contains(installed, prereleases=True)
            yield Requirement(name=wanted.name, wanted=str(wanted.specifier), installed=installed, fits=fits)

    def program(self, name: str) -> str | None:
        """Beside the running Python, where its own packages put programs, or on PATH."""
        places = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
        found = shutil.which(name, path=places)
        if not found:
            return None
        try:
            done = subprocess.run(
                [found, "--version"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=_LIMIT,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        said = done.stdout.strip().splitlines()
        return said[0] if said and not done.returncode else None

    def exposed(self) -> Iterator[Exposed]:
        """``.netmgr`` and what is secret in it, and everything in ``secrets``."""
        state = self._workspace / ".netmgr"
        private = [state, *state.glob("store.db*")]
        for root in (*(state / name for name in _OWN), self._workspace / "secrets"):
            private += [root, *root.rglob("*")]
        for path in private:
            try:
                found = path.lstat().st_mode
            except OSError:
                continue
            if not stat.S_ISLNK(found) and found & _PRIVATE:
                name = str(path.relative_to(self._workspace))
                yield Exposed(path=name, mode="700" if stat.S_ISDIR(found) else "600")

    def free(self) -> int:
        """On the file system of ``.netmgr``."""
        state = self._workspace / ".netmgr"
        return shutil.disk_usage(state if state.exists() else self._workspace).free

    def synchronised(self) -> bool | None:
        """adjtimex(2) without a change: any user may ask."""
        try:
            adjtimex = ctypes.CDLL(None).adjtimex
        except AttributeError:
            return None
        state = adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
        return None if state < 0 else bool(state != _TIME_ERROR)

    def agent_keys(self) -> int | None:
        """Asked with ssh-add, which tells an empty agent from none by its exit code (ssh-add(1))."""
        try:
            done = subprocess.run(
                ["ssh-add", "-l"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=_LIMIT,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        if done.returncode == 1:
            return 0
        return len(re.findall(r"(?m)^\d+ ", done.stdout)) if not done.returncode else None

    def stale_labs(self) -> Iterator[str]:
        """Directories of labs without a running lab."""
        labs = self._workspace / ".netmgr/lab"
        for path in sorted(labs.glob("*/")):
            if path.is_dir() and self._lab.status(path.name) is None:
                yield path.name
