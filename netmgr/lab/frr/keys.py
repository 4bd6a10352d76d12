"""SSH keys of a lab: fresh Ed25519 pairs, so that host keys are verified in the lab as in the network."""

from dataclasses import dataclass

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


@dataclass(frozen=True, slots=True)
class KeyPair:
    """``private`` in OpenSSH's PEM form, ``public`` as ``ssh-ed25519 BASE64``."""

    private: str
    public: str


def new_key() -> KeyPair:
    """A fresh Ed25519 key pair (RFC 8709)."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    return KeyPair(private.decode("ascii"), public.decode("ascii"))
