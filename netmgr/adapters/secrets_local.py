"""``secret://env``, ``secret://file`` and ``secret://age``: secrets that live on the engineer's machine.

``env/NAME`` is the variable ``NETMGR_SECRET_<CLIENT>__<NAME>``; ``file/NAME`` is ``secrets/<client>/NAME``, mode 0600;
``age/NAME`` is ``secrets/<client>/NAME.age``, opened with the identity file that NETMGR_AGE_IDENTITY names.
"""

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from netmgr.adapters.private_files import private_directory, write_durably
from netmgr.errors import SecretError, StoreError
from netmgr.model.names import SECRET_REFERENCE

#: A private key in PEM (RFC 7468), OpenSSH's own format included.
_PRIVATE_KEY = re.compile(
    r"-----BEGIN (?P<kind>[A-Z ]*PRIVATE KEY)-----\n[\x20-\x7e\n]+\n-----END (?P=kind)-----", re.ASCII
)


class LocalSecrets:
    """See ``netmgr.ports.secrets.Secrets``. Values are read once and kept for the run."""

    def __init__(self, directory: Path, environment: Mapping[str, str]) -> None:
        self._directory, self._environment = directory, environment
        self._known: dict[tuple[str, str], str] = {}

    def resolve(self, client: str, reference: str) -> str:
        """The value; raises SecretError."""
        value = self._value(client, reference)
        if not value or any(c in value for c in "\r\n\0"):
            raise SecretError(f"{client}: {reference}: the value must be one non-empty line")
        return value

    def credential(self, client: str, reference: str) -> str:
        """The value, or the whole text of a private key; raises SecretError."""
        value = self._value(client, reference).rstrip("\n")
        return f"{value}\n" if _PRIVATE_KEY.fullmatch(value) else self.resolve(client, reference)

    def _value(self, client: str, reference: str) -> str:
        key = (client, reference)
        if key not in self._known:
            match = SECRET_REFERENCE.fullmatch(reference)
            if not match:
                raise SecretError(f"{client}: a secret reference is not of the form secret://SCHEME/NAME")
            self._known[key] = self._read(client, *match.groups())
        return self._known[key]

    def _read(self, client: str, scheme: str, name: str) -> str:
        where = f"{client}: secret://{scheme}/{name}"
        if scheme == "env":
            variable = f"NETMGR_SECRET_{client}__{name}".replace("-", "_").upper()
            value = self._environment.get(variable)
            if not value:
                raise SecretError(f"{where}: set the environment variable {variable}")
        elif scheme == "file":
            value = self._file(where, self._directory / client / name).decode(errors="strict").rstrip("\n")
        elif scheme == "age":
            value = self._age(where, self._directory / client / f"{name}.age")
        else:
            raise SecretError(f"{where}: no resolver for {scheme} is installed (entry point netmgr.secrets)")
        return value

    @staticmethod
    def _file(where: str, path: Path) -> bytes:
        try:
            # O_NOFOLLOW: a symlink could lead to another client's secret.
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError as error:
            raise SecretError(
                f"{where}: {path}: {error.strerror}; write the secret there with mode 0600"
            ) from error
        with os.fdopen(descriptor, "rb") as file:
            if stat.S_IMODE(os.fstat(descriptor).st_mode) & 0o077:
                raise SecretError(f"{where}: {path} can be read by others; run chmod 600 on it")
            return file.read()

    def _age(self, where: str, path: Path) -> str:
        import pyrage

        try:
            keys = self.identities(where)
            return bytes(pyrage.decrypt(self._file(where, path), keys)).decode().rstrip("\n")
        except (pyrage.DecryptError, pyrage.IdentityError) as error:
            raise SecretError(f"{where}: {path} cannot be opened with the given identity") from error

    def identities(self, where: str) -> list[Any]:
        """The age identities of NETMGR_AGE_IDENTITY; ``where`` begins the message of a SecretError."""
        import pyrage

        identity = self._environment.get("NETMGR_AGE_IDENTITY")
        if not identity:
            raise SecretError(
                f"{where}: set NETMGR_AGE_IDENTITY to the file of the age identity that opens it"
            )
        return [
            pyrage.x25519.Identity.from_str(line.strip())
            for line in self._file(where, Path(identity)).decode().splitlines()
            if line.startswith("AGE-SECRET-KEY-")
        ]


class LocalSecretStore:
    """See ``netmgr.ports.secrets.SecretStore``: files beside those that ``LocalSecrets`` reads, mode 0600.

    With ``age`` they are encrypted to the identity that NETMGR_AGE_IDENTITY names, else they are plain.
    """

    def __init__(
        self, directory: Path, environment: Mapping[str, str], scheme: Literal["age", "file"]
    ) -> None:
        self._directory, self._scheme = directory, scheme
        self._secrets = LocalSecrets(directory, environment)

    def holds(self, client: str, name: str) -> bool:
        """Whether a file of either kind is there."""
        directory = self._directory / client
        return any(os.path.lexists(directory / file) for file in (name, f"{name}.age"))

    def reference(self, name: str) -> str:
        """``secret://age/NAME`` or ``secret://file/NAME``."""
        return f"secret://{self._scheme}/{name}"

    def ready(self) -> None:
        """Raises SecretError without an identity to encrypt to."""
        if self._scheme == "age":
            self._recipients("secrets of the configuration")

    def keep(self, client: str, name: str, value: str) -> None:
        """Write one. Raises SecretError where it cannot, or where there is one of that name."""
        where = f"{client}: {self.reference(name)}"
        path = self._directory / client / (f"{name}.age" if self._scheme == "age" else name)
        data = f"{value}\n".encode("utf-8", "surrogateescape")
        if self._scheme == "age":
            import pyrage

            data = bytes(pyrage.encrypt(data, self._recipients(where)))
        if self.holds(client, name):
            raise SecretError(f"{where}: {path} is there already; give that one another name")
        try:
            private_directory(path.parent)
            write_durably(path, data)
        except StoreError as error:
            raise SecretError(f"{where}: {error}") from error

    def _recipients(self, where: str) -> list[Any]:
        import pyrage

        try:
            keys = self._secrets.identities(where)
        except pyrage.IdentityError as error:
            raise SecretError(f"{where}: the file of NETMGR_AGE_IDENTITY holds no age identity") from error
        except SecretError as error:
            raise SecretError(f"{error}, or keep them in plain files with --secrets file") from error
        if not keys:
            raise SecretError(f"{where}: the file of NETMGR_AGE_IDENTITY holds no age identity")
        return [key.to_public() for key in keys]
