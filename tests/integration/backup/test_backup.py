"""Backups of a whole client: real inventory, log, git and age, devices in memory."""

import dataclasses
import json

import pytest

from netmgr.cli import backup as command
from netmgr.cli.main import run as netmgr
from netmgr.errors import InputError, Refused, StoreError, UsageError
from netmgr.model.selection import Selection
from netmgr.workflows.backup import backup
from netmgr.workflows.backup_views import check, complete, diff, shown, versions
from tests.integration.backup.square import whole

NAMES = ("r1", "r2", "r3", "r4")
EVERYTHING = Selection()


def cut_at(percent):
    def shown(text):
        shown = whole(text).rstrip("\n")
        return shown[: len(shown) * percent // 100]

    return shown


def statuses(made):
    return {device.device: device.status for device in made.devices}


def logged(world):
    entries = world.wiring.service_log.entries("square", kind="backup")
    return [(e.action, e.device, e.outcome, e.facts.get("version")) for e in entries]


def test_each_device_is_kept_and_logged_by_the_commit_that_has_it(square):
    before = square.running(), square.journal()
    made = backup(square.runtime(), EVERYTHING)
    assert (statuses(made), made.worst) == (dict.fromkeys(NAMES, "stored"), "stored")
    commit = made.devices[0].version
    assert logged(square) == [
        *(("run", name, "stored", commit) for name in NAMES),
        ("run", None, "stored", None),
    ]
    backups = square.wiring.backups
    for name in NAMES:
        kept = backups.read("square", backups.find("square", "network", name, commit))
        assert kept["running"].decode() == whole(square.fleet.devices[name].running)
        assert kept["startup"].decode() == square.fleet.devices[name].startup
        assert json.loads(kept["facts"]) == {"hostname": name, "os_version": "memory"}
    assert (square.running(), square.journal()) == before, "a backup reads"
    again = backup(square.runtime(), EVERYTHING)
    assert (statuses(again), {d.version for d in again.devices}) == (
        dict.fromkeys(NAMES, "unchanged"),
        {commit},
    )


def test_each_device_has_its_own_answer(square):
    backup(square.runtime(), EVERYTHING)
    devices = square.fleet.devices
    devices["r1"].reachable = False
    devices["r2"].shown = lambda text: whole(text)[: len(text) // 2]
    devices["r3"].missing = ("bgpd",)
    devices["r4"].running = devices["r4"].startup = (
        f"ip route 192.0.2.0/24 blackhole\n{devices['r4'].running}"
    )
    made = backup(square.runtime(), EVERYTHING)
    assert statuses(made) == {
        "r1": "unreachable",
        "r2": "quarantined",
        "r3": "quarantined",
        "r4": "stored",
    }
    checks = {d.device: [finding.check for finding in d.findings] for d in made.devices if d.findings}
    assert checks == {"r2": ["complete", "shrunk"], "r3": ["daemons"]}
    listed = {
        (v.device, v.status): [f.check for f in v.findings]
        for v in versions(square.runtime(), EVERYTHING, every=False).versions
    }
    assert listed == {
        ("r1", "good"): [],
        ("r2", "quarantined"): ["complete", "shrunk"],
        ("r2", "good"): [],
        ("r3", "quarantined"): ["daemons"],
        ("r3", "good"): [],
        ("r4", "good"): [],
    }


def test_cut_at_each_hundredth_none_is_stored_as_good(square):
    """A run has four devices, so that a fourth of the runs does."""
    ended = []
    for first in range(0, 100, 4):
        for percent, device in enumerate(square.fleet.devices.values(), start=first):
            device.shown = cut_at(percent)
        ended += statuses(backup(square.runtime(), EVERYTHING)).values()
    assert ended == ["quarantined"] * 100
    assert versions(square.runtime(), EVERYTHING, every=True).without == NAMES


def test_a_shrink_waits_until_somebody_has_looked_at_it(square):
    backup(square.runtime(), EVERYTHING)
    square.fleet.devices["r1"].running = "hostname r1\n"
    assert statuses(backup(square.runtime(), EVERYTHING))["r1"] == "quarantined"
    assert statuses(backup(square.runtime(), EVERYTHING))["r1"] == "quarantined", "waiting does not help"
    assert statuses(backup(square.runtime(), EVERYTHING, accepted=["r1"]))["r1"] == "stored"
    assert statuses(backup(square.runtime(), EVERYTHING))["r1"] == "unchanged"
    with pytest.raises(UsageError, match="--accept r9"):
        backup(square.runtime(), EVERYTHING, accepted=["r9"])


def test_a_request_that_is_repeated_is_one_run(square):
    first = backup(square.runtime("again"), EVERYTHING)
    square.fleet.devices["r1"].reachable = False
    second = backup(square.runtime("again"), EVERYTHING)
    assert [d.model_dump() for d in second.devices] == [d.model_dump() for d in first.devices]
    assert len(logged(square)) == 5


def test_what_cannot_be_logged_is_not_begun(square):
    runtime = square.runtime()

    class Full:
        def __getattr__(self, name):
            return getattr(runtime.log, name)

        def append(self, *_, **__):
            raise StoreError("disk full")

    with pytest.raises(Refused) as raised:
        backup(dataclasses.replace(runtime, log=Full()), EVERYTHING)
    assert (raised.value.gate, raised.value.code) == ("log", 5)
    assert not (square.workspace / ".netmgr/backups").exists()


def test_without_somebody_elsewhere_nothing_is_contacted(world):
    for device in world.fleet.devices.values():
        device.faults["connect"] = lambda device: pytest.fail(f"{device.name} was contacted")
    with pytest.raises(InputError, match=r"netmgr backup key FILE"):
        backup(world.runtime(), EVERYTHING)


def test_what_is_shown_hides_secrets_and_what_is_written_has_them(square, monkeypatch):
    monkeypatch.setenv("NETMGR_SECRET_SQUARE__PEER", "canary-1")
    device = square.fleet.devices["r1"]
    old = device.running
    device.running = old.replace(
        "router bgp 65001\n", "router bgp 65001\n neighbor 10.0.0.1 password canary-1\n"
    )
    square.fleet.devices["r2"].running += "ip route 192.0.2.0/24 blackhole\n"
    backup(square.runtime(), EVERYTHING)
    text = shown(square.runtime(), "r1", None, "running").text
    assert ("canary" in text, "neighbor 10.0.0.1 password <removed>" in text) == (False, True)
    assert complete(square.runtime(), "r1", None, "running").decode() == whole(device.running)
    assert logged(square)[-1][:3] == ("export", "r1", "exported")
    device.running = old.replace(
        "router bgp 65001\n", "router bgp 65001\n neighbor 10.0.0.1 password canary-2\n"
    )
    backup(square.runtime(), EVERYTHING)
    made = diff(square.runtime(), "r1", None, None)
    assert ("canary" in made.diff, made.added, made.removed) == (False, 1, 1)
    with pytest.raises(UsageError, match="has no version before"):
        diff(square.runtime(), "r2", None, None)
    kept = b"".join(p.read_bytes() for p in (square.workspace / ".netmgr").rglob("*") if p.is_file())
    assert b"canary-" not in kept


def test_a_check_opens_every_version_and_asks_the_log(square):
    backup(square.runtime(), EVERYTHING)
    square.fleet.devices[
        "r1"
    ].running = f"ip route 192.0.2.0/24 blackhole\n{square.fleet.devices['r1'].running}"
    backup(square.runtime(), EVERYTHING)
    made = check(square.runtime())
    assert (made.problems, made.versions, made.documents, made.logged) == ((), 5, 15, 5)
    branch = square.workspace / ".netmgr/backups/square/refs/heads/network"
    newest = branch.read_text().strip()
    older = next(v.commit for v in square.wiring.backups.versions("square", "network") if v.commit != newest)
    branch.write_text(f"{older}\n")
    assert [(p.device, p.version) for p in check(square.runtime()).problems] == [("r1", newest)]


def test_the_command(square, monkeypatch, capsys):
    monkeypatch.setattr(command, "reading_runtime", square.commands)
    where = ["-w", str(square.workspace)]
    assert netmgr([*where, "backup", "run", "-c", "square", "-l", "r1"]) == 0
    assert "1 stored" in capsys.readouterr().out
    assert netmgr([*where, "backup", "list", "-c", "square"]) == 0
    assert "without a good version: r2, r3, r4" in capsys.readouterr().out
    square.fleet.devices["r2"].reachable = False
    assert netmgr([*where, "backup", "run", "-c", "square", "-o", "json"]) == 3
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "netmgr.backup/1"
    assert {d["device"]: d["status"] for d in document["devices"]}["r2"] == "unreachable"
    square.fleet.devices["r3"].missing = ("bgpd",)
    assert netmgr([*where, "backup", "run", "-c", "square"]) == 1
    capsys.readouterr()
    assert netmgr([*where, "backup", "check", "-c", "square"]) == 0
    assert "all as they were kept" in capsys.readouterr().out
    out = square.workspace / "r1.conf"
    assert netmgr([*where, "backup", "show", "r1", "-c", "square", "--out", str(out)]) == 0
    assert (out.read_text(), out.stat().st_mode & 0o777) == (whole(square.running()["r1"]), 0o600)
