"""What a rehearsal tries, and what it is judged by."""

import pytest

from netmgr.change.rehearsal import (
    adjacencies_gone,
    can_form,
    changed_routes,
    emulated_words,
    every_pair,
    lost_pairs,
    outages,
    probed_pairs,
    reasons,
    routed_pairs,
    tried_pairs,
)
from netmgr.model.rehearsal import LoopbackPair, Loss, LostPair, Outage, RehearsedAdjacency, RehearsedRoutes

FOUR = {name: (f"10.0.0.{number}",) for number, name in enumerate("abcd", 1)}
BOTH = {"a": ("10.0.0.1", "2001:db8::1"), "b": ("10.0.0.2", "2001:db8::2"), "c": ("2001:db8::3",)}


def ends(pairs):
    return [(pair.source, pair.destination) for pair in pairs]


def test_every_pair_is_tried_once_in_each_family_that_both_have():
    assert [(p.source, p.source_address, p.destination_address) for p in every_pair(BOTH)] == [
        ("a", "10.0.0.1", "10.0.0.2"),
        ("a", "2001:db8::1", "2001:db8::2"),
        ("a", "2001:db8::1", "2001:db8::3"),
        ("b", "2001:db8::2", "2001:db8::3"),
    ]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (("b",), [("a", "b"), ("a", "d"), ("b", "c"), ("b", "d"), ("c", "d")]),
        (("a", "c"), [("a", "b"), ("a", "c"), ("a", "d"), ("b", "c"), ("c", "d")]),
        ((), [("a", "b"), ("a", "c"), ("a", "d"), ("b", "c"), ("c", "d")]),
    ],
)
def test_probes_go_to_the_entries_and_round_the_ring(entry, expected):
    assert ends(probed_pairs(FOUR, entry)) == expected
    assert set(probed_pairs(FOUR, entry)) <= set(every_pair(FOUR))


def test_two_devices_and_one_need_no_ring():
    assert ends(probed_pairs({"a": FOUR["a"], "b": FOUR["b"]}, ())) == [("a", "b")]
    assert probed_pairs({"a": FOUR["a"]}, ()) == ()
    assert probed_pairs({}, ()) == ()


def pair(a, b, family="ipv4"):
    low, high = ("10.0.0.1", "10.0.0.2") if family == "ipv4" else ("2001:db8::1", "2001:db8::2")
    return LoopbackPair(source=a, source_address=low, destination=b, destination_address=high)


def test_only_what_was_connected_can_be_lost():
    kept, gone = pair("a", "b"), pair("a", "b", "ipv6")
    assert lost_pairs([kept, gone], {kept}) == (LostPair(source="a", destination="b", family="ipv6"),)


def test_outages_are_the_longest_first_and_none_is_no_outage():
    losses = [
        Loss(pair=pair("a", "b"), seconds=0.0, longest=0.0, replied=True),
        Loss(pair=pair("a", "c"), seconds=0.1, longest=0.05, replied=True),
        Loss(pair=pair("b", "c"), seconds=2.5, longest=2.5, replied=False),
    ]
    assert outages(losses) == (
        Outage(source="b", destination="c", family="ipv4", seconds=2.5, longest=2.5),
        Outage(source="a", destination="c", family="ipv4", seconds=0.1, longest=0.05),
    )


def test_adjacencies_and_routes_are_compared_both_ways():
    before, after = {("a", "ospf", "eth1"), ("a", "bgp", "10.0.0.2")}, {("a", "ospf", "eth1")}
    assert adjacencies_gone(before, after) == (
        RehearsedAdjacency(device="a", protocol="bgp", peer="10.0.0.2"),
    )
    assert adjacencies_gone(after, before) == ()
    assert changed_routes(
        {"a": frozenset({"10.0.0.0/8", "10.1.0.0/16"}), "b": frozenset({"::/0"})},
        {"a": frozenset({"10.1.0.0/16", "10.2.0.0/16"}), "b": frozenset({"::/0"})},
    ) == (RehearsedRoutes(device="a", lost=("10.0.0.0/8",), gained=("10.2.0.0/16",)),)


CUT = [LostPair(source=name, destination="z", family="ipv4") for name in "abcde"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ()),
        ({"change": "unchanged"}, ()),
        ({"change": "rolled_back"}, ("the change ended rolled back on the twin",)),
        (
            {"change": "in_doubt", "errors": ["a: check: x", "a: check: x", "b: y"]},
            ("the change ended in doubt on the twin: a: check: x; b: y",),
        ),
        (
            {"partitions": CUT},
            (
                "5 pairs of loopbacks lose connectivity for good: a and z (ipv4); b and z (ipv4); c and z (ipv4) "
                "and 2 more",
            ),
        ),
        ({"unlike": ["a ospf eth1"]}, ("the twin did not become like the network: a ospf eth1",)),
        (
            {"unsettled": ["a bgp 10.0.0.2 is down"]},
            ("not as expected after the change: a bgp 10.0.0.2 is down",),
        ),
    ],
)
def test_why_a_rehearsal_fails(given, expected):
    nothing = {"change": "applied", "errors": (), "partitions": (), "unlike": (), "unsettled": ()}
    assert reasons(**(nothing | given)) == expected


def test_a_pair_is_connected_by_routes_where_both_ends_have_one_that_is_not_the_default():
    (there,) = every_pair({"a": ("10.0.0.1",), "b": ("10.0.0.2",)})
    both = {"a": frozenset({"10.0.0.2/32", "0.0.0.0/0"}), "b": frozenset({"10.0.0.0/24"})}
    assert routed_pairs([there], both) == {there}
    for half in ({"a": both["a"]}, {"b": both["b"]}, both | {"b": frozenset({"0.0.0.0/0", "::/0"})}, {}):
        assert routed_pairs([there], half) == frozenset()


def test_an_adjacency_comes_up_unless_a_real_device_would_have_to_hear_an_emulated_one():
    emulated = {"e", "f"}
    for device, other in (("e", "f"), ("a", "b"), ("a", None), ("e", "a")):
        assert can_form(device, other, emulated)
    assert not can_form("a", "e", emulated)


def test_what_is_emulated_is_said():
    assert emulated_words(()) == ()
    (said,) = emulated_words({"b", "a"})
    assert said.startswith("emulated: a, b: ")


def test_few_devices_are_tried_in_every_pair_many_only_where_probes_go():
    many = {f"d{number}": (f"10.0.{number}.1",) for number in range(51)}
    assert tried_pairs(FOUR, ()) == every_pair(FOUR)
    assert tried_pairs(many, ()) == probed_pairs(many, ())
