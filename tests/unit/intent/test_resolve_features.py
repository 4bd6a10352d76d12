"""What becomes of switching, packet filters, VRFs and the device as a host."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest

from netmgr.model.intent import (
    BgpDistanceIntent,
    ConfederationIntent,
    ForwardingIntent,
    OspfAreaIntent,
    OspfNetworkIntent,
    SwitchportIntent,
    VlanIntent,
)
from netmgr.model.policy_intent import ListReference
from netmgr.model.system import DnsServer, NtpServer, SyslogServer
from netmgr.model.system_intent import (
    NtpKeyIntent,
    SnmpCommunityIntent,
    SnmpGroupIntent,
    SourceIntent,
    UserIntent,
)
from tests.unit.intent.resolving import device, intent_of, interface

PORTS = {
    "access": ("mode: access, access_vlan: 10", SwitchportIntent(mode="access", access_vlan=10)),
    "access of nothing": ("mode: access", SwitchportIntent(mode="access")),
    "trunk of all": ("mode: trunk", SwitchportIntent(mode="trunk")),
    "ranges are joined": (
        'mode: trunk, trunk_vlans: [30, 10, "11-12", "12-14", 16], native_vlan: 1',
        SwitchportIntent(mode="trunk", vlans=("10-14", "16", "30"), native_vlan=1),
    ),
    "routed": ("mode: routed", None),
    "nothing said": ("", None),
}


@pytest.mark.parametrize(("said", "expected"), PORTS.values(), ids=PORTS)
def test_ports(said, expected):
    vlans = "vlans: {10: {name: users}, 12: {}, 16: {}, 30: {}}"
    intent = intent_of(f"r1: {{data: {{{vlans}, interfaces: {{eth1: {{{said}}}}}}}}}\n")
    eth1 = interface(intent, "r1", "eth1")
    assert eth1.switchport == expected
    assert eth1.routed is (said == "mode: routed")
    assert device(intent, "r1").vlans[:2] == (VlanIntent(id=10, name="users"), VlanIntent(id=12))


def test_lists_filter_packets_or_routes():
    hosts = """
r1:
  data:
    acls:
      applied: {entries: [{action: accept, source_address: 10.0.0.0/8, sequence: 7}, {action: drop}]}
      looks: {entries: [{action: accept, protocol: tcp, destination_port: "80-443", established: true}]}
      said: {filters: packets, type: ipv6, entries: [{action: drop}]}
      routes: {entries: [{action: drop, source_address: 10.0.0.0/8}]}
    route_maps: {m: [{action: permit, sequence: 20, match: {acl: routes}}, {action: deny}]}
    interfaces: {eth1: {ipv4: 10.0.0.1/24, acl_in: [applied, said], acl_out: looks}}
"""
    intent = intent_of(hosts)
    eth1, policies = interface(intent, "r1", "eth1"), device(intent, "r1").policies
    assert eth1.acl_in == (
        ListReference(name="applied", family="ipv4"),
        ListReference(name="said", family="ipv6"),
    )
    assert eth1.acl_out == (ListReference(name="looks", family="ipv4"),)
    assert [(f.name, [r.sequence for r in f.rules]) for f in policies.packet_filters] == [
        ("applied", [7, 17]),
        ("looks", [10]),
        ("said", [10]),
    ]
    rule = policies.packet_filters[1].rules[0]
    assert (rule.protocol, rule.destination_port, rule.established, rule.source) == (
        "tcp",
        (80, 443),
        True,
        None,
    )
    assert [(f.name, [r.sequence for r in f.rules]) for f in policies.route_filters] == [("routes", [5])]
    assert [s.sequence for s in policies.route_maps[0].statements] == [20, 30]


VRFS = """
r1:
  data:
    loopback: 10.255.0.1
    bgp:
      asn: 64500
      cluster_id: 10.255.0.1
      confederation: {identifier: 64510, members: [64512, 64511]}
      distance: {external: 20, internal: 200, local: 201}
      maximum_paths: 4
    vrfs:
      red:
        description: guests
        route_distinguisher: "64500:1"
        import_targets: ["64500:10", "64500:9"]
        export_targets: "64500:9"
        bgp:
          neighbors: {10.9.0.9: {peer_as: 64999, weight: 0}}
          redistribute: {connected: {metric: 5}}
          maximum_paths: 2
      blue: {bgp: {router_id: 10.255.0.9}}
      empty: {forwarding: {ipv4: false}}
    interfaces: {eth1: {vrf: red}, eth2: {ipv6: "2001:db8::1/64", vrf: blue}}
