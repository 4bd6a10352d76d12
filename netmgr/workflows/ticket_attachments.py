"""What came with a ticket's messages: the list, and one of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from netmgr.errors import StoreError, UsageError
from netmgr.model.entry import Entry
from netmgr.service import mail_record
from netmgr.service.ticket_record import KIND
from netmgr.workflows.runtime import Runtime
from netmgr.workflows.ticket_log import found, texts_of


@dataclass(frozen=True, slots=True)
class Attachment:
    """One of a ticket's attachments, by the ``number`` that people call it by; ``size`` in bytes.

    ``name`` is None where the message's texts were erased. ``digest`` is that of its content, None where it was too
    large to be kept.
    """

    number: int
    seq: int
    name: str | None
    type: str
    size: int
    digest: str | None


def attachments(runtime: Runtime, identity: str) -> tuple[Attachment, ...]:
    """All of them, in the order in which they came. Raises UsageError where there is no such ticket."""
    runtime.require("read")
    found(runtime, identity)
    entries = tuple(runtime.log.entries(runtime.client, ticket=identity))
    kept = {
        (entry.facts["message"], entry.facts["part"]): entry
        for entry in entries
        if entry.kind == mail_record.KIND and entry.action == "attach"
    }
    listed = [one for entry in entries if entry.kind == KIND for one in _of(runtime, entry, kept)]
    return tuple(Attachment(number, *one) for number, one in enumerate(listed, 1))


def content(runtime: Runtime, identity: str, number: int) -> bytes:
    """One attachment, byte for byte as it came.

    Raises UsageError where there is none of this number, StoreError where it was not kept or is gone.
    """
    listed = attachments(runtime, identity)
    if not 1 <= number <= len(listed):
        raise UsageError(
            f"{identity} has {len(listed)} attachments, no number {number}; "
            f"`netmgr ticket attachments {identity} -c {runtime.client}` lists them"
        )
    digest = listed[number - 1].digest
    if digest is None:
        raise StoreError(f"{identity}: attachment {number} was too large to be kept; ask its sender for it")
    body = runtime.log.body(runtime.client, digest)
    if not isinstance(body, bytes):
        raise StoreError(f"{identity}: attachment {number}: {body.value}; ask its sender for it")
    return body


_Listed = tuple[int, str | None, str, int, str | None]


def _of(runtime: Runtime, entry: Entry, kept: Mapping[tuple[str, int], Entry]) -> Iterator[_Listed]:
    """The attachments of the message that made this entry: as its texts name them; by what is kept, where they are
    gone.
    """
    key = entry.facts.get("mail")
    own = {part: one for (message, part), one in kept.items() if message == key}
    texts = texts_of(runtime, entry.body.digest) if key and entry.body else None
    named: list[dict[str, Any]] = (texts or {}).get("attachments", [])
    for part in range(1, max(len(named), *own, 0) + 1) if named or own else ():
        said = named[part - 1] if part <= len(named) else None
        body = own[part].body if part in own else None
        if said is None and body is None:
            continue
        yield (
            own[part].seq if part in own else entry.seq,
            str(said["name"]) if said else None,
            str(said["type"]) if said else body.type if body else "",
            int(said["size"]) if said else body.size if body else 0,
            body.digest if body else None,
        )
