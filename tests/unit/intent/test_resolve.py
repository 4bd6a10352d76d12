"""Inventory → intent: link data, defaults, the loopback, sessions."""

from ipaddress import IPv4Address, ip_address, ip_interface, ip_network

import pytest

from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.intent.resolve import resolve
from netmgr.model.intent import (
    BgpActivationIntent,
    BgpFamilyIntent,
    BgpIntent,
    BgpNeighborIntent,
    DeviceIntent,
    ExtraConfig,
    InterfaceIntent,
    OspfIntent,
    OspfInterfaceIntent,
    StaticRouteIntent,
)
from netmgr.model.system_intent import SystemIntent
from tests.unit.intent.resolving import device, intent_of, interface
from tests.unit.inventory.samples import FORMS, RICH, SampleForm

HOSTS = """
r1: {data: {role: core, site: hq, loopback: 10.255.0.1, bgp: {asn: 64500, ebgp_requires_policy: false}}}
r2: {data: {loopback: 10.255.0.2, bgp: {asn: 64501, ebgp_requires_policy: false}}}
"""
LINK = '  - {endpoints: ["r1:eth1", "r2:eth2"], subnet: 10.0.0.0/31, ospf: {area: 0, cost: 10}, bgp: true, mtu: 9000}\n'


def test_one_link_becomes_two_devices():
    intent = intent_of(HOSTS, LINK)
    assert intent.client == "acme"
    assert intent.warnings == ()
    assert intent.devices[0] == DeviceIntent(
        name="r1",
        platform="frr",
        lifecycle="active",
        role="core",
        site="hq",
        system=SystemIntent(hostname="r1"),
        interfaces=(
            InterfaceIntent(
                name="eth1",
                description="to r2:eth2",
                mtu=9000,
                ipv4=(ip_interface("10.0.0.0/31"),),
                ospf=OspfInterfaceIntent(area=0, cost=10, network_type="point-to-point"),
                peer=("r2", "eth2"),
            ),
            InterfaceIntent(
                name="lo", ipv4=(ip_interface("10.255.0.1/32"),), ospf=OspfInterfaceIntent(area=0)
            ),
        ),
        ospf=OspfIntent(router_id=IPv4Address("10.255.0.1")),
        bgp=BgpIntent(
            asn=64500,
            router_id=IPv4Address("10.255.0.1"),
            ebgp_requires_policy=False,
            neighbors=(
                BgpNeighborIntent(
                    address=ip_address("10.0.0.1"), peer_as=64501, description="to r2:eth2", device="r2"
                ),
            ),
            families=(BgpFamilyIntent(name="ipv4", neighbors=(BgpActivationIntent(name="10.0.0.1"),)),),
        ),
    )
    assert interface(intent, "r2", "eth2").ipv4 == (ip_interface("10.0.0.1/31"),)
    assert device(intent, "r2").bgp.neighbors[0].peer_as == 64500


def test_the_devices_own_words_come_first_and_the_link_fills_the_rest():
    hosts = """
r1:
  data:
    loopback: 10.255.0.1
    interfaces: {eth1: {description: uplink, enabled: false, ipv4: [10.0.0.0/31, 10.9.0.1/24]}}
    ospf:
      areas: {0: {interfaces: {eth1: {network_type: broadcast, hello_interval: 3}}}}
      hello_interval: 1
      dead_interval: 20
    bgp:
      asn: 64500
      router_id: 10.255.9.9
      hold_time: 30
      connect_retry: 7
      neighbors:
        10.0.0.1: {description: peer, auth_password: secret://env/r2, connect_retry: 3}
        192.0.2.9: {peer_as: 64511}
r2: {data: {loopback: 10.255.0.2, bgp: {asn: 64501}}}
"""
    intent = intent_of(hosts, LINK)
    assert interface(intent, "r1", "eth1") == InterfaceIntent(
        name="eth1",
        description="uplink",
        enabled=False,
        mtu=9000,
        ipv4=(ip_interface("10.0.0.0/31"), ip_interface("10.9.0.1/24")),
        ospf=OspfInterfaceIntent(
            area=0, cost=10, network_type="broadcast", hello_interval=3, dead_interval=20
        ),
        peer=("r2", "eth2"),
    )
    assert device(intent, "r1").bgp == BgpIntent(
        asn=64500,
        router_id=IPv4Address("10.255.9.9"),
        neighbors=(
            BgpNeighborIntent(
                address=ip_address("10.0.0.1"),
                peer_as=64501,
                description="peer",
                device="r2",
                auth_password="secret://env/r2",
                keepalive_interval=10,
                hold_time=30,
                connect_retry=3,
            ),
            BgpNeighborIntent(
                address=ip_address("192.0.2.9"),
                peer_as=64511,
                keepalive_interval=10,
                hold_time=30,
                connect_retry=7,
            ),
        ),
        families=(
            BgpFamilyIntent(
                name="ipv4",
                neighbors=(BgpActivationIntent(name="10.0.0.1"), BgpActivationIntent(name="192.0.2.9")),
            ),
        ),
    )


