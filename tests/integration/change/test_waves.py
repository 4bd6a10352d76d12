"""A change in waves: nothing is confirmed before the last wave has passed, and whatever fails takes all of it back."""

import pytest

from netmgr.errors import ConfigRejected, Fenced, Refused
from netmgr.model.change import IntentFacts
from netmgr.workflows.recover import confirm
from tests.integration.change.ring import NAMES, Ring, waves

THREE = waves(3, 3, 2)


def outcomes(result):
    return {device.device: device.outcome for device in result.devices}


def each(words):
    """One word for the devices of each wave."""
    return {name: word for wave, word in zip(THREE, words, strict=True) for name in wave}


def test_nothing_is_confirmed_before_the_last_wave_s_checks_pass():
    ring = Ring(THREE)
    result = ring.deploy()
    assert (result.outcome, outcomes(result)) == ("applied", dict.fromkeys(NAMES, "applied"))
    assert ring.journal == [*((n, "committed") for n in NAMES), *((n, "confirmed") for n in NAMES)]
    assert ring.reads() == dict.fromkeys(NAMES, "new")
    assert [line for line in ring.said if "wave" in line and line.startswith("commit")] == [
        f"commit wave {n} of 3: {size} devices, each with a timer of {timer} s"
        for n, size, timer in ((1, 3, 60), (2, 3, 41), (3, 2, 23))
    ]


def test_the_intent_holds_the_waves_and_the_plan_names_what_waits():
    ring = Ring(THREE)
    plans = []
    ring.deploy(approve=lambda plan: plans.append(plan) or True)
    (intent,) = [entry for entry in ring.log.entries("ring") if entry.phase == "intent"]
    assert IntentFacts.parse(intent.facts).waves == THREE
    assert {d.device: d.pending for d in plans[0].devices if d.pending} == {
        "r1": ("bgp 10.0.8.0: r8 comes in wave 3",),
        "r3": ("bgp 10.0.3.1: r4 comes in wave 2",),
        "r6": ("bgp 10.0.6.1: r7 comes in wave 3",),
    }


def test_an_entry_of_a_version_without_waves_is_read():
    ring = Ring(THREE)
    ring.deploy()
    (intent,) = [entry for entry in ring.log.entries("ring") if entry.phase == "intent"]
    older = {key: value for key, value in intent.facts.items() if key != "waves"}
    assert IntentFacts.parse(older).waves == ()


def test_a_wave_that_does_not_pass_takes_all_back_newest_first_and_later_ones_are_left_alone():
    ring = Ring(THREE)

    def refuse(device):
        raise Fenced(device.name, "commit", "somebody else was here")

    ring.devices["r5"].faults["commit"] = refuse
    result = ring.deploy()
    assert (result.outcome, outcomes(result)) == (
        "rolled_back",
        each(("rolled_back", "rolled_back", "refused")) | {"r5": "failed"},
    )
    back = [name for name, word in ring.journal if word == "rolled_back"]
    assert (sorted(back[:2]), sorted(back[2:])) == (["r4", "r6"], ["r1", "r2", "r3"])
    assert {name for name, _ in ring.journal} == {"r1", "r2", "r3", "r4", "r6"}
    assert ring.reads() == dict.fromkeys(NAMES, "old")
    errors = {d.device: d.error for d in result.devices if d.outcome in ("refused", "failed")}
    assert errors == {
        "r5": "r5: commit: somebody else was here",
        **dict.fromkeys(("r7", "r8"), "left alone: an earlier wave did not pass"),
    }
    looked_at = {check.device for check in result.checks if check.name == "management"}
    assert looked_at == {"r1", "r2", "r3"}, "the second wave was not looked at any more"


def test_a_line_refused_in_the_last_wave_stops_the_change_before_the_first():
    ring = Ring(THREE)

    def reject(device):
        raise ConfigRejected(device.name, "load", "line 3: Unknown command: frobnicate")

    ring.devices["r8"].faults["load"] = reject
    result = ring.deploy()
    assert (result.outcome, outcomes(result)) == (
        "failed",
        dict.fromkeys(NAMES, "refused") | {"r8": "failed"},
    )
    assert ring.journal == []


