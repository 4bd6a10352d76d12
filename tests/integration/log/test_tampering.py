"""Whoever can write to the database can change it; `log verify` says what was changed."""

import json
import random
import shutil
import sqlite3
from contextlib import closing

import pytest

from netmgr.adapters.signing_key import SigningKey
from netmgr.adapters.store_sql import open_sqlite
from netmgr.adapters.system_clock import SystemClock
from netmgr.errors import StoreError
from netmgr.model.access import Actor
from netmgr.model.entry import Body
from netmgr.workflows import log as workflow
from netmgr.workflows.log_keys import KeyKeeping, rotate
from tests.integration.log.test_verifier import mostly_faults, reseal, rewritten
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


WITNESSED = (13, 31, 50)


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """A store with 60 entries, erasures, a rotated key and three checkpoints: (path, key, checkpoints)."""
    root = tmp_path_factory.mktemp("grown")
    path, key, issued = root / "store.db", SigningKey(root / "keys" / "log-ed25519"), []
    with open_sqlite(path, SystemClock()) as log:
        for number in range(1, 61):
            if number == 40:
                actor = Actor(id="p-17", auth="os", on="ops1")
                rotate(KeyKeeping(log, key, actor, "r-1", lambda: ["acme"], lambda _: True))
            elif number % 9 == 5:
                digest = next(log.entries("acme", after=number - 3, limit=1)).body.digest
                log.erase("acme", digest, erasure(digest, body=None))
            else:
                log.append("acme", [draft(body=Body(b"diff", "text/x-diff") if number % 3 != 1 else None)])
            if number in WITNESSED:
                issued.append(workflow.checkpoint(log, key, SystemClock(), "acme"))
    assert len({each.key for each in issued}) == 2
    return path, key, issued


def lines_in(path):
    with closing(sqlite3.connect(path)) as connection:
        return [line for (line,) in connection.execute("SELECT line FROM entries ORDER BY seq")]


def written(path, changes, *statements):
    """Put lines at seqs, then run statements."""
    with closing(sqlite3.connect(path)) as connection, connection:
        rows = [(line, seq) for seq, line in changes.items()]
        connection.executemany("UPDATE entries SET line = ? WHERE seq = ?", rows)
        for statement in statements:
            connection.execute(statement)


def swapped(first, second):
    return (
        f"UPDATE entries SET seq = 999 WHERE seq = {first}",
        f"UPDATE entries SET seq = {first} WHERE seq = {second}",
        f"UPDATE entries SET seq = {second} WHERE seq = 999",
    )


def inserted(seq):
    """A copy of an entry before it; all that follow are filed one place on."""
    columns = "line, body, change, client, device, id, kind, phase, request, stream, subject, target, ticket"
    copied = columns.replace("id,", "'another',")
    return (
        f"UPDATE entries SET seq = -seq - 1 WHERE seq >= {seq}",
        "UPDATE entries SET seq = -seq WHERE seq < 0",
        f"INSERT INTO entries (seq, {columns}) SELECT {seq}, {copied} FROM entries WHERE seq = {seq + 1}",
    )


def sealed_again(lines, seq):
    return {seq: reseal(lines[seq - 1], on="ops2")[0]}


STORE = {
    "edit": lambda path, lines, seq: written(path, {seq: lines[seq - 1].replace(b"ops1", b"ops2")}),
    "resealed edit": lambda path, lines, seq: written(path, sealed_again(lines, seq)),
    "delete": lambda path, lines, seq: written(path, {}, f"DELETE FROM entries WHERE seq = {seq}"),
    "insert": lambda path, lines, seq: written(path, {}, *inserted(seq)),
    "reorder": lambda path, lines, seq: written(path, {}, *swapped(seq, seq + 1)),
    "truncate": lambda path, lines, seq: written(
        path, {}, f"DELETE FROM entries WHERE seq >= {seq}", "DELETE FROM checkpoints"
    ),
    "rewrite": lambda path, lines, seq: written(
        path, dict(enumerate(rewritten(lines, seq - 1, on="ops2"), 1)), "DELETE FROM checkpoints"
    ),
}


@pytest.mark.tally("tampered stores")
@pytest.mark.parametrize("number", mostly_faults(200, 21))
def test_whatever_is_done_to_the_store_before_the_last_checkpoint_is_named(number, grown, tmp_path):
    """Whoever owns the database deletes the checkpoints in it, too: the client's are what counts then."""
    original, key, issued = grown
    path = tmp_path / "store.db"
    shutil.copy(original, path)
    seq = random.Random(number).randrange(2, 50)
    name = sorted(STORE)[number % len(STORE)]
    STORE[name](path, lines_in(path), seq)
    with open_sqlite(path, SystemClock()) as log:
        found = workflow.verify(log, key, "acme", against=issued[-1], key=issued[0].raw_key)
    problems = list(map(str, found.problems))
    if name == "truncate":
        said = (
            f"seq 50: a checkpoint of {issued[-1].time} covers it, but the log ends at {seq - 1}: truncated"
        )
        assert said in problems
    elif name == "rewrite":
        assert f"seq 50: is not what the checkpoint of {issued[-1].time} witnessed: rewritten" in problems
    else:
        # An order to erase that went away leaves a hole before it.
        places = [each.seq for each in found.problems if "MISSING" not in each.text]
        assert places[0] in (seq, seq + 1)


def test_the_store_holds_before_it_is_touched_and_what_no_checkpoint_covers_is_named(grown, tmp_path):
    original, key, issued = grown
    path = tmp_path / "store.db"
    shutil.copy(original, path)
    with open_sqlite(path, SystemClock()) as log:
        found = workflow.verify(log, key, "acme", against=issued[0], key=issued[0].raw_key)
        assert (found.problems, found.checkpoints, found.witnessed, found.seq) == ((), 3, 50, 60)
        assert found.erased > 4
    written(path, dict(enumerate(rewritten(lines_in(path), 54, on="ops2"), 1)))
    with open_sqlite(path, SystemClock()) as log:
        found = workflow.verify(log, key, "acme", against=issued[-1], key=issued[0].raw_key)
        assert (found.problems, found.witnessed, found.seq) == ((), 50, 60)
    assert json.loads(lines_in(path)[54])["on"] == "ops2"
