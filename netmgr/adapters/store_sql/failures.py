"""What the database says, in one line that tells an operator what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

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


def explain(where: str, error: DBAPIError | sqlite3.Error) -> StoreError:
    """The error to raise for a database's error. Never holds the statement's values: they may be bodies."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorname", "")
    advice = next((text for prefix, text in _SQLITE if code.startswith(prefix)), "the database refused")
    detail = " ".join(str(cause).split()) if isinstance(cause, sqlite3.Error) else type(cause).__name__
    return StoreError(f"{where}: service log: {advice} ({detail})")


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Turn a database's errors into StoreError."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:  # the second from outside of SQLAlchemy's statements
        raise explain(where, error) from error
