"""A store's database, for who keeps tables in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from netmgr.adapters.store_sql.failures import explained


@dataclass(frozen=True, slots=True)
class Database:
    """Reading transactions are repeatable. ``where`` names it in errors."""

    reader: Engine
    writer: Engine
    where: str
    queue: Callable[[Connection, str, str], None] = lambda *_: None
    """Makes a transaction wait for the others of the same two names, where beginning it does not."""

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A reading transaction."""
        with explained(self.where), self.reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self, client: str, name: str) -> Iterator[Connection]:
        """A writing transaction, behind all others of the client that give the same name: a stream's, or a table's."""
        with explained(self.where), self.writer.begin() as connection:
            self.queue(connection, client, name)
            yield connection
