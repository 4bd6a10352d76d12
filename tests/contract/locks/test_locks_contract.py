"""The contract of leases: one holder at a time, free at its death, overdue after a silence, epochs that only grow."""

import os
import re
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from netmgr.adapters.locks_file import FileLocks
from netmgr.adapters.store_sql import open_store
from netmgr.adapters.store_sql.leases import SqlLocks
from netmgr.adapters.system_clock import SystemClock
from netmgr.errors import LeaseLost, Refused
from netmgr.ports.locks import Locks
from tests.clock import ManualClock
from tests.postgresql import PASSWORD
from tests.waiting import wait_until

SECONDS = 60


@dataclass
class World:
    """Locks that several processes share, and a way to let time pass for all of them."""

    locks: Locks
    elsewhere: str
    """Python that makes ``locks`` for another process."""
    silence: Callable[[float], None]
    now: Callable[[], datetime]


@pytest.fixture(params=["file", "postgresql"])
def world(request, tmp_path) -> World:
    return request.getfixturevalue(f"{request.param}_world")


@pytest.fixture
def file_world(tmp_path) -> World:
    clock = ManualClock()
    directory = tmp_path / "locks"
    elsewhere = (
        "from pathlib import Path\n"
        "from netmgr.adapters.locks_file import FileLocks\n"
        "from tests.clock import ManualClock\n"
        f"locks = FileLocks(Path({str(directory)!r}), ManualClock(), {SECONDS})"
    )
    return World(FileLocks(directory, clock, SECONDS), elsewhere, clock.sleep, clock.now)


@pytest.fixture
def postgresql_world(postgresql) -> World:
    """By the server's clock, which no test can move: a silence is a lease whose time was over earlier."""
    url = postgresql.database()
    open_store(url, SystemClock(), password=PASSWORD).close()

    def silence(seconds: float) -> None:
        postgresql.execute(
            f"UPDATE leases SET until = until - interval '{seconds} seconds'", url.rpartition("/")[2]
        )

    arguments = f"({url!r}, {PASSWORD!r}, {SECONDS})"
    elsewhere = f"from netmgr.adapters.store_sql.leases import SqlLocks\nlocks = SqlLocks{arguments}"
    return World(SqlLocks(url, PASSWORD, SECONDS), elsewhere, silence, SystemClock().now)


