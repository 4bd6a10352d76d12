"""FRR: everything that the templates render is read back whole, and whatever else FRR runs stays as it is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from napalm_frr.device.canonical import opens_section, parse, render, unite
from netmgr.adapters.inventory_yaml import YamlInventories
from netmgr.adapters.template_source import TemplateDirectory
from netmgr.intent.render import Renderer
from netmgr.intent.resolve import resolve
from netmgr.platforms import FORMS
from tests.unit.adopt.law import ROOT, assert_law, canonical

GOLDEN = sorted((ROOT / "tests" / "golden" / "frr").glob("*.conf"))


#: What the golden files hold beyond the model; and which interfaces a VRF holds FRR does not show.
VERBATIM = {
    "extra-config": [
        "log timestamp precision 3",
        "maximum-paths 4",
        "log-adjacency-changes detail",
        "line vty",
        "exec-timeout 5 0",
    ],
    "vrfs": [
        "ip ospf area 0",
        "ipv6 ospf6 area 0",
        "ip address 10.0.0.1/24",
        "router ospf vrf red",
        "ospf router-id 10.255.0.1",
        "router ospf6 vrf red",
        "ospf6 router-id 10.255.0.1",
    ],
}


def unexplained(found):
    return [line.text.strip() for line in found.unexplained]


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_the_golden_files_are_read_whole(path):
    found = assert_law("frr", path.read_text())
    assert unexplained(found) == VERBATIM.get(path.stem, [])


def renderings(client):
    inventory = YamlInventories(ROOT, FORMS).load(client)
    renderer = Renderer(TemplateDirectory(ROOT).sources(client, frozenset({"frr"})))
    return {device.name: renderer.render(device) for device in resolve(inventory, FORMS).devices}


@pytest.mark.parametrize("client", ["acme", "abilene"])
def test_the_example_clients_are_read_whole(client):
    for text in renderings(client).values():
        found = assert_law("frr", text)
        assert unexplained(found) == []
        assert "extra_config" not in found.data


BASES = [
    *(canonical("frr", path.read_text()) for path in GOLDEN),
    *(canonical("frr", text) for text in renderings("acme").values()),
]
#: Lines that FRR takes in some section, by the beginning of its opener; the model has most of them under conditions.
OTHERS = {
    "": (
        "log syslog debugging",
        "log syslog",
        "no ipv6 forwarding",
        "router rip",
        "route-map out permit 20",
        "route-map in deny 5",
        "ip prefix-list list9 description old",
        "ip prefix-list list10 seq 7 permit any",
        "ip prefix-list six seq 5 permit 10.0.0.0/8",
        "ip prefix-list default4 seq 10 permit 10.0.0.0/8 ge 9",
        "access-list inside seq 20 permit 10.9.0.0/16 exact-match",
        "bgp community-list standard customers seq 15 permit 64496:100",
        "bgp community-list expanded any seq 5 permit .*",
        "bgp as-path access-list from-a seq 15 permit _65000_",
        "ip route 192.0.2.0/24 10.0.0.9 200",
        "ip route 198.51.100.0/24 eth1 1",
        "ip route 198.51.100.0/24 eth77",
        "ip route 198.51.100.0/24 10.0.0.9 tag 5",
        "ipv6 route 2001:db8:77::/48 fe80::1 eth1",
        "password 8 aBcDeFgHiJk",
        "router bgp 64999 vrf red",
        "interface eth9 vrf red",
        "key chain keys",
    ),
    "interface": (
        "description of another kind",
        "shutdown",
        "ip address 10.99.0.1/24",
        "ip address 10.1.255.3/32",
        "ip address 10.0.0.0/24 label x",
        "ipv6 address 2001:db8:99::1/64",
        "ipv6 address fe80::1/64",
        "ip ospf area 0",
        "ip ospf area 0.0.0.1",
        "ip ospf cost 77",
        "ip ospf cost 10",
        "ip ospf hello-interval 5",
        "ip ospf dead-interval 40",
        "ip ospf dead-interval minimal hello-multiplier 4",
        "ip ospf network point-to-point",
        "ip ospf network non-broadcast",
        "ip ospf passive",
        "ip ospf priority 5",
        "ip ospf authentication message-digest",
        "ip ospf message-digest-key 3 md5 orangejuice",
        "ipv6 ospf6 area 0",
        "ipv6 ospf6 area 1",
        "ipv6 ospf6 cost 77",
        "ipv6 ospf6 hello-interval 5",
        "ipv6 ospf6 dead-interval 20",
        "ipv6 ospf6 network broadcast",
        "ipv6 ospf6 passive",
        "ipv6 ospf6 authentication key-id 3 hash-algo hmac-sha-256 key orangejuice",
        "ip pim",
    ),
    "router ospf": (
        "ospf router-id 10.255.0.77",
        "network 10.0.0.0/8 area 0",
        "redistribute connected route-map out",
        "redistribute static",
        "default-information originate",
        "default-information originate always",
        "auto-cost reference-bandwidth 1000",
        "area 1 stub",
    ),
    "router ospf6": (
        "ospf6 router-id 10.255.0.77",
        "redistribute static",
        "default-information originate",
        "auto-cost reference-bandwidth 1000",
    ),
    "route-map": (
        "description why",
        "match tag 5",
        "match interface eth1",
        "match interface eth77",
        "match ip address prefix-list list9",
        "match ip address prefix-list nowhere",
        "match ipv6 address prefix-list six",
        "match ip address inside",
        "match metric 7",
        "set metric +5",
        "set metric 5",
        "set community 64496:9 64496:1",
        "set community 64496:1 additive",
        "set ip next-hop 192.0.2.1",
        "set ip next-hop peer-address",
        "set as-path prepend last-as 2",
        "on-match next",
        "call other",
    ),
    "router bgp": (
        "bgp router-id 10.255.0.78",
        "bgp cluster-id 10.255.0.79",
        "no bgp ebgp-requires-policy",
        "bgp log-neighbor-changes",
        "no bgp default ipv4-unicast",
        "neighbor strange peer-group",
        "neighbor 10.0.0.1 peer-group customers",
        "neighbor 10.0.0.1 peer-group strange",
        "neighbor 10.0.0.1 remote-as external",
        "neighbor 10.255.0.10 remote-as 64496",
        "neighbor customers remote-as 64500",
        "neighbor eth1 interface remote-as external",
        "neighbor 192.0.2.9 remote-as 64777",
        "neighbor 2001:db8:99::9 remote-as 64777",
        "neighbor 192.0.2.9 description a neighbor",
        "neighbor 192.0.2.9 password orangejuice",
        "neighbor 192.0.2.9 timers 0 0",
        "neighbor 192.0.2.9 timers 30 10",
        "neighbor 192.0.2.9 timers connect 5",
        "neighbor 192.0.2.9 shutdown",
        "neighbor 192.0.2.9 update-source eth1",
        "neighbor 192.0.2.9 update-source eth77",
        "neighbor 192.0.2.9 ebgp-multihop 3",
        "neighbor 10.0.0.9 timers 10 30",
        "neighbor 10.0.0.9 timers 0 0",
        "neighbor 10.0.0.9 description a customer",
        "neighbor customers shutdown",
        "neighbor customers ebgp-multihop 255",
        "neighbor clients4 ebgp-multihop 255",
    ),
    "address-family": (
        "network 198.51.100.0/24",
        "network 2001:db8:98::/48",
        "network 198.51.100.0/24 route-map out",
        "redistribute connected",
        "redistribute ospf",
        "redistribute ospf6",
        "redistribute static route-map out",
        "redistribute static route-map nowhere",
        "maximum-paths 4",
        "neighbor 192.0.2.9 activate",
        "neighbor 2001:db8:99::9 activate",
        "neighbor strange activate",
        "no neighbor 192.0.2.9 activate",
        "no neighbor 10.0.0.1 activate",
        "no neighbor strange activate",
        "no neighbor inside activate",
        "neighbor 10.0.0.1 activate",
        "neighbor 10.0.0.9 next-hop-self",
        "neighbor 192.0.2.9 next-hop-self",
        "neighbor 192.0.2.9 next-hop-self force",
        "neighbor 192.0.2.9 route-map out out",
        "neighbor 192.0.2.9 route-map nowhere in",
        "neighbor 192.0.2.9 maximum-prefix 7",
        "neighbor 192.0.2.9 maximum-prefix 7 warning-only",
        "neighbor 192.0.2.9 default-originate route-map out",
        "no neighbor 192.0.2.9 send-community large",
        "no neighbor 192.0.2.9 send-community extended",
        "no neighbor 192.0.2.9 send-community",
        "no neighbor 10.0.0.9 send-community all",
        "neighbor 10.0.0.9 maximum-prefix 10",
    ),
    "vrf": ("vni 100", "ip route 198.51.100.0/24 10.0.0.9", "ip route 198.51.100.0/24 eth77"),
}


def sections(tree, path=()):
    """Every section of a configuration, the top level among them."""
    yield path, tree
    for line, below in tree.items():
        if below or opens_section((*path, line)):
            yield from sections(below, (*path, line))


@st.composite
def configurations(draw):
    """What netmgr renders, parts of two devices mixed, with lines missing and others in their places."""
    tree = parse(draw(st.sampled_from(BASES)))
    if draw(st.booleans()):
        unite(tree, parse(draw(st.sampled_from(BASES))))
    for _ in range(draw(st.integers(0, 6))):
        found = [(path, section) for path, section in sections(tree) if section]
        if found:
            _, section = draw(st.sampled_from(found))
            del section[draw(st.sampled_from(sorted(section)))]
    for _ in range(draw(st.integers(0, 8))):
        path, section = draw(st.sampled_from(list(sections(tree))))
        kind = path[-1] if path else ""
        words = next((key for key in sorted(OTHERS, reverse=True) if key and kind.startswith(key)), "")
        if path and not words:
            continue
        section.setdefault(draw(st.sampled_from(OTHERS[words])), {})
    return render(tree)


@given(configurations())
@settings(max_examples=100, deadline=None)
def test_whatever_a_router_runs_is_kept(text):
    assert_law("frr", text)


def test_one_setting_that_stands_twice_is_read_once():
    text = canonical("frr", (ROOT / "tests/golden/frr/ospf.conf").read_text())
    found = assert_law("frr", text.replace(" auto-cost", " auto-cost reference-bandwidth 7\n auto-cost"))
    assert unexplained(found) == ["auto-cost reference-bandwidth 1000000"] * 2


def test_numbers_of_ones_own_are_kept():
    text = canonical("frr", (ROOT / "tests/golden/frr/policies.conf").read_text())
    for old, new in (
        ("list9 seq 15", "list9 seq 12"),
        ("import deny 30", "import deny 35"),
        ("inside seq 5", "inside seq 1"),
    ):
        assert old in text
        text = text.replace(old, new)
    found = assert_law("frr", text)
    assert unexplained(found) == []
    assert [rule.get("sequence") for rule in found.data["prefix_lists"]["list9"]] == [
        None,
        None,
        12,
        20,
        None,
    ]
    assert [s.get("sequence") for s in found.data["route_maps"]["import"]] == [None, None, 35, 40, None]
    assert [entry.get("sequence") for entry in found.data["acls"]["inside"]["entries"]] == [1, 10, None]


def test_secrets_are_named_and_gone():
    text = canonical("frr", (ROOT / "tests/golden/frr/bgp-peer-groups.conf").read_text())
    text = text.replace("secret://env/six", "orangejuice") + "line vty\n password orangejuice\n"
    found = assert_law("frr", text)
    assert found.data["bgp"]["peer_groups"]["clients6"]["auth_password"] == "secret://age/bgp-clients6"
    assert found.data["extra_config"] == [
        {"section": "line vty", "lines": ["password secret://age/bgp-clients6"]}
    ]
    assert found.secrets == {"bgp-clients6": "orangejuice"}
