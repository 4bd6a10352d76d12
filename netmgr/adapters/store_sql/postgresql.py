"""The store in a PostgreSQL database, shared by several engineers: psycopg 3, imported where such a store is opened.

The connection is libpq's: its URI, passfile, service file, TLS settings and environment apply. Connect to the server
itself: a pooler that hands sessions on (PgBouncer's transaction mode) does not keep a lease.
"""

import uuid
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, Engine, Pool, QueuePool, create_engine, event, insert, text
from sqlalchemy.exc import DBAPIError

from netmgr.adapters.store_sql import migrate
from netmgr.adapters.store_sql.failures import explained
from netmgr.adapters.store_sql.log import SqlServiceLog
from netmgr.adapters.store_sql.schema import REVISIONS, store
from netmgr.errors import StoreError
from netmgr.model.chain import Redact
from netmgr.model.entry import rfc3339
from netmgr.model.record import NONE, Projections
from netmgr.ports.clock import Clock

BUSY_SECONDS: Final = 10
"""How long a command waits for another one's transaction."""

IDLE_SECONDS: Final = 5
"""How long a transaction that appends may stand still before the server ends it: its process was stopped."""

_DEFAULTS: Final = {
    "application_name": "netmgr",
    "connect_timeout": "10",
    "tcp_user_timeout": "30000",  # milliseconds: a server that has vanished is noticed
}
#: What an acknowledged entry needs, whatever the server's and the role's own settings are.
_SESSION: Final = (
    f"SELECT set_config('lock_timeout', '{BUSY_SECONDS}s', false), set_config('synchronous_commit',"
    " CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END,"
    " false)"
)
#: A writer that is stopped inside of its transaction must not keep all others waiting: the server ends its session.
_QUEUE: Final = text(
    "SELECT set_config('idle_in_transaction_session_timeout', :idle, true), pg_advisory_xact_lock(:key)"
)
_SETTINGS: Final = text(
    "SELECT current_setting('server_version'), current_setting('synchronous_commit'), current_setting('fsync')"
)


def open_postgresql(
    url: str,
    clock: Clock,
    redact: Redact = bytes,
    *,
    password: str | None = None,
    projections: Projections = NONE,
) -> SqlServiceLog:
    """The service log in the database that ``url`` (a libpq URI) names, made at first use.

    Raises StoreError, in one line and without the password, when it cannot be reached, made, read or written, when its
    schema is newer than this program, or when the server does not sync what it acknowledges.
    """
    engine, where = connect(url, password)
    try:
        with explained(where):
            identity = _prepare(engine, where, clock)
    except BaseException:
        engine.dispose()
        raise
    return SqlServiceLog(
        reader=engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True),
        writer=engine,
        where=where,
        identity=identity,
        clock=clock,
        redact=redact,
        scrub=_scrub,
        durability=_durability,
        queue=_queue,
        projections=projections,
    )


def connect(url: str, password: str | None, pool: type[Pool] = QueuePool) -> tuple[Engine, str]:
    """Connections to the database, and how to name it in messages. Nothing is contacted yet."""
    try:
        import psycopg
        from psycopg.conninfo import conninfo_to_dict
    except ImportError as error:
        raise StoreError(
            "store: psycopg is not installed, which postgresql:// needs; pip install 'netmgr[postgresql]'"
        ) from error
    try:
        given = conninfo_to_dict(url)
    except psycopg.Error:
        raise StoreError(
            "store: not a connection URI of libpq; write postgresql://USER@HOST:PORT/DATABASE"
        ) from None
    options: dict[str, Any] = _DEFAULTS | given | ({"password": password} if password is not None else {})

    def dial() -> psycopg.Connection[Any]:
        return psycopg.connect(**options)

    # hide_parameters: a database's error must not carry a body into a traceback.
    engine = create_engine(
        "postgresql+psycopg://", creator=dial, poolclass=pool, pool_pre_ping=True, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: psycopg.Connection[Any], _record: object) -> None:
        connection.execute(_SESSION)
        connection.commit()

    return engine, _where(given)


def key_of(*names: str) -> int:
    """The number of the advisory lock for these names: 64 bits, signed, as PostgreSQL has them."""
    return int.from_bytes(sha256("\0".join(("netmgr", *names)).encode()).digest()[:8], signed=True)


def _where(given: dict[str, Any]) -> str:
    if service := given.get("service"):
        return f"postgresql: service {service}"
    host, port = given.get("host") or given.get("hostaddr") or "", given.get("port")
    return f"postgresql://{host}{f':{port}' if port else ''}/{given.get('dbname') or ''}"


def _prepare(engine: Engine, where: str, clock: Clock) -> str:
    """Make the schema, or migrate it if it is behind; the store's identity."""
    with engine.begin() as connection:
        found = migrate.revision(connection)
    if found != REVISIONS[-1]:
        with engine.begin() as connection:
            connection.execute(_QUEUE, {"idle": "0", "key": key_of("schema")})
            found = migrate.revision(connection)
            if found is None or not migrate.is_current(connection, where):
                migrate.upgrade(connection)
            if found is None:
                created = {"id": str(uuid.uuid4()), "created": rfc3339(clock.now())}
                connection.execute(insert(store).values(created))
    with engine.begin() as connection:
        identity: str | None = connection.execute(store.select()).scalar()
        _, _, fsync = connection.execute(_SETTINGS).one()
    if identity is None:
        raise StoreError(f"{where}: service log: it has no identity; restore it from a backup")
    if fsync != "on":
        raise StoreError(
            f"{where}: service log: the server runs with fsync = off, so that a power cut loses what it has "
            "acknowledged; set fsync = on there"
        )
    return identity


def _queue(connection: Connection, client: str, stream: str) -> None:
    """Behind every other transaction that appends to this stream: the head is read when they have ended."""
    connection.execute(_QUEUE, {"idle": f"{IDLE_SECONDS}s", "key": key_of("append", client, stream)})


def _durability(engine: Engine) -> str:
    """The server's own words."""
    with engine.begin() as connection:
        version, synchronous, fsync = connection.execute(_SETTINGS).one()
    return f"PostgreSQL {version.split()[0]}, synchronous_commit {synchronous}, fsync {fsync}"


def _scrub(engine: Engine, where: str) -> None:
    """Write the table anew without an erased body, whose bytes a deletion leaves in its pages."""
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM (FULL) bodies"))
    except DBAPIError as error:
        raise StoreError(
            f"{where}: service log: the body is erased and logged, but its bytes stay in the table's pages "
            f"({type(error.orig).__name__}); when no other netmgr reads the log, run VACUUM (FULL) bodies there"
        ) from error
