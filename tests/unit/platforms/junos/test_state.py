"""Junos' tables of adjacencies, interfaces and routes, in the layout of its CLI reference."""

from netmgr.model.check_state import Routes
from netmgr.model.state import AdjacencyState, InterfaceState
from netmgr.platforms import FORMS
from netmgr.platforms.junos.interfaces import configured_interfaces, interfaces
from netmgr.platforms.junos.routes import route_commands, routes
from netmgr.platforms.junos.state import bgp_neighbors, configured, ospf3_neighbors, ospf_neighbors

OSPF = """\
Instance: master
Address          Interface              State           ID               Pri  Dead
10.0.0.1         ge-0/0/0.0             Full            10.255.0.2       128    36
10.0.0.5         ge-0/0/1.100           ExStart         10.255.0.3       128    38
10.1.0.2         irb.10                 2Way            10.255.0.4       128    31
10.1.0.3         irb.10                 Full            10.255.0.5         1    39
10.1.0.4         irb.10                 Full            10.255.0.6         1    35

Instance: red
Address          Interface              State           ID               Pri  Dead
10.9.0.1         ge-0/0/2.0             Init            10.255.0.9       128    33
"""

OSPF3 = """\
ID               Interface              State     Pri   Dead
10.255.0.2       ge-0/0/0.0             Full      128     33
  Neighbor-address fe80::5254:ff:fe00:2
"""

BGP = """\
Threading mode: BGP I/O
Default eBGP mode: advertise - accept, receive - accept
Groups: 2 Peers: 6 Down peers: 3
Table          Tot Paths  Act Paths Suppressed    History Damp State    Pending
inet.0
                       2          2          0          0          0          0
Peer                     AS      InPkt     OutPkt    OutQ   Flaps Last Up/Dwn State|#Active/Received/Accepted/Damped...
10.0.0.1              65002        123        125       0       0       55:00 Establ
  inet.0: 2/2/2/0
10.0.0.3              65003     483718     463556       0       0    20w6d20h 7/9/9/0              0/0/0/0
10.0.0.5         4200000001          0          0       0       3  2d 1:02:03 Active
10.0.0.7              65004          0          0       0       0        1:00 Idle (Admin)
2001:db8:ffff:ffff:ffff:ffff:ffff:1       65005         12         12       0       0        5:21 Establ
  inet6.0: 0/0/0/0
10.0.0.1              65002          0          0       0       0        5:21 Connect
"""

TERSE = """\
Interface               Admin Link Proto    Local                 Remote
ge-0/0/0                up    up
ge-0/0/0.0              up    up   inet     10.0.0.0/31
                                            10.0.1.1/24
                                   inet6    2001:db8::/127
                                            fe80::5254:ff:fe00:1/64
                                   multiservice
ge-0/0/1                down  down
ge-0/0/1.100            up    down inet     10.0.0.4/31
ge-0/0/2                up    down
em1                     up    up
em1.0                   up    up   inet     10.0.0.4/8
                                            128.0.0.1/2
                                   inet6    fec0::a:0:0:4/64
lo0                     up    up
lo0.0                   up    up   inet     10.255.0.1          --> 0/0
                                   inet6    2001:db8:ff::1      --> 0/0
lo0.16384               up    up   inet     127.0.0.1           --> 0/0
"""

SUMMARY = """\
Autonomous system number: 65001
Router ID: 10.255.0.1

inet.0: 14 destinations, 15 routes (13 active, 0 holddown, 1 hidden)
              Direct:      3 routes,      3 active
               Local:      2 routes,      2 active
                OSPF:      4 routes,      3 active
                 BGP:      5 routes,      5 active
              Static:      1 routes,      0 active

red.inet.0: 1 destinations, 1 routes (1 active, 0 holddown, 0 hidden)
              Direct:      1 routes,      1 active

inet6.0: 3 destinations, 3 routes (3 active, 0 holddown, 0 hidden)
               OSPF3:      2 routes,      2 active
"""
USED = """
inet.0: 14 destinations, 15 routes (13 active, 0 holddown, 1 hidden)
+ = Active Route, - = Last Active, * = Both

10.255.0.2/32      *[OSPF/10] 00:10:00, metric 1
                    > to 10.0.0.1 via ge-0/0/0.0
                    [BGP/170] 00:10:00, localpref 100
"""
UNUSED = """
192.0.2.0/24        [BGP/170] 00:10:00, localpref 100
"""

