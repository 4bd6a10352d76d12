"""What goes wrong on a Junos device or on the way to it: each case is deployed, and its journal is the oracle.

The device's clock runs faster than netmgr's, so that a timer that has to end does so soon.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pytest

from netmgr.lab.emulated.control import Control
from netmgr.lab.emulated.lab import EmulatedLab
from netmgr.model.lab import LabInterface, LabNetwork, LabNode
from netmgr.platforms.junos import JUNOS
from netmgr.ports.progress import Silent
from tests.integration.emulated.solo import CLIENT, DEVICE, FILES, LONG_ENOUGH, Solo
from tests.waiting import wait_until

SCALE = 15
#: Seconds, by netmgr's clock; four by the device's.
CONFIRM_IN = 60
OLD, NEW = "192.0.2.1", "192.0.2.2"
NETWORK = LabNetwork(
    client=CLIENT,
    nodes=(LabNode(device=DEVICE, platform="junos", interfaces=(LabInterface(name="ge-0/0/0"),)),),
)
LINES = """\
set system host-name {name}
set system root-authentication encrypted-password "$6$salt$hash"
set system services netconf ssh
set system syslog host {log} any info
set system ntp server 192.0.2.7
"""

LOCK, COMMIT = "lock-configuration", r"commit-configuration .*confirmed.*"
LOAD = r"load-configuration .*configuration-set"
CONFIRM, BACK = "commit-configuration check", "commit-configuration log"
READ, READ_CANDIDATE = (
    f"get-configuration format=set database={which}" for which in ("committed", "candidate")
)

DONE = ["armed", "committed", "confirmed"]
#: By a commit of what ran before, which ends the timer.
TAKEN_BACK = ["armed", "committed", "confirmed", "committed"]
EXPIRED = ["armed", "committed", "reverted"]
#: Logins and locks: how, not what.
QUIET = ("login", "key", "locked", "unlocked")


def config(log: str) -> str:
    """What the device shall run that logs to this host."""
    return JUNOS.canonical(LINES.format(name=DEVICE, log=log))


class JunosSolo(Solo):
    """The client's workspace and its device."""

    def prepare(self, log: str) -> None:
        self.ask("no faults")
        self.ask("reset", text=config(log))
        self.begun = int(self._journal()[-1]["n"])

    def want(self, log: str) -> None:
        files = {
            **FILES,
            f"inventory/{CLIENT}/defaults.yaml": "platform: junos\n",
            "templates/junos/main.j2": LINES.format(name="{{ device.name }}", log=log),
        }
        for name, text in files.items():
            path = self.workspace / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    @property
    def running(self) -> str:
        return JUNOS.canonical(self.ask("running"))

    def events(self) -> list[str]:
        wanted = [e for e in self._journal() if e["n"] > self.begun and e["event"] not in QUIET]
        named = (entry["what"] if entry["event"] == "fault" else entry["event"] for entry in wanted)
        found = [word for word, _ in groupby(named)]
        # Whoever asks again and again may ask once more after the timer's end.
        return found[:-1] if found[-2:-1] == ["reverted"] and found[-1] in ("ignore", "reject") else found


@dataclass(frozen=True)
class Case:
    """``faults`` are (command, kind, more). ``events`` is the device's journal, ``says`` a part of the error."""

    faults: tuple[tuple[str, str, dict[str, Any]], ...]
    outcome: str
    events: list[str]
    says: str


def case(outcome: str, events: list[str], *faults: tuple, says: str = "") -> Case:
    made = tuple((f[0], f[1], f[2] if len(f) > 2 else {}) for f in faults)
    return Case(made, outcome, events, says)


