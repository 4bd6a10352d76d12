"""FRR 8.4.4's answers, as real routers gave them, and what they mean."""

import pytest

from netmgr.model.state import AdjacencyState
from netmgr.platforms import FORMS
from netmgr.platforms.frr.state import bgp_neighbors, configured, ospf3_neighbors, ospf_neighbors

OSPF = """{
  "neighbors":{
    "10.255.0.2":[
      {"priority":1, "state":"Full\\/-", "nbrPriority":1, "nbrState":"Full\\/-", "converged":"Full",
       "deadTimeMsecs":3122, "routerDeadIntervalTimerDueMsec":3122, "ifaceAddress":"10.0.0.1",
       "ifaceName":"eth1:10.0.0.0"},
      {"state":"Init\\/DROther", "nbrState":"Init\\/DROther", "deadTimeMsecs":900, "ifaceName":"eth2:10.0.0.2"}
    ]
  }
}"""

OSPF_CASES = [
    (
        OSPF,
        (
            AdjacencyState(protocol="ospf", peer="eth1", up=True, detail="Full/-", expires=3.122),
            AdjacencyState(protocol="ospf", peer="eth2", up=False, detail="Init/DROther", expires=0.9),
        ),
    ),
    ('{\n  "neighbors":{\n  }\n}\n', ()),
    ("", ()),
    ("ospfd is not running\n", ()),
]


@pytest.mark.parametrize(("text", "states"), OSPF_CASES)
def test_ospf(text, states):
    assert ospf_neighbors(text) == states


OSPF3 = """{
  "neighbors":[
    {"neighborId":"0.0.0.0", "priority":1, "deadTime":"00:00:24", "state":"Init", "ifState":"PointToPoint",
     "duration":"00:00:15", "interfaceName":"eth1", "interfaceState":"PointToPoint"},
    {"neighborId":"10.9.0.2", "priority":1, "deadTime":"00:01:34", "state":"Full", "ifState":"PointToPoint",
     "duration":"00:00:15", "interfaceName":"eth1", "interfaceState":"PointToPoint"},
    {"neighborId":"10.9.0.3", "priority":1, "deadTime":"00:00:03", "state":"ExStart", "ifState":"PointToPoint",
     "duration":"00:00:15", "interfaceName":"eth2", "interfaceState":"PointToPoint"}
  ]
}"""

OSPF3_CASES = [
    (
        OSPF3,
        (
            AdjacencyState(protocol="ospf3", peer="eth1", up=True, detail="Full", expires=94, precision=1),
            AdjacencyState(protocol="ospf3", peer="eth2", up=False, detail="ExStart", expires=3, precision=1),
        ),
    ),
    ('{\n  "neighbors":[\n  ]\n}\n', ()),
    ("", ()),
    ("OSPFv3 is not running\n", ()),
]


@pytest.mark.parametrize(("text", "states"), OSPF3_CASES)
def test_ospf3(text, states):
    assert ospf3_neighbors(text) == states


def bgp(*, state="Established", peer_state="OK", family="ipv4Unicast"):
    peers = f'"10.0.0.1":{{"remoteAs":65002,"state":"{state}","peerState":"{peer_state}"}}'
    return f'{{"default":{{"{family}":{{"as":65001,"peers":{{{peers}}},"failedPeers":0}}}}}}'


BGP_CASES = [
    (bgp(), AdjacencyState(protocol="bgp", peer="10.0.0.1", up=True, detail="Established")),
    (
        bgp(peer_state="Policy"),
        AdjacencyState(protocol="bgp", peer="10.0.0.1", up=False, detail="Established (Policy)"),
    ),
    (bgp(state="Active"), AdjacencyState(protocol="bgp", peer="10.0.0.1", up=False, detail="Active")),
    (
        bgp(state="Idle", peer_state="Admin"),
        AdjacencyState(protocol="bgp", peer="10.0.0.1", up=False, detail="Idle"),
    ),
]


@pytest.mark.parametrize(("text", "state"), BGP_CASES)
def test_bgp(text, state):
    assert bgp_neighbors(text) == (state,)


def test_a_session_is_up_only_if_every_family_is():
    text = (
        '{"default":{"ipv4Unicast":{"peers":{"10.0.0.1":{"state":"Established","peerState":"OK"}}},'
        '"ipv6Unicast":{"peers":{"10.0.0.1":{"state":"Established","peerState":"Policy"}}}}}'
    )
    assert bgp_neighbors(text) == (
        AdjacencyState(protocol="bgp", peer="10.0.0.1", up=False, detail="Established (Policy)"),
    )


@pytest.mark.parametrize("text", ["", "{}", '{"warning":"BGP instance not found"}', "bgpd is not running\n"])
def test_no_bgp(text):
    assert bgp_neighbors(text) == ()


def test_what_a_configuration_asks_for():
    config = (
        "interface eth1\n ip address 10.0.0.0/31\n ip ospf area 0\n"
        "interface eth2\n ip address 10.0.0.2/31\n ipv6 ospf6 area 0\n ipv6 ospf6 cost 10\n"
        "router bgp 65001\n neighbor CORE peer-group\n neighbor CORE remote-as 65001\n"
        " neighbor 10.0.0.1 remote-as 65002\n neighbor 10.0.0.1 timers 1 5\n"
        " neighbor 10.0.0.3 peer-group CORE\n"
        " neighbor 10.0.0.5 remote-as 65002\n neighbor 10.0.0.5 shutdown\n"
        "router ospf\n ospf router-id 10.255.0.1\n"
    )
    assert configured(config) == {
        ("ospf", "eth1"),
        ("ospf3", "eth2"),
        ("bgp", "10.0.0.1"),
        ("bgp", "10.0.0.3"),
    }


FRESH = [
    ("", True),
    ("log syslog informational\nno ipv6 forwarding\n", True),
    ("ip route 192.0.2.0/24 blackhole\n", False),
    ("interface eth1\n description mine\n", False),
]


@pytest.mark.parametrize(("config", "empty"), FRESH)
def test_a_fresh_installation_is_empty(config, empty):
    assert FORMS["frr"].is_empty(config) == empty
