"""IOS: real devices' configurations and the golden ones are read back; what the model cannot say stays as it is."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.adopt.law import ROOT, adopted, assert_law, canonical, captures, rendered

GOLDEN = {
    path.stem: path.read_text().replace("secret://env/", "word-of-")
    for path in sorted((ROOT / "tests" / "golden" / "ios").glob("*.conf"))
}
TEXTS = {path.stem: path.read_text() for path in captures("ios")}
PASSWORD = "username cisco privilege 15 password 0 cisco"  # of throw-away laboratories

#: What of the model's features stays verbatim: a password that is not hashed, EIGRP's routes.
VERBATIM = {
    "bgp-confederation": [PASSWORD],
    "central": [PASSWORD],
    "provider-edge-vrf": [PASSWORD, "redistribute eigrp 1", "redistribute eigrp 2"],
}


def left(found):
    return [line.text.strip() for line in found.unexplained if line.feature]


@pytest.mark.parametrize("name", TEXTS)
def test_captures(name):
    found = assert_law("ios", TEXTS[name])
    assert left(found) == VERBATIM[name]
    lines = sum(line.feature is not None for line in found.lines)
    assert (lines - len(VERBATIM[name])) / lines >= 0.96
    assert "extra_config" in found.data


GOLDEN_VERBATIM = {
    "extra-config": ["ip tcp adjust-mss 1360"],
    # A word in clear, where IOS shows a hash; OSPF of a VRF.
    "system": [
        f"username {name} privilege {level} secret word-of-{name}"
        for name, level in (("ops", 15), ("watch", 1))
    ],
    "vrfs": [
        "ip ospf 10 area 0",
        "redistribute ospf 10 match internal external 1 external 2",
        "router ospf 10 vrf red",
        "router-id 10.1.0.1",
    ],
}


@pytest.mark.parametrize("name", GOLDEN)
def test_golden_files(name):
    assert left(assert_law("ios", GOLDEN[name])) == GOLDEN_VERBATIM.get(name, [])


CHANGES = [
    ("central", " ip address 10.12.22.1 255.255.255.0", " ip address 10.12.99.1 255.255.255.0"),
    ("central", "10.12.33.2", "10.12.33.9"),
    ("bgp-confederation", "192.168.123.4", "192.168.123.8"),
    ("provider-edge-vrf", "10.34.31.2", "10.34.31.3"),
    ("provider-edge-vrf", "rd 65003:2", "rd 65003:7"),
]


def replaced(value, old, new):
    if isinstance(value, dict):
        return {replaced(key, old, new): replaced(item, old, new) for key, item in value.items()}
    if isinstance(value, list):
        return [replaced(item, old, new) for item in value]
    return value.replace(old, new) if isinstance(value, str) else value


@pytest.mark.parametrize(("name", "old", "new"), CHANGES)
def test_one_value_of_the_data_is_its_lines_of_the_configuration(name, old, new):
    found, wanted = adopted("ios", TEXTS[name]), canonical("ios", TEXTS[name])
    was, is_now = (
        text.removeprefix(" ip address ").removesuffix(" 255.255.255.0").removeprefix("rd ")
        for text in (old, new)
    )
    data = replaced(dict(found.data), was, is_now)
    after = rendered("ios", data, found.secrets)
    assert old in wanted
    assert after == canonical("ios", wanted.replace(was, is_now))


SWITCH = """vlan 10
 name office
vlan 20
interface GigabitEthernet1/0/1
 switchport access vlan 10
 switchport mode access
interface GigabitEthernet1/0/2
 switchport trunk allowed vlan 10,20
 switchport mode trunk
interface Vlan10
 ip address 10.0.10.1 255.255.255.0
"""


def test_another_vlan():
    found = adopted("ios", SWITCH)
    data = dict(found.data)
    data["interfaces"]["GigabitEthernet1/0/1"]["access_vlan"] = 20
    name = "hostname r1\n"
    assert rendered("ios", data, {}) == name + canonical("ios", SWITCH).replace(
        " access vlan 10", " access vlan 20"
    )


TRUNK = " switchport trunk allowed vlan 10,20\n switchport mode trunk\n"
AGGREGATE = f"""hostname r1
vlan 10
vlan 20
interface Port-channel1
{TRUNK} switchport nonegotiate
interface GigabitEthernet1/0/1
{TRUNK} switchport nonegotiate
 channel-group 1 mode active
