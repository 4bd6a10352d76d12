"""What goes wrong on an EOS device or on the way to it: each case is deployed, and the device's own word is the oracle.

The device's clock runs four times as fast as netmgr's, so that a timer that has to end does so soon.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from netmgr.lab.emulated.control import Control
from netmgr.lab.emulated.lab import EmulatedLab
from netmgr.ports.progress import Silent
from tests.integration.emulated.solo import CLIENT, LONG_ENOUGH, NETWORK, Solo, config
from tests.waiting import wait_until

SCALE = 4
#: Seconds, by netmgr's clock.
CONFIRM_IN = 24
OLD, NEW = "192.0.2.1", "192.0.2.2"

COMMIT = r"configure session netmgr-\S+ commit timer \S+"
CONFIRM = r"configure session netmgr-\S+ commit"
ABORT = r"configure session netmgr-\S{36} abort"
LINE = rf"logging host {NEW}"
DONE = ["armed", "commit", "confirmed", "saved"]
BACK = ["armed", "commit", "reverted"]


@dataclass(frozen=True)
class Case:
    """``faults`` are (command, kind, more). ``events`` is the device's journal, ``says`` a part of the error."""

    faults: tuple[tuple[str, str, dict[str, object]], ...]
    outcome: str
    events: list[str]
    says: str = ""


def case(outcome: str, events: list[str], *faults: tuple, says: str = "") -> Case:
    made = tuple((f[0], f[1], f[2] if len(f) > 2 else {}) for f in faults)
    return Case(made, outcome, events, says)


CASES = {
    "nothing": case("applied", DONE),
    # -- answers that do not come
    "the commit's answer is lost": case("applied", ["lost", *DONE], (COMMIT, "lost")),
    "the connection ends before the commit": case("rolled_back", ["cut"], (COMMIT, "cut")),
    "the confirmation's answer is lost": case(
        "applied", ["armed", "commit", "lost", "confirmed", "saved"], (CONFIRM, "lost")
    ),
    "the connection ends before the confirmation": case(
        "applied", ["armed", "commit", "cut", "confirmed", "saved"], (CONFIRM, "cut")
    ),
    "it ends between confirmation and saving": case(
        "applied", ["armed", "commit", "confirmed", "cut", "saved"], ("write memory", "cut")
    ),
    "the commit hangs": case("applied", ["hang", *DONE], (COMMIT, "hang")),
    # -- refusals
    "a line is refused": case("failed", ["reject"], (LINE, "reject"), says="the device refuses"),
    "a line is refused at the commit": case("failed", ["reject"], (LINE, "reject", {"spared": 1}), says="refuses"),
    "the commit is refused": case("failed", ["reject"], (COMMIT, "reject"), says="the device refuses"),
    "the confirmation is refused": case(
        "rolled_back", ["armed", "commit", "reject", "reverted"], (CONFIRM, "reject", {"times": -1}), says="refuses"
    ),
    "the sessions are exhausted": case(
        "failed", ["reject"], (r"configure session \S+", "reject", {"text": "Maximum number of pending sessions"}),
        says="Maximum number",
    ),
    # -- yes that means no
    "a line is ignored": case(
        "rolled_back", ["ignore", "armed", "commit", "reverted"], (LINE, "ignore", {"times": -1})
    ),
    "it is not saved": case(
        "applied", ["armed", "commit", "confirmed", "ignore"], ("write memory", "ignore", {"times": -1}),
        says="confirmed, but not saved",
    ),
    "it is saved at the second time": case(
        "applied", ["armed", "commit", "confirmed", "ignore", "saved"], ("write memory", "ignore")
    ),
    "the flash is full": case(
        "applied", ["armed", "commit", "confirmed", "reject", "saved"], ("write memory", "reject")
    ),
    "the device goes back by itself": case(
        "rolled_back", ["armed", "commit", "revert", "reverted"], (COMMIT, "revert")
    ),
    "the timer ends just before the confirmation": case(
        "rolled_back", ["armed", "commit", "expire", "reverted"], (CONFIRM, "expire")
    ),
    # -- others at work
    "drift between the comparison and the commit": case(
        "in_doubt", ["drift"],
        (r"show session-config named \S+ diffs", "drift", {"text": "ntp server 192.0.2.9"}),
        says="changed since the plan",
    ),
    # -- answers that are not what they should be
    "half of the running configuration": case("failed", ["truncate"], ("show running-config", "truncate"), says="."),
    "50 MB": case("failed", ["flood"], ("show running-config", "flood", {"amount": 50}), says="more than 32 MiB"),
    "one byte a second": case("failed", ["drip"], ("show running-config", "drip"), says="too long|timed out"),
}  # fmt: skip


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[EmulatedLab, Control]]:
    lab = EmulatedLab(tmp_path_factory.mktemp("solo") / "lab", scale=SCALE)
    lab.up(NETWORK, Silent())
    with lab.control(CLIENT) as control:
        yield lab, control
    lab.down(CLIENT)


@pytest.fixture
def solo(lab, tmp_path) -> Solo:
    return Solo(tmp_path, *lab)


@pytest.mark.tally("emulator faults")
@pytest.mark.parametrize("name", CASES)
def test_a_fault_ends_in_the_outcome_that_the_device_tells(solo, name):
    expected = CASES[name]
    solo.want(NEW)
    if "flood" in expected.events:
        solo.wait(LONG_ENOUGH)
    solo.prepare(OLD)
    for at, what, more in expected.faults:
        solo.fault(at, what, **more)
    result = solo.deploy(CONFIRM_IN)
    device = result.devices[0]
    assert (result.outcome, solo.events()) == (expected.outcome, expected.events), device
    assert re.search(expected.says, device.error or ""), device
    if "drift" not in solo.events():
        assert solo.running == config(NEW if expected.outcome == "applied" else OLD)


def test_a_change_that_is_held_is_confirmed_by_a_command_of_its_own(solo):
    solo.want(NEW)
    solo.prepare(OLD)
    held = solo.deploy(CONFIRM_IN, hold=True)
    assert (held.outcome, solo.running, solo.startup) == ("pending", config(NEW), config(OLD))
    assert solo.confirm(str(held.change)).outcome == "applied"
    assert (solo.running, solo.startup, solo.events()) == (config(NEW), config(NEW), DONE)


def test_a_change_that_is_held_for_too_long_is_rolled_back_and_recovered_as_such(solo):
    solo.want(NEW)
    solo.prepare(OLD)
    held = solo.deploy(CONFIRM_IN, hold=True)
    wait_until(lambda: solo.running == config(OLD), seconds=CONFIRM_IN / SCALE + 5)
    assert solo.confirm(str(held.change)).outcome == "rolled_back"
    assert solo.events() == BACK


def test_what_a_killed_command_left_pending_is_taken_back_by_recover(solo):
    solo.want(NEW)
    solo.prepare(OLD)
    with pytest.raises(SystemExit):
        solo.deploy_until("check")
    assert solo.running == config(NEW)
    [result] = solo.recover()
    assert (result.outcome, solo.running, solo.events()) == ("rolled_back", config(OLD), BACK)


def test_what_a_killed_command_had_decided_is_finished_by_recover(solo):
    solo.want(NEW)
    solo.prepare(OLD)
    with pytest.raises(SystemExit):
        solo.deploy_until("decision: confirm")
    assert (solo.running, solo.startup) == (config(NEW), config(OLD))
    [result] = solo.recover()
    assert (result.outcome, solo.startup, solo.events()) == ("applied", config(NEW), DONE)
