"""What the database says, in one line that tells an operator what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import DBAPIError

from netmgr.errors import StoreError

# By the beginning of SQLite's result code (https://sqlite.org/rescode.html); the first that fits.
_SQLITE = (
    ("SQLITE_FULL", "the disk is full; free some space and repeat"),
    ("SQLITE_READONLY", "it cannot be written; make the file and its directory writable for you"),
    ("SQLITE_CANTOPEN", "it cannot be opened; make the file and its directory readable and writable for you"),
    ("SQLITE_PERM", "access is denied; make the file and its directory readable and writable for you"),
    (
        "SQLITE_BUSY",
        "another netmgr has been writing to it for too long; wait until that command ends and repeat",
    ),
    ("SQLITE_NOTADB", "it is not a service log; move the file away or restore it from a backup"),
    ("SQLITE_CORRUPT", "the file is damaged; restore it from a backup"),
    ("SQLITE_IOERR", "reading or writing failed; check the disk, then run `netmgr log verify`"),
)
# By the beginning of PostgreSQL's SQLSTATE (its manual, appendix A); the first that fits.
_POSTGRESQL = (
    ("28", "the login is refused; check the user and its password"),
    ("3D000", "there is no such database; create it, owned by netmgr's user"),
    ("42501", "the user may not do that; make it the owner of the database"),
    ("25006", "it cannot be written: this server is a standby, or read-only; name the primary"),
    ("55P03", "another netmgr has been writing to it for too long; wait until that command ends and repeat"),
    ("25P03", "this command was stopped in the middle of writing, and the server took it back; repeat"),
    ("53100", "the server's disk is full; free some space there and repeat"),
    ("53300", "the server has no connection left; wait, or raise its max_connections"),
    ("53", "the server is out of resources; free some and repeat"),
    ("58", "reading or writing failed on the server; check its disk, then run `netmgr log verify`"),
    ("XX", "the database is damaged; restore it from a backup"),
)
_UNREACHABLE = "it cannot be reached; start the server, check the URL, the login and the network"


def explain(where: str, error: DBAPIError | sqlite3.Error) -> StoreError:
    """The error to raise for a database's error. Never holds the statement's values: they may be bodies."""
    cause: Any = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        advice, detail = _advice(_SQLITE, getattr(cause, "sqlite_errorname", "")), str(cause)
    elif code := getattr(cause, "sqlstate", None):
        said = getattr(cause.diag, "message_primary", None)
        advice, detail = _advice(_POSTGRESQL, code), f"{code}: {said}" if said else code
    elif type(cause).__name__ == "OperationalError":  # psycopg's, before or after the server could speak
        advice, detail = _UNREACHABLE, str(cause)
    else:
        advice, detail = "the database refused", type(cause).__name__
    return StoreError(f"{where}: service log: {advice} ({' '.join(detail.split())})")


def _advice(known: tuple[tuple[str, str], ...], code: str) -> str:
    return next((text for prefix, text in known if code.startswith(prefix)), "the database refused")


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Turn a database's errors into StoreError."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:  # the second from outside of SQLAlchemy's statements
        raise explain(where, error) from error
