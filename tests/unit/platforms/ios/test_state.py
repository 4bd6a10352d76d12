"""IOS's answers and what they mean; those in tests/data/napalm are recorded from real devices."""

from pathlib import Path

import pytest

from netmgr.model.check_state import Routes
from netmgr.model.state import AdjacencyState, InterfaceState
from netmgr.platforms import FORMS
from netmgr.platforms.ios.interfaces import configured_interfaces, interfaces
from netmgr.platforms.ios.routes import route_commands, routes
from netmgr.platforms.ios.state import bgp_neighbors, ospf3_neighbors, ospf_neighbors

ANSWERS = Path(__file__).parents[3] / "data" / "napalm" / "ios"

OSPF = """
Neighbor ID     Pri   State           Dead Time   Address         Interface
10.0.0.2          1   FULL/DR         00:00:34    10.1.1.2        GigabitEthernet2
10.0.0.3          0   FULL/  -        00:01:31    10.1.2.2        Tunnel3
10.0.0.4          1   2WAY/DROTHER    00:00:31    10.1.3.4        Vlan10
10.0.0.5          1   FULL/BDR        00:00:05    10.1.3.5        Vlan10
10.0.0.6          1   INIT/DROTHER       -        10.1.4.6        Vlan20
"""
OSPF3 = """
            OSPFv3 Router with ID (10.0.0.1) (Process ID 1)

Neighbor ID     Pri   State           Dead Time   Interface ID    Interface
10.0.0.2          1   FULL/DR         00:00:38    3               GigabitEthernet0/0
10.0.0.3          0   EXSTART/  -     00:00:39    7               Serial0/1/0
"""


def ospf(protocol, peer, detail, expires, up):
    return AdjacencyState(protocol=protocol, peer=peer, up=up, detail=detail, expires=expires, precision=1)


def test_ospf():
    assert ospf_neighbors(OSPF) == (
        ospf("ospf", "GigabitEthernet2", "FULL/DR", 34, True),
        ospf("ospf", "Tunnel3", "FULL/-", 91, True),
        ospf("ospf", "Vlan10", "FULL/BDR", 5, True),
        ospf("ospf", "Vlan20", "INIT/DROTHER", None, False),
    )
    assert ospf3_neighbors(OSPF3) == (
        ospf("ospf3", "GigabitEthernet0/0", "FULL/DR", 38, True),
        ospf("ospf3", "Serial0/1/0", "EXSTART/-", 39, False),
    )


@pytest.mark.parametrize("parse", [ospf_neighbors, ospf3_neighbors, bgp_neighbors])
@pytest.mark.parametrize(
    "text", ["", "% BGP not active\n", "            ^\n% Invalid input detected at '^' marker.\n"]
)
def test_what_does_not_run_has_no_neighbors(parse, text):
    assert parse(text) == ()


def test_bgp():
    states = bgp_neighbors((ANSWERS / "show_bgp_all_summary.txt").read_text())
    assert {state.peer: (state.up, state.detail) for state in states} == {
        "10.0.0.2": (True, "Established"),
        "10.0.0.3": (True, "Established"),
        "192.168.0.1": (True, "Established"),
        "192.168.0.2": (False, "Active"),
        "192.168.0.3": (False, "Idle (Admin)"),
        "192.168.0.4": (True, "Established"),
        "2001:db8::1": (True, "Established"),
        "2001:db8::2": (True, "Established"),
        "2001:db8::3": (False, "Idle (Admin)"),
        "2001:db8::4": (True, "Established"),
    }


def test_a_neighbor_is_up_where_it_is_so_in_every_family():
    row = "10.0.0.2  4  65000  1  2  3  0  0 {}\n"
    text = (
        "For address family: IPv4 Unicast\n" + row.format("1d02h  12") + "For address family: VPNv4 Unicast\n"
    )
    assert [state.up for state in bgp_neighbors(text + row.format("never  Active"))] == [False]
    assert [state.up for state in bgp_neighbors(text + row.format("00:00:09  0"))] == [True]
    assert [state.peer for state in bgp_neighbors(text.replace("10.0.0.2", "*10.0.0.7"))] == ["10.0.0.7"]


