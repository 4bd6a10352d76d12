"""The service log over SQLAlchemy Core, for any database; what a database does in its own way is passed in."""

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from types import TracebackType
from typing import Final, Self

from sqlalchemy import Connection, Engine, Select, delete, insert
from sqlalchemy.exc import DBAPIError

from netmgr.adapters.store_sql import folding, numbers, queries
from netmgr.adapters.store_sql.copying import SqlStoreCopy
from netmgr.adapters.store_sql.database import Database
from netmgr.adapters.store_sql.failures import explained
from netmgr.adapters.store_sql.records import SqlRecords
from netmgr.adapters.store_sql.schema import bodies, checkpoints, entries, outbox
from netmgr.errors import StoreError
from netmgr.model.canonical import canonical
from netmgr.model.chain import GENESIS, Head, Redact, Stored, StoredBody, seal
from netmgr.model.checkpoint import Checkpoint
from netmgr.model.entry import MAIN, Draft, Entry
from netmgr.model.names import Target
from netmgr.model.notification import batch_of
from netmgr.model.numbering import Counted, Counter, Numbered, having
from netmgr.model.record import NONE, Projections, Since
from netmgr.ports.clock import Clock
from netmgr.ports.store import Gone, Snapshot

PAGE: Final = 500
FIRST_PAGE: Final = 8
LARGEST_PAGE: Final = 4096
"""For who reads on and on: each page is a transaction of its own."""
SETTLED_WITHIN: Final = 30.0
"""How long, in seconds, a database that went away in a commit is asked whether the commit is there."""

_NEW_ENTRIES: Final = insert(entries)
_NEW_BODIES: Final = insert(bodies)
_NEW_BATCH: Final = insert(outbox)


