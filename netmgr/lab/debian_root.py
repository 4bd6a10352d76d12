"""A Debian of the lab's own for its hosts: a root file system that mmdebstrap makes in the user's cache.

Everything in it is Debian's, as it is installed there: no file of this machine's /usr, /etc or dpkg database. It is
made in namespaces of an ordinary user; the program is fetched and unpacked as the lab's other packages are.
"""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from netmgr.errors import LabError
from netmgr.lab import SYSTEM_PATH
from netmgr.lab.cache_lock import cache_locked
from netmgr.lab.debian import fetch
from netmgr.lab.userns import check_namespaces

#: What a host has from the start beside the smallest Debian with apt. Ansible needs python3 and python3-apt.
PACKAGES = (
    *(
        "openssh-server",
        "python3",
        "python3-apt",
        "sudo",
        "iproute2",
        "iputils-ping",
        "traceroute",
        "procps",
        "lldpd",
    ),
    *("postgresql", "openssl", "util-linux"),
)
_DONE = "etc/netmgr-lab"
#: Another one whenever it is made otherwise.
_VERSION = 1
_LIMIT = 1800.0
_PACKAGE_PARENT = Path(__file__).parents[2]


class DebianRoot:
    """The root file system in ``cache`` for the release that ``host`` runs."""

    def __init__(self, cache: Path, host: Path = Path("/")) -> None:
        self._cache, self._host = cache / "lab-hosts", host

    def locate(self) -> Path:
        """Where it is. Raises LabError where it was not made."""
        path = self._path()
        if not (path / _DONE).exists():
            raise LabError(
                "hosts with a Debian of their own (lab.debian_hosts) need one; run `netmgr lab setup --hosts`"
            )
        return path

    def setup(self, progress: Callable[[str], None]) -> Path:
        """Make it, unless it is there. Raises LabError where this machine cannot, and says why."""
        check_namespaces()
        with cache_locked(self._cache):
            path = self._path()
            if not (path / _DONE).exists():
                self._make(path, progress)
        return path

    def _path(self) -> Path:
        return self._cache / f"{self._codename()}-{platform.machine()}-{_VERSION}"

    def _codename(self) -> str:
        lines = (self._host / "etc/os-release").read_text("utf-8").splitlines()
        fields = dict(line.partition("=")[::2] for line in lines)
        name = fields.get("VERSION_CODENAME", "").strip("\"'")
        if not name or not shutil.which("apt-get", path=SYSTEM_PATH):
            raise LabError(
                "a Debian for the lab's hosts is made with this machine's apt, which it lacks; "
                "without lab.debian_hosts hosts see its own /usr, read-only"
            )
        return name

    def _make(self, path: Path, progress: Callable[[str], None]) -> None:
        if not shutil.which("perl", path=SYSTEM_PATH):
            raise LabError("mmdebstrap needs perl; install the package perl")
        for left in (path, *self._cache.glob(".new-*")):
            shutil.rmtree(left, ignore_errors=True)
        new = Path(tempfile.mkdtemp(prefix=".new-", dir=self._cache))
        try:
            fetch(("mmdebstrap",), new / "program", self._host, progress)
            progress("making a Debian for the lab's hosts: about 100 MB are fetched, one to three minutes")
            self._bootstrap(new / "program/usr/bin/mmdebstrap", new / "root")
            (new / "root" / _DONE).touch()
            (new / "root").rename(path)
        finally:
            shutil.rmtree(new, ignore_errors=True)

    def _bootstrap(self, program: Path, root: Path) -> None:
        root.mkdir(0o755)
        bind = 'touch "$1/dev/$d"; mount --bind "/dev/$d" "$1/dev/$d"'
        devices = f"for d in null zero full random urandom tty; do {bind}; done"
        argv = [
            *(sys.executable, "-S", "-P", "-m", "netmgr.lab.frr.alone", "perl", str(program), "--quiet"),
            *("--mode=root", "--variant=apt", f"--include={','.join(PACKAGES)}", "--format=directory"),
            # In a namespace with one user apt cannot change to another one, and device files cannot be made.
            *('--aptopt=APT::Sandbox::User "root"', "--skip=check/empty,chroot/mount"),
            *(f'--setup-hook=mkdir -p "$1/dev"; rm -f "$1"/dev/*; {devices}', self._codename(), str(root)),
        ]
        environment = {
            "PATH": SYSTEM_PATH,
            "HOME": "/root",
            "LANG": "C.UTF-8",
            "TMPDIR": str(root.parent),
            "PYTHONPATH": str(_PACKAGE_PARENT),
            **{name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")},
        }
        try:
            done = subprocess.run(
                argv, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                errors="replace", timeout=_LIMIT, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise LabError(
                f"mmdebstrap has not ended after {_LIMIT:g} s; check the network, then try again"
            ) from None
        if done.returncode:
            said = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
            errors = [line for line in said if line.startswith("E: ")]
            raise LabError(
                f"mmdebstrap cannot make a Debian for the lab's hosts: {(errors or said or ['no reason given'])[0]}; "
                "check the network, then run `netmgr lab setup --hosts` again"
            )
