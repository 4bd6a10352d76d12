"""Where mail for the desk comes from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from netmgr.model.mail import Mail, Malformed

ReadMail = Callable[[bytes], Mail | Malformed]
"""A message's bytes → what it says. Raises nothing, whatever they are."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A message as it was delivered. ``content`` is None where it is larger than any that is read."""

    name: str
    content: bytes | None
    arrived: datetime | None
    """When whoever delivered it put it there, where that is known."""


class Mailbox(Protocol):
    """Messages that nobody has taken in yet. Every method raises StoreError where the box cannot be used."""

    def new(self) -> Iterator[Delivered]:
        """What is there, the oldest first."""

    def done(self, name: str) -> None:
        """Put away a message that was taken in; one that is gone is none of ours."""

    def aside(self, name: str) -> None:
        """Put a message where a person looks after it."""
