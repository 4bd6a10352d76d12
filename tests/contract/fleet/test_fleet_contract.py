"""What every fleet must do, in memory and on real routers alike: the same tests, the same answers."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from netmgr.adapters.fleet_memory import MemoryDevice, MemoryFleet
from netmgr.adapters.system_clock import SystemClock
from netmgr.errors import DeviceError, Fenced, Unreachable
from netmgr.model.change import CommitOrder
from netmgr.model.check_state import Getter, Ping, Question, Routes, Seen
from netmgr.model.digest import sha256_hex
from netmgr.model.endpoint import Endpoint
from netmgr.model.marker import Marker
from netmgr.model.state import InterfaceState
from netmgr.platforms import FORMS
from netmgr.ports.fleet import Fleet
from tests.faults.file_fleet import FileFleet
from tests.waiting import wait_until

DEVICES = ("r1", "r2")
BASE = "interface eth1\n description base\n"
NEXT = "interface eth1\n description next\nip route 198.51.100.0/24 blackhole\n"


@dataclass
class World:
    """A fleet under test, and a way to cut a device's management from outside."""

    fleet: Fleet
    endpoints: tuple[Endpoint, ...]
    cut: Callable[[str, bool], None]
    clock: SystemClock


@pytest.fixture(params=["memory", "files", pytest.param("frr", marks=pytest.mark.lab)])
def world(request, tmp_path) -> Iterator[World]:
    clock = SystemClock()
    endpoints = tuple(
        Endpoint(device=name, platform="frr", hostname="", port=0, username="", known_hosts="")
        for name in DEVICES
    )
    if request.param == "files":
        files = FileFleet(tmp_path / "devices", clock, canonical)
        files.look = tells

        def cut_off(name: str, isolated: bool) -> None:
            device = files.device(name)
            device.reachable = not isolated
            files.keep(device)

        yield World(files, endpoints, cut_off, clock)
        return
    if request.param == "memory":
        devices = [MemoryDevice(name, clock, canonical, look=tells) for name in DEVICES]
        fleet = MemoryFleet(devices)

        def cut(name: str, isolated: bool) -> None:
            fleet.devices[name].reachable = not isolated

        yield World(fleet, endpoints, cut, clock)
        return
    yield request.getfixturevalue("frr_world")(World, clock)


def canonical(text: str) -> str:
    return FORMS["frr"].canonical(text)


def tells(device: MemoryDevice, question: Question) -> Seen:
    """What a router without neighbors can tell: its static routes, itself, and nothing of LLDP."""
    static = re.findall(r"^ip route (\S+) blackhole$", device.running, re.MULTILINE)
    counts = {"ipv4 static": len(static)} if static else {}
    facts = {"hostname": device.name, "vendor": "FRRouting"}
    known = [getter.key for getter in question.getters if getter.name == "get_facts"]
    others = {getter.key: "the driver has no it" for getter in question.getters if getter.name != "get_facts"}
    eth1 = InterfaceState(name="eth1", enabled=True, carrier=True, addresses=frozenset())
    return Seen(
        routes=Routes(counts=counts, present=frozenset({*static} & {*question.prefixes}))
        if question.routes
        else None,
        interfaces=(eth1,) if question.interfaces else None,
        replied=frozenset(p for p in question.pings if p.destination.startswith("127."))
        if question.pings
        else None,
        getters=dict.fromkeys(known, facts),
        unanswered={**({"lldp": "no lldpd"} if question.lldp else {}), **others},
    )


def order(world: World, before: str, after: str, *, seconds: int = 30, epoch: int = 1) -> CommitOrder:
    return CommitOrder(
        change=world.clock.new_id(),
        commit=world.clock.new_id(),
        epoch=epoch,
        expected=sha256_hex(canonical(before)),
        after=sha256_hex(canonical(after)),
        seconds=seconds,
        message="contract",
    )


