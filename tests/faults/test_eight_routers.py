"""Eight routers, each failing in each phase: before the decision all old at the end, after it all old or all new."""

import json

import pytest

from tests.faults.eight import PHASES, eight, play
from tests.faults.ends import Ends
from tests.integration.change.ring import NAMES

pytestmark = [pytest.mark.lab, pytest.mark.faults, pytest.mark.tally("eight routers")]

WORDS = {"all new": {"applied"}, "all old": {"rolled_back", "failed"}}
ends = Ends(NAMES)


@pytest.fixture(scope="module")
def ring(tmp_path_factory):
    with ends.of(eight, tmp_path_factory.mktemp("ring")) as found:
        yield found


@pytest.mark.parametrize("device", NAMES)
@pytest.mark.parametrize("phase", PHASES)
def test_one_network_whoever_fails_and_when(ring, phase, device):
    end, outcome, document = play(ring, phase, device)
    ends.note(phase, device, end)
    assert (end, outcome in WORDS.get(end, ())) == (f"all {PHASES[phase][1]}", True), json.dumps(
        document, indent=1
    )
