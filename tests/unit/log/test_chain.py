"""Sealing: seq, hash, time, ids, salts."""

import hashlib
import json
import os
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from netmgr.model.chain import GENESIS, Head, body_digest, entry_id, seal, subject
from netmgr.model.entry import Body
from tests.unit.log.drafts import NOON, chain, draft, erasure, intent, sealed


def test_each_entry_carries_the_hash_of_the_one_before():
    previous = "0" * 64
    for seq, link in enumerate(chain(5), start=1):
        document = json.loads(link.stored.line)
        own = document.pop("hash")
        text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert (document["seq"], document["prev"], own) == (
            seq,
            previous,
            hashlib.sha256(text.encode()).hexdigest(),
        )
        previous = own


def test_time_never_goes_back_and_ids_always_grow():
    head, links = GENESIS, []
    for seconds in (0, 5, -60, 5, 6):  # the wall clock is stepped back by NTP, then recovers
        now = NOON + timedelta(seconds=seconds)
        new = seal("acme", "main", head, [draft(), draft()], now=now, random=os.urandom, redact=bytes)
        last = new[-1].entry
        head = Head(last.seq, last.hash, last.time, last.id)
        links += new
    times = [link.entry.time[17:19] for link in links]
    assert times == ["00", "00", "05", "05", "05", "05", "05", "05", "06", "06"]
    ids = [link.entry.id for link in links]
    assert ids == sorted(set(ids))


@pytest.mark.parametrize("random", [lambda size: b"\xff" * size, bytes])
def test_ids_are_uuid_version_7_even_when_chance_is_against_us(random):
    milliseconds = int(datetime(2026, 11, 23, tzinfo=UTC).timestamp() * 1000) + 123
    previous = GENESIS.id
    for _ in range(1000):
        made = entry_id("2026-11-23T00:00:00.123456Z", random, after=previous)
        bits = UUID(made).int
        assert (bits >> 80, bits >> 76 & 0xF, bits >> 62 & 0b11) == (milliseconds, 7, 0b10)
        assert made > previous
        previous = made


def test_a_body_is_kept_apart_under_a_salted_digest():
    first, second = sealed(draft(body=Body(b"same", "text/plain")), draft(body=Body(b"same", "text/plain")))
    assert b"same" not in first.stored.line
    assert len(first.body.salt) == 32
    assert (
        first.body.digest == hashlib.sha256(first.body.salt + b"same").hexdigest() == first.entry.body.digest
    )
    assert first.body.digest != second.body.digest
    assert first.body.intact
    assert not first.body._replace(content=b"sane").intact
    assert body_digest(b"", b"") == hashlib.sha256().hexdigest()


def test_bodies_are_redacted_before_they_are_hashed():
    secret = Body(b"neighbor 10.0.0.1 password hunter2", "text/plain")
    (link,) = seal(
        "acme",
        "main",
        GENESIS,
        [draft(body=secret)],
        now=NOON,
        random=os.urandom,
        redact=lambda text: text.replace(b"hunter2", b"<secret:bgp>"),
    )
    assert link.body.content == b"neighbor 10.0.0.1 password <secret:bgp>"
    assert link.entry.body.size == 39
    assert link.body.intact


def test_a_draft_of_another_client_is_a_programming_error():
    with pytest.raises(ValueError, match=r"^client: a draft of globex cannot go into the log of acme$"):
        sealed(draft(), draft(client="globex"), client="acme")


def test_what_an_entry_is_looked_up_by():
    plan, inventory, order, other = (
        intent("c-1"),
        draft(kind="inventory", facts={"digest": "d-1"}),
        erasure("e" * 64),
        draft(facts={"plan": "p", "digest": "d"}),
    )
    assert [subject(d.kind, d.phase, d.facts) for d in (plan, inventory, order, other)] == [
        "plan-of-c-1",
        "d-1",
        "e" * 64,
        None,
    ]
    assert subject("inventory", "result", {"digest": 5}) is None
