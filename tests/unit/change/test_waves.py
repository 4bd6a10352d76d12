"""Waves of networks that people have."""

from itertools import pairwise

import pytest

from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.change.topology import Topology
from netmgr.change.waves import Part, parts_of, plan_waves
from netmgr.errors import UsageError
from netmgr.model.change_policy import WavePolicy
from netmgr.platforms import FORMS

EDGES, CORES, BRANCHES = ("edge1", "edge2"), ("core1", "core2"), ("north", "south")
OFFICE = Topology(
    devices=(*EDGES, *CORES, *BRANCHES, "isp"),
    links=(
        *((edge, core) for edge in EDGES for core in CORES),
        ("core1", "core2"),
        *((core, branch) for core in CORES for branch in BRANCHES),
        ("edge1", "isp"),
    ),
    redundancy=(EDGES, CORES),
    entry=("edge1",),
    external=frozenset({"isp"}),
)
CHAIN = Topology(devices=("e", "a", "b", "c"), links=(("e", "a"), ("a", "b"), ("b", "c")), entry=("e",))


def planned(topology, changed, **more):
    waves, why = plan_waves(topology, tuple(changed), **more)
    return [
        (" ".join(wave), reason.reason, " ".join(reason.cut_off))
        for wave, reason in zip(waves, why, strict=True)
    ]


def test_an_office():
    assert planned(OFFICE, (*EDGES, *CORES, *BRANCHES)) == [
        ("edge2 core1 north south", "1 to 2 links from edge1", ""),
        ("core2", "1 link from edge1; core2 not with core1: one redundancy group", ""),
        (
            "edge1",
            "where management enters; alone, for without it others have no way to edge1",
            "edge2 core1 core2 north south",
        ),
    ]


def test_one_wave_says_how_far_away_it_is():
    assert planned(OFFICE, BRANCHES) == [("north south", "2 links from edge1", "")]
    assert planned(CHAIN, "eabc") == [("e a b c", "0 to 3 links from e", "")]


def test_who_stands_in_the_way_of_others_goes_alone():
    assert planned(CHAIN, "ab") == [
        ("b", "2 links from e; alone, for without it others have no way to e", "c"),
        ("a", "1 link from e; alone, for without it others have no way to e", "b c"),
    ]


def test_two_ways_are_not_closed_at_once():
    ring = Topology(
        devices=tuple("eabc"), links=(("e", "a"), ("a", "b"), ("b", "c"), ("c", "e")), entry=("e",)
    )
    assert planned(ring, "ac") == [
        ("a", "1 link from e", ""),
        ("c", "1 link from e; c not before: b would have no way to e", ""),
    ]


def test_the_ends_of_a_changed_link_go_together_and_cut_off_who_hangs_on_them():
    assert planned(CHAIN, "ab", together=[("a", "b")]) == [
        (
            "a b",
            "1 to 2 links from e; a and b together: data of links between them changes; "
            "by themselves, for without them others have no way to e",
            "c",
        )
    ]


def test_redundant_ends_of_a_changed_link_are_kept_apart():
    assert planned(OFFICE, CORES, together=[CORES]) == [
        ("core1", "1 link from edge1", ""),
        ("core2", "1 link from edge1; core2 not with core1: one redundancy group", ""),
    ]


def test_without_an_entry_only_redundancy_is_known():
    nowhere = Topology(devices=OFFICE.devices, links=OFFICE.links, redundancy=OFFICE.redundancy)
    unknown = "no entry in topology.yaml: neither order nor cut-off devices are known"
    assert planned(nowhere, (*EDGES, *BRANCHES)) == [
        ("edge1 north south", unknown, ""),
        ("edge2", "edge2 not with edge1: one redundancy group", ""),
    ]


def test_what_no_entry_reaches_goes_first():
    apart = Topology(devices=(*CHAIN.devices, "x", "y"), links=(*CHAIN.links, ("x", "y")), entry=("e",))
    assert planned(apart, "cxy", largest=2) == [
        ("x y", "no way from e leads there", ""),
        ("c", "3 links from e; the policy's largest wave is 2", ""),
    ]


def test_out_of_band_there_is_no_order_but_redundancy():
    oob = Topology(
        devices=OFFICE.devices,
        links=OFFICE.links,
        redundancy=OFFICE.redundancy,
        entry=OFFICE.entry,
        oob=frozenset({*CORES, "edge2"}),
    )
    assert planned(oob, (*CORES, "edge2", "north")) == [
        ("core1 edge2 north", "2 links from edge1", ""),
        ("core2", "managed out of band: in any order; core2 not with core1: one redundancy group", ""),
    ]


def test_the_order_is_kept_where_it_costs_waves():
    names = ("r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8")
    ring = Topology(devices=names, links=(*pairwise(names), ("r8", "r1")), entry=("r1",))
    changed = [name for name in names if name != "r5"]
    assert [row[0] for row in planned(ring, changed)] == ["r4", "r6 r7", "r2 r3", "r8", "r1"]


def test_only_what_is_out_of_band_may_join_an_earlier_wave():
    links = (("e", "a"), ("e", "b"), ("a", "x"), ("b", "x"), ("a", "y"), ("b", "y"))
    devices, redundancy = ("e", "a", "b", "x", "y"), (("x", "y"), ("y", "a"))
    inband = Topology(devices=devices, links=links, redundancy=redundancy, entry=("e",))
    oob = Topology(devices=devices, links=links, redundancy=redundancy, entry=("e",), oob=frozenset({"a"}))
    assert [row[0] for row in planned(inband, "axy")] == ["x", "y", "a"]
    assert [row[0] for row in planned(oob, "axy")] == ["a x", "y"]


