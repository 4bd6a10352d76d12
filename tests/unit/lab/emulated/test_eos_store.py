"""Emulated EOS keeps what real EOS said, and changes line by line as EOS does."""

from pathlib import Path

import pytest

from netmgr.lab.emulated.eos.dialect import EOS
from netmgr.lab.emulated.store import Editor, Refused, Store
from netmgr.platforms import FORMS
from netmgr.platforms.passwords import Passwords

CAPTURES = sorted((Path(__file__).parents[3] / "data/configs/eos").glob("*.cfg"))


def body(text: str) -> list[str]:
    """The configuration without the header and the end that `show` adds."""
    lines = text.splitlines()
    first = next(n for n, line in enumerate(lines) if not line.startswith("!"))
    return lines[first : lines.index("end") - 1]


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_a_real_configuration_is_shown_as_the_device_showed_it(path):
    text = path.read_text()
    assert Store(EOS, text).text().splitlines() == body(text)


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_sections_are_found_without_indentation(path):
    """NAPALM's driver strips it."""
    text = path.read_text()
    store = Store(EOS)
    editor = Editor(store)
    for line in text.splitlines():
        editor.type(line.strip())
    assert store.text().splitlines() == body(text)


GOLDEN = sorted((Path(__file__).parents[3] / "golden/eos").glob("*.conf"))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_what_the_templates_say_is_taken_and_shown_without_a_change(path):
    """Two parsers that share no code: a line that one of them misreads differs. Indentation is lost on the way."""
    canonical = FORMS["eos"].canonical
    config = canonical(path.read_text())
    shown = canonical(Store(EOS, flat(config)).text())
    assert shown == FORMS["eos"].settled(config, shown, Passwords("", makes=False))


def flat(config: str) -> str:
    """Without indentation, as NAPALM's driver sends it; a banner's text is its own."""
    lines, inside = [], False
    for line in config.splitlines():
        lines.append(line if inside else line.strip())
        inside = line.startswith("banner ") or (inside and line != "EOF")
    return "\n".join(lines)


TYPED = {
    "a value replaces the one before": ("hostname a\nhostname b", ["hostname b"]),
    "a list grows": (
        "ntp server 192.0.2.1\nntp server 192.0.2.2",
        ["ntp server 192.0.2.1", "ntp server 192.0.2.2"],
    ),
    "no takes away": ("ntp server 192.0.2.1\nno ntp server 192.0.2.1", []),
    "no shutdown leaves nothing": (
        "interface Ethernet1\nshutdown\nno shutdown",
        ["interface Ethernet1"],
    ),
    "no switchport is shown": (
        "interface Ethernet1\nno switchport",
        ["interface Ethernet1", "   no switchport"],
    ),
    "switchport again is the default": (
        "interface Ethernet1\nno switchport\nswitchport",
        ["interface Ethernet1"],
    ),
    "default clears a section": (
        "interface Ethernet1\ndescription x\nmtu 9000\ndefault interface Ethernet1",
        ["interface Ethernet1"],
    ),
    "a VRF takes the addresses with it": (
        "interface Ethernet1\nip address 10.0.0.1/24\nvrf RED",
        ["interface Ethernet1", "   vrf RED"],
    ),
    "numbers decide the place": (
        "ip access-list A\n20 permit ip any any\n10 deny ip host 192.0.2.1 any",
        ["ip access-list A", "   10 deny ip host 192.0.2.1 any", "   20 permit ip any any"],
    ),
    "ports stand in their order": (
        "interface Ethernet10\ninterface Ethernet2",
        ["interface Ethernet2", "!", "interface Ethernet10"],
    ),
    "a mask becomes a length": (
        "interface Loopback0\nip address 192.0.2.1 255.255.255.255",
        ["interface Loopback0", "   ip address 192.0.2.1/32"],
    ),
    "defaults of BGP are not shown": (
        "router bgp 1\ntimers bgp 60 180\ndistance bgp 200 200 200\nneighbor 192.0.2.1 rib-in pre-policy retain\n"
        "neighbor 192.0.2.2 rib-in pre-policy retain all",
        ["router bgp 1", "   neighbor 192.0.2.2 rib-in pre-policy retain all"],
    ),
    "a route map's direction has one map": (
        "router bgp 1\nneighbor 192.0.2.1 route-map A in\nneighbor 192.0.2.1 route-map B in\n"
        "neighbor 192.0.2.1 route-map A out",
        ["router bgp 1", "   neighbor 192.0.2.1 route-map B in", "   neighbor 192.0.2.1 route-map A out"],
    ),
}


@pytest.mark.parametrize(("typed", "shown"), TYPED.values(), ids=TYPED)
def test_what_is_typed_is_kept_as_the_device_keeps_it(typed, shown):
    assert Store(EOS, typed).text().splitlines() == shown


def test_a_banner_is_kept_as_it_is():
    banner = "banner motd\n  two  spaces\n! no comment\nEOF\n"
    assert Store(EOS, banner).text() == banner


#: Members of a confederation stand in one list, without blanks.
_TWO_MEMBERS = "router bgp 1\nbgp confederation peers 2 3"


@pytest.mark.parametrize(
    "line", ["bogus", "interface Ethernet1\nbogus", "hostnam x", "no bogus", _TWO_MEMBERS]
)
def test_an_unknown_line_is_refused(line):
    with pytest.raises(Refused):
        Store(EOS, line)


SECRETS = {
    "a login": (
        "username a role network-admin secret geheim",
        "username a role network-admin secret sha512 ",
    ),
    "told to be in clear": ("enable password 0 geheim", "enable password sha512 "),
    "a server's key": ("tacacs-server host 192.0.2.1 key 0 geheim", "tacacs-server host 192.0.2.1 key 7 "),
}


@pytest.mark.parametrize(("typed", "shown"), SECRETS.values(), ids=SECRETS)
def test_secrets_are_salted(typed, shown):
    kept = {Store(EOS, typed).text() for _ in range(9)}
    assert all(text.startswith(shown) and "geheim" not in text for text in kept)
    assert len(kept) > 1


def test_a_neighbor_s_password_is_enciphered_with_its_name():
    text = "router bgp 1\nneighbor {} remote-as 2\nneighbor {} password geheim"
    kept = [Store(EOS, text.format(*[name] * 2)).text() for name in ("192.0.2.1", "192.0.2.2")]
    words = [text.splitlines()[-1].split() for text in kept]
    assert [line[2:4] for line in words] == [["password", "7"]] * 2
    assert words[0][4] != words[1][4]
    for name, shown in zip(("192.0.2.1", "192.0.2.2"), kept, strict=True):
        assert f"neighbor {name} password 0 geheim" in FORMS["eos"].canonical(shown)
