"""The operating system as the on-device program uses it: processes, files, work that outlives its session."""

import errno
import json
import os
import stat
import time
from pathlib import Path

import pytest

from napalm_frr.device import system
from napalm_frr.device.commit import RefusedError, outlive
from napalm_frr.device.records import BusyError
from napalm_frr.device.system import RouterError, detach, kill_group, read, run, wait_for, write
from tests.waiting import wait_until


class TestRun:
    def test_output_and_status(self):
        done = run(["sh", "-c", "echo out; echo err >&2; exit 3"], 10)
        assert (done.status, done.out, done.err) == (3, "out\n", "err\n")

    def test_a_signal(self):
        assert run(["sh", "-c", "kill -TERM $$"], 10).status == -15

    def test_input_and_output_larger_than_any_pipe(self):
        text = "x" * 5_000_000
        assert run(["cat"], 30, text).out == text

    def test_input_that_is_not_wanted(self):
        assert run(["true"], 10, "x" * 5_000_000).status == 0

    def test_bytes_that_are_no_text_survive(self):
        assert run(["cat"], 10, "\udcff\udc80").out == "\udcff\udc80"

    def test_a_limit(self):
        started = time.monotonic()
        with pytest.raises(RouterError, match=r"sleep 60 did not end within 0\.2 s"):
            run(["sleep", "60"], 0.2)
        assert time.monotonic() - started < 5

    def test_a_limit_with_input_that_nobody_reads(self):
        with pytest.raises(RouterError, match="did not end"):
            run(["sleep", "60"], 0.2, "x" * 5_000_000)

    def test_no_such_program(self):
        with pytest.raises(RouterError, match="cannot run /no/such/program"):
            run(["/no/such/program"], 10)

    def test_no_descriptors_are_left(self):
        before = _descriptors()
        run(["true"], 10)
        with pytest.raises(RouterError):
            run(["sleep", "60"], 0.1, "x")
        assert _descriptors() == before

    def test_the_environment_is_not_the_callers(self, monkeypatch):
        monkeypatch.setenv("VTYSH_PAGER", "less")
        assert run(["sh", "-c", "echo $VTYSH_PAGER $LC_ALL"], 10).out == "C\n"


def _descriptors():
    return sorted(path.name for path in Path("/proc/self/fd").iterdir())


def _names(directory):
    return sorted(path.name for path in Path(directory).iterdir())


class TestFiles:
    def test_written_with_mode_and_whole(self, tmp_path):
        place = tmp_path / "file"
        write(str(place), b"one")
        write(str(place), b"two", mode=0o640)
        assert (read(str(place)), stat.S_IMODE(place.stat().st_mode)) == (b"two", 0o640)
        assert _names(tmp_path) == ["file"]

    def test_absent(self, tmp_path):
        assert read(str(tmp_path / "nothing")) is None

    @pytest.mark.parametrize("step", ["fsync", "rename", "fchmod"])
    def test_what_was_there_stays_when_a_step_fails(self, tmp_path, monkeypatch, step):
        place = tmp_path / "file"
        write(str(place), b"one")

        def fail(*_arguments):
            raise OSError(errno.ENOSPC, "full")

        monkeypatch.setattr(system.os, step, fail)
        with pytest.raises(OSError, match="full"):
            write(str(place), b"two")
        assert (place.read_bytes(), _names(tmp_path)) == (b"one", ["file"])

    def test_a_link_beside_it_is_not_followed(self, tmp_path):
        victim = tmp_path / "victim"
        victim.write_text("mine")
        (tmp_path / f"file.{os.getpid()}").symlink_to(victim)
        with pytest.raises(OSError, match="symbolic links"):
            write(str(tmp_path / "file"), b"x")
        assert victim.read_text() == "mine"


def test_wait_for():
    answers = iter([False, False, True])
    assert wait_for(lambda: next(answers), 10, 0.001) is True
    assert wait_for(lambda: False, 0.01, 0.001) is False


class TestDetach:
    def test_it_outlives_and_closes_what_is_not_kept(self, tmp_path):
        told, telling = os.pipe()
        other = os.open(os.devnull, os.O_RDONLY)
        os.set_inheritable(other, True)

        def work():
            try:
                os.fstat(other)
                closed = False
            except OSError:
                closed = True
            handed_on = run(["sh", "-c", f"test -e /proc/self/fd/{telling} && echo open"], 10).out
            facts = {
                "pid": os.getpid(),
                "parent": os.getppid(),
                "session": os.getsid(0),
                "cwd": str(Path.cwd()),
            }
            os.write(telling, json.dumps({**facts, "closed": closed, "handed_on": handed_on}).encode())

        detach(work, keep=(telling,))
        os.close(telling)
        with os.fdopen(told, "rb") as pipe:
            found = json.loads(pipe.read())
        os.close(other)
        assert (found["closed"], found["handed_on"], found["cwd"]) == (True, "", "/")
        assert os.getpid() not in (found["pid"], found["parent"], found["session"])
        assert found["session"] != os.getsid(0)

    def test_a_group_is_killed_with_all_that_is_in_it(self, tmp_path):
        place = tmp_path / "ids"

        def work():
            write(str(place), b"%d %d" % (os.getpid(), os.getsid(0)))
            run(["sh", "-c", f"echo $$ > {tmp_path}/child; sleep 60"], 60)

        detach(work)
        wait_until(lambda: (tmp_path / "child").exists() and (tmp_path / "child").read_text(), seconds=10)
        group, session = map(int, place.read_text().split())
        child = int((tmp_path / "child").read_text())
        kill_group(group, session + 1)  # somebody else's by now
        assert Path(f"/proc/{child}").exists()
        kill_group(group, session)
        wait_until(lambda: not Path(f"/proc/{child}").exists() or _is_zombie(child), seconds=10)


def _is_zombie(pid):
    return b") Z " in (read(f"/proc/{pid}/stat") or b"")


class TestOutlive:
    def test_an_answer(self):
        assert outlive(lambda: {"state": "confirmed"}) == {"state": "confirmed"}

    def test_refusal_and_failures(self):
        def refuse():
            raise RefusedError("drift", "changed", [(1, "a", "b")])

        def fail():
            raise RouterError("vtysh did not end")

        def busy():
            raise BusyError

        def err():
            raise KeyError("x")

        assert outlive(refuse) == {"refused": "drift", "reason": "changed", "lines": [[1, "a", "b"]]}
        assert outlive(fail) == {"failed": "vtysh did not end"}
        assert outlive(busy)["refused"] == "busy"
        assert "KeyError" in outlive(err)["failed"]

    def test_death(self):
        assert "killed" in outlive(lambda: os.kill(os.getpid(), 9))["failed"]
