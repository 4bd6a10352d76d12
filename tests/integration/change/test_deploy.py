"""A change ends all-new or all-old; the devices' journals and the log say so."""

import pytest

from netmgr.errors import ConfigRejected, Refused, UsageError
from netmgr.model.selection import Selection
from netmgr.workflows.deploy import deploy, parse_plan, plan, saved
from netmgr.workflows.gates import DeployRequest
from netmgr.workflows.recover import confirm, recover
from netmgr.workflows.rollback import rollback
from tests.integration.change.deploying import (
    EVERYTHING,
    NAMES,
    LineLost,
    other_as,
    outcomes,
    run,
    yes,
)


def test_the_first_deploy_applies_and_the_second_finds_nothing_to_do(world):
    first = run(world, reason="first")
    assert (first.outcome, outcomes(first)) == ("applied", dict.fromkeys(NAMES, "applied"))
    assert {check.status for check in first.checks} == {"passed"}
    assert {name: d.startup for name, d in world.fleet.devices.items()} == world.running()
    assert world.journal() == dict.fromkeys(NAMES, ["committed", "confirmed"])
    assert world.entries() == [
        ("deploy", "intent", None, None),
        ("deploy", "decision", None, None),
        *(("deploy", "result", name, "applied") for name in NAMES),
        ("deploy", "result", None, "applied"),
    ]
    before = world.running()
    second = run(world)
    assert (second.outcome, outcomes(second)) == ("unchanged", dict.fromkeys(NAMES, "unchanged"))
    assert (world.running(), world.journal()) == (before, dict.fromkeys(NAMES, ["committed", "confirmed"]))


def test_a_change_that_breaks_a_session_that_was_up_goes_back_everywhere(world):
    run(world)
    before = world.running()
    other_as(world)
    result = run(world, selection=Selection(names=("r1",)), confirm_in=20)
    assert (result.outcome, outcomes(result)) == ("rolled_back", {"r1": "rolled_back"})
    assert sorted((c.name, c.device, c.status, c.detail) for c in result.checks if c.status != "passed") == [
        ("bgp_adjacency", "r1", "failed", "10.0.0.1: Active"),
        ("bgp_adjacency", "r1", "failed", "10.0.0.6: Active"),
    ]
    assert world.running() == before
    assert world.clock.elapsed < 20, "brought back at once, not by the timer"


def test_the_same_change_at_both_ends_passes(world):
    run(world)
    other_as(world)
    result = run(world)
    assert outcomes(result) == {"r1": "applied", "r2": "applied", "r3": "unchanged", "r4": "applied"}


def test_a_refused_line_stops_the_change_before_any_commit(world):
    def reject(device):
        raise ConfigRejected(device.name, "load", "line 3: Unknown command: frobnicate")

    world.fleet.devices["r2"].faults["load"] = reject
    result = run(world)
    assert (result.outcome, outcomes(result)) == (
        "failed",
        {"r1": "refused", "r2": "failed", "r3": "refused", "r4": "refused"},
    )
    assert result.devices[1].error == "r2: load: line 3: Unknown command: frobnicate"
    assert world.journal() == dict.fromkeys(NAMES, [])
    assert world.entries()[-1] == ("deploy", "result", None, "failed")


def test_with_max_fail_an_unreachable_device_is_left_out_and_the_rest_done(world):
    world.fleet.devices["r3"].reachable = False
    stopped = run(world)
    assert (stopped.outcome, outcomes(stopped)["r3"]) == ("failed", "failed")
    assert [phase for _, phase, _, _ in world.entries()] == ["result"] * 5, (
        "nothing was intended, all was answered"
    )
    assert world.journal() == dict.fromkeys(NAMES, [])
    result = run(world, max_fail=1)
    assert (result.outcome, outcomes(result)) == (
        "applied",
        {"r1": "applied", "r2": "applied", "r3": "failed", "r4": "applied"},
    )


@pytest.mark.parametrize("phase", ["commit", "commit:after"])
def test_an_answer_lost_at_the_commit_is_settled_by_what_the_device_reads(world, phase):
    run(world)
    before = world.running()
    world.edit("inventory/square/hosts.yaml", lambda text: text.replace("10.255.0.", "10.254.0."))

    def lose(device):
        raise LineLost(device.name, "commit", "the answer did not arrive")

    world.fleet.devices["r2"].faults[phase] = lose
    result = run(world, confirm_in=20)
    if phase == "commit":
        assert result.outcome == "rolled_back"
        assert outcomes(result) == {
            "r1": "rolled_back",
            "r2": "failed",
            "r3": "rolled_back",
            "r4": "rolled_back",
        }
        assert world.running() == before
    else:
        assert (result.outcome, outcomes(result)) == ("applied", dict.fromkeys(NAMES, "applied"))


