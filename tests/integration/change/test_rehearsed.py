"""What a rehearsal in the log means for a plan; and what a twin would boot with. Devices in memory, all else real."""

import json

import pytest

from netmgr.change.rehearsal import rehearsed_digest
from netmgr.errors import Refused, SecretError
from netmgr.model.rehearsal import LostPair, Outage, Rehearsal
from netmgr.model.selection import Selection
from netmgr.workflows.deploy import deploy, plan
from netmgr.workflows.gates import DeployRequest
from netmgr.workflows.lab import network_from
from netmgr.workflows.rehearsed import attached, note
from netmgr.workflows.rollback import rollback

NAMES = ("r1", "r2", "r3", "r4")
HOSTS = "inventory/square/hosts.yaml"
REQUIRED = "rehearsal: {required: true}\n"


def planned(world, **asked):
    return plan(world.runtime(**asked), Selection(), DeployRequest())


def run(world, *, given=None, target="network", **asked):
    return deploy(
        world.runtime(target=target), Selection(), DeployRequest(**asked), given=given, approve=lambda _: True
    )


def refused(world, **asked):
    """The gate that refuses a deploy, with its reason; nothing was touched then."""
    before = world.running(), world.journal(), world.entries()
    with pytest.raises(Refused) as raised:
        run(world, **asked)
    assert (world.running(), world.journal(), world.entries()) == before
    return raised.value.gate, raised.value.reason


def policy(world, text):
    (world.workspace / "config/policies").mkdir(exist_ok=True)
    (world.workspace / "config/policies/one.yaml").write_text(text)


def rehearsed(world, made, outcome="passed", target="network", **changes):
    """The entry of a rehearsal of the plan, as the workflow writes it."""
    fields = {
        "id": world.clock.new_id(),
        "plan": made.id,
        "client": "square",
        "target": target,
        "time": made.created,
        "basis": rehearsed_digest(made),
        "outcome": outcome,
        "change": "applied",
    }
    note(world.runtime(target=target), Rehearsal(**(fields | changes)))


def moved(world):
    world.edit(HOSTS, lambda text: text.replace("10.255.0.1", "10.254.0.1"))


NOT = ("rehearsal", "the policy asks for a change to be rehearsed, and it was not")


def test_a_policy_asks_for_exactly_this_plan_s_rehearsal(world):
    policy(world, REQUIRED)
    made = planned(world)
    assert (made.rehearsal, [each.gate for each in made.refused]) == (None, ["rehearsal"])
    assert refused(world, given=made) == NOT
    rehearsed(world, made)
    again = planned(world)
    assert again.id != made.id
    assert (again.refused, again.rehearsal.plan, again.rehearsal.exact) == ((), made.id, True)
    moved(world)  # another change, that nobody has rehearsed
    assert planned(world).rehearsal is None
    assert refused(world) == NOT
    world.edit(HOSTS, lambda text: text.replace("10.254.0.1", "10.255.0.1"))
    assert run(world, given=made).outcome == "applied"


def test_the_newest_rehearsal_counts(world):
    policy(world, REQUIRED)
    made = planned(world)
    rehearsed(world, made)
    lost = LostPair(source="r1", destination="r2", family="ipv4")
    rehearsed(world, made, "failed", partitions=(lost,), reasons=("1 pair",))
    gate, reason = refused(world, given=made)
    assert (gate, reason.endswith(" failed")) == ("rehearsal", True)
    outage = Outage(source="r1", destination="r2", family="ipv4", seconds=1.25, longest=1.0)
    rehearsed(world, made, outages=(outage,))
    found = attached(world.runtime(), made)
    assert (found.outcome, found.partitions, found.seconds_lost) == ("passed", 0, 1.25)
    assert run(world, given=made).outcome == "applied"


def test_a_rehearsal_of_an_earlier_form_of_the_plan_is_told_and_does_not_count(world):
    made = planned(world)
    rehearsed(world, made, basis="f" * 64)
    found = attached(world.runtime(), made)
    assert (found.plan, found.exact) == (made.id, False)
    policy(world, REQUIRED)
    gate, reason = refused(world, given=made)
    assert (gate, reason.endswith("is out of date")) == ("rehearsal", True)


