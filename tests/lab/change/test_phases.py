"""One router fails while a change is committed or confirmed: some cases of tests/faults/test_eight_routers.py."""

import pytest

from tests.faults.eight import Run, strike
from tests.lab.site import NAMES

pytestmark = pytest.mark.lab

DATA = "static_routes: [{prefix: 198.51.100.0/24, discard: true}]"


def outcomes(document):
    return {device["device"]: device["outcome"] for device in document["devices"]}


def reads(site):
    """The routers that have the route, by vtysh and by the kernel."""
    words = "ip route 198.51.100.0/24"
    script = f"vtysh -c 'show running-config' | grep -c '^{words}'; ip route | grep -c ' 198.51.100.0'; :"
    return {name: site.console(name, "sh", "-c", script).split() for name in NAMES}


@pytest.fixture
def changed(site):
    """Every router gets a route."""
    with site.edited("platform: frr\n", f"platform: frr\ndata: {{{DATA}}}\n", DEFAULTS):
        yield site


DEFAULTS = "inventory/square/defaults.yaml"


LONG = pytest.mark.faults  # a timer is waited for to its end once in the default run


@pytest.mark.parametrize(
    "phase", ["commit: the answer is lost", pytest.param("check: no new login", marks=LONG)]
)
def test_before_the_decision_all_go_back(changed, phase):
    document = strike(Run(changed, "r2"), phase)
    assert (document["outcome"], outcomes(document)) == ("rolled_back", dict.fromkeys(NAMES, "rolled_back"))
    assert reads(changed) == dict.fromkeys(NAMES, ["0", "0"])


@pytest.mark.parametrize("phase", ["confirm: the order is lost", "confirm: the answer is lost"])
def test_after_it_all_are_new(changed, phase):
    document = strike(Run(changed, "r3"), phase)
    assert (document["outcome"], outcomes(document)) == ("applied", dict.fromkeys(NAMES, "applied"))
    assert reads(changed) == dict.fromkeys(NAMES, ["1", "1"])