def test_a_device_left_out_before_the_commit_leaves_its_wave_and_is_not_waited_for():
    ring = Ring(waves(1, 7))

    def reject(device):
        raise ConfigRejected(device.name, "load", "line 3: Unknown command: frobnicate")

    ring.devices["r1"].faults["load"] = reject
    # Its neighbors name another AS number for it, so their sessions with it cannot come up.
    result = ring.deploy(max_fail=1)
    assert (result.outcome, outcomes(result)["r1"]) == ("rolled_back", "failed")
    ring = Ring(waves(1, 7))
    ring.devices["r1"].faults["load"] = reject
    for name in ("r1", "r2", "r8"):
        alone(ring, name)
    result = ring.deploy(max_fail=1)
    assert (result.outcome, outcomes(result)) == (
        "applied",
        dict.fromkeys(NAMES, "applied") | {"r1": "failed"},
    )
    assert {c.detail.partition(": ")[2] for c in result.checks if c.status == "pending"} == {
        "Active (r1 is not part of this change, and it was down before)"
    }


def alone(ring, name):
    """The sessions of a router with its neighbors r1, or as r1, have always been down."""
    device, sessions = ring.devices[name], ring.devices[name].adjacencies
    peers = {"r1": ("10.0.1.1", "10.0.8.0"), "r2": ("10.0.1.0",), "r8": ("10.0.8.1",)}[name]
    device.adjacencies = lambda device: tuple(
        s.model_copy(update={"up": False, "detail": "Active"}) if s.peer in peers else s
        for s in sessions(device)
    )


def test_waves_that_are_confirmed_one_by_one_cannot_be_held():
    ring = Ring(THREE, atomic="wave")
    with pytest.raises(Refused) as refusal:
        ring.deploy(hold=True)
    assert (refusal.value.gate, ring.journal) == ("hold", [])


def test_waves_of_a_held_change_are_confirmed_together():
    ring = Ring(THREE)
    held = ring.deploy(hold=True)
    assert (held.outcome, held.devices, ring.entries()[-1]) == ("pending", (), ("deploy", "decision", "hold"))
    result = confirm(ring.runtime(), held.change)
    assert (outcomes(result), ring.reads()) == (dict.fromkeys(NAMES, "applied"), dict.fromkeys(NAMES, "new"))


def test_interrupted_between_two_waves_everything_goes_back():
    ring = Ring(THREE)

    def interrupt(_device):
        ring.interrupted = True

    ring.devices["r1"].faults["relogin"] = interrupt
    result = ring.deploy()
    assert result.outcome == "rolled_back"
    assert ring.reads() == dict.fromkeys(NAMES, "old")
    assert {name for name, word in ring.journal if word == "committed"} == set(THREE[0])


@pytest.mark.parametrize("wave", [1, 2, 3])
def test_a_session_between_two_devices_of_one_wave_is_required_after_it(wave):
    ring = Ring(THREE)
    first = ring.devices[THREE[wave - 1][0]]
    sessions = first.adjacencies
    first.adjacencies = lambda device: tuple(
        s.model_copy(update={"up": False, "detail": "Active"}) if device.pending else s
        for s in sessions(device)
    )
    result = ring.deploy()
    assert (result.outcome, ring.reads()) == ("rolled_back", dict.fromkeys(NAMES, "old"))
    assert {name for name, word in ring.journal if word == "committed"} == {
        n for w in THREE[:wave] for n in w
    }
    assert {c.device for c in result.checks if c.status == "failed"} == {first.name}


def test_a_later_wave_s_candidate_is_loaded_again_where_its_connection_broke():
    ring = Ring(THREE)
    device, broken = ring.devices["r7"], []

    def lose(device):
        if not broken and ring.devices["r6"].pending:
            broken.append(device.name)
            device.faults["relogin"] = forget

    def forget(device):
        sessions[-1]._candidates.pop(device.name, None)
        del device.faults["relogin"]

    sessions = []
    open_session = ring.fleet.session
    ring.fleet.session = lambda endpoints: sessions.append(open_session(endpoints)) or sessions[-1]

    def unheard(device):
        lose(device)
        if "relogin" in device.faults:
            raise Fenced(device.name, "state", "the connection broke")

    device.faults["adjacencies"] = unheard
    result = ring.deploy()
    assert (broken, result.outcome) == (["r7"], "applied")
