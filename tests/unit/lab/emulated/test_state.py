"""The lab's state follows from configurations and cables: what is set wrong at one end is down at both."""

import pytest

from netmgr.lab.emulated.eos.dialect import EOS
from netmgr.lab.emulated.eos.view import device_view
from netmgr.lab.emulated.state import LabState, cables
from netmgr.lab.emulated.store import Store

A = """\
hostname a
interface Ethernet1
   no switchport
   ip address 10.0.0.0/31
   ipv6 address 2001:db8::/127
   ip ospf network point-to-point
   ip ospf area 0.0.0.0
interface Loopback0
   ip address 192.0.2.1/32
   ip ospf area 0.0.0.0
router bgp 65001
   neighbor 10.0.0.1 remote-as 65002
   neighbor 10.0.0.1 password 7 abc
router ospf 1
"""
B = (
    A.replace("hostname a", "hostname b")
    .replace("10.0.0.0/31", "10.0.0.1/31")
    .replace("2001:db8::/127", "2001:db8::1/127")
    .replace("192.0.2.1/32", "192.0.2.2/32")
    .replace("bgp 65001", "bgp 65002")
    .replace("neighbor 10.0.0.1", "neighbor 10.0.0.0")
    .replace("remote-as 65002", "remote-as 65001")
)


def network(a: str, b: str) -> LabState:
    state = LabState(
        cables([(("a", "Ethernet1"), ("b", "Ethernet1")), (("a", "Ethernet2"), ("isp", "eth1"))])
    )
    state.real = frozenset({"isp"})
    for name, text in (("a", a), ("b", b)):
        root = Store(EOS, text).root
        state.views[name] = lambda root=root, name=name: device_view(root, ("Ethernet1", "Ethernet2"), name)
    state.changed()
    return state


def seen(state: LabState) -> dict[str, object]:
    return {
        "link": [state.up(d, "Ethernet1") for d in ("a", "b")],
        "lldp": [
            [(h.port, h.device, h.far_port) for h in state.lldp(d) if h.device != "isp"] for d in ("a", "b")
        ],
        "bgp": [[s.since is not None for s in state.bgp(d)] for d in ("a", "b")],
        "ospf": [[n.router_id for n in state.ospf(d)] for d in ("a", "b")],
    }


WELL = {
    "link": [True, True],
    "lldp": [[("Ethernet1", "b", "Ethernet1")], [("Ethernet1", "a", "Ethernet1")]],
    "bgp": [[True], [True]],
    "ospf": [["192.0.2.2"], ["192.0.2.1"]],
}


def test_two_ends_that_agree_are_up():
    assert seen(network(A, B)) == WELL


NO_BGP = {**WELL, "bgp": [[False], [False]]}
NO_OSPF = {**WELL, "ospf": [[], []]}
BROKEN = {
    "shut": ("   no switchport", "   no switchport\n   shutdown", {
        "link": [False, False], "lldp": [[], []], "bgp": [[False], [False]], "ospf": [[], []],
    }),
    "another AS": ("remote-as 65002", "remote-as 65003", NO_BGP),
    "another password": ("password 7 abc", "password 7 xyz", NO_BGP),
    "the neighbor shut down": ("router ospf 1", "   neighbor 10.0.0.1 shutdown\nrouter ospf 1", NO_BGP),
    "another subnet": ("10.0.0.0/31", "10.0.9.0/31", {**NO_BGP, "ospf": [[], []]}),
    "another area": ("ip ospf area 0.0.0.0\ninterface", "ip ospf area 0.0.0.1\ninterface", NO_OSPF),
    "other timers": ("   ip ospf network", "   ip ospf hello-interval 5\n   ip ospf network", NO_OSPF),
    "another network type": ("network point-to-point", "network broadcast", NO_OSPF),
    "another MTU": ("   no switchport", "   no switchport\n   mtu 9000", NO_OSPF),
    "passive": ("router ospf 1", "router ospf 1\n   passive-interface Ethernet1", NO_OSPF),
    "no OSPF process": ("router ospf 1\n", "", NO_OSPF),
    "LLDP switched off": ("hostname a", "hostname a\nno lldp run", {**WELL, "lldp": [[], []]}),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), BROKEN.values(), ids=BROKEN)
def test_one_wrong_line_breaks_exactly_that(old, new, expected):
    assert old in A
    assert seen(network(A.replace(old, new, 1), B)) == expected


def test_a_session_over_loopbacks_needs_routing_between_them():
    extra = "router bgp {0}\n   neighbor {1} remote-as {2}\n   neighbor {1} update-source Loopback0\n"
    a = A + extra.format(65001, "192.0.2.2", 65002)
    b = B + extra.format(65002, "192.0.2.1", 65001)
    up = [[s.since is not None for s in network(a, b).bgp(d)] for d in ("a", "b")]
    assert up == [[True, True], [True, True]]
    broken = b.replace("router ospf 1\n", "")
    assert [[s.since is not None for s in network(a, broken).bgp(d)] for d in ("a", "b")] == [
        [True, False]
    ] * 2


def test_a_real_neighbor_is_taken_at_its_word():
    line = "interface Ethernet2\n   no switchport\n   ip address 198.51.100.1/31\n"
    session = "router bgp 65001\n   neighbor 198.51.100.0 remote-as 64500\n"
    state = network(A + line + session, B)
    assert [s.since is not None for s in state.bgp("a")] == [True, True]
    assert [h.device for h in state.lldp("a")] == ["b", "isp"]
    down = network(A + line + "   shutdown\n" + session, B)
    assert [s.since is not None for s in down.bgp("a")] == [True, False]


def test_switched_networks_carry_a_vlan_from_port_to_port():
    switch = (
        "interface Ethernet1\n   switchport trunk allowed vlan {0}\n   switchport mode trunk\n"
        "interface Vlan10\n   ip address {1}\n"
    )
    assert seen_vlan(switch.format("10", "10.9.0.1/24"), switch.format("10,20", "10.9.0.2/24"))
    assert not seen_vlan(switch.format("20", "10.9.0.1/24"), switch.format("10,20", "10.9.0.2/24"))


def seen_vlan(a: str, b: str) -> bool:
    bgp = "router bgp 1\n   neighbor {0} remote-as 1\n"
    state = network(a + bgp.format("10.9.0.2"), b + bgp.format("10.9.0.1"))
    ups = {s.since is not None for d in ("a", "b") for s in state.bgp(d)}
    assert len(ups) == 1
    return ups.pop()
