"""FRR's driver keeps the laws of netmgr.conformance, on a real router."""

import dataclasses
import subprocess
from pathlib import Path

import pytest

from netmgr.adapters.endpoints import lab_endpoints
from netmgr.conformance import DRIVER_LAWS, Bench
from netmgr.platforms import FORMS
from tests.contract.drivers.conftest import Named, stranger
from tests.contract.fleet.conftest import NETWORK

FORM = FORMS["frr"]
BASE = FORM.canonical("interface eth1\n description one\n")
NEXT = FORM.canonical("interface eth1\n ip address 10.0.0.1/31\nip prefix-list OURS seq 5 permit any\n")
EPOCH = "/var/lib/netmgr-frr/epoch"

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def router(contract_lab):
    """The first router: what it answers on its console, and its endpoint."""

    def console(*argv):
        command = contract_lab.console(NETWORK.client, "r1", list(argv))
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=20).stdout

    console("rm", "-f", EPOCH)
    (endpoint,) = lab_endpoints(contract_lab, NETWORK.client, [Named("r1", "frr")])
    return console, endpoint


@pytest.fixture
def bench(router, tmp_path: Path) -> Bench:
    console, endpoint = router

    def settle(text: str) -> None:
        with bench.session() as session:
            running = bench.running()
            if running != text:
                order = bench.order(running, text)
                session.load(text)
                assert session.commit(order).state == "pending"
                assert session.confirm(order).state == "confirmed"

    bench = Bench(
        form=FORM,
        endpoint=endpoint,
        stranger=stranger(endpoint, tmp_path),
        before=BASE,
        after=NEXT,
        refused=f"{NEXT}ip teleport eth1\n",
        shows="show version",
        settle=settle,
        running=lambda: FORM.canonical(console("vtysh", "-c", "show running-config")),
        # A login by key sends nothing that could be stolen.
        offered=lambda: 0,
    )
    return bench


@pytest.mark.parametrize("law", DRIVER_LAWS)
def test_the_driver_keeps_the_law(bench, law):
    assert list(DRIVER_LAWS[law](bench)) == []


def test_a_device_that_is_not_settled_is_told_of(bench):
    """The laws tell of a device that does not do as it is told."""
    deaf = dataclasses.replace(
        bench, settle=lambda _: None, before=f"{BASE}ip prefix-list X seq 5 permit any\n"
    )
    assert list(DRIVER_LAWS["samples"](deaf)) != []
