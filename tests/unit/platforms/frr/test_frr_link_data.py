"""What a configuration says of its ends of links."""

import pytest

from netmgr.change.links import changed_ends
from netmgr.platforms import FORMS
from netmgr.platforms.frr.link_data import link_data

CONFIG = FORMS["frr"].canonical("""
interface eth1
 description to r2
 ip address 10.0.0.0/31
 ipv6 address 2001:db8::/127
 ip ospf area 0
 ip ospf cost 10
 ip ospf dead-interval 4
 ipv6 ospf6 area 0
 ipv6 ospf6 cost 10
interface eth2
 ip address 10.0.0.8/31
 ip ospf cost 10
router ospf
 ospf router-id 10.255.0.1
 redistribute connected
router ospf6
 ospf6 router-id 10.255.0.1
router bgp 64500
 bgp router-id 10.255.0.1
 neighbor peers peer-group
 neighbor peers remote-as 64501
 neighbor peers password x
 neighbor 10.0.0.1 peer-group peers
 neighbor 10.0.0.1 description r2
 neighbor 10.0.0.9 remote-as 64502
 neighbor 10.0.0.9 timers 1 5
 address-family ipv4 unicast
  neighbor peers activate
  neighbor peers route-map in in
  neighbor 10.0.0.9 activate
""")
PORT = ("interface", "eth1")
MEMBER, ALONE = ("bgp", "10.0.0.1"), ("bgp", "10.0.0.9")


def test_every_interface_and_every_session_has_an_end():
    assert link_data(CONFIG).keys() == {PORT, ("interface", "eth2"), MEMBER, ALONE}


CASES = {
    "nothing": ("", "", set()),
    "a description": ("description to r2", "description to r3", {PORT}),
    "a cost": ("ip ospf cost 10\n ip ospf dead", "ip ospf cost 20\n ip ospf dead", {PORT}),
    "a dead interval": ("dead-interval 4", "dead-interval 8", {PORT}),
    "an address": ("10.0.0.0/31", "10.0.0.2/31", {PORT}),
    "an address of the other family": ("2001:db8::/127", "2001:db8:1::/127", {PORT}),
    "OSPF's router id": (" ospf router-id 10.255.0.1", " ospf router-id 10.255.0.9", set()),
    "OSPFv3's router id": ("ospf6 router-id 10.255.0.1", "ospf6 router-id 10.255.0.9", set()),
    "what is redistributed": (" redistribute connected\n", "", set()),
    "a shut interface": ("ip address 10.0.0.0/31", "ip address 10.0.0.0/31\n shutdown", {PORT}),
    "the AS number": ("router bgp 64500", "router bgp 64599", {MEMBER, ALONE}),
    "a neighbor's AS number": ("remote-as 64502", "remote-as 64503", {ALONE}),
    "a group's password": ("password x", "password y", {MEMBER}),
    "a neighbor that a group gains": (
        " neighbor 10.0.0.1 peer-group peers\n",
        " neighbor 10.0.0.1 peer-group peers\n neighbor 10.0.0.5 peer-group peers\n",
        {("bgp", "10.0.0.5")},
    ),
    "a family": ("  neighbor 10.0.0.9 activate\n", "", {ALONE}),
    "timers, which the two ends agree on": ("timers 1 5", "timers 3 9", set()),
    "a policy": ("route-map in in", "route-map none in", set()),
    "a session's description": ("description r2", "description r3", set()),
}


@pytest.mark.parametrize(("old", "new", "changed"), CASES.values(), ids=CASES)
def test_what_changes_an_end(old, new, changed):
    assert not old or CONFIG.count(old) == 1
    before, after = link_data(CONFIG), link_data(CONFIG.replace(old, new) if old else CONFIG)
    assert changed_ends(before, after) == changed