TIMERS = {
    "nothing given": ("", "", (None, None)),
    "hello gives dead": ("hello_interval: 5", "", (5, 20)),
    "dead alone": ("dead_interval: 60", "", (None, 60)),
    "the device's defaults": ("", "hello_interval: 2, dead_interval: 7", (2, 7)),
    "the interface wins": ("hello_interval: 3", "hello_interval: 2, dead_interval: 9", (3, 9)),
    "passive takes no defaults": ("passive: true", "hello_interval: 2", (None, None)),
    "passive by the device's list": ("", "hello_interval: 2, passive: [eth2]", (None, None)),
    "the interface is not passive": ("passive: false", "hello_interval: 2, passive: [eth2]", (2, 8)),
}


@pytest.mark.parametrize(("own", "defaults", "expected"), TIMERS.values(), ids=TIMERS)
def test_ospf_timers(own, defaults, expected):
    areas = f"areas: {{0: {{interfaces: {{eth2: {{{own}}}}}}}}}"
    ospf = f"{{{', '.join(part for part in (areas, defaults) if part)}}}"
    intent = intent_of(f"r1: {{data: {{loopback: 10.255.0.1, interfaces: {{eth2: {{}}}}, ospf: {ospf}}}}}\n")
    ospf = interface(intent, "r1", "eth2").ospf
    assert (ospf.hello_interval, ospf.dead_interval) == expected


HOLD = {
    "nothing given": ("", (None, None)),
    "hold gives keepalive": ("hold_time: 9", (3, 9)),
    "keepalive gives hold": ("keepalive_interval: 5", (5, 15)),
    "both": ("keepalive_interval: 5, hold_time: 50", (5, 50)),
    "no keepalives": ("hold_time: 0", (0, 0)),
}


@pytest.mark.parametrize(("timers", "expected"), HOLD.values(), ids=HOLD)
def test_bgp_timers_come_in_pairs(timers, expected):
    intent = intent_of(
        f"r1: {{data: {{loopback: 10.255.0.1, bgp: {{asn: 1, neighbors: {{192.0.2.1: {{peer_as: 1, {timers}}}}}}}}}}}\n"
    )
    neighbor = device(intent, "r1").bgp.neighbors[0]
    assert (neighbor.keepalive_interval, neighbor.hold_time) == expected


def test_the_lab_overlay_reaches_every_device_and_starts_no_protocol():
    overlay = {"ospf": {"hello_interval": 1, "dead_interval": 4}, "bgp": {"hold_time": 5}}
    intent = intent_of(
        "r1: {data: {loopback: 10.255.0.1}}\nr2: {data: {loopback: 10.255.0.2}}\nr3: {}\n",
        '  - {endpoints: ["r1:eth1", "r2:eth1"], subnet: 10.0.0.0/30, ospf: {area: 7}}\n',
        overlay=overlay,
    )
    assert interface(intent, "r1", "eth1").ospf == OspfInterfaceIntent(
        area=7, network_type="point-to-point", hello_interval=1, dead_interval=4
    )
    assert device(intent, "r3") == DeviceIntent(
        name="r3", platform="frr", lifecycle="active", system=SystemIntent(hostname="r3")
    )
    assert [d.bgp for d in intent.devices] == [None, None, None]


