"""inventory show --explain: what follows from links and other values, with the line that it follows from."""

import json
from pathlib import Path

import pytest

from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.adapters.inventory_yaml import YamlInventories
from netmgr.cli.main import run
from netmgr.intent.resolve import resolve
from netmgr.platforms import FORMS as REAL
from netmgr.workflows.inventory import show_device
from tests.unit.inventory.samples import FORMS, GOOD

ROOT = Path(__file__).parents[3]
HOSTS = """\
r1:
  data:
    loopback: [10.255.0.1, "2001:db8::1"]
    bgp: {asn: 64500}
    ospf:
      passive: [eth2]
      hello_interval: 5
      areas:
        0: {interfaces: {eth1: {dead_interval: 21}}}
r2:
  data:
    loopback: 10.255.0.2
    bgp: {asn: 64501}
isp: {data: {lifecycle: external, bgp: {asn: 64502}}}
"""
LINKS = """\
links:
  - endpoints: ["r1:eth1", "r2:eth1"]
    subnet:
      - 10.0.0.0/31
      - 2001:db8:1::/127
    ospf:
      area: 0
      cost: 10
    mtu: 9000
    description: a cable
  - endpoints: ["r1:eth2", "isp:eth1"]
    subnet: 192.0.2.0/30
    ospf: {area: 1}
    bgp: true
"""


def derived(name, hosts=HOSTS, links=LINKS):
    inventories = MemoryInventories({"acme": GOOD | {"hosts.yaml": hosts, "topology.yaml": links}}, FORMS)
    found = show_device(inventories, FORMS, "acme", name).derived
    return {
        d.key.removeprefix("data."): (d.value, str(d.origin).removeprefix("inventory/acme/")) for d in found
    }


def test_what_links_give():
    found = derived("r1")
    assert {key: value for key, value in found.items() if key.startswith("interfaces.eth")} == {
        "interfaces.eth1.ipv4": ("10.0.0.0/31", "topology.yaml:4"),
        "interfaces.eth1.ipv6": ("2001:db8:1::/127", "topology.yaml:5"),
        "interfaces.eth1.mtu": (9000, "topology.yaml:9"),
        "interfaces.eth1.description": ("a cable", "topology.yaml:10"),
        "interfaces.eth2.ipv4": ("192.0.2.1/30", "topology.yaml:12"),
        "interfaces.eth2.description": ("to isp:eth1", "topology.yaml:11"),
    }


def test_what_the_loopback_gives():
    found = derived("r1")
    assert found["interfaces.lo.ipv4"] == ("10.255.0.1/32", "hosts.yaml:3")
    assert found["interfaces.lo.ipv6"] == ("2001:db8::1/128", "hosts.yaml:3")
    assert found["ospf.areas.0.interfaces.lo"] == ("on", "hosts.yaml:3")
    assert found["ospf.router_id"] == found["bgp.router_id"] == ("10.255.0.1", "hosts.yaml:3")
    assert derived("isp")["bgp.router_id"] == ("192.0.2.2", "topology.yaml:12")


def test_what_ospf_takes_from_where():
    found = {
        key: value
        for key, value in derived("r1").items()
        if key.startswith("ospf.areas") and not key.endswith(".lo")
    }
    # The dead interval of eth1 is written on the device, so it does not follow from anything.
    assert found == {
        "ospf.areas.0.interfaces.eth1.network_type": ("point-to-point", "topology.yaml:3"),
        "ospf.areas.0.interfaces.eth1.hello_interval": (5, "hosts.yaml:7"),
        "ospf.areas.0.interfaces.eth1.cost": (10, "topology.yaml:8"),
        "ospf.areas.1.interfaces.eth2": ("on", "topology.yaml:13"),
        "ospf.areas.1.interfaces.eth2.network_type": ("point-to-point", "topology.yaml:12"),
        "ospf.areas.1.interfaces.eth2.passive": (True, "hosts.yaml:6"),
    }
    assert derived("r2")["ospf.areas.0.interfaces.eth1"] == ("on", "topology.yaml:7")


def test_a_session_takes_its_number_from_the_other_device():
    assert derived("r1")["bgp.neighbors[192.0.2.2].peer_as"] == (64502, "hosts.yaml:14")
    assert derived("isp")["bgp.neighbors[192.0.2.1].peer_as"] == (64500, "hosts.yaml:4")
    assert derived("r1")["bgp.neighbors[192.0.2.2].description"] == ("to isp:eth1", "topology.yaml:11")


def test_what_is_written_is_not_derived():
    hosts = HOSTS.replace("hello_interval: 5", "router_id: 10.9.9.9")
    hosts = hosts.replace("asn: 64500}", "asn: 64500, router_id: 1.1.1.1}")
    found = derived("r1", hosts)
    assert not {"ospf.router_id", "bgp.router_id"} & found.keys()
    assert not any("interval" in key for key in found)


@pytest.mark.parametrize("client", ["acme", "abilene", "northwind"])
@pytest.mark.parametrize("overlay", [None, {"ospf": {"hello_interval": 1}, "bgp": {"hold_time": 9}}])
def test_every_address_of_the_intent_is_written_or_explained(client, overlay):
    inventories = YamlInventories(ROOT, REAL)
    inventory = inventories.load(client, overlay=overlay)
    for intent in resolve(inventory, REAL).devices:
        view = show_device(inventories, REAL, client, intent.name, overlay=overlay)
        told = {(d.key, str(d.value)) for d in view.derived}
        for interface in intent.interfaces:
            own = view.device.data.interfaces.get(interface.name)
            written = {*map(str, own.ipv4), *map(str, own.ipv6)} if own else set()
            for version, addresses in ((4, interface.ipv4), (6, interface.ipv6)):
                for address in map(str, addresses):
                    assert (
                        address in written
                        or (f"data.interfaces.{interface.name}.ipv{version}", address) in told
                    )
        assert all(origin.line > 0 and origin.path.endswith(".yaml") for _, _, origin in view.derived)


def test_the_command_tells(monkeypatch, capsys):
    monkeypatch.setenv("NETMGR_WORKSPACE", str(ROOT))
    assert run(["inventory", "show", "core1", "-c", "acme", "--lab", "--explain"]) == 0
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 100
    row = next(line.split() for line in text.splitlines() if line.startswith("data.ospf.router_id"))
    assert row[1] == "10.1.255.3"
    assert row[2].startswith("inventory/acme/hosts.yaml:")
    assert "config/netmgr.yaml:" in text
    assert run(["inventory", "show", "core1", "-c", "acme"]) == 0
    assert "DERIVED" not in capsys.readouterr().out
    assert run(["inventory", "show", "core1", "-c", "acme", "--explain", "-o", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)["derived"]
    assert {"key": "data.ospf.router_id", "value": "10.1.255.3", "origin": row[2]} in listed
