"""Routes, sessions, LLDP neighbors and probes of a dual-stack router, compared with what its daemons say."""

import json
import os
import subprocess
import sys

import pytest
from napalm.base.exceptions import CommandErrorException

from netmgr.lab.frr.lab import FrrLab
from netmgr.lab.kit import LabKit
from netmgr.ports.progress import Silent
from tests.lab.frr_driver.conftest import Router
from tests.lab.frr_driver.dual import CLIENT, HARD_TEXT, LEARNED, NETWORK, forwarding, settled
from tests.waiting import wait_until

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def router(tmp_path_factory):
    lab = FrrLab(tmp_path_factory.mktemp("dual") / "lab", LabKit())
    router = Router(lab, lab.up(NETWORK, Silent()).devices[0], CLIENT)
    try:
        with router.driver() as driver:
            settled(lab, driver)
        yield router
    finally:
        router.tidy()
        lab.down(CLIENT)


@pytest.fixture(scope="module")
def driver(router):
    return router.open()


@pytest.fixture
def reachable(router):
    """A machine that stands still for some seconds costs the routers their adjacency: probes wait until it is back."""
    wait_until(lambda: forwarding(router.lab), seconds=40)


@pytest.mark.parametrize(("prefix", "protocol"), [*LEARNED, ("198.51.100.0/25", ""), ("10.0.1.0/31", "")])
def test_routes(router, driver, prefix, protocol):
    family = "ipv6" if ":" in prefix else "ip"
    shown = json.loads(router.vtysh(f"show {family} route {prefix} json"))[prefix]
    found = driver.get_route_to(prefix, protocol)
    assert list(found) == [prefix]
    hops = [(entry, hop) for entry in shown for hop in entry["nexthops"] if not hop.get("resolver")]
    assert [
        (r["protocol"], r["preference"], r["next_hop"], r["current_active"], r["routing_table"])
        for r in found[prefix]
    ] == [
        (e["protocol"], e["distance"], h.get("ip", ""), e.get("selected", False), "default") for e, h in hops
    ]
    assert all(0 <= route["age"] < 600 for route in found[prefix])


def test_a_route_from_bgp(driver):
    found = driver.get_route_to("1.0.4.200")
    found["1.0.4.128/25"][0].pop("age")
    assert found == {
        "1.0.4.128/25": [
            {
                "protocol": "bgp",
                "current_active": True,
                "last_active": True,
                "next_hop": "10.0.1.1",
                "outgoing_interface": "eth1",
                "selected_next_hop": True,
                "preference": 20,
                "inactive_reason": "",
                "routing_table": "default",
                "protocol_attributes": {
                    "local_as": 65001,
                    "remote_as": 65002,
                    "peer_id": "10.255.0.2",
                    "remote_address": "10.0.1.1",
                    "as_path": "65002 65010",
                    "communities": ["65002:1", "no-export"],
                    "local_preference": 150,
                    "preference2": 0,
                    "metric": 30,
                    "metric2": 0,
                },
            }
        ]
    }
    longer = driver.get_route_to("1.0.4.0/24", "bgp", longer=True)
    assert list(longer) == ["1.0.4.0/24", "1.0.4.128/25"]
    attributes = found["1.0.4.128/25"][0]["protocol_attributes"]
    assert all(routes[0]["protocol_attributes"] == attributes for routes in longer.values())
    six = driver.get_route_to("2001:db8:52::/48", "bgp")["2001:db8:52::/48"][0]
    assert (six["protocol_attributes"]["remote_address"], six["outgoing_interface"]) == (
        "2001:db8:1::1",
        "eth1",
    )


def test_routes_that_are_resolved_or_not_preferred(driver):
    (recursive,) = driver.get_route_to("198.51.100.128/25")["198.51.100.128/25"]
    assert (recursive["next_hop"], recursive["outgoing_interface"]) == ("10.255.0.2", "eth1")
    best, other = driver.get_route_to("198.51.100.0/25")["198.51.100.0/25"]
    assert (best["current_active"], best["inactive_reason"], best["preference"]) == (True, "", 1)
    assert (other["current_active"], other["preference"]) == (False, 77)
    assert other["inactive_reason"] == "another route is preferred"
    assert driver.get_route_to("203.0.113.0/24") == driver.get_route_to("1.0.4.0/24", "ospf") == {}
    assert driver.get_route_to("2001:DB8:FF::2", "ospf").keys() == {"2001:db8:ff::2/128"}
    everything = json.loads(router_routes := driver.cli(["show ip route json"])["show ip route json"])
    assert router_routes
    assert driver.get_route_to("0.0.0.0/0", longer=True).keys() == everything.keys()


@pytest.mark.parametrize(
    "arguments", [("",), ("x",), ("10.0.0.0/8 json",), ("10.0.0.0/8\nx",), ("10.0.0.0/8", "b;c")]
)
def test_what_is_no_question_for_routes(driver, arguments):
    with pytest.raises(CommandErrorException, match=r"neither an address nor a prefix|is none of kernel"):
        driver.get_route_to(*arguments)


