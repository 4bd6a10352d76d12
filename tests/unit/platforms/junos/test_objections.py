"""What Junos cannot do is refused at the line that asks for it."""

import pytest

from tests.unit.platforms.objected import problems

BASE = """\
r1:
  data:
    loopback: 10.255.0.1
    route_maps: {all: [{action: permit}], other: [{action: permit}]}
    interfaces: {ge-0/0/0: {ipv4: 10.0.0.0/31, ipv6: "2001:db8::/127"}}
"""
PEER = "peer_as: 64501, import_policy: all, export_policy: all"


CASES = {
    "    system: {ntp: [ntp.acme.example]}\n": "6: r1: junos asks time servers by address alone",
    "    system: {source_interfaces: {dns: lo0}}\n": "6: r1: junos asks resolvers from whichever interface",
    "    system: {snmp: {hosts: [{address: 192.0.2.1, community: secret://env/c, informs: true}]}}\n": (
        "6: r1: junos sends traps to a community, no informs"
    ),
    "    acls: {a: {entries: [{action: accept, source_address: 10.0.0.0/8, protocol: tcp}]}}\n"
    "    system: {snmp: {communities: {c: {community: secret://env/c, acl: a}}}}\n": (
        "7: r1: clients of a community are an IPv4 acl with filters: routes"
    ),
    "    ospf: {authentication: {key: secret://env/k}, areas: {0: {interfaces: {ge-0/0/0: {}}}}}\n": (
        "6: r1: junos signs OSPFv2 alone"
    ),
    "    ospf:\n      areas: {0: {interfaces: {ge-0/0/0: {authentication: {key: secret://env/k}}}}}\n": (
        "7: r1: junos signs OSPFv2 alone"
    ),
    f"    bgp: {{asn: 64500, neighbors: {{10.0.0.1: {{{PEER}, send_community: standard}}}}}}\n": (
        "6: r1: junos always sends communities"
    ),
    f"    bgp: {{asn: 64500, neighbors: {{10.0.0.1: {{{PEER}, send_default_route: true}}}}}}\n": (
        "6: r1: junos sends a default route that it has"
    ),
    f"    bgp: {{asn: 64500, neighbors: {{10.0.0.1: {{{PEER},\n"
    "      afi_safis: {ipv4_unicast: {}, ipv6_unicast: {export_policy: other}}}}}\n": (
        "7: r1: a session has one export_policy for all families"
    ),
    f"    bgp: {{asn: 64500, router_id: 10.255.0.1, neighbors: {{10.0.0.1: {{{PEER}}}}}}}\n"
    "    ospf: {router_id: 10.255.0.2, areas: {0: {interfaces: {ge-0/0/0: {}}}}}\n": (
        "7: r1: junos has one router id for OSPF and BGP"
    ),
    "    as_path_lists: {a: [{action: permit, regex: '64500'}]}\n": "6: r1: junos matches AS numbers, not text",
    "    system: {ntp_keys: {65535: {key: secret://env/k}}}\n": "6: r1: keys of time servers are 1 to 65534",
    "    system: {aaa: {servers: [{address: 192.0.2.1, protocol: tacacs+, key: secret://env/k, timeout: 91}]}}\n": (
        "6: r1: a TACACS+ server has 90 seconds at most"
    ),
    "    ospf: {reference_bandwidth: 4000001}\n": "6: r1: the reference bandwidth is 4000000 Mbit/s at most",
    "    system: {syslog: {files: {x: {kernal: error}}}}\n": "6: r1: kernal is no facility of junos",
    "    system: {syslog: {files: {messages: {any: error}}}}\n": "6: r1: what any facility logs to messages",
    "    vlans: {5: {name: a}}\n": "6: r1: vlan name 'a' has 1 characters; platform junos takes at least 2",
    "    vrfs: {red: {import_targets: '64500:1'}}\n": "6: r1: route targets need a route_distinguisher",
}


@pytest.mark.parametrize(("data", "said"), CASES.items(), ids=CASES.values())
def test_refused(data, said):
    found = problems("junos", BASE + data)
    assert len(found) == 1, found
    assert found[0].startswith(said)


