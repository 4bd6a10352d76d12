"""Backup sets: what client.yaml promises, held after each run, and every mistake at its line."""

import subprocess

import pytest

from netmgr.cli import backup as command
from netmgr.cli.main import run as netmgr
from netmgr.errors import InputError
from netmgr.model.backup_set import SecondCopy
from netmgr.model.selection import Selection
from netmgr.workflows.backup import backup
from netmgr.workflows.backup_sets import keep_promises
from netmgr.workflows.backup_views import check, versions

EVERYTHING = Selection()
CLIENT = "inventory/square/client.yaml"
DAY = 86_400


def promised(world, text):
    world.edit(CLIENT, lambda old: f"{old}backup_sets:\n{text}")


def test_nothing_older_is_kept_and_the_log_said_so_first(square):
    promised(square, "  routers: {kind: configuration, rpo: 2d, retention: 3d}\n")
    device = square.fleet.devices["r1"]
    made = []
    for number in range(6):
        device.running = f"ip route 192.0.2.{number}/32 blackhole\n{device.running}"
        made.append(backup(square.runtime(), EVERYTHING))
        square.clock.sleep(DAY)
    assert [run.expired for run in made] == [0, 0, 0, 0, 1, 1]
    kept = [v for v in versions(square.runtime(), EVERYTHING, every=True).versions if v.device == "r1"]
    days = [v.taken[8:10] for v in kept]
    assert days == ["28", "27", "26", "25"], "three days, and what was in force at their beginning"
    gone = [
        e.facts["versions"]
        for e in square.wiring.service_log.entries("square", kind="backup")
        if e.action == "expire"
    ]
    assert gone == [[made[0].devices[0].version], [made[1].devices[0].version]]
    found = check(square.runtime())
    assert (found.problems, found.notes) == ((), ())
    others = {v.device: v.version for v in versions(square.runtime(), EVERYTHING, every=False).versions}
    assert others["r2"] == kept[-1].version, "an old version goes by the oldest commit that is kept"


def test_a_remote_that_was_away_for_longer_than_anything_is_kept_gets_it_all(square, tmp_path):
    remote = tmp_path / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", remote], check=True)
    promised(square, "  routers: {kind: configuration, rpo: 2d}\n")
    client = square.runtime().inventories.load("square").client
    # client.yaml takes addresses of other machines only; to git a path is one more.
    there = client.backup_sets["routers"].model_copy(
        update={"retention": "3d", "second_copy": SecondCopy.model_construct(directory=None, git=str(remote))}
    )
    device = square.fleet.devices["r1"]

    def run(number):
        device.running = f"ip route 192.0.2.{number}/32 blackhole\n{device.running}"
        runtime = square.runtime()
        assert backup(runtime, EVERYTHING).expired == 0
        expired, (copied,) = keep_promises(runtime, runtime.backups, {"routers": there})
        square.clock.sleep(DAY)
        return expired, copied.error is None

    assert run(0) == (0, True)
    away = remote.rename(tmp_path / "away.git")
    assert [run(number) for number in range(1, 8)] == [(0, False)] * 7
    away.rename(remote)
    assert run(8) == (5, True)
    (head,) = {
        v.version for v in versions(square.runtime(), EVERYTHING, every=False).versions if v.device == "r1"
    }
    theirs = subprocess.run(
        ["git", "--git-dir", remote, "rev-list", "network"], capture_output=True, text=True, check=True
    ).stdout.split()
    assert (theirs[0], len(theirs)) == (head, 9), "the remote has every version"
    assert run(9) == (1, True)


def test_without_a_promise_everything_is_kept(square):
    for _ in range(2):
        square.fleet.devices["r1"].running += "ip route 192.0.2.0/24 blackhole\n"
        assert backup(square.runtime(), EVERYTHING).expired == 0
        square.clock.sleep(1000 * DAY)


def test_a_check_tells_what_is_older_than_promised(square):
    promised(square, '  core: {kind: configuration, devices: ["r[12]"], rpo: 24h}\n')
    found = check(square.runtime())
    said = {(p.device, p.what) for p in found.problems}
    assert said == {(name, "never backed up; core promises one every 24h") for name in ("r1", "r2")}
    backup(square.runtime(), EVERYTHING)
    assert check(square.runtime()).problems == ()
    square.clock.sleep(DAY + 1)
    square.fleet.devices["r2"].reachable = False
    backup(square.runtime(), EVERYTHING)
    assert [
        (p.device, "last backed up at 2026-11-23T08:0" in p.what) for p in check(square.runtime()).problems
    ] == [("r2", True)]


