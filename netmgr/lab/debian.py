"""Debian packages without installing them: fetched with apt and unpacked, as any user, the host left as it is.

apt checks the archive's signatures as the host's configuration says; sources, proxies and pins are the host's.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from netmgr.errors import LabError
from netmgr.lab import SYSTEM_PATH

#: Seconds for one command: apt gives a silent server 30 s, but a slow line its time.
_LIMIT = 900.0
#: What is installed stays as it is, unless a package that is missing needs it newer.
_INSTALL = ("--download-only", "--yes", "--no-install-recommends", "--no-upgrade")
# Hooks act on the system's own directories (docker-clean deletes archives) and services (PackageKit).
_HOOKS = ("APT::Update::Pre-Invoke", "APT::Update::Post-Invoke", "APT::Update::Post-Invoke-Success")


@dataclass(frozen=True, slots=True)
class Fetched:
    """``versions`` of the unpacked packages, and the names of all packages that these depend on directly."""

    versions: dict[str, str]
    dependencies: frozenset[str]


def installed(names: Iterable[str], host: Path) -> dict[str, str]:
    """The versions of those packages that dpkg knows as installed on ``host``; empty on a host without dpkg."""
    argv = ["dpkg-query", f"--admindir={host / 'var/lib/dpkg'}", "--show"]
    argv += ["--showformat=${Package} ${Version} ${db:Status-Status}\\n", *sorted(names)]
    if not shutil.which(argv[0], path=SYSTEM_PATH):
        return {}
    # The exit code only says that some names are unknown, which the answer shows.
    done = subprocess.run(
        argv, capture_output=True, text=True, timeout=_LIMIT, check=False, env=_environment()
    )
    rows = (line.split(" ") for line in done.stdout.splitlines())
    return {name: version for name, version, status in rows if status == "installed"}


def fetch(packages: Sequence[str], target: Path, host: Path, progress: Callable[[str], None]) -> Fetched:
    """Unpack into the directory ``target`` what ``packages`` need beyond what ``host`` has installed.

    Raises LabError if apt is missing or cannot fetch them.
    """
    for command in ("apt-get", "dpkg-deb", "dpkg-query"):
        if not shutil.which(command, path=SYSTEM_PATH):
            raise LabError(
                f"this machine has no {command}, so the lab cannot fetch {', '.join(packages)}; install them with its "
                "own package manager, in Debian's file layout"
            )
    with tempfile.TemporaryDirectory(prefix="netmgr-apt-") as directory:
        work = Path(directory)
        apt, environment = _private_apt(work, host)
        progress("fetching the package lists")
        _run([*apt, "update"], environment)
        progress(f"fetching {', '.join(packages)} and what they need")
        _run([*apt, "install", *_INSTALL, *packages], environment)
        archives = sorted((work / "cache/archives").glob("*.deb"))
        progress(f"unpacking {len(archives)} packages")
        for archive in archives:
            _run(["dpkg-deb", "--extract", str(archive), str(target)], _environment())
        return _described(archives)


def _private_apt(work: Path, host: Path) -> tuple[list[str], Mapping[str, str]]:
    """apt-get with the host's configuration, without its hooks, and with every file that it writes below ``work``."""
    for name in ("state/lists/partial", "cache/archives/partial", "conf.d"):
        (work / name).mkdir(parents=True)
    for part in (host / "etc/apt/apt.conf.d").glob("*"):
        if os.access(part, os.R_OK):
            shutil.copyfile(part, work / "conf.d" / part.name)
    (work / "conf.d/zz-netmgr").write_text("".join(f"#clear {name};\n" for name in _HOOKS), "utf-8")
    # Only a file named by APT_CONFIG is read early enough to say where the parts are.
    (work / "apt.conf").write_text(f'Dir::Etc::Parts "{work / "conf.d"}";\n', "utf-8")
    options = {
        "Dir::Etc": host / "etc/apt",
        "Dir::Etc::Parts": work / "conf.d",
        "Dir::State": work / "state",
        "Dir::State::status": host / "var/lib/dpkg/status",
        "Dir::Cache": work / "cache",
        "Debug::NoLocking": "1",  # the host's locks protect what this never writes
        "APT::Sandbox::User": "root",  # as root, apt would change to the user _apt, who cannot read ``work``
        "APT::Get::allow-change-held-packages": "1",
        "Acquire::Languages": "none",
        "Acquire::Retries": "2",
        "Acquire::http::Timeout": "30",
        "Acquire::https::Timeout": "30",
        "APT::Update::Error-Mode": "any",
    }
    argv = ["apt-get", "--quiet=2"]
    for name, value in options.items():
        argv += ["--option", f"{name}={value}"]
    return argv, {**_environment(), "APT_CONFIG": str(work / "apt.conf")}


def _environment() -> dict[str, str]:
    return {**os.environ, "PATH": SYSTEM_PATH, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}


def _run(argv: list[str], environment: Mapping[str, str]) -> str:
    try:
        done = subprocess.run(
            argv,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_LIMIT,
            check=False,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        raise LabError(
            f"{argv[0]} has not ended after {_LIMIT:g} s; check the network, then try again"
        ) from None
    if done.returncode:
        said = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        errors = [line for line in said if line.startswith("E: ")]
        reason = (errors or said or ["no reason given"])[0].rstrip(".")
        raise LabError(
            f"{argv[0]} cannot get the lab's packages: {reason}; check the network and the package sources, "
            "then run `netmgr lab setup` again"
        )
    return done.stdout


def _described(archives: Sequence[Path]) -> Fetched:
    versions: dict[str, str] = {}
    dependencies: set[str] = set()
    for archive in archives:
        form = "--showformat=${Package}\t${Version}\t${Depends},${Pre-Depends}\n"
        name, version, depends = (
            _run(["dpkg-deb", "--show", form, str(archive)], _environment()).strip().split("\t")
        )
        versions[name] = version
        dependencies.update(re.findall(r"(?:^|[,|])\s*([a-z0-9][a-z0-9+.-]+)", depends))
    return Fetched(versions, frozenset(dependencies))
