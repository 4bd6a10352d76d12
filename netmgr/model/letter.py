"""A mail in words that are ready."""

from typing import Any, NamedTuple


class Enclosure(NamedTuple):
    """A file that goes with a letter: what it is called there, and where it is kept, with its SHA-256.

    It is encrypted for the age key ``key`` where one is named.
    """

    name: str
    kept: str
    digest: str
    type: str
    key: str | None = None

    def document(self) -> dict[str, Any]:
        """As the outbox holds it."""
        return {name: value for name, value in self._asdict().items() if value is not None}


class Letter(NamedTuple):
    """Plain text, in its reader's language."""

    subject: str
    text: str
    enclosures: tuple[Enclosure, ...] = ()