@pytest.mark.parametrize("answered", [True, False], ids=["behind the answer", "before the answer"])
def test_a_connection_that_its_own_commit_cut_is_not_missed_before_the_new_login(world, answered):
    """It costs the checks no more than a moment, and nothing where the commit's answer is missing already."""
    run(world)
    world.edit("inventory/square/hosts.yaml", lambda text: text.replace("10.255.0.", "10.254.0."))
    device = world.fleet.devices["r2"]
    asked = []

    def cut(device):
        def unheard(device):
            asked.append(device.name)
            world.clock.sleep(120 if device.patience is None else device.patience)
            raise LineLost(device.name, "state", "no answer")

        device.faults["adjacencies"] = unheard
        device.faults["relogin"] = lambda device: device.faults.pop("adjacencies", None)
        if not answered:
            raise LineLost(device.name, "commit", "the answer did not arrive")

    device.faults["commit:after"] = cut
    result = run(world, confirm_in=20)
    assert (result.outcome, outcomes(result)) == ("applied", dict.fromkeys(NAMES, "applied"))
    assert asked == ["r2"] * answered


def test_a_device_that_reads_otherwise_than_planned_takes_everything_back(world):
    run(world)
    before = world.running()
    world.edit("inventory/square/hosts.yaml", lambda text: text.replace("10.255.0.", "10.254.0."))

    def normalise(device):
        device.running = device.running.replace("10.254.0.2/32", "10.254.0.0/24")

    world.fleet.devices["r2"].faults["commit:after"] = normalise
    result = run(world, confirm_in=20)
    assert (result.outcome, outcomes(result)) == ("rolled_back", dict.fromkeys(NAMES, "rolled_back"))
    assert [(c.device, c.detail) for c in result.checks if c.status == "failed"] == [
        ("r2", "the configuration read back is not the planned one")
    ]
    assert world.running() == before


def test_a_device_that_boots_while_its_commit_is_pending_has_gone_back(world):
    run(world)
    before = world.running()
    world.edit("inventory/square/hosts.yaml", lambda text: text.replace("10.255.0.", "10.254.0."))

    def reboot(device):
        device.running, device.pending = device.startup, None  # and nothing is known of any commit

    world.fleet.devices["r2"].faults["relogin"] = reboot
    result = run(world, confirm_in=20)
    assert (result.outcome, outcomes(result)) == ("rolled_back", dict.fromkeys(NAMES, "rolled_back"))
    assert world.running() == before


def test_a_change_that_cuts_its_own_management_comes_back_by_the_timer(world):
    run(world)
    before = world.running()
    world.edit("inventory/square/hosts.yaml", lambda text: text.replace("10.255.0.", "10.254.0."))
    device = world.fleet.devices["r4"]

    def cut(device):
        device.reachable = False
        device.faults["relogin"] = restore
        raise LineLost(device.name, "commit", "the connection broke")

    def restore(device):
        if device.pending is None:
            device.reachable = True

    device.faults["commit:after"] = cut
    result = run(world, confirm_in=20)
    assert (result.outcome, outcomes(result)) == ("rolled_back", dict.fromkeys(NAMES, "rolled_back"))
    assert world.running() == before


def test_a_device_that_stays_away_is_in_doubt_and_blocks_the_next_deploy(world):
    run(world)
    before = world.running()
    world.edit("inventory/square/hosts.yaml", lambda text: text.replace("10.255.0.", "10.254.0."))

    def vanish(device):
        device.reachable = False
        raise LineLost(device.name, "commit", "the connection broke")

    world.fleet.devices["r4"].faults["commit:after"] = vanish
    result = run(world, confirm_in=20)
    assert (result.outcome, outcomes(result)["r4"]) == ("in_doubt", "in_doubt")
    assert {n: r for n, r in world.running().items() if n != "r4"} == {
        n: r for n, r in before.items() if n != "r4"
    }


def test_interrupted_in_the_checks_everything_goes_back(world):
    run(world)
    before = world.running()
    other_as(world)

    def interrupt(_device):
        world.interrupted = True

    world.fleet.devices["r1"].faults["relogin"] = interrupt
    result = run(world, selection=Selection(names=("r1",)))
    assert (result.outcome, world.running()) == ("rolled_back", before)
    assert world.clock.elapsed < 5


def test_held_then_confirmed(world):
    held = run(world, hold=True)
    assert (held.outcome, held.devices) == ("pending", ())
    assert world.journal() == dict.fromkeys(NAMES, ["committed"])
    with pytest.raises(Refused) as refusal:
        run(world)
    assert (refusal.value.gate, refusal.value.code) == ("open_change", 5)
    result = confirm(world.runtime(), held.change)
    assert (result.outcome, outcomes(result)) == ("applied", dict.fromkeys(NAMES, "applied"))
    with pytest.raises(Refused, match="is not open"):
        confirm(world.runtime(), held.change)


