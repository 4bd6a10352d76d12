"""The service log in SQL: SQLAlchemy Core, and Alembic for the schema.

What a database does in its own way is in ``sqlite`` and ``postgresql`` alone; another one brings a module like them.
"""

from pathlib import Path

from netmgr.adapters.store_sql.log import SqlServiceLog
from netmgr.adapters.store_sql.sqlite import open_sqlite
from netmgr.errors import StoreError
from netmgr.model.chain import Redact
from netmgr.model.record import NONE, Projections
from netmgr.model.settings import SHARED
from netmgr.ports.clock import Clock

__all__ = ["SqlServiceLog", "open_sqlite", "open_store"]


def open_store(
    url: str,
    clock: Clock,
    redact: Redact = bytes,
    *,
    password: str | None = None,
    projections: Projections = NONE,
) -> SqlServiceLog:
    """The service log at ``sqlite:///PATH`` or ``postgresql://…``, made at first use.

    ``redact`` is applied to every body before it is kept; ``projections`` are the kinds of which records are kept.
    Raises StoreError, in one line, when it cannot be made, read or written, or has a newer schema than this program.
    """
    if url.startswith(SHARED):
        from netmgr.adapters.store_sql.postgresql import open_postgresql

        return open_postgresql(url, clock, redact, password=password, projections=projections)
    prefix, separator, path = url.partition("sqlite:///")
    if prefix or not separator or not path:
        scheme = url.partition(":")[0]  # no more of it: a URL may hold a password
        raise StoreError(
            f"store: {scheme}: not a store that this netmgr has; write sqlite:///PATH in config/netmgr.yaml"
        )
    return open_sqlite(Path(path).absolute(), clock, redact, projections=projections)