def test_sessions_in_detail(router, driver):
    found = driver.get_bgp_neighbors_detail()
    assert [
        (vrf, system, len(peers)) for vrf, systems in found.items() for system, peers in systems.items()
    ] == [
        ("global", 65002, 2),
        ("global", 65009, 1),
    ]
    shown = json.loads(router.vtysh("show bgp neighbors 10.0.1.1 json"))["10.0.1.1"]
    (peer,) = driver.get_bgp_neighbors_detail("10.0.1.1")["global"][65002]
    assert peer["remote_port"] == shown["portForeign"]
    assert (peer["local_address"], peer["remote_address"], peer["connection_state"]) == (
        "10.0.1.0",
        "10.0.1.1",
        "Established",
    )
    assert (peer["holdtime"], peer["configured_holdtime"], peer["keepalive"]) == (9, 9, 3)
    assert (peer["import_policy"], peer["export_policy"]) == ("IN", "OUT")
    assert (peer["accepted_prefix_count"], peer["advertised_prefix_count"]) == (2, 1)
    assert peer["output_updates"] == shown["messageStats"]["updatesSent"]
    (down,) = driver.get_bgp_neighbors_detail("10.0.9.9")["global"][65009]
    assert (down["up"], down["local_address"], down["local_port"], down["accepted_prefix_count"]) == (
        False,
        "",
        -1,
        -1,
    )
    assert driver.get_bgp_neighbors_detail("10.9.9.9") == {}


def test_texts_that_are_hard_to_read_back(router, driver):
    assert driver.get_interfaces()["eth1"]["description"] == HARD_TEXT
    assert driver.get_bgp_neighbors()["global"]["peers"]["10.0.1.1"]["description"] == HARD_TEXT
    name = "q\"'\\;<b>$x"
    router.console("ip", "link", "add", name, "type", "veth", "peer", "name", "--More--")
    try:
        for found in (
            driver.get_interfaces_counters(),
            driver.get_network_instances()["default"]["interfaces"]["interface"],
        ):
            assert {name, "--More--", "eth1"} <= found.keys()
        assert {name, "--More--"} <= set(driver.get_facts()["interface_list"])
        wait_until(lambda: {name, "--More--"} <= driver.get_interfaces().keys(), seconds=5)
    finally:
        router.console("ip", "link", "delete", "dev", name)


#: What lldpcli calls a capability, and NAPALM's word for it.
CAPABILITIES = {"Bridge": "bridge", "Router": "router", "Wlan": "wlan-access-point", "Station": "station"}


def test_neighbors_by_lldp(router, driver):
    assert driver.get_lldp_neighbors() == {
        "eth1": [{"hostname": "r2", "port": "eth1"}],
        "eth2": [{"hostname": "r2", "port": "eth2"}],
    }
    found = driver.get_lldp_neighbors_detail("eth2")
    assert found == {"eth2": driver.get_lldp_neighbors_detail()["eth2"]}
    (neighbor,) = found["eth2"]
    shown = dict(
        line.split("=", 1)
        for line in router.console("lldpcli", "-f", "keyvalue", "show", "neighbors").splitlines()
    )
    assert neighbor == {
        "parent_interface": "",
        "remote_chassis_id": shown["lldp.eth2.chassis.mac"].upper(),
        "remote_system_name": shown["lldp.eth2.chassis.name"],
        "remote_system_description": shown["lldp.eth2.chassis.descr"],
        "remote_port": shown["lldp.eth2.port.ifname"],
        "remote_port_description": shown["lldp.eth2.port.descr"],
        "remote_system_capab": ["bridge", "router", "wlan-access-point", "station"],
        # Whether lldpd says "router" depends on when it last looked whether the router forwards.
        "remote_system_enable_capab": [
            word for name, word in CAPABILITIES.items() if shown[f"lldp.eth2.chassis.{name}.enabled"] == "on"
        ],
    }
    assert driver.get_lldp_neighbors_detail("eth9") == {}


@pytest.mark.parametrize(
    ("destination", "origin"),
    [
        ("10.255.0.2", {"source": "10.255.0.1"}),
        ("2001:db8:ff::2", {"source": "2001:db8:ff::1", "vrf": "default"}),
        ("10.0.2.2", {"source_interface": "eth2"}),
    ],
)
@pytest.mark.usefixtures("reachable")
def test_ping(driver, destination, origin):
    found = driver.ping(destination, count=3, size=200, ttl=2, timeout=10, **origin)["success"]
    times = [reply["rtt"] for reply in found["results"]]
    assert [reply["ip_address"] for reply in found["results"]] == [destination] * 3
    assert (found["probes_sent"], found["packet_loss"]) == (3, 0)
    assert (found["rtt_min"], found["rtt_max"]) == (min(times), max(times))
    assert found["rtt_avg"] == pytest.approx(sum(times) / 3, abs=0.001)