ALWAYS = {"times": -1}
CASES = {
    "nothing": case("applied", DONE),
    # -- answers that do not come
    "the commit's answer is lost": case("applied", ["armed", "committed", "lost", "confirmed"], (COMMIT, "lost")),
    "the connection ends before the commit": case("failed", ["cut"], (COMMIT, "cut")),
    "the commit hangs": case("failed", ["hang"], (COMMIT, "hang")),
    "half of the commit's answer": case(
        "applied", ["armed", "committed", "truncate", "confirmed"], (COMMIT, "truncate")
    ),
    "the commit's answer comes byte by byte": case(
        "applied", ["armed", "committed", "drip", "confirmed"], (COMMIT, "drip")
    ),
    "a syslog line inside the commit's answer": case(
        "applied", ["armed", "committed", "noise", "confirmed"],
        (COMMIT, "noise", {"text": "Nov 29 00:00:00 sw1 mgd[1]: UI_COMMIT\n"}),
    ),
    "the confirmation's answer is lost": case("applied", [*DONE, "lost"], (CONFIRM, "lost")),
    "the connection ends before the confirmation": case(
        "applied", ["armed", "committed", "cut", "confirmed"], (CONFIRM, "cut")
    ),
    # -- refusals
    "a line is refused": case("failed", ["reject"], (LOAD, "reject", {"text": "syntax error"}), says="syntax error"),
    "the lock is denied": case("failed", ["reject"], (LOCK, "reject", {"text": "locked by root"}), says="locked by"),
    "the commit is refused": case(
        "failed", ["reject"], (COMMIT, "reject", {"text": "configuration check-out failed"}), says="check-out failed"
    ),
    "the disk is full": case(
        "failed", ["reject"], (COMMIT, "reject", {"text": "could not save to juniper.save+"}), says="could not save"
    ),
    "the confirmation is refused": case(
        "rolled_back", ["armed", "committed", "reject", "reverted"],
        (CONFIRM, "reject", {**ALWAYS, "text": "no"}),
    ),
    "no session is left after the commit": case(
        "applied", ["armed", "committed", "lost", "cut", "refused", "cut", "refused", "confirmed"],
        (COMMIT, "lost"), ("login", "cut", {"spared": 1, "times": 2}),
    ),
    # -- yes that means no
    "lines are ignored": case("failed", ["ignore"], (LOAD, "ignore"), says="did not take set system syslog"),
    "the commit is not done": case("rolled_back", ["ignore"], (COMMIT, "ignore")),
    "the confirmation is not done": case(
        "applied", ["armed", "committed", "ignore", "confirmed", "committed"], (CONFIRM, "ignore")
    ),
    "no confirmation is ever done": case(
        "rolled_back", ["armed", "committed", "ignore", "reverted"],
        (CONFIRM, "ignore", ALWAYS), (BACK, "ignore", ALWAYS),
    ),
    "the device goes back by itself": case(
        "rolled_back", ["armed", "committed", "revert", "spontaneous"], (COMMIT, "revert")
    ),
    "the timer ends just before the confirmation": case(
        "rolled_back", ["armed", "committed", "expire", "reverted"], (CONFIRM, "expire")
    ),
    # -- others at work
    "drift between the comparison and the commit": case(
        "in_doubt", ["drift"], (READ_CANDIDATE, "drift", {"text": "set system ntp server 192.0.2.9"}),
        says="changed since",
    ),
    # -- answers that are not what they should be
    "half of the running configuration": case("failed", ["truncate"], (READ, "truncate"), says="."),
    "50 MB": case("failed", ["flood"], (READ, "flood", {"amount": 50}), says="longer than 32 MB"),
    "one byte a second": case("failed", ["drip"], (READ, "drip"), says="."),
    "HTML": case("failed", ["answer"], (READ, "answer", {"text": "<html><b>login</b></html>"}), says="."),
    "no XML at all": case("failed", ["answer"], (READ, "answer", {"text": "<a><<\x1b[2J&"}), says="."),
}  # fmt: skip


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[EmulatedLab, Control]]:
    lab = EmulatedLab(tmp_path_factory.mktemp("solo") / "lab", scale=SCALE)
    lab.up(NETWORK, Silent())
    with lab.control(CLIENT) as control:
        yield lab, control
    lab.down(CLIENT)


@pytest.fixture
def solo(lab, tmp_path) -> JunosSolo:
    return JunosSolo(tmp_path, *lab)


@pytest.mark.tally("emulator faults")
@pytest.mark.parametrize("name", CASES)
def test_the_word_is_what_the_device_bears_out(solo, name):
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


def test_a_change_that_is_held_for_too_long_is_rolled_back_and_known_as_such(solo):
    solo.want(NEW)
    solo.prepare(OLD)
    held = solo.deploy(CONFIRM_IN, hold=True)
    assert (held.outcome, solo.running) == ("pending", config(NEW))
    wait_until(lambda: solo.running == config(OLD), seconds=CONFIRM_IN / SCALE + 5)
    assert solo.confirm(str(held.change)).outcome == "rolled_back"
    assert solo.events() == EXPIRED


def test_what_a_killed_command_left_pending_is_taken_back_by_recover(solo):
    solo.want(NEW)
    solo.prepare(OLD)
    with pytest.raises(SystemExit):
        solo.deploy_until("check")
    assert solo.running == config(NEW)
    [result] = solo.recover()
    assert (result.outcome, solo.running, solo.events()) == ("rolled_back", config(OLD), TAKEN_BACK)


def test_what_a_killed_command_had_decided_is_finished_by_recover(solo):
    solo.want(NEW)
    solo.prepare(OLD)
    with pytest.raises(SystemExit):
        solo.deploy_until("decision: confirm")
    assert solo.running == config(NEW)
    [result] = solo.recover()
    assert (result.outcome, solo.running, solo.events()) == ("applied", config(NEW), DONE)
