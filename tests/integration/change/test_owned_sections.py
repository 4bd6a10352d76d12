"""A device that is managed in part: plan, deploy, audit and rollback speak of its owned sections alone."""

import pytest

from netmgr.errors import InputError
from netmgr.model.selection import Selection
from netmgr.platforms import FORMS
from netmgr.workflows.audit import audit
from netmgr.workflows.deploy import deploy, plan
from netmgr.workflows.gates import DeployRequest
from netmgr.workflows.rollback import rollback

HOSTS = "inventory/square/hosts.yaml"
R1 = Selection(names=("r1",))
#: What somebody else has on r1: netmgr's inventory says other things of BGP, and nothing of the rest.
THEIRS = """\
log syslog informational
interface eth1
 description theirs
 ip address 10.7.7.7/24
router bgp 64999
 neighbor 10.7.7.8 remote-as 64998
ip route 198.51.100.0/24 blackhole
ip prefix-list THEIRS seq 5 permit any
"""
OURS = "ip route 203.0.113.0/24 blackhole\n"


@pytest.fixture
def part(world):
    """r1 with its owner's configuration; its static routes are ours."""
    canonical = FORMS["frr"].canonical
    r1 = world.fleet.devices["r1"]
    r1.running = r1.startup = canonical(THEIRS)
    ours = "r1:\n  data:\n    owned_sections: [static_routes]\n"
    routes = "    static_routes: [{prefix: 203.0.113.0/24, discard: true}]\n"
    world.edit(HOSTS, lambda text: text.replace("r1:\n  data:\n", ours + routes))
    return world


def run(world, **asked):
    return deploy(world.runtime(), R1, DeployRequest(**asked), given=None, approve=lambda _: True)


def exchanged(text, old, new):
    assert old in text
    return FORMS["frr"].canonical(text.replace(old, new))


def test_the_plan_merges_what_is_owned_and_needs_no_takeover(part):
    [device] = plan(part.runtime(), R1, DeployRequest()).devices
    assert (device.action, device.added, device.removed, device.takeover) == ("merge", 1, 1, False)
    assert [line for line in device.diff.splitlines()[2:] if line[0] in "+-"] == [
        "-ip route 198.51.100.0/24 blackhole",
        "+ip route 203.0.113.0/24 blackhole",
    ]
    assert "only static_routes: all else stays as it is on the device" in device.warnings


def test_a_deploy_an_audit_and_a_rollback_leave_the_rest_alone(part):
    r1 = part.fleet.devices["r1"]
    done = run(part)
    deployed = exchanged(THEIRS, "ip route 198.51.100.0/24 blackhole\n", OURS)
    assert (done.outcome, r1.running, r1.startup) == ("applied", deployed, deployed)
    assert run(part).outcome == "unchanged"

    r1.running = r1.startup = exchanged(deployed, "description theirs", "description theirs, changed")
    [device] = audit(part.runtime(), R1).devices
    assert (device.status, device.diff) == ("compliant", "")
    assert [(f.check, f.severity, f.detail) for f in device.findings] == [
        ("owned_sections", "info", "only these are compared: static_routes")
    ]
    r1.running = r1.startup = exchanged(r1.running, OURS, "ip route 192.0.2.0/24 blackhole\n")
    [device] = audit(part.runtime(), R1).devices
    assert (device.status, device.added, device.removed) == ("drifted", 1, 1)
    r1.running = r1.startup = exchanged(r1.running, "ip route 192.0.2.0/24 blackhole\n", OURS)

    undone = rollback(part.runtime(), done.change, DeployRequest(), given=None, approve=lambda _: True)
    assert undone.outcome == "applied"
    assert r1.running == FORMS["frr"].canonical(
        THEIRS.replace("description theirs", "description theirs, changed")
    )


def test_an_owned_line_in_a_section_that_is_not_there_is_refused_and_changes_nothing(part):
    part.edit(HOSTS, lambda text: text.replace("[static_routes]", "[ospf]"))
    part.edit(
        "inventory/square/topology.yaml",
        lambda text: text.replace("bgp: true", "bgp: true\n    ospf: {area: 0}"),
    )
    before = part.fleet.devices["r1"].running
    with pytest.raises(InputError) as refused:
        run(part)
    assert refused.value.problems == (
        "r1: owned_sections: the device lacks interface eth2, interface lo; own it too, or make it on the device",
    )
    assert (part.fleet.devices["r1"].running, part.journal()["r1"]) == (before, [])


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("[static_route]", "static_route cannot be managed by itself on frr; did you mean 'static_routes'?"),
        ("[ntp]", "ntp cannot be managed by itself on frr"),
        ("[]", "names no feature; name those that are managed, or leave the key out to manage all"),
    ],
)
def test_bad_owned_sections_are_named_with_their_line(part, value, problem):
    part.edit(HOSTS, lambda text: text.replace("[static_routes]", value))
    with pytest.raises(InputError) as refused:
        plan(part.runtime(), R1, DeployRequest())
    [said] = refused.value.problems
    assert said.startswith(f"{HOSTS}:3: ")
    assert problem in said
