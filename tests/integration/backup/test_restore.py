"""Restores, and the backup after each change: real plans, gates, log, git and age, devices in memory."""

import dataclasses

import pytest

from netmgr.cli import deploy as deploy_command
from netmgr.cli import restore as command
from netmgr.cli.main import run as netmgr
from netmgr.errors import ConfigRejected, DeviceError, Refused, StoreError, UsageError
from netmgr.model.backup import Offered
from netmgr.model.selection import Selection
from netmgr.workflows.answer import answer
from netmgr.workflows.backup import backup
from netmgr.workflows.deploy import deploy
from netmgr.workflows.gates import DeployRequest
from netmgr.workflows.recover import recover
from netmgr.workflows.restore import restore
from netmgr.workflows.rollback import rollback
from tests.integration.backup.square import whole
from tests.integration.change.ring import Killed

EVERYTHING = Selection()
ROUTE = "ip route 192.0.2.0/24 blackhole\n"
HOSTS = "inventory/square/hosts.yaml"


def yes(_plan):
    return True


def restored(world, wanted, *, runtime=None, approve=yes, **asked):
    return restore(runtime or world.runtime(), wanted, DeployRequest(**asked), approve=approve)


def logged(world):
    """Every result of a backup: device, outcome, the change after which it was taken."""
    log = world.wiring.service_log.entries("square", kind="backup")
    return [(e.device, e.outcome, e.facts.get("change")) for e in log]


def newest(world, device):
    backups = world.wiring.backups
    return backups.read("square", backups.find("square", "network", device, None))["running"].decode()


def edited(world, text="    static_routes: [{prefix: 192.0.2.0/24, discard: true}]\n"):
    """r1 shall have one route more."""
    world.edit(
        HOSTS, lambda old: old.replace("    loopback: 10.255.0.1\n", f"    loopback: 10.255.0.1\n{text}")
    )


def test_a_device_gets_its_newest_backup_again(square):
    backup(square.runtime(), EVERYTHING)
    before = square.running()
    device = square.fleet.devices["r1"]
    device.running = ROUTE
    made = restored(square, {"r1": None}, reason="lost")
    assert (made.outcome, [(d.device, d.outcome) for d in made.devices]) == ("applied", [("r1", "applied")])
    assert (square.running(), device.startup) == (before, before["r1"])
    assert square.entries()[-4:] == [
        ("restore", "intent", None, None),
        ("restore", "decision", None, None),
        ("restore", "result", "r1", "applied"),
        ("restore", "result", None, "applied"),
    ]
    intent = next(e for e in square.wiring.service_log.entries("square", change=made.change))
    assert intent.facts["restored"] == {"r1": logged_version(square)}
    assert logged(square)[-2:] == [("r1", "unchanged", made.change), (None, "unchanged", made.change)]


def logged_version(world):
    log = world.wiring.service_log.entries("square", kind="backup", device="r1")
    return next(e.facts["version"] for e in log if e.outcome == "stored")


def test_any_version_restores_exactly(square):
    """Each state that r1 ever had, newest first and then back again."""
    device, states = square.fleet.devices["r1"], []
    for number in range(4):
        device.running = device.canonical(f"ip route 192.0.2.{number}/32 blackhole\n{device.running}")
        found = next(d for d in backup(square.runtime(), EVERYTHING).devices if d.device == "r1")
        states.append((found.version, device.running))
    for version, running in (*reversed(states), *states):
        assert restored(square, {"r1": version[:12]}).outcome in ("applied", "unchanged")
        assert device.running == running


def test_an_empty_device_is_restored_and_a_foreign_one_only_on_request(square):
    backup(square.runtime(), EVERYTHING)
    device, before = square.fleet.devices["r1"], square.running()["r1"]
    device.running = "frr defaults traditional\n"
    assert restored(square, {"r1": None}).outcome == "applied"
    assert device.running == before
    runtime = square.runtime()

    class Nothing:
        """A log in which netmgr has never been on the device."""

        def __getattr__(self, name):
            return getattr(runtime.log, name)

        def entries(self, *args, **filters):
            return iter(()) if filters.get("device") else runtime.log.entries(*args, **filters)

    device.running = ROUTE
    with pytest.raises(Refused) as raised:
        restored(square, {"r1": None}, runtime=dataclasses.replace(runtime, log=Nothing()))
    assert (raised.value.gate, device.running) == ("takeover", ROUTE)
    made = restored(
        square,
        {"r1": None},
        runtime=dataclasses.replace(square.runtime(), log=Nothing()),
        takeover=frozenset({"r1"}),
    )
    assert (made.outcome, device.running) == ("applied", before)


@pytest.mark.parametrize("at_once", [False, True])
def test_all_devices_lost_come_back_one_by_one_or_together(square, at_once):
    backup(square.runtime(), EVERYTHING)
    before = square.running()
    for device in square.fleet.devices.values():
        device.running = device.startup = "frr defaults traditional\n"
    changes = [dict.fromkeys(before)] if at_once else [{name: None} for name in before]
    assert {restored(square, wanted).outcome for wanted in changes} == {"applied"}
    assert square.running() == before


