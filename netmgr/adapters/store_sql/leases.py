"""Leases as rows of the shared PostgreSQL database: one writer among all engineers, by the database's clock.

A holder keeps a session with an advisory lock, so that the server tells when its process has died, and says in its row
until when it may be silent. Every step is one statement: nobody who is stopped keeps others waiting in a transaction.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine, NullPool, Row, text
from sqlalchemy.exc import DBAPIError

from netmgr.adapters.store_sql.failures import explained
from netmgr.adapters.store_sql.postgresql import connect
from netmgr.model.lease import SECONDS, Tenure, loss, refusal
from netmgr.model.names import Target

#: ``gone``: its session is over. After a restart of the server every session is, also those of who lives and will be
#: back: then only the time counts. The lock is shared, so that two who look at once take each other for nobody.
_LOOK: Final = text("""
    SELECT epoch, holder, since, released,
        extract(epoch FROM until - clock_timestamp())::float AS remaining,
        heard > pg_postmaster_start_time() AND CASE WHEN pg_try_advisory_lock_shared(key)
            THEN pg_advisory_unlock_shared(key) ELSE false END AS gone
    FROM leases WHERE client = :client AND target = :target
""")
#: Whoever changes the row that both have seen is the one.
_TAKE: Final = text("""
    INSERT INTO leases AS held (client, target, epoch, holder, key, since, heard, until, released)
    VALUES (:client, :target, extract(epoch FROM clock_timestamp())::bigint, :holder, :key,
        clock_timestamp(), clock_timestamp(), clock_timestamp() + :seconds * interval '1 second', false)
    ON CONFLICT (client, target) DO UPDATE SET epoch = greatest(held.epoch + 1, excluded.epoch),
        holder = excluded.holder, key = excluded.key, since = excluded.since, heard = excluded.heard,
        until = excluded.until, released = false
    WHERE held.epoch = :seen
    RETURNING epoch
""")
_EXTEND: Final = text("""
    UPDATE leases SET heard = clock_timestamp(), until = clock_timestamp() + :seconds * interval '1 second'
    WHERE client = :client AND target = :target AND epoch = :epoch AND key = :key RETURNING epoch
""")
_RELEASE: Final = text("""
    UPDATE leases SET released = true WHERE client = :client AND target = :target AND epoch = :epoch AND key = :key
""")
_LOCK: Final = text("SELECT pg_try_advisory_lock(:key)")
#: What a crash of the server may take back is only that somebody was heard of.
_HASTE: Final = text("SET synchronous_commit = off")


class SqlLocks:
    """See ``netmgr.ports.locks.Locks``. A lease runs out ``seconds`` after its holder was last heard of."""

    def __init__(self, url: str, password: str | None = None, seconds: float = SECONDS) -> None:
        engine, self._where = connect(url, password, NullPool)
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._seconds = seconds

    @contextmanager
    def hold(self, client: str, target: Target, holder: str) -> "Iterator[SqlLease]":
        """Hold the lease while the context lasts; never waits."""
        key = secrets.randbits(63)
        with explained(self._where):
            connection = self._engine.connect()
            try:
                connection.execute(_LOCK, {"key": key})
                lease = None
                while lease is None:  # somebody was quicker: look again whose it is now
                    lease = self._take(connection, _Mine(client, target, key, self._seconds), holder)
                connection.execute(_HASTE)
            except BaseException:
                connection.invalidate()
                connection.close()
                raise
        try:
            yield lease
        finally:
            lease.close()

    def held(self, client: str, target: Target) -> Tenure | None:
        """From the row, if its session lives."""
        with explained(self._where), self._engine.connect() as connection:
            row = connection.execute(_LOOK, {"client": client, "target": target}).one_or_none()
        return None if row is None or row.released or row.gone else _tenure(client, target, row)

    def _take(self, connection: Connection, mine: "_Mine", holder: str) -> "SqlLease | None":
        place = {"client": mine.client, "target": mine.target}
        row = connection.execute(_LOOK, place).one_or_none()
        last = None if row is None or row.released or row.gone else _tenure(mine.client, mine.target, row)
        if last and last.left > 0:
            raise refusal(last)
        seen = row.epoch if row else 0
        values = place | {"holder": holder, "key": mine.key, "seconds": mine.seconds, "seen": seen}
        epoch = connection.execute(_TAKE, values).scalar()
        return None if epoch is None else SqlLease(self._engine, self._where, connection, mine, epoch, last)


class _Mine(NamedTuple):
    """What a holder knows of its own lease before it has it."""

    client: str
    target: Target
    key: int
    seconds: float


class SqlLease:
    """See ``netmgr.ports.locks.Lease``."""

    def __init__(
        self,
        engine: Engine,
        where: str,
        connection: Connection,
        mine: _Mine,
        epoch: int,
        taken_from: Tenure | None,
    ) -> None:
        self._engine, self._where, self._connection, self._mine = engine, where, connection, mine
        self.epoch, self.taken_from = epoch, taken_from

    def ensure(self) -> None:
        """Say until when, if the row is still ours; over a new session where the old one broke."""
        with explained(self._where):
            found = None
            try:
                if not self._connection.invalidated:
                    found = self._connection.execute(_EXTEND, self._values()).scalar()
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
            if self._connection.invalidated:
                found = self._extend_anew()
            if found is not None:
                return
            place = {"client": self._mine.client, "target": self._mine.target}
            row = self._connection.execute(_LOOK, place).one_or_none()
        raise loss(
            self._mine.client,
            self._mine.target,
            None if row is None else _tenure(self._mine.client, self._mine.target, row),
        )

    def close(self) -> None:
        """Let go. A server that does not answer finds out when the session ends."""
        with suppress(DBAPIError):
            if not self._connection.invalidated:
                self._connection.execute(_RELEASE, self._values())
        # Not back into the pool: the session's end is what frees its advisory lock.
        self._connection.invalidate()
        self._connection.close()

    def _extend_anew(self) -> Any:
        new, old = self._engine.connect(), self._connection
        self._connection = new
        old.close()
        new.execute(_LOCK, {"key": self._mine.key})
        new.execute(_HASTE)
        return new.execute(_EXTEND, self._values()).scalar()

    def _values(self) -> dict[str, object]:
        return {**self._mine._asdict(), "epoch": self.epoch}


def _tenure(client: str, target: Target, row: Row[Any]) -> Tenure:
    return Tenure(
        client=client,
        target=target,
        holder=row.holder,
        since=row.since.astimezone(UTC).isoformat(timespec="seconds"),
        epoch=row.epoch,
        left=row.remaining,
    )
