"""What IOS cannot do is refused at the line that asks for it."""

import pytest

from tests.unit.platforms.objected import problems

BASE = """\
r1:
  data:
    loopback: 10.255.0.1
    vrfs: {red: {ospf: {process: 2}}}
    interfaces:
      GigabitEthernet1: {ipv4: 10.0.0.1/24, ipv6: "2001:db8::1/64"}
      GigabitEthernet2: {ipv4: 10.1.0.1/24, ipv6: "2001:db8:1::1/64", vrf: red}
      GigabitEthernet3: {ipv4: 10.2.0.1/24}
"""


CASES = {
    "      Port-channel1: {mode: trunk, mtu: 9000}\n      GigabitEthernet4: {lag: Port-channel1}\n": (
        "10: r1: GigabitEthernet4: a member has the mtu of Port-channel1 on ios; write mtu: 9000"
    ),
    "      Port-channel1: {mode: routed, mtu: 9000}\n      GigabitEthernet4: {lag: Port-channel1, mtu: 9001}\n": (
        "10: r1: GigabitEthernet4: a member has the mtu of Port-channel1"
    ),
    "    system: {ntp_keys: {1: {key: secret://env/k, algorithm: sha1}}}\n": "9: r1: keys of time servers are md5",
    "    acls: {a: {filters: routes, entries: [{action: accept, source_address: 10.0.0.0/8}, "
    "{action: drop, source_address: 10.0.0.1/32}]}}\n": (
        "9: r1: acl a: ios takes no host behind what covers it, as 10.0.0.0/8 does 10.0.0.1/32"
    ),
    "    acls: {a: {filters: routes, entries: [{action: accept}, {action: drop, source_address: 10.0.0.1/32}]}}\n": (
        "9: r1: acl a: ios takes no host behind what covers it, as any does 10.0.0.1/32"
    ),
    "    bgp: {asn: 1, ebgp_requires_policy: false, neighbors: {10.0.0.2: {peer_as: 2, ebgp_multihop: 2, "
    "ttl_security: 2}}}\n": "9: r1: ios has ttl_security or ebgp_multihop of a neighbor, not both",
    "    vlans: {7: {name: a}, 9: {name: a}}\n": "9: r1: vlan 9: ios has vlan 7 with the name a; write another one",
    "    system: {banner: end ^C of it}\n": "9: r1: ios ends a banner at ^C",
    "    system: {motd: end ^C of it}\n": "9: r1: ios ends a banner at ^C",
    "    system: {aaa: {servers: [{address: 192.0.2.1, protocol: radius, key: secret://env/k, vrf: red}]}}\n": (
        "9: r1: servers that decide on logins are reached in the default vrf"
    ),
    "    acls: {a: {filters: packets, entries: [{action: accept}]}}\n"
    "    system: {snmp: {communities: {c: {community: secret://env/c, acl: a}}}}\n": (
        "10: r1: clients of a community are an IPv4 acl with filters: routes"
    ),
    '    as_path_lists: {from-a: [{action: permit, regex: "^1_"}]}\n': "9: r1: AS path list from-a needs a number",
    '    as_path_lists: {"501": [{action: permit, regex: "^1_"}]}\n': "9: r1: AS path list 501 needs a number",
    '    acls: {"10": {entries: [{action: accept}]}}\n': "9: r1: acl 10: a name begins with a letter",
    '    community_lists: {"10": [{action: permit, community: "1:1"}]}\n': "9: r1: community list 10: a name",
    "    ospf: {authentication: {key: secret://env/k}, areas: {0: {interfaces: {GigabitEthernet1: {}}}}}\n": (
        "9: r1: OSPFv3 is not signed"
    ),
    "    ospf: {areas: {0: {interfaces: {GigabitEthernet1: {authentication: {key: secret://env/k}}}}}}\n": (
        "9: r1: OSPFv3 is not signed"
    ),
    "    ospf: {areas: {0: {interfaces: {GigabitEthernet2: {}}}}}\n": (
        "9: r1: GigabitEthernet2: OSPFv3 runs in the default vrf"
    ),
    "    bgp: {asn: 1, ebgp_requires_policy: false, neighbors: {10.0.0.2: {peer_as: 2, connect_retry: 5}}}\n": (
        "9: r1: the time between calls cannot be set"
    ),
    "    bgp: {asn: 1, connect_retry: 1}\n": "9: r1: the time between calls cannot be set",
}  # fmt: skip


@pytest.mark.parametrize("data", CASES)
def test_refused_at_its_line(data):
    found = problems("ios", BASE + data)
    assert len(found) == 1
    assert found[0].startswith(CASES[data])


@pytest.mark.parametrize(
    "data",
    [
        "    system: {ntp_keys: {1: {key: secret://env/k}}, banner: 'hands off'}\n",
        "    acls: {a: {filters: routes, entries: [{action: drop, source_address: 10.0.0.1/32}, {action: accept}]}}\n",
        "      Port-channel1: {mtu: 9000}\n      GigabitEthernet4: {lag: Port-channel1}\n",
        '    as_path_lists: {"500": [{action: permit, regex: "^1_"}]}\n',
        "    ospf: {areas: {0: {interfaces: {GigabitEthernet3: {authentication: {key: secret://env/k}}}}}}\n",
    ],
)
def test_what_it_can_do(data):
    assert problems("ios", BASE + data) == []
