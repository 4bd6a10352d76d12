"""Who carries a message to its recipient."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """What one recipient is sent, in every form. ``id`` is the receiver's idempotency key: it never changes."""

    id: str
    recipient: str
    """``mail:ADDRESS`` or ``webhook:NAME``."""
    created: datetime
    subject: str
    text: str
    payload: bytes
    """JSON, UTF-8."""


class NotDeliveredError(Exception):
    """The message was not taken, as far as is known. ``str()`` is one line without secrets.

    ``final``: the receiver refuses this message for good. ``retry_after``: it asked for so many seconds of rest.
    """

    def __init__(self, reason: str, *, final: bool = False, retry_after: float | None = None) -> None:
        self.final, self.retry_after = final, retry_after
        super().__init__(reason)


class Carrier(Protocol):
    """Carries messages one way: by mail, or to webhooks."""

    def send(self, message: Message) -> None:
        """Return when the receiver has taken the message. Raises NotDeliveredError, within a minute or two."""
