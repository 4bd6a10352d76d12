"""The workspace's Ed25519 key for checkpoints: a PKCS#8 PEM file, mode 0600, made at first use; its rotation."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from netmgr.adapters.directory_lock import locked
from netmgr.adapters.private_files import private_directory, synced, write_durably
from netmgr.errors import StoreError
from netmgr.model.key_rotation import Rotation

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class SigningKey:
    """See ``netmgr.ports.store.RotatingSigner``.

    ``NAME.next`` is the key that will take the place of the one in ``NAME``, while a rotation is under way;
    ``NAME.rotations`` has a line for every rotation, with nothing secret in it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._next = path.with_name(f"{path.name}.next")
        self._rotations = path.with_name(f"{path.name}.rotations")

    def public_key(self) -> bytes:
        """The raw public key (RFC 8032, section 5.1.5)."""
        return self._private.public_key().public_bytes_raw()

    def sign(self, message: bytes, *, key: bytes | None = None) -> bytes:
        """Sign with the key, made at first use, or with the next one."""
        if key is None or key == self.public_key():
            return self._private.sign(message)
        # A rotation that ended since our key was read has made the next key the present one.
        for path in (self._next, self._path):
            if path.exists() and (private := self._loaded(path)).public_key().public_bytes_raw() == key:
                return private.sign(message)
        raise StoreError(
            f"{self._path}: the log says that another key took its place, which is not here; restore it from a backup"
        )

    def verifies(self, key: bytes, message: bytes, signature: bytes) -> bool:
        """Whether the signature holds; False too for bytes that are no key."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def rotations(self) -> Sequence[Rotation]:
        """The lines of ``NAME.rotations``."""
        try:
            lines = self._rotations.read_bytes().splitlines() if self._rotations.exists() else []
            return [Rotation.parse(json.loads(line)) for line in lines]
        except OSError as error:
            raise StoreError(f"{self._rotations}: {error.strerror}; make it readable for you") from error
        except (ValueError, AttributeError) as error:
            raise StoreError(f"{self._rotations}: is damaged; restore it from a backup") from error

    def under_way(self) -> bool:
        """Whether there is a next key."""
        return self._next.exists()

    @contextmanager
    def begun(self) -> Iterator[Rotation]:
        """Next key, then the line, then the new name, each durable before what follows."""
        private_directory(self._path.parent)
        self.public_key()
        place = self._path.with_name(f"{self._path.name}.rotating")
        private_directory(place)
        with locked(place):
            old = self._loaded(self._path)  # another process may have ended one since ours was read
            if not self._next.exists():
                write_durably(self._next, _new_key())
            new = self._loaded(self._next).public_key().public_bytes_raw()
            rotation = Rotation(old.public_key().public_bytes_raw(), new, None)
            rotation = Rotation(rotation.old, new, old.sign(rotation.statement))
            self._noted(rotation)
            yield rotation
            try:
                self._next.replace(self._path)
                synced(self._path.parent)
            except OSError as error:
                raise StoreError(f"{self._path}: cannot be replaced: {error.strerror}; try again") from error
        self.__dict__.pop("_private", None)

    def replaces(self, lost: bytes) -> Rotation:
        """A line without a signature."""
        rotation = Rotation(lost, self.public_key(), None)
        with locked(self._path.parent):
            self._noted(rotation)
        return rotation

    def _noted(self, rotation: Rotation) -> None:
        known = self.rotations()
        if rotation not in known:
            lines = [json.dumps(each.facts()) + "\n" for each in (*known, rotation)]
            write_durably(self._rotations, "".join(lines).encode())

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        private_directory(self._path.parent)
        try:
            with locked(self._path.parent):
                if not self._path.exists():
                    write_durably(self._path, _new_key())
        except OSError as error:
            raise StoreError(f"{self._path}: {error.strerror}; make it readable for you") from error
        return self._loaded(self._path)

    def _loaded(self, path: Path) -> Ed25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        try:
            if path.stat().st_mode & 0o077:
                raise StoreError(
                    f"{path}: others may read the signing key; `chmod 600` it, and make a new one if somebody did"
                )
            key = load_pem_private_key(path.read_bytes(), password=None)
        except OSError as error:
            raise StoreError(f"{path}: {error.strerror}; make it readable for you") from error
        except ValueError as error:
            raise StoreError(f"{path}: not a PEM private key; restore it from a backup") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise StoreError(f"{path}: not an Ed25519 key; restore it from a backup")
        return key


def _new_key() -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
