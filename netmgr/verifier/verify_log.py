"""Verify an export of a service log without the program that wrote it.

    python3 -I verify_log.py EXPORT.jsonl [CHECKPOINT …] [--bodies DIR] [--key KEY …]

EXPORT holds one entry on each line. A CHECKPOINT is a file of them, one on each line, or a directory of such files:
give every one that you were ever handed. KEY is what they must be signed with: the base64 of the public key, or its
SHA-256 in hexadecimal, as the agreement names it.

What is checked: each line is canonical JSON and has the hash of its content; each entry follows the one before it; each
body is there unaltered or was erased by order; each checkpoint is signed, and of this very log. What is newer than the
last checkpoint, nobody but its owner has witnessed: the last line names it.

Every finding is one line. Exit: 0 it holds · 1 it was tampered with, or something is missing · 2 it cannot be read ·
3 it holds, but lost what a checkpoint had witnessed when it was restored from a backup, and says so itself.
Needs Python 3.11 or newer, and the package `cryptography` for checkpoints.
"""

import argparse
import gc
import json
import os
import re
import sys
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

HOLDS, TAMPERED, UNREADABLE, LOST = 0, 1, 2, 3
_PAGE = 40  # entries that are compared at once: so many stay in a processor's own cache
_HEX = re.compile("[0-9a-f]{64}")
_TIMES = re.compile(r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z)+")
_ALWAYS = (
    "action actor auth client facts hash id kind on phase prev request seq stream target time v visibility"
)
_NEEDED = frozenset(_ALWAYS.split())
_MAYBE = frozenset({"at", "body", "change", "corrects", "device", "outcome", "ticket"})
_SPEAKS = frozenset({"erasure", "state"})

Entry = dict[str, Any]

_encode = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode


def _small(text: str) -> int:
    if len(text) > 15 and abs(int(text)) >= 2**53:
        raise ValueError(text)
    return int(text)


# Neither 1.5 nor NaN is an integer, so that int refuses them. The scanner alone is faster than what is around it.
_decoder: Any = json.JSONDecoder(parse_int=_small, parse_float=int, parse_constant=int)
_decode, _scan = _decoder.decode, _decoder.scan_once
_columns = itemgetter("seq", "prev", "hash", "time", "client", "stream")


class Unreadable(Exception):
    """Something that was given is not what it should be; one line says what."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What somebody signed: the entry ``seq`` had this hash. ``place`` is where it was read."""

    place: str
    client: str
    stream: str
    seq: int
    hash: str
    time: str
    key: bytes
    signature: bytes

    @property
    def signed(self) -> bytes:
        """The bytes under the signature (RFC 8785 JSON)."""
        names = ("client", "hash", "seq", "stream", "time")
        return _encode({name: getattr(self, name) for name in names}).encode()


