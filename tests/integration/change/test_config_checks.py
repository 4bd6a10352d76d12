"""The checks of config/checks around a change: what no longer holds takes it back, what was so before does not."""

import dataclasses
import json
import re

import pytest

from netmgr.cli import main
from netmgr.cli.view_change import show_result
from netmgr.errors import InputError
from netmgr.model.check import RoutesCheck
from netmgr.model.check_state import LldpNeighbor, Routes, Seen
from netmgr.model.origins import Origin
from netmgr.model.selection import Selection
from netmgr.model.state import InterfaceState
from netmgr.ports.checks import Check
from netmgr.workflows.checking import Suite
from netmgr.workflows.deploy import deploy, plan
from netmgr.workflows.gates import DeployRequest
from tests.integration.change.ring import NAMES as RING
from tests.integration.change.ring import Ring, waves

NAMES = ("r1", "r2", "r3", "r4")
LINKS = {"r1": ("r2", "eth1"), "r2": ("r1", "eth1"), "r3": ("r4", "eth1"), "r4": ("r3", "eth2")}


def run(world, **asked):
    selection = asked.pop("selection", Selection())
    return deploy(world.runtime(), selection, DeployRequest(**asked), given=None, approve=lambda _: True)


def write(world, text, name="a.yaml"):
    path = world.workspace / "config/checks" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def tells(device, question):
    """A router whose routes are its static ones, and who reaches whoever it has no blackhole for."""
    static = re.findall(r"^ip route (\S+) blackhole$", device.running, re.MULTILINE)
    interfaces = re.findall(r"^interface (\S+)$", device.running, re.MULTILINE)
    shut = re.findall(r"^interface (\S+)\n(?: .*\n)*? shutdown$", device.running, re.MULTILINE)
    other, port = LINKS[device.name]
    return Seen(
        routes=Routes(counts={"ipv4 static": len(static)}, present=frozenset(static)),
        interfaces=tuple(
            InterfaceState(
                name=name, enabled=name not in shut, carrier=name not in shut, addresses=frozenset()
            )
            for name in interfaces
        ),
        lldp=(LldpNeighbor(interface="eth1", device=other, port=port),),
        replied=frozenset(p for p in question.pings if f"{p.destination}/32" not in static),
        getters={getter.key: {"hostname": device.name} for getter in question.getters},
    )


@pytest.fixture
def square(world):
    """The four routers, deployed, with three static routes on r1."""
    for device in world.fleet.devices.values():
        device.look = tells
    statics(world, 3)
    assert run(world).outcome == "applied"
    return world


def statics(world, number, device=1):
    """Give r1 so many static routes."""
    routes = "".join(f"{{prefix: 198.51.{n}.0/24, discard: true}}, " for n in range(number))
    line = f"    static_routes: [{routes}]\n" if number else ""
    replace(world, device, line)


def replace(world, device, line):
    def change(text):
        kept = re.sub(r"    (static_routes|interfaces): .*\n", "", text)
        mark = f"    loopback: 10.255.0.{device}\n"
        return kept.replace(mark, mark + line)

    world.edit("inventory/square/hosts.yaml", change)


def told(result, *, name=None):
    return [
        (c.name, c.device, c.status, c.detail)
        for c in result.checks
        if c.name not in ("management", "read_back", "bgp_adjacency") and (name is None or c.name == name)
    ]


def test_a_change_that_loses_routes_goes_back_although_every_session_stays_up(square):
    write(square, "kept: {kind: routes, protocols: [static], lose_at_most: 34%}\n")
    before = square.running()
    statics(square, 1)
    result = run(square, confirm_in=60)
    assert (result.outcome, square.running()) == ("rolled_back", before)
    assert {c.status for c in result.checks if c.name == "bgp_adjacency"} <= {"passed"}
    detail = "ipv4 static: 1 routes, 3 before (at most 34% lost)"
    assert told(result) == [
        ("kept", "r1", "failed", detail),
        *(("kept", name, "passed", "ipv4 static 0") for name in ("r2", "r3", "r4")),
    ]
    assert [d.error for d in result.devices if d.device == "r1"] == [f"r1: check: kept: {detail}"]
    statics(square, 2)
    assert run(square, confirm_in=60).outcome == "applied"


