"""What FRR's form says of each feature: every one has an answer, and what FRR cannot do is a warning or an error."""

from pathlib import Path

import pytest

from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.adapters.template_source import TemplateDirectory
from netmgr.errors import InputError, LabError
from netmgr.intent.features import FEATURES
from netmgr.intent.resolve import resolve
from netmgr.platforms import FORMS
from netmgr.workflows.lab import lab_network
from tests.unit.inventory.samples import RICH

ROOT = Path(__file__).parents[3]

HOSTS = """
r1:
  data:
    loopback: 10.255.0.1
    system:
      domain: acme.example
      dns: [192.0.2.53]
      ntp: [ntp.acme.example]
      syslog: {servers: [192.0.2.54]}
      snmp: {community: secret://env/snmp}
      banner: hands off
      timezone: Europe/Berlin
      users: {ops: {role: admin}}
    interfaces:
      eth1: {ipv4: 10.0.0.1/24, mtu: 9000, vrf: red}
    vrfs: {red: {}}
"""
ON_THE_HOST = {
    6: "domain",
    7: "dns",
    8: "ntp",
    9: "syslog_servers",
    10: "snmp",
    11: "banner",
    12: "timezone",
    13: "users",
    15: "mtu",
}


def inventories(hosts):
    files = {"client.yaml": "id: acme\n", "defaults.yaml": "platform: frr\n", "hosts.yaml": hosts}
    return MemoryInventories({"acme": files}, FORMS)


def test_every_feature_has_an_answer():
    assert FORMS["frr"].features.keys() == {*FEATURES}


def test_what_the_host_has_is_a_warning():
    lines = [*ON_THE_HOST.items(), (13, "user_roles"), (15, "vrf_interfaces")]
    assert sorted(resolve(inventories(HOSTS).load("acme"), FORMS).warnings) == sorted(
        f"inventory/acme/hosts.yaml:{line}: r1: {feature} is not part of the configuration on platform frr; "
        "set it on the host"
        for line, feature in lines
    )


def test_what_frr_does_not_have_is_an_error():
    with pytest.raises(InputError) as refused:
        MemoryInventories({"acme": RICH}, FORMS).load("acme")
    found = [line.split(": ")[2].partition(" ")[0] for line in refused.value.problems]
    absent = {feature for feature, support in FORMS["frr"].features.items() if support == "absent"}
    assert {*found} == absent
    assert {"lag", "packet_filters", "route_distinguishers", "switchport", "vlans", "vrf_bgp"} <= absent


def test_the_lab_refuses_vrfs():
    with pytest.raises(LabError, match=r"^r1: the lab makes no VRFs, which many kernels lack; "):
        lab_network(inventories(HOSTS), TemplateDirectory(ROOT), FORMS, "acme", overlay=None)