interface GigabitEthernet1/0/2
{TRUNK.replace("10,20", "10")} channel-group 1 mode active
interface Port-channel2
 no switchport
 ip address 10.0.0.1 255.255.255.0
interface GigabitEthernet1/0/3
 no switchport
 channel-group 2 mode on
interface GigabitEthernet1/0/4
 channel-group 2 mode on
"""


def test_members_switch_as_their_aggregates_do_or_are_none():
    found = assert_law("ios", AGGREGATE)
    assert found.data["interfaces"] == {
        "Port-channel1": {"mode": "trunk", "trunk_vlans": [10, 20]},
        "GigabitEthernet1/0/1": {"lag": "Port-channel1"},
        "GigabitEthernet1/0/2": {"mode": "trunk", "trunk_vlans": [10]},
        "Port-channel2": {"mode": "routed", "ipv4": "10.0.0.1/24"},
        "GigabitEthernet1/0/3": {"lag": "Port-channel2", "lag_mode": "on"},
        "GigabitEthernet1/0/4": {},
    }
    assert left(found) == [
        *("switchport nonegotiate", "switchport nonegotiate"),
        *("channel-group 1 mode active", "channel-group 2 mode on"),
    ]


#: Lines that IOS takes in some section; the model has most of them, under conditions.
OTHERS = {
    "": (
        *("ip route 10.9.0.0 255.255.0.0 GigabitEthernet1 10.12.11.9",),
        *("ip route 10.9.0.0 255.255.0.0 10.1.1.1 track 1", "ip route 10.9.0.0 255.255.0.0 10.1.1.1 7 name x"),
        *("ip route vrf none 10.9.0.0 255.255.0.0 10.1.1.1", "ipv6 unicast-routing", "no ip routing"),
        *("aaa new-model", "aaa session-id common", "ntp authenticate"),
        *("aaa authentication login default group tacacs+ enable", "logging trap debugging", "vlan 7"),
        *("ipv6 router ospf 1", "ip prefix-list import_shared seq 7 deny 10.0.0.0/8 ge 8"),
        *("ip prefix-list x seq 5 permit 10.0.0.0/8 le 32", "ip prefix-list x description y"),
        *("ip community-list standard c permit 2:2 1:1", "ntp server vrf a 10.0.0.1"),
        *("ip community-list expanded c permit .*", "ip as-path access-list 7 permit _1_"),
        *("snmp-server community a RW 7", "snmp-server host 10.0.0.1 version 2c public"),
        *("username a privilege 7 secret 9 $9$ab.c", "router ospf 2", "banner motd ^C\n a\n^C"),
        *("banner login ^C\nhands off\n^C", "banner login ^Conce^C", "ip domain name b.example"),
        *("route-map none permit 7", "vrf definition bare", "interface BDI7", "interface Tunnel9"),
        *("interface Vlan9", "ip access-list extended e\n permit ip any any\n remark last"),
        *("ipv6 access-list s\n permit icmp any any 128",),
        *("ip access-list standard r\n permit 10.0.0.0 0.0.0.255\n deny any log",),
        *("ip access-list extended f\n deny tcp any any",),
    ),
    "interface ": (
        *("description a  b", "ip address 10.200.0.1 255.255.255.0 secondary", "ipv6 address 2001:DB8::1/64"),
        *("mtu 9000", "ip access-group e in", "ip ospf 1 area 0", "ip ospf cost 7", "ip ospf hello-interval 7"),
        *("no switchport", "ip ospf dead-interval 9", "switchport mode access", "switchport access vlan 7"),
        *("channel-group 1 mode on", "ip ospf authentication message-digest"),
        *("ip ospf message-digest-key 1 md5 x", "vrf forwarding none", "ipv6 ospf 1 area 0"),
        *("encapsulation dot1Q 7", "ip ospf network point-to-point", "ip helper-address 10.0.0.9"),
        *("ip address dhcp", "ip dhcp client class-id a"),
    ),
    "router ospf ": (
        *("router-id 10.0.0.9", "passive-interface default", "passive-interface GigabitEthernet1"),
        *("area 0 stub", "network 10.25.0.0 0.0.255.255 area 0", "network 0.0.0.0 255.255.255.255 area 7"),
        *("default-information originate", "redistribute connected subnets", "redistribute bgp 65112 subnets"),
        *("redistribute static", "maximum-paths 4", "no passive-interface GigabitEthernet2"),
        *("network 10.12.11.0 0.255.0.255 area 0", "area 0 authentication"),
    ),
    "router bgp ": (
        *("bgp cluster-id 10.0.0.9", "bgp router-id 10.0.0.8", "neighbor g peer-group"),
        *("neighbor g remote-as 7", "neighbor 10.12.11.2 peer-group g", "neighbor 10.25.31.2 shutdown"),
        *("neighbor 10.25.31.2 timers 10 30", "neighbor 10.25.31.2 timers 30 30"),
        *("neighbor 192.168.123.1 password x", "maximum-paths 4", "neighbor 10.7.7.7 description nobody"),
        *("neighbor 2001:DB8::7 remote-as 7", "distance bgp 20 200 200"),
        *("neighbor 10.25.31.2 route-map none in", "neighbor 10.25.31.2 send-community both"),
        *("network 10.0.0.0", "neighbor 10.25.31.2 soft-reconfiguration inbound", "redistribute static"),
        *("no bgp default ipv4-unicast", "aggregate-address 10.0.0.0 255.0.0.0"),
        *("neighbor 10.25.31.2 local-as 7 no-prepend", "bgp graceful-restart"),
    ),
    "route-map ": (
        *("match ip address prefix-list import_shared", "match ip address prefix-list a b", "match as-path 7"),
        *("set community 1:1 additive", "set community 2:2 1:1", "match tag 7", "set metric +7"),
        *("description x", "set local-preference 200", "continue 20", "match community c"),
        *("set ip next-hop 10.0.0.1 10.0.0.2",),
    ),
}  # fmt: skip


KEPT = (
    "hostname r1\ncrypto pki certificate chain a\n certificate self-signed 01\n  30820330 30820218\n  \tquit\n"
    "crypto pki certificate chain b\ncrypto isakmp policy 1\n encr aes\n group 2\ncrypto isakmp keepalive 10 10\n"
)


def test_lines_of_which_the_order_is_kept():
    found = assert_law("ios", KEPT)
    assert found.data["extra_config"] == [
        {
            "section": "crypto pki certificate chain a",
            "lines": ["certificate self-signed 01", " 30820330 30820218", " quit"],
        },
        "crypto pki certificate chain b",
        {"section": "crypto isakmp policy 1", "lines": ["encr aes", "group 2"]},
        "crypto isakmp keepalive 10 10",
    ]


NESTED = """\
hostname r1
router eigrp a
 af-interface Loopback1
  passive-interface
 exit-af-interface
 topology base
 exit-af-topology
 network 10.1.0.0 0.0.0.3
 af-interface Loopback2
  passive-interface
 exit-af-interface
 network 10.2.0.0 0.0.0.3
"""


def test_sections_keep_their_place_among_the_lines_of_the_section_around_them():
    assert_law("ios", NESTED)
    assert canonical("ios", NESTED) == NESTED


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(TEXTS)), st.randoms(use_true_random=False), st.integers(1, 6))
def test_whatever_else_it_runs(name, chance, changes):
    rows = canonical("ios", TEXTS[name]).splitlines()
    for _ in range(changes):
        kind = chance.choice(list(OTHERS))
        line = chance.choice(OTHERS[kind])
        if not kind:
            rows += line.split("\n")
            continue
        places = [i for i, row in enumerate(rows) if row.startswith(kind)]
        if places:
            rows.insert(chance.choice(places) + 1, f" {line}")
    assert_law("ios", "\n".join(rows))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(TEXTS)), st.randoms(use_true_random=False))
def test_whatever_it_lacks(name, chance):
    rows = canonical("ios", TEXTS[name]).splitlines()
    for _ in range(chance.randrange(1, 5)):
        at = chance.randrange(len(rows) - 1)
        opens = rows[at + 1].startswith(" ") and not rows[at].startswith(" ")
        if not opens and not rows[at].startswith("hostname "):  # which every device shows
            del rows[at]
    assert_law("ios", "\n".join(rows))
