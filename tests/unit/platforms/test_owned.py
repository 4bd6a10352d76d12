"""Owned sections: the lines of the owned features become those intended, and no other line moves."""

from functools import cache, partial
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmgr.model.intended import Intended
from netmgr.platforms import FORMS
from netmgr.platforms.owned import in_part, missing_sections

ROOT = Path(__file__).parents[2]
PARTIAL = sorted(name for name, form in FORMS.items() if form.ownable)


@cache
def configurations(platform):
    """Canonical texts of the platform: golden files, and real devices' where there are any."""
    files = [*ROOT.glob(f"golden/{platform}/*.conf"), *ROOT.glob(f"data/configs/{platform}/*.cfg")]
    return [FORMS[platform].canonical(path.read_text()) for path in sorted(files)]


def target(platform, intended, owned):
    return Intended(
        device="r1", platform=platform, candidate=intended, config=intended, owned=frozenset(owned)
    )


def lines(form, config, owned, *, ours, openers):
    """Lines that are owned, or the others; without those that open a section in any of the texts at hand."""
    paths = form.paths(config)
    return [path for path in paths if path not in openers and (form.feature_of(path) in owned) is ours]


def openers(form, *texts):
    """What opens a section that something stands in."""
    paths = [path for text in texts for path in form.paths(text)]
    return {path[:depth] for path in paths for depth in range(1, len(path))}


def test_the_platforms_that_can_be_managed_in_part():
    assert PARTIAL
    for name in PARTIAL:
        assert len(configurations(name)) > 2, name


@pytest.mark.parametrize("platform", PARTIAL)
@settings(deadline=None)
@given(data=st.data())
def test_what_is_not_owned_never_changes(platform, data):
    form, texts = FORMS[platform], configurations(platform)
    running, intended = data.draw(st.sampled_from(list(permutations(texts, 2))))
    owned = data.draw(st.sets(st.sampled_from(sorted(form.ownable)), min_size=1))
    result = in_part(target(platform, intended, owned), running, form)
    assert result.config == form.canonical(result.config)
    opening = openers(form, running, intended, result.config)
    theirs = partial(lines, form, owned=owned, ours=False, openers=opening)
    ours = partial(lines, form, owned=owned, ours=True, openers=opening)
    assert theirs(result.config) == theirs(running)
    assert ours(result.config) == ours(intended)
    assert opening <= openers(form, running, intended)
    assert in_part(result, result.config, form).config == result.config


@pytest.mark.parametrize("platform", PARTIAL)
def test_each_ownable_feature_has_lines_somewhere(platform):
    form = FORMS[platform]
    seen = {form.feature_of(path) for text in configurations(platform) for path in form.paths(text)}
    assert form.ownable - seen == set()
    assert seen - form.ownable <= {None}


RUNNING = """\
log syslog informational
interface eth1
 description as it was
 ip ospf cost 10
interface eth2
 ip address 10.9.0.1/24
 ip ospf cost 20
router bgp 65001
 neighbor 10.0.0.1 remote-as 65002
ip prefix-list OLD seq 5 permit any
"""
INTENDED = """\
interface eth1
 description as it shall be
 ip address 10.0.0.1/24
 ip address 10.0.0.0/24
 ip ospf cost 11
ip prefix-list NEW seq 5 permit any
"""


@pytest.mark.parametrize(
    ("owned", "removed", "added"),
    [
        ({"prefix_lists"}, {"ip prefix-list OLD seq 5 permit any"}, {"ip prefix-list NEW seq 5 permit any"}),
        ({"ospf"}, {" ip ospf cost 10", " ip ospf cost 20"}, {" ip ospf cost 11"}),
        (
            {"interfaces"},
            {" description as it was", " ip address 10.9.0.1/24"},
            {" description as it shall be", " ip address 10.0.0.1/24", " ip address 10.0.0.0/24"},
        ),
        ({"syslog_level"}, {"log syslog informational"}, set()),
    ],
)
def test_frr_in_part(owned, removed, added):
    form = FORMS["frr"]
    running = form.canonical(RUNNING)
    result = in_part(target("frr", form.canonical(INTENDED), owned), running, form)
    before, after = set(running.splitlines()), set(result.config.splitlines())
    assert (before - after, after - before) == (removed, added)


