"""Scheduled runs as rows beside the service log."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, NullPool, Row, delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from netmgr.adapters.runs_memory import already_recorded, not_recorded
from netmgr.adapters.store_sql.database import Database
from netmgr.adapters.store_sql.failures import explained
from netmgr.adapters.store_sql.postgresql import connect, key_of
from netmgr.adapters.store_sql.schema import runs, standings
from netmgr.model.entry import rfc3339
from netmgr.ports.runs import Run, Standing

Turn = Callable[[str, str], AbstractContextManager[bool]]
"""(client, job) → the right to run it, for as long as the context lasts."""

_TRY: Final = text("SELECT pg_try_advisory_lock(:key)")


class SqlRuns:
    """See ``netmgr.ports.runs.Runs``. ``turn`` hands out turns in the database's or the machine's own way."""

    def __init__(self, database: Database, turn: Turn) -> None:
        self._database, self.turn = database, turn

    def standing(self, client: str, job: str) -> Standing | None:
        """One row for each job."""
        query = select(standings).where(standings.c.client == client, standings.c.job == job)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return Standing(row.fingerprint, datetime.fromisoformat(row.last)) if row else None

    def account(self, client: str, job: str, standing: Standing, new: Sequence[Run]) -> None:
        """One transaction; the primary key keeps a run from being recorded twice."""
        place = {"client": client, "job": job}
        with self._writing() as connection:
            for run in new:
                try:
                    connection.execute(insert(runs), _values(run))
                except IntegrityError as error:
                    raise already_recorded(run) from error
            connection.execute(delete(standings).where(standings.c.client == client, standings.c.job == job))
            row = {"fingerprint": standing.fingerprint, "last": rfc3339(standing.last)}
            connection.execute(insert(standings), place | row)

    def unfinished(self, client: str, job: str) -> Run | None:
        """By the index that holds nothing but what is running."""
        query = select(runs).where(runs.c.client == client, runs.c.job == job, text("state = 'running'"))
        return next(iter(self._found(query.order_by(runs.c.due).limit(1))), None)

    def update(self, run: Run) -> None:
        """By the primary key."""
        with self._writing() as connection:
            done = connection.execute(
                update(runs)
                .where(runs.c.client == run.client, runs.c.job == run.job, runs.c.due == rfc3339(run.due))
                .values(_values(run))
            )
            if not done.rowcount:
                raise not_recorded(run)

    def newest(self, client: str, job: str, limit: int) -> tuple[Run, ...]:
        """By the primary key, backwards."""
        query = select(runs).where(runs.c.client == client, runs.c.job == job)
        return self._found(query.order_by(runs.c.due.desc()).limit(limit))

    def forget(self, client: str, job: str, before: datetime, limit: int) -> int:
        """By the primary key, in one statement."""
        here = runs.c.client == client, runs.c.job == job
        newest = select(func.max(runs.c.due)).where(*here).scalar_subquery()
        old = (
            select(runs.c.due)
            .where(*here, runs.c.due < rfc3339(before), runs.c.state != "running", runs.c.due < newest)
            .order_by(runs.c.due)
            .limit(limit)
        )
        with self._writing() as connection:
            return connection.execute(delete(runs).where(*here, runs.c.due.in_(old))).rowcount

    def _found(self, query: Any) -> tuple[Run, ...]:
        with self._database.reading() as connection:
            return tuple(_run(row) for row in connection.execute(query))

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with explained(self._database.where), self._database.writer.begin() as connection:
            yield connection


def turns_in_database(url: str, password: str | None) -> Turn:
    """Turns as advisory locks of a session of their own: the server lets go of a dead process's."""
    engine, where = connect(url, password, NullPool)
    sessions = engine.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def turn(client: str, job: str) -> Iterator[bool]:
        with explained(where):
            connection = sessions.connect()
        try:
            with explained(where):
                mine = bool(connection.execute(_TRY, {"key": key_of("turn", client, job)}).scalar())
            yield mine
        finally:
            connection.invalidate()  # the session's end is what frees its lock
            connection.close()

    return turn


def _values(run: Run) -> dict[str, object]:
    return {
        "client": run.client,
        "job": run.job,
        "due": rfc3339(run.due),
        "state": run.state,
        "attempts": run.attempts,
        "begun": run.begun and rfc3339(run.begun),
        "ended": run.ended and rfc3339(run.ended),
        "outcome": run.outcome,
    }


def _run(row: Row[Any]) -> Run:
    return Run(
        client=row.client,
        job=row.job,
        due=datetime.fromisoformat(row.due),
        state=row.state,
        attempts=row.attempts,
        begun=row.begun and datetime.fromisoformat(row.begun),
        ended=row.ended and datetime.fromisoformat(row.ended),
        outcome=row.outcome,
    )
