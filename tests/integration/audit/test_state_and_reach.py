"""State and reach of an audit: real inventory, checks and policies; devices in memory say what a test wants."""

import dataclasses

import pytest

from netmgr.errors import Unreachable, WrongDevice
from netmgr.model.check_state import LldpNeighbor, Ping, Routes, Seen
from netmgr.model.selection import Selection
from netmgr.model.state import InterfaceState
from netmgr.workflows.audit import audit
from netmgr.workflows.deploy import deploy
from netmgr.workflows.gates import DeployRequest

NAMES = ("r1", "r2", "r3", "r4")
#: Who is at the other end of each interface.
ENDS = {
    f"r{number}": {"eth1": f"r{near}:{port}", "eth2": f"r{far}:{other}"}
    for number, near, port, far, other in (
        (1, 2, "eth1", 4, "eth2"),
        (2, 1, "eth1", 3, "eth1"),
        (3, 2, "eth2", 4, "eth1"),
        (4, 3, "eth2", 1, "eth2"),
    )
}


def seen(device, question, **changes):
    """A device of which all is well."""
    heard = tuple(
        LldpNeighbor(interface=name, device=end.split(":")[0], port=end.split(":")[1])
        for name, end in ENDS[device.name].items()
    )
    answer = {
        "lldp": heard if question.lldp else None,
        "replied": frozenset(question.pings) if question.pings else None,
        "routes": Routes(counts={"ipv4 bgp": 3}, present=frozenset(question.prefixes))
        if question.routes
        else None,
        "getters": {
            getter.key: {"os_version": "8.4.4", "hostname": device.name} for getter in question.getters
        },
    }
    return Seen(**answer | {key: change(answer[key]) for key, change in changes.items()})


@pytest.fixture
def square(world):
    made = deploy(world.runtime(), Selection(), DeployRequest(), given=None, approve=lambda _plan: True)
    assert made.outcome == "applied"
    for device in world.fleet.devices.values():
        device.look = seen
        address = {"r1": "10.0.0.0/31", "r2": "10.0.0.1/31", "r3": "10.0.0.3/31", "r4": "10.0.0.5/31"}
        second = {"r1": "10.0.0.7/31", "r2": "10.0.0.2/31", "r3": "10.0.0.4/31", "r4": "10.0.0.6/31"}
        device.interfaces = (
            InterfaceState(name="eth1", enabled=True, addresses=frozenset({address[device.name]})),
            InterfaceState(name="eth2", enabled=True, addresses=frozenset({second[device.name]})),
            InterfaceState(name="lo", enabled=True, addresses=frozenset({f"10.255.0.{device.name[1]}/32"})),
        )
    return world


def write(world, name, text):
    path = world.workspace / "config" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def told(made, part):
    return {
        device.device: [
            (f.check, f.rule, f.status, f.severity, f.detail) for f in device.findings if f.part == part
        ]
        for device in made.devices
        if any(f.part == part for f in device.findings)
    }


def held(made, device, part):
    found = next(one for one in made.devices if one.device == device)
    return [(one.check, one.rule) for one in found.passed if one.part == part]


def test_nothing_more_is_asked_unless_it_is_wanted(square):
    asked = []
    for device in square.fleet.devices.values():
        device.look = lambda device, question: asked.append(device.name) or seen(device, question)
    audit(square.runtime(), Selection())
    assert asked == []


def test_a_network_that_is_well(square):
    made = audit(square.runtime(), Selection(), ("state", "reach"))
    assert (told(made, "state"), told(made, "reach"), made.amiss) == ({}, {}, False)
    assert held(made, "r1", "state") == [
        ("bgp_adjacency", "bgp 10.0.0.1"),
        ("bgp_adjacency", "bgp 10.0.0.6"),
        ("interface", "eth1"),
        ("interface", "eth2"),
        ("lldp", "eth1"),
        ("lldp", "eth2"),
    ]
    assert held(made, "r1", "reach") == [("reachability", "loopbacks")]
    entries = list(square.wiring.service_log.entries("square", kind="audit"))
    assert [list(e.facts["parts"]) for e in entries] == [["state", "reach"]] * 5