def test_a_rehearsal_for_the_lab_is_none_for_the_network(world):
    policy(world, REQUIRED)
    made = planned(world)
    rehearsed(world, made, target="lab")
    assert refused(world, given=made) == NOT


def test_the_lab_and_a_dry_run_need_none_unless_asked(world):
    policy(world, REQUIRED)
    assert run(world, dry_run=True).outcome == "unchanged"
    assert refused(world, target="lab", gates=True) == NOT
    assert run(world, target="lab").outcome == "applied"


def test_breaking_the_glass_does_not_replace_a_rehearsal(world):
    policy(world, REQUIRED)
    assert refused(world, break_glass="it burns") == NOT


def test_a_rollback_needs_no_rehearsal(world):
    first = run(world)
    policy(world, REQUIRED)
    back = rollback(world.runtime(), first.change, DeployRequest(), approve=lambda _: True)
    assert back.outcome == "applied"


def test_a_rehearsal_is_no_change_of_the_network(world):
    made = planned(world)
    rehearsed(world, made)
    log = world.wiring.service_log
    (entry,) = log.entries("square", kind="rehearsal")
    assert (entry.action, entry.phase, entry.outcome, entry.change) == ("rehearse", "result", "passed", None)
    assert json.loads(log.body("square", entry.body.digest))["plan"] == made.id
    assert log.plan_used("square", made.id) is None
    assert log.open_intents("square", "network") == ()
    assert world.entries() == []
    # Nobody has deployed to the routers: what others have configured there is not taken over.
    for device in world.fleet.devices.values():
        device.running = "router rip\n"
    assert {each.gate for each in planned(world).refused} == {"takeover"}


def without_an_answer(world, *names):
    for name in names:
        world.fleet.devices[name].reachable = False


def test_a_twin_boots_with_what_runs_else_the_newest_snapshot_else_what_is_intended(world):
    """r1 runs what nobody intends; r2 and r3 do not answer, and were changed twice and once; r4 is not there yet."""
    deploy(
        world.runtime(),
        Selection(names=("r1", "r2", "r4")),
        DeployRequest(),
        given=None,
        approve=lambda _: True,
    )
    before = world.running()["r2"]
    world.edit(HOSTS, lambda text: text.replace("10.255.0.2", "10.254.0.2"))
    assert run(world, max_fail=0).outcome == "applied"
    world.fleet.devices["r1"].running += "router rip\n"
    world.edit(HOSTS, lambda text: text.replace("r4:\n  data:", "r4:\n  data:\n    lifecycle: planned"))
    without_an_answer(world, "r2", "r3")
    network, now = network_from(world.runtime(), "running")
    assert {one.device: one.source for one in now.devices} == {
        "r1": "running",
        "r2": "snapshot",
        "r3": "snapshot",
        "r4": "intended",
    }
    configs = {one.device: one.config for one in now.devices}
    assert configs["r1"] == world.running()["r1"]
    assert configs["r2"] == before
    assert configs["r3"] == ""  # as it was before its one change
    assert "router bgp 65004" in configs["r4"]
    startups = {node.device: node.startup for node in network.nodes}
    assert "router rip\n" in startups["r1"]
    assert startups["r3"] == ""
    assert [line.split(":")[0] for line in now.notes] == ["r2", "r3", "r4"]


def test_a_twin_of_what_was_never_read_nor_changed_boots_with_what_is_intended(world):
    without_an_answer(world, *NAMES)
    _, now = network_from(world.runtime(), "running")
    assert {one.source for one in now.devices} == {"intended"}
    _, wanted = network_from(world.runtime(), "intended")
    assert [one.config for one in now.devices] == [one.config for one in wanted.devices]
    assert wanted.notes == ()


def test_a_secret_that_cannot_be_resolved_is_named_and_replaced(world):
    world.edit(HOSTS, lambda text: text + "    extra_config: ['password secret://env/console']\n")
    _, now = network_from(world.runtime(), "intended")
    (r4,) = (one for one in now.devices if one.device == "r4")
    assert "password <secret:console>" in r4.config
    assert now.warnings == ("the secret console cannot be resolved: its name stands in for it",)
    with pytest.raises(SecretError):
        planned(world)
