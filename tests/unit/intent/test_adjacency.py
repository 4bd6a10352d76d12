"""Which adjacencies must be up."""

import pytest

from netmgr.intent.adjacency import adjacencies, known_adjacencies
from netmgr.model.intent import Adjacency
from tests.unit.intent.test_resolve import HOSTS, LINK, intent_of

BOTH = [
    ("r1", "bgp", "10.0.0.1", "r2"),
    ("r1", "ospf", "eth1", "r2"),
    ("r2", "bgp", "10.0.0.0", "r1"),
    ("r2", "ospf", "eth2", "r1"),
]
OSPF_ON_R2 = "r2: {data: {ospf: {areas: {0: {interfaces: {eth2: {passive: true}}}}}, "

CASES = {
    "both active": (HOSTS, BOTH),
    "one in maintenance": (HOSTS.replace("r2: {data: {", "r2: {data: {lifecycle: maintenance, "), BOTH),
    "one planned": (HOSTS.replace("r2: {data: {", "r2: {data: {lifecycle: planned, "), []),
    "one external": (HOSTS.replace("r2: {data: {", "r2: {data: {lifecycle: external, "), BOTH[:2]),
    "both external": (HOSTS.replace("data: {", "data: {lifecycle: external, "), []),
    "one end passive": (HOSTS.replace("r2: {data: {", OSPF_ON_R2), [BOTH[0], BOTH[2]]),
    "one end shut": (HOSTS.replace("r2: {data: {", "r2: {data: {interfaces: {eth2: {enabled: false}}, "), []),
}


@pytest.mark.parametrize(("hosts", "expected"), CASES.values(), ids=CASES)
def test_adjacencies_of_a_link(hosts, expected):
    found = sorted((a.device, a.protocol, a.peer, a.other) for a in adjacencies(intent_of(hosts, LINK)))
    assert found == expected


@pytest.mark.parametrize("hosts", [case[0] for case in CASES.values()], ids=CASES)
def test_all_are_known_whether_expected_or_not(hosts):
    ends = {(device, protocol, peer) for device, protocol, peer, _ in BOTH}
    loopbacks = {("r1", "ospf", "lo"), ("r2", "ospf", "lo")}
    assert known_adjacencies(intent_of(hosts, LINK)) == ends | loopbacks


DUAL = LINK.replace("subnet: 10.0.0.0/31", 'subnet: [10.0.0.0/31, "2001:db8::/127"]')


def test_a_link_of_both_families_has_four_adjacencies_at_each_end():
    intent = intent_of(HOSTS, DUAL)
    found = sorted((a.device, a.protocol, a.peer) for a in adjacencies(intent))
    assert found == [
        ("r1", "bgp", "10.0.0.1"),
        ("r1", "bgp", "2001:db8::1"),
        ("r1", "ospf", "eth1"),
        ("r1", "ospf3", "eth1"),
        ("r2", "bgp", "10.0.0.0"),
        ("r2", "bgp", "2001:db8::"),
        ("r2", "ospf", "eth2"),
        ("r2", "ospf3", "eth2"),
    ]
    assert known_adjacencies(intent) == {*found, ("r1", "ospf", "lo"), ("r2", "ospf", "lo")}


def test_neighbors_that_the_inventory_does_not_know():
    hosts = (
        "r1: {data: {loopback: 10.255.0.1, interfaces: {eth1: {ipv4: 192.0.2.1/24}, eth2: {ipv4: 198.51.100.1/24, "
        "enabled: false}}, bgp: {asn: 1, neighbors: {192.0.2.9: {peer_as: 2}, 198.51.100.9: {peer_as: 3}, "
        "10.255.0.2: {peer_as: 1}}}}}\n"
        "r2: {data: {loopback: 10.255.0.2}}\n"
    )
    assert adjacencies(intent_of(hosts)) == (
        Adjacency(device="r1", protocol="bgp", peer="10.255.0.2", other="r2"),
        Adjacency(device="r1", protocol="bgp", peer="192.0.2.9", other=None),
    )


def test_ends_in_different_areas_are_no_adjacency():
    hosts = (
        "r1: {data: {loopback: 10.255.0.1, ospf: {areas: {1: {interfaces: {eth1: {}}}}}}}\n"
        "r2: {data: {loopback: 10.255.0.2, ospf: {areas: {2: {interfaces: {eth1: {}}}}}}}\n"
    )
    link = '  - {endpoints: ["r1:eth1", "r2:eth1"], subnet: 10.0.0.0/31}\n'
    assert adjacencies(intent_of(hosts, link)) == ()
