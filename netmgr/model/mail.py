"""Mail that reaches the desk: what was read of one message, and what is to be done with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

QuarantineReason = Literal["unknown_sender", "no_sender", "automatic", "malformed"]
"""The sender is nobody that the client knows; the message names no one sender; a program wrote it, and it belongs to no
ticket; it cannot be read."""

LARGEST: Final = 25 * 1024 * 1024
"""Bytes of a whole message."""
LARGEST_TEXT: Final = 256 * 1024
"""Characters of its text; what is longer is kept as an attachment."""
LARGEST_ATTACHMENT: Final = 10 * 1024 * 1024
"""Bytes of one attachment; one that is larger is named, not kept."""
MOST_PARTS: Final = 100
DEEPEST: Final = 10
"""Parts within parts."""
LARGEST_HEADER: Final = 256 * 1024
"""Bytes of all the message's header fields."""
MOST_FIELDS: Final = 500


@dataclass(frozen=True, slots=True)
class Address:
    """A mail address with the name that its owner gives."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part of a message that is no text of it. ``name`` has no path and nothing that a file's name must not have.

    ``content`` is None where it was too large to be kept.
    """

    name: str
    type: str
    size: int
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Mail:
    """One message. ``identity`` is its Message-ID, or says what it consists of where it has none.

    ``references`` are the ids of the messages that it answers, the nearest first. ``marks`` are the header fields that
    tell whether a program wrote it, by their names in lower case.
    """

    identity: str
    references: tuple[str, ...]
    senders: tuple[Address, ...]
    subject: str
    text: str
    attachments: tuple[Attachment, ...] = ()
    marks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Malformed:
    """A message that is not read further, and why; ``identity`` as of one without Message-ID."""

    identity: str
    why: str
