"""Records: what the entries of one kind say together, folded one after the other, so that nobody has to read them all.

The log is the truth. A record can be made again from its entries at any time, and must then be the same, byte for byte.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from netmgr.errors import StoreError
from netmgr.model.canonical import canonical_entry
from netmgr.model.entry import MAIN, Entry

Document = Mapping[str, Any]
"""JSON of the kind that the log holds: no floats, ASCII keys; digests of bodies in place of text and personal data."""


@dataclass(frozen=True, slots=True)
class Since:
    """How far somebody has read some kinds: what was decided from them holds while no entry of theirs is newer."""

    kinds: tuple[str, ...]
    seq: int
    """Of the newest entry among them, 0 where there was none."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record. ``number`` is its place among those of its kind, ``state`` a word that it is looked for by."""

    kind: str
    key: str
    number: int
    state: str
    seq: int
    """Of the newest entry in it."""
    document: Document


class Folded(NamedTuple):
    """A record with one more entry in it."""

    number: int
    state: str
    document: Document


@dataclass(frozen=True, slots=True)
class Projection:
    """How the entries of a kind become records. Both functions are pure, and take whatever entry the log may hold.

    Every entry of the kind belongs to exactly one record. ``version`` grows whenever the same entries would become
    other documents: older records are then made again.
    """

    key: Callable[[Entry], str]
    fold: Callable[[Document | None, Entry], Folded]
    version: int = 1


Projections = Mapping[str, Projection]
"""By the entries' kind, which is also the records'."""

NONE: Final[Projections] = {}


class Filed(NamedTuple):
    """A record as a store keeps it."""

    kind: str
    key: str
    number: int
    state: str
    seq: int
    version: int
    document: bytes
    """Canonical JSON, so that equal records are equal bytes."""

    def record(self) -> Record:
        """What it says."""
        return Record(self.kind, self.key, self.number, self.state, self.seq, json.loads(self.document))


Load = Callable[[str, Collection[str]], Iterable[Filed]]
"""(kind, keys) → those of the records that there are."""


def fold(projections: Projections, entries: Iterable[Entry], load: Load) -> list[Filed]:
    """The records that these entries change, each once, as they are afterwards. Other streams' entries are in none."""
    concerned: dict[str, list[tuple[str, Entry]]] = {}
    for entry in entries:
        if entry.kind in projections and entry.stream == MAIN:
            concerned.setdefault(entry.kind, []).append((projections[entry.kind].key(entry), entry))
    changed = []
    for kind, keyed in concerned.items():
        projection = projections[kind]
        documents: dict[str, Document] = {
            filed.key: json.loads(filed.document) for filed in load(kind, {key for key, _ in keyed})
        }
        newest: dict[str, tuple[Folded, int]] = {}
        for key, entry in keyed:
            folded = projection.fold(documents.get(key), entry)
            documents[key], newest[key] = folded.document, (folded, entry.seq)
        changed += [
            Filed(
                kind, key, one.number, one.state, seq, projection.version, canonical_entry(dict(one.document))
            )
            for key, (one, seq) in newest.items()
        ]
    return changed


class Newest(NamedTuple):
    """The newest record of a kind: up to which entry, and by which version of its projection."""

    seq: int
    version: int


def is_current(kind: str, projection: Projection, newest: Newest | None, entry: int) -> bool:
    """Whether the records of a kind hold all entries up to ``entry``, the newest, as this program folds them.

    They do not where a program without this projection, or with an older one, has appended. Raises StoreError where a
    newer one has: its records are not this program's to make again.
    """
    if newest is not None and newest.version > projection.version:
        raise StoreError(
            f"records: those of kind {kind} were made by a newer netmgr ({newest.version}, this one knows "
            f"{projection.version}); upgrade netmgr to use them"
        )
    return (newest or Newest(0, projection.version)) == (entry, projection.version)


@dataclass(frozen=True, slots=True)
class Difference:
    """A record that was not what the entries say: ``wrong``, ``missing``, or ``stray``, of which no entry tells."""

    kind: str
    key: str
    problem: str


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """All records of a client, made again. Those that differed were replaced."""

    entries: int
    records: int
    differences: tuple[Difference, ...]
