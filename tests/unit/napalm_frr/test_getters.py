"""What routers answer, understood: cases that the lab's kernel cannot show, such as VRFs and sensors."""

import json

import pytest

from napalm_frr.device.state import sensors
from napalm_frr.getters import bgp, interfaces, lldp, neighbors, routes, system


def link(name, **linkinfo):
    master = {"master": linkinfo.pop("master")} if "master" in linkinfo else {}
    return {"ifname": name, "linkinfo": linkinfo, **master}


# As iproute2 prints them (iplink_vrf.c, ipaddress.c): a VRF is a link, its members name it as their master.
VRFS = {
    "links": json.dumps(
        [
            link("lo"),
            link("red", info_kind="vrf", info_data={"table": 10}),
            link(
                "eth10", info_kind="veth", info_slave_kind="vrf", info_slave_data={"table": 10}, master="red"
            ),
            link(
                "eth9", info_kind="veth", info_slave_kind="vrf", info_slave_data={"table": 10}, master="red"
            ),
            link("eth1", info_kind="veth", info_slave_kind="bridge", master="br0"),
            {"ifname": "eth0"},
        ]
    ),
    "arp": json.dumps(
        [
            {
                "dst": "10.0.0.10",
                "dev": "eth9",
                "lladdr": "02:00:00:00:00:0a",
                "confirmed": 7,
                "state": ["STALE"],
            },
            {"dst": "10.0.0.9", "dev": "eth9", "lladdr": "02:00:00:00:00:09", "state": ["PERMANENT"]},
            {"dst": "10.0.0.8", "dev": "eth9", "state": ["FAILED"]},
            {
                "dst": "10.0.0.1",
                "dev": "eth0",
                "lladdr": "02:00:00:00:00:01",
                "confirmed": 0,
                "state": ["DELAY"],
            },
        ]
    ),
}
RUNNING = """\
router bgp 65001
 rd 9:9
exit
router bgp 65001 vrf red
 !
 address-family ipv4 unicast
  rd vpn export 10.0.0.1:10
 exit-address-family
 !
 address-family l2vpn evpn
  rd 10.0.0.1:99
 exit-address-family
exit
router bgp 65001 vrf blue
 address-family l2vpn evpn
  rd 10.0.0.1:20
 exit-address-family
exit
"""


def test_network_instances():
    known = bgp.distinguishers(RUNNING)
    assert known == {"red": "10.0.0.1:10", "blue": "10.0.0.1:20"}
    found = interfaces.network_instances(VRFS, known, "")
    assert found == {
        "default": {
            "name": "default",
            "type": "DEFAULT_INSTANCE",
            "state": {"route_distinguisher": ""},
            "interfaces": {"interface": {"eth0": {}, "eth1": {}, "lo": {}}},
        },
        "red": {
            "name": "red",
            "type": "L3VRF",
            "state": {"route_distinguisher": "10.0.0.1:10"},
            "interfaces": {"interface": {"eth9": {}, "eth10": {}}},
        },
    }
    assert interfaces.network_instances(VRFS, known, "red") == {"red": found["red"]}


ARP = [("eth0", "10.0.0.1", 0.0), ("eth9", "10.0.0.9", -1.0), ("eth9", "10.0.0.10", 7.0)]


@pytest.mark.parametrize(
    ("vrf", "entries"), [("", ARP), ("red", ARP[1:]), ("default", ARP[:1]), ("global", ARP[:1])]
)
def test_arp_of_a_vrf(vrf, entries):
    found = neighbors.arp_table(VRFS, vrf)
    assert [(entry["interface"], entry["ip"], entry["age"]) for entry in found] == entries


CHIPS = {
    "hwmon10/name": "coretemp",
    "hwmon10/temp1_input": "61000",
    "hwmon10/temp1_label": "Core 0",
    "hwmon10/temp1_max": "60000",
    "hwmon10/temp1_crit": "90000",
    "hwmon10/temp2_input": "95500",
    "hwmon10/temp2_crit": "90000",
    "hwmon10/temp3_input": "",
    "hwmon2/name": "psu",
    "hwmon2/fan1_input": "4100",
    "hwmon2/fan1_alarm": "0",
    "hwmon2/fan2_input": "0",
    "hwmon2/fan2_fault": "1",
    "hwmon2/power1_input": "42500000",
    "hwmon2/power1_rated_max": "250000000",
    "hwmon2/power2_average": "1000000",
    "hwmon2/power2_alarm": "1",
    "hwmon2/in0_input": "12000",
}


