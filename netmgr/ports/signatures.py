"""Signatures of people, by the SSH keys that config/people.yaml names."""

from collections.abc import Iterable
from typing import Protocol

from netmgr.errors import InputError, Refused


class Signatures(Protocol):
    """Makes and checks SSH signatures (OpenSSH's PROTOCOL.sshsig). Keys are ``ssh-ed25519 BASE64``."""

    def public_key(self, key: str) -> str:
        """The public key of the key file ``key``. Raises InputError."""

    def sign(self, statement: bytes, *, namespace: str, key: str | None, public: Iterable[str]) -> str:
        """A signature with the key file ``key``, or through the SSH agent with the first of ``public`` that it has.

        Raises Refused(approval) where nothing can sign.
        """

    def verifies(
        self, statement: bytes, signature: str, *, namespace: str, person: str, keys: Iterable[str]
    ) -> bool:
        """Whether one of ``keys``, which are the person's, made the signature of this statement."""


class _Nobody:
    """Where no program makes or checks signatures: none is made, and none holds."""

    def public_key(self, key: str) -> str:
        raise InputError([f"{key}: nothing here can read a key"])

    def sign(self, statement: bytes, *, namespace: str, key: str | None, public: Iterable[str]) -> str:  # noqa: ARG002
        raise Refused("approval", "nothing here can sign", "use the command line")

    def verifies(
        self,
        statement: bytes,  # noqa: ARG002
        signature: str,  # noqa: ARG002
        *,
        namespace: str,  # noqa: ARG002
        person: str,  # noqa: ARG002
        keys: Iterable[str],  # noqa: ARG002
    ) -> bool:
        return False


NOBODY: Signatures = _Nobody()
