"""The wall clock jumps back and forth, lock files are left behind: neither stops a change, nor lets one in too many."""

import fcntl
import os

import pytest

from tests.faults.workspace import Workspace, check_devices, check_log

DAY = 86400


@pytest.fixture
def site(tmp_path):
    made = Workspace(tmp_path / "site")
    made.create()
    assert made.here("deploy", "--yes").code == 0
    made.edit()
    return made


@pytest.mark.tally("clock jumps")
@pytest.mark.parametrize(
    "jumps", [(-DAY,), (DAY,), (0, DAY, -DAY), (0, 3600, 7200, -7200), (0, -1, 0, -3600)]
)
def test_the_wall_clock_jumps_during_a_change(site, jumps):
    """Entries stay in order, leases stay newer than older ones, timers are measured with the clock that cannot jump."""
    epochs = [site.device("r1").epoch]
    for jumping, edit in ((jumps, ("10.255.1.", "10.255.2.")), ((0,), ("10.255.2.", "10.255.3."))):
        done = site.here("deploy", "--yes", FAULTS_JUMPS=",".join(map(str, jumping)))
        assert done.code == 0, done
        epochs.append(site.device("r1").epoch)
        entries = check_log(site, ())
        check_devices(site, entries)
        site.edit(*edit)
    assert epochs == sorted(set(epochs))
    times = [entry.time for entry in entries]
    assert times == sorted(times)


def left(site: Workspace, kind: str) -> None:
    """A lock file as somebody may have left it."""
    locks = site.state / "locks"
    (newest,) = locks.glob("pair-network.*")
    number = int(newest.suffix[1:])
    later = locks / f"pair-network.{number + 1}"
    content = newest.read_bytes()
    if kind == "of a dead process, not yet overdue":
        until, _, rest = content.partition(b"\n")
        later.write_bytes(b"%020.3f\n" % (float(until) + DAY) + rest)
    elif kind == "empty":
        later.touch(0o600)
    elif kind == "torn":
        later.write_bytes(content[: len(content) // 2])
    elif kind == "no lock at all":
        later.write_bytes(os.urandom(3000))
    elif kind == "never named":
        (locks / f".pair-network.{'0' * 16}").write_bytes(content)
    else:
        newest.unlink()


KINDS = ("of a dead process, not yet overdue", "empty", "torn", "no lock at all", "never named", "removed")


@pytest.mark.tally("stale locks")
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_left_of_a_lock_is_nobody_s(site, kind):
    left(site, kind)
    done = site.here("deploy", "--yes")
    assert done.code == 0, done
    check_devices(site, check_log(site, ()))


@pytest.mark.tally("stale locks")
@pytest.mark.parametrize("kind", ["empty", "torn"])
def test_what_is_left_of_a_lock_is_somebody_s_while_it_is_locked(site, kind):
    left(site, kind)
    newest = max((site.state / "locks").glob("pair-network.*"), key=lambda path: int(path.suffix[1:]))
    with newest.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        done = site.here("deploy", "--yes")
    assert done.code == 5
    assert done.errors[0].startswith("error: refused (lock): another command is changing pair")
    assert site.here("deploy", "--yes").code == 0
