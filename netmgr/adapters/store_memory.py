"""The service log in memory: a peer of store_sql, held to the same contract tests. It ends with its process."""

import os
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice

from netmgr.adapters.outbox_memory import MemoryOutbox
from netmgr.adapters.records_memory import MemoryRecords
from netmgr.errors import NumbersHeld, StoreError, Superseded
from netmgr.model.chain import GENESIS, Head, Redact, Stored, StoredBody, seal
from netmgr.model.checkpoint import Checkpoint
from netmgr.model.entry import MAIN, Draft, Entry
from netmgr.model.names import Target
from netmgr.model.numbering import (
    EVERY,
    INVOICE,
    NUMBERING,
    Counted,
    Counter,
    Numbered,
    following,
    having,
    reached_by,
    recounted,
)
from netmgr.model.record import NONE, Difference, Projections, Since
from netmgr.ports.clock import Clock
from netmgr.ports.store import Gone, Snapshot

PAGE = 500


@dataclass(slots=True)
class _Client:
    streams: defaultdict[str, list[Stored]] = field(default_factory=lambda: defaultdict(list))
    bodies: dict[str, StoredBody] = field(default_factory=dict)
    checkpoints: list[Checkpoint] = field(default_factory=list)

    def lines(self) -> Iterator[Stored]:
        for stream in sorted(self.streams):
            yield from self.streams[stream]


