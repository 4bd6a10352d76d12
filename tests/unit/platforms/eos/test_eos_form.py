"""EOS's form: what is said of links and sides, what a line is about, what verbatim lines may be."""

import pytest

from netmgr.platforms import FORMS
from netmgr.platforms.form import VerbatimProblem

EOS = FORMS["eos"]
CONFIG = """\
interface Ethernet1
   description a
   no switchport
   ip address 10.0.0.0/31
   ip ospf cost 5
   ip ospf area 0.0.0.0
interface Loopback0
   ip address 10.255.0.1/32
router bgp 65000
   router-id 10.255.0.1
   no bgp default ipv4-unicast
   neighbor g peer group
   neighbor g remote-as 65000
   neighbor g update-source Loopback0
   neighbor 10.0.0.1 remote-as 65001
   neighbor 10.0.0.1 description b
   neighbor 10.255.0.2 peer group g
   address-family ipv4
      neighbor g activate
      neighbor 10.0.0.1 activate
      neighbor 10.0.0.1 route-map m in
router ospf 1
   passive-interface Loopback0
"""


def test_link_data():
    assert EOS.link_data(CONFIG) == {
        ("interface", "Ethernet1"): (
            *("description a", "no switchport", "ip address 10.0.0.0/31", "ip ospf cost 5", "ip ospf area 0.0.0.0"),
        ),
        ("interface", "Loopback0"): ("ip address 10.255.0.1/32",),
        ("bgp", "10.0.0.1"): (
            "router bgp 65000",
            "neighbor  remote-as 65001",
            "address-family ipv4 / neighbor  activate",
        ),
        ("bgp", "10.255.0.2"): (
            *("router bgp 65000", "neighbor  peer group g", "neighbor  peer group", "neighbor  remote-as 65000"),
            *("neighbor  update-source Loopback0", "address-family ipv4 / neighbor  activate"),
        ),
    }  # fmt: skip


def test_sides():
    assert EOS.sides(CONFIG) == {
        ("ospf", "Ethernet1"): {
            *("no switchport", "ip address 10.0.0.0/31", "ip ospf area 0.0.0.0", "passive-interface Loopback0")
        },
        ("bgp", "10.0.0.1"): {
            *("router bgp 65000", "no bgp default ipv4-unicast", "neighbor 10.0.0.1 remote-as 65001"),
            *("   neighbor 10.0.0.1 activate", "   neighbor 10.0.0.1 route-map m in", "no switchport"),
            "ip address 10.0.0.0/31",
        },
        ("bgp", "10.255.0.2"): {
            *("router bgp 65000", "no bgp default ipv4-unicast", "neighbor g peer group", "neighbor g remote-as 65000"),
            *("neighbor g update-source Loopback0", "neighbor 10.255.0.2 peer group g", "   neighbor g activate"),
            "ip address 10.255.0.1/32",
        },
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "subject"),
    [
        ("interface Ethernet1", "interface Ethernet1"),
        ("ip prefix-list a", "ip prefix-list a"),
        ("ip access-list standard a", "ip access-list standard a"),
        ("ip route vrf red 10.0.0.0/8 Null0", "ip route vrf red 10.0.0.0/8"),
        ("router bgp 65000", "router bgp"),
        ("hostname a", "hostname a"),
        ("no spanning-tree vlan-id 5", "spanning-tree vlan-id"),
        ("router ospf 1 vrf red", "router ospf"),
        ("aaa authentication login default local", "aaa authentication login"),
    ],
)
def test_subjects(line, subject):
    assert EOS.subject(line) == subject


def test_empty():
    fresh = "no aaa root\nusername admin role network-admin secret sha512 x\nhostname a\nspanning-tree mode mstp\n"
    assert EOS.is_empty(EOS.canonical(fresh))
    assert not EOS.is_empty(EOS.canonical(fresh + "interface Ethernet1\n   description a\n"))


def test_verbatim_lines():
    lines = (
        "mlag configuration",
        "exit",
        "! a",
        "!! a",
        "show version",
        "banner motd",
        "no ip routing",
        "shutdown",
    )
    assert list(EOS.verbatim(("router bgp 1", "end"), lines)) == [
        VerbatimProblem("section", 1, "ends its section; remove it"),
        VerbatimProblem("lines", 1, "ends its section; remove it"),
        VerbatimProblem("lines", 2, "is a comment, which EOS does not keep; remove it"),
        VerbatimProblem("lines", 4, "runs a command and configures nothing; remove it"),
        VerbatimProblem("lines", 5, "takes lines of text after it, which cannot stand here; remove it"),
    ]


def test_the_way_in():
    assert EOS.management is not None
    assert EOS.canonical("").splitlines()[0] == "management api http-commands"
