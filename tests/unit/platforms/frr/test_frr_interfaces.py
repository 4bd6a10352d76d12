"""What zebra says of the kernel's interfaces and what the configuration says, in the same words."""

import json

import pytest

from netmgr.model.state import InterfaceState
from netmgr.platforms import FORMS
from netmgr.platforms.frr.interfaces import configured_interfaces, interfaces

#: As FRR 8.4.4 printed it, without what is not read.
SHOWN = {
    "eth1": {
        "administrativeStatus": "up",
        "operationalStatus": "up",
        "index": 3,
        "ipAddresses": [
            {"address": "10.1.0.1/31", "secondary": False, "unnumbered": False},
            {"address": "2001:DB8::7/64", "secondary": False, "unnumbered": False},
            {"address": "fe80::dcba:dff:fefb:caef/64", "secondary": False, "unnumbered": False},
        ],
    },
    "eth3": {"administrativeStatus": "down", "index": 5, "description": "to core2:eth3"},
    "lo": {
        "administrativeStatus": "up",
        "operationalStatus": "up",
        "index": 1,
        "ipAddresses": [{"address": "127.0.0.1/8"}, {"address": "10.1.255.3/32"}, {"address": "::1/128"}],
    },
    "eth9": {"administrativeStatus": "down", "pseudoInterface": False},
}

CONFIG = """\
interface eth1
 description to edge1:eth1
 ip address 10.1.0.1/31
 ipv6 address 2001:db8:0::7/64
 ip ospf area 0
interface eth3
 shutdown
interface eth4
 ip address 10.1.0.12/31
 shutdown
interface eth5
 description the host's
interface lo
 ip address 10.1.255.3/32 label lo:1
router ospf
 ospf router-id 10.1.255.3
"""


def state(name, enabled, *addresses):
    return InterfaceState(name=name, enabled=enabled, addresses=frozenset(addresses))


def test_what_exists_with_the_addresses_that_somebody_set():
    assert interfaces(json.dumps(SHOWN)) == (
        state("eth1", True, "10.1.0.1/31", "2001:db8::7/64"),
        state("eth3", False).model_copy(update={"carrier": False}),
        state("lo", True, "10.1.255.3/32"),
    )


def test_what_the_configuration_gives_an_address_or_shuts():
    assert configured_interfaces(CONFIG) == (
        state("eth1", True, "10.1.0.1/31", "2001:db8::7/64"),
        state("eth3", False),
        state("eth4", False, "10.1.0.12/31"),
        state("lo", True, "10.1.255.3/32"),
    )


SUBJECTS = {
    "router rip": "router rip",
    "router bgp 65001": "router bgp",
    "router bgp 65001 vrf red": "router bgp",
    "interface eth1": "interface eth1",
    "route-map A permit 10": "route-map A",
    "ip route 10.0.0.0/8 blackhole": "ip route",
    "ip prefix-list A seq 5 permit any": "ip prefix-list A",
    "ipv6 access-list B seq 5 permit any": "ipv6 access-list B",
    "bgp community-list standard C seq 5 permit 1:1": "bgp community-list standard C",
    "bgp as-path access-list D seq 5 permit ^1_": "bgp as-path access-list D",
    "key chain E": "key chain E",
    "no ip forwarding": "ip forwarding",
    "log syslog informational": "log syslog",
    "bfd": "bfd",
}


@pytest.mark.parametrize("line", SUBJECTS)
def test_what_a_line_is_about(line):
    assert FORMS["frr"].subject(line) == SUBJECTS[line]
