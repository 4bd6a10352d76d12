"""SSH signatures by OpenSSH's own program: it knows every kind of key file, and the agent."""

import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from netmgr.errors import InputError, Refused

_INSTALL = "install OpenSSH's client programs (apt-get install openssh-client)"


class SshSignatures:
    """See ``netmgr.ports.signatures.Signatures``."""

    def public_key(self, key: str) -> str:
        """Of a public key's file, of FILE.pub beside it, or of a private key without a passphrase."""
        for path in (Path(key), Path(f"{key}.pub")):
            try:
                words = path.read_text(encoding="utf-8").split()
            except (OSError, UnicodeDecodeError):
                continue
            if words[:1] == ["ssh-ed25519"] and len(words) > 1:
                return " ".join(words[:2])
        if not Path(key).is_file():
            raise InputError([f"{key}: no such key file; name one with --key FILE"])
        done = _ssh_keygen(["-y", "-P", "", "-f", key])
        words = done.stdout.decode(errors="replace").split()
        if done.returncode or words[:1] != ["ssh-ed25519"]:
            raise InputError(
                [f"{key}: its public key cannot be read; it must be Ed25519, with {key}.pub beside it"]
            )
        return " ".join(words[:2])

    def sign(self, statement: bytes, *, namespace: str, key: str | None, public: Iterable[str]) -> str:
        """One call of ``ssh-keygen -Y sign``; a passphrase is asked for on the terminal."""
        if key is not None:
            done = _sign(statement, namespace, key)
            if done.returncode:
                raise Refused("approval", f"{key} does not sign: {_said(done)}", "see what ssh-keygen says")
            return done.stdout.decode()
        for line in public:
            with tempfile.TemporaryDirectory(prefix="netmgr-") as directory:
                file = Path(directory) / "key.pub"
                file.write_text(f"{line}\n")
                done = _sign(statement, namespace, str(file))
            if not done.returncode:
                return done.stdout.decode()
        raise Refused(
            "approval",
            "the SSH agent has none of your keys in config/people.yaml",
            "add the key (`ssh-add`), or name its file with --key FILE",
        )

    def verifies(
        self, statement: bytes, signature: str, *, namespace: str, person: str, keys: Iterable[str]
    ) -> bool:
        """One call of ``ssh-keygen -Y verify`` against allowed signers made of the keys."""
        with tempfile.TemporaryDirectory(prefix="netmgr-") as directory:
            allowed, signed = Path(directory) / "allowed_signers", Path(directory) / "signature"
            allowed.write_text("".join(f'{person} namespaces="{namespace}" {key}\n' for key in keys))
            signed.write_text(signature)
            arguments = ["-Y", "verify", "-f", allowed, "-I", person, "-n", namespace, "-s", signed]
            return _ssh_keygen(list(map(str, arguments)), statement).returncode == 0


def _sign(statement: bytes, namespace: str, key: str) -> "subprocess.CompletedProcess[bytes]":
    return _ssh_keygen(["-Y", "sign", "-n", namespace, "-f", key], statement)


def _ssh_keygen(arguments: Sequence[str], statement: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(["ssh-keygen", *arguments], input=statement, capture_output=True, check=False)
    except OSError as error:
        raise Refused("approval", f"ssh-keygen: {error.strerror}", _INSTALL) from error


def _said(done: "subprocess.CompletedProcess[bytes]") -> str:
    lines = done.stderr.decode(errors="replace").split("\n")
    return next((line for line in reversed(lines) if line.strip()), "it says nothing")
