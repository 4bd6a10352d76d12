"""Bring a store's schema to this program's revision. Alembic is imported only when there is something to migrate."""

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.schema import CreateIndex, CreateTable

from netmgr.adapters.store_sql.schema import REVISIONS, metadata
from netmgr.errors import StoreError


def revision(connection: Connection) -> str | None:
    """The revision that the store is at, or None for a database that is no store."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def is_current(connection: Connection, where: str) -> bool:
    """Whether the schema is this program's. Raises StoreError when it is newer, or none."""
    found = revision(connection)
    if found is None:
        raise StoreError(f"{where}: it is not a service log; move it away or restore the log from a backup")
    if found not in REVISIONS:
        raise StoreError(
            f"{where}: the service log's schema ({found}) is newer than this netmgr knows ({REVISIONS[-1]}); "
            "upgrade netmgr to use it"
        )
    return found == REVISIONS[-1]


def create(connection: Connection) -> None:
    """Make in an empty SQLite database, inside the caller's transaction, what all migrations would make there.

    Without Alembic: a workspace's first command has nothing to migrate, and would take twice as long.
    """
    for statement in _statements():
        connection.exec_driver_sql(statement)
    connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": REVISIONS[-1]})


@cache
def _statements() -> tuple[str, ...]:
    from sqlalchemy.dialects import sqlite

    dialect = sqlite.dialect()
    tables = metadata.sorted_tables
    indexes = [
        index for table in tables for index in sorted(table.indexes, key=lambda index: str(index.name))
    ]
    return (
        "CREATE TABLE alembic_version "
        "(version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))",
        *(str(CreateTable(table).compile(dialect=dialect)) for table in tables),
        *(str(CreateIndex(index).compile(dialect=dialect)) for index in indexes),
    )


def upgrade(connection: Connection) -> None:
    """Migrate inside the caller's transaction: all of it, or nothing."""
    from alembic.command import upgrade as run
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    run(config, "head")
