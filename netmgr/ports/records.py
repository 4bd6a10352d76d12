"""Records: projections of the service log, in the same store. Every call names the client first."""

from collections.abc import Collection, Iterator
from typing import Protocol

from netmgr.model.record import Rebuilt, Record, Since


class Records(Protocol):
    """What entries say together. Every method raises StoreError when the store fails.

    ``ServiceLog.append`` folds each entry into its record in its own transaction. Records that another netmgr left
    behind (it does not know the kind, or folds it in an older way) are made again before they are read or written.
    """

    def since(self, client: str, *kinds: str) -> Since:
        """How far the kinds can be read now: asked before its records are, for ``ServiceLog.append``."""

    def get(self, client: str, kind: str, key: str) -> Record | None:
        """One record."""

    def page(
        self,
        client: str,
        kind: str,
        *,
        states: Collection[str] | None = None,
        after: int | None = None,
        limit: int,
        newest_first: bool = False,
    ) -> tuple[Record, ...]:
        """At most ``limit`` records by number, of these states or of all; those past the number ``after``."""

    def touched(self, client: str, kind: str, *, after: int, states: Collection[str]) -> Iterator[Record]:
        """Those that an entry after the seq ``after`` is in, and all in one of these states; by number."""

    def all(self, client: str, kind: str) -> Iterator[Record]:
        """Every record of a kind as they are at one moment, by number."""

    def rebuild(self, client: str) -> Rebuilt:
        """Make every record again from the entries, replace those that differ, and say which did. All or nothing.

        So are the numbers that series have handed out, from the entries of all clients
        (``netmgr.model.numbering.recounted``).
        """
