"""What Junos cannot do is refused at the line that asks for it."""

import pytest

from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.errors import InputError
from netmgr.platforms import FORMS

BASE = """\
r1:
  data:
    loopback: 10.255.0.1
    route_maps: {all: [{action: permit}], other: [{action: permit}]}
    interfaces: {ge-0/0/0: {ipv4: 10.0.0.0/31, ipv6: "2001:db8::/127"}}
"""
PEER = "peer_as: 64501, import_policy: all, export_policy: all"


def problems(data):
    files = {"client.yaml": "id: acme\n", "defaults.yaml": "platform: junos\n", "hosts.yaml": BASE + data}
    try:
        MemoryInventories({"acme": files}, FORMS).load("acme")
    except InputError as error:
        return [problem.removeprefix("inventory/acme/hosts.yaml:") for problem in error.problems]
    return []


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
    "    vrfs: {red: {import_targets: '64500:1'}}\n": "6: r1: route targets need a route_distinguisher",
}


@pytest.mark.parametrize(("data", "said"), CASES.items(), ids=CASES.values())
def test_refused(data, said):
    found = problems(data)
    assert len(found) == 1, found
    assert found[0].startswith(said)


def test_what_junos_can_do_is_not():
    assert (
        problems(
            f"    bgp: {{asn: 64500, neighbors: {{10.0.0.1: {{{PEER}, send_community: both}}}}}}\n"
            "    ospf: {areas: {0: {interfaces: {ge-0/0/0: {}}}}}\n"
            "    system: {ntp: [192.0.2.1]}\n"
            "    as_path_lists: {a: [{action: permit, regex: '^64500_[0-9]+$'}, {action: deny, regex: '_1_'}]}\n"
        )
        == []
    )


LISTS = """\
    prefix_lists: {l: [{action: deny, prefix: 10.0.0.0/8, le: 32}], h: [{action: permit, prefix: 10.0.0.0/8}]}
    community_lists: {c: [{action: deny, community: "64500:1"}]}
"""


def test_policies_and_subinterfaces():
    assert problems(LISTS) == []
    files = BASE.replace(
        "{all: [{action: permit}], other: [{action: permit}]}",
        "{everything: [{action: permit}], m: [{action: permit, match: {prefix_list: l, community: c, next_hop: h}}]}",
    ).replace("interfaces: {", "interfaces: {ge-0/0/0.7: {ipv4: 10.7.0.1/24}, ")
    texts = {"client.yaml": "id: acme\n", "defaults.yaml": "platform: junos\n", "hosts.yaml": files + LISTS}
    with pytest.raises(InputError) as refused:
        MemoryInventories({"acme": texts}, FORMS).load("acme")
    said = [problem.removeprefix("inventory/acme/hosts.yaml:") for problem in refused.value.problems]
    assert [line.partition("; ")[0] for line in said] == [
        "4: r1: everything is what netmgr calls a policy of its own",
        "4: r1: junos compares a next hop with addresses",
        "4: r1: prefix_list and community are policies on junos, of which a statement asks one",
        "5: r1: beside subinterfaces (ge-0/0/0.7) every frame is tagged on junos",
        "5: r1: ge-0/0/0.7: a subinterface needs its tag",
    ]