def test_an_adjacency_a_cable_a_loopback(square):
    def deaf(pings):
        return frozenset(ping for ping in pings or () if ping.destination != "10.255.0.3")

    devices = square.fleet.devices
    devices["r1"].adjacencies = lambda _device: ()
    devices["r2"].interfaces = tuple(
        one.model_copy(update={"carrier": False}) if one.name == "eth2" else one
        for one in devices["r2"].interfaces
    )
    devices["r3"].look = lambda device, question: seen(
        device,
        question,
        lldp=lambda heard: tuple(one.model_copy(update={"port": "eth9"}) for one in heard or ()),
    )
    devices["r4"].look = lambda device, question: seen(device, question, replied=deaf)
    made = audit(square.runtime(), Selection(), ("state", "reach"))
    assert told(made, "state") == {
        "r1": [
            ("bgp_adjacency", f"bgp 10.0.0.{n}", "failed", "error", f"10.0.0.{n} to {who}: not there")
            for n, who in ((1, "r2"), (6, "r4"))
        ],
        "r2": [("interface", "eth2", "failed", "error", "eth2 to r3:eth1: no carrier")],
        "r3": [
            ("lldp", name, "failed", "error", f"{name}: {end} expected, {end.split(':')[0]}:eth9 heard")
            for name, end in ENDS["r3"].items()
        ],
    }
    assert told(made, "reach") == {
        "r4": [("reachability", "loopbacks", "failed", "error", "loopbacks: r3 10.255.0.3: no answer")]
    }
    assert made.amiss
    assert {device.status for device in made.devices} == {"compliant"}


CHECKS = """\
exit: {kind: routes, present: [203.0.113.0/24], lose_at_most: 0, gain_at_most: 0}
ports: {kind: interfaces, up: [eth1, eth9], devices: [r1]}
names: {kind: napalm_validate, file: napalm/n.yaml, severity: warn, devices: [r1]}
cables: {kind: lldp, devices: [r2]}
out: {kind: reachability, addresses: [192.0.2.1], devices: [r1]}
"""


def test_what_config_checks_ask_for_is_excused_by_nothing(square):
    write(square, "checks/square.yaml", CHECKS)
    write(square, "checks/napalm/n.yaml", "- get_facts: {hostname: '^r9$'}\n")
    interfaces = square.fleet.devices["r1"].interfaces
    square.fleet.devices["r1"].look = lambda device, question: seen(
        device,
        question,
        routes=lambda routes: routes.model_copy(update={"present": frozenset()}),
        replied=lambda pings: frozenset(),
    ).model_copy(update={"interfaces": interfaces if question.interfaces else None})
    square.fleet.devices["r2"].look = lambda device, question: seen(device, question, lldp=lambda heard: ())
    made = audit(square.runtime(), Selection(), ("state", "reach"))
    assert told(made, "state") == {
        "r1": [
            ("routes", "exit", "failed", "error", "exit: 203.0.113.0/24: no route"),
            ("interfaces", "ports", "failed", "error", "ports: eth9: not there"),
            (
                "napalm_validate",
                "names",
                "failed",
                "warning",
                "names: get_facts.hostname: '^r9$' expected, 'r1' found",
            ),
        ],
        "r2": [
            (
                "lldp",
                "cables",
                "failed",
                "error",
                "cables: eth1: r1:eth1 expected, nobody heard; eth2: r3:eth1 expected, nobody heard",
            )
        ],
    }
    assert told(made, "reach") == {
        "r1": [("reachability", "out", "failed", "error", "out: 192.0.2.1: no answer")]
    }
    assert held(made, "r2", "reach") == [("reachability", "loopbacks")]
    assert ("routes", "exit") in held(made, "r2", "state")


VERSIONS = "frr: {checked: '2026-01-01', source: the project, supported: [{minimum: %s}]}\n"


