"""The store in one SQLite file: durable (WAL, synchronous FULL), private (0600), complete or not there at all."""

import os
import sqlite3
import uuid
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, insert

from netmgr.adapters.directory_lock import locked
from netmgr.adapters.private_files import private_directory
from netmgr.adapters.store_sql import migrate
from netmgr.adapters.store_sql.failures import explained
from netmgr.adapters.store_sql.log import SqlServiceLog
from netmgr.adapters.store_sql.schema import store
from netmgr.errors import StoreError
from netmgr.model.chain import Redact
from netmgr.model.entry import rfc3339
from netmgr.model.record import NONE, Projections
from netmgr.ports.clock import Clock

BUSY_SECONDS: Final = 10.0
"""How long a command waits for another one's transaction."""


def open_sqlite(
    path: Path, clock: Clock, redact: Redact = bytes, *, projections: Projections = NONE
) -> SqlServiceLog:
    """The service log in the file ``path``, made at first use with its directory.

    ``redact`` is applied to every body before it is hashed and kept. Raises StoreError, in one line, when the file
    cannot be made, read or written, is damaged, or has a schema newer than this program.
    """
    try:
        if not path.exists():
            _create(path, clock)
        if (mode := path.stat().st_mode) & 0o077:
            path.chmod(mode & 0o700)
    except OSError as error:
        raise StoreError(
            f"{path}: service log: {error.strerror}; make the file and its directory writable for you"
        ) from error
    if not os.access(path, os.W_OK, effective_ids=True):
        raise StoreError(f"{path}: service log: the file is read-only; make it writable for you")
    engine = _engine(path)
    try:
        with explained(str(path)):
            identity = _prepare(engine, str(path))
    except BaseException:
        engine.dispose()
        raise
    return SqlServiceLog(
        reader=engine,
        writer=_writer(engine),
        where=str(path),
        identity=identity,
        clock=clock,
        redact=redact,
        scrub=_scrub,
        durability=_durability,
        projections=projections,
    )


def _create(path: Path, clock: Clock) -> None:
    """Build the store beside its place and rename it there. The directory's lock lets one process do it."""
    private_directory(path.parent)
    with locked(path.parent) as directory:
        if path.exists():
            return
        unfinished = path.with_name(f"{path.name}.new")
        for leftover in (unfinished, *_companions(unfinished)):
            leftover.unlink(missing_ok=True)
        os.close(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        engine = _engine(unfinished)
        try:
            with explained(str(path)):
                _pragma(engine, "journal_mode = WAL")
                with _writer(engine).begin() as connection:
                    migrate.create(connection)
                    created = {"id": str(uuid.uuid4()), "created": rfc3339(clock.now())}
                    connection.execute(insert(store).values(created))
                # Closing would do it too, and tell nobody that the disk is full: then the name of a store that has
                # nothing in it would stand in the way for good.
                _pragma(engine, "wal_checkpoint(TRUNCATE)")
        finally:
            engine.dispose()
        unfinished.rename(path)
        os.fsync(directory)


def _companions(path: Path) -> tuple[Path, Path]:
    return path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")


def _engine(path: Path) -> Engine:
    """Connections that are durable, and whose writing transactions hold the write lock from their beginning.

    With SQLite's own BEGIN a transaction that reads the chain's head and then appends would fail, not wait, when
    another process appended in between.
    """

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{quote(str(path))}?mode=rw",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        for pragma in ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    # hide_parameters: a database's error must not carry a body into a traceback.
    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, hide_parameters=True)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes: Any = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _writer(engine: Engine) -> Engine:
    return engine.execution_options(writes=True)


def _pragma(engine: Engine, pragma: str) -> tuple[Any, ...]:
    """Run a pragma that SQLite takes outside of transactions only; its one row."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA {pragma}")
        return tuple(cursor.fetchone() or ())
    finally:
        connection.close()


def _prepare(engine: Engine, where: str) -> str:
    """Migrate if the schema is behind; the store's identity."""
    _pragma(engine, "journal_mode = WAL")  # it is kept in the file, but a restored copy may have lost it
    with engine.begin() as connection:
        current = migrate.is_current(connection, where)
    if not current:
        with _writer(engine).begin() as connection:
            if not migrate.is_current(connection, where):
                migrate.upgrade(connection)
    with engine.begin() as connection:
        identity: str | None = connection.execute(store.select()).scalar()
    if identity is None:
        raise StoreError(f"{where}: service log: it has no identity; restore it from a backup")
    return identity


def _durability(engine: Engine) -> str:
    """The journal and how it is synchronised, as SQLite names them."""
    (mode,), (level,) = _pragma(engine, "journal_mode"), _pragma(engine, "synchronous")
    return f"journal {mode}, synchronous {('off', 'normal', 'full', 'extra')[int(level)]}"


def _scrub(engine: Engine, where: str) -> None:
    """Get an erased body out of the write-ahead file, which keeps old pages until it is reset."""
    busy, _, _ = _pragma(engine, "wal_checkpoint(TRUNCATE)")
    if busy:
        raise StoreError(
            f"{where}: service log: the body is erased and logged, but its bytes stay in {where}-wal until every "
            "netmgr that reads the log has ended"
        )