class Verifier:
    """Reads a log, line by line. Problems are (seq, text); ``lost`` are those that the log itself explains."""

    def __init__(self, checkpoints: list[Checkpoint], bodies: Path | None) -> None:
        self.problems: list[tuple[int, str]] = []
        self.lost: list[tuple[int, str]] = []
        self.client, self.stream, self.entries = "", "", 0
        self.seq, self.hash, self.time = 0, "0" * 64, ""
        self.present, self.erased = 0, 0
        self.witnessed, self.agreed = 0, list[Checkpoint]()
        self._pending = sorted(checkpoints, key=lambda each: each.seq, reverse=True)
        self._refuted: list[tuple[Checkpoint, int]] = []
        self._bodies, self._line = bodies, 0
        self._files = {entry.name for entry in os.scandir(bodies)} if bodies else set()
        self.absent: dict[str, int] = {}
        self._restored: list[tuple[int, str, int | None]] = []

    def read(self, lines: Iterator[bytes]) -> None:
        """Take all of it."""
        while page := [line.removesuffix(b"\n") for line in islice(lines, _PAGE)]:
            entries = self._flawless(page)
            if entries is None:
                for line in page:
                    self._one(line)
            else:
                for entry in entries:
                    if entry["kind"] in _SPEAKS or (self._bodies and "body" in entry):
                        self._said(entry)
                self._line += len(page)
            self.entries += len(page)
        self._finish()

    def _flawless(self, page: list[bytes]) -> list[Entry] | None:
        """The entries of a page without fault, compared as in ``_one``, all at once; else None: none is taken."""
        last, entries = self.seq + len(page), _parsed(page)
        due = not self.client or (self._pending and self._pending[-1].seq <= last)
        if entries is None or due:
            return None
        seqs, prevs, hashes, times, clients, streams = zip(*map(_columns, entries), strict=True)
        if (
            seqs == tuple(range(self.seq + 1, last + 1))
            and prevs == (self.hash, *hashes[:-1])
            and [self.time, *times] == sorted([self.time, *times])
            and (set(clients), set(streams)) == ({self.client}, {self.stream})
            and hashes == tuple(map(_hash, page, hashes))
        ):
            self.seq, self.hash, self.time = last, hashes[-1], times[-1]
            return entries
        return None

    def _one(self, line: bytes) -> None:
        """Say what is wrong with a line, if anything, and take it for the chain's next if it can be."""
        self._line += 1
        parsed = _parsed([line])
        if parsed is None:
            self._here(self.seq + 1, "is no entry in canonical form: edited")
            self.seq, self.hash = self.seq + 1, ""
            return
        entry, seq = parsed[0], parsed[0]["seq"]
        if not self.client:
            self.client, self.stream = entry["client"], entry["stream"]
        if _hash(line, entry["hash"]) != entry["hash"]:
            self._here(seq, "has not the hash of its content: edited")
        if (entry["client"], entry["stream"]) != (self.client, self.stream):
            self._here(seq, f"is of client {entry['client']}, stream {entry['stream']}: inserted")
        if seq <= self.seq:
            self._here(seq, f"comes after seq {self.seq}: inserted, repeated or out of order")
            return
        if seq > self.seq + 1:
            gap = f"{self.seq + 1} to {seq - 1}" if seq > self.seq + 2 else f"{seq - 1}"
            self._here(self.seq + 1, f"is seq {seq}, after {self.seq}: {gap} deleted")
        elif self.hash and entry["prev"] != self.hash:
            self._here(seq, f"does not follow seq {self.seq}: one of the two was replaced")
        if entry["time"] < self.time:
            self._here(seq, "is recorded before the entry that it follows")
        self.seq, self.hash, self.time = seq, entry["hash"], entry["time"]
        self._witness()
        self._said(entry)

    def _said(self, entry: Entry) -> None:
        """What an entry says of bodies and restorations."""
        if (body := entry.get("body")) is not None:
            self._body(entry["seq"], body["digest"])
        if entry["kind"] == "erasure" and isinstance(digest := entry["facts"].get("digest"), str):
            if self._bodies and self.absent.pop(digest, None) is None:
                self._problem(entry["seq"], f"erases body {digest}, which is still there or was never logged")
            else:
                self.erased += 1
        elif entry["kind"] == "state" and entry["facts"].get("from") == entry["seq"] - 1:
            lost = entry["facts"].get("lost")
            last = lost.get("last") if isinstance(lost, dict) else None
            self._restored.append((entry["seq"], entry["time"], last if isinstance(last, int) else None))

    def _body(self, seq: int, digest: str) -> None:
        if self._bodies is None:
            return
        names = (f"{digest}.salt", digest)
        there = [name in self._files for name in names]
        if not any(there):
            self.absent[digest] = seq
        elif all(there) and sha256(b"".join(map(self._content, names))).hexdigest() == digest:
            self.present += 1
        else:
            self._problem(seq, f"body {digest} was altered")

    def _content(self, name: str) -> bytes:
        descriptor = os.open(f"{self._bodies}/{name}", os.O_RDONLY)  # three times as fast as any other way
        try:
            found = os.read(descriptor, 8192)
            return (
                found
                if len(found) < 8192
                else found + b"".join(iter(lambda: os.read(descriptor, 1 << 20), b""))
            )
        finally:
            os.close(descriptor)

    def _witness(self) -> None:
        """Hold the chain against the checkpoints that are due at its present end."""
        while self._pending and self._pending[-1].seq <= self.seq:
            checkpoint = self._pending.pop()
            if (checkpoint.seq, checkpoint.hash) == (self.seq, self.hash):
                self.witnessed = checkpoint.seq
                self.agreed.append(checkpoint)
            else:
                self._refuted.append((checkpoint, self.witnessed))

    def _finish(self) -> None:
        if not self.entries:
            raise Unreadable("the export has no entries")
        for checkpoint, agreed in self._refuted:
            said = f"is not what the checkpoint of {checkpoint.time} ({checkpoint.place}) witnessed"
            self._refute(checkpoint, f"{said}: rewritten from seq {agreed + 1} on, or later")
        for checkpoint in reversed(self._pending):
            said = f"the checkpoint of {checkpoint.time} ({checkpoint.place}) covers it"
            self._refute(checkpoint, f"{said}, and the log ends at {self.seq}: truncated")
        for digest, seq in self.absent.items():
            self._problem(seq, f"body {digest} is MISSING, and no order to erase it was logged")
        self.problems.sort()

    def _refute(self, checkpoint: Checkpoint, text: str) -> None:
        for seq, time, last in self._restored:
            if seq <= checkpoint.seq <= (last or checkpoint.seq) and checkpoint.time <= time:
                said = f"what the checkpoint of {checkpoint.time} ({checkpoint.place}) witnessed was lost when the log"
                self.lost.append((checkpoint.seq, f"{said} was restored from a backup (seq {seq})"))
                return
        self._problem(checkpoint.seq, text)

    def _here(self, seq: int, text: str) -> None:
        self._problem(seq, f"line {self._line} {text}")

    def _problem(self, seq: int, text: str) -> None:
        self.problems.append((seq, text))


