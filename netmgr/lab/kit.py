"""What a lab needs on this machine: the host's own programs, or packages unpacked into the user's cache.

A kit is a directory ``CACHE/lab/<key>`` with the unpacked file trees and ``kit.json``. It fits a host as long as the
host's release and the host packages that it leans on are those it was made for; else ``setup`` makes another one
beside it. Labs mount a kit over the host's directories, in their own namespaces only.
"""

import hashlib
import os
import platform
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from netmgr.errors import LabError
from netmgr.lab.cache_lock import cache_locked
from netmgr.lab.debian import fetch, installed
from netmgr.lab.debian_root import DebianRoot
from netmgr.lab.userns import check_namespaces
from netmgr.model.base import Frozen

PACKAGES = (
    "frr",
    "frr-pythontools",
    "openssh-server",
    "iproute2",
    "iputils-ping",
    "traceroute",
    "procps",
    "lldpd",
)

#: One program of each package and all that FRR needs, in Debian's layout; python3 comes with frr-pythontools.
_PROGRAMS = {
    "usr/lib/frr/frrinit.sh": "frr",
    "usr/lib/frr/watchfrr": "frr",
    "usr/lib/frr/zebra": "frr",
    "usr/lib/frr/staticd": "frr",
    "usr/lib/frr/bgpd": "frr",
    "usr/lib/frr/ospfd": "frr",
    "usr/lib/frr/ospf6d": "frr",
    "usr/bin/vtysh": "frr",
    "usr/lib/frr/frr-reload.py": "frr-pythontools",
    "usr/bin/python3": "frr-pythontools",
    "usr/sbin/sshd": "openssh-server",
    "usr/bin/ip": "iproute2",
    "usr/bin/ping": "iputils-ping",
    "usr/bin/traceroute": "traceroute",
    "usr/bin/ps": "procps",
    "usr/sbin/lldpd": "lldpd",
}
#: Links that packages make when they are installed (update-alternatives), which unpacking does not.
_LINKS = {"usr/bin/traceroute": "traceroute.db"}
#: Directories that a merged /usr has as links (Debian from 12 on); some packages still ship files in them.
_MERGED = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
_MANIFEST = "kit.json"


@dataclass(frozen=True, slots=True)
class Kit:
    """What labs run. ``root`` is the tree to lay over the host's, ``None`` where the host has everything itself."""

    root: Path | None
    description: str
    """One line for the user."""


class Manifest(Frozen):
    """``kit.json``: what a kit was made for and what is in it. Packages are name: version."""

    release: str
    machine: str
    host: dict[str, str]
    unpacked: dict[str, str]


class LabKit:
    """The kits in ``cache`` (default: the user's cache directory) for the system below ``host``."""

    def __init__(self, cache: Path | None = None, host: Path = Path("/")) -> None:
        self._kits = (cache or default_cache()) / "lab"
        self.hosts = DebianRoot(cache or default_cache(), host)
        self._host = host

    def locate(self) -> Kit:
        """What is there, without fetching anything. Raises LabError, which names what is missing."""
        if kit := self._find():
            return kit
        missing = self._missing(None)
        raise LabError(
            f"the lab needs {', '.join(missing)}, which this machine lacks; run `netmgr lab setup`"
        )

    def setup(self, progress: Callable[[str], None]) -> Kit:
        """What is there, or else a new kit. ``progress`` takes a line for each step; nothing is started on the host.

        Raises LabError if this machine cannot run a lab, and says what would help.
        """
        check_namespaces()
        if kit := self._find():
            return kit
        with cache_locked(self._kits):
            return self._find() or self._make(progress)

    def _find(self) -> Kit | None:
        if not self._missing(None):
            return Kit(None, "FRR and its companions as installed on this machine")
        for path in sorted(self._kits.glob(f"[!.]*/{_MANIFEST}")):
            manifest = _read(path)
            if manifest and self._fits(manifest) and not self._missing(path.parent):
                return Kit(path.parent, _describe(manifest, path.parent))
        return None

    def _fits(self, manifest: Manifest) -> bool:
        return (
            manifest.release == self._release()
            and manifest.machine == platform.machine()
            and manifest.host == installed(manifest.host, self._host)
        )

    def _missing(self, root: Path | None) -> list[str]:
        """The packages whose programs are neither below ``root`` nor on the host."""
        trees = [self._host] if root is None else [root, self._host]
        missing = {
            package
            for name, package in _PROGRAMS.items()
            if not any((tree / name).exists() for tree in trees)
        }
        return [package for package in PACKAGES if package in missing]

    def _make(self, progress: Callable[[str], None]) -> Kit:
        for left in self._kits.glob(
            ".new-*"
        ):  # of a setup that was killed; the lock says that none is running
            shutil.rmtree(left)
        new = Path(tempfile.mkdtemp(prefix=".new-", dir=self._kits))
        try:
            new.chmod(0o755)
            fetched = fetch(PACKAGES, new, self._host, progress)
            _merge(new)
            for name, target in _LINKS.items():
                if (new / name).with_name(target).exists():
                    (new / name).symlink_to(target)
            self._require_all(new)
            leans_on = installed({*PACKAGES, *fetched.dependencies} - set(fetched.versions), self._host)
            manifest = Manifest(
                release=self._release(), machine=platform.machine(), host=leans_on, unpacked=fetched.versions
            )
            text = manifest.model_dump_json()
            (new / _MANIFEST).write_text(text, "utf-8")
            final = self._kits / hashlib.sha256(text.encode()).hexdigest()[:16]
            if final.exists():  # incomplete, or _find had found it
                shutil.rmtree(final)
            new.rename(final)
        except BaseException:
            shutil.rmtree(new)
            raise
        return Kit(final, _describe(manifest, final))

    def _require_all(self, root: Path) -> None:
        if missing := self._missing(root):
            raise LabError(
                f"this release's packages lack programs of {', '.join(missing)}; "
                "the lab is made for Debian 12 and Ubuntu 24.04"
            )

    def _release(self) -> str:
        """``ID VERSION_ID`` of os-release(5), as ``debian 12``."""
        lines = (self._host / "etc/os-release").read_text("utf-8").splitlines()
        fields = dict(line.partition("=")[::2] for line in lines)
        return " ".join(fields.get(name, "?").strip("\"'") for name in ("ID", "VERSION_ID"))


def default_cache() -> Path:
    """``$XDG_CACHE_HOME/netmgr``, else ``~/.cache/netmgr`` (XDG Base Directory Specification: absolute paths only)."""
    configured = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (configured if configured.is_absolute() else Path.home() / ".cache") / "netmgr"


def _read(path: Path) -> Manifest | None:
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):  # being replaced, or written by another version: not usable here
        return None


def _merge(root: Path) -> None:
    for name in _MERGED:
        if (root / name).is_dir():
            shutil.copytree(root / name, root / "usr" / name, symlinks=True, dirs_exist_ok=True)
            shutil.rmtree(root / name)


def _describe(manifest: Manifest, root: Path) -> str:
    frr = manifest.unpacked.get("frr") or manifest.host.get("frr", "?")
    return f"FRR {frr} with {len(manifest.unpacked)} packages unpacked in {root} ({manifest.release})"
