"""The schema: migrations and tables agree, and each question is answered by its index."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event

from netmgr.adapters.store_sql import folding, migrate, open_sqlite, queries, schema
from netmgr.adapters.store_sql.outbox import due
from netmgr.adapters.system_clock import SystemClock


def test_the_revisions_are_those_of_the_migrations():
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    script = ScriptDirectory.from_config(config)
    assert [made.revision for made in reversed(list(script.walk_revisions()))] == list(schema.REVISIONS)
    assert script.get_current_head() == schema.REVISIONS[-1]


@pytest.fixture
def migrated(tmp_path):
    """An empty database that all migrations have gone over; a new store is made without them."""
    engine = create_engine(f"sqlite:///{tmp_path / 'migrated.db'}")
    with engine.begin() as connection:
        migrate.upgrade(connection)
    yield engine
    engine.dispose()


def test_migrations_make_exactly_the_tables(migrated):
    with migrated.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


def described(connection):
    """All that SQLite knows of columns, and the indexes with their conditions, which Alembic does not compare."""
    made = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
    columns = {
        name: connection.execute(f"PRAGMA table_xinfo({name})").fetchall()
        for kind, name, _, _ in made
        if kind == "table"
    }
    indexes = {
        name: (table, " ".join((sql or "").replace('"', "").split()))
        for kind, name, table, sql in made
        if kind == "index"
    }
    return columns, indexes, connection.execute("SELECT * FROM alembic_version").fetchall()


def test_a_new_store_is_exactly_what_migrations_make(log, path, migrated, tmp_path):
    with (
        closing(sqlite3.connect(path)) as new,
        closing(sqlite3.connect(tmp_path / "migrated.db")) as old,
    ):
        assert described(new) == described(old)
        columns, indexes, _ = described(new)
        assert len(columns) == len(schema.metadata.tables) + 1
        assert len([sql for _, sql in indexes.values() if sql]) == 17


def test_a_store_behind_is_migrated_when_it_is_opened(path, monkeypatch):
    """A revision that this program does not have stands for the next."""
    open_sqlite(path, SystemClock()).close()
    upgraded = []
    monkeypatch.setattr(migrate, "REVISIONS", (*schema.REVISIONS, "9999"))
    monkeypatch.setattr(migrate, "upgrade", upgraded.append)
    open_sqlite(path, SystemClock()).close()
    assert len(upgraded) == 1


QUERIES = {
    "head": (queries.HEAD.params(client="acme", stream="main"), "sqlite_autoindex_entries_1"),
    "pages": (queries.stored("acme", "main"), "sqlite_autoindex_entries_1"),
    "kind": (queries.newest_inventory("acme", "network"), "entries_kind"),
    "plan": (queries.of_subject("acme", "change", "p-1"), "entries_subject"),
    "body": (queries.stream_of_body("acme", "d" * 64), "entries_body"),
    "content": (queries.contents("acme", ["d" * 64, "e" * 64]), "sqlite_autoindex_bodies_1"),
    "open intents": (queries.open_intents("acme", "network"), "entries_intent"),
    "their results": (queries.open_intents("acme", "network"), "entries_result"),
    "checkpoints": (queries.issued("acme", "main"), "sqlite_autoindex_checkpoints_1"),
    "notifications that are due": (due("acme", "2026"), "notifications_waiting"),
    "newest of a kind": (folding.NEWEST_ENTRY.params(client="acme", stream="main", kind="x"), "entries_kind"),
    "newest record": (folding.NEWEST_RECORD.params(client="acme", kind="x"), "records_newest"),
    "a record": (folding.one("acme", "x", "k"), "sqlite_autoindex_records_1"),
    "records": (folding.by_number("acme", "x", None, newest_first=True), "records_number"),
    "records touched": (folding.touched("acme", "x", 7, ["open"]), "records_newest"),
    "or of a state": (folding.touched("acme", "x", 7, ["open"]), "records_state"),
    "records of a state": (folding.by_number("acme", "x", ["open"], newest_first=True), "records_state"),
} | {
    column: (queries.listing("acme", "main", {column: "x"}, newest_first=True), f"entries_{column}")
    for column in ("change", "device", "request", "ticket")
}


@pytest.mark.parametrize(("query", "index"), QUERIES.values(), ids=QUERIES)
def test_no_question_scans_the_log(log, query, index):
    executed = []

    def remember(_connection, _cursor, statement, parameters, _context, _many):
        executed.append((statement, parameters))

    with log._reader.begin() as connection:
        event.listen(connection, "before_cursor_execute", remember)
        connection.execute(query).all()
        ((statement, parameters),) = executed
        # A statement is planned before its values are known; with them SQLite would plan this one better.
        unknown = (None,) * len(parameters)
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", unknown)]
    assert any(
        f"USING INDEX {index} " in step or f"USING COVERING INDEX {index} " in step for step in plan
    ), plan
    assert not [step for step in plan if step.startswith("SCAN")], plan