def _parsed(page: list[bytes]) -> list[Entry] | None:
    """The objects of these lines, if all are canonical JSON of what a log may hold."""
    try:
        entries = [_scan(line, 0)[0] for line in map(bytes.decode, page)]
        text = b",".join(page)
        # Each is written as it was read: nothing follows an object, no key is there twice, no space, no other order.
        if {*map(type, entries)} != {dict} or _encode(entries).encode() != b"[" + text + b"]":
            return None
        if not text.isascii():
            json.loads(b"[" + text + b"]", object_hook=_ascii_keys)
    except (ValueError, StopIteration, RecursionError):  # UnicodeError is a ValueError
        return None
    return entries if _typed(entries) else None


def _ascii_keys(value: Entry) -> Entry:
    if not all(map(str.isascii, value)):
        raise ValueError("a key is not ASCII")
    return value


def _typed(entries: list[Entry]) -> bool:
    """Whether keys and values are an entry's: facts and a body are objects, seq and v integers, all others texts."""
    bodies = [entry["body"] for entry in entries if "body" in entry]
    types = Counter(map(type, chain.from_iterable(map(dict.values, entries))))
    return (
        all(_NEEDED <= {*keys} <= _NEEDED | _MAYBE for keys in {*map(tuple, entries)})
        and {*map(type, bodies), *(type(entry["facts"]) for entry in entries)} == {dict}
        and {(type(entry["seq"]), entry["v"]) for entry in entries} == {(int, 1)}
        and types.keys() == {dict, int, str}
        and types[dict] == len(entries) + len(bodies)
        and types[int] == 2 * len(entries)
        and all(_HEX.fullmatch(str(body.get("digest"))) for body in bodies)
        and {len(entry["time"]) for entry in entries} == {27}
        and _TIMES.fullmatch("".join(entry["time"] for entry in entries)) is not None
    )


def _hash(line: bytes, own: str) -> str:
    # What sorts after it cannot hold `,"hash":"`: it is numbers, and strings, in which quotes are escaped.
    cut = line.rfind(b',"hash":"')
    return sha256(line[:cut] + line[cut + 10 + len(own) :]).hexdigest()


def checkpoints_of(path: Path) -> Iterator[Checkpoint]:
    """The checkpoints of a file, or of every file of a directory."""
    for file in sorted(path.iterdir()) if path.is_dir() else [path]:
        for number, line in enumerate(file.read_bytes().splitlines(), 1):
            if line.strip():
                yield _checkpoint(line, f"{file}:{number}")


def _checkpoint(line: bytes, place: str) -> Checkpoint:
    try:
        document = _decode(line.decode())
        raw = {name: b64decode(document[name], validate=True) for name in ("key", "signature")}
        made = Checkpoint(place, **document | raw)
        well = _HEX.fullmatch(made.hash) and type(made.seq) is int and made.signed
    except (ValueError, TypeError, KeyError, RecursionError):
        well = None
    if not well or [*map(len, raw.values())] != [32, 64]:
        raise Unreadable(f"{place}: is no checkpoint")
    return made


