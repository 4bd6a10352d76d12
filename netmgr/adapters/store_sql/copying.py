"""All of a store out of one database, and into another, perhaps of another kind."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, Table, func, insert, select

from netmgr.adapters.store_sql import migrate, numbers
from netmgr.adapters.store_sql.failures import explained
from netmgr.adapters.store_sql.schema import REVISIONS, entries, metadata, store
from netmgr.errors import StoreError
from netmgr.model.archive import LogEnd
from netmgr.model.entry import Entry
from netmgr.ports.state import HeldStore, Row

PAGE = 500
#: By name: bodies and checkpoints come before the entries that are proved with them.
_TABLES = [metadata.tables[name] for name in sorted(metadata.tables)]


class SqlStoreCopy:
    """See ``netmgr.ports.state.StoreCopy``. What a database has of its own (leases) stays there."""

    def __init__(self, reader: Engine, writer: Engine, where: str) -> None:
        """Transactions of ``reader`` are repeatable."""
        self._reader, self._writer, self._where = reader, writer, where

    @contextmanager
    def held(self) -> Iterator[HeldStore]:
        """One reading transaction."""
        with explained(self._where), self._reader.begin() as connection:
            yield _Held(connection)

    def fill(self, revision: str, tables: Iterable[tuple[str, Sequence[Row]]]) -> None:
        """One writing transaction. A column that an older netmgr did not have gets its default."""
        if revision not in REVISIONS:
            raise StoreError(
                f"{self._where}: the archive's store ({revision}) is newer than this netmgr knows ({REVISIONS[-1]}); "
                "restore it with the netmgr that made it"
            )
        with explained(self._where), self._writer.begin() as connection:
            for table in _TABLES:
                if (
                    table is not store
                    and connection.execute(select(func.count()).select_from(table)).scalar()
                ):
                    raise StoreError(
                        f"{self._where}: the store is not empty ({table.name}); restore into an empty one"
                    )
            connection.execute(store.delete())
            for name, rows in tables:
                connection.execute(insert(_table(name, self._where)), [dict(row) for row in rows])
            numbers.hold(connection)


class _Held:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def revision(self) -> str:
        return migrate.revision(self._connection) or ""

    def ends(self) -> Sequence[LogEnd]:
        c = entries.c
        newest = (
            select(c.client, c.stream, func.max(c.seq).label("seq")).group_by(c.client, c.stream).subquery()
        )
        ends = select(c.line).join(
            newest, (c.client == newest.c.client) & (c.stream == newest.c.stream) & (c.seq == newest.c.seq)
        )
        found = [Entry.parse(line) for line in self._connection.execute(ends).scalars()]
        return sorted(
            (LogEnd(client=e.client, stream=e.stream, seq=e.seq, hash=e.hash) for e in found),
            key=lambda end: (end.client, end.stream),
        )

    def tables(self) -> Iterator[tuple[str, Sequence[Row]]]:
        for table in _TABLES:
            query = table.select().order_by(*table.primary_key.columns).execution_options(yield_per=PAGE)
            for rows in self._connection.execute(query).mappings().partitions():
                yield table.name, [dict(row) for row in rows]


def _table(name: str, where: str) -> Table:
    try:
        return metadata.tables[name]
    except KeyError:
        raise StoreError(
            f"{where}: the archive has a table {name}, which this netmgr does not know"
        ) from None