def test_a_check_is_looked_at_when_what_it_watches_has_had_time_to_go_wrong(square):
    write(square, "kept: {kind: routes, settle: 7}\n")
    device = square.fleet.devices["r1"]
    asked = []

    def slowly(device, question):
        asked.append(square.clock.elapsed)
        return tells(device, question)

    device.look = slowly
    statics(square, 4)
    result = run(square, confirm_in=60)
    assert result.outcome == "applied"
    begun, looked = asked
    assert looked - begun >= 7


def test_a_check_that_does_not_hold_in_its_own_time_does_not_use_up_the_timer(square):
    write(square, "kept: {kind: routes, settle: 0, within: 5}\n")
    begun = square.clock.elapsed
    statics(square, 1)
    assert run(square, confirm_in=60).outcome == "rolled_back"
    assert 5 <= square.clock.elapsed - begun < 8


def test_what_comes_to_hold_in_time_passes(square):
    write(square, "kept: {kind: routes, settle: 0}\n")
    device, begun = square.fleet.devices["r1"], square.clock.elapsed

    def late(device, question):
        lost = device.pending and square.clock.elapsed < begun + 9
        return Seen(routes=Routes(counts={"ipv4 static": 1 if lost else 3}))

    device.look = late
    statics(square, 4)
    assert run(square, confirm_in=60).outcome == "applied"
    assert square.clock.elapsed - begun >= 9


def test_without_files_no_device_is_asked(square):
    for device in square.fleet.devices.values():
        device.look = None
    statics(square, 1)
    result = run(square)
    assert (result.outcome, told(result)) == ("applied", [])


def test_a_warning_is_told_and_the_change_stays(square, capsys):
    write(square, "kept: {kind: routes, severity: warn, devices: [r1]}\n")
    statics(square, 1)
    result = run(square, confirm_in=60)
    detail = "ipv4 static: 1 routes, 3 before (at most 0 lost)"
    assert (result.outcome, told(result)) == ("applied", [("kept", "r1", "failed", detail)])
    show_result(result, output="table")
    assert f"check failed (warning): r1: kept: {detail}" in capsys.readouterr().out.splitlines()
    show_result(result, output="json")
    document = json.loads(capsys.readouterr().out)
    assert [c["severity"] for c in document["checks"] if c["name"] == "kept"] == ["warn"]


def test_what_was_broken_before_is_told_and_not_blamed_on_the_change(square):
    write(
        square,
        "there: {kind: routes, settle: 0, devices: [r1], present: [203.0.113.0/24], lose_at_most: 100%}\n",
    )
    statics(square, 4)
    result = run(square)
    assert (result.outcome, told(result)) == (
        "applied",
        [("there", "r1", "pending", "203.0.113.0/24: no route (was so before)")],
    )


def test_a_blackhole_for_a_loopback_goes_back(square):
    write(square, "loopbacks: {kind: reachability, settle: 0, within: 2}\n")
    before = square.running()
    replace(square, 1, "    static_routes: [{prefix: 10.255.0.3/32, discard: true}]\n")
    result = run(square, confirm_in=60)
    assert (result.outcome, square.running()) == ("rolled_back", before)
    assert told(result)[:2] == [
        ("loopbacks", "r1", "failed", "r3 10.255.0.3: no answer"),
        ("loopbacks", "r2", "passed", "3 addresses answer"),
    ]


def test_interfaces_may_be_shut_on_purpose(square):
    write(square, "up: {kind: interfaces}\nwired: {kind: lldp}\n")
    replace(square, 1, "    interfaces: {eth1: {enabled: false}}\n")
    result = run(square, confirm_in=20)
    assert result.outcome == "applied"
    assert told(result)[:4] == [
        ("up", "r1", "passed", "2 up; eth1 is shut by this change"),
        ("wired", "r1", "pending", "eth2: r4:eth2 expected, nobody heard (was so before)"),
        ("up", "r2", "passed", "2 up"),
        ("wired", "r2", "pending", "eth2: r3:eth1 expected, nobody heard (was so before)"),
    ]