r2: {data: {loopback: 10.255.0.2, bgp: {asn: 64501}}}
"""


def test_vrfs():
    link = '  - {endpoints: ["r1:eth1", "r2:eth1"], subnet: 10.0.0.0/31, bgp: true}\n'
    r1 = device(intent_of(VRFS, link), "r1")
    assert (r1.bgp.neighbors, r1.bgp.families) == ((), ())
    assert r1.bgp.confederation == ConfederationIntent(identifier=64510, members=(64511, 64512))
    assert r1.bgp.distance == BgpDistanceIntent(external=20, internal=200, local=201)
    blue, empty, red = r1.vrfs
    assert (red.description, red.route_distinguisher) == ("guests", "64500:1")
    assert (red.import_targets, red.export_targets) == (("64500:9", "64500:10"), ("64500:9",))
    assert (red.families, red.forwarding) == (("ipv4",), ForwardingIntent())
    assert [(str(n.address), n.peer_as, n.device) for n in red.bgp.neighbors] == [
        ("10.0.0.1", 64501, "r2"),
        ("10.9.0.9", 64999, None),
    ]
    assert (red.bgp.asn, red.bgp.router_id, red.bgp.maximum_paths) == (64500, None, 2)
    assert (red.bgp.cluster_id, red.bgp.confederation, red.bgp.distance) == (None, None, None)
    assert [(f.name, [r.metric for r in f.redistribute]) for f in red.bgp.families] == [("ipv4", [5])]
    assert red.bgp.families[0].neighbors[1].weight == 0
    assert (blue.families, blue.forwarding) == (("ipv6",), ForwardingIntent(ipv6=True))
    assert blue.bgp.router_id == IPv4Address("10.255.0.9")
    assert (empty.families, empty.forwarding, empty.bgp) == (("ipv4",), ForwardingIntent(ipv4=False), None)


def test_ospf_by_networks_and_areas():
    hosts = """
r1:
  data:
    loopback: 10.255.0.1
    interfaces:
      eth1: {ipv4: 10.1.0.1/24}
      eth2: {ipv4: 10.1.2.1/24}
      eth3: {ipv4: 192.0.2.1/24, ipv6: "2001:db8::1/64"}
    ospf:
      process: 7
      automatic_router_id: true
      passive_default: true
      maximum_paths: 8
      originate_default: true
      originate_always: true
      areas:
        0: {networks: [10.0.0.0/8, 10.255.0.1/32]}
        2: {type: nssa, no_summary: true, networks: [10.1.2.0/24, 203.0.113.0/24]}
        3: {type: stub, interfaces: {eth3: {passive: false, priority: 0, bfd: true}}}
        4: {type: stub}
"""
    r1 = device(intent_of(hosts), "r1")
    placed = {i.name: (i.ospf.area, i.ospf.by_network, i.ospf.passive) for i in r1.interfaces if i.ospf}
    assert placed == {
        "eth1": (0, True, True),
        "eth2": (2, True, True),
        "eth3": (3, False, False),
        "lo": (0, True, False),
    }
    eth3 = r1.interfaces[2]
    assert (eth3.ospf.priority, eth3.ospf.bfd, eth3.ospf3.area) == (0, True, 3)
    assert (r1.ospf.process, r1.ospf.router_id, r1.ospf.maximum_paths) == (7, None, 8)
    assert (r1.ospf.originate_always, r1.ospf.passive_default) == (True, True)
    assert r1.ospf.networks == (
        OspfNetworkIntent(prefix=ip_network("10.0.0.0/8"), area=0),
        OspfNetworkIntent(prefix=ip_network("10.1.2.0/24"), area=2),
        OspfNetworkIntent(prefix=ip_network("10.255.0.1/32"), area=0),
    )
    assert r1.ospf.areas == (
        OspfAreaIntent(area=2, type="nssa", no_summary=True),
        OspfAreaIntent(area=3, type="stub"),
    )


def test_the_device_as_a_host():
    hosts = """
