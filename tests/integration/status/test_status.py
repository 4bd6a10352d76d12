"""Status of a client with devices in memory: what the log knows, and what a login finds."""

import json

import pytest

from netmgr.cli import status as command
from netmgr.cli.main import run as netmgr
from netmgr.errors import DeviceError, Refused, UsageError
from netmgr.model.change import DeployResult
from netmgr.model.selection import Selection
from netmgr.workflows.audit import audit
from netmgr.workflows.deploy import deploy, writing
from netmgr.workflows.gates import DeployRequest
from netmgr.workflows.recover import recover
from netmgr.workflows.status import overview, status

NAMES = ("r1", "r2", "r3", "r4")
HOSTS = "inventory/square/hosts.yaml"


def run(world, **asked) -> DeployResult:
    return deploy(
        world.runtime(), Selection(), DeployRequest(**asked), given=None, approve=lambda _plan: True
    )


def found(world, *, contact=True, **selection):
    return status(world.runtime(), Selection(**selection), contact=contact)


def states(made):
    return {device.device: device.state for device in made.devices}


def test_a_client_of_which_nothing_is_known(world):
    made = found(world)
    assert states(made) == dict.fromkeys(NAMES, "never")
    assert {device.reachable for device in made.devices} == {True}
    assert (made.open_changes, made.last_change, made.last_audit, made.lock, made.entries, made.checkpoint) == (
        (), None, None, None, 0, None,
    )  # fmt: skip


def test_looking_changes_and_logs_nothing(world):
    run(world)
    before = world.running(), world.wiring.service_log.head("square")
    found(world)
    assert (world.running(), world.wiring.service_log.head("square")) == before


def test_what_the_log_knows_of_each_device(world):
    run(world, reason="first")
    assert states(found(world)) == dict.fromkeys(NAMES, "deployed")
    world.clock.sleep(3600)
    world.fleet.devices["r1"].running = "ip route 192.0.2.0/24 blackhole\n"
    world.fleet.devices["r2"].reachable = False
    audit(world.runtime(request="a-1"), Selection())
    made = found(world)
    assert states(made) == {"r1": "drifted", "r2": "unreachable", "r3": "compliant", "r4": "compliant"}
    assert made.devices[0].drifted_since == made.devices[0].audited is not None
    assert (made.last_audit.id, made.last_audit.outcome, dict(made.last_audit.devices)) == (
        "a-1", "unreachable", {"drifted": 1, "unreachable": 1, "compliant": 2},
    )  # fmt: skip
    assert (made.last_change.action, made.last_change.outcome, dict(made.last_change.devices)) == (
        "deploy", "applied", {"applied": 4},
    )  # fmt: skip
    world.fleet.devices["r2"].reachable = True
    run(world)
    assert states(found(world)) == {"r1": "deployed", "r2": "deployed", "r3": "deployed", "r4": "deployed"}


def test_the_lab_s_status_knows_nothing_of_the_network_s(world):
    run(world)
    audit(world.runtime(), Selection())
    made = status(world.runtime(target="lab"), Selection(), contact=False)
    assert (states(made), made.last_change, made.last_audit) == (dict.fromkeys(NAMES, "never"), None, None)


def test_a_device_that_cannot_be_reached_is_told_with_its_error(world):
    def refused(device):
        raise DeviceError(device.name, "connect", "login refused")

    world.fleet.devices["r2"].reachable = False
    world.fleet.devices["r3"].faults["connect"] = refused
    made = found(world)
    assert [(d.device, d.reachable, d.error) for d in made.devices] == [
        ("r1", True, None),
        ("r2", False, "r2: connect: no connection"),
        ("r3", False, "r3: connect: login refused"),
        ("r4", True, None),
    ]


def test_without_contact_no_device_is_asked(world):
    touched = []
    for device in world.fleet.devices.values():
        device.faults["connect"] = lambda device: touched.append(device.name)
    made = found(world, contact=False)
    assert (made.seconds, {device.reachable for device in made.devices}, touched) == (None, {None}, [])


