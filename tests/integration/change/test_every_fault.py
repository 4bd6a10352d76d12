"""Every fault on every device of every layout: one network at the end, old or new, or what is not is said loudly."""

import pytest

from netmgr.errors import Fenced
from tests.integration.change.faults import BEFORE, CONFIRM, FOR_GOOD, Case
from tests.integration.change.ring import NAMES, Ring, waves

LAYOUTS = {
    "one wave": waves(8),
    "4 + 4": waves(4, 4),
    "1 + 7": waves(1, 7),
    "3 + 3 + 2": waves(3, 3, 2),
    "one by one": waves(1, 1, 1, 1, 1, 1, 1, 1),
}
#: What the words may mean for whoever reads the device.
MEANING = {"applied": "new", "unchanged": "new", "rolled_back": "old", "failed": "old", "refused": "old"}


def play(layout, atomic, fault, name):
    """One change with one fault. What the devices read after every timer has ended, and what was said of them."""
    ring = Ring(LAYOUTS[layout], atomic=atomic)
    case = Case(ring.devices[name])
    {**BEFORE, **CONFIRM}[fault](case)
    result = ring.deploy()
    assert case.fired, f"{fault} on {name} did not happen"
    ring.clock.elapsed += 1000
    return ring, result


def judged(ring, result):
    """The network in one word: all old, all new, in doubt, split. A mixture that is not said fails."""
    reads, said = ring.reads(), {device.device: device.outcome for device in result.devices}
    assert set(said) == set(NAMES)
    for name, word in said.items():
        assert word == "in_doubt" or MEANING[word] == reads[name], (
            f"{name} is said to be {word}: {reads[name]}"
        )
    if "in_doubt" in said.values():
        assert result.outcome == "in_doubt"
        return "in doubt"
    found = set(reads.values())
    if found == {"old", "new"}:
        assert result.outcome == "split"
        assert result.split.as_planned == tuple(n for n in NAMES if reads[n] == "new")
        assert result.split.as_before == tuple(n for n in NAMES if reads[n] == "old")
        return "split"
    assert len(found) == 1
    assert result.split is None
    assert result.outcome in (["applied"] if found == {"new"} else ["rolled_back", "failed"])
    return f"all {found.pop()}"


def expected(fault):
    """What the network must be. A confirmation that its own timer forestalled takes the others back as well."""
    if fault in FOR_GOOD:
        return "in doubt"
    return "all old" if fault in BEFORE or "timer ends" in fault else "all new"


QUICK = [("one wave", "network"), ("3 + 3 + 2", "network"), ("3 + 3 + 2", "wave")]


@pytest.mark.parametrize(("layout", "atomic"), QUICK)
def test_whatever_happens_to_one_device_the_network_is_one_or_it_is_said(layout, atomic):
    wrong = {}
    for fault in {**BEFORE, **CONFIRM}:
        for name in ("r1", "r5", "r8"):
            found = judged(*play(layout, atomic, fault, name))
            if found != expected(fault):
                wrong[fault, name] = found
    assert wrong == {}


def test_a_device_that_died_in_a_later_wave_keeps_no_other_from_going_back():
    ring, result = play("3 + 3 + 2", "wave", "commit: dies", "r7")
    assert (result.outcome, result.compensation is not None) == ("in_doubt", True)
    said = {device.device: device.outcome for device in result.devices}
    assert said == dict.fromkeys(NAMES, "rolled_back") | {"r7": "in_doubt"}
    assert ring.reads() == dict.fromkeys(NAMES, "old")


def test_what_cannot_go_back_is_split_and_both_lists_are_named():
    ring = Ring(LAYOUTS["3 + 3 + 2"], atomic="wave")
    BEFORE["check: its sessions stay down"](Case(ring.devices["r7"]))
    stuck = ring.devices["r2"]

    def refuse(device):
        if "confirmed" in device.ends.values():
            raise Fenced(device.name, "commit", "somebody else was here")

    stuck.faults["commit"] = refuse
    result = ring.deploy()
    assert judged(ring, result) == "split"
    assert result.split.as_planned == ("r1", "r2", "r3")
    assert result.split.as_before == ("r4", "r5", "r6", "r7", "r8")
    assert {d.device: d.error for d in result.devices if d.device == "r2"} == {
        "r2": "r2: commit: somebody else was here"
    }
