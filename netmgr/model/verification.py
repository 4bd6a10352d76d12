"""Verification: reads a chain as stored, entry by entry, and says everything that is wrong with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from netmgr.model.canonical import Parts, canonical_objects, hashes, split, split_page
from netmgr.model.chain import GENESIS, Stored, subject
from netmgr.model.checkpoint import Checkpoint
from netmgr.model.entry import MAX_INTEGER
from netmgr.model.key_rotation import KIND as KEY
from netmgr.model.key_rotation import KeyChain, Rotated

_TOGETHER = 100
"""Entries that are compared at once: their text stays in a processor's own cache."""
_SUBJECT_KINDS = frozenset({"change", "inventory", "erasure"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong, at one place in the chain."""

    seq: int
    text: str
    lost: bool = False
    """Whether the log itself says that it was lost when it was restored from a backup: wrong, but not tampered with."""

    def __str__(self) -> str:
        return f"seq {self.seq}: {self.text}"


@dataclass(frozen=True, slots=True)
class Verification:
    """What the chain proved to be. It holds if there are no problems."""

    client: str
    stream: str
    entries: int
    seq: int
    hash: str
    time: str
    present: int
    erased: int
    missing: int
    checkpoints: int
    """Checkpoints that the chain extends."""
    witnessed: int
    """The newest seq that one of them covers; 0 for none."""
    problems: tuple[Problem, ...]
    rotated: tuple[Rotated, ...] = ()
    """Where another key took the place of the one that signed before."""

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class _Restored:
    """An entry that says: from here on the log goes on from a backup, and what came after that is lost."""

    seq: int
    time: str
    last: int | None

    def lost(self, checkpoint: Checkpoint) -> bool:
        """Whether a checkpoint is of what was lost: of this place or later, and made before the restoration."""
        return self.seq <= checkpoint.seq <= (self.last or checkpoint.seq) and checkpoint.time <= self.time


class ChainVerifier:
    """Takes a chain's pages in order, then gives the verdict. Memory does not grow with the chain."""

    def __init__(
        self, client: str, stream: str, witnesses: Iterable[Checkpoint], keys: KeyChain | None = None
    ) -> None:
        """``witnesses`` are checkpoints of this chain whose signatures hold; without ``keys`` no rotation does."""
        self._client, self._stream = client, stream
        self._entries, self._seq, self._hash, self._time = 0, GENESIS.seq, GENESIS.hash, GENESIS.time
        self._problems: list[Problem] = []
        self._present, self._erased = 0, 0
        self._absent: dict[str, int] = {}
        self._pending = sorted(witnesses, key=lambda checkpoint: checkpoint.seq, reverse=True)
        self._due = self._next_due()
        self._keys = keys or KeyChain(lambda *_: False)
        self._agreed: list[Checkpoint] = []
        self._refuted: list[tuple[Checkpoint, str]] = []
        self._restored: list[_Restored] = []

    def page(self, page: Sequence[Stored], bodies: Mapping[str, bool]) -> None:
        """Check the next entries. ``bodies``: digest → intact, for those of their bodies that are there."""
        for start in range(0, len(page), _TOGETHER):
            self._part(page[start : start + _TOGETHER], bodies)

    def _part(self, page: Sequence[Stored], bodies: Mapping[str, bool]) -> None:
        readable, facts = page, self._flawless(page)
        if facts is None:
            readable, facts = self._one_by_one(page)
        self._entries += len(page)
        for stored, value in zip(readable, canonical_objects(facts), strict=True):
            if value is None:
                self._problem(stored.seq, "facts are not in canonical form; the entry was edited")
                continue
            _, body, _, _, _, kind, phase, _, _, _, _, filed = (
                stored  # at once: one by one takes twice as long
            )
            if kind == "state":
                self._restores(stored, value)
            elif kind == KEY and (objection := self._keys.read(stored.seq, value)):
                self._problem(stored.seq, objection)
            if filed is not None or (kind in _SUBJECT_KINDS and (phase == "intent" or kind != "change")):
                self._subject(stored, subject(kind, phase, value))
            if body is None:
                continue
            if intact := bodies.get(body):
                self._present += 1
            else:
                self._lost(stored, body, altered=intact is not None)

    def _flawless(self, page: Sequence[Stored]) -> Sequence[str] | None:
        """The facts of a page that goes on with the chain and has nothing to report; else None, and nothing is taken.

        What is compared is what ``_one_by_one`` compares, each over the whole page at once.
        """
        last = self._seq + len(page)
        if last >= self._due:
            return None
        lines, bodies, changes, devices, *index, tickets, _ = zip(*page, strict=True)
        parts = split_page(lines, self._client, self._stream)
        if parts is None:
            return None
        numbers = tuple(range(self._seq + 1, last + 1))
        times = [self._time, *parts.time]
        if (
            index == [parts.id, parts.kind, parts.phase, parts.request, numbers, parts.target]
            and _says(bodies, parts.body)
            and _says(changes, parts.change)
            and _says(devices, parts.device)
            and _says(tickets, parts.ticket)
            and parts.seq == tuple(map(str, numbers))
            and parts.prev == (self._hash, *parts.hash[:-1])
            and times == sorted(times)
            and [*parts.hash] == hashes(lines)
        ):
            self._seq, self._hash, self._time = last, parts.hash[-1], times[-1]
            return parts.facts
        return None

    def _one_by_one(self, page: Sequence[Stored]) -> tuple[list[Stored], list[str]]:
        """The page's readable entries and their facts; all else about its entries is taken or reported."""
        readable: list[Stored] = []
        facts: list[str] = []
        for stored in page:
            parts = split(stored.line)
            if parts is None:
                self._unreadable(stored)
                continue
            readable.append(stored)
            facts.append(parts.facts)
            self._take(stored, parts)
            if self._seq >= self._due:
                self._witness()
        return readable, facts

    def finish(self) -> Verification:
        """The verdict, once every page has been seen."""
        for checkpoint in reversed(self._pending):
            ends = f"a checkpoint of {checkpoint.time} covers it, but the log ends at {self._seq}: truncated"
            self._refuted.append((checkpoint, ends))
        for checkpoint in self._agreed:
            if objection := self._keys.objection(checkpoint):
                self._problem(checkpoint.seq, objection)
        for checkpoint, text in self._refuted:
            made = self._refutation(checkpoint, text)
            objection = self._keys.objection(checkpoint, lost=made.lost)
            self._problems += [made, *([Problem(checkpoint.seq, objection)] if objection else [])]
        agreed = [each for each in self._agreed if not self._keys.objection(each)]
        for digest, seq in self._absent.items():
            self._problem(seq, f"body {digest} is MISSING and no erasure entry names it")
        return Verification(
            client=self._client,
            stream=self._stream,
            entries=self._entries,
            seq=self._seq,
            hash=self._hash,
            time=self._time,
            present=self._present,
            erased=self._erased,
            missing=len(self._absent),
            checkpoints=len(agreed),
            witnessed=max((each.seq for each in agreed), default=0),
            problems=tuple(sorted(self._problems, key=lambda problem: problem.seq)),
            rotated=tuple(self._keys.rotated),
        )

    def _problem(self, seq: int, text: str) -> None:
        self._problems.append(Problem(seq, text))

    def _unreadable(self, stored: Stored) -> None:
        self._problem(stored.seq, "is not an entry in canonical form; it was edited")
        self._seq, self._hash = stored.seq, ""

    def _take(self, stored: Stored, parts: Parts) -> None:
        """Say what is wrong with one entry, if anything, and take it for the chain's next if it can be."""
        number, client, stream = int(parts.seq), parts.client, parts.stream
        if hashes([stored.line]) != [parts.hash]:
            self._problem(number, "its hash is not that of its content; the entry was edited")
        if stored[1:11] != _index(parts):
            self._problem(number, f"the store's index disagrees with the entry (filed as seq {stored.seq})")
        if client != self._client or stream != self._stream:
            self._problem(number, f"belongs to client {client}, stream {stream}, not to this chain")
        if number <= self._seq:
            self._problem(number, f"comes after seq {self._seq}: out of order or repeated")
            return
        if number > self._seq + 1:
            missing = f"{self._seq + 1} to {number - 1}" if number > self._seq + 2 else f"{self._seq + 1}"
            self._problem(self._seq + 1, f"deleted: seq {number} follows {self._seq} (missing: {missing})")
        elif parts.prev != self._hash and self._hash:
            self._problem(number, f"prev is not the hash of seq {self._seq}; one of the two was replaced")
        if parts.time < self._time:
            self._problem(number, f"is recorded at {parts.time}, before the previous entry's {self._time}")
        self._seq, self._hash, self._time = number, parts.hash, parts.time

    def _witness(self) -> None:
        """Hold the chain against the checkpoints that are due at its present end."""
        while self._pending and self._pending[-1].seq <= self._seq:
            checkpoint = self._pending.pop()
            if checkpoint.seq == self._seq and checkpoint.hash == self._hash:
                self._agreed.append(checkpoint)
            else:
                rewritten = f"is not what the checkpoint of {checkpoint.time} witnessed: rewritten"
                self._refuted.append((checkpoint, rewritten))
        self._due = self._next_due()

    def _refutation(self, checkpoint: Checkpoint, text: str) -> Problem:
        """A checkpoint that does not hold; one of what a restored backup did not have yet is no sign of tampering."""
        for restored in self._restored:
            if restored.lost(checkpoint):
                return Problem(
                    checkpoint.seq,
                    f"what the checkpoint of {checkpoint.time} witnessed was lost when the log was restored from a "
                    f"backup that ended at {restored.seq - 1} (seq {restored.seq} says so)",
                    lost=True,
                )
        return Problem(checkpoint.seq, text)

    def _restores(self, stored: Stored, facts: Mapping[str, Any]) -> None:
        """Note down from where on the chain goes another way, and until when there was the lost one."""
        parts = split(stored.line)
        if stored.phase == "result" and facts.get("from") == stored.seq - 1 and parts is not None:
            last = facts.get("lost", {}).get("last") if isinstance(facts.get("lost"), dict) else None
            self._restored.append(_Restored(stored.seq, parts.time, last if isinstance(last, int) else None))

    def _next_due(self) -> int:
        return self._pending[-1].seq if self._pending else MAX_INTEGER + 1

    def _subject(self, stored: Stored, expected: str | None) -> None:
        if stored.subject != expected:
            self._problem(stored.seq, "the store's index disagrees with the entry's facts")
        if stored.kind != "erasure" or expected is None:
            return
        if self._absent.pop(expected, None) is None:
            self._problem(stored.seq, f"erases body {expected}, which is still there or was never logged")
        else:
            self._erased += 1

    def _lost(self, stored: Stored, digest: str, *, altered: bool) -> None:
        if altered:
            self._problem(stored.seq, f"body {digest} was altered")
        else:
            self._absent[digest] = stored.seq


def _says(column: tuple[str | None, ...], texts: tuple[str, ...]) -> bool:
    """Whether the index says what the entries say, where ``""`` stands for nothing."""
    return column == texts or [*column] == [text or None for text in texts]


def _index(parts: Parts) -> tuple[str | int | None, ...]:
    """What the store finds the entry by, in the order of ``Stored``; its subject is in the facts."""
    return (
        *(parts.body, parts.change, parts.device, parts.id, parts.kind, parts.phase, parts.request),
        *(int(parts.seq), parts.target, parts.ticket),
    )
