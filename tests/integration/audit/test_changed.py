"""Audits that read only what has changed: real inventory, policies and log, devices in memory that tell a marker."""

import json
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from netmgr.cli import audit as command
from netmgr.cli.main import run as netmgr
from netmgr.errors import UsageError
from netmgr.model.marker import Marker
from netmgr.model.schedule import AuditJob
from netmgr.model.selection import Selection
from netmgr.workflows.audit import audit
from netmgr.workflows.deploy import deploy
from netmgr.workflows.drift import open_drift, waive
from netmgr.workflows.gates import DeployRequest
from netmgr.workflows.jobs import JOBS

NAMES = ("r1", "r2", "r3", "r4")
HOSTS = "inventory/square/hosts.yaml"
ROUTE = "ip route 192.0.2.0/24 blackhole\n"
RULE = 'no-static-routes:\n  title: nobody routes by hand\n  forbidden: ["ip route .*"]\n'
IGNORE = 'by-hand:\n  owner: noc\n  reason: until the move\n  expires: "{day}"\n  lines: ["ip route 192.0.2.0/24 .*"]\n'


@dataclass
class Told:
    """What one device says of its last change, its boot and its uptime."""

    revision: str = "1"
    booted: int = 1_000_000
    ahead: float = 0
    """Seconds by which its uptime is another one than the time since."""


@pytest.fixture
def square(world):
    """The square, deployed; its devices tell of changes by a clock, and of each reading."""
    made = deploy(world.runtime(), Selection(), DeployRequest(), given=None, approve=lambda _plan: True)
    assert made.outcome == "applied"
    began = world.clock.monotonic()
    world.told = {name: Told() for name in NAMES}
    world.read = []

    def marker(device):
        told = world.told[device.name]
        uptime = int(world.clock.monotonic() - began + 5000 + told.ahead)
        return Marker(revision=told.revision, booted=told.booted, uptime=uptime)

    for device in world.fleet.devices.values():
        device.marker = marker
        device.faults["read"] = lambda device: world.read.append(device.name)
    return world


def look(square, reading="changed", seconds=3600, **options):
    """An audit after an hour: the devices that it read, and what it found."""
    square.clock.sleep(seconds)
    square.read.clear()
    made = audit(square.runtime(), Selection(), reading=reading, **options)
    return set(square.read), made


def by_hand(square, name):
    device = square.fleet.devices[name]
    device.running = device.startup = ROUTE + device.running


def test_what_did_not_change_is_not_read_and_says_since_when(square):
    read, first = look(square)
    assert read == set(NAMES)
    assert {device.unchanged_since for device in first.devices} == {None}
    read, second = look(square)
    assert read == set()
    assert {device.unchanged_since for device in second.devices} == {first.time}
    same = [device.model_copy(update={"passed": (), "unchanged_since": None}) for device in first.devices]
    assert [d.model_copy(update={"unchanged_since": None}) for d in second.devices] == same
    read, third = look(square)
    assert (read, {d.unchanged_since for d in third.devices}) == (set(), {first.time})


def test_one_change_costs_one_reading(square):
    look(square)
    by_hand(square, "r2")
    square.told["r2"].revision = "2"
    read, made = look(square)
    assert read == {"r2"}
    assert {d.device: d.status for d in made.devices} == dict.fromkeys(NAMES, "compliant") | {"r2": "drifted"}


@pytest.mark.parametrize(
    "lie",
    [
        {"booted": 1_000_000 + 100, "ahead": -9000},
        {"ahead": -100},
        {"booted": 1_000_000 - 100},
        {"booted": 1_000_000 + 100},
    ],
    ids=["restarted", "restarted, clock wrong", "clock set back", "clock set forward"],
)
def test_a_restart_or_a_clock_that_was_set_makes_a_marker_worth_nothing(square, lie):
    look(square)
    square.told["r3"] = replace(square.told["r3"], **lie)
    assert look(square)[0] == {"r3"}
    assert look(square)[0] == set(), "from then on it counts by the new one"


def test_a_clock_that_drifts_a_little_is_believed(square):
    look(square)
    square.told["r3"] = Told(booted=1_000_000 + 60, ahead=-60)
    assert look(square)[0] == set()


def test_everything_is_read_after_the_hours_of_the_sweep_however_often_it_was_asked(square):
    look(square, sweep=3)
    assert [look(square, sweep=3)[0] for _ in range(4)] == [set(), set(), set(NAMES), set()]


def test_full_reads_all_and_notes_the_markers_and_a_plain_one_does_not(square):
    assert look(square, "full")[0] == set(NAMES)
    assert look(square)[0] == set()
    assert look(square, "plain")[0] == set(NAMES)
    assert look(square)[0] == set(NAMES), "the newest audit says nothing of a marker"


def test_another_intention_is_judged_anew(square):
    look(square)
    route = "    static_routes: [{prefix: 192.0.2.0/24, discard: true}]\n"
    square.edit(HOSTS, lambda text: text.replace("r1:\n  data:\n", "r1:\n  data:\n" + route))
    read, made = look(square)
    assert (read, made.devices[0].status) == ({"r1"}, "drifted")


