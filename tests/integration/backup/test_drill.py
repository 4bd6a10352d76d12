"""Drills: real backups (git, age), gates, transaction and log; the twin's devices are in memory, as the network's."""

import contextlib
import dataclasses
import json
from types import SimpleNamespace

import pytest

from netmgr.adapters.blobs_dir import EncryptedBlobs, PlanFiles
from netmgr.adapters.fleet_memory import MemoryDevice, MemoryFleet
from netmgr.adapters.locks_file import FileLocks
from netmgr.adapters.store_memory import MemoryServiceLog
from netmgr.cli import drill as command
from netmgr.cli.main import run as netmgr
from netmgr.errors import ConfigRejected, LabError, Refused, StoreError
from netmgr.model.lab import LabDevice, LabStatus
from netmgr.model.schedule import DrillJob
from netmgr.model.selection import Selection
from netmgr.platforms import FORMS
from netmgr.workflows.backup import backup
from netmgr.workflows.drill import drill
from netmgr.workflows.jobs import JOBS
from netmgr.workflows.rehearsal_watch import LIMIT
from tests.integration.conftest import NAMES, _sessions

HOSTS = "inventory/square/hosts.yaml"
SECRET = "pl4nted"


class Twins:
    """Boots twins in memory. ``faults`` are set on their devices, by name."""

    def __init__(self, world):
        self.world, self.networks, self.faults, self.fleet = world, [], {}, None

    @contextlib.contextmanager
    def __call__(self, outside, network, progress):
        world, own = self.world, self.world.workspace / f"twin{len(self.networks)}"
        own.mkdir()
        self.networks.append(network)
        nodes = [node.device for node in network.nodes]
        self.fleet = fleet = MemoryFleet(
            MemoryDevice(name, world.clock, FORMS["frr"].canonical) for name in nodes
        )
        for device in fleet.devices.values():
            device.adjacencies = lambda device: _sessions(fleet, device)
            device.faults.update(self.faults.get(device.name, {}))
        reached = {"address": "::1", "port": 22, "user": "x", "identity": "x", "known_hosts": "x"}
        status = LabStatus(
            client="square",
            devices=tuple(
                LabDevice(device=name, platform="frr", kind="real", ready=True, **reached) for name in nodes
            ),
        )
        world.clock.sleep(10)
        yield (
            SimpleNamespace(lab=SimpleNamespace(status=lambda _: status)),
            dataclasses.replace(
                outside,
                target="lab",
                fleet=fleet,
                log=MemoryServiceLog(world.clock),
                locks=FileLocks(own / "locks", world.clock, 60),
                snapshots=EncryptedBlobs(own / "snapshots", own / "snapshots.age"),
                plans=PlanFiles(own / "plans"),
                permitted=lambda _: True,
                backups=None,
            ),
        )


@pytest.fixture
def twins(square):
    return Twins(square)


def drilled(world, twins, **changes):
    return drill(world.runtime(boot=twins, **changes))


def outcomes(made):
    return {device.device: device.outcome for device in made.devices}


def logged(world):
    log = world.wiring.service_log
    return [(e.device, e.outcome, e.facts, e.body) for e in log.entries("square", kind="drill")]


def device_of(made, name):
    return next(device for device in made.devices if device.device == name)


def test_every_backup_is_restored_on_an_empty_twin_and_the_network_is_not_touched(square, twins):
    versions = {d.device: d.version for d in backup(square.runtime(), Selection()).devices}
    before = square.running(), square.journal(), square.entries()
    wanted = dict(before[0])
    # What the network is changed to afterwards is not what is proved.
    for device in square.fleet.devices.values():
        device.running += "ip route 192.0.2.0/24 blackhole\n"
        device.reachable = False
    made = drilled(square, twins)
    assert {node.device: node.startup for node in twins.networks[0].nodes} == dict.fromkeys(NAMES, "")
    assert {name: device.running for name, device in twins.fleet.devices.items()} == wanted
    assert (made.outcome, made.change, outcomes(made)) == (
        "passed",
        "applied",
        dict.fromkeys(NAMES, "proved"),
    )
    assert {d.device: (d.version, d.added, d.removed, d.down) for d in made.devices} == {
        name: (versions[name], 0, 0, ()) for name in NAMES
    }
    assert (made.adjacencies, made.up, made.reasons, made.warnings) == (8, 8, (), ())
    assert made.seconds["boot"] == 10
    assert made.proofs == (
        f"configuration proved restorable on a real FRR twin: 4 devices, {made.time[:10]}, "
        f"{made.seconds['recovered']:.1f} s",
    )
    assert (square.journal(), square.entries()) == before[1:]
    rows = logged(square)
    assert [row[:2] for row in rows] == [*((name, "proved") for name in NAMES), (None, "passed")]
    facts = rows[-1][2]
    assert (facts["drill"], facts["proved"], facts["missing"], facts["up"]) == (made.id, 4, 0, 8)
    assert (facts["proved_real"], facts["proved_emulated"]) == (4, 0)
    assert facts["milliseconds_boot"] == 10_000
    assert rows[0][2] == {
        "version": versions["r1"],
        "taken": device_of(made, "r1").taken,
        "kind": "real",
        "added": 0,
        "removed": 0,
        "down": 0,
    }


