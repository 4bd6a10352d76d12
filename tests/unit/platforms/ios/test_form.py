"""The form of IOS: what it answers for, what it hides, what it calls a device's own."""

import pytest

from netmgr.intent.features import FEATURES
from netmgr.platforms import FORMS

IOS = FORMS["ios"]


def test_every_feature_has_an_answer():
    assert IOS.features.keys() == {*FEATURES}


REDACTED = [
    ("username a privilege 15 secret 9 $9$abc", "username a privilege 15 secret 9 <removed>"),
    ("username a password 0 key", "username a password 0 <removed>"),
    ("enable secret 5 $1$x", "enable secret 5 <removed>"),
    ("-enable password cisco", "-enable password <removed>"),
    ("+ neighbor 10.0.0.1 password s3cret", "+ neighbor 10.0.0.1 password <removed>"),
    (" ip ospf message-digest-key 1 md5 7 0822", " ip ospf message-digest-key 1 md5 7 <removed>"),
    (" ip ospf authentication-key x", " ip ospf authentication-key <removed>"),
    (
        " ipv6 ospf authentication ipsec spi 256 md5 27F576CAFB263A1F",
        " ipv6 ospf authentication ipsec spi 256 md5 <removed>",
    ),
    ("  key-string x y", "  key-string <removed> y"),
    ("snmp-server community public RO 10", "snmp-server community <removed> RO 10"),
    ("snmp-server host 10.0.0.1 version 2c public", "snmp-server host 10.0.0.1 version 2c <removed>"),
    (
        "snmp-server user u g v3 auth sha A priv aes 128 B",
        "snmp-server user u g v3 auth sha <removed> priv aes 128 <removed>",
    ),
    (" key 7 0822", " key 7 <removed>"),
    ("tacacs-server host 10.0.0.1 key x", "tacacs-server host 10.0.0.1 key <removed>"),
    ("radius-server key 7 0822", "radius-server key 7 <removed>"),
    ("ntp authentication-key 1 md5 0822 7", "ntp authentication-key 1 md5 <removed> 7"),
    (" standby 1 authentication md5 key-string 7 0822", " standby 1 authentication md5 key-string 7 <removed>"),
    ("crypto isakmp key x address 0.0.0.0", "crypto isakmp key <removed> address 0.0.0.0"),
    (" ppp chap password 0 x", " ppp chap password 0 <removed>"),
    *((line, line) for line in ("key chain k", " key 1", " ip ospf authentication message-digest")),
    *((line, line) for line in ("snmp-server location here", "password encryption aes", "aaa new-model", "")),
    *((line, line) for line in (" ip ospf authentication key-chain k", "ip as-path access-list 1 permit ^1_")),
]  # fmt: skip


@pytest.mark.parametrize(("line", "shown"), REDACTED)
def test_redact(line, shown):
    assert IOS.redact(line) == shown
    assert IOS.redact(f"hostname a\n{line}\n") == f"hostname a\n{shown}\n"


FRESH = """version 16.4
service timestamps debug datetime msec
no platform punt-keepalive disable-kernel-core
hostname Router
no aaa new-model
subscriber templating
username netops privilege 15 secret 9 $9$x
interface GigabitEthernet1
 ip address dhcp
interface GigabitEthernet2
 no ip address
 shutdown
ip ssh version 2
ip scp server enable
archive
 path flash:archive
control-plane
line vty 0 4
 login local
 transport input ssh
"""


def test_a_fresh_device_is_empty_and_one_that_forwards_is_not():
    assert IOS.is_empty(IOS.canonical(FRESH))
    for line in (
        "router ospf 1",
        "interface Loopback0\n ip address 10.0.0.1 255.255.255.255",
        "ip route 0.0.0.0 0.0.0.0 10.0.0.9",
        "vlan 10",
        "snmp-server community x RO",
    ):
        assert not IOS.is_empty(IOS.canonical(f"{FRESH}{line}\n"))


