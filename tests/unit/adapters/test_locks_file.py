"""Leases: one holder at a time, released by death, with an epoch that only grows."""

import os
import signal
import subprocess
import sys
import textwrap

import pytest

from netmgr.adapters.locks_file import FileLocks
from netmgr.errors import Refused
from tests.clock import ManualClock


def test_the_epoch_grows_with_every_lease_and_each_target_has_its_own(tmp_path):
    locks = FileLocks(tmp_path / "locks", ManualClock())
    epochs = []
    for target in ("lab", "lab", "network"):
        with locks.hold("acme", target, "p-1 on ops1", "2026-11-23T08:00:00+00:00") as lease:
            epochs.append(lease.epoch)
    now = int(ManualClock().now().timestamp())
    assert epochs == [now, now + 1, now]


def test_a_second_holder_is_told_who_and_since_when(tmp_path):
    locks = FileLocks(tmp_path / "locks", ManualClock())
    with locks.hold("acme", "lab", "p-1 on ops1", "2026-11-23T08:00:00+00:00"):
        with pytest.raises(Refused) as refusal, locks.hold("acme", "lab", "p-2 on ops2", "later"):
            pass
        assert str(refusal.value) == (
            "refused (lock): p-1 on ops1 is changing acme (lab) since 2026-11-23T08:00:00+00:00; "
            "wait until that command ends"
        )
        with locks.hold("globex", "lab", "p-2 on ops2", "later") as other:
            assert other.client == "globex"


def test_the_kernel_releases_what_a_killed_process_held(tmp_path):
    program = textwrap.dedent(f"""
        import signal, sys
        from pathlib import Path
        from netmgr.adapters.locks_file import FileLocks
        from netmgr.adapters.system_clock import SystemClock
        with FileLocks(Path({str(tmp_path)!r}), SystemClock()).hold("acme", "lab", "p-1 on ops1", "now"):
            print("held", flush=True)
            signal.pause()
    """)
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        with (
            pytest.raises(Refused),
            FileLocks(tmp_path, ManualClock()).hold("acme", "lab", "p-2 on ops1", "now"),
        ):
            pass
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait(timeout=10)
    with FileLocks(tmp_path, ManualClock()).hold("acme", "lab", "p-2 on ops1", "now") as lease:
        assert lease.holder == "p-2 on ops1"


def test_files_are_private(tmp_path):
    with FileLocks(tmp_path / "locks", ManualClock()).hold("acme", "lab", "p-1 on ops1", "now"):
        modes = {p.name: oct(p.stat().st_mode & 0o777) for p in (tmp_path / "locks").iterdir()}
    assert modes == {"acme-lab.lock": "0o600", "acme-lab.epoch": "0o600"}
    assert oct((tmp_path / "locks").stat().st_mode & 0o777) == "0o700"


def test_looking_who_holds_it_takes_nothing_from_anybody(tmp_path):
    locks = FileLocks(tmp_path / "locks", ManualClock())
    assert locks.held("acme", "lab") is None
    with locks.hold("acme", "lab", "p-1 on ops1", "2026-11-23T08:00:00+00:00") as lease:
        assert locks.held("acme", "lab") == lease
        assert locks.held("acme", "network") is None
        (tmp_path / "locks" / "acme-lab.lock").write_text("")
        assert locks.held("acme", "lab").holder == "another command"
    assert locks.held("acme", "lab") is None
