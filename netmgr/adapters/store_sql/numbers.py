"""Numbers as rows, one for each series: taken in the transaction that appends the entry which has the number."""

from collections.abc import Callable, Iterator
from typing import Final

from sqlalchemy import Connection, and_, bindparam, func, insert, select, update

from netmgr.adapters.store_sql.schema import entries, numbers
from netmgr.errors import NumbersHeld, StoreError
from netmgr.model.entry import MAIN, Entry
from netmgr.model.numbering import (
    EVERY,
    INVOICE,
    NUMBERING,
    Counted,
    Counter,
    following,
    reached_by,
    recounted,
)
from netmgr.model.record import Difference

#: All series wait for each other: invoices are not that many.
QUEUE: Final = ("numbers", "numbers")

_n, _e = numbers.c, entries.c
_ROW: Final = [_n.entity, _n.series, _n.last, _n.held]
_ONE: Final = and_(_n.entity == bindparam("of"), _n.series == bindparam("named"))
_CHANGED: Final = update(numbers).where(_ONE).values(last=bindparam("new_last"), held=bindparam("new_held"))
#: By the indexes that name the client first, so that nothing else is read.
_NEXT_CLIENT: Final = select(func.min(_e.client)).where(_e.client > bindparam("past"))
_NUMBERED: Final = select(_e.line).where(
    _e.client == bindparam("client"), _e.stream == MAIN, _e.kind.in_((INVOICE, NUMBERING))
)

Queue = Callable[[Connection, str, str], None]


def take(connection: Connection, queue: Queue, counter: Counter) -> int:
    """The series' next number, behind every other transaction that takes one. Raises NumbersHeld."""
    queue(connection, *QUEUE)
    row = _row(connection, counter.entity, counter.series)
    number = following(row, _row(connection, *EVERY), counter)
    if number is None:
        raise NumbersHeld(str(counter))
    _write(connection, row, Counted(counter.entity, counter.series, number))
    return number


def go_on(connection: Connection, queue: Queue, counter: Counter, number: int) -> None:
    """Have the series go on with a number. Raises StoreError for one that was handed out."""
    queue(connection, *QUEUE)
    row = _row(connection, counter.entity, counter.series)
    if row is not None and number <= row.last:
        raise StoreError(f"numbers: {counter} has handed out {row.last} already; go on with a higher one")
    _write(connection, row, Counted(counter.entity, counter.series, number - 1))


def listed(connection: Connection) -> tuple[Counted, ...]:
    """Every row."""
    rows = connection.execute(select(*_ROW).order_by(_n.entity, _n.series))
    return tuple(Counted._make(row) for row in rows)


def hold(connection: Connection) -> None:
    """No series hands out a number until somebody says how it goes on."""
    connection.execute(update(numbers).values(held=True))
    if _row(connection, *EVERY) is None:
        _write(connection, None, Counted(*EVERY, 0, held=True))


def recount(connection: Connection, queue: Queue) -> tuple[Difference, ...]:
    """Hold the table against the entries of all clients, and put right what can be."""
    queue(connection, *QUEUE)
    rows = {(row.entity, row.series): row for row in listed(connection)}
    found = recounted(rows.values(), _reached(connection))
    for row in found.rows:
        _write(connection, rows.get((row.entity, row.series)), row)
    return found.differences


def _reached(connection: Connection) -> Iterator[tuple[str, str, int]]:
    client = ""
    while found := connection.execute(_NEXT_CLIENT, {"past": client}).scalar():
        client = found
        for line in connection.execute(_NUMBERED, {"client": client}).scalars():
            entry = Entry.parse(line)
            if reached := reached_by(entry.kind, entry.action, entry.facts):
                yield reached


def _row(connection: Connection, entity: str, series: str) -> Counted | None:
    row = connection.execute(select(*_ROW).where(_ONE), {"of": entity, "named": series}).one_or_none()
    return None if row is None else Counted._make(row)


def _write(connection: Connection, before: Counted | None, row: Counted) -> None:
    if before is None:
        connection.execute(insert(numbers), row._asdict())
        return
    values = {"of": row.entity, "named": row.series, "new_last": row.last, "new_held": row.held}
    connection.execute(_CHANGED, values)