@pytest.mark.parametrize(("minimum", "well"), [("8.4", True), ("8.4.4", True), ("8.5", False)])
def test_versions(square, minimum, well):
    write(square, "policies/versions.yaml", VERSIONS % f"'{minimum}'")
    made = audit(square.runtime(), Selection(names=("r1",)), ("state",))
    failed = [f.detail for f in made.devices[0].findings if f.check == "version" and f.status == "failed"]
    old = "frr: 8.4.4 is older than 8.5, the oldest that is supported (looked up on 2026-01-01: the project)"
    assert failed == ([] if well else [old])
    assert (("version", "frr") in held(made, "r1", "state")) == well
    entry, _ = square.wiring.service_log.entries("square", kind="audit")
    assert entry.facts["software"] == ("passed" if well else "failed")


def test_devices_that_do_not_answer_are_their_own_trouble(square):
    def gone(device):
        raise Unreachable(device.name, "look", "the connection is gone")

    def dead(device):
        raise WrongDevice(device.name, "read", "bgpd is down")

    square.fleet.devices["r1"].faults["look"] = gone
    square.fleet.devices["r2"].faults["read"] = dead
    square.fleet.devices["r3"].faults["adjacencies"] = gone
    made = audit(square.runtime(), Selection(), ("state", "reach"))
    assert [device.status for device in made.devices] == ["compliant", "error", "compliant", "compliant"]
    assert told(made, "state") == {
        "r1": [("lldp", None, "not_measured", "info", "nobody is heard with LLDP on eth1, eth2")],
        "r3": [("adjacencies", None, "not_measured", "warning", "the connection is gone")],
    }
    assert told(made, "reach") == {
        "r1": [("reachability", "loopbacks", "not_measured", "warning", "loopbacks: the connection is gone")]
    }
    assert [f.check for f in made.devices[1].findings] == ["read"]


def test_a_device_in_maintenance_is_looked_at_and_its_neighbors_are_warned_of(square):
    square.edit(
        "inventory/square/hosts.yaml",
        lambda text: text.replace("r2:\n  data:\n", "r2:\n  data:\n    lifecycle: maintenance\n"),
    )
    square.fleet.devices["r1"].adjacencies = lambda _device: ()
    made = audit(square.runtime(), Selection(names=("r1",)), ("state",))
    assert [(f.rule, f.severity) for f in made.devices[0].findings] == [
        ("bgp 10.0.0.1", "warning"),
        ("bgp 10.0.0.6", "error"),
    ]


def test_what_a_device_says_is_shown_without_secrets(square, monkeypatch):
    monkeypatch.setenv("NETMGR_SECRET_SQUARE__PEER", "canary-1")
    line = "    extra_config: [{section: router bgp 65001, lines: [neighbor 192.0.2.1 password secret://env/peer]}]\n"
    square.edit(
        "inventory/square/hosts.yaml", lambda text: text.replace("r1:\n  data:\n", f"r1:\n  data:\n{line}")
    )
    square.fleet.devices["r1"].look = lambda device, question: seen(
        device,
        question,
        lldp=lambda heard: tuple(one.model_copy(update={"port": "canary-1"}) for one in heard or ()),
    )
    made = audit(square.runtime(), Selection(names=("r1",)), ("state",))
    assert "eth1: r2:eth1 expected, r2:<secret:peer> heard" in [f.detail for f in made.devices[0].findings]
    assert "canary" not in made.model_dump_json()


def test_pings_are_from_loopback_to_loopback(square):
    asked = {}
    square.fleet.devices["r1"].look = lambda device, question: (
        asked.update({device.name: set(question.pings)}) or seen(device, question)
    )
    audit(square.runtime(), Selection(), ("reach",))
    assert asked == {"r1": {Ping(destination=f"10.255.0.{n}", source="10.255.0.1") for n in (2, 3, 4)}}


def test_the_lab_and_the_network_ask_the_same(square):
    made = audit(dataclasses.replace(square.runtime(), target="lab"), Selection(), ("reach",))
    assert (made.target, told(made, "reach")) == ("lab", {})
