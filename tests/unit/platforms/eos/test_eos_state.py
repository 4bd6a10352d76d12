"""What EOS answers, understood: in the form that real devices gave (vEOS 4.23, cEOS 4.36, NAPALM's records)."""

import json

from netmgr.model.check_state import Routes
from netmgr.model.state import AdjacencyState, InterfaceState
from netmgr.platforms import FORMS
from netmgr.platforms.eos.interfaces import configured_interfaces, interfaces
from netmgr.platforms.eos.routes import route_commands, routes
from netmgr.platforms.eos.state import bgp_neighbors, configured, ospf3_neighbors, ospf_neighbors

EOS = FORMS["eos"]


def test_ospf():
    def entry(interface, state):
        return {"routerId": "10.0.2.1", "interfaceName": interface, "adjacencyState": state, "drState": None,
                "inactivity": 1777426356.5}  # fmt: skip

    first = [entry("Ethernet2", "full"), entry("Ethernet1", "init"), entry("Ethernet1", "exchange")]
    answer = {"vrfs": {"default": {"instList": {"1": {"ospfNeighborEntries": first}}},
                       "red": {"instList": {"2": {"ospfNeighborEntries": [entry("Ethernet3", "2Ways")]}}}}}  # fmt: skip
    assert ospf_neighbors(json.dumps(answer)) == (
        AdjacencyState(protocol="ospf", peer="Ethernet2", up=True, detail="full"),
        AdjacencyState(protocol="ospf", peer="Ethernet1", up=False, detail="exchange"),
        AdjacencyState(protocol="ospf", peer="Ethernet3", up=False, detail="2Ways"),
    )


def test_ospf3():
    answer = {"vrfs": {"default": {"instList": {"1": {"ospf3NeighborEntries": [
        {"routerId": "10.0.2.1", "interfaceName": "Ethernet2", "adjacencyState": "full"}]}}}}}  # fmt: skip
    assert ospf3_neighbors(json.dumps(answer)) == (
        AdjacencyState(protocol="ospf3", peer="Ethernet2", up=True, detail="full"),
    )


def test_nothing_runs():
    for parse in (ospf_neighbors, ospf3_neighbors, bgp_neighbors):
        assert (parse(""), parse('{"vrfs": {}}'), parse("{}")) == ((), (), ())


def test_bgp():
    answer = {"vrfs": {
        "default": {"vrf": "default", "routerId": "192.168.0.0", "asn": "65001", "peers": {
            "10.0.0.1": {"version": 4, "asn": "65002", "prefixAccepted": 3, "peerState": "Established"},
            "10.0.0.3": {"version": 4, "asn": "65003", "prefixAccepted": 0, "peerState": "Active"}}},
        "red": {"peers": {"10.9.0.1": {"peerState": "Idle", "peerStateIdleReason": "Admin"}}}}}  # fmt: skip
    assert bgp_neighbors(json.dumps(answer)) == (
        AdjacencyState(protocol="bgp", peer="10.0.0.1", up=True, detail="Established"),
        AdjacencyState(protocol="bgp", peer="10.0.0.3", up=False, detail="Active"),
        AdjacencyState(protocol="bgp", peer="10.9.0.1", up=False, detail="Idle (Admin)"),
    )


CONFIG = """\
interface Ethernet1
   no switchport
   ip address 10.0.0.1/31
   ip address 10.7.0.1/24 secondary
   ipv6 address 2001:DB8::1/64
   ipv6 address fe80::1/64 link-local
   ip ospf area 0.0.0.0
   ipv6 ospf 1 area 0.0.0.0
interface Ethernet2
   shutdown
interface Vlan10
   ip address virtual 10.1.0.1/24
interface Ethernet3
   ip address 10.3.0.1/24
router bgp 65000
   neighbor g peer group
   neighbor g remote-as 65000
   neighbor 10.0.0.2 peer group g
   neighbor 10.0.0.3 remote-as 65001
   neighbor 10.0.0.3 shutdown
   vrf red
      neighbor 2001:db8::9 remote-as 65002
router ospf 1
   network 10.3.0.0/16 area 0.0.0.0
"""