def process(world: World, program: str) -> subprocess.Popen[str]:
    """Another process, with the same locks as ``locks``."""
    text = f"import signal, sys\n{world.elsewhere}\n{textwrap.dedent(program)}"
    return subprocess.Popen(
        [sys.executable, "-c", text], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


HOLDS = """
    with locks.hold("acme", "lab", "p-1 on ops1") as lease:
        print(lease.epoch, flush=True)
        for line in sys.stdin:
            try:
                lease.ensure()
                print("still mine", flush=True)
            except Exception as error:
                print(error, flush=True)
"""


def refused(world: World, holder: str = "p-2 on ops2") -> str | None:
    """What somebody else is told; None where they get the lease."""
    try:
        with world.locks.hold("acme", "lab", holder):
            return None
    except Refused as refusal:
        return str(refusal)


def test_epochs_grow_with_every_lease_and_begin_with_the_time(world):
    found, began = [], int(world.now().timestamp())
    for target in ("lab", "lab", "network"):
        with world.locks.hold("acme", target, "p-1 on ops1") as lease:
            found.append(lease.epoch)
            assert world.locks.held("acme", target).epoch == lease.epoch
    first, second, other = found
    assert second > first >= began
    assert other >= began


def test_a_second_holder_is_told_who_and_since_when(world):
    with world.locks.hold("acme", "lab", "p-1 on ops1"):
        since = world.locks.held("acme", "lab").since
        assert datetime.fromisoformat(since).utcoffset() == timedelta(0)
        said, left = re.fullmatch(r"(.*?)(\d+) s", refused(world)).groups()
        assert said == (
            f"refused (lock): p-1 on ops1 is changing acme (lab) since {since}; "
            "wait until that command ends; if it has stopped, its lease ends in "
        )
        assert SECONDS - 20 < int(left) <= SECONDS
        for client, target in (("globex", "lab"), ("acme", "network")):
            with world.locks.hold(client, target, "p-2 on ops2"):
                assert world.locks.held(client, target).holder == "p-2 on ops2"
    assert refused(world) is None


def test_looking_takes_nothing_from_anybody(world):
    assert world.locks.held("acme", "lab") is None
    with world.locks.hold("acme", "lab", "p-1 on ops1") as lease:
        seen = world.locks.held("acme", "lab")
        assert (seen.client, seen.target, seen.holder, seen.epoch) == (
            "acme",
            "lab",
            "p-1 on ops1",
            lease.epoch,
        )
        assert SECONDS - 20 < seen.left <= SECONDS
        assert world.locks.held("acme", "network") is None
        lease.ensure()
    assert world.locks.held("acme", "lab") is None


def test_a_dead_process_s_lease_is_free_at_once(world):
    with process(world, HOLDS) as holder:
        epoch = int(holder.stdout.readline())
        assert "p-1 on ops1 is changing" in refused(world)
        holder.kill()
    wait_until(lambda: world.locks.held("acme", "lab") is None, seconds=10)
    with world.locks.hold("acme", "lab", "p-2 on ops2") as lease:
        assert (lease.epoch > epoch, lease.taken_from) == (True, None)


def test_who_is_silent_for_too_long_loses_the_lease_to_who_wants_it(world):
    with world.locks.hold("acme", "lab", "p-1 on ops1") as old:
        world.silence(SECONDS - 20)
        assert "p-1 on ops1 is changing" in refused(world)
        world.silence(21)
        assert -20 < world.locks.held("acme", "lab").left < 0
        with world.locks.hold("acme", "lab", "p-2 on ops2") as new:
            assert new.epoch > old.epoch
            assert (new.taken_from.holder, new.taken_from.epoch) == ("p-1 on ops1", old.epoch)
            new.ensure()
            with pytest.raises(LeaseLost) as lost:
                old.ensure()
            assert (lost.value.gate, lost.value.code) == ("lease", 5)
            assert "p-2 on ops2 took over at " in lost.value.reason
            new.ensure()
            assert world.locks.held("acme", "lab").holder == "p-2 on ops2"
        with pytest.raises(LeaseLost):
            old.ensure()


def test_who_was_silent_but_is_not_replaced_goes_on(world):
    with world.locks.hold("acme", "lab", "p-1 on ops1") as lease:
        world.silence(10 * SECONDS)
        lease.ensure()
        assert "p-1 on ops1 is changing" in refused(world)


def test_being_heard_of_extends_the_lease(world):
    with world.locks.hold("acme", "lab", "p-1 on ops1") as lease:
        for _ in range(4):
            world.silence(SECONDS / 2)
            lease.ensure()
            assert "p-1 on ops1 is changing" in refused(world)


def test_a_stopped_process_blocks_nobody_once_its_lease_is_over(world):
    with process(world, HOLDS) as holder:
        epoch = int(holder.stdout.readline())
        os.kill(holder.pid, signal.SIGSTOP)
        world.silence(SECONDS + 1)
        with world.locks.hold("acme", "lab", "p-2 on ops2") as lease:
            assert (lease.taken_from.holder, lease.taken_from.epoch) == ("p-1 on ops1", epoch)
            os.kill(holder.pid, signal.SIGCONT)
            answer, _ = holder.communicate("are you there\n", timeout=30)
            assert answer.startswith(
                "refused (lease): this command was silent for too long, and p-2 on ops2 took over"
            )
            lease.ensure()


RACES = """
    for round in range(10):
        sys.stdin.readline()
        try:
            with locks.hold("acme", "lab", f"p-{sys.argv}") as lease:
                print(lease.epoch, flush=True)
                sys.stdin.readline()
        except Exception as error:
            print("refused", flush=True)
            sys.stdin.readline()
"""


def test_of_those_who_come_at_once_one_gets_it(world):
    runners = [process(world, RACES) for _ in range(4)]
    won = []
    try:
        for _ in range(10):
            for runner in runners:
                runner.stdin.write("go\n")
                runner.stdin.flush()
            said = [runner.stdout.readline().strip() for runner in runners]
            assert said.count("refused") == 3, said
            won += [int(word) for word in said if word != "refused"]
            for runner in runners:
                runner.stdin.write("let go\n")
                runner.stdin.flush()
            wait_until(lambda: world.locks.held("acme", "lab") is None, seconds=10, every=0.005)
    finally:
        for runner in runners:
            runner.communicate(timeout=30)
    assert won == sorted(set(won))


def test_files_of_leases_are_private_and_few(tmp_path):
    locks = FileLocks(tmp_path / "locks", ManualClock())
    for _ in range(3):
        with locks.hold("acme", "lab", "p-1 on ops1"):
            modes = {p.name: oct(p.stat().st_mode & 0o777) for p in (tmp_path / "locks").iterdir()}
    assert modes == {"acme-lab.3": "0o600"}
    assert oct((tmp_path / "locks").stat().st_mode & 0o777) == "0o700"


def test_a_lease_file_that_cannot_be_read_is_somebody_s_while_it_is_locked(tmp_path):
    locks = FileLocks(tmp_path / "locks", ManualClock())
    with locks.hold("acme", "lab", "p-1 on ops1"):
        (tmp_path / "locks" / "acme-lab.1").write_text("")
        with (
            pytest.raises(Refused, match="another command is changing acme"),
            locks.hold("acme", "lab", "p-2"),
        ):
            pass
        assert locks.held("acme", "lab").holder == "another command"
    with locks.hold("acme", "lab", "p-2 on ops2") as lease:
        assert lease.epoch >= ManualClock().now().timestamp()


def test_a_newcomer_who_was_stopped_while_others_came_and_went_does_not_win(tmp_path, monkeypatch):
    """It saw number 1 free; meanwhile 2 came and went, 3 holds, and 2's file is removed: its own 2 must not count."""
    clock = ManualClock()
    slow, quick = FileLocks(tmp_path / "locks", clock), FileLocks(tmp_path / "locks", clock)
    with slow.hold("acme", "lab", "p-1 on ops1"):
        pass
    make, stack = type(slow)._take.__globals__["_Shelf"].make, []

    def interrupted(shelf, number, tenure):
        if not stack and tenure.holder == "p-slow":
            with quick.hold("acme", "lab", "p-2 on ops2"):
                pass
            stack.append(quick.hold("acme", "lab", "p-3 on ops3"))
            stack[0].__enter__()
        return make(shelf, number, tenure)

    monkeypatch.setattr(type(slow)._take.__globals__["_Shelf"], "make", interrupted)
    with pytest.raises(Refused, match="p-3 on ops3 is changing"), slow.hold("acme", "lab", "p-slow"):
        pass
    stack[0].__exit__(None, None, None)
