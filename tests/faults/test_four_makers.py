"""One transaction across FRR, EOS, IOS and Junos: all new; and one network whoever of them fails, and when.

Where a failure is an end, all are as they were; where it is only an answer that does not come, all are as planned.
"""

import json

import pytest

from tests.faults.ends import Ends
from tests.faults.four import DEVICES, EMULATED, four
from tests.faults.four_phases import PHASES, check_nothing_is_left, play

pytestmark = [pytest.mark.lab, pytest.mark.tally("four makers")]

WORDS = {"new": {"applied"}, "old": {"rolled_back", "failed"}}
#: Each device and each phase once.
QUICK = {
    ("load: a line is refused", "ios1"),
    ("commit: refused", "junos1"),
    ("check: no new login", "eos1"),
    ("confirm: the timer ends before it", "frr1"),
}
ends = Ends(DEVICES)


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    with ends.of(four, tmp_path_factory.mktemp("four")) as found:
        yield found


def test_all_of_them_are_new(network):
    before, number = network.reads(), network.number
    network.number += 1
    network.intend(network.number)
    result = network.deploy()
    assert (result.outcome, {d.outcome for d in result.devices}) == ("applied", {"applied"})
    old, new = f"198.51.100.{number}", f"198.51.100.{network.number}"
    assert network.reads() == {name: text.replace(old, new) for name, text in before.items()} != before
    check_nothing_is_left(network, compensated=False)
    assert all([e["event"] for e in network.journal(name)].count("armed") == 1 for name in EMULATED)
    assert network.deploy().outcome == "unchanged"


def cases():
    for phase in PHASES:
        for device in DEVICES:
            marks = () if (phase, device) in QUICK else pytest.mark.faults
            yield pytest.param(phase, device, marks=marks, id=f"{phase}: {device}")


@pytest.mark.parametrize(("phase", "device"), list(cases()))
def test_one_network_whoever_fails_and_when(network, phase, device):
    played, expected = play(network, phase, device), PHASES[phase].end(device)
    ends.note(phase, device, played.end)
    told = played.result.model_dump_json(indent=1) + json.dumps(played.said, indent=1)
    assert (played.end, played.result.outcome in WORDS[expected]) == (f"all {expected}", True), told
    check_nothing_is_left(network, compensated=played.result.compensation is not None)