def test_a_check_tells_whose_backup_was_not_proved_by_a_drill_as_often_as_promised(square):
    promised(square, '  core: {kind: configuration, devices: ["r[12]"], rpo: 90d, drill: 30d}\n')
    backup(square.runtime(), EVERYTHING)

    def drilled(**outcomes):
        runtime = square.runtime()
        runtime.log.append(
            "square",
            [
                runtime.draft(kind="drill", action="drill", phase="result", outcome=outcome, device=name)
                for name, outcome in outcomes.items()
            ],
        )

    drilled(r1="proved", r2="different", r3="proved")
    said = [(p.device, p.what) for p in check(square.runtime()).problems]
    assert said == [("r2", "never proved by a drill; core promises one every 30d")]
    square.clock.sleep(30 * DAY)
    drilled(r2="proved")
    assert check(square.runtime()).problems == ()
    square.clock.sleep(DAY)
    drilled(r1="failed")
    said = [(p.device, p.what) for p in check(square.runtime()).problems]
    assert [device for device, _ in said] == ["r1"]
    assert said[0][1].startswith("last proved by a drill at 20")
    assert said[0][1].endswith("; core promises one every 30d")


def test_the_second_copy_is_made_by_each_run_and_one_that_fails_is_told(square, monkeypatch, capsys):
    place = square.workspace / "second"
    promised(square, f"  routers: {{kind: configuration, rpo: 1d, second_copy: {{directory: {place}}}}}\n")
    monkeypatch.setattr(command, "reading_runtime", square.commands)
    where = ["-w", str(square.workspace), "backup", "run", "-c", "square"]
    assert netmgr(where) == 1
    assert "second copy of routers: " in capsys.readouterr().out
    place.mkdir()
    assert netmgr(where) == 0
    argv = ["git", "-C", place / "square", "rev-parse", "network"]
    head = subprocess.run(argv, check=True, capture_output=True, text=True).stdout.strip()
    entries = square.wiring.service_log.entries("square", kind="backup")
    copied = [(e.outcome, e.facts.get("version")) for e in entries if e.action == "copy"]
    assert copied == [("failed", None), ("copied", head)]


MISTAKES = {
    "{kind: configuration}": "backup_sets.x: missing key 'rpo'; add it",
    "{kind: tapes, rpo: 1d}": "",
    "{kind: configuration, rpo: 1 day}": "backup_sets.x.rpo: '1 day' is no length of time",
    "{kind: configuration, rpo: 0d}": "backup_sets.x.rpo: '0d' is no length of time",
    "{kind: configuration, rpo: 1d, retension: 9d}": "did you mean 'retention'",
    "{kind: configuration, rpo: 1d, devices: [core9]}": "backup set x: no device matches 'core9'",
    "{kind: configuration, rpo: 1d, site: nowhere}": "backup set x: site nowhere is not in client.yaml",
    "{kind: configuration, rpo: 1d, second_copy: {}}": "a second copy is in one place; write directory or git",
    "{kind: configuration, rpo: 1d, second_copy: {directory: ../x}}": "'../x' is no absolute path",
    '{kind: configuration, rpo: 1d, second_copy: {git: "ext::sh -c touch% x"}}': "is no place for git to push to",
    '{kind: configuration, rpo: 1d, second_copy: {git: "https://u:secret@h/x"}}': "is no place for git to push to",
    '{kind: configuration, rpo: 1d, second_copy: {git: "ssh://-oProxyCommand=x/y"}}': "is no place for git to",
    "{kind: files, rpo: 1d, playbook: backup-files}": "missing key 'paths'",
    "{kind: files, rpo: 1d, playbook: p, paths: [etc]}": "'etc' is no absolute path",
    "{kind: database, rpo: 1d, playbook: p}": "missing key 'database'",
}


@pytest.mark.parametrize(("written", "said"), MISTAKES.items(), ids=MISTAKES)
def test_every_mistake_is_told_at_its_line(square, written, said):
    promised(square, f"  x: {written}\n")
    with pytest.raises(InputError) as raised:
        square.wiring.inventories.load("square")
    assert [line for line in raised.value.problems if line.startswith(f"{CLIENT}:3: ") and said in line]
    assert "secret" not in str(raised.value)


def test_every_kind_of_set_is_read(square):
    promised(
        square,
        "  routers: {kind: configuration, rpo: 24h, rto: 4h, retention: 400d, drill: 90d}\n"
        "  web: {kind: files, rpo: 1d, paths: [/srv/www], playbook: backup-files}\n"
        "  crm: {kind: database, rpo: 30m, database: crm, playbook: backup-postgresql}\n",
    )
    sets = square.wiring.inventories.load("square").client.backup_sets
    assert {name: each.kind for name, each in sets.items()} == {
        "routers": "configuration",
        "web": "files",
        "crm": "database",
    }
