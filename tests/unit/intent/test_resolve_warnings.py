"""What resolution warns of, and what it refuses."""

import pytest

from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.errors import InputError
from netmgr.intent.features import FEATURES
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


#: (file, line, device) of the rich client → the features that are needed there first.
NEEDED = {
    ("hosts", 14, "r1"): "ipv6",
    ("hosts", 16, "r1"): "domain",
    ("hosts", 17, "r1"): "hostname",
    ("hosts", 18, "r1"): "dns service_vrfs",
    ("hosts", 20, "r1"): "ntp_keys",
    ("hosts", 22, "r1"): "syslog_level syslog_servers syslog_transport",
    ("hosts", 23, "r1"): "syslog_files syslog_users",
    ("hosts", 24, "r1"): "snmp",
    ("hosts", 28, "r1"): "snmp_communities",
    ("hosts", 29, "r1"): "snmp_hosts",
    ("hosts", 32, "r1"): "snmp_users",
    ("hosts", 35, "r1"): "aaa",
    ("hosts", 37, "r1"): "aaa_authorization",
    ("hosts", 39, "r1"): "aaa_server_vrfs",
    ("hosts", 40, "r1"): "banner",
    ("hosts", 41, "r1"): "motd",
    ("hosts", 42, "r1"): "timezone",
    ("hosts", 43, "r1"): "user_privileges user_roles user_ssh_keys users",
    ("hosts", 44, "r1"): "source_interfaces",
    ("hosts", 47, "r1"): "packet_filters vrf_interfaces",
    ("hosts", 48, "r1"): "lag",
    ("hosts", 50, "r1"): "dhcp",
    ("hosts", 51, "r1"): "subinterfaces",
    ("hosts", 52, "r1"): "switchport",
    ("hosts", 53, "r1"): "anycast",
    ("hosts", 54, "r1"): "vlans",
    ("hosts", 57, "r1"): "ospf_process",
    ("hosts", 61, "r1"): "bfd ospf ospf3 ospf_priority",
    ("hosts", 62, "r1"): "ospf_area_types ospf_networks",
    ("hosts", 66, "r1"): "ospf_originate_always",
    ("hosts", 67, "r1"): "ospf_maximum_paths",
    ("hosts", 68, "r1"): "redistribution_metrics",
    ("hosts", 72, "r1"): "bgp bgp_without_policy",
    ("hosts", 75, "r1"): "bgp_default_ipv4_unicast",
    ("hosts", 76, "r1"): "bgp_log_neighbor_changes",
    ("hosts", 77, "r1"): "bgp_confederation",
    ("hosts", 78, "r1"): "bgp_maximum_paths",
    ("hosts", 79, "r1"): "bgp_maximum_paths_ibgp",
    ("hosts", 80, "r1"): "bgp_distance",
    ("hosts", 81, "r1"): "bgp_local_as bgp_passive bgp_ttl_security",
    ("hosts", 83, "r1"): "bgp_weight",
    ("hosts", 84, "r1"): "bgp_allowas_in bgp_as_override bgp_remove_private_as",
    ("hosts", 85, "r1"): "bgp_keepalive",
    ("hosts", 87, "r1"): "bgp_connect_retry",
    ("hosts", 88, "r1"): "static_routes",
    ("hosts", 89, "r1"): "static_route_names static_route_tags",
    ("hosts", 92, "r1"): "prefix_lists",
    ("hosts", 93, "r1"): "community_lists extended_communities",
    ("hosts", 94, "r1"): "as_path_lists",
    ("hosts", 95, "r1"): "route_maps",
    ("hosts", 99, "r1"): "statement_names",
    ("hosts", 100, "r1"): "statement_descriptions",
    ("hosts", 101, "r1"): "match_protocol match_tag",
    ("hosts", 102, "r1"): "inline_prefixes",
    ("hosts", 103, "r1"): "set_community_lists",
    ("hosts", 104, "r1"): "set_route_targets set_tag set_weight",
    ("hosts", 105, "r1"): "route_map_default",
    ("hosts", 106, "r1"): "acls",
    ("hosts", 109, "r1"): "entry_descriptions",
    ("hosts", 115, "r1"): "forwarding",
    ("hosts", 116, "r1"): "vrfs",
    ("hosts", 118, "r1"): "vrf_descriptions",
    ("hosts", 119, "r1"): "route_distinguishers",
    ("hosts", 120, "r1"): "route_targets",
    ("hosts", 122, "r1"): "vrf_policies",
    ("hosts", 124, "r1"): "vrf_families",
    ("hosts", 125, "r1"): "vrf_forwarding",
    ("hosts", 127, "r1"): "vrf_bgp",
    ("hosts", 133, "r1"): "extra_config",
    ("hosts", 137, "r2"): "automatic_router_ids bgp bgp_without_policy extra_config",
    ("topology", 5, "r2"): "ospf",
}


def test_resolving_for_platforms_that_cannot_is_refused():
    inventory = MemoryInventories({"acme": RICH}, FORMS).load("acme")
    with pytest.raises(InputError) as refused:
        resolve(inventory, {"frr": FORMS["poor"]})
    found = {line.partition(" is not supported on platform frr; ")[0] for line in refused.value.problems}
    assert found == {
        f"inventory/acme/{file}.yaml:{line}: {name}: {feature}"
        for (file, line, name), features in NEEDED.items()
        for feature in features.split()
    }
    assert {line.rpartition(" ")[2] for line in found} == {*FEATURES} - {"interfaces", "ntp", "mtu"}


def test_what_the_lab_s_overlay_adds_is_left_out_where_a_platform_does_not_have_it():
    hosts = "r1: {platform: poor, data: {interfaces: {eth1: {}}}}\n"
    assert intent_of(hosts, overlay={"system": {"banner": "lab"}}).warnings == ()
    with pytest.raises(InputError, match=r"hosts\.yaml:1: r1: banner is not supported on platform poor"):
        intent_of(
            hosts.replace("interfaces", "system: {banner: mine}, interfaces"),
            overlay={"system": {"motd": "x"}},
        )
