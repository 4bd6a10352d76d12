"""A key's rotation: the key that signs a log's checkpoints names, in the log, the one that takes its place."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from netmgr.model.canonical import canonical
from netmgr.model.checkpoint import Checkpoint

KIND: Final = "key"
ACTION: Final = "rotate"

Verifies = Callable[[bytes, bytes, bytes], bool]
"""(public key, message, signature) → whether it is that key's."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """``new`` signs in place of ``old``, who signed that; without ``signature``: ``old`` was lost, and could not."""

    old: bytes
    new: bytes
    signature: bytes | None

    @classmethod
    def parse(cls, facts: Mapping[str, Any]) -> Self:
        """What an entry's facts say. Raises ValueError for what is no rotation."""
        old, new = (_decoded(facts.get(name), 32) for name in ("old", "new"))
        return cls(old, new, _decoded(facts["signature"], 64) if "signature" in facts else None)

    @property
    def statement(self) -> bytes:
        """What the old key signs: it is the same in every client's log."""
        return canonical({"new": _encoded(self.new), "old": _encoded(self.old)})

    def facts(self) -> dict[str, str]:
        """The rotation as facts of an entry: base64."""
        named = {"new": _encoded(self.new), "old": _encoded(self.old)}
        return named if self.signature is None else {**named, "signature": _encoded(self.signature)}

    def signed(self, verifies: Verifies) -> bool:
        """Whether the old key did say so."""
        return self.signature is not None and verifies(self.old, self.statement, self.signature)


@dataclass(frozen=True, slots=True)
class Rotated:
    """A rotation in a log; ``signed`` is false where the old key was lost."""

    seq: int
    old: bytes
    new: bytes
    signed: bool


class KeyChain:
    """Follows the keys of one log, and says which checkpoints are signed with one that may not have signed them."""

    def __init__(self, verifies: Verifies, pinned: Mapping[Checkpoint, bytes] | None = None) -> None:
        """``pinned``: which key a checkpoint must be signed with, or one that follows from it."""
        self._verifies, self._pinned = verifies, pinned or {}
        self.rotated: list[Rotated] = []

    def read(self, seq: int, facts: Mapping[str, Any]) -> str | None:
        """Take a rotation for the chain's next; what is wrong with it, where something is: then it is not taken."""
        try:
            found = Rotation.parse(facts)
        except ValueError:
            return "is no rotation of a key: edited or forged"
        signed = found.signed(self._verifies)
        if found.signature is not None and not signed:
            return "rotates the key, but the old key has not signed that: forged"
        before = self._replaced(found.old)
        if before is None:
            self.rotated.append(Rotated(seq, found.old, found.new, signed))
        elif before.new != found.new:
            return f"rotates a key that was replaced at seq {before.seq} already: forged"
        return None

    def objection(self, checkpoint: Checkpoint, *, lost: bool = False) -> str | None:
        """Why a checkpoint does not count, once the whole log was read.

        One of what was ``lost`` when the log was restored may be of a key that was replaced at an earlier place since.
        """
        place = self._replaced(checkpoint.raw_key)
        if place is not None and place.seq <= checkpoint.seq and not lost:
            return f"the checkpoint of {checkpoint.time} is signed with a key that was replaced at seq {place.seq}"
        pin = self._pinned.get(checkpoint)
        if pin is None or checkpoint.raw_key in (followed := self._followed(pin)):
            return None
        last = self._replaced(followed[-1])
        if last is not None:
            return (
                f"the checkpoint is signed with another key than the one given, which was lost: seq {last.seq} "
                "names another without its signature"
            )
        return "the checkpoint is signed with another key than the one given"

    def _replaced(self, key: bytes) -> Rotated | None:
        return next((each for each in self.rotated if each.old == key), None)

    def _followed(self, key: bytes) -> list[bytes]:
        return followed([(each.old, each.new) for each in self.rotated if each.signed], key)


def followed(rotations: Iterable[tuple[bytes, bytes]], key: bytes) -> list[bytes]:
    """The key and each that took the place of the one before; the last one signs."""
    successors, keys = dict(reversed([*rotations])), [key]
    while (successor := successors.get(keys[-1])) and successor not in keys:
        keys.append(successor)
    return keys


def _encoded(raw: bytes) -> str:
    return b64encode(raw).decode()


def _decoded(text: Any, size: int) -> bytes:
    raw = b64decode(text, validate=True) if isinstance(text, str) else b""
    if len(raw) != size:
        raise ValueError(f"it is not the base64 of {size} bytes")
    return raw
