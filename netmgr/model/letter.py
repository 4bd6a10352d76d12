"""A mail in words that are ready."""

from typing import NamedTuple


class Letter(NamedTuple):
    """Plain text, in its reader's language."""

    subject: str
    text: str
