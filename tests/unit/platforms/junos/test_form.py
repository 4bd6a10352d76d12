"""Junos' form: what is loaded, whose ends and sides a change touches, what may be shown and written word for word."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmgr.change.links import changed_ends
from netmgr.change.timing import strictest, timers
from netmgr.platforms import FORMS
from netmgr.platforms.form import TimerLimits

JUNOS = FORMS["junos"]
CAPTURES = {
    path.name: path.read_text() for path in (Path(__file__).parents[3] / "data/configs/junos").iterdir()
}

CONFIG = JUNOS.canonical("""
set system host-name r1
set interfaces ge-0/0/0 description "to r2"
set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.0/31
set interfaces ge-0/0/1 unit 100 family inet address 10.0.0.8/31
set interfaces lo0 unit 0 family inet address 10.255.0.1/32
set routing-options autonomous-system 65001
set routing-options router-id 10.255.0.1
set protocols ospf area 0.0.0.0 interface ge-0/0/0.0 metric 10
set protocols ospf area 0.0.0.0 interface ge-0/0/0.0 hello-interval 1
set protocols bgp group peers peer-as 65002
set protocols bgp group peers authentication-key x
set protocols bgp group peers neighbor 10.0.0.1 description "r2, the other"
set protocols bgp group peers neighbor 10.0.0.1 export out
set protocols bgp group inside type internal
set protocols bgp group inside local-address 10.255.0.1
set protocols bgp group inside hold-time 9
set protocols bgp group inside neighbor 10.255.0.9
""")
PORT, OTHER, LOOPBACK = ("interface", "ge-0/0/0"), ("interface", "ge-0/0/1.100"), ("interface", "lo0")
OSPF, LINK, FAR = ("ospf", "ge-0/0/0"), ("bgp", "10.0.0.1"), ("bgp", "10.255.0.9")

CASES = [
    # (old, new, ends of links, sides of adjacencies)
    ('description "to r2"', 'description "to r3"', {PORT}, set()),
    ("host-name r1", "host-name r9", set(), set()),
    ("router-id 10.255.0.1", "router-id 10.255.0.7", set(), set()),
    ("metric 10", "metric 20", {PORT}, set()),
    ("hello-interval 1", "hello-interval 2", {PORT}, {OSPF}),
    ("area 0.0.0.0 interface ge-0/0/0.0", "area 0.0.0.1 interface ge-0/0/0.0", {PORT}, {OSPF}),
    ("10.0.0.0/31", "10.0.0.0/30", {PORT}, {OSPF, LINK}),
    ("10.0.0.8/31", "10.0.0.6/31", {OTHER}, set()),
    ("address 10.255.0.1/32", "address 10.255.0.5/32", {LOOPBACK}, {FAR}),
    ("autonomous-system 65001", "autonomous-system 65099", {LINK, FAR}, {LINK, FAR}),
    ("peer-as 65002", "peer-as 65098", {LINK}, {LINK}),
    ("authentication-key x", "authentication-key y", {LINK}, {LINK}),
    ("hold-time 9", "hold-time 30", set(), {FAR}),
    ('"r2, the other"', "r2", set(), set()),
    ("export out", "export none", set(), {LINK}),
]


@pytest.mark.parametrize(("old", "new", "ends", "sides"), CASES, ids=[case[0] for case in CASES])
def test_what_a_change_touches(old, new, ends, sides):
    assert old in CONFIG
    after = JUNOS.canonical(CONFIG.replace(old, new))
    assert changed_ends(JUNOS.link_data(CONFIG), JUNOS.link_data(after)) == ends
    assert JUNOS.changed_sides(CONFIG, after) == sides


def test_every_interface_and_session_has_an_end():
    assert JUNOS.link_data(CONFIG).keys() >= {PORT, OTHER, LOOPBACK, LINK, FAR}


def loaded(shown, script):
    """What a device has that showed ``shown`` and took the commands."""
    return JUNOS.canonical(shown.replace("{master:0}", "") + "\n" + script)


def test_a_candidate_replaces_what_differs_and_nothing_else():
    shown = (
        CONFIG + "set system login user ops uid 2001\nset system login user gone uid 2002\nset version 20.1\n"
    )
    wanted = CONFIG.replace("host-name r1", "host-name r2") + "set system login user ops class super-user\n"
    wanted = JUNOS.canonical(wanted.replace('set interfaces ge-0/0/0 description "to r2"\n', ""))
    script = JUNOS.candidate(wanted, shown)
    assert [line for line in script.splitlines() if not line.startswith("set interfaces")] == [
        "delete system",
        "delete interfaces",
        "set system host-name r2",
        "set system login user ops class super-user",
        "set system login user ops uid 2001",
    ]
    assert loaded(shown, script) == wanted


def test_what_is_protected_is_released_first():
    shown = CONFIG + "protect interfaces lo0\n"
    assert JUNOS.candidate(CONFIG, shown).splitlines()[:2] == [
        "unprotect interfaces lo0",
        "delete interfaces",
    ]


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from([*CAPTURES.values(), CONFIG, ""]),
    st.sampled_from([*CAPTURES.values(), CONFIG, ""]),
    st.data(),
)
def test_a_candidate_makes_any_configuration_of_any_other(one, other, data):
    lines = JUNOS.canonical(other).splitlines(keepends=True)
    kept = data.draw(st.sets(st.integers(0, max(0, len(lines) - 1)), max_size=10))
    wanted = JUNOS.canonical("".join(line for n, line in enumerate(lines) if n not in kept))
    script = JUNOS.candidate(wanted, one)
    assert loaded(one, script) == wanted
    assert JUNOS.candidate(wanted, loaded(one, script)) == ""


def test_a_fresh_device_is_empty():
    fresh = """
        system { root-authentication { encrypted-password "$6$a$b"; } services { ssh; netconf { ssh; } }
                 syslog { file messages { any notice; } } }
        interfaces { fxp0 { unit 0 { family inet { address 192.0.2.1/24; } } } }
    """
    assert JUNOS.is_empty(JUNOS.canonical(fresh))
    assert not any(JUNOS.is_empty(JUNOS.canonical(text)) for text in (CONFIG, *CAPTURES.values()))


@pytest.mark.parametrize(
    ("line", "subject"),
    [
        ("set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.0/31", "interfaces ge-0/0/0"),
        ("deactivate interfaces ge-0/0/0", "interfaces ge-0/0/0"),
        ("set system login user ops class super-user", "system login user ops"),
        ("set system services netconf ssh", "system services netconf"),
        ("set policy-options policy-statement p term a then accept", "policy-options policy-statement p"),
        ("set firewall family inet filter f term a then accept", "firewall family inet filter f"),
        ("set protocols bgp group g type internal", "protocols bgp group g"),
        ("set routing-options static route 0.0.0.0/0 discard", "routing-options static route 0.0.0.0/0"),
        ("set vlans default vlan-id 1", "vlans default"),
        ("set chassis", "chassis"),
    ],
)
def test_what_a_line_is_about(line, subject):
    assert JUNOS.subject(line) == subject


@pytest.mark.parametrize(
    ("command", "allowed"),
    [
        ("show bgp summary", True),
        ("show configuration | display set", True),
        ("show configuration protocols bgp | display set | match 10.0.0.1", True),
        ("show log messages | no-more", True),
        ("show configuration | save /tmp/x", False),
        ("show configuration | display set | save x", False),
        ("request system reboot", False),
        ("clear bgp neighbor", False),
        ("show", False),
        ("show version\nrequest system reboot", False),
    ],
)
def test_what_may_be_run_to_look(command, allowed):
    assert JUNOS.may_show(command) is allowed


@pytest.mark.parametrize(
    ("section", "lines", "problems"),
    [
        ((), ("set system ports console type vt100", "deactivate protocols lldp", "protect system"), []),
        ((), ("interfaces ge-0/0/0 mtu 9000",), [("lines", 0, "begins with none of set, deactivate")]),
        ((), ('set system location building "x',), [("lines", 0, "a quotation mark is never closed")]),
        ((), ("set system",), []),
        (
            (),
            ("set",),
            [("lines", 0, "begins with none of set, deactivate and protect, or says nothing more")],
        ),
        ((), ("delete system",), [("lines", 0, "delete is no part of a configuration")]),
        ((), ("set version 20.1",), [("lines", 0, "is nothing that is compared or sent")]),
        ((), ("set system name-server [ a b ]",), [("lines", 0, "has a list in brackets")]),
        (("system",), ("host-name r1",), [("section", 0, "a command says its whole path")]),
    ],
)
def test_lines_word_for_word(section, lines, problems):
    found = list(JUNOS.verbatim(section, lines))
    assert [(problem.key, problem.index) for problem in found] == [(key, index) for key, index, _ in problems]
    assert all(
        problem.message.startswith(said) for problem, (_, _, said) in zip(found, problems, strict=True)
    )


def test_timers_run_whole_minutes():
    assert JUNOS.commit_confirm == TimerLimits(minimum=60, maximum=3_932_100, step=60)
    both = strictest([JUNOS.commit_confirm, TimerLimits(1, 86_399)])
    assert both == TimerLimits(60, 86_399, 60)
    assert [wave.seconds for wave in timers([2], None, [both]).waves] == [120]
    assert [wave.seconds for wave in timers([2], 60, [both]).waves] == [60]
