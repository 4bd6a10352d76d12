"""Whatever a file holds, the answer is an inventory or an InputError whose every problem has its file and line."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from netmgr.adapters.inventory_assembly import FILES, assemble
from netmgr.adapters.yaml_lines import parse
from netmgr.errors import InputError
from netmgr.intent.resolve import resolve
from tests.unit.inventory.samples import FORMS, GOOD

PLACE = re.compile(r"inventory/acme/(client|hosts|groups|defaults|topology)\.yaml:[1-9][0-9]*: .", re.DOTALL)
NAMES = st.sampled_from(sorted(FILES))


def attempt(files):
    try:
        inventory = assemble("acme", files, forms=FORMS)
    except InputError as error:
        assert error.problems
        for problem in error.problems:
            assert PLACE.match(problem), problem
            assert "\n" not in problem
        return
    resolve(inventory, FORMS)


def good():
    return {name: text.encode() for name, text in GOOD.items()}


@given(NAMES, st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_arbitrary_bytes(name, content):
    attempt(good() | {name: content})


@given(NAMES, st.text(alphabet="{}[]:,-&*!|>'\"#%@`?~<=. \n\tano01_r1eth", max_size=120))
@settings(max_examples=600, deadline=None)
def test_arbitrary_yaml_punctuation(name, content):
    attempt(good() | {name: content.encode()})


WORDS = (
    "r1 r2 eth1 lo id sites hq data groups platform frr loopback interfaces ipv4 ipv6 mtu enabled vrf lag mode ospf areas "
    "passive router_id bgp asn neighbors peer_as networks static_routes prefix next_hop discard extra_config section lines "
    "links endpoints subnet area cost redundancy entry system syslog level users password uid lifecycle service from to "
    "connection_options extras 10.0.0.0/31 10.0.0.1 10.255.0.1 2001:db8::1 0 1 64500 true null [] {} r1:eth1 r2:eth1 "
    "secret://env/x active external planned"
).split()
DATA = st.recursive(
    st.sampled_from(WORDS) | st.integers() | st.booleans() | st.none() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(WORDS) | st.integers(0, 9), inner, max_size=5)
    ),
    max_leaves=25,
)


@given(NAMES, DATA)
@settings(max_examples=600, deadline=None)
def test_data_of_every_shape(name, data):
    import yaml

    attempt(good() | {name: yaml.safe_dump(data).encode()})


LINES = [line for text in GOOD.values() for line in text.splitlines()] + [
    "  data:",
    "    interfaces: {eth1: {ipv4: 10.0.0.0/31}}",
    "  groups: [core]",
    "core: {}",
    "    ospf: {areas: {0: {interfaces: {eth1: {cost: 5}}}}}",
    'entry: ["r1"]',
    "    - [r1, r2]",
    "redundancy:",
]


@given(NAMES, st.lists(st.sampled_from(LINES), max_size=8))
@settings(max_examples=600, deadline=None)
def test_lines_put_together_anyhow(name, lines):
    attempt(good() | {name: "\n".join(lines).encode()})


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_the_parser_by_itself(content):
    problems = []
    result = parse(content, "f", problems)
    assert result is not None or problems
