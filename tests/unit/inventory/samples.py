"""A small client that is right, and platforms for tests."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from netmgr.intent.features import FEATURES
from netmgr.model.device import DeviceData
from netmgr.platforms.form import (
    InterfaceNames,
    Limits,
    NamedInterface,
    Objection,
    Support,
    VerbatimProblem,
)


@dataclass(frozen=True)
class SampleForm:
    features: Mapping[str, Support] = field(default_factory=lambda: dict.fromkeys(FEATURES, "rendered"))
    loopback: str | None = "lo"
    verbatim: Callable[[tuple[str, ...], tuple[str, ...]], tuple[VerbatimProblem, ...]] = (
        lambda section, lines: ()
    )

    redact: Callable[[str], str] = str
    interface_names: tuple[InterfaceNames, ...] = ()
    ranges: Limits = field(default_factory=dict)
    objections: Callable[[DeviceData, frozenset[str]], Iterable[Objection]] = lambda _data, _ipv6: ()

    def named(self, interface: str) -> NamedInterface | None:
        if interface.startswith("vlan"):
            return NamedInterface("svi", vlan=int(interface.removeprefix("vlan")))
        parent, dot, _ = interface.partition(".")
        return NamedInterface("subinterface", parent=parent) if dot else None


FORMS = {
    "frr": SampleForm(),
    "poor": SampleForm(features={"interfaces": "rendered", "ntp": "host", "mtu": "host"}),
    "linux": SampleForm(features={"interfaces": "host"}, loopback=None),
}

GOOD = {
    "client.yaml": "id: acme\nsites: {hq: {}}\n",
    "hosts.yaml": (
        "r1: {data: {loopback: 10.255.0.1, bgp: {asn: 64500}}}\n"
        "r2: {data: {loopback: 10.255.0.2, bgp: {asn: 64501}}}\n"
    ),
    "defaults.yaml": "platform: frr\n",
    "topology.yaml": 'links:\n  - {endpoints: ["r1:eth1", "r2:eth1"], subnet: 10.0.0.0/31}\n',
}

#: Every key that a client's files may hold, at least once.
RICH = {
    "client.yaml": """
id: acme
names: {en: Acme, zh-CN: 艾克米}
timezone: Europe/Berlin
locale: en
contacts: [{name: Desk, email: desk@acme.example, phone: "+44 20 7946 0123", roles: [report]}]
sites:
  hq:
    {name: Head office, address: 1 Example Street, country: Germany, timezone: UTC, latitude: 52.5, longitude: "13.4",
    maintenance_windows: [{name: night, days: [monday], start: "01:00", end: "03:00"}],
    freezes: [{from: "2026-11-27", to: "2026-11-27", reason: Stocktaking}]}
maintenance_windows: [{name: weekend, days: [saturday], start: "22:00", end: "04:00"}]
freezes: [{from: "2026-12-18", to: "2027-01-04", reason: Year end}]
access:
  user: netops
  credentials: secret://file/login
  jump: ["ops@bastion.acme.example:22"]
  ssh_config: config/ssh_config
  known_hosts: ~/.ssh/known_hosts
""",
    "defaults.yaml": "platform: frr\nusername: netops\n",
    "groups.yaml": """
routers: {data: {role: router}}
core: {groups: [routers], port: 22}
""",
    "hosts.yaml": """
