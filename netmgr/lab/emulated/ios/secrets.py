"""What IOS makes of passwords before it keeps them: hashed with a salt, obfuscated, or left as they were typed."""

import base64
import hashlib
import os
from typing import TYPE_CHECKING

from netmgr.lab.emulated.ios.grammar import Accepted

if TYPE_CHECKING:
    from netmgr.lab.emulated.ios.configuration import Configuration

_ITOA64 = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_TYPE_7 = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"
_TYPED = frozenset("056789")


def as_stored(accepted: Accepted, configuration: "Configuration") -> Accepted:
    """The line as the device keeps it."""
    words = accepted.words
    if "secret" in words[:-1] and words[0] in ("username", "enable"):
        at = words.index("secret") + 1
        kind, clear = (words[at], words[-1]) if len(words) > at + 1 else ("0", words[at])
        if kind == "0":
            return _with(accepted, (*words[:at], "9", type_9(clear)))
        return accepted
    for name in ("password", "key", "key-string", "md5", "authentication-key"):
        if name in words[:-1] and words[0] not in ("description", "aaa", "ntp") and words[1] != "chain":
            at = words.index(name) + 1
            rest = words[at:]
            if len(rest) == 1 and configuration.first("service", "password-encryption"):
                return _with(accepted, (*words[:at], "7", type_7(rest[0])))
            if len(rest) == 2 and rest[0] == "0" and name != "password":
                return _with(accepted, (*words[:at], rest[1]))
    return accepted


def _with(accepted: Accepted, words: tuple[str, ...]) -> Accepted:
    return Accepted(accepted.command, words, accepted.key, accepted.group, accepted.complete)


def type_9(clear: str) -> str:
    """Type 9: scrypt with a salt of its own each time."""
    salt = "".join(_ITOA64[byte & 63] for byte in os.urandom(14))
    found = hashlib.scrypt(clear.encode(), salt=salt.encode(), n=16384, r=1, p=1, dklen=32)
    text = base64.b64encode(found).decode().rstrip("=").translate(str.maketrans(_BASE64, _ITOA64))
    return f"$9${salt}${text}"


def type_7(clear: str) -> str:
    """Type 7: a fixed key from a place that stands before the text. Anybody can read it."""
    start = os.urandom(1)[0] % 16
    code = bytes(byte ^ _TYPE_7[(start + at) % len(_TYPE_7)] for at, byte in enumerate(clear.encode()))
    return f"{start:02d}{code.hex().upper()}"
