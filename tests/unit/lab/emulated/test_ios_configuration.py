"""Emulated IOS keeps what real IOS said, and takes or refuses each line as IOS does."""

from pathlib import Path

import pytest

from netmgr.lab.emulated.ios.configuration import Configuration
from netmgr.lab.emulated.ios.editor import Editor
from netmgr.lab.emulated.ios.engine import load
from netmgr.lab.emulated.ios.grammar import Misread

CAPTURES = sorted((Path(__file__).parents[3] / "data/configs/ios").glob("*.cfg"))
HARDWARE = [f"GigabitEthernet{number}" for number in range(1, 21)]


def lines(text: str) -> list[str]:
    """What of a capture is configuration: without headers, marks and empty lines."""
    kept = [line for line in text.splitlines() if line.strip() not in ("", "!", "end")]
    return [line for line in kept if not line.startswith(("!", "Building ", "Current configuration"))]


def typed(text: str, *, booting: bool = False) -> tuple[list[str], list[tuple[str, str]]]:
    """The configuration that comes of these lines, and the lines that were refused, with what was said."""
    configuration = Configuration(HARDWARE)
    refused = Editor(configuration, booting=booting).type_all(text)
    said = [(line, e.why if isinstance(e, Misread) else str(e)) for line, e in refused]
    return lines(configuration.text()), said


def test_there_are_captures():
    assert [path.stem for path in CAPTURES] == ["bgp-confederation", "central", "provider-edge-vrf"]


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_a_real_configuration_is_shown_as_the_device_showed_it(path):
    text = path.read_text()
    wanted = lines(text)
    configuration = Configuration(line.split()[1] for line in wanted if line.startswith("interface Gig"))
    assert load(configuration, text) == []
    assert lines(configuration.text()) == wanted
    again = Configuration(configuration.hardware)
    assert load(again, configuration.text()) == []
    assert again.text() == configuration.text()


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_modes_are_found_without_indentation(path):
    wanted = lines(path.read_text())
    assert typed("\n".join(line.strip() for line in wanted), booting=True)[0] == wanted


TAKEN = {
    "a value replaces the one before": ("hostname a\nhostname b", ["hostname b"]),
    "a list grows": (
        "ntp server 192.0.2.1\nntp server 192.0.2.2",
        ["ntp server 192.0.2.1", "ntp server 192.0.2.2"],
    ),
    "no takes away": ("ntp server 192.0.2.1\nno ntp server 192.0.2.1", []),
    "words may be cut short": (
        "int lo0\nip addr 192.0.2.1 255.255.255.255",
        ["interface Loopback0", " ip address 192.0.2.1 255.255.255.255"],
    ),
    "a new loopback has no address": ("interface Loopback0", ["interface Loopback0", " no ip address"]),
    "an address takes the place of none": (
        "interface Loopback0\nip address 192.0.2.1 255.255.255.255\nno ip address",
        ["interface Loopback0", " no ip address"],
    ),
    "physical ones begin shut": (
        "interface Gi1\nmtu 9000",
        ["interface GigabitEthernet1", " no ip address", " mtu 9000", " shutdown"],
    ),
    "no shutdown leaves nothing": (
        "interface Gi1\nno shutdown",
        ["interface GigabitEthernet1", " no ip address"],
    ),
    "a default that is on is shown only off": (
        "no ip domain lookup\nip source-route",
        ["no ip domain lookup"],
    ),
    "on again it is not shown": ("no ip domain lookup\nip domain lookup", []),
    "a line of the top closes what is open": (
        "router ospf 1\nrouter-id 192.0.2.1\nhostname x",
        ["hostname x", "router ospf 1", " router-id 192.0.2.1"],
    ),
    "IPv6 is written in capitals": (
        "ipv6 route 2001:db8::/32 2001:db8:1:0::1",
        ["ipv6 route 2001:DB8::/32 2001:DB8:1::1"],
    ),
    "the device clears the bits behind a mask": (
        "ip prefix-list a seq 5 permit 10.1.2.3/8",
        ["ip prefix-list a seq 5 permit 10.0.0.0/8"],
    ),
    "sequences have their order": (
        "route-map a permit 20\nroute-map a permit 10",
        ["route-map a permit 10", "route-map a permit 20"],
    ),
    "no with a name takes all of it": (
        "ip prefix-list a seq 5 permit 10.0.0.0/8\nip prefix-list a seq 10 permit 11.0.0.0/8\nno ip prefix-list a",
        [],
    ),
    "entries are numbered and shown without": (
        "ip access-list extended a\npermit ip any any\n5 deny ip host 192.0.2.1 any",
        ["ip access-list extended a", " deny   ip host 192.0.2.1 any", " permit ip any any"],
    ),
    "hosts of a standard list come first and alone": (
        "ip access-list standard a\ndeny 10.9.9.9 0.255.255.255\npermit host 192.0.2.1\ndeny any\n"
        "no permit host 192.0.2.1",
        ["ip access-list standard a", " deny   10.0.0.0 0.255.255.255", " deny   any"],
    ),
    "and in an order of their own": (
        "ip access-list standard a\ndeny 10.0.0.0 0.255.255.255\npermit host 192.0.2.1\npermit 192.0.2.9 0.0.0.0",
        [
            "ip access-list standard a",
            " permit 192.0.2.9",
            " permit 192.0.2.1",
            " deny   10.0.0.0 0.255.255.255",
        ],
    ),
    "a neighbor goes with its families": (
        "router bgp 1\nneighbor 192.0.2.1 remote-as 2\naddress-family ipv4\nneighbor 192.0.2.1 activate\n"
        "exit-address-family\nno neighbor 192.0.2.1 remote-as 2",
        ["router bgp 1", " address-family ipv4", " exit-address-family"],
    ),
    "a VRF takes the addresses with it": (
        "vrf definition a\nrd 1:1\ninterface Loopback0\nip address 192.0.2.1 255.255.255.255\nvrf forwarding a",
        ["vrf definition a", " rd 1:1", "interface Loopback0", " vrf forwarding a", " no ip address"],
    ),
    "a banner of several lines": (
        "banner motd #\nHello\nyou!#\nhostname x",
        ["hostname x", "banner motd ^C", "Hello", "you!^C"],
    ),
    "default clears an interface": (
        "interface Gi1\nno shutdown\nmtu 9000\ndefault interface Gi1",
        ["interface GigabitEthernet1", " no ip address", " shutdown"],
    ),
    "SNMPv3 users are never shown": ("snmp-server user u g v3 auth sha 12345678 priv aes 128 12345678", []),
    "what IOS always shows stays": ("version 16.9\nno version 16.9", ["version 16.9"]),
}


