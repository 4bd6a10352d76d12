"""Netmgrs that are broken on purpose, each in one thing that a user must be able to rely on.

They are made by replacing a function in a running Python: ``FAULTS_BAD_BUILD=NAME`` with tests/faults/planted on
PYTHONPATH. What is replaced must be there, or the build is none.
"""

import sqlite3
from collections.abc import Callable
from typing import Any


def _replace(owner: Any, name: str, new: Any) -> Any:
    old = getattr(owner, name)
    setattr(owner, name, new)
    return old


def fsync_off() -> None:
    """Neither files nor the database wait for the disk."""
    import os

    from netmgr.adapters.store_sql import sqlite

    _replace(os, "fsync", lambda _descriptor: None)
    real: Callable[..., Any] = sqlite3.connect

    class Connection(sqlite3.Connection):
        def execute(self, sql: str, *given: Any) -> Any:
            return super().execute(sql.replace("synchronous = FULL", "synchronous = OFF"), *given)

    _replace(sqlite.sqlite3, "connect", lambda *given, **named: real(*given, factory=Connection, **named))


def read_back_off() -> None:
    """A device is believed: it said that it committed, so it runs what was planned."""
    from netmgr.change import readback
    from netmgr.workflows import account

    _replace(readback, "_fault", lambda _state, _order: None)
    _replace(account, "device_outcome", lambda *, committed, **_: "applied" if committed else "failed")


def lock_off() -> None:
    """Whoever wants to write may."""
    from netmgr.adapters import locks_file

    _replace(locks_file._Shelf, "locked", lambda _self, _number: False)


def intent_late() -> None:
    """A change is written down once it has been sent."""
    from netmgr.workflows import change, transaction

    later: list[Any] = []
    real_intent = _replace(
        change.Change, "_log_intent", lambda self, *given, **named: later.append((self, given, named))
    )
    real_commit = transaction.Transaction.commit

    def commit(self: Any, number: int) -> bool:
        passed = real_commit(self, number)
        while later:
            owner, given, named = later.pop()
            real_intent(owner, *given, **named)
        return passed

    _replace(transaction.Transaction, "commit", commit)


def tenant_filter_off() -> None:
    """A client's log shows every client's entries."""
    from sqlalchemy import select

    from netmgr.adapters.store_sql import queries

    _replace(queries, "lines", lambda _client: select(queries._c.line))


def redaction_off() -> None:
    """Secrets are shown as they are."""
    from netmgr.model import difference

    _replace(difference, "hide_values", lambda text, _secrets: text)


BUILDS: dict[str, Callable[[], None]] = {
    "fsync off": fsync_off,
    "read-back off": read_back_off,
    "lock off": lock_off,
    "intent logged after commit": intent_late,
    "tenant filter off": tenant_filter_off,
    "redaction off": redaction_off,
}
