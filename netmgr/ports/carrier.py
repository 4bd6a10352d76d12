"""Who carries a message to its recipient."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message. ``type`` is its media type."""

    name: str
    type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """What one recipient is sent, in every form. ``id`` is the receiver's idempotency key: it never changes."""

    id: str
    recipient: str
    """``mail:ADDRESS``, ``webhook:NAME`` or ``notifier:NAME``."""
    created: datetime
    subject: str
    text: str
    payload: bytes
    """JSON, UTF-8."""
    attachments: tuple[Attachment, ...] = ()
    """Mail takes them along; nothing else does."""


class NotDeliveredError(Exception):
    """The message was not taken, as far as is known. ``str()`` is one line without secrets.

    ``final``: the receiver refuses this message for good. ``retry_after``: it asked for so many seconds of rest.
    """

    def __init__(self, reason: str, *, final: bool = False, retry_after: float | None = None) -> None:
        self.final, self.retry_after = final, retry_after
        super().__init__(reason)


class NotifierPlugin(Protocol):
    """A way to tell people that an entry point of the group ``netmgr.notifiers`` names."""

    def problem(self, options: Mapping[str, Any]) -> str | None:
        """What is wrong with a notifier's ``options``, and what to write instead; None where nothing is."""

    def send(self, message: "Message", options: Mapping[str, Any], secret: str | None) -> None:
        """Return when the receiver has taken the message, within a minute or two; raise otherwise.

        ``NotDeliveredError`` may say that it is final, or when to come again; whatever else is raised is tried again.
        A message may come a second time: the receiver should be told its id.
        """


class Carrier(Protocol):
    """Carries messages one way: by mail, or to webhooks."""

    def send(self, message: Message) -> None:
        """Return when the receiver has taken the message. Raises NotDeliveredError, within a minute or two."""

    def close(self) -> None:
        """Say good-bye to whoever was spoken to last. Never raises: what was taken is taken."""
