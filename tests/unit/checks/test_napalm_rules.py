"""NAPALM validate files: its traps are refused, and what is left is judged as NAPALM itself judges it."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from napalm.base import validate as napalm
from napalm.base.base import NetworkDriver

from netmgr.adapters.napalm_rules_yaml import read_rules
from netmgr.change.check_napalm import differences
from netmgr.platforms.napalm_getters import GETTERS

GOOD = """\
- get_facts:
    hostname: ^core1$
    interface_list: {list: [^lo$, "^eth[0-9]$"], _mode: strict}
    uptime: ">60"
- ping:
    _name: ping to the server
    _kwargs: {destination: 192.0.2.1, count: 2}
    success: {packet_loss: 0, probes_sent: 1<->3}
- get_bgp_neighbors:
    global: {router_id: ^10\\.255\\.0\\.1$}
"""


def read(text):
    problems = []
    rules = read_rules(text.encode(), "config/checks/napalm/a.yaml", problems)
    return rules, [str(problem) for problem in problems]


def test_a_file_without_traps():
    rules, problems = read(GOOD)
    assert problems == []
    assert [(rule.name, rule.getter.key) for rule in rules] == [
        ("get_facts", "get_facts"),
        ("ping to the server", "ping(count=2, destination='192.0.2.1')"),
        ("get_bgp_neighbors", "get_bgp_neighbors"),
    ]
    assert rules[0].expected == {
        "hostname": "^core1$",
        "interface_list": {"list": ["^lo$", "^eth[0-9]$"], "_mode": "strict"},
        "uptime": ">60",
    }


TRAPS = [
    (
        "- get_config: {running: ^x$}",
        "NAPALM ignores rules for get_config; remove it: netmgr compares the configuration itself",
    ),
    ("- get_fact: {hostname: ^a$}", "no getter 'get_fact'; did you mean 'get_facts'?"),
    ("- commit_config: {message: ^x$}", "no getter 'commit_config'; "),
    (
        "- get_facts: {hostname: core1}",
        "NAPALM searches 'core1' anywhere in the text, and more would match; write it like ^core1$",
    ),
    ("- get_facts: {hostname: ^a|b$}", "NAPALM searches '^a|b$' anywhere in the text"),
    (
        "- get_facts: {hostname: '^a[|]b$', fqdn: ^(a|b)$, os_version: '^a\\|b$', vendor: '^a\\$'}",
        "NAPALM searches '^a\\\\$'",
    ),
    ("- get_facts: {hostname: ^(a$}", "'^(a$' is no pattern: "),
    ("- get_facts: {uptime: <many}", "'<many' is no comparison; write it like <5, >=10, 1<->5 or 10%200"),
    ("- get_facts: {uptime: ==5}", "NAPALM searches '==5' anywhere in the text"),
    (
        "- get_facts: {interface_list: [^lo$]}",
        "NAPALM compares only the beginning of a plain list; write list: […] below the key",
    ),
    ("- get_facts: {interface_list: {list: ^lo$}}", "list must hold a list; write list: […]"),
    (
        "- get_facts: {interface_list: {list: [^lo$], eth0: ^x$}}",
        "'eth0' stands beside list: NAPALM ignores it; remove one",
    ),
    ("- get_facts: {_mode: exact}", "_mode 'exact' is not known; write strict, or leave it out"),
    (
        "- get_facts: ^core1$",
        "get_facts must hold a mapping; write what is expected of each key, or list: […]",
    ),
    ("- ping: {_kwargs: [192.0.2.1], success: {}}", "_kwargs must be a mapping of plain values"),
    ("- get_facts", "an item must be a getter with what its result shall hold; write - get_facts: {…}"),
    ("get_facts: {}", "the file must hold a list (- item)"),
    ("[]", "the file holds no rule; write - get_facts: {…}"),
]


@pytest.mark.parametrize(("text", "message"), TRAPS, ids=[text for text, _ in TRAPS])
def test_a_trap_is_refused_with_its_place(text, message):
    _, problems = read(text + "\n")
    assert [problem.startswith(f"config/checks/napalm/a.yaml:1: {message}") for problem in problems] == [True]


def test_a_getter_twice_would_overwrite_the_first():
    _, problems = read("- get_facts: {hostname: ^a$}\n- get_vlans: {}\n  get_facts: {vendor: ^b$}\n")
    assert problems == [
        "config/checks/napalm/a.yaml:3: get_facts was already given at config/checks/napalm/a.yaml:1: NAPALM keeps the "
        "last one only; put both into one, or name this one with _name"
    ]
    assert read("- get_facts: {hostname: ^a$}\n- get_facts: {_name: again, vendor: ^b$}\n")[1] == []


def test_the_getters_are_those_of_napalm():
    asked = {name for name in dir(NetworkDriver) if name.startswith("get_")} | {"ping", "traceroute"}
    assert asked == GETTERS


VALUES = st.recursive(
    st.integers(0, 5) | st.booleans() | st.sampled_from(["a", "b", "ab", "3", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
    max_leaves=8,
)
PATTERNS = (
    st.sampled_from(["^a$", "^ab?$", "^[0-9]$", "<4", ">=2", "1<->3", "50%4"])
    | st.integers(0, 5)
    | st.booleans()
)
MODE = st.sampled_from([{}, {"_mode": "strict"}])
EXPECTED = st.recursive(
    PATTERNS,
    lambda inner: (
        st.builds(
            lambda keys, mode: keys | mode, st.dictionaries(st.sampled_from("xyz"), inner, max_size=3), MODE
        )
        | st.builds(lambda items, mode: {"list": items} | mode, st.lists(inner, max_size=3), MODE)
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(st.sampled_from("xyz"), EXPECTED, max_size=3),
    st.dictionaries(st.sampled_from("xyz"), VALUES, max_size=3),
)
def test_what_complies_for_napalm_complies_here_and_nothing_else(expected, actual):
    try:
        report = napalm.compare(copy.deepcopy(expected), copy.deepcopy(actual))
    except (ValueError, TypeError, AttributeError):
        # NAPALM stops where a number is expected and none is there: it does not comply.
        assert list(differences(expected, actual, "get_facts")) != []
        return
    complies = report["complies"] if isinstance(report, dict) else report
    assert (list(differences(expected, actual, "get_facts")) == []) == complies


@pytest.mark.parametrize(
    ("expected", "actual", "found"),
    [
        ({"a": "^x$"}, {}, [("g.a", "missing")]),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, [("g.a.b", "1 expected, 2 found")]),
        ({"a": {"b": 1}}, {"a": 3}, [("g.a", "a mapping expected, 3 found")]),
        ({"_mode": "strict"}, {"a": 3}, [("g.a", "not expected")]),
        ({"a": {"list": [1, 1]}}, {"a": [1, 2]}, [("g.a[1]", "missing")]),
        ({"a": {"list": [1], "_mode": "strict"}}, {"a": [2, 1]}, [("g.a[2]", "not expected")]),
        ({"a": ">3"}, {"a": None}, [("g.a", "'>3' expected, None found")]),
    ],
)
def test_where_and_what(expected, actual, found):
    assert list(differences(expected, actual, "g")) == found
