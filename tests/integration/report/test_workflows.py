"""The report of what deploys, rollbacks and audits log: real inventory, templates and SQLite, devices in memory."""

import dataclasses

from netmgr.errors import ConfigRejected
from netmgr.model.selection import Selection
from netmgr.workflows.audit import audit
from netmgr.workflows.deploy import deploy
from netmgr.workflows.gates import DeployRequest
from netmgr.workflows.recover import confirm
from netmgr.workflows.report import ReportRequest, make_report
from netmgr.workflows.rollback import rollback
from tests.unit.report.reading import figures, rows

HOSTS = "inventory/square/hosts.yaml"
EVERYTHING = Selection()


def yes(_plan):
    return True


def run(world, *, only=(), **asked):
    return deploy(world.runtime(), Selection(names=only), DeployRequest(**asked), given=None, approve=yes)


def report(world, **asked):
    asked = {"month": "2026-11", "formats": ("json",), **asked}
    return make_report(world.runtime(), ReportRequest(**asked))


def loopback(world, device, address):
    world.edit(HOSTS, lambda text: text.replace(f"loopback: 10.255.0.{device}\n", f"loopback: {address}\n"))


def told(made):
    keys = ("action", "reason", "ticket", "devices", "outcome", "note")
    return [tuple(row[key] for key in keys) for row in rows(made, "changes")]


def test_a_month_of_changes(world):
    first = run(world, reason="first", ticket="T-1")
    run(world)
    loopback(world, 1, "10.255.9.1")
    moved = run(world, reason="two\nlines", ticket="T-2")
    rollback(world.runtime(), moved.change, DeployRequest(reason="back"), approve=yes)
    world.fleet.devices["r2"].reachable = False
    run(world, reason="r2 is away", ticket="T-3")
    world.fleet.devices["r2"].reachable = True

    def reject(device):
        raise ConfigRejected(device.name, "load", "bad line")

    world.fleet.devices["r1"].faults["load"] = reject
    run(world, reason="rejected", ticket="T-4")
    del world.fleet.devices["r1"].faults["load"]
    held = run(world, reason="held", hold=True)
    open_ = report(world)
    confirm(world.runtime(), held.change)
    made = report(world)
    every = ["r1", "r2", "r3", "r4"]
    entry = {row["change"]: row["seq"] for row in rows(made, "changes")}
    undo = next(row["seq"] for row in rows(made, "changes") if row["action"] == "rollback")
    assert told(made) == [
        ("deploy", "first", "T-1", every, "applied", None),
        ("deploy", "two\nlines", "T-2", ["r1"], "applied", f"rolled back later, by entry {undo}"),
        (
            "rollback",
            "back",
            None,
            ["r1"],
            "applied",
            f"brings back what was before entry {entry[moved.change]}",
        ),
        ("deploy", "r2 is away", "T-3", ["r1", "r2"], "failed", "stopped at connecting: r2"),
        ("deploy", "rejected", "T-4", ["r1"], "failed", "stopped at loading: r1"),
        ("deploy", "held", None, ["r1"], "applied", "held, then ended by a later command"),
    ]
    assert told(open_)[-1] == ("deploy", "held", None, ["r1"], "pending", None)
    assert (figures(open_)["unsettled"], figures(made)["unsettled"]) == (1, 0)
    assert figures(made)["changes"] == 6
    sizes = {row["change"]: (row["added"], row["removed"]) for row in rows(made, "changes")}
    assert sizes[first.change] == (
        sum(device.running.count("\n") for device in world.fleet.devices.values()),
        0,
    )
    assert sizes[moved.change][0] == sizes[moved.change][1] > 0


def test_drift_is_found_told_and_put_right(world):
    run(world, reason="first")
    audit(world.runtime(), EVERYTHING)
    router = world.fleet.devices["r1"]
    router.running = router.startup = "ip route 192.0.2.0/24 blackhole\n" + router.running
    world.clock.sleep(86400)
    audit(world.runtime(), EVERYTHING)
    world.clock.sleep(2 * 86400)
    made = report(world)
    assert [(r["device"], r["age"], r["added"], r["removed"]) for r in rows(made, "drift")] == [
        ("r1", 2 * 86400, 0, 1)
    ]
    keys = ("devices", "compliant", "drifted", "unreachable", "error", "outcome")
    assert [tuple(row[key] for key in keys) for row in rows(made, "audits")] == [
        (4, 4, 0, 0, 0, "compliant"),
        (4, 3, 1, 0, 0, "drifted"),
    ]
    assert figures(made)["intended"] == "3 of 4"
    run(world, reason="as the audit found")
    made = report(world)
    assert (rows(made, "drift"), figures(made)["intended"]) == ([], "4 of 4")
    audit(world.runtime(), EVERYTHING)
    states = [(row["device"], row["state"]) for row in rows(report(world), "devices", "devices")]
    assert states == [(name, "compliant") for name in ("r1", "r2", "r3", "r4")]


def test_a_report_reads_no_device(world):
    run(world, reason="first")
    before = world.journal()
    runtime = dataclasses.replace(world.runtime(), fleet=None, locks=None, secrets=None)
    asked = ReportRequest(formats=("html",), month="2026-11")
    made = make_report(runtime, asked)
    assert (made.holds, world.journal()) == (True, before)
