"""What is told of a hidden entry leads to its hash, says when it was, and says no more."""

import json
import os
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmgr.model.excerpt import hidden, hidden_size, state_after
from netmgr.verifier import verify_excerpt
from tests.unit.log.drafts import chain, draft, sealed


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 6))
def test_two_programs_go_on_to_what_hashlib_says(data, blocks):
    cut = min(64 * blocks, len(data) // 64 * 64)
    state = state_after(data[:cut])
    assert verify_excerpt._finished(state, data[cut:], len(data)) == sha256(data).hexdigest()


def test_an_entry_is_hidden_but_for_its_end():
    for link in chain(5):
        line, entry = link.stored.line, link.entry
        told = hidden(line)
        assert len(told) == hidden_size(line)
        found = verify_excerpt._hidden(told)
        assert found.right
        assert found[:6] == (entry.hash, entry.prev, entry.seq, "main", entry.time, "internal")
        for secret in (b"zur", b"core", b"c-1", b"p-17", b"facts", b"digest"):
            assert secret not in told


def test_what_is_no_entry_is_not_hidden():
    (link,) = sealed(draft())
    with pytest.raises(ValueError, match="has not the hash"):
        hidden(link.stored.line.replace(b"p-17", b"p-18"))


ODD = {
    "no JSON": lambda told: b"{",
    "a list": lambda told: b"[]",
    "a space": lambda told: json.dumps(json.loads(told)).encode(),
    "one more key": lambda told: _with(told, more=1),
    "a short state": lambda told: _with(told, state="ab"),
    "a length between blocks": lambda told: _with(told, length=json.loads(told)["length"] + 1),
    "no length": lambda told: _with(told, length="1"),
    "an end without end": lambda told: _with(told, tail=json.loads(told)["tail"] + " "),
    "a tail that is all of it": lambda told: _with(told, length=len(json.loads(told)["tail"])),
    "a number": lambda told: _with(told, tail=1),
}


def _with(told, **changes):
    return json.dumps({**json.loads(told), **changes}, sort_keys=True, separators=(",", ":")).encode()


@pytest.mark.parametrize("spoil", ODD.values(), ids=ODD)
def test_another_form_is_not_taken(spoil):
    (link,) = sealed(draft())
    assert verify_excerpt._hidden(spoil(hidden(link.stored.line))) is None


def test_another_way_to_come_so_far_leads_elsewhere():
    (link,) = sealed(draft())
    found = verify_excerpt._hidden(_with(hidden(link.stored.line), state=os.urandom(32).hex()))
    assert not found.right
