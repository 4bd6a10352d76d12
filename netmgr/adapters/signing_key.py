"""The workspace's Ed25519 key for checkpoints: a PKCS#8 PEM file, mode 0600, made at first use."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from netmgr.adapters.directory_lock import locked
from netmgr.adapters.private_files import private_directory, write_durably
from netmgr.errors import StoreError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class SigningKey:
    """See ``netmgr.ports.store.Signer``."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def public_key(self) -> bytes:
        """The raw public key (RFC 8032, section 5.1.5)."""
        return self._private.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Sign with the key, made at first use."""
        return self._private.sign(message)

    def verifies(self, key: bytes, message: bytes, signature: bytes) -> bool:
        """Whether the signature holds; False too for bytes that are no key."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        try:
            pem = self._pem()
            key = load_pem_private_key(pem, password=None)
        except OSError as error:
            raise StoreError(f"{self._path}: {error.strerror}; make it readable for you") from error
        except ValueError as error:
            raise StoreError(f"{self._path}: not a PEM private key; restore it from a backup") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise StoreError(f"{self._path}: not an Ed25519 key; restore it from a backup")
        return key

    def _pem(self) -> bytes:
        private_directory(self._path.parent)
        with locked(self._path.parent):
            if not self._path.exists():
                write_durably(self._path, _new_key())
        if self._path.stat().st_mode & 0o077:
            raise StoreError(
                f"{self._path}: others may read the signing key; `chmod 600` it, and make a new one if somebody did"
            )
        return self._path.read_bytes()


def _new_key() -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
