"""The log's workflows over the store in memory and a real key."""

import json
from base64 import b64decode, b64encode
from dataclasses import replace

import pytest

from netmgr.adapters.signing_key import SigningKey
from netmgr.adapters.store_memory import MemoryServiceLog
from netmgr.errors import StoreError, UsageError
from netmgr.model.access import Actor
from netmgr.model.checkpoint import Checkpoint
from netmgr.model.entry import Body
from netmgr.ports.store import Gone
from netmgr.workflows import log as workflow
from tests.clock import ManualClock
from tests.unit.log.drafts import draft, result

ACTOR = Actor(id="p-17", auth="os", on="ops1")


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def log(clock):
    return MemoryServiceLog(clock)


@pytest.fixture
def key(tmp_path):
    return SigningKey(tmp_path / "keys" / "log-ed25519")


def erase(log, digest, **given):
    given = {"reason": "asked for by the person", "basis": "GDPR-17"} | given
    return workflow.erase(log, "acme", digest, actor=ACTOR, request="r-9", target="network", **given)


def test_the_newest_entries_are_listed_oldest_first(log):
    log.append("acme", [draft() for _ in range(5)])

    def listed(**options):
        return [entry.seq for entry in workflow.list_entries(log, "acme", **options)]

    assert listed(count=2) == [4, 5]
    assert listed(count=2, after=0) == [1, 2]
    assert listed(count=9, after=3) == [4, 5]


def test_an_entry_is_shown_by_seq_or_id_with_its_body(log):
    first, second = log.append("acme", [draft(body=Body(b"diff", "text/x-diff")), draft()])
    assert workflow.show(log, "acme", "1") == workflow.Shown(first, b"diff")
    assert workflow.show(log, "acme", second.id) == workflow.Shown(second, None)
    erase(log, first.body.digest)
    assert workflow.show(log, "acme", "1") == workflow.Shown(first, Gone.ERASED)


@pytest.mark.parametrize("reference", ["0", "3", "99999999999999999999", "core1"])
def test_an_unknown_entry_is_an_error(log, reference):
    log.append("acme", [draft(), draft()])
    with pytest.raises(StoreError) as error:
        workflow.show(log, "acme", reference)
    assert (
        str(error.value)
        == f"acme: the log has no entry {reference}; `netmgr log list -c acme` shows what it has"
    )


def test_a_log_verifies_with_its_own_checkpoints(log, key, clock):
    log.append("acme", [draft(body=Body(b"x", "text/plain")) for _ in range(3)])
    issued = workflow.checkpoint(log, key, clock, "acme")
    log.append("acme", [draft()])
    found = workflow.verify(log, key, "acme")
    assert found.holds
    assert (found.entries, found.present, found.checkpoints, found.witnessed) == (4, 3, 1, 3)
    assert workflow.verify(log, key, "acme", against=issued, key=key.public_key()) == found


def test_a_checkpoint_is_signed_by_the_workspaces_key(log, key, clock):
    *_, last = log.append("acme", [draft(), draft()])
    clock.elapsed = 60
    issued = workflow.checkpoint(log, key, clock, "acme")
    assert (issued.client, issued.stream, issued.seq, issued.hash) == ("acme", "main", 2, last.hash)
    assert issued.time == "2026-11-23T08:01:00.000000Z"
    assert b64decode(issued.key) == key.public_key()
    message = json.dumps(
        {"client": "acme", "hash": last.hash, "seq": 2, "stream": "main", "time": issued.time},
        separators=(",", ":"),
    )
    assert key.verifies(b64decode(issued.key), message.encode(), b64decode(issued.signature))
    assert Checkpoint.parse(json.dumps(issued.document())) == issued


@pytest.mark.parametrize("act", ["verify", "checkpoint", "export"])
def test_an_empty_log_proves_nothing(log, key, clock, act):
    """Else a misspelt client, or a log that somebody emptied, would pass."""
    calls = {
        "verify": lambda: workflow.verify(log, key, "acme"),
        "checkpoint": lambda: workflow.checkpoint(log, key, clock, "acme"),
        "export": lambda: workflow.export(log, "acme", write_line=print, write_body=None),
    }
    with pytest.raises(
        StoreError, match=r"^acme: the log has no entries in stream main, so there is nothing to \w+$"
    ):
        calls[act]()


def problems(log, signer, **given):
    return [str(problem) for problem in workflow.verify(log, signer, "acme", **given).problems]


