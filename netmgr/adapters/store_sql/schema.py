"""The tables. ``line`` is the record; the columns beside it are its index, checked against it by ``log verify``."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
)

REVISIONS: Final = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
"""Alembic's revisions that this program knows, oldest first. A store at any other was made by a newer netmgr."""

metadata = MetaData()

store = Table(
    "store",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("created", String(27), nullable=False),
)
"""One row: the store's identity."""

entries = Table(
    "entries",
    metadata,
    Column("client", String(63), nullable=False),
    Column("stream", String(63), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("line", LargeBinary, nullable=False),
    Column("body", String(64)),
    Column("change", String),
    Column("device", String),
    Column("id", String(36), nullable=False),
    Column("kind", String, nullable=False),
    Column("phase", String(8), nullable=False),
    Column("request", String, nullable=False),
    Column("target", String(7), nullable=False),
    Column("subject", String),
    Column("ticket", String),
    PrimaryKeyConstraint("client", "stream", "seq", name="entries_pk"),
)

_c = entries.c
_change_level = _c.device.is_(None) & _c.change.is_not(None)


# The conditions hold in PostgreSQL too, where the migrations alone give them: named here, they would have every
# command import SQLAlchemy's dialect of it.
def _index(name: str, *columns: Column[str], where: object = None, unique: bool = False) -> Index:
    return Index(f"entries_{name}", *columns, unique=unique, sqlite_where=where)


_index("id", _c.client, _c.id, unique=True)
_index("kind", _c.client, _c.kind, _c.seq)
_index("request", _c.client, _c.request, _c.seq)
_index("change", _c.client, _c.change, _c.seq, where=_c.change.is_not(None))
_index("device", _c.client, _c.device, _c.seq, where=_c.device.is_not(None))
_index("body", _c.client, _c.body, where=_c.body.is_not(None))
_index("subject", _c.client, _c.kind, _c.subject, _c.seq, where=_c.subject.is_not(None))
_index("ticket", _c.client, _c.ticket, _c.seq, where=_c.ticket.is_not(None))
_index("intent", _c.client, _c.target, _c.change, where=(_c.phase == "intent") & _change_level)
_index("result", _c.client, _c.change, where=(_c.phase == "result") & _change_level)

bodies = Table(
    "bodies",
    metadata,
    Column("client", String(63), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("client", "digest", name="bodies_pk"),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("client", String(63), nullable=False),
    Column("stream", String(63), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("signature", String(88), nullable=False),
    Column("document", LargeBinary, nullable=False),
    PrimaryKeyConstraint("client", "stream", "seq", "signature", name="checkpoints_pk"),
)

runs = Table(
    "runs",
    metadata,
    Column("client", String(63), nullable=False),
    Column("job", String(63), nullable=False),
    Column("due", String(27), nullable=False),
    Column("state", String(7), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("begun", String(27)),
    Column("ended", String(27)),
    Column("outcome", String),
    PrimaryKeyConstraint("client", "job", "due", name="runs_pk"),
)
"""Scheduled runs; times as the log writes them, so that they sort as text."""

_r, _running = runs.c, runs.c.state == "running"
Index("runs_running", _r.client, _r.job, _r.due, sqlite_where=_running)

standings = Table(
    "standings",
    metadata,
    Column("client", String(63), nullable=False),
    Column("job", String(63), nullable=False),
    Column("fingerprint", String(16), nullable=False),
    Column("last", String(27), nullable=False),
    PrimaryKeyConstraint("client", "job", name="standings_pk"),
)
"""Up to when the runs of a job are accounted for."""

outbox = Table(
    "outbox",
    metadata,
    Column("client", String(63), nullable=False),
    Column("stream", String(63), nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("time", String(27), nullable=False),
    PrimaryKeyConstraint("client", "stream", "first", name="outbox_pk"),
)
"""Entries appended together, written in their transaction, of which it is not decided yet who is told."""

notifications = Table(
    "notifications",
    metadata,
    Column("client", String(63), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("id", String(36), nullable=False),
    Column("recipient", String, nullable=False),
    Column("severity", String(8), nullable=False),
    Column("created", String(27), nullable=False),
    Column("document", LargeBinary, nullable=False),
    Column("state", String(7), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due", String(27), nullable=False),
    Column("error", String),
    Column("settled", String(27)),
    PrimaryKeyConstraint("client", "number", name="notifications_pk"),
)
"""One message to one recipient, in the order of their making."""

_n = notifications.c
_waiting = _n.settled.is_(None)
Index("notifications_id", _n.client, _n.id, unique=True)
Index(
    "notifications_waiting",
    _n.client,
    _n.recipient,
    _n.number,
    sqlite_where=_waiting,
)

conditions = Table(
    "conditions",
    metadata,
    Column("client", String(63), nullable=False),
    Column("recipient", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("event", String, nullable=False),
    Column("severity", String(8), nullable=False),
    Column("since", String(27), nullable=False),
    Column("told", String(27), nullable=False),
    PrimaryKeyConstraint("client", "recipient", "subject", name="conditions_pk"),
)
"""Problems that a recipient was told of and that are not over."""

records = Table(
    "records",
    metadata,
    Column("client", String(63), nullable=False),
    Column("kind", String, nullable=False),
    Column("key", String, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("state", String, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("document", LargeBinary, nullable=False),
    PrimaryKeyConstraint("client", "kind", "key", name="records_pk"),
)
"""What the entries of a kind say together (``netmgr.model.record``). Can be made again from ``entries`` at any time."""

_k = records.c
Index("records_number", _k.client, _k.kind, _k.number)
Index("records_state", _k.client, _k.kind, _k.state, _k.number)
Index("records_newest", _k.client, _k.kind, _k.seq)

samples = Table(
    "samples",
    metadata,
    Column("client", String(63), nullable=False),
    Column("target", String(7), nullable=False),
    Column("device", String, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("interval", Integer, nullable=False),
    Column("state", String(7), nullable=False),
    PrimaryKeyConstraint("client", "target", "device", "first", name="samples_pk"),
)
"""Spans of samples that say the same; times are in seconds since 1970."""

Index("samples_last", samples.c.client, samples.c.target, samples.c.last)

probed = Table(
    "probed",
    metadata,
    Column("client", String(63), nullable=False),
    Column("target", String(7), nullable=False),
    Column("device", String, nullable=False),
    Column("state", String(7), nullable=False),
    Column("since", BigInteger, nullable=False),
    PrimaryKeyConstraint("client", "target", "device", name="probed_pk"),
)
"""How devices stood when the log was last told of them."""

numbers = Table(
    "numbers",
    metadata,
    Column("entity", String(63), nullable=False),
    Column("series", String(16), nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("held", Boolean, nullable=False),
    PrimaryKeyConstraint("entity", "series", name="numbers_pk"),
)
"""What each series of a legal entity has handed out, for all clients (``netmgr.model.numbering``)."""

shared = MetaData()
"""What only a database has that several engineers share."""

leases = Table(
    "leases",
    shared,
    Column("client", String(63), nullable=False),
    Column("target", String(7), nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("holder", String, nullable=False),
    Column("key", BigInteger, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("heard", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True), nullable=False),
    Column("released", Boolean, nullable=False),
    PrimaryKeyConstraint("client", "target", name="leases_pk"),
)
"""The last lease for each client and target, by the database's clock. ``key`` is an advisory lock of its session."""
