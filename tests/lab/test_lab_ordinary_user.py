"""The lab needs no privilege: the same scenario as the user who runs the tests and, if that is root, as ``nobody``."""

import importlib.util
import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

pytestmark = pytest.mark.lab

REPOSITORY = Path(__file__).parents[2]
#: What the lab imports from outside the standard library.
LIBRARIES = (
    "pydantic",
    "pydantic_core",
    "annotated_types",
    "typing_extensions",
    "typing_inspection",
    "cryptography",
    "_cffi_backend",
)


def expected(uid: int) -> dict[str, object]:
    return {
        "uid": uid,
        "owners": [uid],
        "daemons": ["bgpd", "ospf6d", "ospfd", "staticd", "watchfrr", "zebra"],
        "ping": True,
        "lldp": {"eth1": "r2", "eth2": "r4"},
        "ssh": [0, "root\nr3\n6\n", ""],
        "terminal": [0, True, True],
        "cut off": [False, 255, "r4\n"],
        "down": [True, False],
        "left": [],
    }


def seen(argv: list[str], environment: Mapping[str, str]) -> object:
    done = subprocess.run(
        argv, capture_output=True, text=True, check=False, timeout=60, env=environment, cwd="/"
    )
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_as_the_user_who_runs_the_tests(kit, tmp_path):
    # PATH as an ordinary user's often is: without the sbin directories.
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PATH": "/usr/local/bin:/usr/bin:/bin"}
    argv = [sys.executable, str(REPOSITORY / "tests/lab/scenario.py"), str(tmp_path / "lab")]
    assert seen(argv, environment) == expected(os.getuid())


@pytest.fixture
def home() -> Iterator[Path]:
    """A home directory that every user can reach, unlike pytest's own directories."""
    directory = Path(tempfile.mkdtemp(prefix="netmgr home "))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


def copy_program(target: Path) -> None:
    """The program and its libraries: those of a superuser are often out of other users' sight."""
    shutil.copytree(REPOSITORY / "netmgr", target / "netmgr")
    for name in ("bench.py", "scenario.py"):
        (target / "tests/lab").mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / "tests/lab" / name, target / "tests/lab")
    shutil.copy(REPOSITORY / "tests/waiting.py", target / "tests")
    for name in LIBRARIES:
        found = importlib.util.find_spec(name)
        assert found
        assert found.origin
        origin = Path(found.origin)
        if found.submodule_search_locations:
            shutil.copytree(origin.parent, target / name)
        else:
            shutil.copy(origin, target)


def usable_python(become: list[str]) -> str:
    """An interpreter of this version that the other user can run."""
    # It has to start itself again: setpriv still has root's capabilities when it starts the first one.
    check = "import subprocess, sys; subprocess.run([sys.executable, '-c', ''], check=True)"
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for candidate in (sys.executable, f"/usr/bin/python{version}", f"/usr/local/bin/python{version}"):
        if Path(candidate).exists():
            done = subprocess.run(
                [*become, candidate, "-c", check], check=False, capture_output=True, timeout=20, cwd="/"
            )
            if done.returncode == 0:
                return candidate
    pytest.fail(f"no Python {version} that an ordinary user can run; install it in /usr")


@pytest.mark.skipif(os.getuid() != 0, reason="the test above ran as an ordinary user already")
def test_as_an_ordinary_user(kit, home):
    user = pwd.getpwnam("nobody")
    become = [
        "setpriv",
        f"--reuid={user.pw_uid}",
        f"--regid={user.pw_gid}",
        "--clear-groups",
        "--no-new-privs",
    ]
    copy_program(home / "program")
    if root := kit.locate().root:
        shutil.copytree(root, home / "cache/netmgr/lab" / root.name, symlinks=True)
    (home / "work").mkdir()
    for path in (home / "work", *(home / "cache").rglob("*")):
        os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)
    environment = {
        "HOME": str(home / "work"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "PYTHONPATH": str(home / "program"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
    }
    argv = [
        *become,
        usable_python(become),
        str(home / "program/tests/lab/scenario.py"),
        str(home / "work/a lab"),
    ]
    assert seen(argv, environment) == expected(user.pw_uid)
