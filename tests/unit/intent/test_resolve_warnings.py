"""What resolution warns of, and what it refuses."""

import pytest

from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.errors import InputError
from netmgr.intent.resolve import resolve
from tests.unit.intent.resolving import intent_of
from tests.unit.inventory.samples import FORMS, RICH

HOSTS = """
r1: {data: {role: core, site: hq, loopback: 10.255.0.1, bgp: {asn: 64500, ebgp_requires_policy: false}}}
r2: {data: {loopback: 10.255.0.2, bgp: {asn: 64501, ebgp_requires_policy: false}}}
"""
LINK = '  - {endpoints: ["r1:eth1", "r2:eth2"], subnet: 10.0.0.0/31, ospf: {area: 0, cost: 10}, bgp: true, mtu: 9000}\n'


WARNINGS = {
    "eBGP without policy": (
        HOSTS.replace("64501, ebgp_requires_policy: false", "64501"),
        LINK,
        [
            "inventory/acme/hosts.yaml:3: r2: eBGP carries no routes without a policy (RFC 8212): 10.0.0.0; "
            "write import_policy and export_policy, or bgp.ebgp_requires_policy: false to lift this"
        ],
    ),
    "iBGP needs no policy": (
        HOSTS.replace("64501", "64500").replace(", ebgp_requires_policy: false", ""),
        LINK,
        [],
    ),
    "OSPF on one end": (
        "r1: {data: {loopback: 10.255.0.1, ospf: {areas: {0: {interfaces: {eth1: {}}}}}}}\nr2: {}\n",
        '  - {endpoints: ["r1:eth1", "r2:eth1"], subnet: 10.0.0.0/31}\n',
        [
            "inventory/acme/topology.yaml:2: r1: eth1: OSPF runs on one end of the link only; "
            "put r2 eth1 into the area, or make the other end passive"
        ],
    ),
    "a passive end is meant": (
        "r1: {data: {loopback: 10.255.0.1, ospf: {areas: {0: {interfaces: {eth1: {passive: true}}}}}}}\nr2: {}\n",
        '  - {endpoints: ["r1:eth1", "r2:eth1"], subnet: 10.0.0.0/31}\n',
        [],
    ),
    "ends that do not agree": (
        "r1: {data: {loopback: 10.255.0.1, ospf: {hello_interval: 1, areas: {1: {interfaces: {eth1: {}}}}}}}\n"
        "r2: {data: {loopback: 10.255.0.2, interfaces: {eth1: {mtu: 1400}}, "
        "ospf: {areas: {0: {interfaces: {eth1: {}}}}}}}\n",
        '  - {endpoints: ["r1:eth1", "r2:eth1"], subnet: 10.0.0.0/31}\n',
        [
            "inventory/acme/topology.yaml:2: r1: eth1: OSPF comes up with r2 eth1 only if they agree; make equal: "
            "area 1 and 0, hello_interval 1 and (default), mtu (default) and 1400"
        ],
    ),
}


@pytest.mark.parametrize(("hosts", "links", "expected"), WARNINGS.values(), ids=WARNINGS)
def test_warnings(hosts, links, expected):
    assert list(intent_of(hosts, links).warnings) == expected


def test_host_features_warn_on_each_device_that_uses_them():
    intent = intent_of("r1: {platform: poor, data: {system: {ntp: [192.0.2.1]}}}\n")
    assert intent.warnings == (
        "inventory/acme/hosts.yaml:1: r1: ntp is not part of the configuration on platform poor; set it on the host",
    )


def test_external_devices_are_not_judged_by_features():
    intent = intent_of(
        "r1: {platform: poor, data: {lifecycle: external, system: {ntp: [192.0.2.1]}, vlans: {1: {}}}}\n"
    )
    assert intent.warnings == ()


def test_resolving_for_platforms_that_cannot_is_refused():
    inventory = MemoryInventories({"acme": RICH}, FORMS).load("acme")
    with pytest.raises(InputError) as refused:
        resolve(inventory, {"frr": FORMS["poor"]})
    assert [
        line.removesuffix(" is not supported on platform frr; remove it") for line in refused.value.problems
    ] == [
        "inventory/acme/hosts.yaml:14: r1: ipv6",
        "inventory/acme/hosts.yaml:16: r1: domain",
        "inventory/acme/hosts.yaml:17: r1: dns",
        "inventory/acme/hosts.yaml:19: r1: syslog_level",
        "inventory/acme/hosts.yaml:19: r1: syslog_servers",
        "inventory/acme/hosts.yaml:20: r1: snmp",
        "inventory/acme/hosts.yaml:21: r1: banner",
        "inventory/acme/hosts.yaml:22: r1: timezone",
        "inventory/acme/hosts.yaml:23: r1: users",
        "inventory/acme/hosts.yaml:26: r1: vrf_interfaces",
        "inventory/acme/hosts.yaml:27: r1: lag",
        "inventory/acme/hosts.yaml:28: r1: switchport",
        "inventory/acme/hosts.yaml:29: r1: vlans",
        "inventory/acme/hosts.yaml:32: r1: ospf",
        "inventory/acme/hosts.yaml:32: r1: ospf3",
        "inventory/acme/hosts.yaml:37: r1: bgp",
        "inventory/acme/hosts.yaml:45: r1: static_routes",
        "inventory/acme/hosts.yaml:49: r1: prefix_lists",
        "inventory/acme/hosts.yaml:50: r1: route_maps",
        "inventory/acme/hosts.yaml:55: r1: acls",
        "inventory/acme/hosts.yaml:58: r1: packet_filters",
        "inventory/acme/hosts.yaml:60: r1: route_distinguishers",
        "inventory/acme/hosts.yaml:60: r1: vrfs",
        "inventory/acme/hosts.yaml:61: r1: extra_config",
        "inventory/acme/hosts.yaml:65: r2: bgp",
        "inventory/acme/hosts.yaml:65: r2: extra_config",
        "inventory/acme/topology.yaml:5: r2: ospf",
    ]
