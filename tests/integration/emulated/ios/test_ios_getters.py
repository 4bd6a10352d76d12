"""What an emulated IOS device answers has the shapes of real devices' recorded answers, and netmgr understands it."""

import json
from pathlib import Path

import pytest

from netmgr.model.check_state import Getter, Ping, Question
from tests.integration.emulated.ios.bench import config
from tests.integration.emulated.test_eos_getters import shape

RECORDED = Path(__file__).parents[3] / "data/napalm/ios"
FULL = {
    name: f"""\
lldp run
ip domain name example.net
ipv6 unicast-routing
interface GigabitEthernet1
 description to the other one
 ip address 10.0.9.{own + 1} 255.255.255.0 secondary
 ipv6 address 2001:db8::{own}/127
 ip ospf network point-to-point
 ip ospf 1 area 0
 ipv6 ospf 1 area 0
 ipv6 ospf network point-to-point
interface Loopback0
 ip address 192.0.2.{own + 1} 255.255.255.255
 ip ospf 1 area 0
router ospf 1
 router-id 192.0.2.{own + 1}
ipv6 router ospf 1
 router-id 192.0.2.{own + 1}
router bgp {65001 + own}
 neighbor 10.0.0.{1 - own} description the other one
 neighbor 2001:db8::{1 - own} remote-as {65002 - own}
 address-family ipv6
  neighbor 2001:db8::{1 - own} activate
"""
    for own, name in enumerate(("edge1", "edge2"))
}


@pytest.fixture
def pair(ios_benches):
    for name, bench in ios_benches.items():
        bench.settle(config(name))
        bench.ask("drift", text=FULL[name])
        bench.ask("save")
    return ios_benches


GETTERS = (
    "get_facts",
    "get_interfaces",
    "get_interfaces_ip",
    "get_lldp_neighbors",
    "get_lldp_neighbors_detail",
    "get_bgp_neighbors",
    "get_arp_table",
)


@pytest.mark.parametrize("getter", GETTERS)
def test_a_getter_gives_what_it_gives_of_a_real_device(pair, getter):
    recorded = json.loads(next((RECORDED / getter).glob("*/expected_result.json")).read_text())
    with pair["edge1"].session() as session:
        found = getattr(session._driver, getter)()
    assert shape(found) == shape(recorded)


def test_everything_that_netmgr_itself_asks_is_answered(pair):
    with pair["edge1"].session() as session:
        states = {(s.protocol, s.peer): s.up for s in session.adjacencies()}
        seen = session.look(
            Question(
                routes=True, prefixes=("192.0.2.2/32", "203.0.113.0/24", "2001:db8::/127"), interfaces=True, lldp=True,
                pings=(Ping(destination="192.0.2.2"), Ping(destination="192.0.2.77")),
                getters=(Getter(name="get_facts"),),
            )
        )  # fmt: skip
    assert states == {
        ("ospf", "GigabitEthernet1"): True, ("ospf3", "GigabitEthernet1"): True, ("bgp", "10.0.0.1"): True,
        ("bgp", "2001:db8::1"): True,
    }  # fmt: skip
    assert seen.unanswered == {}
    assert seen.replied == {Ping(destination="192.0.2.2")}
    assert seen.routes is not None
    assert seen.routes.present == {"192.0.2.2/32", "2001:db8::/127"}
    assert seen.routes.counts["ipv4 connected"] == 3
    assert {i.name: (i.enabled, i.carrier) for i in seen.interfaces or ()} == {
        "GigabitEthernet1": (True, True), "GigabitEthernet2": (False, False), "Loopback0": (True, True),
    }  # fmt: skip
    hops = [(n.interface, n.device, n.port) for n in seen.lldp or ()]
    assert hops == [("GigabitEthernet1", "edge2", "GigabitEthernet1")]


BROKEN = {
    "an interface that is shut": ("interface GigabitEthernet1\n shutdown", set()),
    "another AS": (
        "no router bgp 65002\nrouter bgp 65009\n neighbor 10.0.0.0 remote-as 65001",
        {"ospf", "ospf3"},
    ),
    "another area": ("interface GigabitEthernet1\n ip ospf 1 area 1", {"ospf3", "bgp"}),
    "another password": ("router bgp 65002\n neighbor 10.0.0.0 password other", {"ospf", "ospf3"}),
}


@pytest.mark.parametrize(("text", "left"), BROKEN.values(), ids=BROKEN)
def test_what_is_wrong_at_the_other_end_is_down_here(pair, text, left):
    pair["edge2"].ask("drift", text=text)
    with pair["edge1"].session() as session:
        states = {(s.protocol, s.peer): s.up for s in session.adjacencies()}
    up = {protocol for (protocol, peer), is_up in states.items() if is_up and peer != "2001:db8::1"}
    assert up == left


@pytest.mark.parametrize("command", ["show version foo", "show me", "show ip bgp", "reload"])
def test_an_unknown_command_fails(pair, command):
    assert pair["edge1"].ask("execute", line=command).endswith("% Invalid input detected at '^' marker.\n")