def test_many_destinations_at_once(driver):
    asked = [("10.0.2.77", ""), ("127.0.0.1", ""), ("::1", ""), ("10.99.0.1", ""), ("127.0.0.1", "127.0.0.9")]
    assert driver.sweep(asked) == [False, True, True, False, True]
    assert driver.sweep([("10.0.2.77", "")] * 20 + [("127.0.0.1", "")] * 40) == [False] * 20 + [True] * 40
    with pytest.raises(CommandErrorException, match="'-f' is neither"):
        driver.sweep([("127.0.0.1", ""), ("-f", "")])


def test_ping_without_answers(driver):
    assert driver.ping("10.0.2.77", count=2, timeout=1) == {
        "success": {
            "probes_sent": 2,
            "packet_loss": 2,
            "rtt_min": 0.0,
            "rtt_max": 0.0,
            "rtt_avg": 0.0,
            "rtt_stddev": 0.0,
            "results": [],
        }
    }
    assert driver.ping("10.99.0.1", count=1) == {"error": "ping: connect: Network is unreachable"}
    assert driver.ping("10.0.2.2", vrf="red") == {"error": "ping: SO_BINDTODEVICE red: No such device"}
    assert driver.traceroute("10.99.0.1") == {"error": "connect: Network is unreachable"}


@pytest.mark.usefixtures("reachable")
def test_traceroute(driver):
    found = driver.traceroute("10.255.0.2", source="10.255.0.1")["success"]
    assert [
        (hop, probe["ip_address"]) for hop, each in found.items() for probe in each["probes"].values()
    ] == [(1, "10.255.0.2")] * 3
    silent = {"rtt": 1000.0, "ip_address": "*", "host_name": "*"}
    assert driver.traceroute("10.0.2.77", ttl=2, timeout=1) == {
        "success": {hop: {"probes": dict.fromkeys((1, 2, 3), silent)} for hop in (1, 2)}
    }


def test_napalms_validation(driver):
    """What NAPALM's users check a network with: a file of expectations over getters and ping."""
    reach = {
        "_name": "ping",
        "_kwargs": {"destination": "10.0.1.1", "count": 1},
        "success": {"packet_loss": 0},
    }
    rules = [
        {"get_facts": {"hostname": "r1"}},
        {"get_interfaces_ip": {"eth1": {"ipv4": {"10.0.1.0": {"prefix_length": 31}}}}},
        {
            "get_bgp_neighbors": {
                "global": {"peers": {"10.0.1.1": {"is_up": True}, "10.0.9.9": {"is_up": True}}}
            }
        },
        {"ping": reach},
    ]
    report = driver.compliance_report(validation_source=rules)
    assert {
        name: result["complies"] for name, result in report.items() if name not in ("skipped", "complies")
    } == {
        "get_facts": True,
        "get_interfaces_ip": True,
        "get_bgp_neighbors": False,
        "ping": True,
    }
    assert (report["complies"], report["skipped"]) == (False, [])


@pytest.mark.usefixtures("reachable")
def test_napalms_conformance_tests_pass_live(router):
    device = router.device
    options = {"port": device.port, "key_file": device.identity, "known_hosts": device.known_hosts}
    environment = {
        **os.environ,
        "NAPALM_TEST_MOCK": "0",
        "NAPALM_HOSTNAME": device.address,
        "NAPALM_USERNAME": device.user,
        "NAPALM_PASSWORD": "",
        "NAPALM_OPTIONAL_ARGS": json.dumps(options),
    }
    # No VRF can be named TEST in a kernel without VRFs; and against a router NAPALM's tests return what they found.
    options = ["-q", "-k", "not with_vrf", "-W", "ignore:Test functions should return None"]
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", *options]
    done = subprocess.run(
        [*command, "tests/unit/napalm_frr/conformance"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "skipped" in done.stdout) == (0, False), done.stdout[-3000:]


def test_a_dead_daemon_makes_an_answer_incomplete(router, driver):
    """The last test: FRR's own watch is ended, so that what is killed stays dead."""
    router.console("sh", "-c", "kill -9 $(cat /run/frr/watchfrr.pid) $(cat /run/frr/ospfd.pid)")
    wait_until(lambda: "ospfd" not in router.vtysh("show daemons"), seconds=10)
    with pytest.raises(CommandErrorException, match="ospfd is not running: the answer would be incomplete"):
        driver.get_route_to("192.0.2.0/24")
    router.console("sh", "-c", "kill -9 $(cat /run/frr/zebra.pid)")
    wait_until(lambda: "zebra" not in router.vtysh("show daemons"), seconds=10)
    with pytest.raises(CommandErrorException, match="zebra is not running"):
        driver.get_interfaces()
    router.console("sh", "-c", "kill -9 $(pidof lldpd)")
    with pytest.raises(CommandErrorException, match="lldpd does not answer"):
        driver.get_lldp_neighbors()
