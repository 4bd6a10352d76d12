"""Drift triage: what an audit found is listed, waived for a while, reverted, or accepted into the files."""

import dataclasses
import json
from datetime import date, timedelta

import pytest

from netmgr.cli import audit as audit_command
from netmgr.cli import drift as drift_command
from netmgr.cli.main import run as netmgr
from netmgr.errors import DeviceError, Refused, UsageError
from netmgr.model.last_change import LastChange
from netmgr.model.selection import Selection
from netmgr.workflows.audit import audit
from netmgr.workflows.deploy import deploy, plan
from netmgr.workflows.drift import accept, open_drift, revert, show_drift, waive
from netmgr.workflows.gates import DeployRequest

HOSTS = "inventory/square/hosts.yaml"
ROUTE = "ip route 192.0.2.0/24 blackhole\n"
BY_JO = LastChange(user="jo", when="2026-11-23 08:00:00 UTC", source="commits", comment="by hand")
R1, R2 = Selection(names=("r1",)), Selection(names=("r2",))


@pytest.fixture
def drifted(world):
    """r1 runs a route that nobody intends, and an audit found it."""
    world.edit(HOSTS, lambda text: f"# Kept by hand: ask before you change it.\n{text}")
    made = deploy(world.runtime(), Selection(), DeployRequest(), given=None, approve=lambda _plan: True)
    assert made.outcome == "applied"
    type_in(world, ROUTE)
    audit(world.runtime(), Selection())
    return world


def type_in(world, line, device="r1"):
    one = world.fleet.devices[device]
    one.running = one.startup = line + one.running


def day(world, days=0):
    return world.clock.now().date() + timedelta(days)


def decisions(world):
    entries = world.wiring.service_log.entries("square", kind="drift")
    return [(e.device, e.action, e.outcome, sorted(e.facts)) for e in entries]


def said(made, device="r1"):
    found = next(one for one in made.devices if one.device == device)
    return (
        found.status,
        [(f.check, f.status, f.severity) for f in found.findings if f.check == "waived"],
        made.amiss,
    )


def test_what_is_open(drifted):
    (found,) = open_drift(drifted.runtime(), Selection()).devices
    assert (found.device, found.added, found.removed, found.waiver) == ("r1", 0, 1, None)
    assert open_drift(drifted.runtime(), R2).devices == ()
    shown = show_drift(drifted.runtime(), "r1")
    assert shown.diff.splitlines()[3] == "-ip route 192.0.2.0/24 blackhole"
    with pytest.raises(UsageError, match="r2: no drift is open"):
        show_drift(drifted.runtime(), "r2")


@pytest.fixture
def named(drifted):
    """Devices that say who changed them last, and one of them that was not asked yet."""

    def runtime():
        made = drifted.runtime()
        says = dataclasses.replace(made.forms["frr"], attribution="commits")
        return dataclasses.replace(made, forms={**made.forms, "frr": says})

    drifted.fleet.devices["r1"].last_change = BY_JO
    drifted.saying = runtime
    return drifted


def test_who_changed_it_is_told_with_the_drift_and_not_in_facts(named):
    asked = []
    for name, device in named.fleet.devices.items():
        device.faults["last_changes"] = lambda _, name=name: asked.append(name)
    assert open_drift(named.runtime(), R1).devices[0].changed_by is None
    before = show_drift(named.runtime(), "r1").diff
    made = audit(named.saying(), Selection())
    assert asked == ["r1"], "who has not drifted is not asked"
    assert [device.changed_by for device in made.devices] == [BY_JO, None, None, None]
    (found,) = open_drift(named.runtime(), Selection()).devices
    shown = show_drift(named.runtime(), "r1")
    assert (found.changed_by, shown.changed_by, shown.diff) == (BY_JO, BY_JO, before)
    entries = named.wiring.service_log.entries("square", kind="audit", device="r1")
    (entry,) = [e for e in entries if e.body and "jo" in show(named, e)]
    assert "jo" not in json.dumps(entry.facts)
    assert show(named, entry).splitlines()[1] == before.splitlines()[0]
    waive(named.runtime(), R1, until=day(named), reason="a trial")
    assert said(audit(named.saying(), Selection()))[1] == [("waived", "not_measured", "info")]
    assert said(audit(named.runtime(), Selection()))[1] == [("waived", "not_measured", "info")]