@pytest.mark.parametrize(
    ("platform", "line", "feature"),
    [
        ("eos", "interface Ethernet1/no switchport", "interfaces"),
        ("eos", "interface Ethernet1/switchport trunk allowed vlan 10", "switchport"),
        ("eos", "interface Ethernet1/ip ospf area 0.0.0.0", "ospf"),
        ("eos", "interface Vxlan1/vxlan udp-port 4789", None),
        ("eos", "router bgp 65000/vrf red/rd 1:1", "bgp"),
        ("eos", "banner login\nrouter bgp 1\nEOF", "banner"),
        ("eos", "no ip routing vrf red", "forwarding"),
        ("eos", "ip as-path access-list a permit ^1$ any", "as_path_lists"),
        ("eos", "ip virtual-router mac-address 00:dc:00:00:00:01", None),
        ("eos", "management api http-commands/no shutdown", None),
        ("ios", "interface Vlan10/ip access-group a in", "packet_filters"),
        ("ios", "interface Vlan10/vrf forwarding red", "interfaces"),
        ("ios", "no ip domain lookup", "dns"),
        ("ios", "ip domain name example.net", "domain"),
        ("ios", "snmp-server host 192.0.2.1 version 2c c", "snmp_hosts"),
        ("ios", "snmp-server location here", "snmp"),
        ("ios", "radius server one/key k", "aaa"),
        ("ios", "ip scp server enable", None),
        ("ios", "archive/path flash:a", None),
        ("ios", "line vty 0 4/transport input ssh", None),
        ("junos", "set firewall family inet filter a term 1 then accept", "acls"),
        ("junos", "set interfaces ge-0/0/0 unit 0 family inet filter input a", "packet_filters"),
        ("junos", "set system services ssh", None),
    ],
)
def test_whose_a_line_is(platform, line, feature):
    path = tuple(line.split("/")) if platform != "junos" else (line,)
    assert FORMS[platform].feature_of(path) == feature


EOS = """\
hostname core1
interface Ethernet1
   no switchport
   ip address 10.0.0.0/31
   ip access-group edge in
router bgp 65000
   neighbor 10.0.0.1 remote-as 65001
banner login
interface Ethernet1
   ip address 1.1.1.1/32
EOF
ntp server 192.0.2.1
"""
IOS = """\
hostname r1
ip access-list extended edge
 permit tcp any any eq 22
 deny ip any any
interface GigabitEthernet1
 ip address 10.0.0.0 255.255.255.254
 ip access-group edge in
banner login ^C
interface GigabitEthernet1
^C
ntp server 192.0.2.1
"""


@pytest.mark.parametrize(
    ("platform", "running", "old", "new", "owned"),
    [
        ("eos", EOS, "ntp server 192.0.2.1", "ntp server 192.0.2.2", "ntp"),
        ("eos", EOS, "   ip access-group edge in", "   ip access-group other in", "packet_filters"),
        ("eos", EOS, "   ip address 1.1.1.1/32\n", "", "banner"),
        ("ios", IOS, " permit tcp any any eq 22", " permit tcp any any eq 443", "acls"),
        ("ios", IOS, "banner login ^C\ninterface GigabitEthernet1\n^C\n", "", "banner"),
        ("ios", IOS, " ip address 10.0.0.0 255.255.255.254", " ip address 10.0.0.4 255.255.255.254", "interfaces"),
    ],
)  # fmt: skip
def test_what_is_owned_alone_is_exchanged(platform, running, old, new, owned):
    """The inventory says other things of everything else."""
    form = FORMS[platform]
    assert old in running
    meant = form.canonical(running.replace(old, new).replace("hostname ", "hostname not-"))
    result = in_part(target(platform, meant, {owned}), form.canonical(running), form)
    assert result.config == form.canonical(running.replace(old, new))


def test_addresses_are_sent_in_the_order_in_which_they_were_written():
    form = FORMS["frr"]
    meant = target("frr", form.canonical(INTENDED), {"interfaces"}).model_copy(update={"candidate": INTENDED})
    sent = in_part(meant, form.canonical(RUNNING), form).candidate
    assert sent.index("ip address 10.0.0.1/24") < sent.index("ip address 10.0.0.0/24")


def test_a_section_that_is_missing_and_not_owned_is_named():
    form = FORMS["frr"]
    running = form.canonical("interface eth2\n description other\n")
    meant = target("frr", form.canonical(INTENDED), {"ospf"})
    assert missing_sections(in_part(meant, running, form), running, form) == (("interface eth1",),)
    owning = meant.model_copy(update={"owned": frozenset({"ospf", "interfaces"})})
    assert missing_sections(in_part(owning, running, form), running, form) == ()


def test_a_device_that_is_managed_as_a_whole_is_left_alone():
    whole = Intended(device="r1", platform="frr", candidate="x", config="x")
    assert in_part(whole, RUNNING, FORMS["frr"]) is whole
    assert missing_sections(whole, RUNNING, FORMS["frr"]) == ()
