"""Passwords as devices keep them: hashed with a salt, so that nobody reads them back, and a password is only verified.

Sources: U. Drepper, "Unix crypt using SHA-256 and SHA-512" (0.6); Cisco IOS-XE, "Configuring Security with Passwords,
Privileges, and Logins": type 5 is MD5, type 8 PBKDF2 with SHA-256 and 20,000 rounds, type 9 scrypt with N = 16384.
"""

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from hmac import compare_digest

_ITOA64 = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_FROM_BASE64 = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", _ITOA64)
_CHARACTER = "[./0-9A-Za-z]"


@dataclass(frozen=True, slots=True)
class Scheme:
    """A way to hash. ``parts`` takes a whole hash with its group ``settings``, what stands before the digest;
    ``hashed`` gives the hash of a password with such settings; ``settings`` are those of a new one, with a salt of
    ``salt`` characters in place of ``{}``.
    """

    parts: re.Pattern[str]
    hashed: Callable[[str, str], str]
    settings: str
    salt: int


def _crypt(clear: str, settings: str) -> str:
    from passlib.hash import md5_crypt, sha256_crypt, sha512_crypt

    _, kind, *rounds, salt = settings.split("$")
    if kind == "1":
        handler = md5_crypt.using(salt=salt)
    else:
        handler = {"5": sha256_crypt, "6": sha512_crypt}[kind].using(
            salt=salt, rounds=int(rounds[0].removeprefix("rounds=")) if rounds else 5000
        )
    return f"{settings}${handler.hash(clear).rpartition('$')[2]}"


def _cisco(text: bytes) -> str:
    return b64encode(text).decode().rstrip("=").translate(_FROM_BASE64)


def _pbkdf2(clear: str, settings: str) -> str:
    salt = settings.split("$")[2].encode()
    return f"{settings}${_cisco(hashlib.pbkdf2_hmac('sha256', clear.encode(), salt, 20_000))}"


def _scrypt(clear: str, settings: str) -> str:
    salt = settings.split("$")[2].encode()
    return f"{settings}${_cisco(hashlib.scrypt(clear.encode(), salt=salt, n=16384, r=1, p=1, dklen=32))}"


def _parts(settings: str, digest: int) -> re.Pattern[str]:
    return re.compile(rf"(?P<settings>{settings})\${_CHARACTER}{{{digest}}}")


#: A hash that asks for a million rounds is not verified: a device may show anything.
_ROUNDS = r"(?:rounds=[1-9]\d{3,4}\$)?"
SCHEMES = {
    "md5": Scheme(_parts(rf"\$1\${_CHARACTER}{{0,8}}", 22), _crypt, "$1${}", 4),
    "sha256": Scheme(_parts(rf"\$5\${_ROUNDS}{_CHARACTER}{{0,16}}", 43), _crypt, "$5${}", 16),
    "sha512": Scheme(_parts(rf"\$6\${_ROUNDS}{_CHARACTER}{{0,16}}", 86), _crypt, "$6${}", 16),
    "pbkdf2": Scheme(_parts(rf"\$8\${_CHARACTER}{{14}}", 43), _pbkdf2, "$8${}", 14),
    "scrypt": Scheme(_parts(rf"\$9\${_CHARACTER}{{14}}", 43), _scrypt, "$9${}", 14),
}


def scheme_of(stored: str) -> str | None:
    """Which scheme a hash is of; None for what is no hash that is known here."""
    return next((name for name, scheme in SCHEMES.items() if scheme.parts.fullmatch(stored)), None)


def looks_like(value: str) -> str | None:
    """The scheme whose mark ``value`` begins with, whether or not it is a whole hash."""
    return next((name for name, scheme in SCHEMES.items() if value.startswith(scheme.settings[:3])), None)


@dataclass(slots=True)
class Passwords:
    """One device's passwords in one run: each is hashed once for each salt.

    ``names`` are public and make the salts: a salt of the password itself would let it be guessed from the salt alone.
    ``marks`` stand for passwords that nobody knows here, and are left alone.
    """

    names: str
    marks: frozenset[str] = frozenset()
    makes: bool = True
    """Whether new hashes are wanted where the device has none of the password."""
    stored: dict[str, str] = field(default_factory=dict, repr=False)
    """Hash → the password that it is one of, of all that were verified or made."""
    _hashed: dict[tuple[str, str, str], str] = field(default_factory=dict, repr=False)

    def knows(self, clear: str) -> bool:
        """Whether it is a password, and not a mark in its place."""
        return clear not in self.marks

    def verified(self, clear: str, stored: str) -> bool:
        """Whether ``stored`` is a hash of the password."""
        name = scheme_of(stored)
        match = SCHEMES[name].parts.fullmatch(stored) if name else None
        if name is None or match is None:
            return False
        right = compare_digest(self._hash(name, clear, match["settings"]), stored)
        if right:
            self.stored[stored] = clear
        return right

    def made(self, scheme: str, clear: str, subject: str) -> str:
        """A hash of the password, always the same one for a ``subject`` of the device, such as a login's name."""
        digest = hashlib.sha256(f"netmgr salt\0{self.names}\0{subject}".encode()).digest()
        salt = "".join(_ITOA64[byte & 63] for byte in digest[: SCHEMES[scheme].salt])
        found = self._hash(scheme, clear, SCHEMES[scheme].settings.format(salt))
        self.stored[found] = clear
        return found

    def _hash(self, scheme: str, clear: str, settings: str) -> str:
        key = (scheme, clear, settings)
        if key not in self._hashed:
            self._hashed[key] = SCHEMES[scheme].hashed(clear, settings)
        return self._hashed[key]
