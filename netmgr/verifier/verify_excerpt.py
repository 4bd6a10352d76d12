"""Verify an excerpt of a service log: some of its entries are hidden, and it begins late.

    python3 -I verify_excerpt.py EXCERPT.jsonl [CHECKPOINT …] [--bodies DIR] [--key KEY …]

All is as with verify_log.py, which has to lie beside this file, but for the entries that are not for the client to see.
Of such a one EXCERPT has the end (its place, its time, the hash of the entry before it), and how far SHA-256 had come
before that. From there this program goes on to the entry's hash: so it is this entry, and no other, that the next one
follows. It is shown as well that the entry was not for the client. What else it said cannot be told from that.

An excerpt may begin with the words by which keys put others into their place before.
"""

import json
import math
import re
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

sys.path.append(str(Path(__file__).parent))
import verify_log  # type: ignore[import-not-found]  # it lies beside this file in the archive

_WORD = r'"[!#-\[\]-~]+"'
_END = re.compile(
    rf',"prev":"([0-9a-f]{{64}})","request":{_WORD},"seq":([1-9][0-9]{{0,15}}),"stream":"([!#-\[\]-~]+)","target":{_WORD}'
    rf'(?:,"ticket":{_WORD})?,"time":"([0-9T:.Z-]{{27}})","v":1,"visibility":"([a-z]+)"\}}$'
)
_BEFORE = 2**53  # where something stands that is not in the excerpt
_PRIMES = [number for number in range(2, 312) if all(number % each for each in range(2, number))]
_CONSTANTS = [int(math.cbrt(prime) * 2**32) & 0xFFFFFFFF for prime in _PRIMES]  # FIPS 180-4, section 4.2.2


class Hidden(NamedTuple):
    """What is told of an entry that is hidden."""

    hash: str
    prev: str
    seq: int
    stream: str
    time: str
    visibility: str
    right: bool
    """Whether its end leads to its hash."""


class Excerpt(verify_log.Verifier):  # type: ignore[misc]  # as it is not found, it is untyped
    """Reads an excerpt, line by line."""

    client: str
    stream: str
    entries: int
    hidden = withheld = 0
    _line: int
    _pending: list[Any]

    def _one(self, line: bytes) -> None:
        found = _hidden(line)
        if not self.time:
            if rotation := _rotation(line):
                self._line, self.entries = self._line + 1, self.entries - 1
                self._rotates(_BEFORE, rotation)
                return
            self._begin(found, line)
        if found is None:
            super()._one(line)
            return
        self._line += 1
        self.hidden += 1
        if not found.right:
            self._here(found.seq, "does not end as its hash says: edited")
        if found.visibility != "internal":
            self._here(found.seq, f"is hidden, and was for the {found.visibility} to see")
        self._taken(found.seq, found.hash, found.prev, found.time, self.client, found.stream)

    def _begin(self, found: Hidden | None, line: bytes) -> None:
        """The first entry: what came before it is not looked for."""
        end = _END.search(line.decode(errors="replace"))
        prev, seq = (found.prev, found.seq) if found else (end[1], int(end[2])) if end else ("0" * 64, 1)
        self.first, self.seq, self.hash = seq, seq - 1, prev
        self._pending = [each for each in self._pending if each.seq >= seq]
        if self._given:
            self.client = self._given[0].client
            self.stream = self._given[0].stream

    def _said(self, seq: int, digest: str, kind: str, facts: dict[str, Any], time: str) -> None:
        if kind in ("erasure", "state"):  # shown for what they prove: their texts are not for the client
            self.withheld += bool(digest)
            digest = ""
        if kind != "erasure" or facts.get("digest") in self.absent:
            super()._said(seq, digest, kind, facts, time)

    def report(self) -> Iterator[str]:
        """One line for each finding."""
        shown = self.entries - self.hidden
        yield f"an excerpt from seq {self.first} on: {shown} entries are shown, {self.hidden} hidden"
        for line in super().report():
            yield line.replace(f"seq {_BEFORE}: ", "before that: ")


def _hidden(line: bytes) -> Hidden | None:
    try:
        document = json.loads(line)
        tail, state, length = (
            document["tail"].encode("ascii"),
            bytes.fromhex(document["state"]),
            document["length"],
        )
        own, written = document["hash"], verify_log._encode(document).encode()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    end, before = _END.search(tail.decode()), length - len(tail) if type(length) is int else 1
    if end is None or len(document) != 4 or written != line or len(state) != 32 or before % 64 or before < 64:
        return None
    prev, seq, stream, time, visibility = end.groups()
    return Hidden(own, prev, int(seq), stream, time, visibility, _finished(state, tail, length) == own)


def _rotation(line: bytes) -> dict[str, str] | None:
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) and document.keys() == {"new", "old", "signature"} else None


def _finished(state: bytes, tail: bytes, length: int) -> str:
    """The SHA-256 of ``length`` bytes that end with ``tail``, from how far it had come before that."""
    padded = tail + b"\x80" + bytes(-(len(tail) + 9) % 64) + struct.pack(">Q", 8 * length)
    words = struct.unpack(">8I", state)
    for start in range(0, len(padded), 64):
        words = _compressed(words, padded[start : start + 64])
    return struct.pack(">8I", *words).hex()


def _compressed(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    """FIPS 180-4, section 6.2.2. A word doubled and shifted is that word rotated."""
    words = [*struct.unpack(">16I", block)]
    for at in range(16, 64):
        x, y = words[at - 15] * 0x100000001, words[at - 2] * 0x100000001
        x, y = x >> 7 ^ x >> 18 ^ (x & 0xFFFFFFFF) >> 3, y >> 17 ^ y >> 19 ^ (y & 0xFFFFFFFF) >> 10
        words.append((words[at - 16] + words[at - 7] + (x & 0xFFFFFFFF) + (y & 0xFFFFFFFF)) & 0xFFFFFFFF)
    a, b, c, d, e, f, g, h = state
    for constant, word in zip(_CONSTANTS, words, strict=True):
        x, y = a * 0x100000001, e * 0x100000001
        one = h + ((y >> 6 ^ y >> 11 ^ y >> 25) & 0xFFFFFFFF) + (e & f ^ ~e & g) + constant + word
        two = ((x >> 2 ^ x >> 13 ^ x >> 22) & 0xFFFFFFFF) + (a & b ^ a & c ^ b & c)
        a, b, c, d, e, f, g, h = one + two & 0xFFFFFFFF, a, b, c, d + one & 0xFFFFFFFF, e, f, g
    return tuple(was + now & 0xFFFFFFFF for was, now in zip(state, (a, b, c, d, e, f, g, h), strict=True))


if __name__ == "__main__":
    sys.exit(verify_log.main(kind=Excerpt))