r1:
  hostname: r1.acme.example
  password: secret://env/r1
  groups: [core]
  connection_options:
    netmiko: {hostname: r1.acme.example, username: x, password: secret://env/x, platform: linux, extras: {note: text}}
  data:
    uid: router-1
    service: {from: "2026-01-01", to: "2030-12-31"}
    site: hq
    lifecycle: active
    management: oob
    loopback: [10.255.0.1/32, "2001:db8:ff::1"]
    system:
      domain: acme.example
      hostname: Router-1
      dns: [192.0.2.53, {address: "2001:db8::53", vrf: red}]
      ntp: [ntp.acme.example, {address: 192.0.2.123, vrf: red, prefer: true, key: 1}]
      ntp_keys: {1: {key: secret://env/ntp, algorithm: sha1}}
      syslog:
        {level: informational, servers: [192.0.2.54, {address: log.acme.example, vrf: red, port: 1514, protocol: tcp}],
         files: {audit: {daemon: error}}, users: {"*": {any: emergency}}}
      snmp:
        community: secret://env/snmp
        location: Berlin
        contact: noc
        communities: {writers: {community: secret://env/snmp2, access: rw, acl: routes}}
        hosts:
          - {address: 192.0.2.55, community: secret://env/snmp, informs: true, port: 1162, vrf: red}
          - {address: 192.0.2.56, user: poller}
        users:
          poller:
            {auth: sha, auth_password: secret://env/a, privacy: aes128, privacy_password: secret://env/p, group: ops}
      aaa:
        authentication: [tacacs+, local]
        authorization: [tacacs+, local]
        accounting: [tacacs+]
        servers: [{address: 192.0.2.57, protocol: tacacs+, key: secret://env/tac, port: 49, vrf: red, timeout: 5}]
      banner: hands off
      motd: welcome
      timezone: Europe/Berlin
      users: {ops: {password: secret://env/ops, ssh_key: ssh-ed25519 AAAA, role: admin, privilege: 15}}
      source_interfaces: {ntp: eth1, syslog: lo}
    interfaces:
      eth1: {description: to r2, ipv4: 10.0.0.0/31, mtu: 1500, enabled: true}
      eth2: {ipv4: [10.1.0.1/24], ipv6: "2001:db8:1::1/64", vrf: red, acl_in: [in], acl_out: six}
      eth3: {lag: bond0, lag_mode: active}
      eth4: {mode: access, access_vlan: 10}
      eth5: {mode: routed, dhcp: {vendor_class: netmgr}}
      eth5.20: {vlan_id: 20, ipv4: 10.2.0.1/24}
      bond0: {mode: trunk, trunk_vlans: [10, "10-19"], native_vlan: 10}
      vlan10: {anycast: [10.3.0.1/24, "2001:db8:3::1/64"]}
    vlans: {10: {name: users}}
    ospf:
      router_id: 10.255.0.1
      process: 10
      areas:
        0:
          interfaces:
            eth2: {cost: 5, network_type: broadcast, hello_interval: 5, dead_interval: 20, priority: 0, bfd: true}
        1: {type: stub, no_summary: true, networks: [10.2.0.0/24]}
      passive: [eth2]
      passive_default: true
      originate_default: true
      originate_always: true
      maximum_paths: 4
      redistribute: {static: {policy: out, metric: 20, metric_type: 1}}
      hello_interval: 1
      dead_interval: 4
    bgp:
      asn: 64500
      router_id: 10.255.0.1
      ebgp_requires_policy: true
      default_ipv4_unicast: true
      log_neighbor_changes: true
      confederation: {identifier: 64510, members: [64511]}
      maximum_paths: 4
      maximum_paths_ibgp: 2
      distance: {external: 20, internal: 200, local: 200}
      peer_groups: {far: {ttl_security: 2, local_as: 64509, bfd: true, passive: true}}
      neighbors:
        10.0.0.1: {peer_as: 64501, description: r2, auth_password: secret://env/r2, hold_time: 9, weight: 10}
        192.0.2.99: {peer_as: 64503, peer_group: far, allowas_in: 1, remove_private_as: true, as_override: true}
        2001:db8:1::9: {peer_as: 64502, keepalive_interval: 3, hold_time: 9, connect_retry: 5}
      networks: [203.0.113.0/24]
      connect_retry: 10
    static_routes:
      - {prefix: 203.0.113.0/24, discard: true, preference: 250, name: hold, tag: 7}
      - {prefix: 198.51.100.0/24, next_hop: 10.1.0.9}
      - {prefix: 192.0.2.0/24, interface: eth2}
    prefix_lists: {ours: [{action: permit, prefix: 203.0.113.0/24, ge: 24, le: 32, sequence: 10}]}
    community_lists: {some: [{action: permit, sequence: 5, community: ["64500:1", "target:64500:1"]}]}
    as_path_lists: {own: [{action: permit, sequence: 5, regex: "^$"}]}
    route_maps:
      out:
        - action: permit
          sequence: 20
          name: first
          description: what is ours
          match: {prefix_list: ours, interface: eth1, next_hop: ours, protocol: static, tag: 7,
                  prefixes: [{prefix: 203.0.113.0/24, ge: 24, le: 32}]}
          set: {local_pref: 100, med: 5, next_hop: 10.0.0.0, as_path_prepend: [64500], community_list: some,
                route_targets: ["64500:1"], route_target_options: add, weight: 1, tag: 8}
        - {action: default}
    acls:
      in:
        type: ipv4
        entries: [{action: accept, description: web, protocol: tcp, source_address: 192.0.2.0/24,
                   destination_address: 203.0.113.0/24, source_port: "1024-65535", destination_port: 443,
                   sequence: 10, name: web, established: true, log: true},
                  {action: accept, protocol: icmp, icmp_type: 8}]
      six: {type: ipv6, filters: packets, entries: [{action: drop}]}
      routes: {entries: [{action: accept, source_address: 192.0.2.0/24}]}
    forwarding: {ipv4: true, ipv6: true}
    vrfs:
      red:
        description: guests
        route_distinguisher: "64500:1"
        import_targets: "64500:1"
        export_targets: ["64500:1", "192.0.2.1:2"]
        import_policy: out
        export_policy: out
        families: [ipv4, ipv6]
        forwarding: {ipv4: true, ipv6: true}
        ospf: {process: 20, router_id: 10.255.0.12}
        bgp:
          router_id: 10.255.0.11
          neighbors: {10.1.0.8: {peer_as: 64504}}
          networks: [10.1.0.0/24]
          redistribute: {static: {}}
          maximum_paths: 2
    extra_config:
      - ip forwarding
      - {section: router bgp 64500, lines: [bgp log-neighbor-changes]}
r2:
  data: {loopback: 10.255.0.2, bgp: {asn: 64501, automatic_router_id: true}, extra_config: "ip forwarding\\n"}
""",
    "topology.yaml": """
links:
  - endpoints: ["r1:eth1", "r2:eth1"]
    subnet: [10.0.0.0/31]
    ospf: {area: 0, cost: 10}
    bgp: true
    mtu: 1500
    description: to r2
redundancy: [[r1, r2]]
entry: [r1]
""",
}