def objections(given: list[Checkpoint], keys: list[str], client: str, stream: str) -> list[tuple[int, str]]:
    """What is wrong with the checkpoints themselves, before the log is held against them."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    found = []
    for each in given:
        if (each.client, each.stream) != (client, stream):
            of = f"client {each.client}, stream {each.stream}, not of {client}, {stream}"
            found.append((each.seq, f"{each.place}: is a checkpoint of {of}"))
        try:
            Ed25519PublicKey.from_public_bytes(each.key).verify(each.signature, each.signed)
        except (InvalidSignature, ValueError):
            found.append((each.seq, f"{each.place}: the signature does not hold"))
        if keys and sha256(each.key).hexdigest() not in keys:
            found.append((each.seq, f"{each.place}: is signed with another key than the one given"))
        elif not keys and each.key != given[0].key:
            other = f"is signed with another key than {given[0].place}; name those that you trust with --key"
            found.append((each.seq, f"{each.place}: {other}"))
    return found


def _pinned(text: str) -> str:
    """The fingerprint that somebody gave, or of the key that they gave."""
    if _HEX.fullmatch(text.lower()):
        return text.lower()
    try:
        key = b64decode(text, validate=True)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise Unreadable("--key: give the base64 of an Ed25519 public key, or its SHA-256 in hexadecimal")
    return sha256(key).hexdigest()


def verify(export: Path, given: list[Checkpoint], bodies: Path | None, keys: list[str]) -> Verifier:
    """All that can be said of an export. Raises Unreadable."""
    found = Verifier(given, bodies)
    with sys.stdin.buffer if str(export) == "-" else export.open("rb") as file:
        found.read(iter(file))
    if given:
        found.problems = sorted(objections(given, keys, found.client, found.stream) + found.problems)
    return found


def report(found: Verifier, *, bodies: bool, keys: list[str]) -> Iterator[str]:
    """One line for each finding."""
    yield f"{found.client}, stream {found.stream}: {found.entries} entries up to {found.time}, last hash {found.hash}"
    there = f"{found.present} present, {len(found.absent)} MISSING" if bodies else "not looked at (--bodies)"
    yield f"bodies: {there}, {found.erased} erased by order"
    for each in found.agreed:
        key = (
            "the key given"
            if keys
            else f"a key nobody vouched for (--key), SHA-256 {sha256(each.key).hexdigest()}"
        )
        yield f"seq {each.seq}: as the checkpoint of {each.time} ({each.place}) witnessed, signed with {key}"
    yield from (f"LOST seq {seq}: {text}" for seq, text in found.lost)
    yield from (f"PROBLEM seq {seq}: {text}" for seq, text in found.problems)
    newer = found.seq - found.witnessed
    yield (
        f"not yet witnessed: seq {found.witnessed + 1} to {found.seq}"
        if newer > 0
        else "all of it is witnessed"
    )


def main(arguments: list[str] | None = None) -> int:
    """Verify, print, and say how it went."""
    parser = argparse.ArgumentParser(usage=__doc__, add_help=True)
    parser.add_argument("export", type=Path)
    parser.add_argument("checkpoints", type=Path, nargs="*")
    parser.add_argument("--bodies", type=Path)
    parser.add_argument("--key", action="append", default=[])
    given = parser.parse_args(arguments)
    gc.disable()  # nothing here refers to itself; looking for it would cost a fifth of the time
    try:
        keys = [_pinned(text) for text in given.key]
        known = [each for path in given.checkpoints for each in checkpoints_of(path)]
        found = verify(given.export, [*dict.fromkeys(known)], given.bodies, keys)
    except (Unreadable, OSError, ImportError) as error:
        print(_inert(f"error: {error}"), file=sys.stderr)
        return UNREADABLE
    print("\n".join(map(_inert, report(found, bodies=given.bodies is not None, keys=keys))))
    return TAMPERED if found.problems else LOST if found.lost else HOLDS


def _inert(line: str) -> str:
    return line if line.isprintable() else line.encode("unicode_escape").decode()


if __name__ == "__main__":
    sys.exit(main())
