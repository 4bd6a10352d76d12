"""The members of a redundancy pair change one after the other: traffic goes on, sessions wait for their other ends."""

import pytest

from tests.lab.change.pair import HOSTS, NAMES, pair

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with pair(tmp_path_factory.mktemp("pair")) as site:
        yield site


def outcomes(document):
    return {device["device"]: device["outcome"] for device in document["devices"]}


def test_the_traffic_through_a_pair_goes_on_while_both_its_members_change(site):
    """New loopbacks, which are router ids: each member's sessions end and begin anew."""
    site.edit(
        HOSTS,
        ("loopback: 10.255.0.2", "loopback: 10.254.0.2"),
        ("loopback: 10.255.0.3", "loopback: 10.254.0.3"),
    )
    plan = site.document("plan")
    assert (plan["waves"], plan["atomic"]) == ([["p1"], ["p2"]], "network")
    assert [why["cut_off"] for why in plan["why"]] == [[], []]
    before = site.begun()
    with site.probe() as loss:
        document = site.deploy(plan["id"], "-m", "new loopbacks of the pair")
    assert outcomes(document) == {"a": "unchanged", "b": "unchanged", "p1": "applied", "p2": "applied"}
    # At least once: a session that both ends open at the same time may need another attempt.
    anew = {peer for peer, times in site.begun().items() if times > before[peer]}
    assert anew == set(before), "each member was away for a moment"
    assert loss.received > 0
    assert loss.seconds < 3
    site.settled()


def test_an_as_number_changes_on_both_ends_of_a_link_in_two_waves(site):
    """p1 and p2 are redundant, so the session between them waits for the second wave."""
    site.edit(HOSTS, ("asn: 65002", "asn: 65099"))
    plan = site.document("plan")
    assert plan["waves"] == [["p2"], ["a", "p1", "b"]]
    assert [(why["reason"], why["cut_off"]) for why in plan["why"]] == [
        ("1 link from a", []),
        (
            "0 to 2 links from a; a, p1 and b together: data of links between them changes; "
            "by themselves, for without them others have no way to a",
            ["p2"],
        ),
    ]
    assert {device["device"]: device["pending"] for device in plan["devices"] if device["pending"]} == {
        "p2": ["bgp 10.0.0.8: p1 comes in wave 2"]
    }
    document = site.deploy(plan["id"], "-m", "a number of its own")
    assert outcomes(document) == dict.fromkeys(NAMES, "applied")
    assert "router bgp 65099" in site.running("p1")
    for name in ("p1", "p2"):
        assert set(site.sessions(name).values()) == {"Established"}
    assert len(site.sessions("p1")) == 3
