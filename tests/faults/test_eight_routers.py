"""Eight routers, each failing in each phase: before the decision all old at the end, after it all old or all new."""

import json
from collections import defaultdict

import pytest

from tests.faults.eight import PHASES, eight, play
from tests.integration.change.ring import NAMES

pytestmark = [pytest.mark.lab, pytest.mark.faults, pytest.mark.tally("eight routers")]

WORDS = {"all new": {"applied"}, "all old": {"rolled_back", "failed"}}
table = defaultdict(dict)


@pytest.fixture(scope="module")
def ring(tmp_path_factory):
    with eight(tmp_path_factory.mktemp("ring")) as found:
        yield found
    print("\n" + "\n".join(lines()))


def lines():
    """Phase by phase, what the network was after each router's failure."""
    yield f"{'device k fails':44} {' '.join(f'{name:>8}' for name in NAMES)}"
    for phase, ends in table.items():
        yield f"{phase:44} {' '.join(f'{ends.get(name, chr(45)):>8}' for name in NAMES)}"


@pytest.mark.parametrize("device", NAMES)
@pytest.mark.parametrize("phase", PHASES)
def test_one_network_whoever_fails_and_when(ring, phase, device):
    end, outcome, document = play(ring, phase, device)
    table[phase][device] = end
    assert (end, outcome in WORDS.get(end, ())) == (f"all {PHASES[phase][1]}", True), json.dumps(
        document, indent=1
    )
