"""The canonical form of IOS: what the device adds, reorders and respells makes no difference, everything else does."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmgr.platforms import FORMS
from netmgr.platforms.ios.canonical import canonical

CAPTURES = sorted((Path(__file__).parents[3] / "data" / "configs" / "ios").iterdir())
TEXTS = [path.read_text() for path in CAPTURES]
LINES = sorted({line for text in TEXTS for line in text.splitlines()})

#: What is shown, and what it says.
CASES = {
    "only the device says it": (
        "Building configuration...\n\nCurrent configuration : 12 bytes\n!\n! Last configuration change\nversion 16.4\n"
        "boot-start-marker\nboot-end-marker\nlicense udi pid CSR1000V sn 9\nhostname r1\nend\n",
        "hostname r1\n",
    ),
    "an interface that is there anyway": (
        "interface GigabitEthernet1\n no ip address\n negotiation auto\n no mop enabled\ninterface Loopback0\n"
        " no ip address\n",
        "interface Loopback0\n",
    ),
    "one that is shut": (
        "interface GigabitEthernet1\n no ip address\n shutdown\n",
        "interface GigabitEthernet1\n shutdown\n",
    ),
    "an interface's order": (
        "interface Vlan10\n shutdown\n ipv6 address 2001:db8:0::1/64\n ip address 10.0.0.1 255.255.255.0\n"
        " ip address 10.0.1.1 255.255.255.0 secondary\n vrf forwarding a\n description b\n",
        "interface Vlan10\n description b\n vrf forwarding a\n ip address 10.0.1.1 255.255.255.0 secondary\n"
        " ip address 10.0.0.1 255.255.255.0\n shutdown\n ipv6 address 2001:DB8::1/64\n",
    ),
    "type 7": (
        "username a password 7 0822455D0A16\nkey chain k\n key 1\n  key-string 7 0822455D0A16\n",
        "key chain k\n key 1\n  key-string cisco\nusername a password 0 cisco\n",
    ),
    "no type 7": ("username a secret 9 $9$abc\n", "username a secret 9 $9$abc\n"),
    "VLANs together": (
        "vlan 10,20-21\nvlan 11\n name a\nvlan internal allocation policy ascending\n",
        "vlan 10\nvlan 11\n name a\nvlan 20\nvlan 21\nvlan internal allocation policy ascending\n",
    ),
    "many VLANs on a trunk": (
        "interface e1\n switchport trunk allowed vlan 1,2\n switchport trunk allowed vlan add 7-9\n",
        "interface e1\n switchport trunk allowed vlan 1,2,7-9\n",
    ),
    "an access list keeps its order": (
        "ip access-list extended a\n 20 permit tcp any any eq 80\n 10 remark eq 80\n"
        " 30 permit udp any range snmp 162 any\n 40 permit tcp any any eq 8080\n"
        "ipv6 access-list b\n permit tcp any host 2001:db8::1 eq bgp sequence 10\n",
        "ip access-list extended a\n permit tcp any any eq www\n remark eq 80\n"
        " permit udp any range snmp snmptrap any\n permit tcp any any eq 8080\n"
        "ipv6 access-list b\n permit tcp any host 2001:DB8::1 eq bgp\n",
    ),
    "entries are written as wide as each other": (
        "ip access-list extended a\n deny   ip any any\naccess-list 101 deny   tcp any any eq 23\n"
        "access-list 7 deny   host 10.0.0.1\naccess-list 7 remark  as  typed\n",
        "ip access-list extended a\n deny ip any any\naccess-list 7 deny 10.0.0.1\n"
        "access-list 7 remark  as  typed\naccess-list 101 deny tcp any any eq telnet\n",
    ),
    "hosts of a standard list": (
        "ip access-list standard a\n 10 deny   10.9.9.9 0.255.255.255\n 30 permit host 192.0.2.9\n"
        " 20 permit 192.0.2.1 0.0.0.0 log\n 40 permit 0.0.0.0 255.255.255.255\n",
        "ip access-list standard a\n permit 192.0.2.1 log\n permit 192.0.2.9\n"
        " deny 10.0.0.0 0.255.255.255\n permit any\n",
    ),
    "a host that has no effect stays where it is, and so does what is not understood": (
        "ip access-list standard a\n permit 10.0.0.0 0.255.255.255\n deny 10.0.0.1\n"
        "ip access-list standard b\n permit any\n deny host 10.0.0.1\n"
        "ip access-list standard c\n deny any\n remark x\n permit 10.0.0.999\n",
        "ip access-list standard a\n permit 10.0.0.0 0.255.255.255\n deny 10.0.0.1\n"
        "ip access-list standard b\n permit any\n deny 10.0.0.1\n"
        "ip access-list standard c\n deny any\n remark x\n permit 10.0.0.999\n",
    ),
    "lengths without an end": (
        "ip prefix-list a seq 5 permit 10.0.0.0/8 ge 25 le 32\n"
        "ipv6 prefix-list b seq 5 permit 2001:db8::/32 ge 48 le 128\n"
        "ipv6 prefix-list b seq 10 permit ::/0 ge 1 le 32\n",
        "ip prefix-list a seq 5 permit 10.0.0.0/8 ge 25\nipv6 prefix-list b seq 5 permit 2001:DB8::/32 ge 48\n"
        "ipv6 prefix-list b seq 10 permit ::/0 ge 1 le 32\n",
    ),
    "names that some releases alone have": (
        "ip access-list extended a\n permit tcp any any eq msrpc\n permit udp any any eq ripv6\n"
        " permit icmp any any conversion-error\nipv6 access-list b\n permit icmp any any destination-unreachable\n",
        "ip access-list extended a\n permit tcp any any eq 135\n permit udp any any eq 521\n"
        " permit icmp any any 31\nipv6 access-list b\n permit icmp any any 1\n",
    ),
    "communities that have names": (
        "ip community-list standard a permit gshut 65535:65281\nroute-map a permit 10\n"
        " set community gshut 65535:65283\n",
        "ip community-list standard a permit 65535:0 no-export\nroute-map a permit 10\n"
        " set community 65535:0 local-AS\n",
    ),
    "what a neighbor's lines leave out": (
        "router bgp 1\n neighbor 10.0.0.2 remote-as 2\n neighbor 10.0.0.2 ebgp-multihop\n address-family ipv4\n"
        "  neighbor 10.0.0.2 activate\n  neighbor 10.0.0.2 allowas-in\n",
        "router bgp 1\n neighbor 10.0.0.2 remote-as 2\n neighbor 10.0.0.2 ebgp-multihop 255\n address-family ipv4\n"
        "  neighbor 10.0.0.2 activate\n  neighbor 10.0.0.2 allowas-in 3\n exit-address-family\n",
    ),
    "time servers and traps": (
        "ntp server 10.0.0.1 prefer key 7 version 3\nntp trusted-key 1 - 2\nsnmp-server trap-source Loopback0\n",
        "snmp-server source-interface traps Loopback0\nntp server 10.0.0.1 version 3 key 7 prefer\nntp trusted-key 1\n"
        "ntp trusted-key 2\n",
    ),
    "accounting as a section": (
        "aaa accounting exec default\n action-type start-stop\n group tacacs+\naaa accounting network b\n broadcast\n",
        "aaa accounting exec default start-stop group tacacs+\naaa accounting network b\n broadcast\n",
    ),
    "servers of logins": (
        "radius server a\n timeout 3\n key b\n address ipv4 10.0.0.1 auth-port 1812 acct-port 1813\n",
        "radius server a\n address ipv4 10.0.0.1 auth-port 1812 acct-port 1813\n key b\n timeout 3\n",
    ),
    "VLANs that VTP named": (
        "vlan 20\n name VLAN0020\nvlan 21\n name VLAN0020\n",
        "vlan 20\nvlan 21\n name VLAN0020\n",
    ),
    "a certificate ends behind a tabulator": (
        "crypto pki certificate chain a\n certificate self-signed 01\n  30820330 30820218\n  \tquit\nip http server\n",
        "crypto pki certificate chain a\n certificate self-signed 01\n  30820330 30820218\n  quit\nip http server\n",
    ),
    "lists by name, rules by number": (
        "ip prefix-list b10 seq 5 permit 0.0.0.0/0\nip prefix-list b9 seq 10 permit 0.0.0.0/0\n"
        "ip prefix-list b9 seq 5 deny 10.0.0.0/8\nroute-map b permit 20\nroute-map a permit 10\nroute-map b deny 10\n",
        "ip prefix-list b9 seq 5 deny 10.0.0.0/8\nip prefix-list b9 seq 10 permit 0.0.0.0/0\n"
        "ip prefix-list b10 seq 5 permit 0.0.0.0/0\nroute-map a permit 10\nroute-map b deny 10\n"
        "route-map b permit 20\n",
    ),
    "lists without numbers keep their order": (
        "ip community-list standard b permit 2:2\nip community-list standard a permit 1:1\n"
        "ip community-list standard b deny 1:1\n",
        "ip community-list standard a permit 1:1\nip community-list standard b permit 2:2\n"
        "ip community-list standard b deny 1:1\n",
    ),
    "static routes by destination": (
        "ip route vrf a 0.0.0.0 0.0.0.0 10.0.0.1\nip route 10.0.0.0 255.0.0.0 Null0\nip route 9.0.0.0 255.0.0.0 Null0\n"
        "ip route 0.0.0.0 0.0.0.0 10.0.0.1 250\n",
        "ip route 0.0.0.0 0.0.0.0 10.0.0.1 250\nip route 9.0.0.0 255.0.0.0 Null0\nip route 10.0.0.0 255.0.0.0 Null0\n"
        "ip route vrf a 0.0.0.0 0.0.0.0 10.0.0.1\n",
    ),
    "earlier words": (
        "ip domain-name a.example\nip name-server 10.0.0.2 10.0.0.1\nlogging 10.0.0.3\nno ip domain-lookup\n",
        "ip name-server 10.0.0.2\nip name-server 10.0.0.1\nno ip domain lookup\nip domain name a.example\n"
        "logging host 10.0.0.3\n",
    ),
    "BGP without families": (
        "router bgp 1\n no synchronization\n bgp log-neighbor-changes\n network 10.0.0.0\n neighbor g peer-group\n"
        " neighbor 10.0.0.2 remote-as 2\n neighbor 10.0.0.2 route-map a out\n neighbor 10.0.0.1 peer-group g\n"
        " no auto-summary\n",
        "router bgp 1\n bgp log-neighbor-changes\n neighbor g peer-group\n neighbor 10.0.0.1 peer-group g\n"
        " neighbor 10.0.0.2 remote-as 2\n address-family ipv4\n  network 10.0.0.0\n  neighbor 10.0.0.1 activate\n"
        "  neighbor 10.0.0.2 activate\n  neighbor 10.0.0.2 route-map a out\n exit-address-family\n",
    ),
    "BGP in which nobody is active by himself": (
        "router bgp 1\n no bgp default ipv4-unicast\n neighbor 2001:db8::2 remote-as 2\n"
        " neighbor 10.0.0.2 remote-as 2\n"
        " address-family ipv4 unicast\n  neighbor 10.0.0.2 activate\n exit-address-family\n address-family ipv6\n"
        "  neighbor 2001:db8::2 activate\n  no neighbor 10.0.0.2 activate\n exit-address-family\n",
        "router bgp 1\n neighbor 10.0.0.2 remote-as 2\n neighbor 2001:DB8::2 remote-as 2\n address-family ipv4\n"
        "  neighbor 10.0.0.2 activate\n  no neighbor 2001:DB8::2 activate\n exit-address-family\n address-family ipv6\n"
        "  neighbor 2001:DB8::2 activate\n exit-address-family\n",
    ),
    "usual values": (
        "no aaa new-model\nip routing\nlogging trap informational\ninterface e1\n mtu 1500\n switchport access vlan 1\n"
        " ip ospf hello-interval 10\n ip ospf dead-interval 40\n ipv6 ospf hello-interval 5\n"
        " ipv6 ospf dead-interval 20\n"
        "interface e2\n ip ospf hello-interval 10\n ip ospf network non-broadcast\n",
        "interface e1\n ipv6 ospf hello-interval 5\ninterface e2\n ip ospf network non-broadcast\n"
        " ip ospf hello-interval 10\n",
    ),
    "numbers in several spellings": (
        "ip community-list standard a seq 5 permit 4225171564 no-export\nroute-map a permit 10\n"
        " set community 64496:1 65537\n"
        "router ospf 1\n network 10.0.0.0 0.0.0.255 area 0.0.1.2\nrouter bgp 1\n address-family ipv4\n"
        "  network 192.0.2.0 mask 255.255.255.0\n  network 0.0.0.0 mask 0.0.0.0\n  network 10.1.0.0 mask 255.255.0.0\n",
        "router bgp 1\n address-family ipv4\n  network 0.0.0.0\n  network 10.1.0.0 mask 255.255.0.0\n"
        "  network 192.0.2.0\n"
        " exit-address-family\n"
        "router ospf 1\n network 10.0.0.0 0.0.0.255 area 258\n"
        "ip community-list standard a permit 64471:108 no-export\n"
        "route-map a permit 10\n set community 64496:1 1:1\n",
    ),
    "protocols and types of access lists": (
        "ip access-list extended a\n permit 6 any any\n permit icmp any any 8\n permit icmp any any 3 4\n"
        "ipv6 access-list b\n permit 58 any any 135\n",
        "ip access-list extended a\n permit tcp any any\n permit icmp any any echo\n permit icmp any any 3 4\n"
        "ipv6 access-list b\n permit icmp any any nd-ns\n",
    ),
    "a key of NTP": (
        "ntp authentication-key 1 md5 0822455D0A16 7\nip route 10.0.0.0 255.0.0.0 Null0 name a tag 7\n",
        "ip route 10.0.0.0 255.0.0.0 Null0 tag 7 name a\nntp authentication-key 1 md5 cisco\n",
    ),
    "passive by default": (
        "router ospf 1\n no passive-interface Vlan1\n passive-interface default\n",
        "router ospf 1\n passive-interface default\n no passive-interface Vlan1\n",
    ),
    "a banner's marks": (
        "banner motd #\n!hi ^\n interface e1\n#\nbanner login \x03one line\x03\n",
        "banner login ^Cone line^C\nbanner motd ^C\n!hi ^\n interface e1\n^C\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_canonical(name):
    shown, said = CASES[name]
    assert canonical(shown) == said
    assert canonical(said) == said


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_captures(path):
    said = canonical(path.read_text())
    assert canonical(said) == said
    # Nothing is lost but what the rules name.
    words = {line.strip() for line in path.read_text().splitlines()} - {
        line.strip() for line in said.splitlines()
    }
    words -= {"interface GigabitEthernet4"}  # part of the device, without settings
    assert {line for line in words if line and not line.startswith("!")} == {
        "no aaa new-model",
        *("Building configuration...", "version 16.4", "boot-start-marker", "boot-end-marker", "end"),
        *("no ip address", "negotiation auto", "no mop enabled", "no mop sysid"),
        *(
            line
            for line in words
            if line.startswith(("Current configuration : ", "license udi pid CSR1000V sn "))
        ),
    }


@given(st.sampled_from(TEXTS), st.randoms(use_true_random=False), st.integers(0, 12))
def test_idempotent_whatever_stands_in_it(text, chance, changes):
    rows = text.splitlines()
    for _ in range(changes):
        at = chance.randrange(len(rows))
        match chance.randrange(4):
            case 0:
                del rows[at]
            case 1:
                rows.insert(at, chance.choice(LINES))
            case 2:
                rows[at] = " " * chance.randrange(4) + rows[at].strip()
            case _:
                rows[at] = chance.choice(
                    ("banner motd ^C", "vlan 7-9,3", "ip name-server a b", f"no {rows[at].strip()}")
                )
    said = canonical("\n".join(rows))
    assert canonical(said) == said


@pytest.mark.parametrize("text", TEXTS)
def test_the_order_of_sections_and_of_an_interfaces_lines_says_nothing(text):
    wanted = canonical(text)
    sections, chance = [], random.Random(7)
    for row in wanted.splitlines():
        if row.startswith(" "):
            sections[-1].append(row)
        else:
            sections.append([row])
    for section in sections:
        if section[0].startswith("interface "):
            section[1:] = chance.sample(section[1:], len(section) - 1)
    chance.shuffle(sections)
    kept = [s for s in sections if s[0].split(" ", 1)[0] in ("subscriber", "multilink", "virtual-service")]
    others = [s for s in sections if s not in kept]
    kept.sort(key=lambda section: wanted.index(section[0]))  # of these IOS may mean the order
    assert canonical("\n".join(row for section in (*others, *kept) for row in section)) == wanted


@pytest.mark.parametrize("text", TEXTS)
def test_the_candidate_says_the_same_and_undoes_nothing_that_the_device_shows(text):
    form = FORMS["ios"]
    wanted = canonical(text)
    loaded = form.candidate(wanted, text)
    assert canonical(loaded) == wanted
    shown = {line.rstrip() for line in text.splitlines() if not line.strip().startswith("!")}
    missing = {line for line in shown - {*loaded.splitlines()} if line}
    moved = {line for line in missing if line.startswith(" neighbor ")}  # BGP without families
    assert missing - moved == {line for line in missing if line.startswith(("Building ", "Current "))}


def test_an_interface_that_is_no_longer_named_is_reset():
    running = (
        "interface GigabitEthernet1\n ip address 10.0.0.1 255.0.0.0\n shutdown\n negotiation auto\nend\n"
    )
    loaded = FORMS["ios"].candidate("hostname r1\n", running)
    assert loaded == "hostname r1\ninterface GigabitEthernet1\n negotiation auto\n no ip address\nend\n"


def test_a_secret_that_stays_keeps_its_spelling_and_a_banner_has_its_control_characters():
    running = "key chain k\n key 1\n  key-string 7 0822455D0A16\n"
    wanted = "key chain k\n key 1\n  key-string cisco\nbanner motd ^C\nhi\n^C\n"
    assert FORMS["ios"].candidate(wanted, running) == (
        "key chain k\n key 1\n  key-string 7 0822455D0A16\nbanner motd \x03\nhi\n\x03\nend\n"
    )


LIST = "ip access-list extended a\n permit tcp any any eq www\n deny ip any any\n"
LOADED = {
    "a list that stays is left as it is": (
        LIST,
        "ip access-list extended a\n 10 permit tcp any any eq www\n 30 deny   ip any any\n",
        "ip access-list extended a\n 10 permit tcp any any eq www\n 30 deny   ip any any\n",
    ),
    "another one has numbers where the device shows them": (
        LIST,
        "ip access-list extended a\n 10 permit tcp any any eq www\n",
        "ip access-list extended a\n 10 permit tcp any any eq www\n 20 deny   ip any any\n",
    ),
    "and none where it does not": (
        LIST,
        "ip access-list extended a\n permit tcp any any eq www\n",
        "ip access-list extended a\n permit tcp any any eq www\n deny   ip any any\n",
    ),
    "hosts stay in the device's order": (
        "ip access-list standard a\n permit 192.0.2.1\n permit 192.0.2.9\n deny any\n",
        "ip access-list standard a\n permit 192.0.2.9\n permit 192.0.2.1\n deny   any\n",
        "ip access-list standard a\n permit 192.0.2.9\n permit 192.0.2.1\n deny   any\n",
    ),
    "several on a line": (
        "ip name-server 192.0.2.1\nip name-server 192.0.2.2\nvlan 10\nvlan 11\n name a\nvlan 20\n",
        "ip name-server 192.0.2.1 192.0.2.2\nvlan 10,20\nvlan 11\n name a\n",
        "ip name-server 192.0.2.1 192.0.2.2\nvlan 10,20\nvlan 11\n name a\n",
    ),
    "several on a line, in another order": (
        "ip name-server 192.0.2.2\nip name-server 192.0.2.1\n",
        "ip name-server 192.0.2.1 192.0.2.2\n",
        "ip name-server 192.0.2.2\nip name-server 192.0.2.1\n",
    ),
    "lengths without an end": (
        "ip prefix-list a seq 5 permit 10.0.0.0/8 ge 25\n",
        "ip prefix-list a seq 5 permit 10.0.0.0/8 ge 25 le 32\n",
        "ip prefix-list a seq 5 permit 10.0.0.0/8 ge 25 le 32\n",
    ),
    "a certificate": (
        "crypto pki certificate chain a\n certificate self-signed 01\n  30820330\n  quit\n",
        "crypto pki certificate chain a\n certificate self-signed 01\n  30820330\n  \tquit\n",
        "crypto pki certificate chain a\n certificate self-signed 01\n  30820330\n  \tquit\n",
    ),
    "a password": (
        "username a password 0 cisco\n",
        "username a password 7 0822455D0A16\n",
        "username a password 7 0822455D0A16\n",
    ),
}


@pytest.mark.parametrize(("wanted", "running", "loaded"), LOADED.values(), ids=LOADED)
def test_what_stays_is_loaded_as_the_device_shows_it(wanted, running, loaded):
    assert canonical(wanted) == wanted
    assert FORMS["ios"].candidate(wanted, running) == f"{loaded}end\n"
    assert canonical(loaded) == wanted


def test_new_interfaces_are_loaded_as_the_device_shows_them():
    wanted = "interface Loopback1\ninterface Port-channel1\n switchport mode trunk\ninterface Vlan7\n ip address dhcp\n"
    assert FORMS["ios"].candidate(wanted, "hostname r1\nend\n") == (
        "interface Loopback1\n no ip address\ninterface Port-channel1\n switchport mode trunk\n"
        "interface Vlan7\n ip address dhcp\nend\n"
    )