def test_only_devices_that_are_ours_and_exist_are_contacted(world):
    world.edit(
        HOSTS,
        lambda text: text.replace("r3:\n  data:\n", "r3:\n  data:\n    lifecycle: planned\n").replace(
            "r4:\n  data:\n", "r4:\n  data:\n    lifecycle: external\n"
        ),
    )
    made = found(world)
    assert {d.device: (d.lifecycle, d.reachable) for d in made.devices} == {
        "r1": ("active", True), "r2": ("active", True), "r3": ("planned", None), "r4": ("external", None),
    }  # fmt: skip


def test_a_selection_and_a_typing_error_in_it(world):
    assert set(states(found(world, names=("r1", "r3")))) == {"r1", "r3"}
    with pytest.raises(UsageError, match="no device of square matches r9"):
        found(world, names=("r9",))


def test_a_held_change_its_timers_and_a_stranger_s(world):
    held = run(world, hold=True, confirm_in=60)
    stranger = world.fleet.devices["r4"]
    stranger.pending = "c-9"
    world.clock.sleep(10)
    made = found(world)
    (opened,) = made.open_changes
    assert (opened.change, opened.action, opened.held, opened.devices) == (held.change, "deploy", True, NAMES)
    pending = {d.device: (d.change, d.remaining) for d in made.devices}
    assert pending == {**dict.fromkeys(NAMES[:3], (held.change, 50.0)), "r4": (None, 50.0)}
    stranger.pending = None
    recover(world.runtime())
    assert found(world).open_changes == ()


def test_who_may_not_read_the_client_sees_no_status(world):
    with pytest.raises(Refused, match="p-1 may not read square"):
        status(world.runtime(permitted=lambda _action: False), Selection(), contact=True)


def test_who_holds_the_lock(world):
    with writing(world.runtime()):
        lock = found(world).lock
        assert (lock.holder, lock.since, lock.left) == ("p-1 on ops1", "2026-11-23T08:00:00+00:00", 60)
        world.clock.sleep(70)
        assert found(world).lock.left == -10
    assert found(world).lock is None


def test_every_client_by_the_log_alone(world):
    run(world)
    audit(world.runtime(), Selection())
    (world.workspace / "inventory/empty").mkdir()
    for file, text in {"client.yaml": "id: empty\n", "hosts.yaml": "{}\n"}.items():
        (world.workspace / "inventory/empty" / file).write_text(text)
    log, inventories = world.wiring.service_log, world.wiring.inventories
    empty, square = overview(log, inventories, "network", lambda _client: True)
    assert (empty.client, empty.devices, empty.open_changes, empty.last_audit) == ("empty", None, 0, None)
    assert (square.client, square.devices, square.last_audit.outcome) == ("square", 4, "compliant")
    assert [c.client for c in overview(log, inventories, "network", lambda c: c == "square")] == ["square"]
    assert overview(log, inventories, "lab", lambda c: c == "square")[0].last_audit is None


def test_the_screen_and_its_exit_code(world, monkeypatch, capsys):
    run(world)
    world.fleet.devices["r2"].reachable = False
    world.fleet.devices["r1"].running += "ip route 192.0.2.0/24 blackhole\n"
    audit(world.runtime(), Selection(names=("r1", "r3")))
    monkeypatch.setattr(command, "reading_runtime", world.commands)
    arguments = ["-w", str(world.workspace), "-c", "square", "status"]
    assert netmgr(arguments) == 3
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        "square         network, 2026-11-23 08:00 UTC",
        "devices        4 active · 4 frr",
        "reachable      3 of 4 in 0.0 s",
        "configuration  1 compliant, 2 deployed, 1 drifted",
        "last audit     1 drifted, 1 compliant 0 s ago by p-1",
        "last change    deploy 4 applied 0 s ago by p-1",
        "open           no change",
        "timers         none",
        "lock           free",
        "log            11 entries, no checkpoint",
        "",
        "CONFIGURATION  REACHABLE  DEVICES  WHY",
        "drifted        yes        r1       drift found 0 s ago",
        "deployed       no         r2       connect: no connection",
    ]
    world.fleet.devices["r2"].reachable = True
    assert netmgr([*arguments, "-o", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["schema"], document["client"], len(document["devices"])) == (
        "netmgr.status/1",
        "square",
        4,
    )