MTUS = {
    "lo0: {mtu: 1500}": "5: r1: lo0 has no mtu on junos",
    "fxp0: {mtu: 1500}": "5: r1: fxp0 has no mtu on junos",
    "ge-0/0/1: {mtu: 9483}, ge-0/0/1.7: {vlan_id: 7}": (
        "5: r1: a tagged port's packets have 9482 bytes at most on junos"
    ),
    "ge-0/0/1: {mtu: 9482}, ge-0/0/1.7: {vlan_id: 7}": None,
    "ge-0/0/1: {mtu: 9487}": "5: r1: mtu 9487 is not within 256 to 9486 of platform junos",
    "ge-0/0/1: {mtu: 9486}": None,
}


@pytest.mark.parametrize(("interfaces", "said"), MTUS.items())
def test_mtus(interfaces, said):
    hosts = BASE.replace("interfaces: {", f"interfaces: {{{interfaces}, ")
    assert [problem.partition(";")[0] for problem in problems("junos", hosts)] == ([said] if said else [])


#: Route filters of one statement, and the one that is refused: Junos asks the longest that covers a route alone.
FILTERS = {
    "{prefix: 10.0.0.0/8, le: 32}, {prefix: 10.1.0.0/16}": "10.1.0.0/16",
    "{prefix: 10.1.0.0/16}, {prefix: 10.0.0.0/8, ge: 24, le: 24}": "10.1.0.0/16",
    "{prefix: 10.0.0.0/8}, {prefix: 10.0.0.0/8, ge: 16, le: 16}": "10.0.0.0/8",
    "{prefix: '::/0', le: 64}, {prefix: '2001:db8::/32', le: 48}": "2001:db8::/32",
    "{prefix: 10.0.0.0/8}, {prefix: 10.1.0.0/16}": None,
    "{prefix: 10.0.0.0/8, le: 24}, {prefix: 10.1.0.0/16, le: 32}": None,
    "{prefix: 10.0.0.0/8, ge: 9, le: 12}, {prefix: 10.1.0.0/16}": None,
    "{prefix: 10.0.0.0/8, le: 32}, {prefix: 10.1.0.0/16, le: 32}": None,
    "{prefix: 10.0.0.0/8, le: 32}, {prefix: 11.1.0.0/16}": None,
}


@pytest.mark.parametrize(("prefixes", "refused"), FILTERS.items())
def test_a_route_filter_that_hides_another_is_refused(prefixes, refused):
    hosts = BASE.replace("{all: ", f"{{m: [{{action: permit, match: {{prefixes: [{prefixes}]}}}}], all: ")
    found = problems("junos", hosts)
    assert len(found) == (refused is not None)
    assert all(f"so that {refused} would hide another's routes" in said for said in found)


def test_what_junos_can_do_is_not():
    assert (
        problems(
            "junos",
            f"{BASE}    bgp: {{asn: 64500, neighbors: {{10.0.0.1: {{{PEER}, send_community: both}}}}}}\n"
            "    ospf: {areas: {0: {interfaces: {ge-0/0/0: {}}}}}\n"
            "    system: {ntp: [192.0.2.1]}\n"
            "    as_path_lists: {a: [{action: permit, regex: '^64500_[0-9]+$'}, {action: deny, regex: '_1_'}]}\n",
        )
        == []
    )


LISTS = """\
    prefix_lists: {l: [{action: deny, prefix: 10.0.0.0/8, le: 32}], h: [{action: permit, prefix: 10.0.0.0/8}]}
    community_lists: {c: [{action: deny, community: "64500:1"}]}
"""


def test_policies_and_subinterfaces():
    assert problems("junos", BASE + LISTS) == []
    hosts = BASE.replace(
        "{all: [{action: permit}], other: [{action: permit}]}",
        "{everything: [{action: permit}], m: [{action: permit, match: {prefix_list: l, community: c, next_hop: h}}]}",
    ).replace("interfaces: {", "interfaces: {ge-0/0/0.7: {ipv4: 10.7.0.1/24}, ")
    said = problems("junos", hosts + LISTS)
    assert [line.partition("; ")[0] for line in said] == [
        "4: r1: everything is what netmgr calls a policy of its own",
        "4: r1: junos compares a next hop with addresses",
        "4: r1: prefix_list and community are policies on junos, of which a statement asks one",
        "5: r1: beside subinterfaces (ge-0/0/0.7) every frame is tagged on junos",
        "5: r1: ge-0/0/0.7: a subinterface needs its tag",
    ]
