"""Whoever can write to the database can change it; `log verify` says what was changed."""

import sqlite3
from contextlib import closing

import pytest

from netmgr.adapters.store_sql import open_sqlite
from netmgr.adapters.system_clock import SystemClock
from netmgr.errors import StoreError
from netmgr.model.entry import Body
from netmgr.workflows import log as workflow
from tests.unit.log.drafts import draft, erasure, intent


@pytest.fixture
def filled(path):
    """Seven entries; seq 1, 3 and 5 have bodies, 6 erases the body of 5; returns the digests of the bodies."""
    with open_sqlite(path, SystemClock()) as log:
        text = Body(b"diff", "text/x-diff")
        entries = [
            *log.append("acme", [intent("c-1", body=text), draft(device="core1")]),
            *log.append(
                "acme", [draft(body=text), draft(kind="inventory", facts={"digest": "d-1"}), draft(body=text)]
            ),
        ]
        digests = {entry.seq: entry.body.digest for entry in entries if entry.body}
        log.erase("acme", digests[5], erasure(digests[5], body=None))
        log.append("acme", [draft(ticket="T-1")])
        (theirs,) = log.append("globex", [draft(client="globex", body=text)])
    return digests | {"globex": theirs.body.digest}


def change(path, *statements):
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            assert connection.execute(statement).rowcount != 0, statement


def problems(path, key, client="acme", **given):
    with open_sqlite(path, SystemClock()) as log:
        return [str(problem) for problem in workflow.verify(log, key, client, **given).problems]


def test_the_log_holds_before_it_is_touched(filled, path, key):
    assert problems(path, key) == []
    assert problems(path, key, "globex") == []


EDITS = {
    "an entry edited": (
        [
            "UPDATE entries SET line = CAST(replace(line, 'p-17', 'p-18') AS BLOB) WHERE client = 'acme' AND seq = 2"
        ],
        ["seq 2: its hash is not that of its content; the entry was edited"],
    ),
    "an entry emptied": (
        ["UPDATE entries SET line = x'' WHERE client = 'acme' AND seq = 2"],
        ["seq 2: is not an entry in canonical form; it was edited"],
    ),
    "an entry deleted": (
        ["DELETE FROM entries WHERE client = 'acme' AND seq = 2"],
        ["seq 2: deleted: seq 3 follows 1 (missing: 2)"],
    ),
    "an entry deleted and the rest moved up": (
        [
            "DELETE FROM entries WHERE client = 'acme' AND seq = 2",
            "UPDATE entries SET seq = 2 WHERE client = 'acme' AND seq = 3",
        ],
        [
            "seq 2: deleted: seq 3 follows 1 (missing: 2)",
            "seq 3: the store's index disagrees with the entry (filed as seq 2)",
        ],
    ),
    "two entries swapped": (
        [
            "UPDATE entries SET seq = 99 WHERE client = 'acme' AND seq = 2",
            "UPDATE entries SET seq = 2 WHERE client = 'acme' AND seq = 3",
            "UPDATE entries SET seq = 3 WHERE client = 'acme' AND seq = 99",
        ],
        [
            "seq 2: deleted: seq 3 follows 1 (missing: 2)",
            "seq 2: the store's index disagrees with the entry (filed as seq 3)",
            "seq 2: comes after seq 3: out of order or repeated",
            "seq 3: the store's index disagrees with the entry (filed as seq 2)",
        ],
    ),
    "an entry of another client moved in": (
        ["UPDATE entries SET client = 'acme', seq = 8 WHERE client = 'globex'"],
        [
            "seq 1: the store's index disagrees with the entry (filed as seq 8)",
            "seq 1: belongs to client globex, stream main, not to this chain",
            "seq 1: comes after seq 7: out of order or repeated",
            "seq 8: body {globex} is MISSING and no erasure entry names it",
        ],
    ),
    "an index made to hide a device": (
        ["UPDATE entries SET device = NULL WHERE client = 'acme' AND seq = 2"],
        ["seq 2: the store's index disagrees with the entry (filed as seq 2)"],
    ),
    "an index made to hide an open change": (
        ["UPDATE entries SET phase = 'result' WHERE client = 'acme' AND seq = 1"],
        [
            "seq 1: the store's index disagrees with the entry (filed as seq 1)",
            "seq 1: the store's index disagrees with the entry's facts",
        ],
    ),
    "an index made to hide a ticket's work": (
        ["UPDATE entries SET ticket = NULL WHERE client = 'acme' AND seq = 7"],
        ["seq 7: the store's index disagrees with the entry (filed as seq 7)"],
    ),
    "an index made to hide a used plan": (
        ["UPDATE entries SET subject = NULL WHERE client = 'acme' AND seq = 1"],
        ["seq 1: the store's index disagrees with the entry's facts"],
    ),
    "a body altered": (
        ["UPDATE bodies SET content = x'00' WHERE client = 'acme' AND digest = '{1}'"],
        ["seq 1: body {1} was altered"],
    ),
    "a salt altered": (
        ["UPDATE bodies SET salt = x'00' WHERE client = 'acme' AND digest = '{1}'"],
        ["seq 1: body {1} was altered"],
    ),
    "a body deleted": (
        ["DELETE FROM bodies WHERE client = 'acme' AND digest = '{1}'"],
        ["seq 1: body {1} is MISSING and no erasure entry names it"],
    ),
    "a body given to another client": (
        ["UPDATE bodies SET client = 'globex' WHERE client = 'acme' AND digest = '{1}'"],
        ["seq 1: body {1} is MISSING and no erasure entry names it"],
    ),
    "an erased body put back": (
        ["INSERT INTO bodies VALUES ('acme', '{5}', x'00', x'00')"],
        [
            "seq 5: body {5} was altered",
            "seq 6: erases body {5}, which is still there or was never logged",
        ],
    ),
}