def test_a_state_that_cannot_be_read_is_never_passed(square):
    write(square, "kept: {kind: routes, settle: 0, within: 3, devices: [r2]}\n")
    square.fleet.devices["r2"].look = lambda *_: Seen(unanswered={"routes": "zebra is gone"})
    before = square.running()
    statics(square, 4)
    result = run(square, confirm_in=60)
    assert (result.outcome, square.running()) == ("rolled_back", before)
    assert told(result) == [("kept", "r2", "not_measured", "zebra is gone")]
    facts = [e.facts for e in square.wiring.service_log.entries("square", kind="change") if not e.device][-1]
    assert facts["checks"]["not_measured"] == 1


def test_lldp_that_does_not_run_is_told_and_stops_nothing(square):
    write(square, "cabling: {kind: lldp, devices: [r2]}\n")
    square.fleet.devices["r2"].look = lambda *_: Seen(unanswered={"lldp": "lldpd does not answer"})
    statics(square, 4)
    result = run(square, confirm_in=60)
    assert (result.outcome, told(result)) == (
        "applied",
        [("cabling", "r2", "not_measured", "lldpd does not answer")],
    )


def test_a_napalm_validate_file(square):
    rules = square.workspace / "config/checks/napalm"
    rules.mkdir(parents=True)
    (rules / "names.yaml").write_text("- get_facts: {hostname: '^r[12]$'}\n")
    write(square, "named: {kind: napalm_validate, file: napalm/names.yaml, devices: [r1, r3]}\n")
    statics(square, 4)
    result = run(square)
    assert (result.outcome, told(result)) == (
        "applied",
        [
            ("named", "r1", "passed", "1 getters comply"),
            ("named", "r3", "pending", "get_facts.hostname: '^r[12]$' expected, 'r3' found (was so before)"),
        ],
    )


def test_a_wrong_file_stops_plan_and_deploy_before_any_device_is_asked(square):
    write(square, "kept: {kind: routes, lose: 3}\n")
    statics(square, 4)
    square.fleet.devices["r1"].reachable = False
    for command in (lambda: run(square), lambda: plan(square.runtime(), Selection(), DeployRequest())):
        with pytest.raises(InputError, match=r"^config/checks/a.yaml:1: kept: unknown key 'lose'"):
            command()
    assert main.run(["-w", str(square.workspace), "validate"]) == 1


def test_a_secret_that_a_device_tells_is_hidden(square, monkeypatch):
    monkeypatch.setenv("NETMGR_SECRET_SQUARE__PEERING", "canary-word")
    rules = square.workspace / "config/checks/napalm"
    rules.mkdir(parents=True)
    (rules / "names.yaml").write_text("- get_facts: {hostname: ^r9$}\n")
    write(square, "named: {kind: napalm_validate, file: napalm/names.yaml, devices: [r1]}\n")
    square.fleet.devices["r1"].look = lambda *_: Seen(getters={"get_facts": {"hostname": "canary-word"}})
    replace(square, 1, "    bgp: {neighbors: {10.0.0.1: {auth_password: secret://env/peering}}}\n")
    square.edit(
        "inventory/square/hosts.yaml",
        lambda text: text.replace(
            "    bgp: {neighbors: {10.0.0.1: {auth_password: secret://env/peering}}}\n    bgp: {asn: 65001,",
            "    bgp: {neighbors: {10.0.0.1: {auth_password: secret://env/peering}}, asn: 65001,",
        ),
    )
    result = run(square)
    assert told(result) == [
        (
            "named",
            "r1",
            "pending",
            "get_facts.hostname: '^r9$' expected, '<secret:peering>' found (was so before)",
        )
    ]


