"""What is erased, or redacted, is in none of the store's files."""

import base64
import json
import sqlite3
import urllib.parse
from contextlib import closing

import pytest

from netmgr.adapters.store_sql import open_sqlite, sqlite
from netmgr.adapters.system_clock import SystemClock
from netmgr.errors import StoreError
from netmgr.model.entry import Body
from netmgr.ports.store import Gone
from tests.unit.log.drafts import draft, erasure

CLOCK = SystemClock()


def bytes_on_disk(path):
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


def test_an_erased_body_leaves_no_byte_in_the_files(log, path):
    text = b"a very personal sentence that must not stay"
    drafts = [draft(body=Body(text * 500, "text/plain")), draft(body=Body(text, "text/plain"))]
    entries = log.append("acme", drafts)
    with log.snapshot("acme") as snapshot:
        salts = [body.salt for body in snapshot.bodies(1, 2)]
    assert text in bytes_on_disk(path)
    for entry in entries:
        log.erase("acme", entry.body.digest, erasure(entry.body.digest))
    left = bytes_on_disk(path)
    assert text not in left
    assert [salt in left for salt in salts] == [False, False]


def test_an_erasure_says_when_a_reader_keeps_the_bytes(path, monkeypatch):
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)
    with open_sqlite(path, CLOCK) as log, open_sqlite(path, CLOCK) as reader:
        (entry,) = log.append("acme", [draft(body=Body(b"forget", "text/plain"))])
        digest = entry.body.digest
        with reader.snapshot("acme") as snapshot:
            assert len(list(snapshot.bodies(1, 1))) == 1
            with pytest.raises(StoreError) as error:
                log.erase("acme", digest, erasure(digest))
        assert str(error.value) == (
            f"{path}: service log: the body is erased and logged, but its bytes stay in {path}-wal until every "
            "netmgr that reads the log has ended"
        )
        assert log.body("acme", digest) is Gone.ERASED
        assert log.head("acme").seq == 2
    assert b"forget" not in bytes_on_disk(path)


def test_an_erasure_touches_no_other_client(log, path):
    """Even if, against all odds, another client's body had the same digest."""
    (entry,) = log.append("acme", [draft(body=Body(b"forget", "text/plain"))])
    digest = entry.body.digest
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO bodies VALUES ('globex', ?, x'00', x'00')", [digest])
    log.erase("acme", digest, erasure(digest))
    assert log.body("globex", digest) == b"\x00"
    assert log.body("acme", digest) is Gone.ERASED


def test_a_missing_body_cannot_be_erased_away(log, path):
    """Erasing by order is not a way to explain a body that was lost."""
    (entry,) = log.append("acme", [draft(body=Body(b"x", "text/plain"))])
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM bodies")
    digest = entry.body.digest
    with pytest.raises(StoreError) as error:
        log.erase("acme", digest, erasure(digest))
    assert str(error.value) == f"acme: body {digest} is MISSING, not erased by order; run `netmgr log verify`"
    assert log.head("acme").seq == 1


def test_a_canary_that_is_redacted_is_nowhere_in_the_files(path):
    """Bodies are the only way for text into the log; the redactor sees every one of them before it is kept."""
    canary = 's3cr+t/ca na"ry'
    forms = {
        canary,
        base64.b64encode(canary.encode()).decode(),
        urllib.parse.quote(canary, safe=""),
        json.dumps(canary)[1:-1],
    }

    def redact(text):
        for form in forms:
            text = text.replace(form.encode(), b"<secret:bgp>")
        return text

    text = "\n".join(f"line {form} end" for form in sorted(forms)).encode()
    with open_sqlite(path, CLOCK, redact) as log:
        (entry,) = log.append("acme", [draft(body=Body(text, "text/plain"))])
        log.erase("acme", entry.body.digest, erasure(entry.body.digest, body=Body(text, "text/plain")))
        log.append("acme", [draft(body=Body(text, "text/plain"))])
        kept = bytes_on_disk(path)
    assert kept.count(b"line <secret:bgp> end") >= len(forms)
    assert [form for form in forms if form.encode() in kept] == []
