"""The router's state, compared with what its kernel and its daemons say on the console."""

import json
import re

import pytest
from napalm.base.exceptions import CommandErrorException

from tests.waiting import wait_until

pytestmark = pytest.mark.lab


def test_addresses_of_both_families(r1):
    expected = {}
    for line in r1.console("ip", "-o", "address").splitlines():
        _, name, family, prefix, *_ = line.split()
        address, length = prefix.split("/")
        family = {"inet": "ipv4", "inet6": "ipv6"}[family]
        expected.setdefault(name, {}).setdefault(family, {})[address] = {"prefix_length": int(length)}
    found = r1.open().get_interfaces_ip()
    assert found == expected
    assert list(found) == ["eth0", "eth1", "eth2", "lo"]
    assert found["eth1"]["ipv4"] == {"10.0.0.0": {"prefix_length": 31}}
    assert found["eth1"]["ipv6"]["2001:db8::"] == {"prefix_length": 127}
    assert set(found["eth2"]["ipv4"]) == {"10.0.2.1", "10.0.2.2", "10.0.2.3"}


def test_counters(r1):
    driver = r1.open()
    before = driver.get_interfaces_counters()
    r1.console("ping", "-n", "-c", "2", "-i", "0.2", "-I", "lo", "10.255.0.1")
    after = driver.get_interfaces_counters()
    assert list(after) == ["eth0", "eth1", "eth2", "lo"]
    sent = {name: after["lo"][name] - before["lo"][name] for name in ("rx_octets", "rx_unicast_packets")}
    assert sent == {
        "rx_octets": 4 * 84,
        "rx_unicast_packets": 4,
    }  # two requests and two replies
    stats = json.loads(r1.console("ip", "-j", "-s", "link", "show", "lo"))[0]["stats64"]
    assert driver.get_interfaces_counters()["lo"] == {
        "tx_errors": stats["tx"]["errors"],
        "rx_errors": stats["rx"]["errors"],
        "tx_discards": stats["tx"]["dropped"],
        "rx_discards": stats["rx"]["dropped"],
        "tx_octets": stats["tx"]["bytes"],
        "rx_octets": stats["rx"]["bytes"],
        "tx_unicast_packets": stats["tx"]["packets"],
        "rx_unicast_packets": stats["rx"]["packets"],
        "tx_multicast_packets": -1,
        "rx_multicast_packets": 0,
        "tx_broadcast_packets": -1,
        "rx_broadcast_packets": -1,
    }


def test_neighbor_tables(r1):
    mac = "02:00:5E:10:00:09"
    r1.console("ip", "neighbor", "add", "10.0.2.9", "lladdr", mac, "nud", "permanent", "dev", "eth2")
    r1.console("ip", "neighbor", "add", "2001:db8::9", "lladdr", mac, "nud", "permanent", "dev", "eth1")
    # The BGP neighbor enters by itself, now or a little later; after that, nobody does.
    wait_until(lambda: "lladdr" in r1.console("ip", "-4", "neighbor", "show", "10.0.0.1"), seconds=20)
    driver = r1.open()
    found = {(entry["interface"], entry["ip"]): entry for entry in driver.get_arp_table()}
    assert {(entry["interface"], entry["ip"]) for entry in driver.get_arp_table("default")} == found.keys()
    assert driver.get_arp_table("global")
    assert found["eth2", "10.0.2.9"]["mac"] == mac
    known = {
        (line.split()[2], line.split()[0])
        for line in r1.console("ip", "-4", "neighbor").splitlines()
        if "lladdr" in line
    }
    assert known == found.keys()
    six = {(entry["interface"], entry["ip"]): entry for entry in driver.get_ipv6_neighbors_table()}
    entry = six["eth1", "2001:db8::9"]
    assert (entry["mac"], entry["state"], type(entry["age"])) == (mac, "PERMANENT", float)
    with pytest.raises(CommandErrorException, match="no VRF 'red'; there is global, default"):
        driver.get_arp_table("red")
    r1.console("ip", "neighbor", "del", "10.0.2.9", "dev", "eth2")
    r1.console("ip", "neighbor", "del", "2001:db8::9", "dev", "eth1")


def test_environment(r1):
    found = r1.open().get_environment()
    total = int(re.search(r"MemTotal: *(\d+)", r1.console("cat", "/proc/meminfo"))[1]) * 1024
    assert found["memory"]["available_ram"] == total
    assert 0 < found["memory"]["used_ram"] < total
    processors = re.findall(r"^cpu(\d+) ", r1.console("cat", "/proc/stat"), re.MULTILINE)
    assert list(found["cpu"]) == [int(number) for number in processors]
    assert all(0 <= load["%usage"] <= 100 for load in found["cpu"].values())


def test_network_instances(r1):
    driver = r1.open()
    default = {
        "name": "default",
        "type": "DEFAULT_INSTANCE",
        "state": {"route_distinguisher": ""},
        "interfaces": {"interface": {"eth0": {}, "eth1": {}, "eth2": {}, "lo": {}}},
    }
    assert driver.get_network_instances() == driver.get_network_instances("default") == {"default": default}
    assert driver.get_network_instances("red") == {}


def test_a_daemon_that_is_not_to_run_has_nothing_to_say(r1):
    driver = r1.open()
    assert driver.get_bgp_neighbors()["global"]["peers"].keys() == {"10.0.0.1"}
    r1.console("sed", "-i", "s/^bgpd=yes/bgpd=no/", "/etc/frr/daemons")
    try:
        assert driver.get_bgp_neighbors() == driver.get_bgp_neighbors_detail() == {}
    finally:
        r1.console("sed", "-i", "s/^bgpd=no/bgpd=yes/", "/etc/frr/daemons")


def test_a_dead_daemon_is_an_error(r1):
    """watchfrr brings bgpd back after a while, so it is stopped first."""
    driver = r1.open()
    r1.console("sh", "-c", "kill -9 $(cat /run/frr/watchfrr.pid); kill -9 $(cat /run/frr/bgpd.pid)")
    wait_until(lambda: "bgpd" not in r1.vtysh("show daemons"), seconds=10)
    for ask in (driver.get_bgp_neighbors, lambda: driver.cli(["show bgp summary"])):
        with pytest.raises(CommandErrorException, match="bgpd is not running"):
            ask()
    with pytest.raises(CommandErrorException, match="bgpd is down"):
        driver.get_network_instances()
    assert driver.get_interfaces()["eth1"]["description"] == "to r2"