def begin(world: World, session, after: str, *, seconds: int = 30) -> dict[str, CommitOrder]:
    """Bring both devices to BASE, then commit ``after`` with a timer."""
    assert session.connect(DEVICES) == dict.fromkeys(DEVICES)
    readings = session.read(DEVICES)
    for name in DEVICES:
        if readings[name].running != canonical(BASE):
            settle = {name: order(world, readings[name].running, BASE)}
            assert not isinstance(session.load({name: BASE})[name], DeviceError)
            assert session.commit(settle)[name].state == "pending"
            assert session.confirm(settle)[name].state == "confirmed"
    orders = {name: order(world, BASE, after, seconds=seconds) for name in DEVICES}
    for name, diff in session.load(dict.fromkeys(DEVICES, after)).items():
        assert isinstance(diff, str), (name, diff)
        assert diff
    states = session.commit(orders)
    assert {n: (s.state, s.running) for n, s in states.items()} == {
        n: ("pending", orders[n].after) for n in DEVICES
    }
    return orders


def ends(session, orders) -> dict[str, tuple[str, str]]:
    return {name: (state.state, state.running) for name, state in session.commit_state(orders).items()}


def test_confirmed(world):
    with world.fleet.session(world.endpoints) as session:
        orders = begin(world, session, NEXT)
        assert session.relogin(DEVICES) == dict.fromkeys(DEVICES)
        assert {n: s.state for n, s in session.confirm(orders).items()} == dict.fromkeys(DEVICES, "confirmed")
        assert ends(session, orders) == {n: ("confirmed", orders[n].after) for n in DEVICES}
        assert {n: r.running for n, r in session.read(DEVICES).items()} == dict.fromkeys(
            DEVICES, canonical(NEXT)
        )


def test_aborted(world):
    with world.fleet.session(world.endpoints) as session:
        orders = begin(world, session, NEXT)
        assert {n: s.state for n, s in session.abort(orders).items()} == dict.fromkeys(DEVICES, "rolled_back")
        assert ends(session, orders) == {n: ("rolled_back", orders[n].expected) for n in DEVICES}


def test_the_timer_brings_a_device_back_by_itself(world):
    with world.fleet.session(world.endpoints) as session:
        orders = begin(world, session, NEXT, seconds=2)
    with world.fleet.session(world.endpoints) as session:
        session.connect(DEVICES)
        wanted = {name: ("rolled_back", orders[name].expected) for name in DEVICES}
        wait_until(lambda: ends(session, orders) == wanted, seconds=20)


def test_closing_leaves_what_is_pending_pending(world):
    with world.fleet.session(world.endpoints) as session:
        orders = begin(world, session, NEXT)
    with world.fleet.session(world.endpoints) as session:
        session.connect(DEVICES)
        assert ends(session, orders) == {n: ("pending", orders[n].after) for n in DEVICES}
        assert {n: r.pending for n, r in session.read(DEVICES).items()} == {
            n: orders[n].commit for n in DEVICES
        }
        session.abort(orders)


def test_observing_logs_in_and_reads_what_runs_what_is_saved_and_what_is_pending(world):
    with world.fleet.session(world.endpoints) as session:
        session.confirm(begin(world, session, NEXT))
        orders = begin(world, session, NEXT)
    with world.fleet.session(world.endpoints) as session:
        probes = session.probe(DEVICES)
        assert {name: probe.pending for name, probe in probes.items()} == {
            name: made.commit for name, made in orders.items()
        }
        assert all(0 < probe.remaining <= 30 for probe in probes.values())
        for name, seen in session.observe(DEVICES).items():
            assert (seen.reading.running, seen.startup) == (canonical(NEXT), canonical(BASE))
            assert (seen.reading.digest, seen.reading.pending) == (orders[name].after, orders[name].commit)
        session.abort(orders)
        assert {name: probe.pending for name, probe in session.probe(DEVICES).items()} == dict.fromkeys(
            DEVICES
        )