CONFIG = """interface GigabitEthernet1
 ip address 10.0.0.1 255.255.255.252
 ip ospf 1 area 0
 ip ospf cost 5
 ipv6 address 2001:DB8::1/64
 ipv6 ospf 1 area 0
interface GigabitEthernet2
 ip address 10.0.1.1 255.255.255.0
interface GigabitEthernet3
 ip address 10.0.2.1 255.255.255.0
 ip ospf 1 area 0
interface Loopback0
 ip address 10.9.9.9 255.255.255.255
 ip ospf 1 area 0
router ospf 1
 passive-interface GigabitEthernet3
 network 10.0.1.0 0.0.0.255 area 0
router bgp 65000
 neighbor g peer-group
 neighbor g remote-as 65001
 neighbor off peer-group
 neighbor off shutdown
 neighbor 10.0.0.2 peer-group g
 neighbor 10.0.0.2 description a
 neighbor 10.0.0.3 remote-as 65002
 neighbor 10.0.0.3 shutdown
 neighbor 10.0.0.4 remote-as 65004
 neighbor 10.0.0.4 peer-group off
 neighbor 2001:DB8::2 remote-as 65001
 address-family ipv4
  neighbor 10.0.0.2 activate
 address-family ipv4 vrf a
  neighbor 10.7.7.7 remote-as 65007
  neighbor 10.7.7.7 activate
"""
ASKED_FOR = {
    ("ospf", "GigabitEthernet1"),
    ("ospf3", "GigabitEthernet1"),
    ("ospf", "GigabitEthernet2"),
    ("bgp", "10.0.0.2"),
    ("bgp", "2001:db8::2"),
    ("bgp", "10.7.7.7"),
}


def test_adjacencies_that_a_configuration_asks_for():
    assert IOS.configured(IOS.canonical(CONFIG)) == ASKED_FOR
    assert IOS.sides(IOS.canonical(CONFIG)).keys() == ASKED_FOR


CHANGES = [
    (" ip ospf cost 5", " ip ospf cost 7", set()),
    (" neighbor 10.0.0.2 description a", " neighbor 10.0.0.2 description b", set()),
    # An interface's addresses count together: rather a side too many.
    (
        "255.255.255.252",
        "255.255.255.248",
        {("ospf", "GigabitEthernet1"), ("bgp", "10.0.0.2"), ("bgp", "2001:db8::2")},
    ),
    (" neighbor g remote-as 65001", " neighbor g remote-as 65009", {("bgp", "10.0.0.2")}),
    (" ipv6 ospf 1 area 0", " ipv6 ospf 1 area 1", {("ospf3", "GigabitEthernet1")}),
    ("10.7.7.7 remote-as 65007", "10.7.7.7 remote-as 65008", {("bgp", "10.7.7.7")}),
    (" neighbor off shutdown\n", "", {("bgp", "10.0.0.4")}),
    ("router bgp 65000", "router bgp 65005", {key for key in ASKED_FOR if key[0] == "bgp"}),
]


@pytest.mark.parametrize(("old", "new", "changed"), CHANGES)
def test_changed_sides(old, new, changed):
    assert CONFIG.count(old) == 1
    assert IOS.changed_sides(IOS.canonical(CONFIG), IOS.canonical(CONFIG.replace(old, new))) == changed


def test_link_data():
    found = IOS.link_data(IOS.canonical(CONFIG))
    assert found["interface", "GigabitEthernet3"] == ("ip address 10.0.2.1 255.255.255.0", "ip ospf 1 area 0")
    assert found["bgp", "10.0.0.2"] == (
        "router bgp 65000",
        "neighbor g peer-group",
        "neighbor g remote-as 65001",
        "neighbor 10.0.0.2 peer-group g",
        "address-family ipv4: neighbor 10.0.0.2 activate",
    )
    assert ("bgp", "10.0.0.3") not in found


VERBATIM = [
    ((), ("service password-encryption",), []),
    (("line vty 0 4",), ("exit",), [(0, "ends its section; remove it")]),
    ((), ("end",), [(0, "ends its section; remove it")]),
    ((), ("version 16.4",), [(0, "is nothing that IOS keeps in its configuration; remove it")]),
    ((), ("! hello",), [(0, "is nothing that IOS keeps in its configuration; remove it")]),
    (("interface GigabitEthernet1",), ("negotiation auto",), [(0, "holds unless something else is said; remove it")]),
    ((), ("reload", "do reload"), [(i, "runs a command and configures nothing; remove it") for i in (0, 1)]),
    ((), ("banner login ^C", "! end", "end", "^C", "end"), [(4, "ends its section; remove it")]),
    (("crypto pki certificate chain a",), ("certificate ca 01", " 3082", " quit"), []),
]  # fmt: skip


@pytest.mark.parametrize(("section", "lines", "problems"), VERBATIM)
def test_verbatim_lines(section, lines, problems):
    assert [(p.index, p.message) for p in IOS.verbatim(section, lines)] == problems


def test_subjects():
    for line, subject in (
        ("interface GigabitEthernet1", "interface GigabitEthernet1"),
        ("ip route vrf a 10.0.0.0 255.0.0.0 Null0", "ip route vrf a 10.0.0.0 255.0.0.0"),
        ("no ip http server", "ip http"),
        ("ip prefix-list a seq 5 permit 0.0.0.0/0", "ip prefix-list a"),
        ("hostname r1", "hostname r1"),
        ("ip access-list extended a", "ip access-list extended a"),
    ):
        assert IOS.subject(line) == subject