r1:
  data:
    loopback: [10.255.0.1, "2001:db8:ff::1"]
    vrfs: {oob: {}}
    interfaces: {eth0: {ipv4: 192.0.2.10/24, vrf: oob}}
    system:
      dns: [192.0.2.53, {address: "2001:db8::53", vrf: oob}]
      ntp: [{address: ntp.example, prefer: true, key: 2}]
      ntp_keys: {2: {key: secret://env/b, algorithm: sha1}, 1: {key: secret://env/a}}
      syslog: {level: notice, servers: [192.0.2.54]}
      banner: "one\\ntwo\\n"
      users: {zoe: {role: admin}, ann: {privilege: 15}}
      snmp:
        community: secret://env/read
        communities: {w: {community: secret://env/write, access: rw}}
        users:
          a: {auth_password: secret://env/a, privacy: aes128, privacy_password: secret://env/p, group: ops}
          b: {auth_password: secret://env/a, group: ops}
          c: {auth_password: secret://env/a, privacy: des, privacy_password: secret://env/p}
      source_interfaces: {ntp: lo, syslog: eth0}
"""
    intent = intent_of(hosts)
    system = device(intent, "r1").system
    assert system.hostname == "r1"
    assert system.dns == (
        DnsServer(address=ip_address("192.0.2.53")),
        DnsServer(address=ip_address("2001:db8::53"), vrf="oob"),
    )
    assert system.ntp == (NtpServer(address="ntp.example", prefer=True, key=2),)
    assert system.ntp_keys == (
        NtpKeyIntent(id=1, key="secret://env/a"),
        NtpKeyIntent(id=2, key="secret://env/b", algorithm="sha1"),
    )
    assert (system.syslog_level, system.syslog_servers) == ("notice", (SyslogServer(address="192.0.2.54"),))
    assert (system.banner, system.motd) == ("one\ntwo", None)
    assert system.users == (UserIntent(name="ann", privilege=15), UserIntent(name="zoe", role="admin"))
    assert system.snmp.communities == (
        SnmpCommunityIntent(community="secret://env/read"),
        SnmpCommunityIntent(name="w", community="secret://env/write", access="rw"),
    )
    assert system.snmp.groups == (
        SnmpGroupIntent(name="ops", privacy=False),
        SnmpGroupIntent(name="readers", privacy=True),
    )
    assert [user.name for user in system.snmp.users] == ["a", "b", "c"]
    assert system.sources.ntp == SourceIntent(
        interface="lo", ipv4=IPv4Address("10.255.0.1"), ipv6=IPv6Address("2001:db8:ff::1")
    )
    assert system.sources.syslog == SourceIntent(interface="eth0", ipv4=IPv4Address("192.0.2.10"), vrf="oob")
    assert system.sources.aaa is None
    assert device(intent, "r1").forwarding == ForwardingIntent(ipv6=True)


def test_a_confederation_s_members_are_no_ebgp_for_policies():
    hosts = (
        "r1: {data: {loopback: 10.255.0.1, bgp: {asn: 64500, confederation: {identifier: 64510, members: [64511]}, "
        "neighbors: {192.0.2.1: {peer_as: 64511}, 192.0.2.2: {peer_as: 64512}}}}}\n"
    )
    assert [w.partition("(RFC 8212): ")[2].partition(";")[0] for w in intent_of(hosts).warnings] == [
        "192.0.2.2"
    ]