def test_held_and_forgotten_it_goes_back_and_recover_says_so(world):
    run(world, hold=True)
    world.clock.elapsed += 1000
    assert world.running() != dict.fromkeys(NAMES, "")
    results = recover(world.runtime())
    assert [(r.outcome, outcomes(r)) for r in results] == [
        ("rolled_back", dict.fromkeys(NAMES, "rolled_back"))
    ]
    assert world.running() == dict.fromkeys(NAMES, "")
    assert recover(world.runtime()) == ()
    decisions = [
        e.facts["decision"] for e in world.wiring.service_log.entries("square") if e.phase == "decision"
    ]
    assert decisions == ["hold", "abort"]


def test_a_repeated_request_returns_the_first_result_and_changes_nothing(world):
    first = run(world, request="request-7")
    other_as(world)
    again = run(world, request="request-7")
    assert (again.change, again.plan, again.outcome, outcomes(again)) == (
        first.change,
        first.plan,
        "applied",
        outcomes(first),
    )
    assert world.journal() == dict.fromkeys(NAMES, ["committed", "confirmed"])


def test_a_dry_run_commits_and_logs_nothing(world):
    result = run(world, dry_run=True)
    assert (result.outcome, outcomes(result), result.change) == (
        "unchanged",
        dict.fromkeys(NAMES, "refused"),
        None,
    )
    assert (world.journal(), world.entries()) == (dict.fromkeys(NAMES, []), [])


def test_a_saved_plan_runs_once(world):
    made = parse_plan(saved(plan(world.runtime(), EVERYTHING, DeployRequest())), "plan")
    result = run(world, given=made)
    assert (result.outcome, result.plan) == ("applied", made.id)
    with pytest.raises(Refused) as refusal:
        run(world, given=made)
    assert str(refusal.value) == f"refused (stale_plan): plan {made.id} has run already; plan again"


def own_template(world):
    directory = world.workspace / "inventory/square/templates/frr"
    directory.mkdir(parents=True)
    (directory / "ospf.j2").write_text('{% extends "workspace/ospf.j2" %}\n')


STALE = [
    ("the inventory has changed", other_as),
    (
        "the templates have changed",
        lambda world: world.edit("templates/frr/main.j2", lambda text: text + "{# #}\n"),
    ),
    ("the templates have changed", own_template),
    (
        "the running configuration has changed on r2",
        lambda world: setattr(world.fleet.devices["r2"], "running", "ip route 192.0.2.0/24 blackhole\n"),
    ),
]


@pytest.mark.parametrize(("reason", "change"), STALE)
def test_a_stale_plan_is_refused(world, reason, change):
    made = parse_plan(saved(plan(world.runtime(), EVERYTHING, DeployRequest())), "plan")
    change(world)
    changed = world.running()
    with pytest.raises(Refused) as refusal:
        run(world, given=made)
    assert str(refusal.value) == f"refused (stale_plan): {reason}; plan again"
    assert world.running() == changed
    assert world.journal() == dict.fromkeys(NAMES, [])


def test_a_device_that_somebody_else_configured_is_taken_over_only_by_name(world):
    world.fleet.devices["r2"].running = "ip route 192.0.2.0/24 blackhole\n"
    with pytest.raises(Refused) as refusal:
        run(world)
    assert (refusal.value.gate, refusal.value.code) == ("takeover", 5)
    assert world.journal() == dict.fromkeys(NAMES, [])
    assert run(world, takeover=frozenset({"r2"})).outcome == "applied"
    world.fleet.devices["r2"].running += "ip route 192.0.2.0/24 blackhole\n"
    assert outcomes(run(world))["r2"] == "applied", "drift on a device of ours needs no takeover"


def test_rollback_pushes_the_snapshots_and_is_refused_after_a_later_change(world):
    first = run(world)
    before = world.running()
    other_as(world)
    second = run(world)
    with pytest.raises(Refused) as refusal:
        rollback(world.runtime(), first.change, DeployRequest(), approve=yes)
    assert str(refusal.value) == (
        f"refused (rollback): its devices were changed since by {second.change}; roll those back first, newest first"
    )
    result = rollback(world.runtime(), second.change, DeployRequest(), approve=yes)
    assert (result.outcome, outcomes(result)) == ("applied", dict.fromkeys(("r1", "r2", "r4"), "applied"))
    assert world.running() == before
    with pytest.raises(UsageError, match="no change nonsense of square on the network"):
        rollback(world.runtime(), "nonsense", DeployRequest(), approve=yes)


def test_two_deploys_at_once_one_is_told_who_holds_the_lock(world):
    said = []

    def second(_plan):
        with pytest.raises(Refused) as refusal:
            run(world)
        said.append(str(refusal.value))
        return True

    result = deploy(world.runtime(), EVERYTHING, DeployRequest(), given=None, approve=second)
    assert result.outcome == "applied"
    assert said == [
        "refused (lock): p-1 on ops1 is changing square (network) since 2026-11-23T08:00:00+00:00; "
        "wait until that command ends; if it has stopped, its lease ends in 60 s"
    ]