def test_environment(tmp_path):
    for name, value in CHIPS.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"{value}\n")
    found = system.environment(
        {
            "processors": [{"0": [100, 1000], "1": [5, 10]}, {"0": [130, 1040], "1": [5, 10]}],
            "memory": {"MemTotal": 4000, "MemFree": 100, "MemAvailable": 3000},
            "sensors": sensors(str(tmp_path)),
        }
    )
    assert found == {
        "cpu": {0: {"%usage": 75.0}, 1: {"%usage": 0.0}},
        "memory": {"available_ram": 4_096_000, "used_ram": 1_024_000},
        "fans": {"hwmon2 psu fan1": {"status": True}, "hwmon2 psu fan2": {"status": False}},
        "power": {
            "hwmon2 psu power1": {"status": True, "output": 42.5, "capacity": 250.0},
            "hwmon2 psu power2": {"status": False, "output": 1.0, "capacity": -1.0},
        },
        "temperature": {
            "hwmon10 coretemp Core 0": {"temperature": 61.0, "is_alert": True, "is_critical": False},
            "hwmon10 coretemp temp2": {"temperature": 95.5, "is_alert": False, "is_critical": True},
        },
    }
    assert sensors(str(tmp_path / "none")) == {}


def hop(address, name=None, **flags):
    return {"ip": address, "active": True, **({"interfaceName": name} if name else {}), **flags}


def entry(prefix, protocol, *hops, vrf="default", **fields):
    return {
        "prefix": prefix,
        "protocol": protocol,
        "vrfName": vrf,
        "distance": 200,
        "uptime": "01w2d03h",
        "nexthops": list(hops),
        **fields,
    }


def path(address, peer, best=False, **fields):
    chosen = {"bestpath": {"overall": True}} if best else {}
    return {
        "nexthops": [{"ip": address, "metric": 10}],
        "peer": {"peerId": peer, "routerId": "10.0.0.7"},
        "aspath": {"string": ""},
        **chosen,
        **fields,
    }


def test_routes_of_vrfs():
    """One object for each VRF follows the other; BGP is asked in each for the prefixes that it gave there."""
    resolver = hop("10.1.1.1", "eth1", resolver=True)
    default = entry("10.9.0.0/16", "bgp", hop("10.0.0.7", recursive=True), resolver, selected=True)
    red = entry("10.9.0.0/16", "bgp", hop("10.2.0.1", "eth9"), vrf="red", selected=True)
    static = entry("10.9.0.0/16", "static", hop("10.3.0.1", active=False), vrf="red")
    question = routes.Question("10.9.7.7/16", "", longer=False)
    assert question.commands() == ["show ip route vrf all 10.9.0.0/16 json"]
    shown = (
        json.dumps({"10.9.0.0/16": [default]}) + "\n" + json.dumps({"10.9.0.0/16": [red, static]}) + "\n{}\n"
    )
    entries = question.entries(shown)
    commands = question.bgp_commands(entries)
    assert commands == [
        "show bgp vrf all ipv4 unicast summary json",
        "show bgp vrf default ipv4 unicast 10.9.0.0/16 json",
        "show bgp vrf red ipv4 unicast 10.9.0.0/16 json",
    ]
    summary = {
        "default": {"as": 65001, "peers": {"10.0.0.7": {"remoteAs": 65001}}},
        "red": {"as": 65002, "peers": {"10.2.0.1": {"remoteAs": 65009}}},
    }
    paths = [
        path("10.0.0.7", "10.0.0.8"),
        path("10.0.0.7", "10.0.0.7", best=True, locPrf=7, weight=5, metric=9),
    ]
    outputs = [
        {"prefix": "10.9.0.0/16", "paths": paths},
        {"prefix": "10.9.0.0/16", "paths": [path("10.2.0.1", "10.2.0.1")]},
    ]
    found = routes.route_to(entries, commands, [json.dumps(each) for each in (summary, *outputs)])[
        "10.9.0.0/16"
    ]
    assert [
        (r["routing_table"], r["next_hop"], r["outgoing_interface"], r["selected_next_hop"]) for r in found
    ] == [
        ("default", "10.0.0.7", "eth1", True),
        ("red", "10.2.0.1", "eth9", True),
        ("red", "10.3.0.1", "", False),
    ]
    assert [r["inactive_reason"] for r in found] == ["", "", "the next hop is not reachable"]
    assert found[0]["age"] == (9 * 24 + 3) * 3600
    assert found[0]["protocol_attributes"] == {
        "local_as": 65001,
        "remote_as": 65001,
        "peer_id": "10.0.0.7",
        "remote_address": "10.0.0.7",
        "as_path": "",
        "communities": [],
        "local_preference": 7,
        "preference2": 5,
        "metric": 9,
        "metric2": 10,
    }
    assert found[1]["protocol_attributes"]["remote_as"] == 65009
    assert [
        r["protocol"]
        for r in routes.route_to(routes.Question("10.9.0.0/16", "static", False).entries(shown), [], [])[
            "10.9.0.0/16"
        ]
    ] == ["static"]


