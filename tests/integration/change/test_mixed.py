"""A change that ended mixed or in doubt: `recover` reads it again, and a new change brings it together."""

import pytest

from netmgr.cli.view_change import show_result
from netmgr.errors import Fenced, Refused, UsageError
from netmgr.model.change import IntentFacts
from netmgr.model.entry import Entry
from netmgr.workflows.answer import answer
from netmgr.workflows.gates import DeployRequest
from netmgr.workflows.recover import recover
from netmgr.workflows.rollback import rollback
from tests.integration.change.faults import BEFORE, CONFIRM, Case
from tests.integration.change.ring import NAMES, Ring, waves, yes

OLD, NEW = dict.fromkeys(NAMES, "old"), dict.fromkeys(NAMES, "new")


def split_ring():
    """r1 to r3 stay as planned, for r2 refuses to be taken back."""
    ring = Ring(waves(3, 3, 2), atomic="wave")
    BEFORE["check: its sessions stay down"](Case(ring.devices["r7"]))

    def refuse(device):
        if "confirmed" in device.ends.values():
            raise Fenced(device.name, "commit", "somebody else was here")

    ring.devices["r2"].faults["commit"] = refuse
    result = ring.deploy()
    assert result.outcome == "split"
    mend(ring)
    return ring, result


def doubtful_ring():
    """r5 dies while it is confirmed, the others are confirmed."""
    ring = Ring(waves(8))
    CONFIRM["confirm: dies before"](Case(ring.devices["r5"]))
    result = ring.deploy()
    assert result.outcome == "in_doubt"
    mend(ring)
    return ring, result


def mend(ring):
    """Nothing is wrong with the devices any more, and every timer has ended."""
    ring.clock.elapsed += 1000
    for device in ring.devices.values():
        device.reachable, device.adjacencies = True, ring.sessions
        device.faults.clear()
        device.tick()


def answered(ring, direction, change=None, **asked):
    with ring.commands():
        return answer(ring.runtime(), direction, change, DeployRequest(**asked), approve=yes)


def last_intent(ring) -> Entry:
    return [entry for entry in ring.log.entries("ring", kind="change") if entry.phase == "intent"][-1]


@pytest.mark.parametrize("made", [split_ring, doubtful_ring])
@pytest.mark.parametrize(("direction", "end"), [("back", OLD), ("forward", NEW)])
def test_a_new_change_brings_all_back_or_all_forward(made, direction, end):
    ring, mixed = made()
    before = ring.reads()
    result = answered(ring, direction)
    assert (result.outcome, ring.reads()) == ("applied", end)
    changed = {d.device for d in result.devices if d.outcome == "applied"}
    assert changed == {name for name, word in end.items() if before[name] != word}
    facts = IntentFacts.parse(last_intent(ring).facts)
    assert (facts.answers, facts.rollback_of) == (
        mixed.change,
        mixed.change if direction == "back" else None,
    )
    with pytest.raises(Refused, match="no change is split or in doubt"):
        answered(ring, direction)
    assert recover(ring.runtime()) == ()


def test_recover_reads_again_what_is_mixed_and_says_what_to_run(capsys):
    ring, mixed = split_ring()
    (found,) = recover(ring.runtime())
    assert (found.change, found.outcome, found.split) == (mixed.change, "split", mixed.split)
    show_result(found, output="table")
    said = capsys.readouterr().out.splitlines()
    assert said[-3:] == [
        "as planned: r1, r2, r3",
        "as before:  r4, r5, r6, r7, r8",
        f"run `netmgr recover -c ring --back {mixed.change}` or, to finish the change, `--forward`",
    ]


def test_what_was_in_doubt_is_settled_by_reading():
    ring, mixed = doubtful_ring()
    (found,) = recover(ring.runtime())
    assert (found.change, found.outcome) == (mixed.change, "split")
    assert found.split.as_before == ("r5",)
    ring.devices["r5"].running = ring.devices["r5"].before = ring.runs("new", "r5")
    (found,) = recover(ring.runtime())
    assert found.outcome == "applied"
    assert recover(ring.runtime()) == ()


def test_the_change_to_answer_may_be_named():
    ring, mixed = split_ring()
    with pytest.raises(UsageError, match="no change nonsense of ring on the network"):
        answered(ring, "back", "nonsense")
    assert answered(ring, "back", mixed.change).outcome == "applied"
    with pytest.raises(Refused, match="is not split or in doubt"):
        answered(ring, "back", mixed.change)


def test_an_answer_that_fails_itself_leaves_the_change_to_be_answered():
    ring, mixed = split_ring()

    def refuse(device):
        raise Fenced(device.name, "commit", "somebody else was here")

    ring.devices["r3"].faults["commit"] = refuse
    assert answered(ring, "back").outcome == "rolled_back"
    mend(ring)
    result = answered(ring, "back")
    assert (result.outcome, ring.reads()) == ("applied", OLD)
    assert IntentFacts.parse(last_intent(ring).facts).answers == mixed.change


def test_a_deploy_of_the_same_devices_overtakes_it():
    ring, mixed = split_ring()
    assert ring.deploy().outcome == "applied"
    with pytest.raises(Refused, match="no change is split or in doubt"):
        answered(ring, "back")
    with pytest.raises(Refused):
        answered(ring, "back", mixed.change)


def test_a_compensated_change_is_not_in_the_way_of_rolling_back_the_one_before():
    ring = Ring(waves(3, 3, 2), atomic="wave")
    first = ring.deploy()
    mend(ring)
    ring.files = ring.files_of(64800)
    BEFORE["check: its sessions stay down"](Case(ring.devices["r7"]))
    second = ring.deploy()
    assert (second.outcome, second.compensation is not None) == ("rolled_back", True)
    mend(ring)
    with ring.commands():
        result = rollback(ring.runtime(), first.change, DeployRequest(), approve=yes)
    assert (result.outcome, ring.reads()) == ("applied", OLD)