def test_a_marker_is_another_one_after_a_change_and_only_then(world):
    with world.fleet.session(world.endpoints) as session:
        session.abort(begin(world, session, NEXT))
    with world.fleet.session(world.endpoints) as session:
        before = session.markers(DEVICES)
        assert session.markers(DEVICES) == before
        assert {type(marker) for marker in before.values()} == {Marker}
        digests = {name: seen.reading.digest for name, seen in session.observe(DEVICES).items()}
        assert digests == {name: reading.digest for name, reading in session.read(DEVICES).items()}
        orders = begin(world, session, NEXT)
        after = session.markers(DEVICES)
        assert [name for name in DEVICES if after[name] == before[name]] == []
        session.abort(orders)
    with world.fleet.session(world.endpoints) as session:
        assert session.markers(DEVICES) == before, "what tells is the configuration itself"


def test_a_device_that_names_nobody_is_no_error_and_one_that_is_gone_is(world):
    with world.fleet.session(world.endpoints) as session:
        assert {type(answer) for answer in session.last_changes(DEVICES).values()} == {Unreachable}
        assert session.connect(DEVICES) == dict.fromkeys(DEVICES)
        assert session.last_changes(DEVICES) == dict.fromkeys(DEVICES)
        assert session.last_changes(["r2"]) == {"r2": None}


def test_a_commit_for_another_state_of_the_device_is_fenced(world):
    with world.fleet.session(world.endpoints) as session:
        session.abort(begin(world, session, NEXT))
        session.load(dict.fromkeys(DEVICES, NEXT))
        stale = {"r1": order(world, NEXT, NEXT), "r2": order(world, BASE, NEXT, epoch=0)}
        answers = session.commit(stale)
        assert {name: type(answer) for name, answer in answers.items()} == dict.fromkeys(DEVICES, Fenced)
        assert {n: r.running for n, r in session.read(DEVICES).items()} == dict.fromkeys(
            DEVICES, canonical(BASE)
        )


def of(orders: dict[str, CommitOrder], epoch: int) -> dict[str, CommitOrder]:
    """The same orders by the holder of another lease."""
    return {name: order.model_copy(update={"epoch": epoch}) for name, order in orders.items()}


def fenced(answers) -> bool:
    return {name: type(answer) for name, answer in answers.items()} == dict.fromkeys(DEVICES, Fenced)


def test_once_a_later_lease_gave_an_order_the_earlier_one_can_neither_commit_nor_confirm_nor_abort(world):
    with world.fleet.session(world.endpoints) as session:
        orders = begin(world, session, NEXT)
        # Another change's writer may live, and is let end what it has begun; so is who only gives up its own.
        for stranger in ({"takes_over": True}, {}):
            theirs = {name: order(world, NEXT, NEXT, epoch=7).model_copy(update=stranger) for name in DEVICES}
            assert {n: s.state for n, s in session.abort(theirs).items()} == dict.fromkeys(DEVICES, "unknown")
        unknown = {
            name: made.model_copy(update={"commit": world.clock.new_id(), "epoch": 7, "takes_over": True})
            for name, made in of(orders, 1).items()
        }
        assert {n: s.state for n, s in session.abort(unknown).items()} == dict.fromkeys(DEVICES, "unknown")
        assert fenced(session.confirm(of(orders, 6)))
        assert fenced(session.abort(of(orders, 6)))
        assert ends(session, orders) == {n: ("pending", orders[n].after) for n in DEVICES}
        assert {n: s.state for n, s in session.abort(of(orders, 8)).items()} == dict.fromkeys(
            DEVICES, "rolled_back"
        )
        session.load(dict.fromkeys(DEVICES, NEXT))
        assert fenced(session.commit({name: order(world, BASE, NEXT, epoch=7) for name in DEVICES}))
        assert {n: r.running for n, r in session.read(DEVICES).items()} == dict.fromkeys(
            DEVICES, canonical(BASE)
        )


def test_a_confirm_shuts_out_who_came_before(world):
    with world.fleet.session(world.endpoints) as session:
        orders = begin(world, session, NEXT)
        assert {n: s.state for n, s in session.confirm(of(orders, 9)).items()} == dict.fromkeys(
            DEVICES, "confirmed"
        )
        session.load(dict.fromkeys(DEVICES, BASE))
        assert fenced(session.commit({name: order(world, NEXT, BASE, epoch=8) for name in DEVICES}))


