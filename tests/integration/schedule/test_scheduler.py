"""The commands, and the service that runs them, as processes of their own."""

import json
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from types import SimpleNamespace

import pytest

from netmgr.adapters.settings_yaml import load_settings
from netmgr.adapters.systemd import unit, verify
from netmgr.errors import InputError
from netmgr.ports.runs import Run, Standing
from netmgr.wiring import Wiring
from tests.waiting import wait_until

ROOT = Path(__file__).parents[3]
NETMGR = [sys.executable, "-c", "from netmgr.cli.main import main; main()"]
FILES = {
    "config/netmgr.yaml": "{}\n",
    "config/schedule.yaml": 'nightly: {job: audit, cron: "15 2 * * 1-5", jitter: 60}\n',
    "inventory/solo/client.yaml": "id: solo\ntimezone: Asia/Shanghai\n",
    "inventory/solo/hosts.yaml": "r1: {platform: frr, data: {lifecycle: planned}}\n",
    "inventory/broken/client.yaml": "id: broken\nname: oops\n",
    "inventory/broken/hosts.yaml": "{}\n",
}
WRONG = "error: inventory/broken/client.yaml:2: unknown key 'name'; did you mean 'names'?\n"


@pytest.fixture
def workspace(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    return tmp_path


def netmgr(workspace, *arguments):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*NETMGR, "-w", str(workspace), *arguments],
        check=False,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def runs(workspace):
    return Wiring(workspace, load_settings(workspace)).runs


def planned_since(workspace, days):
    """The job as if it had been planned so many days ago and not run since."""
    wiring = Wiring(workspace, load_settings(workspace))
    (job,) = wiring.schedule.planned("solo")
    then = datetime.now(UTC) - timedelta(days=days)
    wiring.runs.account("solo", "nightly", Standing(job.job.fingerprint, then), [])
    return wiring


def test_a_job_is_listed_with_its_next_run_and_a_broken_client_keeps_nobody(workspace):
    done = netmgr(workspace, "schedule", "list", "-o", "json")
    assert (done.returncode, done.stderr) == (1, WRONG)
    document = json.loads(done.stdout)
    (job,) = document["jobs"]
    begins = datetime.fromisoformat(job.pop("next"))
    assert document["schema"] == "netmgr.schedule/1"
    assert job == {
        "client": "solo",
        "job": "nightly",
        "kind": "audit",
        "cron": "15 2 * * 1-5",
        "timezone": "Asia/Shanghai",
        "from": "config/schedule.yaml:1",
        "last": None,
    }
    assert (begins.astimezone(UTC).hour, begins.minute in (15, 16)) == (18, True)
    following = netmgr(workspace, "-c", "solo", "schedule", "next", "-n", "2", "-o", "json")
    assert (following.returncode, following.stderr) == (0, "")
    document = json.loads(following.stdout)
    assert document["runs"][0] == {
        "begins": begins.isoformat(timespec="seconds"),
        "client": "solo",
        "job": "nightly",
        "kind": "audit",
    }
    assert len(document["runs"]) == 2


def test_what_is_due_is_run_once(workspace):
    planned_since(workspace, 8)
    first = netmgr(workspace, "-c", "solo", "schedule", "run", "--due", "-o", "json")
    assert (first.returncode, first.stderr) == (0, "")
    document = json.loads(first.stdout)
    assert document["schema"] == "netmgr.schedule-run/1"
    assert [run["state"] for run in document["runs"]][-1] in (
        "done",
        "missed",
    )  # a weekend may lie in between
    assert {run["state"] for run in document["runs"]} >= {"missed"}
    second = netmgr(workspace, "-c", "solo", "schedule", "run", "--due")
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "nothing is due\n")
    assert netmgr(workspace, "schedule", "run").returncode == 64


