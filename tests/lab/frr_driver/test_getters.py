"""What NAPALM asks of a device, read from a real router."""

import pytest
from napalm.base.exceptions import CommandErrorException

from napalm_frr.driver import FRRDriver
from tests.waiting import wait_until

pytestmark = pytest.mark.lab


def test_facts(r1):
    facts = r1.open().get_facts()
    assert {name: facts[name] for name in ("vendor", "hostname", "fqdn", "interface_list")} == {
        "vendor": "FRRouting",
        "hostname": "r1",
        "fqdn": "r1",
        "interface_list": ["eth0", "eth1", "eth2", "lo"],
    }
    assert facts["os_version"] in r1.vtysh("show version")
    assert facts["uptime"] == pytest.approx(float(r1.console("cut", "-d ", "-f1", "/proc/uptime")), abs=60)
    assert {name: type(value) for name, value in facts.items()} == {
        "uptime": float,
        "vendor": str,
        "os_version": str,
        "model": str,
        "serial_number": str,
        "hostname": str,
        "fqdn": str,
        "interface_list": list,
    }


def test_interfaces(r1):
    r1.console("ip", "link", "set", "eth2", "down")
    driver = r1.open()
    wait_until(lambda: not driver.get_interfaces()["eth2"]["is_enabled"], seconds=5)
    found = driver.get_interfaces()
    assert list(found) == ["eth0", "eth1", "eth2", "lo"]
    mac = r1.console("cat", "/sys/class/net/eth1/address").strip().upper()
    assert 0 <= found["eth2"].pop("last_flapped") < 30
    assert found["eth1"].pop("last_flapped") == -1.0 or found["eth1"]["is_up"]
    found["eth1"].pop("last_flapped", None)
    assert found["eth1"] == {
        "is_up": True,
        "is_enabled": True,
        "description": "to r2",
        "speed": 10000.0,
        "mtu": 1500,
        "mac_address": mac,
    }
    assert (found["eth2"]["is_up"], found["eth2"]["is_enabled"], found["eth2"]["description"]) == (
        False,
        False,
        "",
    )
    assert (found["lo"]["mac_address"], found["lo"]["mtu"]) == ("", 65536)
    r1.console("ip", "link", "set", "eth2", "up")


def test_bgp_neighbors(r1):
    driver = r1.open()
    driver.load_merge_candidate(
        config="router bgp 65001\n neighbor 10.0.0.9 remote-as 65009\n neighbor 10.0.0.9 shutdown\n"
    )
    driver.commit_config()
    wait_until(lambda: driver.get_bgp_neighbors()["global"]["peers"]["10.0.0.1"]["is_up"], seconds=20)
    wait_until(
        lambda: (
            driver.get_bgp_neighbors()["global"]["peers"]["10.0.0.1"]["address_family"]["ipv4"][
                "sent_prefixes"
            ]
            == 1
        ),
        seconds=20,
    )
    found = driver.get_bgp_neighbors()
    assert isinstance(found["global"]["peers"]["10.0.0.1"].pop("uptime"), int)
    assert found == {
        "global": {
            "router_id": "10.255.0.1",
            "peers": {
                "10.0.0.1": {
                    "local_as": 65001,
                    "remote_as": 65002,
                    "remote_id": "10.255.0.2",
                    "is_up": True,
                    "is_enabled": True,
                    "description": "r2",
                    "address_family": {
                        "ipv4": {"received_prefixes": -1, "accepted_prefixes": 0, "sent_prefixes": 1}
                    },
                },
                "10.0.0.9": {
                    "local_as": 65001,
                    "remote_as": 65009,
                    "remote_id": "0.0.0.0",
                    "is_up": False,
                    "is_enabled": False,
                    "description": "",
                    "uptime": -1,
                    "address_family": {
                        "ipv4": {"received_prefixes": -1, "accepted_prefixes": -1, "sent_prefixes": -1}
                    },
                },
            },
        }
    }


def test_configurations(r1):
    driver = r1.open()
    driver.load_merge_candidate(config="router bgp 65001\n neighbor 10.0.0.1 password s3cret\n")
    found = driver.get_config()
    assert FRRDriver.canonical(found["running"]) == r1.running()
    assert found["startup"] == r1.startup()
    assert found["candidate"] == "router bgp 65001\n neighbor 10.0.0.1 password s3cret\n"
    hidden = "router bgp 65001\n neighbor 10.0.0.1 password <removed>\n"
    assert driver.get_config("candidate", sanitized=True) == {
        "running": "",
        "startup": "",
        "candidate": hidden,
    }
    with pytest.raises(CommandErrorException, match="text, not xml"):
        driver.get_config(format="xml")


def test_configuration_with_its_secrets_removed(r1):
    driver = r1.open()
    driver.load_merge_candidate(
        config="router bgp 65001\n neighbor 10.0.0.1 password s3cret-1\n"
        "interface eth2\n ip ospf authentication-key s3cret-2\n ip ospf message-digest-key 1 md5 s3cret-3\n"
    )
    driver.commit_config()
    found = driver.get_config(sanitized=True)
    assert "s3cret" in driver.get_config()["startup"]
    assert "s3cret" not in str(found)
    assert found["running"].count("<removed>") == found["startup"].count("<removed>") == 3


def test_show_commands(r1):
    driver = r1.open()
    found = driver.cli(["show daemons", "show bgp summary json", "show daemons"])
    assert found["show daemons"] == r1.vtysh("show daemons")
    assert list(found) == ["show daemons", "show bgp summary json"]
    assert driver.cli(["show bgp vrf all summary json"], "json")["show bgp vrf all summary json"]["default"]
    assert driver.cli([]) == {}


@pytest.mark.parametrize(
    "command",
    ["show nonsense", "clear bgp *", "configure terminal", "show daemons\nconfigure terminal", "write"],
)
def test_other_commands_are_refused(r1, command):
    with pytest.raises(CommandErrorException):
        r1.open().cli(["show daemons", command])


def test_daemons(r1):
    assert r1.open().daemons() == dict.fromkeys(("zebra", "staticd", "bgpd", "ospfd", "ospf6d"), True)


def test_napalms_own_validation_of_the_driver():
    from napalm import get_network_driver

    assert get_network_driver("frr") is FRRDriver
    assert get_network_driver("FRR") is FRRDriver