def test_a_version_in_quarantine_is_refused_and_the_good_one_named(square):
    good = backup(square.runtime(), EVERYTHING).devices[0].version
    device = square.fleet.devices["r1"]
    device.missing = ("bgpd",)
    bad = backup(square.runtime(), EVERYTHING).devices[0].version
    before = square.running()
    with pytest.raises(Refused) as raised:
        restored(square, {"r1": bad})
    assert (raised.value.gate, good[:12] in str(raised.value)) == ("quarantine", True)
    with pytest.raises(UsageError, match="is no version"):
        restored(square, {"r1": "../r2"})
    assert square.running() == before
    assert restored(square, {"r1": None}).outcome == "unchanged"


def test_a_restore_that_breaks_its_network_goes_back(square):
    backup(square.runtime(), EVERYTHING)
    device = square.fleet.devices["r1"]
    broken = device.running.replace("remote-as 65002", "remote-as 65009")
    put = Offered(
        device="r1",
        platform="frr",
        taken="2026-11-23T09:00:00Z",
        documents={"running": whole(broken).encode()},
    )
    square.wiring.backups.put("square", "network", [put], "x\n")
    before = square.running()
    made = restored(square, {"r1": None})
    assert (made.outcome, square.running()) == ("rolled_back", before)


def test_windows_bind_a_restore(square):
    backup(square.runtime(), EVERYTHING)
    square.fleet.devices["r1"].running = ROUTE
    freeze = 'freezes: [{from: "2026-01-01", to: "2027-01-01", reason: year}]\n'
    square.edit("inventory/square/client.yaml", lambda text: f"{text}{freeze}")
    with pytest.raises(Refused) as raised:
        restored(square, {"r1": None})
    assert (raised.value.gate, square.running()["r1"]) == ("freeze", ROUTE)
    assert restored(square, {"r1": None}, break_glass="it burns").outcome == "applied"


