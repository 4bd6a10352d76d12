"""Passwords that EOS obfuscates (type 7), in clear: the same password reads the same wherever it stands.

Two ways: of TACACS+, RADIUS and NTP keys the one that Cisco IOS made known, with a salt; of BGP and OSPF passwords DES,
with a key that the neighbor's or interface's name makes. Neither keeps anybody out who has the configuration.
"""

import base64
import binascii
import re
from collections.abc import Iterable

_STREAM = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"
_SEED = bytes.fromhex("d5a8c91ef5d58a23")
_SIGNATURE = bytes.fromhex("4c88bb")


def of_key(text: str) -> str | None:
    """A key of a server (``071B245F5A``) in clear; None for what is none."""
    if not re.fullmatch(r"[0-9]{2}(?:[0-9A-Fa-f]{2})+", text):
        return None
    salt = int(text[:2])
    stream = (_STREAM[(salt + position) % len(_STREAM)] for position in range(len(text)))
    return _word(bytes(byte ^ other for byte, other in zip(bytes.fromhex(text[2:]), stream, strict=False)))


def of_password(text: str, names: Iterable[str]) -> str | None:
    """A password of BGP or OSPF (base64) in clear, by the first of ``names`` that fits; None where none does."""
    try:
        secret = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    if not secret or len(secret) % 8:
        return None
    for name in names:
        clear = _decrypted(secret, name)
        if clear.startswith(_SIGNATURE) and clear[3] & 15 == 14:  # the fourth byte: bytes of filling, and 14
            filling = clear[3] >> 4
            word = clear[4 : len(clear) - filling]
            if not any(clear[len(clear) - filling :]):
                return _word(word)
    return None


def _decrypted(secret: bytes, name: str) -> bytes:
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
    from cryptography.hazmat.primitives.ciphers import Cipher, modes

    # One key three times is DES itself.
    cipher = Cipher(TripleDES(_key(name) * 3), modes.CBC(bytes(8))).decryptor()
    return cipher.update(secret) + cipher.finalize()


def _key(name: str) -> bytes:
    key = bytearray(_SEED)
    for position, byte in enumerate(name.encode()):
        key[position % 8] ^= byte
    # Seven bits of each byte, and one that makes their number odd.
    return bytes((byte & 0x7E) | (1 - (byte & 0x7E).bit_count() % 2) for byte in key)


def _word(clear: bytes) -> str | None:
    """Only a word of printable characters can be written as one."""
    return clear.decode("ascii") if re.fullmatch(rb"[!-~]+", clear) else None