def test_a_device_without_a_backup_fails_the_drill_and_the_others_are_proved(square, twins):
    backup(square.runtime(), Selection(names=("r1", "r2", "r3")))
    made = drilled(square, twins)
    assert (made.outcome, outcomes(made)) == (
        "failed",
        dict.fromkeys(NAMES[:3], "proved") | {"r4": "missing"},
    )
    assert device_of(made, "r4").detail == "there is no backup of it"
    # The four ends of links to r4 cannot come up; they are said, and not waited for.
    assert (made.adjacencies, made.up, len(made.warnings)) == (4, 4, 2)
    assert "not on the twin: r1 bgp 10.0.0.6: nothing was restored on r4" in made.warnings
    assert square.clock.monotonic() < LIMIT


def test_nothing_to_restore_boots_nothing_and_fails(square, twins):
    made = drilled(square, twins)
    assert (made.outcome, outcomes(made), made.reasons) == (
        "failed",
        dict.fromkeys(NAMES, "missing"),
        ("there is nothing that could be restored",),
    )
    assert (twins.networks, made.proofs, made.change) == ([], (), None)
    assert logged(square)[-1][1] == "failed"


def test_one_in_quarantine_fails_the_drill_and_the_version_before_it_is_tried(square, twins):
    good = backup(square.runtime(), Selection()).devices[0].version
    square.fleet.devices["r1"].missing = ("bgpd",)
    backup(square.runtime(), Selection())
    made = drilled(square, twins)
    assert (made.outcome, outcomes(made)["r1"], device_of(made, "r1").version) == (
        "failed",
        "quarantined",
        good,
    )
    assert device_of(made, "r1").detail.startswith("its newest backup, of ")
    assert "is in quarantine: " in device_of(made, "r1").detail
    assert {name: word for name, word in outcomes(made).items() if name != "r1"} == dict.fromkeys(
        NAMES[1:], "proved"
    )
    # Once it is read well again it is trusted.
    square.fleet.devices["r1"].missing = ()
    square.fleet.devices["r1"].running += "ip route 192.0.2.0/24 blackhole\n"
    backup(square.runtime(), Selection())
    assert drilled(square, twins).outcome == "passed"


def test_only_a_version_in_quarantine(square, twins):
    square.fleet.devices["r1"].missing = ("bgpd",)
    backup(square.runtime(), Selection())
    made = drilled(square, twins)
    assert (outcomes(made)["r1"], device_of(made, "r1").version) == ("missing", None)
    assert "is in quarantine: " in device_of(made, "r1").detail


def test_a_device_that_reads_otherwise_than_its_backup(square, twins):
    """It forgets a line after everything was confirmed, and shows a secret in another: the diff hides it."""
    for device in square.fleet.devices.values():
        device.running = device.canonical(device.running + f"enable password {SECRET}\n")
    backup(square.runtime(), Selection())

    def forgets(device):
        device.running = device.running.replace(f"enable password {SECRET}\n", "enable password other\n")

    twins.faults["r2"] = {"confirm:after": forgets}
    made = drilled(square, twins)
    found = device_of(made, "r2")
    assert (made.outcome, found.outcome, found.added, found.removed) == ("failed", "different", 1, 1)
    assert found.detail == "2 lines differ from the backup once it is restored"
    assert "enable password" in found.diff
    document = made.model_dump_json()
    assert SECRET not in document
    assert "other" not in found.diff
    row = next(row for row in logged(square) if row[0] == "r2")
    assert square.wiring.service_log.body("square", row[3].digest) == found.diff.encode()


def test_a_line_that_a_device_refuses_is_that_device_s_failure_alone(square, twins):
    device = square.fleet.devices["r3"]
    device.running = device.canonical(device.running + f"enable password {SECRET}\n")
    backup(square.runtime(), Selection())

    def refuses(device):
        raise ConfigRejected(device.name, "load", f"% Unknown command: enable password {SECRET}")

    twins.faults["r3"] = {"load": refuses}
    made = drilled(square, twins)
    assert outcomes(made) == {"r1": "proved", "r2": "proved", "r3": "failed", "r4": "proved"}
    assert "Unknown command" in device_of(made, "r3").detail
    assert SECRET not in made.model_dump_json()
    assert made.outcome == "failed"


def test_adjacencies_that_do_not_come_up(square, twins):
    backup(square.runtime(), Selection())

    def deaf(device):
        device.adjacencies = lambda _: ()

    twins.faults["r1"] = {"confirm:after": deaf}
    made = drilled(square, twins)
    assert (made.outcome, outcomes(made)["r1"], device_of(made, "r1").down) == (
        "failed",
        "incomplete",
        ("bgp 10.0.0.1", "bgp 10.0.0.6"),
    )
    assert (made.up, made.adjacencies, "recovered" in made.seconds, made.proofs) == (6, 8, False, ())


