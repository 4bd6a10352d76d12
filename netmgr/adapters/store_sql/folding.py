"""Records as rows: folded in the transaction that appends to the log, made again where they are not of today."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Final, TypeVar

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from netmgr.adapters.store_sql.schema import entries, records
from netmgr.errors import StoreError, Superseded
from netmgr.model.entry import MAIN, Entry
from netmgr.model.record import (
    Difference,
    Filed,
    Newest,
    Projections,
    Rebuilt,
    Since,
    fold,
    is_current,
)

T = TypeVar("T")

PAGE: Final = 5000
"""Entries folded at a time: what one record is made of often stands close together."""

_AT_A_TIME: Final = 500
_r, _e = records.c, entries.c

#: `Filed` in its own order.
FILED: Final = [_r[name] for name in Filed._fields]
_ONE: Final = (_r.client == bindparam("of"), _r.kind == bindparam("what"), _r.key == bindparam("whose"))
_CHANGED: Final = (
    update(records)
    .where(*_ONE)
    .values({name: bindparam(f"new_{name}") for name in ("number", "state", "seq", "version", "document")})
)
_GONE: Final = delete(records).where(*_ONE)
_NEW: Final = insert(records)
NEWEST_ENTRY: Final = (
    select(_e.seq)
    .where(_e.client == bindparam("client"), _e.stream == bindparam("stream"), _e.kind == bindparam("kind"))
    .order_by(_e.seq.desc())
    .limit(1)
)
NEWEST_RECORD: Final = (
    select(_r.seq, _r.version)
    .where(_r.client == bindparam("client"), _r.kind == bindparam("kind"))
    .order_by(_r.seq.desc())
    .limit(1)
)


def newest_entry(connection: Connection, client: str, kind: str, stream: str = MAIN) -> int:
    """The seq of the newest entry of a kind, or 0."""
    return connection.execute(NEWEST_ENTRY, {"client": client, "stream": stream, "kind": kind}).scalar() or 0


def hold(connection: Connection, client: str, stream: str, since: Since) -> None:
    """Raise Superseded where there is a newer entry of the kinds than somebody has read."""
    for kind in since.kinds:
        if (newest := newest_entry(connection, client, kind, stream)) > since.seq:
            raise Superseded(
                f"{client}: another command has logged something of kind {kind} meanwhile (seq {newest}); repeat"
            )


def current(connection: Connection, client: str, kind: str, projections: Projections) -> bool:
    """Whether the records of a kind hold all its entries (see ``netmgr.model.record.is_current``)."""
    newest = connection.execute(NEWEST_RECORD, {"client": client, "kind": kind}).one_or_none()
    return is_current(
        kind,
        projections[kind],
        None if newest is None else Newest(*newest),
        newest_entry(connection, client, kind),
    )


def one(client: str, kind: str, key: str) -> Select[Any]:
    """By the primary key."""
    return select(*FILED).where(_r.client == client, _r.kind == kind, _r.key == key)


def by_number(client: str, kind: str, states: Collection[str] | None, *, newest_first: bool) -> Select[Any]:
    """By an index for each state, or the one for all."""
    query = select(*FILED).where(_r.client == client, _r.kind == kind)
    if states is not None:
        query = query.where(_r.state.in_(sorted(states)))
    return query.order_by(_r.number.desc() if newest_first else _r.number)


def touched(client: str, kind: str, after: int, states: Collection[str]) -> CompoundSelect[Any]:
    """In no order: those with an entry after ``after``, and those in one of the states.

    Two questions, each answered by an index: one with `or` in it, or asked for by number, SQLite would answer by a walk
    through all of the kind.
    """
    of_kind = select(*FILED).where(_r.client == client, _r.kind == kind)
    return of_kind.where(_r.seq > after).union_all(
        of_kind.where(_r.state.in_(sorted(states)), _r.seq + 0 <= after)  # + 0: not by the index on seq
    )


def past(query: Select[Any], number: int, *, newest_first: bool) -> Select[Any]:
    """Of these, the ones past a number."""
    condition: ColumnElement[bool] = _r.number < number if newest_first else _r.number > number
    return query.where(condition)


def take_in(connection: Connection, client: str, appended: Sequence[Entry], projections: Projections) -> None:
    """Fold what is being appended, in its transaction. Called before its entries are there to be asked for."""
    there: set[tuple[str, str]] = set()

    def load(kind: str, keys: Collection[str]) -> Iterator[Filed]:
        for filed in _loaded(connection, client, kind, keys):
            there.add((filed.kind, filed.key))
            yield filed

    for kind in {entry.kind for entry in appended if entry.kind in projections}:
        if not current(connection, client, kind, projections):
            make_anew(connection, client, {kind: projections[kind]})
    changed = fold(projections, appended, load)
    _write(connection, client, changed, there)


def make_anew(
    connection: Connection, client: str, projections: Projections, fresh: "Fresh | None" = None
) -> Rebuilt:
    """Make all records again from the entries; ``fresh`` are those of the older entries, if they were read before."""
    fresh = fresh or Fresh(projections)
    fresh.read(connection, client)
    left, differences, there = dict(fresh.filed), [], set()
    query = select(*FILED).where(_r.client == client, _r.kind.in_(sorted(projections)))
    query = query.order_by(_r.kind, _r.number, _r.key).execution_options(yield_per=PAGE)
    wrong: list[Filed] = []
    for live in map(Filed._make, connection.execute(query)):
        place = live.kind, live.key
        there.add(place)
        expected = left.pop(place, None)
        if expected != live:
            differences.append(Difference(*place, "stray" if expected is None else "wrong"))
            if expected is not None:
                wrong.append(expected)
    differences += [Difference(*place, "missing") for place in left]
    stray = [each for each in differences if each.problem == "stray"]
    for page in _pages(stray):
        connection.execute(_GONE, [{"of": client, "what": one.kind, "whose": one.key} for one in page])
    _write(connection, client, [*wrong, *left.values()], there)
    return Rebuilt(fresh.entries, len(fresh.filed), tuple(differences))


class Fresh:
    """Records made from nothing but entries, as far as these were read."""

    def __init__(self, projections: Projections) -> None:
        self.filed: dict[tuple[str, str], Filed] = {}
        self.entries = 0
        self._projections, self._until = projections, dict.fromkeys(projections, 0)

    def read(self, connection: Connection, client: str) -> None:
        """Take in the entries that are newer than those that were read."""
        for kind, until in self._until.items():
            query = select(_e.line).where(
                _e.client == client, _e.stream == MAIN, _e.kind == kind, _e.seq > until
            )
            lines = connection.execute(query.order_by(_e.seq).execution_options(yield_per=PAGE)).scalars()
            for page in lines.partitions():
                self._take(_parsed(client, page))

    def _take(self, page: Sequence[Entry]) -> None:
        for filed in fold(self._projections, page, self._load):
            self.filed[filed.kind, filed.key] = filed
        self.entries += len(page)
        self._until[page[-1].kind] = page[-1].seq

    def _load(self, kind: str, keys: Collection[str]) -> Iterator[Filed]:
        return (self.filed[kind, key] for key in keys if (kind, key) in self.filed)


def _parsed(client: str, lines: Sequence[bytes]) -> list[Entry]:
    try:
        return Entry.parse_page(lines, client, MAIN)
    except ValueError as error:
        raise StoreError(f"{client}: service log: {error}; run `netmgr log verify -c {client}`") from error


def _loaded(connection: Connection, client: str, kind: str, keys: Collection[str]) -> Iterator[Filed]:
    for page in _pages(sorted(keys)):
        query = select(*FILED).where(_r.client == client, _r.kind == kind, _r.key.in_(page))
        yield from map(Filed._make, connection.execute(query))


def _write(
    connection: Connection, client: str, changed: Iterable[Filed], there: Collection[tuple[str, str]]
) -> None:
    new, others = [], []
    for filed in changed:
        if (filed.kind, filed.key) in there:
            values = {
                f"new_{name}": value for name, value in filed._asdict().items() if name not in ("kind", "key")
            }
            others.append({"of": client, "what": filed.kind, "whose": filed.key} | values)
        else:
            new.append({"client": client} | filed._asdict())
    for page in _pages(new):
        connection.execute(_NEW, page)
    for page in _pages(others):
        connection.execute(_CHANGED, page)


def _pages(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + _AT_A_TIME] for start in range(0, len(items), _AT_A_TIME))
