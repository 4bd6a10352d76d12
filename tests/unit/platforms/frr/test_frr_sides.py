"""A side of an adjacency: the lines of one end that the other end may have to match."""

import dataclasses

import pytest

from netmgr.platforms.form import PlatformForm
from netmgr.platforms.frr import FRR

BEFORE = """\
interface eth1
 description to b
 ip address 10.0.0.0/31
 ip ospf area 0
 ip ospf cost 10
 ip ospf hello-interval 1
interface lo
 ip address 10.255.0.1/32
router bgp 65001
 bgp router-id 10.255.0.1
 neighbor customers peer-group
 neighbor customers timers 3 9
 neighbor 10.0.0.1 remote-as 65002
 neighbor 10.0.0.1 peer-group customers
 neighbor 10.255.0.9 remote-as 65001
 neighbor 10.255.0.9 update-source lo
 address-family ipv4 unicast
  network 10.255.0.1/32
  neighbor 10.0.0.1 route-map out out
router ospf
 ospf router-id 10.255.0.1
"""

LINK, FAR, OSPF = ("bgp", "10.0.0.1"), ("bgp", "10.255.0.9"), ("ospf", "eth1")

CASES = [
    (" description to b", " description to the other", set()),
    (" ip ospf cost 10", " ip ospf cost 20", set()),
    ("  network 10.255.0.1/32", "  network 10.255.0.0/24", set()),
    (" bgp router-id 10.255.0.1", " bgp router-id 10.255.0.7", set()),
    (" ip ospf hello-interval 1", " ip ospf hello-interval 2", {OSPF}),
    (" ip ospf area 0", " ip ospf area 1", {OSPF}),
    (" ip address 10.0.0.0/31", " ip address 10.0.0.0/30", {OSPF, LINK}),
    (" ip address 10.255.0.1/32", " ip address 10.255.0.5/32", {FAR}),
    ("router bgp 65001", "router bgp 65099", {LINK, FAR}),
    ("10.0.0.1 remote-as 65002", "10.0.0.1 remote-as 65098", {LINK}),
    (" neighbor customers timers 3 9", " neighbor customers password x", {LINK}),
    ("route-map out out", "route-map none out", {LINK}),
    (" ip ospf area 0\n", "", {OSPF}),
    (" ospf router-id 10.255.0.1", " passive-interface eth1", {OSPF}),
    (" description to b", " shutdown", {OSPF, LINK}),
]


@pytest.mark.parametrize(("old", "new", "changed"), CASES)
def test_a_change_touches_the_sides_that_it_is_about(old, new, changed):
    assert BEFORE.count(old) == 1
    after = FRR.canonical(BEFORE.replace(old, new))
    assert FRR.changed_sides(FRR.canonical(BEFORE), after) == changed


def test_of_a_platform_that_cannot_tell_every_side_changes():
    plain = next(f for f in dataclasses.fields(PlatformForm) if f.name == "sides").default
    form = dataclasses.replace(FRR, sides=plain)
    assert form.changed_sides(BEFORE, BEFORE) == {LINK, FAR, OSPF}