def test_the_service_finds_what_another_left_unfinished_and_ends_when_asked(workspace):
    """An unfinished run is there whatever the day of the week; its turn is free, as its process is gone."""
    wiring = planned_since(workspace, 0)
    due = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    (job,) = wiring.schedule.planned("solo")
    left = Run("solo", "nightly", due, "running", begun=due)
    wiring.runs.account("solo", "nightly", Standing(job.job.fingerprint, datetime.now(UTC)), [left])
    service = subprocess.Popen(
        [*NETMGR, "-w", str(workspace), "scheduler", "--every", "1"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_until(lambda: runs(workspace).newest("solo", "nightly", 1)[0].state == "done", seconds=60)
    finally:
        service.send_signal(signal.SIGTERM)
        try:
            said, errors = service.communicate(timeout=60)
        finally:
            service.kill()
    assert service.returncode == 0
    assert f"solo: nightly due {due:%Y-%m-%d %H:%M} UTC: done: compliant\n" in said
    assert errors.splitlines()[0] == "scheduler: looking every 1 s"
    assert errors.splitlines()[-1] == "scheduler: stopped"
    assert runs(workspace).newest("solo", "nightly", 9) == (
        Run(
            "solo",
            "nightly",
            due,
            "done",
            attempts=2,
            begun=runs(workspace).newest("solo", "nightly", 1)[0].begun,
            ended=runs(workspace).newest("solo", "nightly", 1)[0].ended,
            outcome="compliant",
        ),
    )


@pytest.mark.parametrize("user", [True, False])
def test_systemd_takes_the_unit(workspace, monkeypatch, user):
    monkeypatch.setattr(sys, "argv", [shutil.which("netmgr", path=str(Path(sys.executable).parent))])
    text = unit(workspace, user=user)
    assert f"ExecStart={sys.argv[0]} --workspace {workspace} scheduler\n" in text
    assert verify(text, "netmgr-try.service", user=user) == ()
    broken = text.replace("ExecStart=", "ExecStart=nonsense/")
    assert verify(broken, "netmgr-try.service", user=user) != ()


def test_the_unit_is_printed_or_written(workspace, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    netmgr_ = Path(sys.executable).with_name("netmgr")

    def install(*options):
        command = [netmgr_, "-w", workspace, "schedule", "install", "--user", *options]
        environment = {**os.environ, "HOME": str(home)}
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=120, check=False
        )

    printed, written = install("--print"), install()
    assert (printed.returncode, printed.stderr, written.returncode) == (0, "", 0)
    path = Path(written.stdout.rstrip("\n"))
    assert path.parent == home / ".config/systemd/user"
    assert path.read_text() == printed.stdout
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert written.stderr == (
        f"start it: systemctl --user daemon-reload && systemctl --user enable --now {path.name}\n"
    )


def test_the_system_s_service_acts_as_the_workspace_s_owner(workspace, monkeypatch):
    login = pwd.getpwall()[1]
    monkeypatch.setattr(
        Path, "stat", lambda _self: SimpleNamespace(st_uid=login.pw_uid, st_mode=stat.S_IFREG)
    )
    assert f"\nUser={login.pw_name}\n" in unit(workspace, user=False)
    assert "User=" not in unit(workspace, user=True)


def test_a_path_that_no_unit_can_hold_is_refused(tmp_path):
    place = tmp_path / "two words"
    with pytest.raises(InputError) as refused:
        unit(place, user=True)
    assert str(refused.value) == (
        f"{place}:1: systemd cannot take this path; move it to one without blanks and quotes"
    )


WORK = """
trap asked=1 TERM
echo + >> count
sleep 0.3 & wait $!
[ -z "$asked" ] || sleep 0.5
echo - >> count
"""


def test_a_long_job_keeps_no_other_waiting_and_all_are_brought_to_their_end(tmp_path):
    """A look takes longer than the time between two: as many as may be are under way at a time, and none is left."""
    program = f"from netmgr.cli.scheduler import Loop; Loop(['bash', '-c', {WORK!r}], 0.02, 3).run()"
    loop = subprocess.Popen(
        [sys.executable, "-c", program], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )

    def counted():
        lines = (tmp_path / "count").read_text().split() if (tmp_path / "count").exists() else []
        return list(accumulate(1 if line == "+" else -1 for line in lines))

    try:
        wait_until(lambda: len(counted()) > 12, seconds=60)
    finally:
        loop.terminate()
        try:
            assert loop.wait(timeout=60) == 0
        finally:
            loop.kill()
    assert max(counted()) == 3
    assert counted()[-1] == 0
