"""A PostgreSQL server for tests: Debian's, as an unprivileged user, in a directory of its own, gone afterwards.

``python -m tests.postgresql`` (`make postgresql`) unpacks Debian's packages into the user's cache where the machine has
no server installed: nothing is installed, nothing is started.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from netmgr.errors import LabError
from netmgr.lab.debian import fetch
from netmgr.lab.kit import default_cache
from tests.waiting import wait_until

PASSWORD = "only-for-tests"
_HERE = Path("/usr/lib/postgresql")
_MISSING = "these tests need PostgreSQL, which this machine lacks; run `make postgresql`, or apt-get install postgresql"


def cache() -> Path:
    """Where the packages are unpacked: where the server's user can read them, also when root runs the tests."""
    return (Path("/var/cache/netmgr") if os.geteuid() == 0 else default_cache()) / "postgresql"


def programs() -> Path:
    """The directory with initdb and pg_ctl: the machine's own, or what was unpacked; the newest version of it."""
    for place in (_HERE, cache() / "usr/lib/postgresql"):
        found = sorted(place.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
        if found and (found[-1].parent / "postgres").exists():
            return found[-1].parent
    raise AssertionError(_MISSING)


def setup() -> None:
    """Unpack the packages, unless a server is there."""
    with suppress(AssertionError):
        print(f"PostgreSQL: {programs()}")
        return
    cache().parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=cache().parent) as directory:
        new = Path(directory) / "tree"
        new.mkdir(mode=0o755)
        fetch(["postgresql"], new, Path("/"), print)
        Path(directory).chmod(0o755)
        shutil.rmtree(cache(), ignore_errors=True)
        new.rename(cache())
    print(f"PostgreSQL: {programs()}")


@dataclass
class Server:
    """One server. ``directory`` holds all that it writes."""

    directory: Path
    port: int
    _guard: "subprocess.Popen[bytes] | None" = None

    @classmethod
    def make(cls) -> "Server":
        """Initialise and start one. Raises AssertionError, in one line, where there is no PostgreSQL."""
        programs()
        directory = Path(tempfile.mkdtemp(prefix="netmgr-postgresql-"))
        uid, gid = _user()
        os.chown(directory, uid, gid)
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            server = cls(directory, free.getsockname()[1])
        server._guard = server._guarded()
        (directory / "password").write_text(PASSWORD)
        (directory / "password").chmod(0o644)
        options = (
            "-A",
            "scram-sha-256",
            "-U",
            "netmgr",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-instructions",
            "--no-sync",
        )
        server._run("initdb", "-D", server.data, *options, f"--pwfile={directory / 'password'}")
        server.start()
        return server

    @property
    def data(self) -> str:
        """The cluster's directory."""
        return str(self.directory / "data")

    def start(self, *settings: str) -> None:
        """Start, and wait until it answers; at once where it runs."""
        given = (
            "listen_addresses=127.0.0.1",
            f"port={self.port}",
            "unix_socket_directories=''",
        )
        words = " ".join(f"-c {setting}" for setting in (*given, "max_connections=200", *settings))
        try:
            self._run(
                "pg_ctl", "-D", self.data, "-l", str(self.directory / "log"), "-o", words, "-w", "start"
            )
        except subprocess.CalledProcessError as error:
            raise AssertionError(Path(self.directory, "log").read_text()[-2000:]) from error

    def stop(self) -> None:
        """Stop at once, like a service does."""
        self._run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")

    def kill(self) -> None:
        """kill -9 of every process of the server."""
        postmaster = int(Path(self.data, "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGSTOP)  # so that it has no more children than those
        children = _children(postmaster)
        for pid in (*children, postmaster):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not any(map(_lives, (postmaster, *children))), seconds=30, every=0.01)
        # Where nobody collects dead processes, the next server would believe that this one still runs.
        Path(self.data, "postmaster.pid").unlink()

    def remove(self) -> None:
        """Stop it, and leave nothing behind."""
        with suppress(FileNotFoundError):  # it does not run
            self.kill()
        shutil.rmtree(self.directory)
        if self._guard:
            self._guard.kill()
            self._guard.communicate()

    def _guarded(self) -> "subprocess.Popen[bytes]":
        """A process that removes the server when its input ends: when this process has, however it ended."""
        pidfile = self.directory / "data/postmaster.pid"
        script = (
            f'read -r _; pid=$(head -n 1 "{pidfile}") && kill -QUIT "$pid" && '
            f'while kill -0 "$pid"; do sleep 0.1; done; rm -rf "{self.directory}"'
        )
        return subprocess.Popen(
            ["/bin/sh", "-c", script],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # whoever kills this process with its group leaves that one
        )

    def database(self) -> str:
        """A new, empty database; its URL, without the password."""
        name = f"log_{uuid4().hex[:12]}"
        self.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def url(self, database: str) -> str:
        """As config/netmgr.yaml has it."""
        return f"postgresql://netmgr@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """What an administrator does."""
        with psycopg.connect(self.url(database), password=PASSWORD, autocommit=True) as connection:
            done = connection.execute(statement)
            return done.fetchall() if done.description else []

    def _run(self, program: str, *arguments: str) -> None:
        uid, gid = _user()
        tree = programs().parents[4]
        libraries = ":".join(map(str, [*tree.glob("usr/lib/*-linux-gnu"), *tree.glob("lib/*-linux-gnu")]))
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
        if tree != Path("/"):
            environment["LD_LIBRARY_PATH"] = libraries
        subprocess.run(
            [str(programs() / program), *arguments],
            check=True,
            timeout=120,
            cwd=self.directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **({"user": uid, "group": gid, "extra_groups": []} if os.geteuid() == 0 else {}),
        )


def _user() -> tuple[int, int]:
    """Whose the server is: PostgreSQL refuses to be root's."""
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return entry.pw_uid, entry.pw_gid
    raise AssertionError("root needs a user that is not root for the server: no postgres, no nobody")


def _children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """One server for the run's tests; each takes a database of its own."""
    server = Server.make()
    yield server
    server.remove()


if __name__ == "__main__":
    try:
        setup()
    except LabError as error:
        sys.exit(f"PostgreSQL: {str(error).replace('netmgr lab setup', 'make postgresql')}")
