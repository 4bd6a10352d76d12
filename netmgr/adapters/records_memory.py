"""Records in memory, a peer of the table: part of MemoryServiceLog, and gone with it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice

from netmgr.model.entry import Entry
from netmgr.model.record import Difference, Filed, Projections, Rebuilt, Record, Since, fold
from netmgr.ports.store import ServiceLog

Kept = dict[tuple[str, str], Filed]


class MemoryRecords:
    """See ``netmgr.ports.records.Records``."""

    def __init__(
        self, log: ServiceLog, projections: Projections, recount: Callable[[], tuple[Difference, ...]]
    ) -> None:
        self._log, self._projections, self._recount = log, projections, recount
        self._clients: defaultdict[str, Kept] = defaultdict(dict)

    def appended(self, client: str, entries: Sequence[Entry]) -> None:
        """The log's own part: these are appended together."""
        self._take(self._clients[client], entries)

    def since(self, client: str, *kinds: str) -> Since:
        """Of the newest entry."""
        newest = (next(self._log.entries(client, kind=kind, newest_first=True), None) for kind in kinds)
        return Since(kinds, max(entry.seq if entry else 0 for entry in newest))

    def get(self, client: str, kind: str, key: str) -> Record | None:
        """By its key."""
        filed = self._clients[client].get((kind, key))
        return filed.record() if filed else None

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
        """A walk over all."""
        found = sorted(self.all(client, kind), key=lambda record: record.number, reverse=newest_first)
        chosen = (
            record
            for record in found
            if (states is None or record.state in states)
            and (after is None or (record.number < after if newest_first else record.number > after))
        )
        return tuple(islice(chosen, limit))

    def touched(self, client: str, kind: str, *, after: int, states: Collection[str]) -> Iterator[Record]:
        """A walk over all."""
        return (each for each in self.all(client, kind) if each.seq > after or each.state in states)

    def all(self, client: str, kind: str) -> Iterator[Record]:
        """Those that are there now."""
        filed = [one for one in self._clients[client].values() if one.kind == kind]
        yield from (one.record() for one in sorted(filed, key=lambda one: one.number))

    def rebuild(self, client: str) -> Rebuilt:
        """From every entry of the kinds."""
        fresh: Kept = {}
        count = 0
        for kind in self._projections:
            for entry in self._log.entries(client, kind=kind):
                self._take(fresh, [entry])
                count += 1
        live, self._clients[client] = self._clients[client], fresh
        differences = [
            Difference(*place, "stray" if place not in fresh else "wrong" if place in live else "missing")
            for place in sorted({*live, *fresh})
            if live.get(place) != fresh.get(place)
        ]
        return Rebuilt(count, len(fresh), (*differences, *self._recount()))

    def _take(self, kept: Kept, entries: Sequence[Entry]) -> None:
        def load(kind: str, keys: Collection[str]) -> list[Filed]:
            return [kept[kind, key] for key in keys if (kind, key) in kept]

        for filed in fold(self._projections, entries, load):
            kept[filed.kind, filed.key] = filed
