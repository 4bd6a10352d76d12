"""Whatever a file holds, the answer is an inventory or an InputError whose every problem has its file and line."""

import re

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from netmgr.adapters.inventory_assembly import FILES, assemble
from netmgr.adapters.yaml_lines import parse
from netmgr.errors import InputError
from netmgr.intent.resolve import resolve
from tests.unit.inventory.samples import FORMS, GOOD, RICH

PLACE = re.compile(r"inventory/acme/(client|hosts|groups|defaults|topology)\.yaml:[1-9][0-9]*: .", re.DOTALL)
NAMES = st.sampled_from(sorted(FILES))


def problems_of(files):
    try:
        resolve(assemble("acme", files, forms=FORMS), FORMS)
    except InputError as error:
        return error.problems
    return ()


def attempt(files):
    assert [p for p in problems_of(files) if not PLACE.match(p) or "\n" in p] == []


def good():
    return {name: text.encode() for name, text in GOOD.items()}


@given(NAMES, st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_arbitrary_bytes(name, content):
    attempt(good() | {name: content})


@given(NAMES, st.text(alphabet="{}[]:,-&*!|>'\"#%@`?~<=. \n\tano01_r1eth", max_size=120))
@settings(max_examples=300, deadline=None)
def test_arbitrary_yaml_punctuation(name, content):
    attempt(good() | {name: content.encode()})


#: Keys and values that mean something, so that the data goes deeper than the first check.
WORDS = sorted(set(re.findall(r"[^\s{}\[\],\"]+[^\s{}\[\],\":]", "".join(RICH.values()))))
DATA = st.recursive(
    st.sampled_from(WORDS) | st.integers() | st.booleans() | st.none() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(WORDS) | st.integers(0, 9), inner, max_size=5)
    ),
    max_leaves=25,
)


@given(NAMES, DATA)
@settings(max_examples=300, deadline=None)
def test_data_of_every_shape(name, data):
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
@settings(max_examples=300, deadline=None)
def test_lines_put_together_anyhow(name, lines):
    attempt(good() | {name: "\n".join(lines).encode()})


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_the_parser_by_itself(content):
    problems = []
    result = parse(content, "f", problems)
    assert result is not None or problems
