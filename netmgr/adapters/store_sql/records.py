"""Records for who reads them."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from operator import attrgetter

from sqlalchemy import Connection

from netmgr.adapters.store_sql import folding, numbers
from netmgr.adapters.store_sql.database import Database
from netmgr.model.entry import MAIN
from netmgr.model.record import Filed, Projections, Rebuilt, Record, Since


class SqlRecords:
    """See ``netmgr.ports.records.Records``. ``SqlServiceLog.append`` folds them."""

    def __init__(self, database: Database, projections: Projections) -> None:
        self._database, self._projections = database, projections

    def since(self, client: str, *kinds: str) -> Since:
        """By the index on kind."""
        with self._database.reading() as connection:
            return Since(kinds, max(folding.newest_entry(connection, client, kind) for kind in kinds))

    def get(self, client: str, kind: str, key: str) -> Record | None:
        """By the primary key."""
        with self._reading(client, kind) as connection:
            row = connection.execute(folding.one(client, kind, key)).one_or_none()
        return None if row is None else Filed._make(row).record()

    def page(
        self,
        client: str,
        kind: str,
        *,
        states: Collection[str] | None = None,
        after: int | None = None,
        limit: int,
        newest_first: bool = False,
    ) -> tuple[Record, ...]:
        """By the indexes on number and on state."""
        query = folding.by_number(client, kind, states, newest_first=newest_first)
        if after is not None:
            query = folding.past(query, after, newest_first=newest_first)
        with self._reading(client, kind) as connection:
            rows = connection.execute(query.limit(limit)).all()
        return tuple(Filed._make(row).record() for row in rows)

    def touched(self, client: str, kind: str, *, after: int, states: Collection[str]) -> Iterator[Record]:
        """By the indexes on seq and on state."""
        with self._reading(client, kind) as connection:
            rows = connection.execute(folding.touched(client, kind, after, states)).all()
        filed = sorted(map(Filed._make, rows), key=attrgetter("number"))
        return (each.record() for each in filed)

    def all(self, client: str, kind: str) -> Iterator[Record]:
        """One reading transaction, as long as it takes."""
        query = folding.by_number(client, kind, None, newest_first=False)
        with self._reading(client, kind) as connection:
            for row in connection.execute(query.execution_options(yield_per=folding.PAGE)):
                yield Filed._make(row).record()

    def rebuild(self, client: str) -> Rebuilt:
        """What is there is folded before the writing transaction begins, so that nobody waits for long."""
        fresh = folding.Fresh(self._projections)
        with self._database.reading() as connection:
            for kind in self._projections:
                folding.current(connection, client, kind, self._projections)  # none of a newer netmgr
            fresh.read(connection, client)
        with self._database.writing(client, MAIN) as connection:
            made = folding.make_anew(connection, client, self._projections, fresh)
            differences = numbers.recount(connection, self._database.queue)
        return replace(made, differences=(*made.differences, *differences))

    @contextmanager
    def _reading(self, client: str, kind: str) -> Iterator[Connection]:
        """A transaction in which the records of the kind are of today."""
        while True:
            with self._database.reading() as connection:
                if folding.current(connection, client, kind, self._projections):
                    yield connection
                    return
            self.rebuild(client)
