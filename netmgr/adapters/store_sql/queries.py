"""The questions asked of the log's tables, each answered by an index."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Select, bindparam, exists, literal, select

from netmgr.adapters.store_sql.schema import bodies, checkpoints, entries
from netmgr.model.chain import Stored
from netmgr.model.names import Target

_c = entries.c

#: `Stored` in its own order.
STORED = [entries.c[name] for name in Stored._fields]


def lines(client: str) -> Select[bytes]:
    """The canonical bytes of some of a client's entries."""
    return select(_c.line).where(_c.client == client)


#: The newest entry of the chain `client`, `stream`; made once, because every append asks it.
HEAD = (
    select(_c.line)
    .where(_c.client == bindparam("client"), _c.stream == bindparam("stream"))
    .order_by(_c.seq.desc())
    .limit(1)
)


def listing(
    client: str, stream: str, filters: Mapping[str, str | None], *, newest_first: bool
) -> Select[bytes]:
    """A chain's entries for which every filter given holds, in order."""
    query = lines(client).where(_c.stream == stream)
    for column, value in filters.items():
        if value is not None:
            query = query.where(entries.c[column] == value)
    return query.order_by(_c.seq.desc() if newest_first else _c.seq)


def window(query: Select[bytes], above: int, below: int | None) -> Select[bytes]:
    """Of these, the ones between two seqs."""
    query = query.where(_c.seq > above)
    return query if below is None else query.where(_c.seq < below)


def stored(client: str, stream: str) -> Select[Any]:
    """A whole chain with its index columns, oldest first."""
    return select(*STORED).where(_c.client == client, _c.stream == stream).order_by(_c.seq)


def bodies_between(client: str, stream: str, first: int, last: int) -> Select[str, bytes, bytes]:
    """The bodies of these entries that are there."""
    return (
        select(bodies.c.digest, bodies.c.salt, bodies.c.content)
        .join(entries, (bodies.c.client == _c.client) & (bodies.c.digest == _c.body))
        .where(_c.client == client, _c.stream == stream, _c.seq.between(first, last))
        .order_by(_c.seq)
    )


def contents(client: str, digests: Collection[str]) -> Select[Any]:
    """Bodies' digests and contents."""
    wanted = bodies.c.digest.in_(digests)
    return select(bodies.c.digest, bodies.c.content).where(bodies.c.client == client, wanted)


def stream_of_body(client: str, digest: str) -> Select[str]:
    """The stream of the entry that a body belongs to."""
    return select(_c.stream).where(_c.client == client, _c.body == digest)


def of_subject(client: str, kind: str, subject: str) -> Select[bytes]:
    """The first entry of this kind about this subject (see `netmgr.model.chain.subject`)."""
    return lines(client).where(_c.kind == kind, _c.subject == subject).order_by(_c.seq).limit(1)


def newest_inventory(client: str, target: Target | None) -> Select[str | None]:
    """The digest in the newest inventory entry."""
    query = select(_c.subject).where(_c.client == client, _c.kind == "inventory")
    if target is not None:
        query = query.where(_c.target == target)
    return query.order_by(_c.seq.desc()).limit(1)


def open_intents(client: str, target: Target) -> Select[bytes]:
    """Change-level intents without a change-level result, in no order.

    The conditions repeat those of the two partial indexes, with literals: a database cannot choose such an index for
    a parameter that it does not know yet. Sorting would tempt SQLite to walk the whole chain for the sake of its order.
    """
    result = entries.alias("result")
    closed = exists().where(
        result.c.client == _c.client,
        result.c.change == _c.change,
        result.c.phase == literal("result", literal_execute=True),
        result.c.device.is_(None),
        result.c.change.is_not(None),
    )
    return lines(client).where(
        _c.target == target,
        _c.phase == literal("intent", literal_execute=True),
        _c.device.is_(None),
        _c.change.is_not(None),
        ~closed,
    )


def issued(client: str, stream: str) -> Select[bytes]:
    """The checkpoints of a chain, oldest first."""
    query = select(checkpoints.c.document).where(
        checkpoints.c.client == client, checkpoints.c.stream == stream
    )
    return query.order_by(checkpoints.c.seq, checkpoints.c.signature)