@pytest.mark.parametrize(("text", "shown"), TAKEN.values(), ids=TAKEN)
def test_taken(text, shown):
    assert typed(text) == (shown, [])


REFUSED = {
    "no such command": ("frobnicate", "invalid"),
    "no such command within a mode": ("interface Gi1\nfrobnicate", "invalid"),
    "a VLAN that does not exist": ("vlan 4095", "invalid"),
    "an address that is none": ("ntp source Gi1\nlogging source-interface 10.0.0.300", "invalid"),
    "a word is missing": ("interface Gi1\nip address 10.0.0.1", "incomplete"),
    "a name is missing": ("ip prefix-list a seq 5 permit", "incomplete"),
    "an abbreviation of several": ("s", "ambiguous"),
    "an interface that is not there": ("interface GigabitEthernet99", "invalid"),
    "physical interfaces stay": (
        "no interface GigabitEthernet1",
        "% Removal of physical interfaces is not permitted",
    ),
    "another AS": ("router bgp 1\nrouter bgp 2", "BGP is already running; AS is 1"),
    "a neighbor without its AS": (
        "router bgp 1\nneighbor 192.0.2.1 next-hop-self",
        "% Specify remote-as or peer-group commands first",
    ),
    "a host behind what covers it": (
        "ip access-list standard a\npermit 10.0.0.0 0.255.255.255\ndeny host 10.0.0.1",
        "% Access rule can't be configured at higher sequence num as it is part of the existing rule at"
        " sequence num 10",
    ),
    "a VRF that is not there": ("interface Gi1\nvrf forwarding a", "% VRF a not configured."),
}


@pytest.mark.parametrize(("text", "why"), REFUSED.values(), ids=REFUSED)
def test_refused(text, why):
    assert typed(text)[1] == [(text.splitlines()[-1], why)]


def test_passwords_are_salted():
    shown = [typed("username a secret geheim1")[0][0] for _ in range(2)]
    assert [line.split("$")[0] for line in shown] == ["username a secret 9 "] * 2
    assert shown[0] != shown[1]


def test_passwords_are_obfuscated_where_the_device_was_told_to():
    neighbor = "neighbor 192.0.2.1"
    text = f"service password-encryption\nrouter bgp 1\n{neighbor} remote-as 2\n{neighbor} password geheim1"
    line = typed(text)[0][-1]
    assert line.startswith(" neighbor 192.0.2.1 password 7 ")
    assert "geheim1" not in line
