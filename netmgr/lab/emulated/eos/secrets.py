"""What EOS makes of secrets before it keeps them: hashed with a salt, obfuscated, or left as they were typed."""

import base64
import re
import secrets

_ITOA64 = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_TYPE_7 = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"
_SECRET = re.compile(r"(username \S+(?: .*?)? secret |enable (?:password|secret) )(?:0 )?((?!\*$)\S+)")
_KEY = re.compile(
    r"((?:tacacs-server|radius-server)(?: .*)? key |ntp authentication-key \d+ \S+ )(?:0 )?(\S+)"
)
_NEIGHBOR = re.compile(r"(neighbor (\S+) password )(?:0 )?(\S+)")


def as_stored(line: str) -> str:
    """The line as the device keeps it."""
    if match := _SECRET.fullmatch(line):
        return f"{match[1]}sha512 {hashed(match[2])}"
    if match := _KEY.fullmatch(line):
        return f"{match[1]}7 {obfuscated(match[2])}"
    if match := _NEIGHBOR.fullmatch(line):
        return f"{match[1]}7 {enciphered(match[3], f'{match[2]}_passwd')}"
    return line


def hashed(clear: str) -> str:
    """SHA-512 with a salt of its own each time, as crypt(3) writes it."""
    from passlib.hash import sha512_crypt

    salt = "".join(secrets.choice(_ITOA64) for _ in range(16))
    return str(sha512_crypt.using(salt=salt, rounds=5000).hash(clear))


def obfuscated(clear: str) -> str:
    """Cisco's old way: a fixed key from a place that stands before the text."""
    start = secrets.randbelow(16)
    code = bytes(byte ^ _TYPE_7[(start + at) % len(_TYPE_7)] for at, byte in enumerate(clear.encode()))
    return f"{start:02d}{code.hex().upper()}"


def enciphered(clear: str, name: str) -> str:
    """DES, with a key that a name makes: three bytes of mark, one of length, the text, zeros."""
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
    from cryptography.hazmat.primitives.ciphers import Cipher, modes

    filling = -(len(clear) + 4) % 8
    text = b"\x4c\x88\xbb" + bytes([filling << 4 | 14]) + clear.encode() + bytes(filling)
    key = bytearray.fromhex("d5a8c91ef5d58a23")
    for at, byte in enumerate(name.encode()):
        key[at % 8] ^= byte
    odd = bytes(low | (low.bit_count() + 1) % 2 for low in (byte & 0x7E for byte in key))
    cipher = Cipher(TripleDES(odd * 3), modes.CBC(bytes(8))).encryptor()
    return base64.b64encode(cipher.update(text) + cipher.finalize()).decode()
