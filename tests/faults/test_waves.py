"""Waves on real routers, at length: what a pair's traffic loses, and what a half-made change leaves behind."""

import json
from itertools import pairwise

import pytest

from tests.lab.change.pair import HOSTS, NAMES, REDUNDANT, TOPOLOGY, pair

pytestmark = [pytest.mark.lab, pytest.mark.faults, pytest.mark.tally("waves")]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with pair(tmp_path_factory.mktemp("pair")) as site:
        yield site


def loss_of_new_loopbacks(site, old, new, waves):
    """Seconds that the probe loses while both members of the pair get new router ids."""
    site.edit(HOSTS, *((f"loopback: {old}.{n}", f"loopback: {new}.{n}") for n in (2, 3)))
    plan = site.document("plan")
    assert plan["waves"] == waves
    site.settled()
    before = site.begun()
    with site.probe() as loss:
        document = site.deploy(plan["id"])
    assert document["outcome"] == "applied"
    assert all(times > before[peer] for peer, times in site.begun().items())
    return loss.seconds


def test_in_waves_the_traffic_through_a_pair_loses_little_at_once_it_loses_more(site):
    nets = ["10.255.0", "10.250.0", "10.251.0", "10.252.0", "10.253.0"]
    apart = [["p1"], ["p2"]]
    lost = [loss_of_new_loopbacks(site, old, new, apart) for old, new in pairwise(nets)]
    site.edit(TOPOLOGY, (REDUNDANT, ""), ("entry: [a]\n", ""))
    at_once = loss_of_new_loopbacks(site, nets[-1], nets[0], [["p1", "p2"]])
    site.edit(TOPOLOGY, ("links:\n", f"entry: [a]\n{REDUNDANT}links:\n"))
    print(f"seconds lost in waves: {lost}, at once: {at_once}")
    assert max(lost) < 3
    assert at_once > max(lost)


@pytest.mark.parametrize("device", ["p1", "a"])
def test_an_as_number_of_one_end_only_goes_back(site, device):
    before = {name: site.running(name) for name in NAMES}
    number = f"asn: {65001 + NAMES.index(device)}"
    site.edit(HOSTS, (number, "asn: 65099"))
    document = site.deploy("-l", device, confirm_in=15, code=4)
    site.edit(HOSTS, ("asn: 65099", number))
    assert (document["outcome"], [d["outcome"] for d in document["devices"]]) == (
        "rolled_back",
        ["rolled_back"],
    )
    assert {name: site.running(name) for name in NAMES} == before
    site.settled()


def test_a_second_wave_that_fails_takes_the_first_one_back(site):
    """p1's AS number changes; in the second wave its way to a is cut by hand, so that session does not come up."""
    before = {name: site.running(name) for name in NAMES}
    said = []
    site.edit(HOSTS, ("asn: 65002", "asn: 65099"))
    with site.start("deploy", "--yes", "--confirm-in", "40", "-o", "json") as process:
        for line in process.stderr:
            said.append(line)
            if line.startswith("commit wave 2 of 2"):
                site.console("p1", "ip", "link", "set", "eth1", "down")
        out = process.stdout.read()
    site.console("p1", "ip", "link", "set", "eth1", "up")
    site.edit(HOSTS, ("asn: 65099", "asn: 65002"))
    assert process.returncode == 4, out
    assert [line for line in said if line.startswith("decision")] == ["decision: abort\n"]
    assert {d["device"]: d["outcome"] for d in json.loads(out)["devices"]} == dict.fromkeys(
        NAMES, "rolled_back"
    )
    assert {name: site.running(name) for name in NAMES} == before
    site.settled()
