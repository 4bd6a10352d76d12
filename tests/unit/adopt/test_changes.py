"""One adopted address, VLAN or neighbor changed: exactly its lines change, in every captured configuration."""

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.adopt.changes import KINDS, WORDS, made
from tests.unit.adopt.law import adopted, canonical, captures, rendered

#: What captures have of each kind; the rest have nothing of it.
FOUND = {
    ("eos", "bgp"): {"addresses": 4, "vlans": 0, "neighbors": 4},
    ("eos", "evpn-leaf"): {"addresses": 18, "vlans": 8, "neighbors": 14},
    ("ios", "bgp-confederation"): {"addresses": 4, "vlans": 0, "neighbors": 12},
    ("ios", "central"): {"addresses": 23, "vlans": 0, "neighbors": 56},
    ("ios", "provider-edge-vrf"): {"addresses": 7, "vlans": 0, "neighbors": 2},
    ("junos", "sender-set"): {"addresses": 4, "vlans": 0, "neighbors": 2},
    ("junos", "switch-set"): {"addresses": 4, "vlans": 1, "neighbors": 2},
}
CAPTURES = {(p, path.stem): path for p in WORDS for path in captures(p)}
CASES = [(capture, kind) for capture, found in FOUND.items() for kind in KINDS if found[kind]]


@cache
def read(capture):
    text = canonical(capture[0], CAPTURES[capture].read_text())
    return text, adopted(capture[0], text)


def changes(capture, kind, fresh):
    return list(KINDS[kind](capture[0], read(capture)[1].data, fresh))


def assert_its_own_lines(capture, change):
    text, found = read(capture)
    data, wanted, count = made(capture[0], found, text, change)
    assert count, f"{change.what}: no line says it"
    assert wanted != text
    assert rendered(capture[0], data, found.secrets) == wanted, change.what


def test_what_the_captures_have():
    found = {capture: {kind: len(changes(capture, kind, 0)) for kind in KINDS} for capture in CAPTURES}
    assert found == FOUND


@pytest.mark.parametrize(
    ("capture", "kind"), CASES, ids=lambda value: value if isinstance(value, str) else "-".join(value)
)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(drawn=st.data())
def test_exactly_its_lines_change(capture, kind, drawn):
    fresh = drawn.draw(st.integers(0, 60))
    assert_its_own_lines(capture, drawn.draw(st.sampled_from(changes(capture, kind, fresh))))