def test_both_families_of_a_link():
    hosts = HOSTS.replace("10.255.0.1", '[10.255.0.1, "2001:db8:ff::1"]')
    hosts = hosts.replace("asn: 64500", 'asn: 64500, networks: ["2001:db8:a::/48", 203.0.113.0/24]')
    link = '  - {endpoints: ["r1:eth1", "r2:eth1"], subnet: ["2001:db8::/127", 10.0.0.0/30], bgp: true, '
    link += "ospf: {area: 3, cost: 7}}\n"
    intent = intent_of(hosts, link)
    assert interface(intent, "r2", "eth1").ipv4 == (ip_interface("10.0.0.2/30"),)
    assert interface(intent, "r2", "eth1").ipv6 == (ip_interface("2001:db8::1/127"),)
    assert interface(intent, "r1", "lo").ipv6 == (ip_interface("2001:db8:ff::1/128"),)
    assert [str(n.address) for n in device(intent, "r1").bgp.neighbors] == ["10.0.0.2", "2001:db8::1"]
    assert [str(n.address) for n in device(intent, "r2").bgp.neighbors] == ["10.0.0.1", "2001:db8::"]
    assert device(intent, "r1").bgp.families == (
        BgpFamilyIntent(
            name="ipv4",
            networks=(ip_network("203.0.113.0/24"),),
            neighbors=(BgpActivationIntent(name="10.0.0.2"),),
        ),
        BgpFamilyIntent(
            name="ipv6",
            networks=(ip_network("2001:db8:a::/48"),),
            neighbors=(BgpActivationIntent(name="2001:db8::1"),),
        ),
    )
    ospf = OspfInterfaceIntent(area=3, cost=7, network_type="point-to-point")
    assert [(i.name, i.ospf, i.ospf3) for i in device(intent, "r1").interfaces] == [
        ("eth1", ospf, ospf),
        ("lo", OspfInterfaceIntent(area=3), OspfInterfaceIntent(area=3)),
    ]
    assert interface(intent, "r2", "lo").ospf3 is None
    assert device(intent, "r1").ospf3 == OspfIntent(router_id=IPv4Address("10.255.0.1"))


def test_a_link_without_ipv4_runs_ospfv3_alone():
    link = '  - {endpoints: ["r1:eth1", "r2:eth1"], subnet: "2001:db8::/127", ospf: {area: 0}}\n'
    intent = intent_of(HOSTS, link)
    eth1 = interface(intent, "r1", "eth1")
    assert (eth1.ospf, eth1.ospf3) == (None, OspfInterfaceIntent(area=0, network_type="point-to-point"))
    assert interface(intent, "r1", "lo").ospf == OspfInterfaceIntent(area=0)


def test_equal_as_numbers_make_an_ibgp_session():
    intent = intent_of(HOSTS.replace("64501", "64500"), LINK)
    assert device(intent, "r1").bgp.neighbors[0].peer_as == 64500


def test_the_loopback_joins_the_backbone_of_several_areas():
    hosts = HOSTS + "r3: {data: {loopback: 10.255.0.3}}\nr4: {data: {loopback: 10.255.0.4}}\n"
    links = "".join(
        f'  - {{endpoints: ["r1:eth{i}", "r{i}:eth1"], subnet: 10.0.{i}.0/31, ospf: {{area: {area}}}}}\n'
        for i, area in ((2, 5), (3, 0), (4, 3))
    )
    intent = intent_of(hosts, links)
    areas = {d.name: next(i.ospf.area for i in d.interfaces if i.name == "lo") for d in intent.devices}
    assert areas == {"r1": 0, "r2": 5, "r3": 0, "r4": 3}


def test_the_loopback_has_its_own_settings():
    hosts = """
r1:
  data:
    loopback: 10.255.0.1
    interfaces: {lo: {description: router, ipv4: 192.0.2.1/32}}
    ospf: {areas: {0: {interfaces: {eth1: {}}}, 9: {interfaces: {lo: {cost: 5}}}}}
r2: {data: {loopback: 10.255.0.2}}
"""
    intent = intent_of(hosts, '  - {endpoints: ["r1:eth1", "r2:eth1"], subnet: 10.0.0.0/31}\n')
    assert interface(intent, "r1", "lo") == InterfaceIntent(
        name="lo",
        description="router",
        ipv4=(ip_interface("10.255.0.1/32"), ip_interface("192.0.2.1/32")),
        ospf=OspfInterfaceIntent(area=9, cost=5),
    )
    assert interface(intent, "r2", "lo").ospf is None