@pytest.mark.parametrize(("statements", "expected"), EDITS.values(), ids=EDITS)
def test_whatever_is_done_to_the_tables_is_named(filled, path, key, statements, expected):
    names = {f"{{{seq}}}": digest for seq, digest in filled.items()}

    def named(text):
        for name, digest in names.items():
            text = text.replace(name, digest)
        return text

    change(path, *map(named, statements))
    assert problems(path, key) == [named(text) for text in expected]


def test_a_tail_cut_off_is_noticed_by_a_checkpoint_wherever_it_is_kept(filled, path, key):
    with open_sqlite(path, SystemClock()) as log:
        given = workflow.checkpoint(log, key, SystemClock(), "acme")
    change(path, "DELETE FROM entries WHERE client = 'acme' AND seq = 7")
    truncated = [f"seq 7: a checkpoint of {given.time} covers it, but the log ends at 6: truncated"]
    assert problems(path, key) == truncated
    change(path, "DELETE FROM checkpoints")
    assert problems(path, key) == []
    assert problems(path, key, against=given) == truncated


def test_a_kept_checkpoint_that_was_forged_is_noticed(filled, path, key):
    with open_sqlite(path, SystemClock()) as log:
        workflow.checkpoint(log, key, SystemClock(), "acme")
    change(
        path, "UPDATE checkpoints SET document = CAST(replace(document, '\"seq\":7', '\"seq\":6') AS BLOB)"
    )
    assert problems(path, key) == ["seq 6: the signature of a checkpoint kept here does not hold"]
    change(path, "UPDATE checkpoints SET document = x'00'")
    with open_sqlite(path, SystemClock()) as log, pytest.raises(StoreError) as error:
        workflow.verify(log, key, "acme")
    assert str(error.value) == f"{path}: service log: a kept checkpoint is damaged: it is not JSON"


def test_an_entry_that_cannot_be_read_stops_reading_in_one_line(filled, path):
    change(path, "UPDATE entries SET line = x'7b7d' WHERE client = 'acme' AND seq = 2")
    with open_sqlite(path, SystemClock()) as log, pytest.raises(StoreError) as error:
        list(log.entries("acme"))
    assert str(error.value) == f"{path}: service log: not an entry in canonical form; run `netmgr log verify`"