@pytest.mark.parametrize("silent", ["names nobody", "fails", "is gone"])
def test_a_device_that_does_not_say_has_drifted_all_the_same(named, silent):
    device = named.fleet.devices["r1"]
    device.last_change = None if silent == "names nobody" else BY_JO

    def fail(device):
        if silent == "is gone":
            device.reachable = False
        raise DeviceError(device.name, "who changed it", "what?")

    if silent != "names nobody":
        device.faults["last_changes"] = fail
    made = audit(named.saying(), Selection())
    assert said(made) == ("drifted", [], True)
    assert made.devices[0].changed_by is None
    assert open_drift(named.runtime(), R1).devices[0].changed_by is None


def test_a_device_that_was_not_read_again_is_by_whom_it_was(named):
    audit(named.saying(), Selection(), reading="full")
    named.fleet.devices["r1"].last_change = None
    made = audit(named.saying(), Selection(), reading="changed")
    assert (made.devices[0].unchanged_since is None, made.devices[0].changed_by) == (False, BY_JO)
    assert open_drift(named.runtime(), R1).devices[0].changed_by == BY_JO


def test_who_it_was_is_shown_and_nothing_of_a_terminal_s_that_they_typed(named, monkeypatch, capsys):
    named.fleet.devices["r1"].last_change = BY_JO.model_copy(update={"comment": "\x1b[2Jfix\nme"})
    audit(named.saying(), Selection())
    monkeypatch.setattr(drift_command, "reading_runtime", named.commands)
    base = ["-w", str(named.workspace), "-c", "square", "drift"]
    assert netmgr([*base, "list"]) == 0
    head, row = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert (head[5:], row[5:]) == (["CHANGED", "BY", "WAIVED"], ["jo"])
    assert netmgr([*base, "show", "r1"]) == 0
    out = capsys.readouterr().out
    assert "changed last by jo, 2026-11-23 08:00:00 UTC (in its commits): " in out
    assert "\x1b[2J" not in out
    assert netmgr([*base, "list", "-o", "json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["devices"]
    assert (one["changed_by"]["user"], one["changed_by"]["source"]) == ("jo", "commits")


def show(world, entry):
    return world.wiring.service_log.body("square", entry.body.digest).decode()


def test_a_waiver_until_its_last_day(drifted):
    made = waive(drifted.runtime(), R1, until=day(drifted, 1), reason="a trial")
    assert [(one.device, one.waiver.reason, one.waiver.by) for one in made.devices] == [
        ("r1", "a trial", "p-1")
    ]
    assert decisions(drifted) == [("r1", "waive", "waived", ["diff", "running", "until"])]
    let_be = ("drifted", [("waived", "not_measured", "info")], False)
    assert said(audit(drifted.runtime(), Selection())) == let_be
    drifted.clock.sleep(86_400)
    assert said(audit(drifted.runtime(), Selection())) == let_be
    drifted.clock.sleep(86_400)
    made = audit(drifted.runtime(), Selection())
    assert said(made) == ("drifted", [("waived", "failed", "warning")], True)
    assert made.devices[0].findings[-1].detail == (
        f"the waiver ended on {day(drifted, -1)}: a trial (p-1); accept, revert or waive the drift"
    )


def test_other_drift_is_not_waived(drifted):
    waive(drifted.runtime(), R1, until=day(drifted, 9), reason="a trial")
    type_in(drifted, "ip route 198.51.100.0/24 blackhole\n")
    assert said(audit(drifted.runtime(), Selection())) == ("drifted", [], True)
    assert open_drift(drifted.runtime(), R1).devices[0].waiver is None


def test_what_cannot_be_waived(drifted):
    for selection, until, why in (
        (R2, day(drifted), "r2: no drift is open"),
        (Selection(names=("r1", "r2")), day(drifted), "r2: no drift is open"),
        (Selection(names=("r9",)), day(drifted), "no device of square matches r9"),
        (R1, day(drifted, -1), "that day is over"),
    ):
        with pytest.raises(UsageError, match=why):
            waive(drifted.runtime(), selection, until=until, reason="x")
    with pytest.raises(Refused, match="p-1 may not change square"):
        waive(drifted.runtime(permitted=lambda action: action == "read"), R1, until=date.max, reason="x")
    assert decisions(drifted) == []


def test_revert_plans_what_puts_it_right(drifted):
    made = revert(drifted.runtime(), R1, DeployRequest())
    assert [(one.device, one.added, one.removed) for one in made.changed] == [("r1", 0, 1)]
    assert decisions(drifted) == [("r1", "revert", "planned", ["plan"])]
    result = deploy(drifted.runtime(), R1, DeployRequest(), given=made, approve=lambda _plan: True)
    assert result.outcome == "applied"
    assert said(audit(drifted.runtime(), Selection())) == ("compliant", [], False)
    assert open_drift(drifted.runtime(), Selection()).devices == ()


def test_accept_writes_it_into_the_files(drifted, tmp_path):
    store = drifted.wiring.secret_store("file")
    shown = []
    before = (drifted.workspace / HOSTS).read_text()
    made = accept(drifted.runtime(), R1, store=store, approve=lambda made: shown.append(made) or False)
    assert (made.written, len(shown), (drifted.workspace / HOSTS).read_text()) == (False, 1, before)
    made = accept(drifted.runtime(), R1, store=store, approve=lambda _made: True)
    assert made.written
    after = (drifted.workspace / HOSTS).read_text()
    assert after.startswith("# Kept by hand: ask before you change it.\n")
    added = [line for line in made.files[0].diff.splitlines() if line.startswith("+") and "+++" not in line]
    assert "192.0.2.0/24" in "".join(added)
    assert plan(drifted.runtime(), Selection(), DeployRequest()).changed == ()
    assert said(audit(drifted.runtime(), Selection())) == ("compliant", [], False)
    assert decisions(drifted) == [("r1", "accept", "accepted", ["running"])]


def test_the_commands(drifted, monkeypatch, capsys):
    for name in ("reading_runtime", "change_runtime"):
        monkeypatch.setattr(drift_command, name, drifted.commands)
    monkeypatch.setattr(audit_command, "reading_runtime", drifted.commands)
    base = ["-w", str(drifted.workspace), "-c", "square"]
    until = str(day(drifted, 3))
    assert netmgr([*base, "drift", "waive", "r1", "--until", until, "-m", "a trial"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines] == [
        ["DEVICE", "SINCE", "SEEN", "+", "-", "CHANGED", "BY", "WAIVED"],
        [
            "r1",
            lines[1].split()[1],
            lines[1].split()[2],
            "0",
            "1",
            "until",
            until,
            "by",
            "p-1:",
            "a",
            "trial",
        ],
    ]
    assert netmgr([*base, "audit", "--detailed-exitcode"]) == 0
    assert f"note: r1: waived until {until}: a trial (p-1)" in capsys.readouterr().out.splitlines()
    assert netmgr([*base, "drift", "list", "-o", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["schema"], [one["device"] for one in document["devices"]]) == ("netmgr.drift/1", ["r1"])
    assert netmgr([*base, "drift", "show", "r1"]) == 0
    assert "-ip route 192.0.2.0/24 blackhole" in capsys.readouterr().out
    assert netmgr([*base, "drift", "accept", "r1"]) == 64
    assert "there is nobody to ask; give --yes" in capsys.readouterr().err
    assert netmgr([*base, "drift", "revert", "r1"]) == 0
    assert "-ip route 192.0.2.0/24 blackhole" in capsys.readouterr().out
    assert netmgr([*base, "drift", "waive", "r1", "--until", "tomorrow", "-m", "x"]) == 64
    assert "--until tomorrow: not a day; write it like 2027-01-31" in capsys.readouterr().err
    assert netmgr([*base, "drift", "accept", "r1", "--yes", "--secrets", "file"]) == 0
    capsys.readouterr()
    assert netmgr([*base, "drift", "list"]) == 0
    assert capsys.readouterr().out == "no drift is open, as far as audits know\n"
    assert netmgr([*base, "audit", "--detailed-exitcode"]) == 0
