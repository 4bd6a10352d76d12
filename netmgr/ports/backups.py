"""Backups of devices: versions kept encrypted for each client, in the order in which they were taken."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from netmgr.model.backup import BackupProblem, Document, Expiry, Offered, Stored, Version
from netmgr.model.backup_set import SecondCopy
from netmgr.model.names import Target


class Backups(Protocol):
    """Where a client's versions are kept. Every method raises StoreError where they cannot be read or written."""

    def ready(self) -> None:
        """Raises InputError where nothing could be encrypted so that it survives this machine: no offline recipient."""

    @property
    def recipients(self) -> tuple[str, ...]:
        """The public age keys that a version is encrypted to: the workspace's own first. Raises as ``ready`` does."""

    def newest(self, client: str, target: Target) -> Mapping[str, Version]:
        """Device → its newest good version."""

    def put(
        self, client: str, target: Target, offered: Sequence[Offered], message: str
    ) -> Mapping[str, Stored]:
        """Keep what is new, all or none; durable when it returns. Device → where it is now.

        What has the content of the device's newest version, encrypted to the same keys, is not written again. A version
        with findings goes to quarantine: the newest good one stays that. Raises InputError as ``ready`` does.
        """

    def versions(self, client: str, target: Target) -> Sequence[Version]:
        """Every version that is kept, newest first."""

    def find(self, client: str, target: Target, device: str, version: str | None) -> Version:
        """The version that the device had as of a commit, named by the first digits of its hash; None: the newest good.

        Raises UsageError where there is none.
        """

    def read(self, client: str, version: Version) -> Mapping[Document, bytes]:
        """A version's documents, decrypted and compared with their keyed digests."""

    def expiring(self, client: str, target: Target, before: datetime) -> Expiry | None:
        """What ``expire`` would remove; None where it would remove nothing."""

    def expire(self, client: str, target: Target, expiry: Expiry) -> None:
        """Remove it, durably. Each device's version that was in force at the moment given stays, under a later name."""

    def remove(self, client: str) -> None:
        """Remove everything that is kept of a client, of both targets. Second copies are not reached."""

    def copy(self, client: str, target: Target, to: SecondCopy, before: datetime | None) -> str:
        """Bring a second copy up to date, and keep nothing older than ``before`` there either; its newest commit."""

    def check(self, client: str, versions: Iterable[Version]) -> tuple[BackupProblem, ...]:
        """What is wrong with the store itself, and with each of these versions."""
