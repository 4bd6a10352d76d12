"""Drafts: what breaks the format is an error where it is made. Entries: exactly the contract's keys."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest

from netmgr.model.entry import Body, BodyRef, Entry, rfc3339
from tests.unit.log.drafts import chain, draft, sealed

BAD = [
    (
        {"facts": {"seconds": 1.5}},
        "facts.seconds: 1.5 is a float, which the log does not hold; write decimals and money as strings",
    ),
    (
        {"facts": {"devices": [{"mtu": 1500}, {"mtu": 2**53}]}},
        "facts.devices[1].mtu: 9007199254740992 is not below 2^53; write it as a string",
    ),
    ({"facts": {"low": -(2**53)}}, "facts.low: -9007199254740992 is not below 2^53; write it as a string"),
    ({"facts": {"a": {"größe": 1}}}, "facts.a: the key 'größe' is not ASCII text"),
    ({"facts": {"a": {1: 2}}}, "facts.a: the key 1 is not ASCII text"),
    ({"facts": {"a": ["x", "\ud800"]}}, "facts.a[1]: '\\ud800' holds half of a surrogate pair"),
    ({"facts": {"raw": b"x"}}, "facts.raw: b'x' is a bytes, which the log does not hold"),
    ({"facts": {"names": {"b"}}}, "facts.names: {'b'} is a set, which the log does not hold"),
    ({"client": "../acme"}, "client: '../acme' is not an id of lower-case words joined by hyphens"),
    ({"client": "acme\n"}, "client: 'acme\\n' is not an id of lower-case words joined by hyphens"),
    ({"client": "a" * 64}, f"client: {'a' * 64!r} is not an id of lower-case words joined by hyphens"),
    ({"target": "net"}, "target: 'net' is none of network, lab"),
    ({"phase": "done"}, "phase: 'done' is none of intent, decision, result"),
    ({"visibility": "public"}, "visibility: 'public' is none of internal, client"),
    ({"auth": "password"}, "auth: 'password' is none of claimed, os, key, service"),
    ({"device": "core 1"}, "device: 'core 1' is not visible ASCII without spaces, \" and \\"),
    ({"actor": 'p"17'}, "actor: 'p\"17' is not visible ASCII without spaces, \" and \\"),
    ({"on": "opsü"}, "on: 'opsü' is not visible ASCII without spaces, \" and \\"),
    ({"request": ""}, "request: '' is not visible ASCII without spaces, \" and \\"),
    ({"ticket": "T-12\n"}, "ticket: 'T-12\\n' is not visible ASCII without spaces, \" and \\"),
    (
        {"body": Body(b"", "text/plain; charset=utf-8")},
        "body.type: 'text/plain; charset=utf-8' is not visible ASCII without spaces, \" and \\",
    ),
    ({"phase": "intent", "outcome": "applied"}, "outcome: 'applied' before the result (phase is intent)"),
    ({"at": datetime(2026, 1, 1)}, "at: 2026-01-01 00:00:00 has no time zone"),
]


@pytest.mark.parametrize(("fields", "message"), BAD)
def test_a_bad_draft_is_a_value_error_that_names_the_path(fields, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        draft(**fields)


def test_what_was_checked_is_what_is_sealed():
    facts = {"devices": ["core1"], "pair": (1, 2)}
    made = draft(facts=facts)
    facts["devices"].append(1.5)
    assert made.facts == {"devices": ["core1"], "pair": [1, 2]}


def test_an_entry_has_exactly_the_keys_of_the_contract():
    (link,) = chain(1)
    assert json.loads(link.stored.line) == {
        "v": 1,
        "client": "acme",
        "stream": "main",
        "seq": 1,
        "id": link.entry.id,
        "time": "2026-11-23T12:00:00.000000Z",
        "target": "network",
        "kind": "change",
        "action": "deploy",
        "phase": "result",
        "outcome": "applied",
        "actor": "p-17",
        "auth": "os",
        "on": "ops1",
        "request": "r-1",
        "device": "core1",
        "change": "c-1",
        "visibility": "internal",
        "facts": link.entry.facts,
        "body": {"digest": link.body.digest, "size": 6, "type": "text/x-diff"},
        "prev": "0" * 64,
        "hash": link.entry.hash,
    }


def test_every_key_survives_the_way_through_bytes():
    (made,) = sealed(
        draft(
            outcome="applied",
            device="core1",
            change="c-1",
            ticket="T-12",
            visibility="client",
            at=datetime(2026, 11, 23, 13, 0, 0, 5, tzinfo=timezone(timedelta(hours=8))),
            corrects="0198a1b2-0000-7000-8000-000000000001",
            body=Body("größer".encode(), "text/plain"),
        )
    )
    entry = Entry.parse(made.stored.line)
    assert entry == made.entry
    assert entry.at == "2026-11-23T05:00:00.000005Z"
    assert entry.body == BodyRef(made.body.digest, 8, "text/plain")
    assert entry.document() == json.loads(made.stored.line)
    assert entry.facts == {}


def test_bytes_that_are_no_entry_are_refused():
    for line in (b"", b"{}", b"[]", b"\xff", chain(1)[0].stored.line + b" "):
        with pytest.raises(ValueError, match=r"not an entry in canonical form$"):
            Entry.parse(line)


def test_times_are_utc_with_microseconds():
    assert rfc3339(datetime(2026, 11, 23, 5, 0, tzinfo=UTC)) == "2026-11-23T05:00:00.000000Z"