class SqlServiceLog:
    """See ``netmgr.ports.store.ServiceLog``."""

    def __init__(
        self,
        *,
        reader: Engine,
        writer: Engine,
        where: str,
        identity: str,
        clock: Clock,
        redact: Redact,
        scrub: Callable[[Engine, str], None],
        durability: Callable[[Engine], str],
        queue: Callable[[Connection, str, str], None] = lambda *_: None,
        projections: Projections = NONE,
    ) -> None:
        """Reading transactions must be repeatable, writing ones see what others have committed before their lock.

        ``where`` names the store in errors; ``scrub`` removes what a deletion leaves behind in the database; ``queue``
        makes a transaction wait for the others that append to a client's stream, where beginning it does not.
        ``projections`` are the kinds of which records are kept.
        """
        self._reader, self._writer = reader, writer
        self._where, self._identity = where, identity
        self._clock, self._redact, self._scrub = clock, redact, scrub
        self._durability, self._queue = durability, queue
        self._projections = projections

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._reader.dispose()

    def copy(self) -> SqlStoreCopy:
        """The whole store, for a backup of it."""
        return SqlStoreCopy(self._reader, self._writer, self._where)

    @property
    def database(self) -> Database:
        """The database that the log is in."""
        return Database(self._reader, self._writer, self._where, self._queue)

    @property
    def records(self) -> SqlRecords:
        """What the entries say together."""
        return SqlRecords(self.database, self._projections)

    @property
    def identity(self) -> str:
        """The store's UUID."""
        return self._identity

    @property
    def durability(self) -> str:
        """The database's own words for its settings."""
        with explained(self._where):
            return self._durability(self._reader)

    def append(
        self, client: str, drafts: Sequence[Draft], *, stream: str = MAIN, since: Since | None = None
    ) -> tuple[Entry, ...]:
        """One transaction: the chain's head is read under the write lock, so that no two entries get one seq."""
        return self._appended(client, stream, lambda _: drafts, since)

    def append_numbered(
        self, client: str, counter: Counter, make: Numbered, *, since: Since | None = None
    ) -> tuple[Entry, ...]:
        """The number's row is changed in the same transaction."""

        def drafts(connection: Connection) -> Sequence[Draft]:
            number = numbers.take(connection, self._queue, counter)
            return having(number, counter, make(number))

        return self._appended(client, MAIN, drafts, since)

    def continue_numbers(
        self, client: str, counter: Counter, number: int, drafts: Sequence[Draft]
    ) -> tuple[Entry, ...]:
        """One transaction, too."""

        def made(connection: Connection) -> Sequence[Draft]:
            numbers.go_on(connection, self._queue, counter, number)
            return drafts

        return self._appended(client, MAIN, made)

    def numbers(self) -> tuple[Counted, ...]:
        """Every row."""
        with self._reading() as connection:
            return numbers.listed(connection)

    def head(self, client: str, *, stream: str = MAIN) -> Head | None:
        """One look-up in the primary key."""
        with self._reading() as connection:
            return self._head(connection, client, stream)

    def entries(
        self,
        client: str,
        *,
        stream: str = MAIN,
        after: int = 0,
        until: int | None = None,
        limit: int | None = None,
        kind: str | None = None,
        change: str | None = None,
        device: str | None = None,
        request: str | None = None,
        ticket: str | None = None,
        newest_first: bool = False,
    ) -> Iterator[Entry]:
        """Pages by seq: no transaction stays open between them, and the first is small, for who wants one entry."""
        filters = {"kind": kind, "change": change, "device": device, "request": request, "ticket": ticket}
        query = queries.listing(client, stream, filters, newest_first=newest_first)
        above, below, left, size = after, None if until is None else until + 1, limit, FIRST_PAGE
        while left is None or left > 0:
            wanted = size if left is None else min(size, left)
            page = self._page(queries.window(query, above, below).limit(wanted), client, stream)
            yield from page
            if len(page) < wanted:
                return
            if newest_first:
                below = page[-1].seq
            else:
                above = page[-1].seq
            left = None if left is None else left - len(page)
            size = min(size * 8, LARGEST_PAGE)

    def entry(self, client: str, entry_id: str) -> Entry | None:
        """By the unique index on id."""
        return self._one(queries.lines(client).where(entries.c.id == entry_id))

    def body(self, client: str, digest: str) -> bytes | Gone:
        """One of several."""
        return self.bodies(client, [digest])[digest]

    def bodies(self, client: str, digests: Collection[str]) -> Mapping[str, bytes | Gone]:
        """The contents, some hundreds in a query; for each that is not there the erasure entry decides."""
        wanted, found = sorted(digests), dict[str, bytes | Gone]()
        with self._reading() as connection:
            for at in range(0, len(wanted), PAGE):
                some = queries.contents(client, wanted[at : at + PAGE])
                found |= {row.digest: row.content for row in connection.execute(some)}
            for digest in set(wanted) - found.keys():
                erased = connection.execute(queries.of_subject(client, "erasure", digest)).first()
                found[digest] = Gone.MISSING if erased is None else Gone.ERASED
        return found

    def open_intents(self, client: str, target: Target) -> tuple[Entry, ...]:
        """From two partial indexes that hold nothing but changes' intents and results."""
        found = self._entries(queries.open_intents(client, target))
        return tuple(sorted(found, key=lambda entry: (entry.stream, entry.seq)))

    def plan_used(self, client: str, plan: str) -> Entry | None:
        """By the index on subject."""
        return self._one(queries.of_subject(client, "change", plan))

    def last_inventory_digest(self, client: str, target: Target | None = None) -> str | None:
        """By the index on kind, newest first."""
        with self._reading() as connection:
            return connection.execute(queries.newest_inventory(client, target)).scalar()

    def erase(self, client: str, digest: str, order: Draft) -> Entry:
        """One of many."""
        if order.facts.get("digest") != digest:
            raise ValueError(f"order: not an erasure of {digest}")
        (entry,) = self.erase_all(client, [order])
        return entry

    def erase_all(self, client: str, orders: Sequence[Draft]) -> tuple[Entry, ...]:
        """Delete, append and scrub."""
        with explained(self._where):
            with self._writer.begin() as connection:
                by_stream: dict[str, list[Draft]] = {}
                for order in orders:
                    by_stream.setdefault(self._destroyed(connection, client, order), []).append(order)
                made = []
                for name, drafts in by_stream.items():
                    self._queue(connection, client, name)
                    made.append(self._append(connection, client, drafts, name))
            self._scrub(self._writer, self._where)
        return tuple(entry for entries in made for entry in entries)

    def _destroyed(self, connection: Connection, client: str, order: Draft) -> str:
        """The stream that the order belongs to, once its body is deleted."""
        digest = order.facts.get("digest")
        if order.kind != "erasure" or not isinstance(digest, str):
            raise ValueError("order: not an erasure of a body")
        stream: str | None = connection.execute(queries.stream_of_body(client, digest)).scalar()
        if stream is None:
            raise StoreError(f"{client}: no entry has a body {digest}; `netmgr log show` names them")
        deletion = delete(bodies).where(bodies.c.client == client, bodies.c.digest == digest)
        if not connection.execute(deletion).rowcount:
            raise StoreError(self._why_gone(connection, client, digest))
        return stream

    @contextmanager
    def snapshot(self, client: str, *, stream: str = MAIN) -> Iterator[Snapshot]:
        """One reading transaction."""
        with self._reading() as connection:
            yield _SqlSnapshot(connection, self._where, client, stream)

    def remember(self, client: str, checkpoint: Checkpoint) -> None:
        """One row for each checkpoint issued."""
        if checkpoint.client != client:
            raise ValueError(
                f"client: a checkpoint of {checkpoint.client} cannot go into the log of {client}"
            )
        row = {
            "client": client,
            "stream": checkpoint.stream,
            "seq": checkpoint.seq,
            "signature": checkpoint.signature,
            "document": canonical(checkpoint.document()),
        }
        with explained(self._where), self._writer.begin() as connection:
            connection.execute(insert(checkpoints), row)

    def _appended(
        self,
        client: str,
        stream: str,
        drafts: Callable[[Connection], Sequence[Draft]],
        since: Since | None = None,
    ) -> tuple[Entry, ...]:
        """Committed; what ``drafts`` makes, behind all others that append to the stream."""
        made: tuple[Entry, ...] = ()
        with explained(self._where):
            try:
                with self._writer.begin() as connection:
                    self._queue(connection, client, stream)
                    if since is not None:
                        folding.hold(connection, client, stream, since)
                    made = self._append(connection, client, drafts(connection), stream)
            except DBAPIError as error:
                # A connection that broke in the commit itself has left unsaid how that ended.
                if not (made and error.connection_invalidated and self._is_there(client, stream, made[0].id)):
                    raise
        return made

    def _append(
        self,
        connection: Connection,
        client: str,
        drafts: Sequence[Draft],
        stream: str,
    ) -> tuple[Entry, ...]:
        head = self._head(connection, client, stream) or GENESIS
        links = seal(
            client, stream, head, drafts, now=self._clock.now(), random=os.urandom, redact=self._redact
        )
        appended = tuple(link.entry for link in links)
        if any(entry.kind in self._projections for entry in appended):
            folding.take_in(connection, client, appended, self._projections)
        place = {"client": client, "stream": stream}
        if links:
            connection.execute(_NEW_ENTRIES, [place | link.stored._asdict() for link in links])
        if kept := [{"client": client} | link.body._asdict() for link in links if link.body]:
            connection.execute(_NEW_BODIES, kept)
        for batch in batch_of(stream, appended):
            connection.execute(_NEW_BATCH, {"client": client} | asdict(batch))
        return appended

    def _is_there(self, client: str, stream: str, entry_id: str) -> bool:
        """Ask, over new connections, until the database answers. Raises StoreError where it does not."""
        until = self._clock.monotonic() + SETTLED_WITHIN
        while True:
            try:
                with self._writer.begin() as connection:
                    self._queue(
                        connection, client, stream
                    )  # behind the transaction, should it still be at work
                    line = connection.execute(queries.lines(client).where(entries.c.id == entry_id)).scalar()
                    return line is not None
            except DBAPIError as error:
                if self._clock.monotonic() > until:
                    raise StoreError(
                        f"{self._where}: service log: the connection broke while entries were written, and the "
                        f"database has not answered for {SETTLED_WITHIN:.0f} s: whether they are there is not known; "
                        "start it, then look with `netmgr log list`"
                    ) from error
                self._clock.sleep(0.2)

    def _head(self, connection: Connection, client: str, stream: str) -> Head | None:
        line = connection.execute(queries.HEAD, {"client": client, "stream": stream}).scalar()
        if line is None:
            return None
        entry = self._parse(line)
        return Head(entry.seq, entry.hash, entry.time, entry.id)

    def _entries(self, query: Select[bytes]) -> list[Entry]:
        with self._reading() as connection:
            return [self._parse(line) for line in connection.execute(query).scalars()]

    def _page(self, query: Select[bytes], client: str, stream: str) -> list[Entry]:
        """Entries of one chain, read together: that is cheaper than one by one."""
        with self._reading() as connection:
            lines = connection.execute(query).scalars().all()  # fetched at once
        try:
            return Entry.parse_page(lines, client, stream) if lines else []
        except ValueError as error:
            raise StoreError(f"{self._where}: service log: {error}; run `netmgr log verify`") from error

    def _one(self, query: Select[bytes]) -> Entry | None:
        found = self._entries(query)
        return found[0] if found else None

    def _parse(self, line: bytes) -> Entry:
        try:
            return Entry.parse(line)
        except ValueError as error:
            raise StoreError(f"{self._where}: service log: {error}; run `netmgr log verify`") from error

    def _why_gone(self, connection: Connection, client: str, digest: str) -> str:
        line = connection.execute(queries.of_subject(client, "erasure", digest)).scalar()
        if line is None:
            return f"{client}: body {digest} is MISSING, not erased by order; run `netmgr log verify`"
        return f"{client}: body {digest} was already erased (seq {self._parse(line).seq})"

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with explained(self._where), self._reader.begin() as connection:
            yield connection


class _SqlSnapshot:
    """See ``netmgr.ports.store.Snapshot``."""

    def __init__(self, connection: Connection, where: str, client: str, stream: str) -> None:
        self._connection, self._where = connection, where
        self._client, self._stream = client, stream

    def pages(self) -> Iterator[Sequence[Stored]]:
        query = queries.stored(self._client, self._stream).execution_options(yield_per=PAGE)
        for rows in self._connection.execute(query).partitions():
            yield [Stored._make(row) for row in rows]

    def bodies(self, first: int, last: int) -> Iterator[StoredBody]:
        query = queries.bodies_between(self._client, self._stream, first, last)
        yield from map(StoredBody._make, self._connection.execute(query))

    def checkpoints(self) -> Sequence[Checkpoint]:
        documents = self._connection.execute(queries.issued(self._client, self._stream)).scalars()
        try:
            found = (Checkpoint.parse(document) for document in documents)
            # By their bytes: how a database sorts text depends on its locale.
            return tuple(sorted(found, key=lambda checkpoint: (checkpoint.seq, checkpoint.signature)))
        except ValueError as error:
            raise StoreError(f"{self._where}: service log: a kept checkpoint is damaged: {error}") from error