def test_what_a_configuration_asks_for():
    assert configured(CONFIG) == {
        ("ospf", "Ethernet1"),
        ("ospf3", "Ethernet1"),
        ("ospf", "Ethernet3"),
        ("bgp", "10.0.0.2"),
        ("bgp", "2001:db8::9"),
    }


def test_interfaces():
    def ipv4(address, length, *others):
        return [{"primaryIp": {"address": address, "maskLen": length},
                 "secondaryIpsOrderedList": [{"address": a, "maskLen": n} for a, n in others],
                 "virtualIp": {"address": "0.0.0.0", "maskLen": 0}}]  # fmt: skip

    answer = {"interfaces": {
        "Ethernet1": {"interfaceStatus": "connected", "lineProtocolStatus": "up",
                      "interfaceAddress": ipv4("10.0.0.1", 31, ("10.7.0.1", 24)),
                      "interfaceAddressIp6": {
                          "linkLocalIp6": {"address": "fe80::1", "subnet": "fe80::/64"},
                          "globalUnicastIp6s": [{"address": "2001:db8::1", "subnet": "2001:db8::/64"}]}},
        "Ethernet2": {"interfaceStatus": "disabled", "lineProtocolStatus": "down", "interfaceAddress": []},
        "Ethernet3": {"interfaceStatus": "notconnect", "lineProtocolStatus": "lowerLayerDown",
                      "interfaceAddress": ipv4("0.0.0.0", 0)}}}  # fmt: skip
    one = InterfaceState(
        name="Ethernet1", enabled=True, addresses=frozenset(("10.0.0.1/31", "10.7.0.1/24", "2001:db8::1/64"))
    )
    two = InterfaceState(name="Ethernet2", enabled=False, addresses=frozenset(), carrier=False)
    three = InterfaceState(name="Ethernet3", enabled=True, addresses=frozenset(), carrier=False)
    assert interfaces(json.dumps(answer)) == (one, two, three)
    assert configured_interfaces(CONFIG) == (
        one,
        two.model_copy(update={"carrier": True}),
        InterfaceState(name="Vlan10", enabled=True, addresses=frozenset(("10.1.0.1/24",))),
        InterfaceState(name="Ethernet3", enabled=True, addresses=frozenset(("10.3.0.1/24",))),
    )


def test_routes():
    prefixes = ("10.0.0.0/8", "2001:db8::/32", "10.9.0.0/16")
    assert route_commands(prefixes) == (
        "show ip route summary | json",
        "show ipv6 route summary | json",
        "show ip route 10.0.0.0/8 | json",
        "show ipv6 route 2001:db8::/32 | json",
        "show ip route 10.9.0.0/16 | json",
    )
    # One VRF as EOS 4.23 answers, several as newer ones do.
    summary4 = {"connected": 2, "static": 1, "ospfCounts": {"ospfTotal": 4, "ospfIntraArea": 4},
                "bgpCounts": {"bgpTotal": 0}, "internal": 5, "totalRoutes": 12}  # fmt: skip
    summary6 = {"vrfs": {"default": {"connected": 1, "bgpCounts": {"bgpTotal": 3}}}}
    answers = (
        summary4,
        summary6,
        {"vrfs": {"default": {"routes": {"10.0.0.0/8": {"routeType": "static"}}}}},
        {"routes": {"2001:db8::/32": {"routeType": "eBGP"}}},
        {"vrfs": {"default": {"routes": {}}}},
    )
    assert routes(prefixes, [json.dumps(answer) for answer in answers]) == Routes(
        counts={"ipv4 connected": 2, "ipv4 static": 1, "ipv4 ospf": 4, "ipv6 connected": 1, "ipv6 bgp": 3},
        present=frozenset(prefixes[:2]),
    )


def test_what_may_be_shown():
    assert EOS.may_show("show ip bgp summary vrf all | json")
    assert EOS.may_show("show interfaces Ethernet1/1 status")
    for command in (
        "show run | redirect flash:a",
        "show version; reload",
        "bash id",
        "show run > flash:a",
        "show",
    ):
        assert not EOS.may_show(command)