@pytest.mark.parametrize(
    ("asked", "command", "protocol"),
    [
        (("10.0.0.1", "direct", False), "show ip route vrf all 10.0.0.1 json", "connected"),
        (("10.0.0.1", "BGP", True), "show ip route vrf all 10.0.0.1/32 longer-prefixes json", "bgp"),
        (("2001:DB8::1/64", "ospf", False), "show ipv6 route vrf all 2001:db8::/64 json", "ospf6"),
        (("::/0", "rip", True), "show ipv6 route vrf all ::/0 longer-prefixes json", "ripng"),
    ],
)
def test_questions_for_routes(asked, command, protocol):
    question = routes.Question(*asked)
    assert (question.commands(), question.protocol) == ([command], protocol)


def test_lldp_neighbors_of_other_kinds():
    """A port that names itself by its MAC address; another protocol; a capability and a chassis without a name."""
    chassis = [
        {
            "id": [{"type": "local", "value": "x"}],
            "capability": [{"type": "Tel", "enabled": True}, {"type": "New", "enabled": False}],
        }
    ]
    port = {"id": [{"type": "mac", "value": "02:00:00:00:00:0a"}], "descr": [{"value": "uplink"}]}
    nameless = {"id": port["id"]}
    heard = [
        {"name": "eth10", "via": "LLDP", "chassis": chassis, "port": [port]},
        {"name": "eth9", "via": "LLDP", "chassis": chassis, "port": [nameless]},
        {"name": "eth9", "via": "CDPv2", "chassis": chassis, "port": [port]},
    ]
    shown = json.dumps({"lldp": [{"interface": heard}]})
    assert lldp.neighbors(shown) == {
        "eth9": [{"hostname": "", "port": "02:00:00:00:00:0A"}],
        "eth10": [{"hostname": "", "port": "uplink"}],
    }
    assert list(lldp.neighbors(shown)) == ["eth9", "eth10"]
    (found,) = lldp.neighbors_detail(shown, "eth10")["eth10"]
    assert (
        found["remote_chassis_id"],
        found["remote_system_capab"],
        found["remote_system_enable_capab"],
    ) == (
        "x",
        ["telephone", "other"],
        ["telephone"],
    )
    assert lldp.neighbors(json.dumps({"lldp": [{}]})) == {}


def test_counters_of_a_link_that_receives_multicast():
    received = {"bytes": 1000, "packets": 10, "errors": 1, "dropped": 2, "multicast": 3}
    sent = {"bytes": 2000, "packets": 20, "errors": 4, "dropped": 5}
    shown = json.dumps([{"ifname": "eth0", "stats64": {"rx": received, "tx": sent}}])
    assert interfaces.counters({"links": shown}) == {
        "eth0": {
            "tx_errors": 4,
            "rx_errors": 1,
            "tx_discards": 5,
            "rx_discards": 2,
            "tx_octets": 2000,
            "rx_octets": 1000,
            "tx_unicast_packets": 20,
            "rx_unicast_packets": 7,
            "tx_multicast_packets": -1,
            "rx_multicast_packets": 3,
            "tx_broadcast_packets": -1,
            "rx_broadcast_packets": -1,
        }
    }


def test_the_default_vrf_is_there_even_without_sessions():
    """NAPALM's callers look for ``global`` wherever there is BGP at all."""
    assert bgp.neighbors({"red": {"vrfId": 5, "vrfName": "red"}}) == {
        "global": {"router_id": "", "peers": {}},
        "red": {"router_id": "", "peers": {}},
    }
    assert bgp.neighbors({}) == {}
