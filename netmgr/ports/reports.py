"""What a report is made with, and where it is kept until somebody asks for it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from netmgr.document.locale import Words
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

    def words(self, locale: str, zone: str) -> Words:
        """The words of a locale, on the clocks of a zone. Raises UsageError for one without texts."""

    @property
    def names(self) -> Collection[str]:
        """What the provider's people are called: names and ids that a client's manager does not read."""

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
