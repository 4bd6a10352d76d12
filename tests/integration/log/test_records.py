"""Records in a real file: older and newer programs, altered tables, kill -9, older stores."""

import itertools
import random
import signal
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from netmgr.adapters.store_sql import migrate, open_sqlite
from netmgr.adapters.system_clock import SystemClock
from netmgr.errors import StoreError, Superseded
from netmgr.model.chain import filed_anew
from netmgr.model.record import Difference, Rebuilt
from netmgr.workflows import log as workflow
from tests.integration.log.cases import CASES, NEWER, case
from tests.unit.log.drafts import draft

CLOCK = SystemClock()


def rows(path):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT * FROM records ORDER BY client, kind, key").fetchall()


def change(path, statement):
    with closing(sqlite3.connect(path)) as connection, connection:
        assert connection.execute(statement).rowcount != 0


@pytest.fixture
def filled(path):
    """Six entries of three cases, and others between."""
    with open_sqlite(path, CLOCK, projections=CASES) as log:
        log.append("acme", [case(1), draft(), case(2), case(3)])
        log.append("acme", [case(1, "done"), draft(), case(2, "done"), case(2, "closed")])
        log.append("globex", [case(1, client="globex")])
    return rows(path)


def test_a_program_that_keeps_no_records_leaves_them_to_be_made_later(path, filled):
    with open_sqlite(path, CLOCK) as older:
        older.append("acme", [case(1, "closed"), case(4)])
    assert rows(path) == filled
    with open_sqlite(path, CLOCK, projections=CASES) as log:
        assert log.records.get("acme", "case", "T-1").document["seqs"] == [1, 5, 9]
        assert [r.state for r in log.records.all("acme", "case")] == ["closed", "closed", "open", "open"]
        assert log.records.rebuild("acme") == Rebuilt(8, 4, ())


def test_appending_makes_up_for_what_another_program_left_out(path, filled):
    with open_sqlite(path, CLOCK) as older:
        older.append("acme", [case(2, "again")])
    with open_sqlite(path, CLOCK, projections=CASES) as log:
        log.append("acme", [case(1, "closed")])
    kept = rows(path)
    with open_sqlite(path, CLOCK, projections=CASES) as log:
        assert log.records.get("acme", "case", "T-2").state == "again"
        assert log.records.rebuild("acme") == Rebuilt(8, 3, ())
    assert rows(path) == kept


def test_records_of_an_older_way_of_folding_are_made_again(path, filled):
    with open_sqlite(path, CLOCK, projections=NEWER) as log:
        assert [r.key for r in log.records.page("acme", "case", limit=9)] == ["T-1", "T-2", "T-3"]
        log.append("globex", [case(1, "done", client="globex")])
    assert {row[6] for row in rows(path)} == {2}


def test_records_of_a_newer_way_of_folding_are_refused(path, filled):
    with open_sqlite(path, CLOCK, projections=NEWER) as log:
        log.append("acme", [case(1)])
    kept = rows(path)
    newer = r"^records: those of kind case were made by a newer netmgr \(2, this one knows 1\); upgrade "
    with open_sqlite(path, CLOCK, projections=CASES) as log:
        for asked in (
            lambda: log.records.get("acme", "case", "T-1"),
            lambda: log.append("acme", [case(1)]),
            lambda: log.records.rebuild("acme"),
        ):
            with pytest.raises(StoreError, match=newer):
                asked()
        assert log.head("acme").seq == 9
    assert rows(path) == kept


ALTERED = {
    "wrong": "UPDATE records SET state = 'open' WHERE client = 'acme' AND key = 'T-2'",
    "missing": "DELETE FROM records WHERE client = 'acme' AND key = 'T-3'",
    "stray": "INSERT INTO records SELECT client, kind, 'T-9', 9, state, 1, 1, document FROM records "
    "WHERE client = 'acme' AND key = 'T-1'",
}


@pytest.mark.parametrize(("problem", "statement"), ALTERED.items(), ids=ALTERED)
def test_altered_records_are_named_and_put_right(path, filled, problem, statement):
    change(path, statement)
    key = {"wrong": "T-2", "missing": "T-3", "stray": "T-9"}[problem]
    with open_sqlite(path, CLOCK, projections=CASES) as log:
        assert log.records.rebuild("acme") == Rebuilt(6, 3, (Difference("case", key, problem),))
        assert log.records.rebuild("acme") == Rebuilt(6, 3, ())
    assert rows(path) == filled


def test_an_edited_entry_keeps_records_from_being_made(path, filled):
    change(path, "UPDATE entries SET line = x'7b7d' WHERE client = 'acme' AND seq = 3")
    with (
        open_sqlite(path, CLOCK, projections=CASES) as log,
        pytest.raises(
            StoreError, match=r"^acme: service log: not an entry in canonical form; run `netmgr log "
        ),
    ):
        log.records.rebuild("acme")
    assert rows(path) == filled


