"""netmgr dies between any two steps: the timers and `recover` make the network one again, or name what is not."""

from collections import Counter
from contextlib import contextmanager
from unittest.mock import patch

import pytest

from netmgr.adapters.fleet_memory import MemoryDevice
from netmgr.workflows.recover import recover
from tests.integration.change.faults import BEFORE, Case
from tests.integration.change.ring import Killed, Ring, waves
from tests.integration.change.test_every_fault import judged

LAYOUT = waves(3, 3, 2)


class Steps:
    """Counts what is done to devices and log, and ends the process before the n-th of it."""

    def __init__(self, ring, last=None):
        self.ring, self.last, self.done = ring, last, 0

    def step(self):
        self.done += 1
        if self.done == self.last:
            raise Killed

    @contextmanager
    def counted(self):
        meet, append = MemoryDevice.meet, self.ring.log.append

        def met(device, phase):
            self.step()
            meet(device, phase)

        def appended(*arguments, **named):
            self.step()
            entries = append(*arguments, **named)
            self.step()
            return entries

        with patch.object(MemoryDevice, "meet", met), patch.object(self.ring.log, "append", appended):
            yield


def ring_with(atomic, fault):
    ring = Ring(LAYOUT, atomic=atomic)
    if fault:
        BEFORE[fault](Case(ring.devices["r7"]))
    return ring


def killed_at(step, atomic, fault):
    """The change, ended before this step. Whether it was."""
    ring = ring_with(atomic, fault)
    steps = Steps(ring, step)
    try:
        with steps.counted():
            ring.deploy()
    except Killed:
        return ring, True
    return ring, False


def recovered(ring, seconds):
    """What `recover` says after the seconds; what the network is then."""
    ring.clock.elapsed += seconds
    for device in ring.devices.values():
        device.faults.clear()
        device.adjacencies = ring.sessions
    opened = ring.log.open_intents("ring", "network")
    results = recover(ring.runtime())
    assert len(results) == len(opened)
    assert ring.log.open_intents("ring", "network") == ()
    assert {device.pending for device in ring.devices.values()} == {None}, (
        "nothing waits for a timer any more"
    )
    if not results:
        assert set(ring.reads().values()) in ({"old"}, {"new"})
        return f"all {set(ring.reads().values()).pop()}"
    original = results[-1]  # the newest first
    said = {device.device: device for device in original.devices}
    missing = ring.devices.keys() - said.keys()
    assert not missing
    return judged(ring, original)


CASES = [
    ("network", None),
    ("wave", None),
    ("network", "check: its sessions stay down"),
    ("wave", "check: its sessions stay down"),
]


def play(step, atomic, fault, seconds):
    """How the network was after `recover`; None where the change was over before this step."""
    ring, was_killed = killed_at(step, atomic, fault)
    if not was_killed:
        return None
    end = recovered(ring, seconds)
    again = ring.deploy()
    assert again.outcome in ("applied", "unchanged")
    assert set(ring.reads().values()) == {"new"}
    return end


def every(atomic, fault, stride):
    """Step by step: the change dies there, and `recover` comes at once or when all timers have ended."""
    ends = Counter()
    for number, step in enumerate(range(1, 5000, stride)):
        end = play(step, atomic, fault, seconds=(0, 1000)[number % 2])
        if end is None:
            return ends
        ends[end] += 1
    raise AssertionError("the change has no end")


@pytest.mark.parametrize(("atomic", "fault"), CASES)
def test_killed_anywhere_recover_tells_and_the_next_deploy_finishes(atomic, fault):
    ends = every(atomic, fault, stride=11)
    assert ends.keys() <= {"all old", "all new", "split"}
    assert ends["all old"] > 0
    assert (fault is None) == (ends["all new"] > 0)
