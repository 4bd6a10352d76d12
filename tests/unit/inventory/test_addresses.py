"""Addresses that know their text are addresses in every other way."""

import copy
import pickle
from ipaddress import ip_address, ip_interface, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmgr.model.addresses import KINDS, address, interface_address, network

ADDRESSES = st.ip_addresses()
LENGTHS = st.integers(0, 32)
PAIRS = [(address, ip_address, False), (interface_address, ip_interface, True)]


@pytest.mark.parametrize(("ours", "plain", "length"), PAIRS, ids=["address", "interface address"])
@given(first=ADDRESSES, second=ADDRESSES, lengths=st.tuples(LENGTHS, LENGTHS))
def test_they_print_compare_and_hash_as_the_standard_library_s(ours, plain, length, first, second, lengths):
    texts = [f"{a}/{n}" if length else str(a) for a, n in zip((first, second), lengths, strict=True)]
    one, other = map(ours, texts)
    assert {type(one), type(plain(texts[0]))} <= KINDS
    assert str(one) is str(one), "it knows its text"
    assert (str(one), f"{one}", hash(one), one) == (str(plain(texts[0])),) * 2 + (
        hash(plain(texts[0])),
        plain(texts[0]),
    )
    assert (one == other) is (plain(texts[0]) == plain(texts[1]))
    for again in (copy.deepcopy(one), pickle.loads(pickle.dumps(one))):
        assert (again, str(again)) == (one, str(one))


@given(ADDRESSES, LENGTHS)
def test_prefixes_drop_the_bits_beyond_their_length(inside, length):
    ours, plain = network(f"{inside}/{length}"), ip_network(f"{inside}/{length}", strict=False)
    assert {type(ours), type(plain), type(ours[0])} <= KINDS
    assert str(ours) is str(ours), "it knows its text"
    assert (str(ours), ours, hash(ours)) == (str(plain), plain, hash(plain))
    assert (str(ours[0]), ours.version, ours.prefixlen) == (str(plain[0]), plain.version, plain.prefixlen)


@pytest.mark.parametrize(("make", "plain", "length"), [*PAIRS, (network, ip_network, True)])
def test_ipv4_within_ipv6_is_ipv6(make, plain, length):
    text = "::ffff:192.0.2.1" + "/128" * length
    assert (make(text), type(make(text)) is type(plain(text))) == (plain(text), False)


@pytest.mark.parametrize("text", ["", "10.0.0", "10.0.0.256", "::g", "10.0.0.0/33", "::/129", "1.2.3.4/x"])
@pytest.mark.parametrize("make", [address, interface_address, network])
def test_what_is_none_is_refused(make, text):
    with pytest.raises(ValueError):  # noqa: PT011 - the text is the caller's
        make(text)