def test_a_checkpoint_from_before_a_rewrite_or_truncation_tells(log, key, clock, tmp_path):
    log.append("acme", [draft(), draft()])
    given = workflow.checkpoint(log, key, clock, "acme")
    other = MemoryServiceLog(clock)
    other.append("acme", [draft(device="core9"), draft()])
    assert problems(other, key, against=given) == [
        f"seq 2: is not what the checkpoint of {given.time} witnessed: rewritten"
    ]
    short = MemoryServiceLog(clock)
    short.append("acme", [draft()])
    truncated = f"seq 2: a checkpoint of {given.time} covers it, but the log ends at 1: truncated"
    assert problems(short, key, against=given) == [truncated]
    assert problems(MemoryServiceLog(clock), key, against=given) == [
        truncated.replace("ends at 1", "ends at 0")
    ]


def test_checkpoints_are_believed_only_with_their_signature(log, key, clock, tmp_path):
    log.append("acme", [draft()])
    given = workflow.checkpoint(log, key, clock, "acme")
    other = SigningKey(tmp_path / "other")
    forged = replace(given, signature=b64encode(other.sign(given.signed)).decode())
    theirs = replace(forged, key=b64encode(other.public_key()).decode())
    assert problems(log, key, against=forged) == ["seq 1: the checkpoint's signature does not hold"]
    assert problems(log, key, against=replace(given, time=given.time.replace("08", "09"))) == [
        "seq 1: the checkpoint's signature does not hold"
    ]
    assert problems(log, key, against=theirs) == []
    assert problems(log, key, against=theirs, key=key.public_key()) == [
        "seq 1: the checkpoint is signed with another key than the one given"
    ]
    assert problems(log, key, against=replace(given, client="globex")) == [
        "seq 1: the checkpoint is of client globex, stream main, not of acme, main"
    ]
    log.remember("acme", forged)
    assert problems(log, key) == ["seq 1: the signature of a checkpoint kept here does not hold"]


def test_an_export_is_the_bytes_as_stored_and_the_bodies_that_are_there(log):
    first, _, third = log.append(
        "acme", [draft(body=Body(b"keep", "text/plain")), draft(), draft(body=Body(b"forget", "text/plain"))]
    )
    order = erase(log, third.body.digest)
    lines, bodies = [], []
    written = workflow.export(log, "acme", write_line=lines.append, write_body=bodies.append)
    with log.snapshot("acme") as snapshot:
        assert lines == [stored.line + b"\n" for page in snapshot.pages() for stored in page]
    assert [body.digest for body in bodies] == [first.body.digest, order.body.digest]
    assert written == workflow.Exported(entries=4, bodies=2)
    lines.clear()
    assert workflow.export(log, "acme", write_line=lines.append, write_body=None) == workflow.Exported(4, 0)
    assert len(lines) == 4


def test_erasing_leaves_an_order_with_its_reason_as_a_body(log, key):
    (entry,) = log.append("acme", [draft(body=Body(b"forget", "text/plain"))])
    order = erase(log, entry.body.digest)
    assert (order.kind, order.action, order.phase, order.actor, order.auth, order.on, order.request) == (
        *("erasure", "erase", "result", "p-17", "os", "ops1", "r-9"),
    )
    assert order.facts == {"basis": "GDPR-17", "digest": entry.body.digest}
    assert log.body("acme", order.body.digest) == b"asked for by the person"
    found = workflow.verify(log, key, "acme")
    assert (found.holds, found.present, found.erased, found.missing) == (True, 1, 1, 0)


@pytest.mark.parametrize(
    ("digest", "given", "message"),
    [
        ("abc", {}, "abc: not a body's digest; `netmgr log show` prints it (64 hexadecimal digits)"),
        (
            "A" * 64,
            {},
            f"{'A' * 64}: not a body's digest; `netmgr log show` prints it (64 hexadecimal digits)",
        ),
        ("a" * 64, {"reason": " \n"}, "--reason is empty; say why the body is erased"),
        (
            "a" * 64,
            {"basis": ""},
            "--basis is not one line of at most 200 characters; name the law or clause, such as GDPR-17",
        ),
        (
            "a" * 64,
            {"basis": "a\nb"},
            "--basis is not one line of at most 200 characters; name the law or clause, such as GDPR-17",
        ),
        (
            "a" * 64,
            {"basis": "b" * 201},
            "--basis is not one line of at most 200 characters; name the law or clause, such as GDPR-17",
        ),
    ],
)
def test_a_bad_order_is_refused_before_anything_is_touched(log, digest, given, message):
    log.append("acme", [draft()])
    with pytest.raises(UsageError) as error:
        erase(log, digest, **given)
    assert str(error.value) == message
    assert log.head("acme").seq == 1


def test_open_changes_stay_visible_after_an_erasure(log):
    (intent,) = log.append("acme", [draft(phase="intent", change="c-1", body=Body(b"diff", "text/x-diff"))])
    erase(log, intent.body.digest)
    assert [entry.seq for entry in log.open_intents("acme", "network")] == [1]
    log.append("acme", [result("c-1")])
    assert log.open_intents("acme", "network") == ()