CONFIG = """
interfaces {
    ge-0/0/0 { unit 0 { family inet { address 10.0.0.0/31; } } }
    ge-0/0/1 { disable; unit 100 { family inet { address 10.0.0.4/31; } } }
    ge-0/0/2 { disable; }
    inactive: ge-0/0/3 { unit 0 { family inet { address 10.0.0.6/31; } } }
    ge-0/0/4 { unit 0 { disable; family inet6 { address 2001:DB8::1/64; } } }
    ge-0/0/5 { description spare; }
}
protocols {
    ospf { area 0.0.0.0 { interface ge-0/0/0.0; interface lo0.0 { passive; } inactive: interface irb.10; } }
    inactive: ospf3 { area 0.0.0.0 { interface ge-0/0/0.0; } }
    bgp { group g { neighbor 10.0.0.1 { peer-as 65002; } inactive: neighbor 10.0.0.9 { peer-as 65009; } } }
}
routing-instances {
    red {
        protocols {
            ospf { area 0.0.0.1 { interface ge-0/0/1.100; } }
            bgp { group g { neighbor 2001:db8::1; } }
        }
    }
}
"""


def test_ospf():
    def seen(peer, up, detail, dead):
        return AdjacencyState(protocol="ospf", peer=peer, up=up, detail=detail, expires=dead, precision=1.0)

    assert ospf_neighbors(OSPF) == (
        seen("ge-0/0/0", True, "Full", 36.0),
        seen("ge-0/0/1.100", False, "ExStart", 38.0),
        seen("irb.10", True, "Full", 39.0),
        seen("ge-0/0/2", False, "Init", 33.0),
    )
    assert ospf_neighbors("OSPF instance is not running\n") == ()


def test_ospf3():
    assert ospf3_neighbors(OSPF3) == (
        AdjacencyState(
            protocol="ospf3", peer="ge-0/0/0", up=True, detail="Full", expires=33.0, precision=1.0
        ),
    )


def test_bgp():
    assert {state.peer: (state.up, state.detail) for state in bgp_neighbors(BGP)} == {
        "10.0.0.1": (False, "Connect"),
        "10.0.0.3": (True, "Established"),
        "10.0.0.5": (False, "Active"),
        "10.0.0.7": (False, "Idle (Admin)"),
        "2001:db8:ffff:ffff:ffff:ffff:ffff:1": (True, "Established"),
    }
    assert bgp_neighbors("BGP is not running\n") == ()


def test_what_a_configuration_asks_for():
    assert configured(FORMS["junos"].canonical(CONFIG)) == {
        ("ospf", "ge-0/0/0"),
        ("ospf", "ge-0/0/1.100"),
        ("bgp", "10.0.0.1"),
        ("bgp", "2001:db8::1"),
    }


def test_interfaces():
    def seen(name, addresses="", *, enabled=True, carrier=True):
        return InterfaceState(
            name=name, enabled=enabled, carrier=carrier, addresses=frozenset(addresses.split())
        )

    assert interfaces(TERSE) == (
        seen("ge-0/0/0", "10.0.0.0/31 10.0.1.1/24 2001:db8::/127"),
        seen("ge-0/0/1", enabled=False, carrier=False),
        seen("ge-0/0/1.100", "10.0.0.4/31", carrier=False),
        seen("ge-0/0/2", carrier=False),
        seen("em1", "10.0.0.4/8"),
        seen("lo0", "10.255.0.1/32 2001:db8:ff::1/128"),
        seen("lo0.16384"),
    )


def test_interfaces_that_are_configured():
    assert configured_interfaces(FORMS["junos"].canonical(CONFIG)) == (
        InterfaceState(name="ge-0/0/0", enabled=True, addresses=frozenset({"10.0.0.0/31"})),
        InterfaceState(name="ge-0/0/1.100", enabled=False, addresses=frozenset({"10.0.0.4/31"})),
        InterfaceState(name="ge-0/0/1", enabled=False, addresses=frozenset()),
        InterfaceState(name="ge-0/0/2", enabled=False, addresses=frozenset()),
        InterfaceState(name="ge-0/0/4", enabled=False, addresses=frozenset({"2001:db8::1/64"})),
    )


def test_routes():
    prefixes = ("10.255.0.2/32", "192.0.2.0/24", "2001:db8::/48")
    assert route_commands(prefixes) == (
        "show route summary",
        "show route table inet.0 10.255.0.2/32 exact",
        "show route table inet.0 192.0.2.0/24 exact",
        "show route table inet6.0 2001:db8::/48 exact",
    )
    assert routes(prefixes, [SUMMARY, USED, UNUSED, ""]) == Routes(
        counts={"ipv4 connected": 3, "ipv4 local": 2, "ipv4 ospf": 3, "ipv4 bgp": 5, "ipv6 ospf": 2},
        present=frozenset({"10.255.0.2/32"}),
    )