class Dead(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("phase", ["commit", "commit:after", "confirm", "confirm:after"])
def test_a_restore_that_dies_is_finished_or_taken_back_by_recover(square, phase):
    backup(square.runtime(), EVERYTHING)
    device, whole_one = square.fleet.devices["r1"], square.running()["r1"]
    device.running = ROUTE + whole_one

    def die(_device):
        device.faults.clear()
        raise Dead

    device.faults[phase] = die
    with pytest.raises(Dead):
        restored(square, {"r1": None})
    (made,) = recover(square.runtime())
    wanted = ("applied", whole_one) if phase.startswith("confirm") else ("rolled_back", ROUTE + whole_one)
    if phase == "commit":
        wanted = (made.outcome, ROUTE + whole_one)
    assert (made.outcome, device.running) == wanted
    assert recover(square.runtime()) == ()
    assert newest(square, "r1") == whole(device.running) or phase == "commit"


def test_forward_of_a_restore_is_the_backup_not_the_inventory(square):
    backup(square.runtime(), EVERYTHING)
    device, kept = square.fleet.devices["r1"], square.running()["r1"]
    edited(square)
    device.running = ROUTE.replace("192.0.2.0", "198.51.100.0") + kept

    def gone(device):
        device.reachable = False
        raise DeviceError(device.name, "commit_state", "gone")

    device.faults["relogin"] = gone
    made = restored(square, {"r1": None})
    assert made.outcome == "in_doubt"
    device.faults.clear()
    device.reachable = True
    device.running = "hostname r1\n"
    made = answer(square.runtime(), "forward", made.change, DeployRequest(), approve=yes)
    assert (made.outcome, device.running) == ("applied", kept)


def test_after_a_deploy_and_a_rollback_there_is_a_backup_of_what_they_touched(square):
    backup(square.runtime(), EVERYTHING)
    edited(square)
    made = deploy(square.runtime(), EVERYTHING, DeployRequest(), given=None, approve=yes)
    assert logged(square)[-2:] == [("r1", "stored", made.change), (None, "stored", made.change)]
    assert (newest(square, "r1"), "192.0.2.0" in newest(square, "r1")) == (
        whole(square.running()["r1"]),
        True,
    )
    note = square.wiring.backups.find("square", "network", "r1", None).note
    assert note.change == made.change
    back = rollback(square.runtime(), made.change, DeployRequest(), approve=yes)
    assert logged(square)[-2:] == [("r1", "stored", back.change), (None, "stored", back.change)]
    assert "192.0.2.0" not in newest(square, "r1")


def test_a_change_that_shrinks_a_device_is_kept_as_good(square):
    device = square.fleet.devices["r1"]
    device.running = "".join(f"ip route 10.9.{n}.0/24 blackhole\n" for n in range(200)) + device.running
    backup(square.runtime(), EVERYTHING)
    made = deploy(square.runtime(), EVERYTHING, DeployRequest(), given=None, approve=yes)
    assert (made.outcome, logged(square)[-2]) == ("applied", ("r1", "stored", made.change))


def fails_to_read(device):
    raise ConfigRejected(device.name, "backup", "no answer")


def breaks(_device):
    raise ValueError("a defect")


@pytest.mark.parametrize("trouble", ["device", "defect", "store", "recipient"])
def test_whatever_keeps_a_backup_from_being_made_the_change_is_what_it_was(square, trouble):
    edited(square)
    runtime = square.runtime()
    if trouble in ("device", "defect"):
        fault = fails_to_read if trouble == "device" else breaks
        square.fleet.devices["r1"].faults["capture"] = fault
    else:

        class Broken:
            def ready(self):
                if trouble == "recipient":
                    square.wiring.__class__(square.workspace, type(square.wiring.settings)()).backups.ready()

            def __getattr__(self, _name):
                raise StoreError("disk full")

        runtime = dataclasses.replace(runtime, backups=Broken())
    made = deploy(runtime, EVERYTHING, DeployRequest(), given=None, approve=yes)
    assert (made.outcome, "192.0.2.0" in square.running()["r1"]) == ("applied", True)
    said = {
        "device": "backup of r1: error: r1: backup: no answer",
        "defect": "no backup after the change: ValueError: a defect",
        "store": "no backup after the change: disk full",
        "recipient": "no backup after the change: config/netmgr.yaml:1: backups.recipients: names nobody",
    }
    assert [line for line in square.said if line.startswith(said[trouble])]


def test_a_twin_s_devices_are_nobody_s(square):
    edited(square)
    made = deploy(square.runtime(backups=None), EVERYTHING, DeployRequest(), given=None, approve=yes)
    assert (made.outcome, logged(square)) == ("applied", [])


def test_the_command(square, monkeypatch, capsys):
    monkeypatch.setattr(command, "change_runtime", square.commands)
    backup(square.runtime(), EVERYTHING)
    kept = square.running()["r1"]
    square.fleet.devices["r1"].running = ROUTE + kept
    where = ["-w", str(square.workspace)]
    assert netmgr([*where, "restore", "r1", "-c", "square"]) == 5
    assert "there is no terminal to ask on" in capsys.readouterr().err
    assert netmgr([*where, "restore", "r1", "-c", "square", "--yes", "-m", "wrong route"]) == 0
    printed = capsys.readouterr()
    assert ("-ip route 192.0.2.0/24 blackhole" in printed.err, "applied" in printed.out) == (True, True)
    assert square.running()["r1"] == kept
    assert netmgr([*where, "restore", "r1", "zzzz", "-c", "square", "--yes"]) == 64
    assert deploy_command.YES


CANARY = "c4n4ry-word"
"""A secret that no inventory names: somebody typed it into the device."""


@pytest.mark.parametrize("phase", ["load", "commit"])
@pytest.mark.parametrize("way", ["restore", "rollback"])
def test_a_device_that_quotes_a_secret_which_nobody_named_is_not_repeated(square, phase, way, capsys):
    """What is brought back holds secrets of its own; the device may say their lines when it refuses them."""
    device = square.fleet.devices["r1"]
    secret = f"password {CANARY}\n"
    if way == "restore":
        device.running += secret
        backup(square.runtime(), EVERYTHING)
        device.running = device.running.replace(secret, "")
    else:
        edited(square)
        device.running += secret
        runtime = square.runtime()
        change = deploy(
            runtime, EVERYTHING, DeployRequest(takeover=frozenset({"r1"})), given=None, approve=yes
        ).change

    def refuse(_device):
        raise ConfigRejected("r1", phase, f"% Unknown command near: {secret.strip()}: line {CANARY}!")

    device.faults[phase] = refuse
    if way == "restore":
        made = restored(square, {"r1": None})
    else:
        made = rollback(square.runtime(), change, DeployRequest(), approve=yes)
    said = made.model_dump_json() + capsys.readouterr().err
    assert "% Unknown command near: password <secret>: line <secret>!" in said
    assert CANARY not in said
    log = square.wiring.service_log
    kept = [log.body("square", e.body.digest) for e in log.entries("square") if e.body]
    assert [body for body in kept if CANARY.encode() in body] == []


def test_what_a_device_quotes_when_a_change_is_recovered_is_not_repeated(square, capsys):
    """Another command began the change: what was intended, and what ran before, is looked up again."""
    device = square.fleet.devices["r1"]
    edited(square)
    device.running += f"password {CANARY}\n"

    def dies(_device):
        raise Killed

    def quotes(_device):
        raise ConfigRejected("r1", "connect", f"% Unknown command near: password {CANARY}: line {CANARY}!")

    device.faults["commit:after"] = dies
    with pytest.raises(Killed):
        deploy(
            square.runtime(),
            EVERYTHING,
            DeployRequest(takeover=frozenset({"r1"})),
            given=None,
            approve=yes,
        )
    device.faults = {"connect": quotes}
    (made,) = recover(square.runtime())
    said = made.model_dump_json() + capsys.readouterr().err
    assert "% Unknown command near: password <secret>: line <secret>!" in said
    assert CANARY not in said
    assert CANARY.encode() not in b"".join(
        body
        for entry in square.wiring.service_log.entries("square")
        if entry.body
        and isinstance(body := square.wiring.service_log.body("square", entry.body.digest), bytes)
    )
