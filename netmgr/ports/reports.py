"""What a report is made with, and where it is kept until somebody asks for it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from netmgr.ports.store import Signer
from netmgr.ports.typesetter import Typesetter


class ReportDesk(Protocol):
    """Of one workspace."""

    @property
    def signer(self) -> Signer:
        """Signs the checkpoint that a report carries."""

    @property
    def templates(self) -> Mapping[str, str]:
        """The HTML report's templates, by name."""

    @property
    def typesetter(self) -> Typesetter:
        """Makes PDF of the HTML report."""

    def keep(self, client: str, name: str, data: bytes) -> None:
        """Keep a client's report under this name, durably, for nobody else's eyes. Replaces one of that name.

        Raises StoreError.
        """

    def kept(self, client: str) -> Sequence[str]:
        """The names of the client's reports."""

    def read(self, client: str, name: str) -> bytes:
        """One of them. Raises StoreError."""

    def remove(self, client: str, names: Iterable[str]) -> None:
        """Destroy these, durably; what is gone already stays so. Raises StoreError."""
