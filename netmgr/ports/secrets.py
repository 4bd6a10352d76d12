"""Secrets: references in, values out, in memory only."""

from typing import Protocol


class Secrets(Protocol):
    """Resolves ``secret://SCHEME/NAME`` for one client; another client's secret cannot be named."""

    def resolve(self, client: str, reference: str) -> str:
        """The secret's value, one line. Raises SecretError, which names the reference and where it was looked for."""

    def credential(self, client: str, reference: str) -> str:
        """A secret that may also be an SSH private key: the only kind of several lines. Never for a configuration."""


class SecretStore(Protocol):
    """Keeps new secrets of clients, under references that ``Secrets`` resolves. Nothing is ever overwritten."""

    def holds(self, client: str, name: str) -> bool:
        """Whether there is a secret of that name already, whatever its value."""

    def reference(self, name: str) -> str:
        """What stands in the inventory for a secret of that name."""

    def ready(self) -> None:
        """Raises SecretError where nothing could be kept, and says what is missing."""

    def keep(self, client: str, name: str, value: str) -> None:
        """Keep a new secret, durably. Raises SecretError, which never carries the value."""
