from ipaddress import ip_interface, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmgr.intent.addressing import is_point_to_point, link_addresses, overlaps
from netmgr.model.ordering import by_value, natural

CASES = {
    "10.0.0.0/31": ("10.0.0.0/31", "10.0.0.1/31", True),
    "10.0.0.4/30": ("10.0.0.5/30", "10.0.0.6/30", True),
    "10.0.0.0/29": ("10.0.0.1/29", "10.0.0.2/29", False),
    "192.0.2.0/24": ("192.0.2.1/24", "192.0.2.2/24", False),
    "255.255.255.252/30": ("255.255.255.253/30", "255.255.255.254/30", True),
    "2001:db8::/127": ("2001:db8::/127", "2001:db8::1/127", True),
    "2001:db8::/126": ("2001:db8::1/126", "2001:db8::2/126", False),
    "2001:db8::/64": ("2001:db8::1/64", "2001:db8::2/64", False),
}


@pytest.mark.parametrize(("subnet", "expected"), CASES.items(), ids=CASES)
def test_the_two_addresses_of_a_link(subnet, expected):
    network = ip_network(subnet)
    first, second, point_to_point = expected
    assert link_addresses(network) == (ip_interface(first), ip_interface(second))
    assert is_point_to_point(network) is point_to_point


def network(version, address, length):
    longest = 32 if version == 4 else 128
    return ip_network((address << (longest - 8), min(length, longest - 1)), strict=False)


NETWORKS = st.builds(network, st.sampled_from((4, 6)), st.integers(1, 20), st.integers(4, 31))


@given(NETWORKS)
def test_both_addresses_lie_in_the_subnet_and_differ(subnet):
    first, second = link_addresses(subnet)
    assert first.network == second.network == subnet
    assert int(second.ip) == int(first.ip) + 1


@given(st.lists(NETWORKS, max_size=8))
def test_subnets_that_overlap_are_found(subnets):
    placed = [(subnet, (index, 0)) for index, subnet in enumerate(subnets)]
    found = set(overlaps(placed))
    pairs = {
        ((i, 0), (j, 0))
        for i, a in enumerate(subnets)
        for j, b in enumerate(subnets)
        if i < j and a.version == b.version and a.overlaps(b)
    }
    assert found <= pairs
    # Each subnet that overlaps an earlier-sorted one is named once at least.
    assert bool(found) == bool(pairs)
    assert {place for pair in found for place in pair} == {place for pair in pairs for place in pair}


def test_natural_order():
    names = ["lo", "eth10", "eth2", "eth1", "eth2.100", "eth2.20", "ge-0/0/10", "ge-0/0/9", "1/1", "Eth1"]
    assert sorted(names, key=natural) == [
        "1/1", "Eth1", "eth1", "eth2", "eth2.20", "eth2.100", "eth10", "ge-0/0/9", "ge-0/0/10", "lo",
    ]  # fmt: skip


def test_addresses_in_the_order_of_their_value():
    texts = ["2001:db8::1", "10.0.0.10/8", "10.0.0.9/8", "9.255.0.0/8"]
    assert [str(a) for a in sorted((ip_interface(t).ip for t in texts), key=by_value)] == [
        "9.255.0.0",
        "10.0.0.9",
        "10.0.0.10",
        "2001:db8::1",
    ]