def test_a_platform_names_its_loopback_or_has_none():
    forms = {"frr": SampleForm(loopback="Loopback0"), "linux": FORMS["linux"]}
    intent = intent_of(
        "r1: {data: {loopback: 10.255.0.1}}\nr2: {platform: linux, data: {loopback: 10.255.0.2}}\n",
        forms=forms,
    )
    assert [[i.name for i in d.interfaces] for d in intent.devices] == [["Loopback0"], []]


def test_an_external_device_needs_no_loopback():
    hosts = """
r1: {data: {loopback: 10.255.0.1, bgp: {asn: 64500, ebgp_requires_policy: false}}}
isp: {data: {lifecycle: external, bgp: {asn: 64501}}}
"""
    links = "".join(
        f'  - {{endpoints: ["r1:eth{i}", "isp:eth{i}"], subnet: 192.0.2.{2 * i}/31, ospf: {{area: 0}}, bgp: true}}\n'
        for i in (5, 4)
    )
    intent = intent_of(hosts, links)
    assert device(intent, "isp").bgp.router_id == IPv4Address("192.0.2.9")
    assert device(intent, "isp").ospf.router_id == IPv4Address("192.0.2.9")
    assert intent.warnings == ()


def test_everything_else_comes_in_a_fixed_order():
    hosts = """
r1:
  data:
    loopback: 10.255.0.1
    system: {syslog: {level: notice}}
    interfaces: {eth10: {}, eth2: {}}
    bgp:
      asn: 1
      networks: [203.0.113.0/24, 192.0.2.0/24, 192.0.2.0/25]
      neighbors: {10.0.0.10: {peer_as: 1}, 10.0.0.9: {peer_as: 1}}
    static_routes:
      - {prefix: 192.0.2.128/25, interface: eth2}
      - {prefix: 192.0.2.0/24, next_hop: 10.0.0.2, preference: 5}
      - {prefix: 192.0.2.0/24, discard: true}
    extra_config:
      - ip forwarding
      - {section: router ospf, lines: [a]}
      - log stdout
      - {section: router ospf, lines: "b\\nc\\n"}
"""
    r1 = device(intent_of(hosts), "r1")
    assert r1.system.syslog_level == "notice"
    assert [i.name for i in r1.interfaces] == ["eth2", "eth10", "lo"]
    assert [str(n) for n in r1.bgp.families[0].networks] == ["192.0.2.0/24", "192.0.2.0/25", "203.0.113.0/24"]
    assert [str(n.address) for n in r1.bgp.neighbors] == ["10.0.0.9", "10.0.0.10"]
    assert r1.static_routes == (
        StaticRouteIntent(prefix=ip_network("192.0.2.0/24"), next_hop=ip_address("10.0.0.2"), preference=5),
        StaticRouteIntent(prefix=ip_network("192.0.2.0/24"), discard=True),
        StaticRouteIntent(prefix=ip_network("192.0.2.128/25"), interface="eth2"),
    )
    assert r1.extra_config == (
        ExtraConfig(section=(), lines=("ip forwarding",)),
        ExtraConfig(section=("router ospf",), lines=("a", "b", "c")),
        ExtraConfig(section=(), lines=("log stdout",)),
    )


def test_a_block_of_extra_lines():
    intent = intent_of(
        "r1:\n  data:\n    extra_config: |\n      router ospf\n       default-information originate\n      exit\n"
    )
    assert device(intent, "r1").extra_config == (
        ExtraConfig(section=(), lines=("router ospf", " default-information originate", "exit")),
    )


def test_the_rich_client_resolves():
    inventory = MemoryInventories({"acme": RICH}, FORMS).load("acme")
    r1 = device(resolve(inventory, FORMS), "r1")
    names = ["bond0", "eth1", "eth2", "eth3", "eth4", "eth5", "eth5.20", "lo", "vlan10"]
    assert [i.name for i in r1.interfaces] == names
    assert [n.hold_time for n in r1.bgp.neighbors] == [9, None, 9]
