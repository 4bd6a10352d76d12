"""Configuration text to tree to canonical text: what says the same is the same, what differs differs."""

import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from napalm_frr.device.canonical import check, digest, opens_section, parse, render
from napalm_frr.device.order import natural

SHOWN = """\
Building configuration...

Current configuration:
!
frr version 8.4.4
frr defaults traditional
hostname r1
log syslog informational
no ipv6 forwarding
service integrated-vtysh-config
!
ip route 198.18.10.0/24 blackhole
ip route 198.18.9.0/24 10.0.0.1
!
vrf red
 vni 100
exit-vrf
!
interface eth10
 description to  r2 ! and # more
 ip address 10.0.0.1/24
 shutdown
exit
!
interface eth9
exit
!
router bgp 65001
 no bgp ebgp-requires-policy
 bgp router-id 10.255.0.1
 neighbor EDGE peer-group
 neighbor EDGE remote-as external
 neighbor 10.0.0.10 peer-group EDGE
 neighbor 10.0.0.9 remote-as 65009
 neighbor 10.0.0.9 timers 3 9
 !
 address-family ipv4 unicast
  network 198.18.9.0/24
  no neighbor 10.0.0.9 activate
 exit-address-family
 !
 address-family ipv6 unicast
 exit-address-family
exit
!
router ospf
exit
!
route-map OUT permit 10
exit
!
route-map OUT deny 5
 match ip address prefix-list P
exit
!
end
"""
CANONICAL = """\
log syslog informational
no ipv6 forwarding
ip route 198.18.9.0/24 10.0.0.1
ip route 198.18.10.0/24 blackhole
vrf red
 vni 100
interface eth10
 description to r2 ! and # more
 ip address 10.0.0.1/24
 shutdown
router bgp 65001
 bgp router-id 10.255.0.1
 no bgp ebgp-requires-policy
 neighbor EDGE peer-group
 neighbor EDGE remote-as external
 neighbor 10.0.0.9 remote-as 65009
 neighbor 10.0.0.9 timers 3 9
 neighbor 10.0.0.10 peer-group EDGE
 address-family ipv4 unicast
  network 198.18.9.0/24
  no neighbor 10.0.0.9 activate
router ospf
route-map OUT deny 5
 match ip address prefix-list P
route-map OUT permit 10
"""


def test_what_frr_shows_becomes_the_canonical_text():
    assert render(parse(SHOWN)) == CANONICAL


def test_the_canonical_text_is_its_own_canonical_text():
    assert render(parse(CANONICAL)) == CANONICAL
    assert digest(parse(CANONICAL)) == digest(parse(SHOWN))


SAME = [
    ("interface eth1\n description a  b\n", "interface eth1\n description a b\n"),
    ("interface eth1\n\tdescription a\tb \r\n", "interface eth1\n description a b\n"),
    ("interface eth1\n    mpls enable\n    no shutdown\n", "interface eth1\n mpls enable\n"),
    (
        "router ospf\n network 10.0.0.0/8 area 0\n ! why\n# and how\n",
        "router ospf\n network 10.0.0.0/8 area 0\nexit\n",
    ),
    (
        "interface eth1\n description a\ninterface eth1\n mpls enable\n",
        "interface eth1\n mpls enable\n description a\n",
    ),
    ("service password-encryption\nservice password-encryption\n", "service password-encryption\n"),
    ("interface eth1\nexit\nvrf red\nexit-vrf\nline vty\n", ""),
    ("router bgp 1\n address-family ipv4 unicast\n exit-address-family\n", "router bgp 1\n"),
    ("ip forwarding\nipv6 forwarding\nhostname a\ndomainname b\nend\n", ""),
    ("key chain K\n key 1\n  key-string s\n exit\nexit\n", "key chain K\n key 1\n  key-string s\n"),
]
OTHER = [
    ("router ospf\n", ""),
    ("route-map A permit 10\n", ""),
    ("no ip forwarding\n", ""),
    ("router bgp 1\n neighbor 10.0.0.1 shutdown\n", "router bgp 1\n no neighbor 10.0.0.1 shutdown\n"),
    ("interface eth1\n description a\n", "interface eth2\n description a\n"),
    ("interface eth1\n shutdown\n", "interface eth1\n no shutdown\n"),
    ("bfd\n profile a\n  shutdown\n", "bfd\n profile a\n  no shutdown\n"),
]


@pytest.mark.parametrize(("one", "two"), SAME)
def test_same(one, two):
    assert parse(one) == parse(two)
    assert digest(parse(one)) == digest(parse(two))


@pytest.mark.parametrize(("one", "two"), OTHER)
def test_other(one, two):
    assert parse(one) != parse(two)
    assert digest(parse(one)) != digest(parse(two))


def test_the_order_that_was_given_is_kept():
    lines = list(
        parse("interface eth1\n ip address 10.0.0.9/24\n ip address 10.0.0.1/24\n")["interface eth1"]
    )
    assert lines == ["ip address 10.0.0.9/24", "ip address 10.0.0.1/24"]


