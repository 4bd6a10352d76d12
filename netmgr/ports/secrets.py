"""Secrets: references in, values out, in memory only."""

from typing import Protocol


class Secrets(Protocol):
    """Resolves ``secret://SCHEME/NAME`` for one client; another client's secret cannot be named."""

    def resolve(self, client: str, reference: str) -> str:
        """The secret's value, one line. Raises SecretError, which names the reference and where it was looked for."""

    def credential(self, client: str, reference: str) -> str:
        """A secret that may also be an SSH private key: the only kind of several lines. Never for a configuration."""
