"""The service log and what signs its checkpoints. Every call names the client first; no call sees two clients."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from enum import Enum
from typing import Protocol

from netmgr.model.chain import Head, Stored, StoredBody
from netmgr.model.checkpoint import Checkpoint
from netmgr.model.entry import MAIN, Draft, Entry
from netmgr.model.key_rotation import Rotation
from netmgr.model.names import Target
from netmgr.model.numbering import Counted, Counter, Numbered
from netmgr.model.record import Since


class Gone(Enum):
    """Why a body cannot be read."""

    ERASED = "erased by order"
    MISSING = "MISSING"


class Snapshot(Protocol):
    """One stream as it was at one moment, whatever is appended or erased meanwhile."""

    def pages(self) -> Iterator[Sequence[Stored]]:
        """Every entry, oldest first, some hundreds at a time."""

    def bodies(self, first: int, last: int) -> Iterator[StoredBody]:
        """The bodies that are there for the entries from seq ``first`` to ``last``, in the entries' order."""

    def checkpoints(self) -> Sequence[Checkpoint]:
        """The checkpoints issued for this stream, oldest first."""


class ServiceLog(Protocol):
    """Append-only, hash-chained for each client and stream. Every method raises StoreError when the store fails."""

    @property
    def identity(self) -> str:
        """The store's own UUID, made with it: what a plan's basis names."""

    @property
    def durability(self) -> str:
        """What keeps an acknowledged entry through a power cut, in a few words; empty where nothing does."""

    def append(
        self, client: str, drafts: Sequence[Draft], *, stream: str = MAIN, since: Since | None = None
    ) -> tuple[Entry, ...]:
        """Seal the drafts in their order, all or none. Durable when it returns; on any error nothing was written.

        With ``since`` it raises Superseded where the stream has an entry of those kinds that is newer: what was decided
        from the older ones may not hold any more. Records are folded in the same transaction (``ports/records.py``).
        """

    def append_numbered(
        self, client: str, counter: Counter, make: Numbered, *, since: Since | None = None
    ) -> tuple[Entry, ...]:
        """The same with what ``make`` says of the series' next number, which is taken in the same transaction.

        So numbers have no gap, whoever takes them for whichever client and dies in the middle. On any error, of
        ``make`` too, none is taken. Raises NumbersHeld where nobody knows the next one. ``make`` may be called more
        than once.
        """

    def continue_numbers(
        self, client: str, counter: Counter, number: int, drafts: Sequence[Draft]
    ) -> tuple[Entry, ...]:
        """Append what somebody said: the series, held or not, goes on with this number. All or none.

        Raises StoreError for a number that is not above the last one that is known to be handed out.
        """

    def numbers(self) -> tuple[Counted, ...]:
        """What every series has handed out, for all clients."""

    def head(self, client: str, *, stream: str = MAIN) -> Head | None:
        """The newest entry's place, or None for a client without entries."""

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
        """The entries above seq ``after``, up to ``until``, for which every filter given holds, at most ``limit``."""

    def entry(self, client: str, entry_id: str) -> Entry | None:
        """The entry with this id, in any stream."""

    def body(self, client: str, digest: str) -> bytes | Gone:
        """A body's content, or why it is not there."""

    def bodies(self, client: str, digests: Collection[str]) -> Mapping[str, bytes | Gone]:
        """The same for several, asked for together."""

    def open_intents(self, client: str, target: Target) -> tuple[Entry, ...]:
        """The changes that were begun and have no result, oldest first.

        An intent with ``change`` and without ``device`` opens a change; the first result with the same ``change`` and
        without ``device`` closes it.
        """

    def plan_used(self, client: str, plan: str) -> Entry | None:
        """The intent of the change that ran this plan (``facts.plan``); a plan runs at most once."""

    def last_inventory_digest(self, client: str, target: Target | None = None) -> str | None:
        """``facts.digest`` of the newest ``inventory`` entry, of one target or of any."""

    def erase(self, client: str, digest: str, order: Draft) -> Entry:
        """Destroy a body with its salt and append ``order``, both or neither.

        ``order`` is of kind ``erasure`` and its ``facts.digest`` is ``digest``. Raises StoreError for a body that no
        entry has, that was erased before, or that is missing.
        """

    def erase_all(self, client: str, orders: Sequence[Draft]) -> tuple[Entry, ...]:
        """The same for many bodies, named by the ``facts.digest`` of their orders: all of them or none."""

    def snapshot(self, client: str, *, stream: str = MAIN) -> AbstractContextManager[Snapshot]:
        """One stream held still, for verifying and exporting."""

    def remember(self, client: str, checkpoint: Checkpoint) -> None:
        """Keep an issued checkpoint, so that verification knows what has been witnessed."""


class Signer(Protocol):
    """The workspace's Ed25519 key (RFC 8032) for checkpoints. Every method raises StoreError when a key fails."""

    def public_key(self) -> bytes:
        """The public key's 32 bytes. Makes the key at first use."""

    def sign(self, message: bytes, *, key: bytes | None = None) -> bytes:
        """The signature's 64 bytes, by the key of ours whose public half is ``key``."""

    def verifies(self, key: bytes, message: bytes, signature: bytes) -> bool:
        """Whether ``signature`` is by any public key ``key``. Needs no key of our own."""


class RotatingSigner(Signer, Protocol):
    """A signer whose key can be replaced. What was said of that is kept beside it, without anything secret."""

    def rotations(self) -> Sequence[Rotation]:
        """Every rotation that was begun, oldest first."""

    def begun(self) -> AbstractContextManager[Rotation]:
        """The rotation that is under way, or a new one, signed; one process at a time is in here.

        The next key can sign already. It takes the old one's place, and that is destroyed, when the context is left
        without an error; after one, and after a crash, the rotation is under way still.
        """

    def under_way(self) -> bool:
        """Whether a rotation was begun and not ended."""

    def replaces(self, lost: bytes) -> Rotation:
        """Note that our key is in the place of one that was lost, and so has signed nothing."""