def test_entries_of_an_older_store_are_filed_by_their_ticket(path, key):
    with open_sqlite(path, CLOCK, projections=CASES) as log:
        log.append("acme", [draft(), *(case(n % 7) for n in range(12))])
        log.append("globex", [case(1, client="globex")])
    old = _older(path)
    with open_sqlite(old, CLOCK, projections=CASES) as log:
        assert [entry.seq for entry in log.entries("acme", ticket="T-3")] == [5, 12]
        assert [entry.seq for entry in log.entries("globex", ticket="T-1")] == [1]
        assert [r.number for r in log.records.all("acme", "case")] == list(range(7))
        assert workflow.verify(log, key, "acme").holds
        with log._reader.begin() as connection:
            assert migrate.is_current(connection, "")


def _older(path):
    """The same store as netmgr made it before it kept records."""
    old = path.with_name("old.db")
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    engine = create_engine(f"sqlite:///{old}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
    engine.dispose()
    with closing(sqlite3.connect(old)) as connection, connection:
        connection.execute("ATTACH ? AS new", (str(path),))
        for table in ("store", "entries", "bodies", "outbox"):
            columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))
            connection.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM new.{table}")
    return old


WRITER = textwrap.dedent("""
    import random, sys
    from pathlib import Path
    from netmgr.adapters.store_sql import open_sqlite
    from netmgr.adapters.system_clock import SystemClock
    from tests.integration.log.cases import CASES, case
    from tests.unit.log.drafts import draft

    chance = random.Random(int(sys.argv[2]))
    with open_sqlite(Path(sys.argv[1]), SystemClock(), projections=CASES) as log:
        while True:
            drafts = [case(chance.randrange(1, 30), chance.choice("abc")) for _ in range(chance.randrange(1, 6))]
            print(log.append("acme", [*drafts, draft()])[-1].seq, flush=True)
""")


@pytest.mark.parametrize("seed", range(3))
def test_records_are_what_the_entries_say_after_any_kill_9(path, seed):
    """Whatever was appended, in whichever batches, and wherever the process died."""
    chance = random.Random(seed)
    for turn in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), str(seed * 10 + turn)],
            stdout=subprocess.PIPE,
            text=True,
        ) as child:
            lines = list(itertools.islice(child.stdout, chance.randrange(1, 40)))
            child.kill()
            lines += child.stdout.readlines()
        assert child.returncode == -signal.SIGKILL
        with open_sqlite(path, CLOCK, projections=CASES) as log:
            assert log.head("acme").seq >= int(lines[-1])
            kept = rows(path)
            found = log.records.rebuild("acme")
            assert (found.differences, found.records) == ((), len(kept))
            folded = {}
            for entry in log.entries("acme", kind="case"):
                folded[entry.ticket] = CASES["case"].fold(folded.get(entry.ticket), entry).document
            assert {r.key: r.document for r in log.records.all("acme", "case")} == folded


RACER = textwrap.dedent("""
    import sys
    from pathlib import Path
    from netmgr.adapters.store_sql import open_sqlite
    from netmgr.adapters.system_clock import SystemClock
    from netmgr.errors import Superseded
    from tests.integration.log.cases import CASES, case

    with open_sqlite(Path(sys.argv[1]), SystemClock(), projections=CASES) as log:
        taken = lost = 0
        sys.stdin.readline()
        while taken < 40:
            since = log.records.since("acme", "case")
            newest = log.records.page("acme", "case", limit=1, newest_first=True)
            number = newest[0].number + 1 if newest else 1
            try:
                log.append("acme", [case(number)], since=since)
                taken += 1
            except Superseded:
                lost += 1
        print(lost)
""")


def test_of_two_who_take_the_next_number_one_wins(path):
    open_sqlite(path, CLOCK).close()
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    for racer in racers:
        racer.stdin.write("go\n")
        racer.stdin.flush()
    assert [racer.wait(timeout=120) for racer in racers] == [0, 0]
    for racer in racers:
        racer.communicate()
    with open_sqlite(path, CLOCK, projections=CASES) as log:
        assert [r.document["seqs"] for r in log.records.all("acme", "case")] == [[n] for n in range(1, 81)]


def test_superseded_is_a_stores_error():
    assert issubclass(Superseded, StoreError)


def test_a_copy_of_a_store_has_its_records_and_its_tickets(path, filled, tmp_path, key):
    """As `state backup` and `state restore` make it; from an older netmgr's, too."""
    other = tmp_path / "other" / "store.db"
    with open_sqlite(path, CLOCK, projections=CASES) as log, log.copy().held() as held:
        revision, tables = held.revision, [(name, list(rows)) for name, rows in held.tables()]
    with open_sqlite(other, CLOCK, projections=CASES) as copied:
        copied.copy().fill(revision, tables)
        assert copied.records.rebuild("acme") == Rebuilt(6, 3, ())
        assert [entry.seq for entry in copied.entries("acme", ticket="T-2")] == [3, 7, 8]
    assert rows(other) == filled
    older = tmp_path / "older" / "store.db"
    unfiled = [
        (name, [filed_anew({k: v for k, v in row.items() if k != "ticket"}) for row in page])
        for name, page in tables
        if name == "entries"
    ]
    others = [(name, page) for name, page in tables if name not in ("entries", "records")]
    with open_sqlite(older, CLOCK, projections=CASES) as copied:
        copied.copy().fill("0004", [*others, *unfiled])
        assert [r.key for r in copied.records.all("acme", "case")] == ["T-1", "T-2", "T-3"]
        assert workflow.verify(copied, key, "acme").holds
    assert rows(older) == [row for row in filled if row[0] == "acme"]