def test_interfaces():
    found = interfaces((ANSWERS / "show_ip_interface.txt").read_text())
    assert found[:5] == (
        InterfaceState(name="Vlan20", enabled=True, addresses=frozenset({"172.29.50.3/27"})),
        InterfaceState(name="GigabitEthernet1/1", enabled=True, carrier=False, addresses=frozenset()),
        InterfaceState(name="GigabitEthernet1/2", enabled=True, carrier=False, addresses=frozenset()),
        InterfaceState(name="GigabitEthernet1/3", enabled=False, carrier=False, addresses=frozenset()),
        InterfaceState(
            name="Vlan41", enabled=True, addresses=frozenset({"172.29.52.34/27", "192.168.81.34/24"})
        ),
    )


def test_configured_interfaces():
    config = (
        "interface Vlan10\n ip address 10.0.1.1 255.255.255.0 secondary\n ip address 10.0.0.1 255.255.255.0\n"
        " shutdown\n"
        "interface GigabitEthernet1\n shutdown\ninterface GigabitEthernet2\n switchport mode access\n"
    )
    assert configured_interfaces(config) == (
        InterfaceState(name="GigabitEthernet1", enabled=False, addresses=frozenset()),
        InterfaceState(name="Vlan10", enabled=False, addresses=frozenset({"10.0.0.1/24", "10.0.1.1/24"})),
    )


SUMMARY = """IP routing table name is default (0x0)
IP routing table maximum-paths is 32
Route Source    Networks    Subnets     Replicates  Overhead    Memory (bytes)
application     0           0           0           0           0
connected       0           4           0           384         1216
static          1           0           0           96          304
ospf 1          1           2           0           288         912
  Intra-area: 1 Inter-area: 2 External-1: 0 External-2: 0
  NSSA External-1: 0 NSSA External-2: 0
bgp 65001       0           0           0           0           0
  External: 0 Internal: 0 Local: 0
internal        2                                               1408
Total           4           6           0           768         3840
"""
SUMMARY6 = """IPv6 routing table name is default(0) global scope - 7 entries
IPv6 routing table default maximum-paths is 16
Route Source    Networks    Overhead    Memory (bytes)
connected       2           192         304
local           3           288         456
ospf 1          2           192         304
  Intra-area: 2  Inter-area: 0  External-1: 0  External-2: 0
Total           7           672         1064
"""


def test_routes():
    prefixes = ("10.0.0.0/8", "0.0.0.0/0", "2001:db8::/32", "192.0.2.0/24")
    assert route_commands(prefixes) == (
        *("show ip route summary", "show ipv6 route summary", "show ip route 10.0.0.0 255.0.0.0"),
        *(
            "show ip route 0.0.0.0 0.0.0.0",
            "show ipv6 route 2001:DB8::/32",
            "show ip route 192.0.2.0 255.255.255.0",
        ),
    )
    answers = (
        SUMMARY,
        SUMMARY6,
        'Routing entry for 10.0.0.0/8\n  Known via "ospf 1", distance 110, metric 2, type intra area\n',
        'Routing entry for 0.0.0.0/0, supernet\n  Known via "static", distance 1, metric 0, candidate default path\n',
        'Routing entry for 2001:DB8::/32\n  Known via "static", distance 1, metric 0\n',
        "% Network not in table\n",
    )
    assert routes(prefixes, answers) == Routes(
        counts={
            "ipv4 connected": 4,
            "ipv4 static": 1,
            "ipv4 ospf": 3,
            "ipv6 connected": 2,
            "ipv6 local": 3,
            "ipv6 ospf": 2,
        },
        present=frozenset({"10.0.0.0/8", "0.0.0.0/0", "2001:db8::/32"}),
    )


@pytest.mark.parametrize(
    ("command", "may"),
    [
        ("show ip route", True),
        ("show running-config | section router bgp", True),
        ("show bgp ipv4 unicast regexp ^65001_", True),
        ("show running-config | redirect flash:x", False),
        ("show version | include a | append flash:x", False),
        ("show version\nreload", False),
        ("dir flash:", True),
        ("dir flash:/a b", False),
        ("reload", False),
        ("do show version", False),
    ],
)
def test_reads(command, may):
    assert FORMS["ios"].may_show(command) is may
