"""Snapshots and plans as files under .netmgr, a directory for each client. Snapshots are always encrypted (age)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from netmgr.adapters.private_files import private_directory, remove_durably, write_durably
from netmgr.errors import StoreError
from netmgr.model.digest import sha256_hex

if TYPE_CHECKING:
    import pyrage


class EncryptedBlobs:
    """See ``netmgr.ports.blobs.Blobs``. ``key`` is the workspace's own age identity, made on first use."""

    def __init__(self, directory: Path, key: Path) -> None:
        self._directory, self._key = directory, key

    def put(self, client: str, data: bytes) -> str:
        """Encrypt to the workspace's key and keep under the digest of the plain data."""
        import pyrage

        digest = sha256_hex(data)
        path = self._directory / client / f"{digest}.age"
        if not path.exists():
            private_directory(path.parent)
            write_durably(path, pyrage.encrypt(data, [self._identity().to_public()]))
        return digest

    def get(self, client: str, digest: str) -> bytes:
        """Decrypt and check."""
        import pyrage

        path = self._directory / client / f"{digest}.age"
        try:
            data = bytes(pyrage.decrypt(path.read_bytes(), [self._identity()]))
        except OSError as error:
            raise StoreError(f"{path}: {error.strerror}; the snapshot is gone") from error
        except pyrage.DecryptError as error:
            raise StoreError(f"{path}: {error}; it was altered, or {self._key} is not its key") from error
        if sha256_hex(data) != digest:
            raise StoreError(f"{path}: its content does not have the digest in its name; it was altered")
        return data

    def older(self, client: str, before: datetime) -> Sequence[str]:
        """By when the file was written."""
        directory = self._directory / client
        found = directory.glob("[!.]*.age") if directory.is_dir() else ()
        return sorted(path.stem for path in found if path.stat().st_mtime < before.timestamp())

    def remove(self, client: str, digests: Iterable[str]) -> None:
        """Their files."""
        remove_durably(self._directory / client, (f"{digest}.age" for digest in digests))

    def _identity(self) -> "pyrage.x25519.Identity":
        import pyrage

        if not self._key.exists():
            private_directory(self._key.parent)
            write_durably(self._key, f"{pyrage.x25519.Identity.generate()}\n".encode())
        return pyrage.x25519.Identity.from_str(self._key.read_text().strip())


class PlanFiles:
    """See ``netmgr.ports.blobs.Plans``: one JSON file for each plan, mode 0600; diffs in it are redacted already."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def save(self, client: str, plan_id: str, document: bytes) -> None:
        """Keep the document under the client's directory."""
        path = self._directory / client / f"{plan_id}.json"
        private_directory(path.parent)
        write_durably(path, document)

    def load(self, client: str, plan_id: str) -> bytes | None:
        """Read it again."""
        path = self._directory / client / f"{plan_id}.json"
        return path.read_bytes() if path.exists() else None
