"""netmgr dies or is stopped in each phase of a change: the routers and `recover` make it whole again."""

import json
import signal
from pathlib import Path

import pytest

from tests.lab.site import NAMES, ONE_COMMAND
from tests.waiting import wait_until

pytestmark = pytest.mark.lab

TIMER = 12
#: For what has to be done before the timers run out, on a slow machine too; no test waits for it.
LONG_TIMER = 120
#: A change on all four routers: another AS number on two that are not neighbors.
EDITS = (("asn: 65001", "asn: 65091"), ("asn: 65003", "asn: 65093"))


@pytest.fixture
def edited(site):
    with site.edited(*EDITS[0]), site.edited(*EDITS[1]):
        yield site


def until(process, word):
    """Read what the command says until a line begins with ``word``."""
    for line in process.stderr:
        if line.startswith(word):
            return line
    raise AssertionError(f"the command ended before it said {word!r}")


def kill_in(site, phase, timer=TIMER):
    """Begin the deploy and kill it with -9 as soon as it is in the phase: in the commit, when the first router is."""
    with site.start("deploy", "--yes", "--confirm-in", str(timer), "-m", "to be killed") as process:
        until(process, phase)
        if phase == "commit:":
            armed = "cat /run/netmgr-frr/active 2>/dev/null || true"
            wait_until(lambda: any(site.console(n, "sh", "-c", armed) for n in NAMES), seconds=10, every=0.01)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
    assert process.returncode == -signal.SIGKILL


def outcomes(document):
    return {device["device"]: device["outcome"] for device in document["devices"]}


def last_change(site):
    return [entry["change"] for entry in site.entries() if entry["phase"] == "intent"][-1]


def test_killed_before_the_intent_nothing_is_open(edited):
    site = edited
    kill_in(site, "read:")
    assert {name: site.running(name) for name in NAMES} == site.baseline
    assert site.document("recover")["changes"] == []


BEFORE_THE_DECISION = ["load:", "commit:", pytest.param("check:", marks=pytest.mark.faults)]


@pytest.mark.parametrize("phase", BEFORE_THE_DECISION)
def test_killed_before_the_decision_the_routers_come_back_by_themselves(edited, phase):
    site = edited
    kill_in(site, phase)
    # In the commit it may be dead before any router was told: then nothing was rolled back.
    told = {name: site.running(name) for name in NAMES} != site.baseline
    assert told in {"load:": (False,), "commit:": (False, True), "check:": (True,)}[phase]
    change = last_change(site)
    refused = site.deploy(code=5)
    assert [(r["gate"], change in r["reason"]) for r in refused["refused"]] == [("open_change", True)]
    wait_until(
        lambda: {name: site.running(name) for name in NAMES} == site.baseline, seconds=TIMER + 10, every=0.5
    )
    (recovered,) = site.document("recover", code=4 if told else 1)["changes"]
    assert recovered["change"] == change
    assert set(outcomes(recovered).values()) <= {"rolled_back", "failed"}
    assert recovered["outcome"] == ("rolled_back" if told else "failed")
    assert site.document("recover")["changes"] == []
    assert {name: site.running(name) for name in NAMES} == site.baseline
    words = [
        e["facts"]["decision"]
        for e in site.entries()
        if e.get("change") == change and e["phase"] == "decision"
    ]
    assert words == ["abort"]


def test_recover_need_not_wait_for_the_timers(edited):
    site = edited
    kill_in(site, "check:", LONG_TIMER)
    assert {name: site.running(name) for name in NAMES} != site.baseline
    (recovered,) = site.document("recover", code=4)["changes"]
    assert outcomes(recovered) == dict.fromkeys(NAMES, "rolled_back")
    assert {name: site.running(name) for name in NAMES} == site.baseline


def test_killed_after_the_decision_recover_finishes_it(edited):
    site = edited
    kill_in(site, "decision: confirm", LONG_TIMER)
    change = last_change(site)
    assert [r["gate"] for r in site.deploy(code=5)["refused"]] == ["open_change"]
    (recovered,) = site.document("recover")["changes"]
    assert (recovered["change"], recovered["outcome"]) == (change, "applied")
    assert outcomes(recovered) == dict.fromkeys(NAMES, "applied")
    for name in NAMES:
        running = site.running(name)
        assert running != site.baseline[name]
        assert site.console(name, "cat", "/etc/frr/frr.conf") == running_as_file(running)
    assert site.document("plan", "--detailed-exitcode")["waves"] == []


def running_as_file(running):
    """What `show running-config` prints, as the startup file has it."""
    return running.split("Current configuration:\n!\n", 1)[1]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_in_the_checks_everything_goes_back_at_once(edited, number):
    site = edited
    with site.start("deploy", "--yes", "--confirm-in", "600", "-o", "json") as process:
        until(process, "commit:")
        process.send_signal(number)
        out, err = process.communicate(timeout=ONE_COMMAND)
    assert "interrupted: the change goes back" in err
    assert process.returncode == 4
    assert outcomes(json.loads(out)) == dict.fromkeys(NAMES, "rolled_back")
    assert {name: site.running(name) for name in NAMES} == site.baseline
    assert site.document("recover")["changes"] == []


@pytest.mark.tally("faults")
def test_a_second_deploy_is_refused_while_one_runs(edited):
    site = edited
    with site.start("deploy", "--yes", "--hold", "--confirm-in", str(LONG_TIMER)) as first:
        until(first, "commit:")
        first.send_signal(signal.SIGSTOP)  # so that it is still running, however quick it is
        refused = site.deploy(code=5)
        first.send_signal(signal.SIGCONT)
        assert [r["gate"] for r in refused["refused"]] == ["lock"]
        first.communicate(timeout=ONE_COMMAND)
    (recovered,) = site.document("recover", code=4)["changes"]
    assert recovered["outcome"] == "rolled_back"


def test_a_network_that_was_killed_many_times_still_has_a_log_that_verifies(site):
    assert site.run("log", "verify").splitlines()[-1] == "verified: the chain holds"
    assert Path(site.workspace / ".netmgr").stat().st_mode & 0o777 == 0o700
