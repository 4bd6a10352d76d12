"""A log of which some entries are hidden, and still one chain: what is told of an entry that somebody may not see.

SHA-256 takes a text in blocks of 64 bytes. An entry's ``prev``, ``seq``, ``time`` and ``visibility`` stand at its end,
so that the end, and how far SHA-256 had come before it, lead to the entry's hash without the rest: nobody can find
another end, or another way to come so far, that leads there.
"""

import math
import struct
from hashlib import sha256
from typing import Final

from netmgr.model.canonical import canonical

_HASH_MEMBER: Final = b',"hash":"'
_HASH_LENGTH: Final = len(_HASH_MEMBER) + 65
_BLOCK: Final = 64
_MASK: Final = 0xFFFFFFFF
_TWICE: Final = 0x100000001
"""A word times this, shifted, is that word rotated."""

_PRIMES: Final = [number for number in range(2, 312) if all(number % each for each in range(2, number))]
#: FIPS 180-4, sections 4.2.2 and 5.3.3: fractions of roots of primes.
_CONSTANTS: Final = tuple(int(math.cbrt(prime) * 2**32) & _MASK for prime in _PRIMES)
_INITIAL: Final = tuple(int(math.sqrt(prime) * 2**32) & _MASK for prime in _PRIMES[:8])


def hidden(line: bytes) -> bytes:
    """What is told of the entry with these canonical bytes, as a line in canonical form.

    ``tail`` is the entry's end, from the block on in which ``prev`` stands: who did what to what is before that.
    """
    cut = line.rfind(_HASH_MEMBER)
    digest = line[cut + len(_HASH_MEMBER) : cut + _HASH_LENGTH - 1]
    unhashed = line[:cut] + line[cut + _HASH_LENGTH :]
    start = _start(line)
    if sha256(unhashed).hexdigest().encode() != digest or start < cut:
        raise ValueError("the entry has not the hash of its content")
    told = {
        "hash": digest.decode(),
        "length": len(unhashed),
        "state": state_after(unhashed[:start]).hex(),
        "tail": unhashed[start:].decode("ascii"),
    }
    return canonical(told)


def hidden_size(line: bytes) -> int:
    """How many bytes ``hidden`` makes of it, which is found faster."""
    length = len(line) - _HASH_LENGTH
    tail = length - _start(line)
    quotes = line[-tail:].count(b'"')
    return len(f'{{"hash":"","length":{length},"state":"","tail":""}}') + 128 + tail + quotes


def _start(line: bytes) -> int:
    """Where the tail begins in the entry without its hash. Before that are at least id, kind, host and phase."""
    return (line.rfind(b',"prev":"') - _HASH_LENGTH) // _BLOCK * _BLOCK


def state_after(blocks: bytes) -> bytes:
    """How far SHA-256 has come after these whole blocks."""
    state = _INITIAL
    for start in range(0, len(blocks), _BLOCK):
        state = _compressed(state, blocks[start : start + _BLOCK])
    return struct.pack(">8I", *state)


def _compressed(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    """One step of it (FIPS 180-4, section 6.2.2)."""
    words = [*struct.unpack(">16I", block)]
    for at in range(16, 64):
        x, y = words[at - 15], words[at - 2]
        left = (x * _TWICE >> 7 ^ x * _TWICE >> 18) & _MASK ^ x >> 3
        right = (y * _TWICE >> 17 ^ y * _TWICE >> 19) & _MASK ^ y >> 10
        words.append((words[at - 16] + words[at - 7] + left + right) & _MASK)
    a, b, c, d, e, f, g, h = state
    for constant, word in zip(_CONSTANTS, words, strict=True):
        x, y = a * _TWICE, e * _TWICE
        one = h + ((y >> 6 ^ y >> 11 ^ y >> 25) & _MASK) + (e & f ^ ~e & g) + constant + word
        two = ((x >> 2 ^ x >> 13 ^ x >> 22) & _MASK) + (a & b ^ a & c ^ b & c)
        a, b, c, d, e, f, g, h = (one + two) & _MASK, a, b, c, (d + one) & _MASK, e, f, g
    return tuple((was + now) & _MASK for was, now in zip(state, (a, b, c, d, e, f, g, h), strict=True))