def test_backups_that_do_not_work_together_are_no_proof(square, twins):
    device = square.fleet.devices["r1"]
    device.running = device.running.replace("remote-as 65002", "remote-as 65009")
    backup(square.runtime(), Selection())
    # r1's backup is of a time when it spoke to another AS: the change goes back, and says why.
    made = drilled(square, twins)
    assert (made.change, made.outcome, outcomes(made)) == (
        "rolled_back",
        "failed",
        dict.fromkeys(NAMES, "failed"),
    )
    assert any("10.0.0.1" in reason for reason in made.reasons)
    assert made.proofs == ()


def test_what_the_inventory_wants_since_the_backup_is_said_and_not_waited_for(square, twins):
    device = square.fleet.devices["r1"]
    for each, peer in (("r1", "10.0.0.1"), ("r2", "10.0.0.0")):
        device = square.fleet.devices[each]
        lines = device.running.splitlines(keepends=True)
        device.running = device.canonical("".join(line for line in lines if f" {peer} " not in line))
    backup(square.runtime(), Selection())
    made = drilled(square, twins)
    assert (made.outcome, made.adjacencies) == ("passed", 6)
    assert "r1 bgp 10.0.0.1: expected by the inventory, and not in the backup" in made.warnings


def test_a_backup_that_cannot_be_opened_is_its_device_s_failure(square, twins):
    backup(square.runtime(), Selection())

    class Torn:
        def __getattr__(self, name):
            return getattr(square.wiring.backups, name)

        def read(self, client, version):
            if version.note.device == "r4":
                raise StoreError("r4: running: is not what was kept")
            return square.wiring.backups.read(client, version)

    made = drilled(square, twins, backups=Torn())
    assert outcomes(made) == dict.fromkeys(NAMES[:3], "proved") | {"r4": "failed"}
    assert device_of(made, "r4").detail == "its backup cannot be opened: r4: running: is not what was kept"


def test_devices_in_maintenance_take_part_and_planned_ones_do_not(square, twins):
    def edit(text):
        for name, word in (("r1", "maintenance"), ("r4", "planned")):
            old = f"    loopback: 10.255.0.{name[1]}\n"
            text = text.replace(old, f"{old}    lifecycle: {word}\n")
        return text

    square.edit(HOSTS, edit)
    backup(square.runtime(), Selection())
    made = drilled(square, twins)
    assert (outcomes(made), made.left_out) == (dict.fromkeys(NAMES[:3], "proved"), {"r4": "planned"})


def test_a_repeated_request_is_answered_from_the_log(square, twins):
    backup(square.runtime(), Selection())
    made = drilled(square, twins, request="r-1")
    again = drilled(square, twins, request="r-1")
    assert (again, len(twins.networks)) == (made, 1)
    assert len(logged(square)) == 5


def test_what_cannot_be_logged_is_not_begun(square, twins):
    backup(square.runtime(), Selection())
    runtime = square.runtime(boot=twins)

    class Full:
        def __getattr__(self, name):
            return getattr(runtime.log, name)

        def append(self, *_args):
            raise StoreError("disk full")

    with pytest.raises(Refused) as raised:
        drill(dataclasses.replace(runtime, log=Full()))
    assert (raised.value.gate, twins.networks) == ("log", [])


def test_a_world_that_boots_no_twins_says_so(square):
    backup(square.runtime(), Selection())

    @contextlib.contextmanager
    def none(*_):
        raise LabError("no user namespaces")
        yield

    with pytest.raises(LabError, match="no user namespaces"):
        drill(square.runtime(boot=none))
    assert logged(square) == []


def test_the_job(square, twins):
    backup(square.runtime(), Selection())
    job = DrillJob(job="drill", cron="0 4 1 * *")
    assert JOBS["drill"].run(square.runtime(boot=twins), job, square.clock.now()) == "passed"
    assert logged(square)[-1][:2] == (None, "passed")


def test_the_command(square, twins, monkeypatch, capsys):
    @contextlib.contextmanager
    def commands(context):
        with square.commands(context) as (runtime, said):
            yield dataclasses.replace(runtime, boot=twins), said

    monkeypatch.setattr(command, "reading_runtime", commands)
    where = ["-w", str(square.workspace), "drill", "-c", "square"]
    assert netmgr(where) == 1
    assert "r1: missing: there is no backup of it" in capsys.readouterr().out
    backup(square.runtime(), Selection())
    assert netmgr(where) == 0
    said = capsys.readouterr().out
    assert "configuration proved restorable on a real FRR twin: 4 devices, " in said
    assert "time to restore service: not measured by a drill" in said
    assert "drill passed: 4 of 4 devices proved, 8 of 8 adjacencies up" in said
    assert netmgr([*where, "-o", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["schema"], document["outcome"]) == ("netmgr.drill/1", "passed")
    assert netmgr([*where, "--limit", "r1"]) == 64
    assert "of the client's whole network" in capsys.readouterr().err