def test_a_second_commit_while_one_is_pending_is_fenced(world):
    with world.fleet.session(world.endpoints) as session:
        orders = begin(world, session, NEXT)
        session.load(dict.fromkeys(DEVICES, BASE))
        again = {name: order(world, NEXT, BASE) for name in DEVICES}
        assert {n: type(a) for n, a in session.commit(again).items()} == dict.fromkeys(DEVICES, Fenced)
        assert ends(session, orders) == {n: ("pending", orders[n].after) for n in DEVICES}
        session.abort(orders)


def test_an_unknown_commit_is_unknown_and_can_be_neither_confirmed_nor_aborted(world):
    with world.fleet.session(world.endpoints) as session:
        session.abort(begin(world, session, NEXT))
        strangers = {name: order(world, BASE, NEXT) for name in DEVICES}
        wanted = {name: ("unknown", strangers[name].expected) for name in DEVICES}
        for operation in (session.commit_state, session.confirm, session.abort):
            assert {n: (s.state, s.running) for n, s in operation(strangers).items()} == wanted


def test_a_device_that_cannot_be_reached_answers_with_its_error_and_spoils_nothing(world):
    with world.fleet.session(world.endpoints) as session:
        orders = begin(world, session, NEXT)
        world.cut("r2", True)
        try:
            logins = session.relogin(DEVICES)
            assert logins["r1"] is None
            assert isinstance(logins["r2"], Unreachable)
            states = session.commit_state(orders)
            assert states["r1"].state == "pending"
            assert isinstance(states["r2"], Unreachable)
        finally:
            world.cut("r2", False)
        wait_until(lambda: session.relogin(["r2"]) == {"r2": None}, seconds=20)
        session.abort(orders)
        assert ends(session, orders) == {n: ("rolled_back", orders[n].expected) for n in DEVICES}


def test_a_read_only_command(world):
    with world.fleet.session(world.endpoints) as session:
        session.abort(begin(world, session, NEXT))
        answers = session.show({"r1": "show running-config", "r2": "show nothing"})
    assert list(answers) == ["r1", "r2"]
    assert " description base\n" in answers["r1"]
    assert isinstance(answers["r2"], DeviceError)
    assert (answers["r2"].device, answers["r2"].kind) == ("r2", "failed")


HERE, NOWHERE = Ping(destination="127.0.0.1"), Ping(destination="192.0.2.1")


def test_what_checks_ask(world):
    asked = Question(
        routes=True,
        prefixes=("198.51.100.0/24", "203.0.113.0/24"),
        interfaces=True,
        lldp=True,
        pings=(HERE, NOWHERE),
        getters=(Getter(name="get_facts"), Getter(name="get_optics")),
    )
    with world.fleet.session(world.endpoints) as session:
        orders = begin(world, session, NEXT)
        answers = session.look({"r1": asked, "r2": Question(interfaces=True)})
        seen = answers["r1"]
        assert list(answers) == ["r1", "r2"]
        assert (seen.routes.counts["ipv4 static"], seen.routes.present) == (1, {"198.51.100.0/24"})
        assert [(one.enabled, one.carrier) for one in seen.interfaces if one.name == "eth1"] == [(True, True)]
        assert seen.replied == {HERE}
        assert [facts["hostname"] for facts in seen.getters.values()] == ["r1"]
        assert (seen.lldp, sorted(seen.unanswered)) == (None, ["get_optics", "lldp"])
        other = answers["r2"]
        assert other == Seen(interfaces=other.interfaces)
        assert other.interfaces
        session.abort(orders)
        assert "ipv4 static" not in session.look({"r1": asked})["r1"].routes.counts


def test_a_device_without_a_connection_answers_no_check(world):
    with world.fleet.session(world.endpoints) as session:
        session.connect(["r1"])
        answers = session.look(dict.fromkeys(DEVICES, Question(routes=True)))
    assert isinstance(answers["r1"], Seen)
    assert isinstance(answers["r2"], Unreachable)
