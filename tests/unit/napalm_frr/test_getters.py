"""What routers answer, understood: cases that the lab's kernel cannot show, such as VRFs and sensors."""

import json

import pytest

from napalm_frr.device.state import sensors
from napalm_frr.getters import bgp, interfaces, neighbors, system


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
