"""The outbox as rows beside the service log."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from netmgr.adapters.store_sql.database import Database
from netmgr.adapters.store_sql.schema import conditions, notifications, outbox
from netmgr.model.entry import rfc3339
from netmgr.model.notification import Backlog, Batch, Condition, Notification, NotificationState, Routed
from netmgr.ports.outbox import Standing

_QUEUE: Final = "outbox"
_n = notifications.c
_NOTIFICATION: Final = [_n[field.name] for field in fields(Notification)]
_BATCH: Final = [outbox.c[field.name] for field in fields(Batch)]
_CONDITION: Final = [conditions.c[field.name] for field in fields(Condition)]


#: Made once and run for all of them together: a network may have many problems at a time.
_NO_MORE: Final = delete(conditions).where(
    conditions.c.client == bindparam("of"),
    conditions.c.recipient == bindparam("whom"),
    conditions.c.subject == bindparam("what"),
)


class _TakenError(Exception):
    """Somebody else has routed the batch."""


class SqlOutbox:
    """See ``netmgr.ports.outbox.Outbox``. ``SqlServiceLog.append`` writes the batches."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def unrouted(self, client: str, limit: int) -> tuple[Batch, ...]:
        """Oldest first, stream by stream."""
        query = select(*_BATCH).where(outbox.c.client == client)
        with self._database.reading() as connection:
            found = connection.execute(query.order_by(outbox.c.stream, outbox.c.first).limit(limit))
            return tuple(Batch(*row) for row in found)

    def route(self, client: str, batches: Sequence[Batch], decide: Callable[[Standing], Routed]) -> bool:
        """One transaction, one at a time for each client."""
        try:
            with self._database.writing(client, _QUEUE) as connection:
                for batch in batches:
                    _take(connection, client, batch)
                _keep(connection, client, decide(_standing(connection, client)))
        except _TakenError:
            return False
        return True

    def claim(self, client: str, now: datetime, until: datetime) -> Notification | None:
        """Among the oldest of each recipient the first that is due; a transaction of its own."""
        with self._database.writing(client, _QUEUE) as connection:
            row = connection.execute(due(client, rfc3339(now))).one_or_none()
            if row is None:
                return None
            made = replace(
                Notification(**row._mapping), state="sending", attempts=row.attempts + 1, due=rfc3339(until)
            )
            _change(connection, made, _n.attempts == row.attempts)
            return made

    def settle(
        self,
        claimed: Notification,
        state: NotificationState,
        *,
        now: datetime,
        due: datetime | None = None,
        error: str | None = None,
    ) -> bool:
        """The attempt's number tells whether the claim still holds."""
        settled = rfc3339(now) if state in ("sent", "failed") else None
        made = replace(
            claimed,
            state=state,
            due=rfc3339(due) if due else claimed.due,
            error=error,
            settled=settled,
        )
        with self._database.writing(claimed.client, _QUEUE) as connection:
            return _change(connection, made, and_(_n.state == "sending", _n.attempts == claimed.attempts))

    def revive(self, client: str, identity: str, now: datetime) -> bool:
        """By the index on id."""
        failed = update(notifications).where(_n.client == client, _n.id == identity, _n.state == "failed")
        with self._database.writing(client, _QUEUE) as connection:
            values = {"state": "pending", "due": rfc3339(now), "settled": None}
            return bool(connection.execute(failed.values(values)).rowcount)

    def notifications(
        self, client: str, *, state: NotificationState | None = None, limit: int
    ) -> tuple[Notification, ...]:
        """By the primary key, backwards."""
        query = select(*_NOTIFICATION).where(_n.client == client)
        if state is not None:
            query = query.where(_n.state == state)
        with self._database.reading() as connection:
            found = connection.execute(query.order_by(_n.number.desc()).limit(limit))
            return tuple(Notification(**row._mapping) for row in found)

    def find(self, client: str, identity: str) -> Notification | None:
        """By the index on id."""
        query = select(*_NOTIFICATION).where(_n.client == client, _n.id == identity)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
            return Notification(**row._mapping) if row else None

    def backlog(self, client: str) -> Backlog:
        """Counted by the database."""
        batches = select(func.count(), func.min(outbox.c.time)).where(outbox.c.client == client)
        counts = select(_n.state, func.count()).where(_n.client == client).group_by(_n.state)
        oldest = select(func.min(_n.created)).where(_n.client == client, _n.settled.is_(None))
        with self._database.reading() as connection:
            unrouted, first = connection.execute(batches).one()
            times = [time for time in (first, connection.execute(oldest).scalar()) if time]
            by_state = {row[0]: row[1] for row in connection.execute(counts)}
        return Backlog(unrouted, by_state, datetime.fromisoformat(min(times)) if times else None)

    def remove(self, client: str, identities: Sequence[str]) -> int:
        """In one transaction."""
        with self._database.writing(client, _QUEUE) as connection:
            gone = (
                connection.execute(delete(notifications).where(_n.client == client, _n.id == each))
                for each in identities
            )
            return sum(one.rowcount for one in gone)

    def forget(self, client: str, before: datetime) -> int:
        """One statement."""
        with self._database.writing(client, _QUEUE) as connection:
            old = delete(notifications).where(_n.client == client, _n.settled < rfc3339(before))
            return connection.execute(old).rowcount


def _take(connection: Connection, client: str, batch: Batch) -> None:
    place = (outbox.c.client == client, outbox.c.stream == batch.stream, outbox.c.first == batch.first)
    if not connection.execute(delete(outbox).where(*place)).rowcount:
        raise _TakenError


def due(client: str, now: str) -> Select[Any]:
    """The first that may be sent now: nothing older of its recipient waits, and nobody is at it."""
    older = notifications.alias("older")
    overtakes = exists().where(
        older.c.client == _n.client,
        older.c.recipient == _n.recipient,
        older.c.number < _n.number,
        older.c.settled.is_(None),
    )
    query = select(*_NOTIFICATION).where(_n.client == client, _n.settled.is_(None), _n.due <= now, ~overtakes)
    return query.order_by(_n.number).limit(1)


def _change(connection: Connection, made: Notification, as_known: ColumnElement[bool]) -> bool:
    values = {name: getattr(made, name) for name in ("state", "attempts", "due", "error", "settled")}
    where = and_(_n.client == made.client, _n.id == made.id, as_known)
    return bool(connection.execute(update(notifications).where(where).values(values)).rowcount)


def _standing(connection: Connection, client: str) -> dict[tuple[str, str], Condition]:
    rows: Sequence[Row[Any]] = connection.execute(
        select(*_CONDITION).where(conditions.c.client == client)
    ).all()
    return {(row.recipient, row.subject): Condition(**row._mapping) for row in rows}


def _keep(connection: Connection, client: str, routed: Routed) -> None:
    newest = connection.execute(select(func.max(_n.number)).where(_n.client == client)).scalar() or 0
    for made in routed.notifications:
        there = select(_n.number).where(_n.client == client, _n.id == made.id)
        if connection.execute(there).first() is None:
            newest += 1
            connection.execute(insert(notifications), asdict(made) | {"client": client, "number": newest})
    places = [*routed.over, *((each.recipient, each.subject) for each in routed.standing)]
    if places:
        connection.execute(
            _NO_MORE, [{"of": client, "whom": recipient, "what": subject} for recipient, subject in places]
        )
    if routed.standing:
        connection.execute(insert(conditions), [{"client": client} | asdict(c) for c in routed.standing])