def test_another_rule_is_judged_anew(square):
    look(square)
    directory = square.workspace / "config/policies/compliance"
    directory.mkdir(parents=True)
    (directory / "ours.yaml").write_text(RULE)
    assert look(square)[0] == set(NAMES)
    assert look(square)[0] == set()


def test_an_ignore_pattern_that_expires_is_judged_anew(square):
    by_hand(square, "r1")
    directory = square.workspace / "config/policies/ignore"
    directory.mkdir(parents=True)
    day = square.clock.now().date() + timedelta(days=1)
    (directory / "ours.yaml").write_text(IGNORE.format(day=day))
    assert look(square, sweep=1000)[1].devices[0].status == "compliant"
    read, made = look(square, sweep=1000)
    assert (read, [f.check for f in made.devices[0].findings]) == (set(), ["ignored"])
    read, made = look(square, sweep=1000, seconds=72 * 3600)
    assert (read, made.devices[0].status) == (set(NAMES), "drifted")


def test_a_drift_stays_one_and_its_waiver_counts(square):
    by_hand(square, "r1")
    _, first = look(square)
    read, made = look(square)
    drifted, before = made.devices[0], first.devices[0]
    assert (read, drifted.status, drifted.diff, drifted.removed) == (set(), "drifted", before.diff, 1)
    assert [f.check for f in drifted.findings] == [f.check for f in before.findings]
    waive(square.runtime(), Selection(names=("r1",)), until=date(2099, 1, 1), reason="on its way")
    read, made = look(square)
    assert (read, made.devices[0].let_be, made.amiss) == (set(), True, False)
    assert [f.check for f in look(square)[1].devices[0].findings].count("waived") == 1
    assert [found.device for found in open_drift(square.runtime(), Selection()).devices] == ["r1"]


def test_what_was_not_saved_or_waits_is_looked_at_again(square):
    square.fleet.devices["r2"].startup = ""
    look(square)
    assert look(square)[0] == {"r2"}


def test_who_does_not_answer_is_unreachable_and_who_tells_no_marker_is_read(square):
    look(square)
    square.fleet.devices["r1"].reachable = False
    square.fleet.devices["r2"].marker = lambda _device: None
    read, made = look(square)
    assert read == {"r2"}
    assert {d.device: d.status for d in made.devices} == dict.fromkeys(NAMES, "compliant") | {
        "r1": "unreachable"
    }
    square.fleet.devices["r1"].reachable = True
    assert look(square)[0] == {"r1", "r2"}


def test_the_log_holds_the_marker_and_what_was_known(square):
    rule = square.workspace / "config/policies/compliance"
    rule.mkdir(parents=True)
    (rule / "ours.yaml").write_text(RULE)
    look(square)
    look(square)
    entries = list(square.wiring.service_log.entries("square", kind="audit"))
    before, now = [e for e in entries if e.device == "r1"]
    assert {k: v for k, v in now.facts.items() if k != "marker"} == {
        k: v for k, v in before.facts.items() if k != "marker"
    }
    assert (
        now.facts["marker"]["fetched"] == before.facts["marker"]["time"] == before.facts["marker"]["fetched"]
    )
    assert now.facts["marker"]["time"] > before.facts["marker"]["time"]
    assert set(now.facts["marker"]) == {"revision", "basis", "time", "fetched", "booted", "uptime"}
    closing = [e.facts for e in entries if e.device is None]
    assert [facts["unchanged"] for facts in closing] == [0, 4]
    assert closing[0]["compliance"] == closing[1]["compliance"]


def test_no_marker_tells_of_state(square):
    with pytest.raises(UsageError, match="goes without the state part"):
        audit(square.runtime(), Selection(), ("configuration", "state"), reading="changed")


def test_a_job_reads_what_changed(square):
    job = AuditJob(job="audit", cron="0 * * * *", changed=True)
    for expected in (set(NAMES), set()):
        square.clock.sleep(3600)
        square.read.clear()
        assert JOBS["audit"].run(square.runtime(), job, square.clock.now()) == "compliant"
        assert set(square.read) == expected
    with pytest.raises(ValueError, match="no change marker tells of state"):
        AuditJob(job="audit", cron="0 * * * *", changed=True, parts=("state",))


def test_the_command_says_what_it_did_not_read(square, monkeypatch, capsys):
    monkeypatch.setattr(command, "reading_runtime", square.commands)
    argv = ["-w", str(square.workspace), "-c", "square", "audit", "--changed"]
    assert netmgr(argv) == 0
    capsys.readouterr()
    square.clock.sleep(60)
    assert netmgr(argv) == 0
    out = capsys.readouterr().out
    assert "not read, unchanged since" in out
    assert "r1, r2, r3, r4" in out
    assert netmgr(["-o", "json", *argv]) == 0
    document = json.loads(capsys.readouterr().out)
    assert all(device["unchanged_since"] for device in document["devices"])
    assert netmgr([*argv, "--full"]) == 64