def test_what_the_inventory_makes_of_it():
    hosts = """
e: {}
new: {data: {lifecycle: planned}}
isp: {data: {lifecycle: external}}
far: {data: {lifecycle: maintenance, management: oob}}
"""
    links = "".join(
        f'  - {{endpoints: ["{a}", "{b}"]}}\n'
        for a, b in (("e:eth1", "isp:eth1"), ("e:eth2", "new:eth1"), ("isp:eth2", "far:eth1"))
    )
    files = {
        "client.yaml": "id: acme\n",
        "defaults.yaml": "platform: frr\n",
        "hosts.yaml": hosts,
        "topology.yaml": f"links:\n{links}redundancy: [[e, far]]\nentry: [e, new]\n",
    }
    assert Topology.of(MemoryInventories({"acme": files}, FORMS).load("acme")) == Topology(
        devices=("e", "isp", "far"),
        links=(("e", "isp"), ("isp", "far")),
        redundancy=(("e", "far"),),
        entry=("e",),
        oob=frozenset({"far"}),
        external=frozenset({"isp"}),
    )


def test_a_policy_s_parts_come_one_after_the_other():
    parts = [Part("site hq", frozenset({*EDGES, *CORES})), Part("site north", frozenset({"north"}))]
    assert [row[:2] for row in planned(OFFICE, (*CORES, *BRANCHES), parts=parts)] == [
        ("core1", "site hq; 1 link from edge1"),
        ("core2", "site hq; 1 link from edge1; core2 not with core1: one redundancy group"),
        ("north", "site north; 2 links from edge1"),
        ("south", "the others; 2 links from edge1"),
    ]
    linked = planned(OFFICE, ("core1", "north", "south"), parts=parts, together=[("core1", "north")])
    assert [(row[0], row[1].split("; ")[0]) for row in linked] == [
        ("core1 north", "site north"),
        ("south", "the others"),
    ], "a unit waits for its last part"


HQ = "{data: {site: hq, role: core}}"
SITED = f"""
edge: {{data: {{site: hq, role: edge}}}}
core1: {HQ}
core2: {HQ}
south: {{data: {{site: south, role: branch}}}}
north: {{data: {{site: north, role: branch}}}}
lost: {{}}
"""


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ({}, []),
        (
            {"by": "site"},
            ["site hq: core1 core2 edge", "site south: south", "site north: north", "no site: lost"],
        ),
        (
            {"by": "site", "order": ["north", "nowhere", "hq"]},
            ["site north: north", "site hq: core1 core2 edge", "site south: south", "no site: lost"],
        ),
        (
            {"by": "role", "order": ["branch"]},
            ["role branch: north south", "role edge: edge", "role core: core1 core2", "no role: lost"],
        ),
    ],
)
def test_the_parts_that_a_policy_goes_by(policy, expected):
    sites = "id: acme\nsites: {hq: {}, south: {}, north: {}}\n"
    files = {"client.yaml": sites, "defaults.yaml": "platform: frr\n", "hosts.yaml": SITED}
    devices = MemoryInventories({"acme": files}, FORMS).load("acme").devices
    parts = parts_of(WavePolicy.model_validate(policy), devices)
    assert [f"{part.label}: {' '.join(sorted(part.devices))}" for part in parts] == expected


def test_a_canary_harms_nobody_if_it_can():
    assert [row[:2] for row in planned(OFFICE, ("edge1", "core1", *BRANCHES), canary=1)] == [
        ("north", "canary; 2 links from edge1"),
        ("core1 south", "1 to 2 links from edge1"),
        ("edge1", "where management enters; alone, for without it others have no way to edge1"),
    ]
    assert [row[0] for row in planned(CHAIN, "ab", canary=1)] == ["b", "a"]
    assert [row[0] for row in planned(CHAIN, "ac", canary=1)] == ["c", "a"]
    fork = Topology(devices=tuple("eabc"), links=(("e", "a"), ("a", "b"), ("e", "c")), entry=("e",))
    assert [row[0] for row in planned(fork, "ac")] == ["a", "c"]
    assert [row[0] for row in planned(fork, "ac", canary=1)] == ["c", "a"], "nearer, but it cuts nobody off"
    assert planned(OFFICE, BRANCHES, canary=2) == planned(OFFICE, BRANCHES), "small enough already"


def test_a_canary_smaller_than_what_changes_together_is_a_usage_error():
    with pytest.raises(UsageError) as error:
        planned(CHAIN, "ab", together=[("a", "b")], canary=1)
    assert str(error.value) == (
        "--canary 1: a and b change together (the data of links between them changes); give --canary 2 or more"
    )


def test_a_unit_larger_than_the_largest_wave_says_so():
    assert planned(CHAIN, "bc", together=[("b", "c")], largest=1)[0][1] == (
        "2 to 3 links from e; b and c together: data of links between them changes; "
        "more than the policy's largest wave (1), for they change together"
    )


def test_a_thousand_devices_cost_what_their_links_cost():
    """Steps are counted, not seconds: each look at a neighbor of a device is one."""
    names = tuple(f"r{number}" for number in range(1000))
    links = tuple((names[n], names[p]) for n in range(1, 1000) for p in {(n - 1) // 4, max(0, (n - 2) // 4)})
    looks = 0

    class Counted(dict):
        def __getitem__(self, name):
            nonlocal looks
            looks += 1
            return super().__getitem__(name)

    topology = Topology(names, links, tuple(zip(names[1::2], names[2::2], strict=False)), names[:1])
    topology.__dict__["neighbors"] = Counted(topology.neighbors)
    waves, _ = plan_waves(topology, names[1::3])
    assert sum(map(len, waves)) == len(names[1::3])
    assert looks < 20 * len(names)