class Checked(Ring):
    """Eight routers in a ring, each with a route for each of its sessions; they are checked for them."""

    def __init__(self, *layout):
        super().__init__(waves(*layout))
        spec = RoutesCheck(kind="routes", settle=0, within=4)
        self.check = Check(name="kept", spec=spec, origin=Origin("config/checks/a.yaml", 1))
        self.looks = []
        for device in self.devices.values():
            device.look = self.tells

    def tells(self, device, _question):
        up = sum(state.up for state in self.sessions(device))
        return Seen(routes=Routes(counts={"ipv4 bgp": up}))

    def runtime(self, **changes):
        return super().runtime(read_checks=lambda _: (self.check,), **changes)


@pytest.fixture
def looks(monkeypatch):
    """device → (status, detail), of each look."""
    every, look = [], Suite.look

    def kept(suite, *arguments, **named):
        results = look(suite, *arguments, **named)
        every.append({result.device: (result.status, result.detail) for result in results})
        return results

    monkeypatch.setattr(Suite, "look", kept)
    return every


def test_between_waves_what_a_later_wave_puts_right_is_pending(looks):
    ring = Checked(3, 3, 2)
    result = ring.deploy()
    assert result.outcome == "applied"
    lost = "ipv4 bgp: 1 routes, 2 before (at most 0 lost) (a later wave changes"
    waiting = ("pending", "its wave is still to come")
    assert looks[0] == {
        "r1": ("pending", f"{lost} r8)"),
        "r2": ("passed", "ipv4 bgp 2"),
        "r3": ("pending", f"{lost} r4)"),
        **dict.fromkeys(("r4", "r5", "r6", "r7", "r8"), waiting),
    }
    assert looks[-1] == dict.fromkeys(RING, ("passed", "ipv4 bgp 2"))


def test_a_failure_in_the_first_wave_leaves_the_later_ones_alone(looks):
    ring = Checked(3, 3, 2)
    ring.devices["r2"].faults["commit:after"] = lambda device: setattr(
        device, "look", lambda *_: Seen(routes=Routes(counts={}))
    )
    result = ring.deploy()
    assert result.outcome == "rolled_back"
    assert {d.device: d.outcome for d in result.devices} == {
        **dict.fromkeys(("r1", "r2", "r3"), "rolled_back"),
        **dict.fromkeys(("r4", "r5", "r6", "r7", "r8"), "refused"),
    }
    assert looks[-1]["r2"] == ("failed", "ipv4 bgp: 0 routes, 2 before (at most 0 lost)")


def test_each_wave_has_the_check_s_whole_time(looks):
    ring = Checked(3, 3, 2)
    ring.check = dataclasses.replace(ring.check, spec=RoutesCheck(kind="routes", settle=3))
    assert ring.deploy(confirm_in=200).outcome == "applied"
    unlooked = ("not_measured", "it is looked at 3 s after the commit, and that was not reached")
    assert [look["r2"] == unlooked for look in looks].count(False) == 3
    assert ring.clock.elapsed >= 9


def test_a_warning_alone_does_not_outlast_the_timer(looks):
    ring = Checked(8)
    ring.check = dataclasses.replace(
        ring.check, spec=RoutesCheck(kind="routes", settle=3000, severity="warn")
    )
    result = ring.deploy()
    assert (result.outcome, {c.status for c in result.checks if c.name == "kept"}) == (
        "applied",
        {"not_measured"},
    )


def test_a_check_that_the_timer_leaves_no_time_for_takes_the_change_back():
    ring = Checked(8)
    ring.check = dataclasses.replace(ring.check, spec=RoutesCheck(kind="routes", settle=3000))
    result = ring.deploy()
    detail = "it is looked at 3000 s after the commit, and that was not reached"
    assert result.outcome == "rolled_back"
    assert {d.error for d in result.devices if d.device == "r5"} == {f"r5: check: kept: {detail}"}


def test_interrupted_while_a_check_settles_everything_goes_back():
    ring = Checked(8)
    ring.check = dataclasses.replace(ring.check, spec=RoutesCheck(kind="routes", settle=20, severity="warn"))
    ring.devices["r1"].faults["commit:after"] = lambda _: setattr(ring, "interrupted", True)
    assert ring.deploy().outcome == "rolled_back"
