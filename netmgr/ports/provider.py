"""Who bills, as config/provider.yaml says it."""

from typing import Protocol

from netmgr.model.provider import Provider


class ProviderFile(Protocol):
    """The provider's legal entities."""

    def provider(self) -> Provider | None:
        """What the file says; None where there is none. Raises InputError with every problem of it."""
