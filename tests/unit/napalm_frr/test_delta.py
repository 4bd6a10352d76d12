"""The delta: from any configuration to any other, and the commands that make the difference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from napalm_frr.device.canonical import parse, render
from napalm_frr.device.delta import delta, merge, negate, script, without
from tests.unit.napalm_frr.frr_model import Device, Rejected

BGP = "router bgp 65001\n"
CASES = {
    "nothing": ("interface eth1\n description a\n", "interface eth1\n description a\n", ""),
    "a value in place": (
        "interface eth1\n description a\n ip ospf cost 5\n",
        "interface eth1\n description b\n ip ospf cost 6\n",
        "interface eth1\n description b\n ip ospf cost 6\nexit\n",
    ),
    "a value that has to go first": (
        "interface eth1\n ip ospf area 0\n",
        "interface eth1\n ip ospf area 1\n",
        "interface eth1\n no ip ospf area 0\n ip ospf area 1\nexit\n",
    ),
    "removals before additions, in reverse": (
        "interface eth1\n ip address 10.0.0.1/24\nrouter ospf\n network 10.0.0.0/8 area 0\n",
        "interface eth2\n ip address 10.0.0.1/24\n",
        "no router ospf\ninterface eth1\n no ip address 10.0.0.1/24\nexit\n"
        "interface eth2\n ip address 10.0.0.1/24\nexit\n",
    ),
    "an interface is emptied, not removed": (
        "interface eth1\n description a\n shutdown\n",
        "",
        "interface eth1\n no shutdown\n no description\nexit\n",
    ),
    "rules that move up": (
        "".join(f"ip prefix-list A seq {5 * n} permit 10.{n}.0.0/16\n" for n in (1, 2, 3, 4, 5)),
        "".join(f"ip prefix-list A seq {5 * n} permit 10.{n + 1}.0.0/16\n" for n in (1, 2, 3, 4)),
        "".join(f"no ip prefix-list A seq {5 * n} permit 10.{n}.0.0/16\n" for n in (5, 4, 3, 2))
        + "".join(f"ip prefix-list A seq {5 * n} permit 10.{n + 1}.0.0/16\n" for n in (1, 2, 3, 4)),
    ),
    "rules that change places": (
        "bgp as-path access-list A seq 5 permit ^1_\nbgp as-path access-list A seq 10 permit ^2_\n",
        "bgp as-path access-list A seq 5 permit ^2_\nbgp as-path access-list A seq 10 permit ^1_\n",
        "no bgp as-path access-list A seq 10 permit ^2_\nno bgp as-path access-list A seq 5 permit ^1_\n"
        "bgp as-path access-list A seq 5 permit ^2_\nbgp as-path access-list A seq 10 permit ^1_\n",
    ),
    "a rule in place": (
        "access-list A seq 5 permit 10.0.0.0/8\naccess-list A seq 10 deny any\n",
        "access-list A seq 5 permit 11.0.0.0/8\naccess-list A seq 10 deny any\n",
        "access-list A seq 5 permit 11.0.0.0/8\n",
    ),
    "no of no": ("no ip forwarding\n", "", "ip forwarding\n"),
    "the neighbor's as in place": (
        BGP + " neighbor 10.0.0.1 remote-as 2\n neighbor 10.0.0.1 password x\n",
        BGP + " neighbor 10.0.0.1 remote-as 3\n neighbor 10.0.0.1 password x\n",
        BGP + " neighbor 10.0.0.1 remote-as 3\nexit\n",
    ),
    "the own as": (
        BGP + " neighbor 10.0.0.1 remote-as 2\n",
        "router bgp 65002\n neighbor 10.0.0.1 remote-as 2\n",
        "no router bgp 65001\nrouter bgp 65002\n neighbor 10.0.0.1 remote-as 2\nexit\n",
    ),
    "a neighbor goes as a whole": (
        BGP
        + " neighbor 10.0.0.1 remote-as 2\n neighbor 10.0.0.1 timers 3 9\n neighbor 10.0.0.2 remote-as 2\n"
        " address-family ipv4 unicast\n  no neighbor 10.0.0.1 activate\n  network 10.0.0.0/8\n",
        BGP + " neighbor 10.0.0.2 remote-as 2\n address-family ipv4 unicast\n  network 10.0.0.0/8\n",
        BGP + " no neighbor 10.0.0.1\nexit\n",
    ),
    "a neighbor that joins a group is made anew": (
        BGP + " neighbor G peer-group\n neighbor G remote-as 2\n neighbor 10.0.0.1 remote-as 2\n"
        " address-family ipv6 unicast\n  neighbor 10.0.0.1 activate\n",
        BGP + " neighbor G peer-group\n neighbor G remote-as 2\n neighbor 10.0.0.1 peer-group G\n"
        " address-family ipv6 unicast\n  neighbor 10.0.0.1 activate\n",
        BGP + " no neighbor 10.0.0.1\n neighbor 10.0.0.1 peer-group G\n"
        " address-family ipv6 unicast\n  neighbor 10.0.0.1 activate\n exit\nexit\n",
    ),
    "a group that gets an as makes its members anew": (
        BGP + " neighbor G peer-group\n neighbor 10.0.0.1 remote-as 2\n neighbor 10.0.0.1 peer-group G\n",
        BGP + " neighbor G peer-group\n neighbor G remote-as 2\n neighbor 10.0.0.1 peer-group G\n",
        BGP + " no neighbor 10.0.0.1\n no neighbor G\n neighbor G peer-group\n neighbor G remote-as 2\n"
        " neighbor 10.0.0.1 peer-group G\nexit\n",
    ),
    "the group before its members, attributes after both": (
        "",
        BGP + " neighbor 10.0.0.1 description d\n neighbor 10.0.0.1 peer-group Z\n neighbor Z remote-as 2\n"
        " neighbor Z peer-group\n bgp listen range 10.0.0.0/8 peer-group Z\n no bgp default ipv4-unicast\n",
        BGP + " no bgp default ipv4-unicast\n neighbor Z peer-group\n neighbor Z remote-as 2\n"
        " neighbor 10.0.0.1 peer-group Z\n neighbor 10.0.0.1 description d\n"
        " bgp listen range 10.0.0.0/8 peer-group Z\nexit\n",
    ),
    "policy before what uses it": (
        "",
        BGP + " neighbor 10.0.0.1 remote-as 2\nroute-map A permit 10\n match as-path P\n"
        "bgp as-path access-list P seq 5 permit ^2\n",
        "bgp as-path access-list P seq 5 permit ^2\nroute-map A permit 10\n match as-path P\nexit\n"
        + BGP
        + " neighbor 10.0.0.1 remote-as 2\nexit\n",
    ),
    "an address family is emptied": (
        BGP + " address-family ipv6 unicast\n  network 2001:db8::/32\n",
        BGP,
        BGP + " address-family ipv6 unicast\n  no network 2001:db8::/32\n exit\nexit\n",
    ),
    "an empty section": ("", "router ospf\n", "router ospf\nexit\n"),
    "a key inside a chain": (
        "key chain K\n key 1\n  key-string a\n",
        "key chain K\n key 1\n  key-string b\n",
        "key chain K\n key 1\n  no key-string a\n  key-string b\n exit\nexit\n",
    ),
    "an instance in a vrf": (
        BGP + "router bgp 65001 vrf red\n neighbor 10.0.0.1 remote-as 2\n",
        BGP,
        "no router bgp 65001 vrf red\n",
    ),
    "a route in a vrf": (
        "vrf red\n ip route 10.0.0.0/8 10.1.1.1\n",
        "vrf red\n ip route 10.0.0.0/8 10.1.1.2\n",
        "vrf red\n no ip route 10.0.0.0/8 10.1.1.1\n ip route 10.0.0.0/8 10.1.1.2\nexit\n",
    ),
    "addresses in the order that was given": (
        "",
        "interface eth1\n ip address 10.0.0.9/24\n ip address 10.0.0.1/24\n",
        "interface eth1\n ip address 10.0.0.9/24\n ip address 10.0.0.1/24\nexit\n",
    ),
    "shut last": (
        "interface eth1\n description a\n",
        "interface eth1\n shutdown\n description b\n",
        "interface eth1\n description b\n shutdown\nexit\n",
    ),
    "link parameters go together": (
        "interface eth1\n link-params\n  enable\n  metric 5\n",
        "",
        "interface eth1\n link-params\n  no enable\n exit\nexit\n",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_commands(name):
    before, after, commands = CASES[name]
    assert script(delta(parse(before), parse(after)))[0] == commands


NEGATIONS = [
    ("shutdown", "no shutdown"),
    ("no ip forwarding", "ip forwarding"),
    ("description to r2 ! and more", "no description"),
    ("ip prefix-list P description x y", "no ip prefix-list P description x y"),
    ("neighbor 10.0.0.1 description x", "no neighbor 10.0.0.1 description x"),
    ("exec-timeout 5 0", "exec-timeout 10 0"),
    ("set as-path prepend 1 1", "no set as-path prepend"),
    ("set as-path exclude 1", "no set as-path exclude 1"),
    ("on-match goto 7", "no on-match goto"),
    ("on-match next", "no on-match next"),
    ("transmit-interval 100", "no transmit-interval"),
    ("echo receive-interval 100", "no echo receive-interval"),
    ("ip msdp peer 10.0.0.1 source 10.0.0.2", "no ip msdp peer 10.0.0.1"),
    ("enable password 8 abc", "no enable password"),
]


@pytest.mark.parametrize(("line", "command"), NEGATIONS)
def test_negation(line, command):
    assert negate(line) == command


def test_every_line_of_a_script_has_its_path():
    changes = delta(
        {},
        parse(BGP + " neighbor 10.0.0.1 remote-as 2\n address-family ipv4 unicast\n  network 10.0.0.0/8\n"),
    )
    text, paths = script(changes)
    bgp, family = ("router bgp 65001",), ("router bgp 65001", "address-family ipv4 unicast")
    assert list(zip(text.splitlines(), paths, strict=True)) == [
        ("router bgp 65001", bgp),
        (" neighbor 10.0.0.1 remote-as 2", (*bgp, "neighbor 10.0.0.1 remote-as 2")),
        (" address-family ipv4 unicast", family),
        ("  network 10.0.0.0/8", (*family, "network 10.0.0.0/8")),
        (" exit", family),
        ("exit", bgp),
    ]


MERGES = {
    "adds": (
        "router ospf\n",
        "interface eth1\n description a\n",
        "router ospf\ninterface eth1\n description a\n",
        (),
    ),
    "replaces a value": (
        "interface a\n description x\n",
        "interface a\n description y\n",
        "interface a\n description y\n",
        (),
    ),
    "repeats": (
        "interface a\n description x\n",
        "interface a\n description x\n",
        "interface a\n description x\n",
        (),
    ),
    "removes a line": ("ip route 10.0.0.0/8 blackhole\n", "no ip route 10.0.0.0/8 blackhole\n", "", ()),
    "removes by the first words": ("ip route 10.0.0.0/8 10.1.1.1 5\n", "no ip route 10.0.0.0/8\n", "", ()),
    "does not remove by half a word": (
        "ip route 10.0.0.0/8 10.1.1.1\n",
        "no ip route 10.0.0.0/80\n",
        "ip route 10.0.0.0/8 10.1.1.1\nno ip route 10.0.0.0/80\n",
        (("no ip route 10.0.0.0/80",),),
    ),
    "removes a section": (BGP + " neighbor 10.0.0.1 remote-as 2\n", "no router bgp 65001\n", "", ()),
    "removes a neighbor everywhere": (
        BGP
        + " neighbor 10.0.0.1 remote-as 2\n address-family ipv4 unicast\n  no neighbor 10.0.0.1 activate\n"
        "  network 10.0.0.0/8\n",
        BGP + " no neighbor 10.0.0.1\n",
        BGP + " address-family ipv4 unicast\n  network 10.0.0.0/8\n",
        (),
    ),
    "a negative that may be a line": (
        BGP,
        BGP + " no bgp ebgp-requires-policy\n",
        BGP + " no bgp ebgp-requires-policy\n",
        ((BGP.strip(), "no bgp ebgp-requires-policy"),),
    ),
    "a positive that undoes a negative": (
        BGP + " no bgp ebgp-requires-policy\n",
        BGP + " bgp ebgp-requires-policy\n",
        BGP,
        ((BGP.strip(), "bgp ebgp-requires-policy"),),
    ),
}


@pytest.mark.parametrize("name", MERGES)
def test_merge(name):
    running, candidate, target, questions = MERGES[name]
    found, either = merge(parse(running), parse(candidate))
    assert (render(found), sorted(either)) == (render(parse(target)), sorted(questions))


def test_merge_leaves_the_running_configuration_alone():
    running = parse("interface a\n description x\n")
    merge(running, parse("interface a\n description y\n"))
    assert running == parse("interface a\n description x\n")


def test_without():
    tree = parse(BGP + " no bgp ebgp-requires-policy\n neighbor 10.0.0.1 remote-as 2\n")
    assert render(without(tree, frozenset({("router bgp 65001", "no bgp ebgp-requires-policy")}))) == (
        BGP + " neighbor 10.0.0.1 remote-as 2\n"
    )


# Configurations as FRR could show them: every neighbor is made, every group that is joined exists.
GROUPS, PEERS = ("A", "B"), ("10.0.0.1", "10.0.0.2", "10.0.0.10", "eth1")


def some(*lines):
    """Some of the lines, in any order."""
    return st.lists(st.sampled_from(lines), unique=True)


@st.composite
def bgp_lines(draw):
    groups = {group: draw(st.sampled_from(["internal", "external", None])) for group in draw(some(*GROUPS))}
    lines = [f"neighbor {group} peer-group" for group in groups]
    lines += [f"neighbor {group} remote-as {asn}" for group, asn in groups.items() if asn]
    peers = draw(some(*PEERS))
    for peer in peers:
        group, asn = draw(st.sampled_from([None, *groups])), draw(st.integers(1, 3))
        if peer == "eth1":
            lines.append(f"neighbor {peer} interface remote-as external")
        elif group and groups[group]:
            lines.append(f"neighbor {peer} peer-group {group}")
        else:
            lines.append(f"neighbor {peer} remote-as {asn}")
            lines += [f"neighbor {peer} peer-group {group}"] if group else []
    made = [*groups, *peers]
    for name in made:
        lines += draw(some(f"neighbor {name} description a", f"neighbor {name} bfd"))
    for number, group in enumerate(sorted(groups)):
        lines += draw(some(f"bgp listen range 10.{number}.0.0/16 peer-group {group}"))
    lines += draw(some("no bgp ebgp-requires-policy", "no bgp default ipv4-unicast"))
    lines += [f"bgp router-id 1.1.1.{draw(st.integers(1, 2))}"]
    for family in ("ipv4 unicast", "ipv6 unicast"):
        inner = draw(some("network 10.0.0.0/8", "redistribute static"))
        for name in made:
            inner += draw(some(f"no neighbor {name} activate", f"neighbor {name} allowas-in"))
        lines += [f"address-family {family}", *(f" {line}" for line in draw(st.permutations(inner)))]
    return lines


def section_of(*lines, one_of=()):
    """Some of the lines, and one of each tuple in ``one_of`` or none."""
    several = some(*lines) if lines else st.just([])
    singles = st.tuples(*(st.sampled_from([None, *choice]) for choice in one_of))
    return st.builds(lambda many, few: many + [line for line in few if line], several, singles)


INTERFACE = section_of(
    "ip address 10.0.0.1/24",
    "ip address 10.0.0.2/24",
    "shutdown",
    one_of=[
        ("description a", "description b c"),
        ("ip ospf area 0", "ip ospf area 1"),
        ("ip ospf cost 1", "ip ospf cost 2"),
        ("ip ospf message-digest-key 1 md5 a", "ip ospf message-digest-key 1 md5 b"),
    ],
)
ROUTE_MAP = section_of(
    "match as-path P",
    "on-match next",
    one_of=[("set metric 1", "set metric 2"), ("set as-path prepend 1", "set as-path prepend 1 1")],
)
TOP = st.lists(
    st.sampled_from(
        [
            "no ip forwarding",
            "no ipv6 forwarding",
            "ip route 10.0.0.0/8 blackhole",
            "log syslog",
            "router ospf",
        ]
    ),
    unique=True,
)
LISTS = st.sampled_from(
    [
        [],
        ["ip prefix-list A seq 5 permit any"],
        ["ip prefix-list A seq 5 deny any"],
        ["ip prefix-list A seq 5 permit any", "ip prefix-list A seq 10 deny any"],
        ["ip prefix-list A seq 5 deny any", "ip prefix-list A seq 10 permit any"],
    ]
)
SECTIONS = {
    "interface eth1": INTERFACE,
    "interface eth2": INTERFACE,
    "router bgp 65001": bgp_lines(),
    "router bgp 65002": bgp_lines(),
    "router bgp 65001 vrf red": bgp_lines(),
    "vrf red": section_of("ip route 10.0.0.0/8 blackhole", "vni 100"),
    "route-map M permit 10": ROUTE_MAP,
    "route-map M deny 20": ROUTE_MAP,
    "line vty": section_of(one_of=[("exec-timeout 5 0", "exec-timeout 7 0")]),
}


@st.composite
def configurations(draw):
    text = [*draw(TOP), *draw(LISTS)]
    for section in draw(st.permutations(sorted(draw(st.sets(st.sampled_from(sorted(SECTIONS))))))):
        text += [section, *(f" {line}" for line in draw(SECTIONS[section]))]
    return parse("".join(f"{line}\n" for line in text))


@given(configurations(), configurations())
def test_the_delta_leads_from_any_configuration_to_any_other(before, after):
    assert Device(before).take(delta(before, after)) == after


@given(configurations(), configurations())
def test_the_delta_leads_back(before, after):
    assert Device(after).take(delta(after, before)) == before


@given(configurations())
def test_there_is_no_delta_between_equals(tree):
    assert delta(tree, tree) == []
    assert delta(tree, parse(render(tree))) == []


@given(configurations(), configurations())
def test_a_merge_is_reached_as_well(running, candidate):
    target, either = merge(running, candidate)
    try:
        found = Device(running).take(delta(running, target))
    except Rejected:
        return  # two halves that FRR does not take together
    assert without(found, either) == without(target, either)


def test_the_model_notices_a_neighbor_that_was_lost():
    before = parse(BGP + " neighbor 10.0.0.1 remote-as 2\n neighbor 10.0.0.1 bfd\n")
    after = parse(BGP + " neighbor 10.0.0.1 remote-as 3\n neighbor 10.0.0.1 bfd\n")
    section = ("router bgp 65001",)
    wrong = [(*section, "no neighbor 10.0.0.1 remote-as 2"), (*section, "neighbor 10.0.0.1 remote-as 3")]
    assert Device(before).take(wrong) != after