def test_check_numbers_the_lines():
    tree, numbers, problems = check(
        "!\nrouter bgp 1\n\n neighbor 10.0.0.1 remote-as 2\n neighbor 10.0.0.1 remote-as 2\n"
    )
    assert (tree, problems) == ({"router bgp 1": {"neighbor 10.0.0.1 remote-as 2": {}}}, [])
    assert numbers == {("router bgp 1",): 2, ("router bgp 1", "neighbor 10.0.0.1 remote-as 2"): 4}


PROBLEMS = [
    ("log syslog\n debug bgp updates\n", [(2, "stands under 'log syslog', which opens no section")]),
    ("router bgp 1\n neighbor a\n  b\n", [(3, "stands under 'neighbor a', which opens no section")]),
    ("ip route 1.0.0.0/8 blackhole\ndo write\n", [(2, "runs a command and configures nothing")]),
    ("lis\n", [(1, "runs a command and configures nothing")]),
    ("fin x\n", [(1, "runs a command and configures nothing")]),
    ("XFRR_end_configuration\n", [(1, "runs a command and configures nothing")]),
    ("line vty\nlog syslog\nfpm use-next-hop-groups\n", []),
    ("interface a\n description x\x00y\n", [(2, "control character")]),
    ("interface a\n description x\x1b[31m\n", [(2, "control character")]),
    ("interface a\n description x\ry\n", [(2, "control character")]),
    ("interface a\n description x\u2028ip route\n", [(2, "control character")]),
    ("interface a\n description x\x85y\n", [(2, "control character")]),
    ("interface a\r\n description x\r\n", []),
    ("interface a\n description Zürich\n", []),
    ("interface a\n description " + "x" * 3980 + "\n", []),
    ("interface a\n description " + "x" * 4000 + "\n", [(2, "longer than 4000 bytes")]),
]


@pytest.mark.parametrize(("text", "problems"), PROBLEMS)
def test_problems_of_form(text, problems):
    assert check(text)[2] == problems


SECTIONS = [
    (("interface eth1",), True),
    (("interface eth1 vrf red",), True),
    (("router bgp 65001 vrf red",), True),
    (("router ospf",), True),
    (("router-id 1.1.1.1",), False),
    (("route-map A permit 10",), True),
    (("route-map A optimization",), False),
    (("no interface eth1",), False),
    (("router bgp 1", "address-family l2vpn evpn"), True),
    (("router bgp 1", "neighbor 10.0.0.1 remote-as 2"), False),
    (("router bgp 1", "address-family l2vpn evpn", "vni 100"), True),
    (("vrf red", "vni 100"), False),
    (("key chain K", "key 1"), True),
    (("bfd", "peer 10.0.0.1 interface eth1"), True),
    (("interface eth1", "link-params"), True),
]


@pytest.mark.parametrize(("path", "opens"), SECTIONS)
def test_sections(path, opens):
    assert opens_section(path) is opens


def test_natural_order():
    names = ["eth10", "eth9", "eth1.20", "eth1.3", "eth1", "10.0.0.10", "10.0.0.9", "PL2 a", "PL a"]
    assert sorted(names, key=natural) == [
        *("10.0.0.9", "10.0.0.10", "PL a", "PL2 a", "eth1", "eth1.3", "eth1.20", "eth9", "eth10")
    ]


WORDS = st.lists(
    st.text(string.ascii_letters + string.digits + ".:/-", min_size=1, max_size=6), min_size=1, max_size=4
)
LINES = WORDS.map(" ".join).filter(lambda line: render(parse(line + "\n")) == line + "\n")
CONFIGURATIONS = st.dictionaries(
    st.sampled_from(
        ["interface eth1", "interface eth2", "router bgp 1", "router ospf", "route-map A permit 10"]
    )
    | LINES,
    st.lists(LINES, max_size=5),
    max_size=8,
)


def written(configuration):
    """As text, the inner lines of sections only."""
    text = []
    for section, lines in configuration.items():
        text += [section, *(f" {line}" for line in lines if opens_section((section,)))]
    return "".join(f"{line}\n" for line in text)


@given(CONFIGURATIONS, st.randoms())
def test_order_and_repetition_do_not_matter(configuration, random):
    sections = [(section, [*lines, *lines[:1]]) for section, lines in configuration.items()]
    random.shuffle(sections)
    for _, lines in sections:
        random.shuffle(lines)
    assert render(parse(written(dict(sections)))) == render(parse(written(configuration)))


@given(CONFIGURATIONS)
def test_rendering_and_parsing_are_inverse(configuration):
    tree = parse(written(configuration))
    assert parse(render(tree)) == tree


@given(st.text())
def test_any_text_has_a_canonical_form(text):
    once = render(parse(text))
    assert render(parse(once)) == once


def test_sixty_thousand_lines_in_a_moment():
    text = "".join(f"ip prefix-list LONG seq {n} permit 10.{n >> 8}.{n & 255}.0/24\n" for n in range(60_000))
    started = time.process_time()
    digest(parse(text))
    assert time.process_time() - started < 10
