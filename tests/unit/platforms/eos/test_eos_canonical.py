"""The canonical form of EOS configurations: equal ones have one text, which says all that is configuration."""

import re
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmgr.platforms.cli_tree import read, walk
from netmgr.platforms.eos.canonical import candidate, canonical
from netmgr.platforms.eos.dialect import DIALECT
from netmgr.platforms.eos.number_lists import numbers, one_spelling, ranges

ROOT = Path(__file__).parents[4]
CAPTURES = sorted((ROOT / "tests" / "data" / "configs" / "eos").iterdir())
WAY_IN = "management api http-commands\n   no shutdown\n"

#: What is shown or written → its canonical form, without the way in.
CASES = {
    "nothing": ("", ""),
    "comments, blank lines and the end": ("! Command: show running-config\n!\n\nhostname a\n!\nend\n", "hostname a\n"),
    "what every device shows": (
        """
        transceiver qsfp default-mode 4x10G
        service routing protocols model multi-agent
        spanning-tree mode mstp
        no aaa root
        system l1
           unsupported speed action error
           unsupported error-correction action error
        interface Ethernet1
        !
        interface Management1
        !
        no ip routing
        no ip routing vrf MGMT
        """,
        "",
    ),
    "another model of the protocols is configuration": (
        "service routing protocols model ribd\n",
        "service routing protocols model ribd\n",
    ),
    "interfaces that somebody has made": (
        "interface Loopback1\ninterface Port-Channel3\ninterface Ethernet1.5\n",
        "interface Port-Channel3\ninterface Ethernet1.5\ninterface Loopback1\n",
    ),
    "defaults of an interface": (
        """
        interface Ethernet1
           no shutdown
           mtu 1500
           switchport
           switchport mode access
           switchport access vlan 1
           ip ospf hello-interval 10
           description a
        """,
        "interface Ethernet1\n   description a\n",
    ),
    "a line that is taken back": (
        "ip routing\ninterface Ethernet2\n   shutdown\nno ip routing\ninterface Ethernet2\n   no shutdown\n",
        "",
    ),
    "the order of an interface": (
        """
        interface Ethernet1
           ip ospf area 0.0.0.0
           ip address 10.0.1.1/24 secondary
           ip address 10.0.0.1/24
           vrf red
           no switchport
           shutdown
           description a
        """,
        """
        interface Ethernet1
           description a
           shutdown
           no switchport
           vrf red
           ip address 10.0.0.1/24
           ip address 10.0.1.1/24 secondary
           ip ospf area 0.0.0.0
        """,
    ),
    "VLANs in ranges": (
        "vlan 10,12-13\nvlan 12\n   name b\ninterface Ethernet1\n   switchport trunk allowed vlan 10,12,13\n",
        "vlan 10\nvlan 12\n   name b\nvlan 13\ninterface Ethernet1\n   switchport trunk allowed vlan 10,12-13\n",
    ),
    "prefix lists in a line": (
        """
        ip prefix-list a seq 20 permit 10.0.0.0/8 ge 9 le 32
        ip prefix-list a seq 10 permit 10.0.0.0/8 ge 24 le 24
        ip prefix-list a seq 30 permit 10.0.0.0/8 le 8
        ipv6 prefix-list b
           seq 10 permit 2001:db8::/32 ge 48 le 128
           seq 20 permit 2001:db8::/32 le 128
        """,
        """
        ip prefix-list a
           seq 10 permit 10.0.0.0/8 eq 24
           seq 20 permit 10.0.0.0/8 ge 9
           seq 30 permit 10.0.0.0/8
        ipv6 prefix-list b
           seq 10 permit 2001:db8::/32 ge 48
           seq 20 permit 2001:db8::/32 le 128
        """,
    ),
    "access lists": (
        """
        ip access-list x
           permit tcp 10.0.0.1/32 any eq ssh www
           30 permit 17 0.0.0.0/0 range ntp snmp host 10.0.0.2
           deny ip any any
        ipv6 access-list y
           10 permit 58 2001:db8::1/128 any
        """,
        """
        ip access-list x
           10 permit tcp host 10.0.0.1 any eq 22 80
           30 permit udp any range 123 161 host 10.0.0.2
           40 deny ip any any
        ipv6 access-list y
           10 permit icmpv6 host 2001:db8::1 any
        """,
    ),
    "access lists with names that are numbers": (
        """
        ip access-list x
           10 permit tcp any any eq msdp netconf-ssh
           20 permit udp any eq sbfd any eq sbfd-initiator
           30 permit gre any any
           40 permit icmp any any unreachable log
           50 permit tcp any any eq mlag ttl eq 255
        ipv6 access-list y
           10 permit icmpv6 any any echo-request
        """,
        """
        ip access-list x
           10 permit tcp any any eq 639 830
           20 permit udp any eq 7784 any eq 7785
           30 permit 47 any any
           40 permit icmp any any 3 log
           50 permit tcp any any eq 4432 ttl eq 255
        ipv6 access-list y
           10 permit icmpv6 any any 128
        """,
    ),
    "users with the level that everybody has": (
        "username a privilege 1 role network-operator secret $6$x$y\nusername b privilege 15 secret *\n",
        "username a role network-operator secret sha512 $6$x$y\nusername b privilege 15 secret *\n",
    ),
    "lists whose order means something": (
        "ip as-path access-list p permit ^2_\nip as-path access-list p deny ^1_ egp\nip community-list c permit 9:9\n"
        "ip community-list regexp b permit 2.*\nip community-list c deny 1:1\n",
        "ip as-path access-list p permit ^2_ any\nip as-path access-list p deny ^1_ egp\n"
        "ip community-list regexp b permit 2.*\nip community-list c permit 9:9\nip community-list c deny 1:1\n",
    ),
    "static routes": (
        "ip route 0.0.0.0/0 10.0.0.1 1\nip route 10.9.0.0/16 Ethernet1 10.0.0.1 1 tag 1\n"
        "ip route 10.8.0.0/16 Null0 tag 1\n",
        "ip route 0.0.0.0/0 10.0.0.1\nip route 10.8.0.0/16 Null0 tag 1\n"
        "ip route 10.9.0.0/16 Ethernet1 10.0.0.1 tag 1\n",
    ),
    "a banner is text": (
        "banner login\n  ! not a comment\n\nend\nEOF\nhostname a\n",
        "hostname a\nbanner login\n  ! not a comment\n\nend\nEOF\n",
    ),
    "BGP neighbors that are active by default": (
        """
        router bgp 65000
           neighbor 10.0.0.10 remote-as 1
           neighbor 10.0.0.9 peer-group g
           neighbor g peer-group
           neighbor g remote-as 2
           neighbor g soft-reconfiguration inbound
           neighbor 10.0.0.10 route-map a in
           neighbor 2001:db8::1 remote-as 3
           network 10.1.0.0/16
           network 2001:db8::/32
           vrf red
              neighbor 10.0.0.7 remote-as 2
              network 10.2.0.0/16
        """,
        """
        router bgp 65000
           no bgp default ipv4-unicast
           neighbor g peer group
           neighbor g remote-as 2
           neighbor g rib-in pre-policy retain
           neighbor 10.0.0.9 peer group g
           neighbor 10.0.0.10 remote-as 1
           neighbor 2001:db8::1 remote-as 3
           address-family ipv4
              neighbor g activate
              neighbor 10.0.0.10 activate
              neighbor 10.0.0.10 route-map a in
              network 10.1.0.0/16
           address-family ipv6
              network 2001:db8::/32
           vrf red
              neighbor 10.0.0.7 remote-as 2
              address-family ipv4
                 neighbor 10.0.0.7 activate
                 network 10.2.0.0/16
        """,
    ),
    "BGP neighbors that are active by a default that is spelt out, over IPv6 too": (
        """
        router bgp 65000
           bgp default ipv4-unicast
           bgp default ipv4-unicast transport ipv6
           neighbor 10.0.0.10 remote-as 1
           neighbor 2001:db8::1 remote-as 3
           neighbor 2001:db8::2 remote-as 3
           address-family ipv4
              no neighbor 2001:db8::2 activate
        """,
        """
        router bgp 65000
           no bgp default ipv4-unicast
           neighbor 10.0.0.10 remote-as 1
           neighbor 2001:db8::1 remote-as 3
           neighbor 2001:db8::2 remote-as 3
           address-family ipv4
              neighbor 10.0.0.10 activate
              neighbor 2001:db8::1 activate
        """,
    ),
    "BGP neighbors that are not": (
        """
        router bgp 65000
           no bgp default ipv4-unicast
           neighbor g peer group
           neighbor g remote-as 2
           neighbor 10.0.0.9 peer group g
           neighbor 10.0.0.9 route-map a out
           address-family ipv4
              no neighbor 10.0.0.9 activate
           address-family ipv6
              no neighbor g activate
        """,
        """
        router bgp 65000
           no bgp default ipv4-unicast
           neighbor g peer group
           neighbor g remote-as 2
           neighbor 10.0.0.9 peer group g
           neighbor 10.0.0.9 route-map a out
           address-family ipv4
              no neighbor 10.0.0.9 activate
        """,
    ),
    "a policy for more families than two stays where it is": (
        """
        router bgp 65000
           no bgp default ipv4-unicast
           neighbor 10.0.0.9 remote-as 2
           neighbor 10.0.0.9 route-map a out
           address-family evpn
              neighbor 10.0.0.9 activate
           address-family ipv4
              neighbor 10.0.0.9 activate
        """,
        """
        router bgp 65000
           no bgp default ipv4-unicast
           neighbor 10.0.0.9 remote-as 2
           neighbor 10.0.0.9 route-map a out
           address-family evpn
              neighbor 10.0.0.9 activate
           address-family ipv4
              neighbor 10.0.0.9 activate
        """,
    ),
    "lists of numbers, and words of older versions": (
        """
        ntp trusted-key 7,2,1,3
        ntp source vrf MGMT Management1
        snmp-server vrf MGMT source-interface Management1
        router bgp 65000
           no bgp default ipv4-unicast
           bgp confederation peers 3,4,5-6,4200000000
           neighbor 10.0.0.9 remote-as 2
           neighbor 10.0.0.9 fall-over bfd
           neighbor 10.0.0.9 allowas-in
           neighbor 10.0.0.9 ebgp-multihop
           neighbor 10.0.0.9 transport connection-mode passive
           neighbor 10.0.0.9 soft-reconfiguration inbound all
           neighbor 10.0.0.9 description a peer-group and fall-over bfd
           redistribute ospf3 match external
           vrf red
              bgp confederation peers 1.1-1.2,3.3,44
        """,
        """
        ntp local-interface vrf MGMT Management1
        ntp trusted-key 1-3,7
        snmp-server vrf MGMT local-interface Management1
        router bgp 65000
           no bgp default ipv4-unicast
           bgp confederation peers 3-6,4200000000
           neighbor 10.0.0.9 remote-as 2
           neighbor 10.0.0.9 description a peer-group and fall-over bfd
           neighbor 10.0.0.9 bfd
           neighbor 10.0.0.9 allowas-in 3
           neighbor 10.0.0.9 rib-in pre-policy retain all
           neighbor 10.0.0.9 ebgp-multihop 255
           neighbor 10.0.0.9 passive
           redistribute ospfv3 match external
           vrf red
              bgp confederation peers 1.1-1.2,3.3,44
        """,
    ),
    "hidden passwords": (
        """
        tacacs-server host 10.0.0.1 key 7 071B245F5A
        ntp authentication-key 1 md5 hush
        interface Ethernet1
           ip ospf authentication-key hush
        router bgp 65000
           no bgp default ipv4-unicast
           neighbor EVPN-OVERLAY-PEERS password 7 q+VNViP5i4rVjW1cxFv2wA==
           neighbor other password 7 q+VNViP5i4rVjW1cxFv2wA==
           neighbor 10.0.0.1 password hush
        """,
        """
        ntp authentication-key 1 md5 0 hush
        tacacs-server host 10.0.0.1 key 0 test
        interface Ethernet1
           ip ospf authentication-key 0 hush
        router bgp 65000
           no bgp default ipv4-unicast
           neighbor EVPN-OVERLAY-PEERS password 0 arista123
           neighbor other password 7 q+VNViP5i4rVjW1cxFv2wA==
           neighbor 10.0.0.1 password 0 hush
        """,
    ),
    "what EOS adds to OSPF": (
        "router ospf 1\n   max-lsa 12000\n   router-id 10.0.0.1\n",
        "router ospf 1\n   router-id 10.0.0.1\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_says_it_in_one_way(case):
    text, wanted = CASES[case]
    plain = dedent(wanted).lstrip("\n")
    found = canonical(dedent(text))
    assert found == plain + WAY_IN
    assert canonical(found) == found


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.name)
def test_a_real_configuration_keeps_every_line_that_is_not_said_in_another_way(path):
    """Which lines are gone, and which are new, word for word: nothing else is lost."""
    text = path.read_text()
    found = canonical(text)
    assert canonical(found) == found
    shown = {line.text for _, line in walk(read(text, DIALECT)) if line.text != "!"}
    left = {line.text for _, line in walk(read(found, DIALECT))}
    spoken = re.compile(
        r"end|service routing protocols model multi-agent|spanning-tree mode mstp|no aaa root|no ip routing.*"
        r"|transceiver qsfp default-mode 4x10G|interface Ethernet\d+|no neighbor \S+ activate"
        r"|ip prefix-list 172_16_12_2 seq 10 .*|neighbor \S+ password 7 .*"
    )
    assert [line for line in shown - left if not spoken.fullmatch(line)] == []
    secrets = {
        f"neighbor {name} password 0 @rista123" for name in re.findall(r"neighbor (\S+) password 7", text)
    }
    assert left - shown <= secrets | {
        *(
            "management api http-commands",
            "no shutdown",
            "no bgp default ipv4-unicast",
            "address-family ipv4",
        ),
        *("ip prefix-list 172_16_12_2", "seq 10 permit 172.16.12.2/32", "neighbor 10.12.11.2 activate"),
    }


_LINES = st.sampled_from([line for path in CAPTURES for line in path.read_text().splitlines()])


@given(st.lists(_LINES | st.text(alphabet=" !abn1.,-/\n", max_size=20), max_size=40))
def test_the_form_of_a_form_is_itself(lines):
    """Whatever is put together from real lines and others, in whatever order."""
    found = canonical("\n".join(lines))
    assert canonical(found) == found


@given(st.sampled_from(CAPTURES), st.randoms())
def test_sections_may_come_in_any_order(path, random):
    text = path.read_text()
    parts = re.split(r"^!\n", text, flags=re.MULTILINE)
    random.shuffle(parts)
    assert canonical("!\n".join(parts)) == canonical(text)


@given(st.sets(st.integers(min_value=1, max_value=4094), min_size=1))
def test_vlans_as_ranges(vlans):
    assert numbers(ranges(vlans)) == sorted(vlans)


def test_a_range_is_never_counted_out():
    assert one_spelling("1-4294967294,4294967295,5-3") == "1-4294967294,4294967295,5-3"
    assert one_spelling("1-4294967294,4294967295") == "1-4294967295"


def test_what_is_not_a_range_is_none():
    assert [numbers(text) for text in ("", "a", "1-", "-3", "1,,2", "1-9999")] == [[]] * 6


def test_every_section_is_left_before_the_next_line():
    text = "interface Loopback9\nrouter bgp 1\n   vlan 5\n      rd auto\n   vrf a\nbanner motd\n x\nEOF\nip routing\n"
    assert candidate(text, "") == (
        "interface Loopback9\nexit\nrouter bgp 1\n   vlan 5\n      rd auto\n   exit\n   vrf a\nexit\n"
        "banner motd\n x\nEOF\nip routing\n"
    )


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.name)
def test_a_candidate_says_the_same_without_its_indentation(path):
    """Played line by line into the sections that it opens and leaves: NAPALM strips what says it otherwise."""
    text = canonical(path.read_text())
    paths = [where for where, _ in walk(read(text, DIALECT))]
    opens = {where[:depth] for where in paths for depth in range(1, len(where))}
    opens |= {
        where
        for where in paths
        if re.match(r"(?:interface|vrf instance|route-map|vlan) ", where[-1]) and len(where) == 1
    }
    played, around = [], ()
    for line in candidate(text, "").split("\n"):
        if line.strip() == "exit":
            around = around[:-1]
        elif line:
            played.append((*around, line.strip()))
            around = played[-1] if played[-1] in opens else around
    assert played == paths
    assert around == ()


def test_the_model_of_the_protocols_is_loaded_as_the_device_has_it():
    model = "service routing protocols model "
    assert candidate("hostname a\n", f"!\n{model}multi-agent\n") == f"{model}multi-agent\nhostname a\n"
    assert candidate("hostname a\n", f"{model}ribd\n") == f"{model}multi-agent\nhostname a\n"
    assert candidate(f"{model}ribd\n", f"{model}multi-agent\n") == f"{model}ribd\n"
    assert candidate("hostname a\n", "hostname b\n") == "hostname a\n"