class MemoryServiceLog:
    """See ``netmgr.ports.store.ServiceLog``."""

    def __init__(self, clock: Clock, redact: Redact = bytes, *, projections: Projections = NONE) -> None:
        self._clock, self._redact, self._identity = clock, redact, str(uuid.uuid4())
        self._clients: defaultdict[str, _Client] = defaultdict(_Client)
        self.outbox = MemoryOutbox()
        self.records = MemoryRecords(self, projections, self.recount)
        self._numbers: dict[tuple[str, str], Counted] = {}

    @property
    def identity(self) -> str:
        """The store's UUID."""
        return self._identity

    @property
    def durability(self) -> str:
        """Memory forgets."""
        return ""

    def append(
        self, client: str, drafts: Sequence[Draft], *, stream: str = MAIN, since: Since | None = None
    ) -> tuple[Entry, ...]:
        """All are sealed and folded before any is kept."""
        kept = self._clients[client]
        if since is not None:
            self._hold(client, stream, since)
        head = self.head(client, stream=stream) or GENESIS
        now = self._clock.now()
        links = seal(client, stream, head, drafts, now=now, random=os.urandom, redact=self._redact)
        appended = tuple(link.entry for link in links)
        self.records.appended(client, appended)
        kept.streams[stream].extend(link.stored for link in links)
        kept.bodies.update((link.body.digest, link.body) for link in links if link.body)
        self.outbox.appended(client, stream, appended)
        return appended

    def append_numbered(
        self, client: str, counter: Counter, make: Numbered, *, since: Since | None = None
    ) -> tuple[Entry, ...]:
        """The number counts as taken once its entries are there."""
        if since is not None:
            self._hold(client, MAIN, since)
        place = counter.entity, counter.series
        number = following(self._numbers.get(place), self._numbers.get(EVERY), counter)
        if number is None:
            raise NumbersHeld(str(counter))
        made = self.append(client, having(number, counter, make(number)))
        self._numbers[place] = Counted(*place, number)
        return made

    def continue_numbers(
        self, client: str, counter: Counter, number: int, drafts: Sequence[Draft]
    ) -> tuple[Entry, ...]:
        """The same."""
        place = counter.entity, counter.series
        if (row := self._numbers.get(place)) and number <= row.last:
            raise StoreError(f"numbers: {counter} has handed out {row.last} already; go on with a higher one")
        made = self.append(client, drafts)
        self._numbers[place] = Counted(*place, number - 1)
        return made

    def numbers(self) -> tuple[Counted, ...]:
        """By entity and series."""
        return tuple(self._numbers[place] for place in sorted(self._numbers))

    def recount(self) -> tuple[Difference, ...]:
        """For the records, when they are made again."""
        reached = (
            one
            for client in list(self._clients)
            for kind in (INVOICE, NUMBERING)
            for entry in self.entries(client, kind=kind)
            if (one := reached_by(entry.kind, entry.action, entry.facts))
        )
        found = recounted(self._numbers.values(), reached)
        self._numbers.update({(row.entity, row.series): row for row in found.rows})
        return found.differences

    def head(self, client: str, *, stream: str = MAIN) -> Head | None:
        """The last line."""
        lines = self._clients[client].streams[stream]
        if not lines:
            return None
        entry = Entry.parse(lines[-1].line)
        return Head(entry.seq, entry.hash, entry.time, entry.id)

    def entries(
        self,
        client: str,
        *,
        stream: str = MAIN,
        after: int = 0,
        until: int | None = None,
        limit: int | None = None,
        kind: str | None = None,
        change: str | None = None,
        device: str | None = None,
        request: str | None = None,
        ticket: str | None = None,
        newest_first: bool = False,
    ) -> Iterator[Entry]:
        """A walk over the stream."""
        lines = self._clients[client].streams[stream]
        found = (
            Entry.parse(stored.line)
            for stored in (reversed(lines) if newest_first else iter(lines))
            if stored.seq > after
            and (until is None or stored.seq <= until)
            and kind in (None, stored.kind)
            and change in (None, stored.change)
            and device in (None, stored.device)
            and request in (None, stored.request)
            and ticket in (None, stored.ticket)
        )
        return islice(found, limit)

    def entry(self, client: str, entry_id: str) -> Entry | None:
        """A walk over every stream."""
        lines = self._clients[client].lines()
        return next((Entry.parse(stored.line) for stored in lines if stored.id == entry_id), None)

    def body(self, client: str, digest: str) -> bytes | Gone:
        """The content; else the erasure entry decides."""
        kept = self._clients[client]
        if digest in kept.bodies:
            return kept.bodies[digest].content
        return Gone.ERASED if self._subject(client, "erasure", digest) else Gone.MISSING

    def bodies(self, client: str, digests: Collection[str]) -> Mapping[str, bytes | Gone]:
        """One by one."""
        return {digest: self.body(client, digest) for digest in digests}

    def open_intents(self, client: str, target: Target) -> tuple[Entry, ...]:
        """Two walks."""
        changes = [s for s in self._clients[client].lines() if s.change is not None and s.device is None]
        closed = {stored.change for stored in changes if stored.phase == "result"}
        return tuple(
            Entry.parse(stored.line)
            for stored in changes
            if stored.phase == "intent" and stored.target == target and stored.change not in closed
        )

    def plan_used(self, client: str, plan: str) -> Entry | None:
        """The first intent with this plan."""
        stored = self._subject(client, "change", plan)
        return None if stored is None else Entry.parse(stored.line)

    def last_inventory_digest(self, client: str, target: Target | None = None) -> str | None:
        """The newest inventory entry's subject."""
        lines = list(self._clients[client].lines())
        return next(
            (s.subject for s in reversed(lines) if s.kind == "inventory" and target in (None, s.target)), None
        )

    def erase(self, client: str, digest: str, order: Draft) -> Entry:
        """One of many."""
        if order.facts.get("digest") != digest:
            raise ValueError(f"order: not an erasure of {digest}")
        (entry,) = self.erase_all(client, [order])
        return entry

    def erase_all(self, client: str, orders: Sequence[Draft]) -> tuple[Entry, ...]:
        """Append, then forget; each is looked at before any goes."""
        kept = self._clients[client]
        places = [self._place(client, order) for order in orders]
        if len({digest for _, digest in places}) < len(places):
            raise StoreError(f"{client}: a body cannot be erased twice")
        made: list[Entry] = []
        for order, (stream, digest) in zip(orders, places, strict=True):
            made += self.append(client, [order], stream=stream)
            del kept.bodies[digest]
        return tuple(made)

    def _place(self, client: str, order: Draft) -> tuple[str, str]:
        """The stream and the digest of the body that is to go."""
        digest, kept = order.facts.get("digest"), self._clients[client]
        if order.kind != "erasure" or not isinstance(digest, str):
            raise ValueError("order: not an erasure of a body")
        if order.client != client:
            raise ValueError(f"client: a draft of {order.client} cannot go into the log of {client}")
        stream = next(
            (name for name, lines in kept.streams.items() if any(s.body == digest for s in lines)), None
        )
        if stream is None:
            raise StoreError(f"{client}: no entry has a body {digest}; `netmgr log show` names them")
        if digest not in kept.bodies:
            erasure = self._subject(client, "erasure", digest)
            if erasure is None:
                raise StoreError(
                    f"{client}: body {digest} is MISSING, not erased by order; run `netmgr log verify`"
                )
            raise StoreError(f"{client}: body {digest} was already erased (seq {erasure.seq})")
        return stream, digest

    @contextmanager
    def snapshot(self, client: str, *, stream: str = MAIN) -> Iterator[Snapshot]:
        """Copies of what is there now."""
        kept = self._clients[client]
        issued = [checkpoint for checkpoint in kept.checkpoints if checkpoint.stream == stream]
        yield _MemorySnapshot(list(kept.streams[stream]), dict(kept.bodies), issued)

    def remember(self, client: str, checkpoint: Checkpoint) -> None:
        """Kept in the order of seq."""
        if checkpoint.client != client:
            raise ValueError(
                f"client: a checkpoint of {checkpoint.client} cannot go into the log of {client}"
            )
        issued = self._clients[client].checkpoints
        issued.append(checkpoint)
        issued.sort(key=lambda kept: (kept.seq, kept.signature))

    def _hold(self, client: str, stream: str, since: Since) -> None:
        for kind in since.kinds:
            newest = next(self.entries(client, stream=stream, kind=kind, newest_first=True), None)
            if newest is not None and newest.seq > since.seq:
                raise Superseded(
                    f"{client}: another command has logged something of kind {kind} meanwhile (seq {newest.seq}); "
                    "repeat"
                )

    def _subject(self, client: str, kind: str, subject: str) -> Stored | None:
        lines = self._clients[client].lines()
        return next((stored for stored in lines if stored.kind == kind and stored.subject == subject), None)


@dataclass(frozen=True, slots=True)
class _MemorySnapshot:
    """See ``netmgr.ports.store.Snapshot``."""

    lines: list[Stored]
    kept: dict[str, StoredBody]
    issued: list[Checkpoint]

    def pages(self) -> Iterator[Sequence[Stored]]:
        for start in range(0, len(self.lines), PAGE):
            yield self.lines[start : start + PAGE]

    def bodies(self, first: int, last: int) -> Iterator[StoredBody]:
        for stored in self.lines:
            if first <= stored.seq <= last and stored.body in self.kept:
                yield self.kept[stored.body]

    def checkpoints(self) -> Sequence[Checkpoint]:
        return tuple(self.issued)
