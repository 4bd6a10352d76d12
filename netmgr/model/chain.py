"""Sealing drafts into a client's chain: the pure part of appending, shared by every store."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final, NamedTuple
from uuid import UUID

from netmgr.model.canonical import canonical_entry, insert_hash, split
from netmgr.model.entry import BodyRef, Draft, Entry, Facts, rfc3339

FORMAT: Final = 1
SALT_BYTES: Final = 32

# What an entry takes from its draft as it is.
_COPIED: Final = tuple(field.name for field in fields(Draft) if field.name not in ("at", "body"))

Redact = Callable[[bytes], bytes]
Randomness = Callable[[int], bytes]
"""So many random bytes from the operating system."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry of a chain; ``GENESIS`` for one that has none."""

    seq: int
    hash: str
    time: str
    id: str


GENESIS: Final = Head(0, "0" * 64, "", "00000000-0000-0000-0000-000000000000")


class StoredBody(NamedTuple):
    """A body as the store keeps it."""

    digest: str
    salt: bytes
    content: bytes

    @property
    def intact(self) -> bool:
        """Whether salt and content still have the digest."""
        return body_digest(self.salt, self.content) == self.digest


class Stored(NamedTuple):
    """An entry as the store keeps it: its canonical bytes, and what it is found by. Verification compares the two."""

    line: bytes
    body: str | None
    change: str | None
    device: str | None
    id: str
    kind: str
    phase: str
    request: str
    seq: int
    target: str
    ticket: str | None
    subject: str | None


@dataclass(frozen=True, slots=True)
class Sealed:
    """One new link of the chain, ready to be stored."""

    entry: Entry
    stored: Stored
    body: StoredBody | None


def seal(
    client: str,
    stream: str,
    head: Head,
    drafts: Iterable[Draft],
    *,
    now: datetime,
    random: Randomness,
    redact: Redact,
) -> list[Sealed]:
    """The chain's next links after ``head``. Raises ValueError for a draft of another client."""
    links = []
    time = max(rfc3339(now), head.time)
    for draft in drafts:
        if draft.client != client:
            raise ValueError(f"client: a draft of {draft.client} cannot go into the log of {client}")
        link = _seal(draft, stream, head, time, random, redact)
        head = Head(link.entry.seq, link.entry.hash, link.entry.time, link.entry.id)
        links.append(link)
    return links


def _seal(draft: Draft, stream: str, head: Head, time: str, random: Randomness, redact: Redact) -> Sealed:
    members: dict[str, Any] = {name: getattr(draft, name) for name in _COPIED}
    members |= {
        "v": FORMAT,
        "stream": stream,
        "seq": head.seq + 1,
        "id": entry_id(time, random, after=head.id),
        "time": time,
        "at": None if draft.at is None else rfc3339(draft.at),
        "prev": head.hash,
    }
    document = {name: value for name, value in members.items() if value is not None}
    reference, body = None, None
    if draft.body is not None:
        content, salt = redact(draft.body.content), random(SALT_BYTES)
        body = StoredBody(body_digest(salt, content), salt, content)
        reference = BodyRef(body.digest, len(content), draft.body.type)
        document["body"] = reference.document()
    unhashed = canonical_entry(document)
    digest = sha256(unhashed).hexdigest()
    entry = Entry(**members, body=reference, hash=digest)
    return Sealed(entry, _filed(entry, insert_hash(unhashed, digest)), body)


def _filed(entry: Entry, line: bytes) -> Stored:
    return Stored(
        line,
        None if entry.body is None else entry.body.digest,
        entry.change,
        entry.device,
        entry.id,
        entry.kind,
        entry.phase,
        entry.request,
        entry.seq,
        entry.target,
        entry.ticket,
        subject(entry.kind, entry.phase, entry.facts),
    )


def subject(kind: str, phase: str, facts: Facts) -> str | None:
    """What an entry is looked up by beside its ids: a change's plan, an inventory's digest, an erased body's digest."""
    if kind == "change" and phase == "intent":
        value = facts.get("plan")
    elif kind in ("inventory", "erasure"):
        value = facts.get("digest")
    else:
        return None
    return value if isinstance(value, str) else None


def filed_anew(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """An entry's row as it is kept today; an older netmgr did not file the entries of a ticket."""
    if "ticket" in row:
        return row
    parts = split(row["line"])
    return {**row, "ticket": parts.ticket if parts else None}


def body_digest(salt: bytes, content: bytes) -> str:
    """SHA-256 over salt ‖ content. The salt keeps an erased text from being found again by guessing it."""
    return sha256(salt + content).hexdigest()


def entry_id(time: str, random: Randomness, *, after: str) -> str:
    """A UUIDv7 (RFC 9562, section 5.7) of ``time`` that sorts after ``after``.

    Within one millisecond it counts up from the previous id (section 6.2, method 2). The first random bit of the
    lower half stays 0, so that counting never runs into the version and variant bits.
    """
    milliseconds = (datetime.fromisoformat(time) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(
        milliseconds=1
    )
    bits = int.from_bytes(random(10), "big")
    high, low = bits >> 68, bits & (1 << 61) - 1
    fresh = milliseconds << 80 | 7 << 76 | high << 64 | 2 << 62 | low
    return str(UUID(int=max(fresh, UUID(after).int + 1)))


def holds(entry: Entry) -> bool:
    """Whether an entry's hash is the one of its content."""
    document = entry.document()
    return (
        sha256(canonical_entry({k: v for k, v in document.items() if k != "hash"})).hexdigest() == entry.hash
    )
