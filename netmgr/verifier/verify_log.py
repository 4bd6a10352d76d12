"""Verify an export of a service log without the program that wrote it.

    python3 -I verify_log.py EXPORT.jsonl [CHECKPOINT …] [--bodies DIR] [--key KEY …]

EXPORT holds one entry on each line. A CHECKPOINT is a file of them, one on each line, a report with one in it (JSON,
HTML or Markdown), or a directory of files of them: give every one that you were ever handed. KEY is what they must be
signed with: the base64 of the public key, or its SHA-256 in hexadecimal, as the agreement names it; a key that took its
place, signed by it in the log, is as good.

What is checked: each line is canonical JSON and has the hash of its content; each entry follows the one before it; each
body is there unaltered or was erased by order; each checkpoint is signed, and of this very log. What is newer than the
last checkpoint, nobody but its owner has witnessed: the last line names it.

Every finding is one line. Exit: 0 it holds · 1 it was tampered with, or something is missing · 2 it cannot be read ·
3 it holds, but lost what a checkpoint had witnessed when it was restored from a backup, and says so itself.
Needs Python 3.11 or newer, and the package `cryptography` for checkpoints and keys.
"""

import argparse
import gc
import html
import json
import os
import re
import sys
from base64 import b64decode
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

HOLDS, TAMPERED, UNREADABLE, LOST = 0, 1, 2, 3
_PAGE = 40  # entries that are compared at once: so many stay in a processor's own cache
_HEX = re.compile("[0-9a-f]{64}")
_SPEAKS = frozenset({"erasure", "key", "state"})
_FORM = (
    r'^\{"action":"W","actor":"W"(?:,"at":"T")?,"auth":"W"(?:,"body":\{"digest":"(H)","size":N,"type":"W"\})?'
    r'(?:,"change":"W")?,"client":"(W)"(?:,"corrects":"W")?(?:,"device":"W")?,"facts":(\{[^}]*+\}|\{.*\})'
    r',"hash":"(H)","id":"W","kind":"(W)","on":"W"(?:,"outcome":"W")?,"phase":"W","prev":"(H)","request":"W"'
    r',"seq":(N),"stream":"(W)","target":"W"(?:,"ticket":"W")?,"time":"(T)","v":1,"visibility":"W"\}$'
)
_PARTS = {
    "H": _HEX.pattern,
    "N": "(?:0|[1-9][0-9]{0,15}+)",
    "T": "dddd-dd-ddTdd:dd:dd[.]ddddddZ".replace("d", "[0-9]"),
    "W": r"[!#-\[\]-~]++",  # visible ASCII that needs no escape
}
# What a line is made of; facts are judged by themselves.
_ENTRY = re.compile(re.sub('(?<=[(":])[HNTW](?=[)",])', lambda part: _PARTS[part[0]], _FORM), re.MULTILINE)
_CHECKPOINT = re.compile(r'\{"client": ?"[^{}]*"signature": ?"[^{}"]*"\}')
_KEY_NOT_ASCII = re.compile(r'[^\x00-\x7f](?:[^"\\]|\\.)*":')
_encode = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode
# Neither 1.5 nor NaN is an integer, so that int refuses them, as it does what is no number.
_decode: Any = json.JSONDecoder(
    parse_int=lambda text: int(text if len(text) < 16 or abs(int(text)) < 2**53 else "too great"),
    parse_float=int,
    parse_constant=int,
).decode


class Unreadable(Exception):
    """Something that was given is not what it should be; one line says what."""


class Checkpoint(NamedTuple):
    """What somebody signed: the entry ``seq`` had this hash. ``place`` is where it was read."""

    place: str
    client: str
    stream: str
    seq: int
    hash: str
    time: str
    key: bytes
    signature: bytes

    def signed(self) -> bytes:
        """The bytes under the signature (RFC 8785 JSON)."""
        members = self._asdict()
        return _encode({name: members[name] for name in ("client", "hash", "seq", "stream", "time")}).encode()

    def __str__(self) -> str:
        return f"the checkpoint of {self.time} ({self.place})"


class Verifier:
    """Reads a log, line by line. Problems are (seq, text); ``lost`` are those that the log itself explains."""

    def __init__(self, given: list[Checkpoint], bodies: Path | None, keys: list[str]) -> None:
        self.problems, self.lost = list[tuple[int, str]](), list[tuple[int, str]]()
        self.client, self.stream, self.entries, self.first = "", "", 0, 1
        self.seq, self.hash, self.time = 0, "0" * 64, ""
        self.present, self.erased, self.witnessed = 0, 0, 0
        self.absent, self._restored = dict[str, int](), list[tuple[int, str, int | None]]()
        self.rotated: dict[str, tuple[int, str, bool]] = {}  # old key: (seq, new key, signed)
        self.agreed, self._refuted = list[Checkpoint](), list[Checkpoint]()
        self._given, self._keys = given, keys
        self._pending = sorted(given, key=lambda each: each.seq, reverse=True)
        self._bodies, self._line = f"{bodies}/" if bodies else "", 0

    def read(self, lines: Iterator[bytes]) -> None:
        """Take all of it."""
        while page := [line.removesuffix(b"\n") for line in islice(lines, _PAGE)]:
            if not self._flawless(page):
                for line in page:
                    self._one(line)
            self.entries += len(page)
        if not self.entries:
            raise Unreadable("the export has no entries")
        self._finish()

    def _flawless(self, page: list[bytes]) -> bool:
        """Take a page without fault, compared as in ``_one``, all at once; else nothing of it."""
        last = self.seq + len(page)
        due = not self.client or (self._pending and self._pending[-1].seq <= last)
        if due or (found := _parsed(page)) is None:
            return False
        digests, clients, facts, hashes, kinds, prevs, seqs, streams, times = found
        numbers = range(self.seq + 1, last + 1)
        if (
            seqs != tuple(map(str, numbers))
            or prevs != (self.hash, *hashes[:-1])
            or [self.time, *times] != sorted([self.time, *times])
            or (set(clients), set(streams)) != ({self.client}, {self.stream})
            or hashes != tuple(map(_hash, page))
        ):
            return False
        self.seq, self.hash, self.time = last, hashes[-1], times[-1]
        for seq, digest, kind, *said in zip(numbers, digests, kinds, facts, times, strict=True):
            if kind in _SPEAKS or (digest and self._bodies):
                self._said(seq, digest, kind, *said)
        self._line += len(page)
        return True

    def _one(self, line: bytes) -> None:
        """Say what is wrong with a line, if anything, and take it for the chain's next if it can be."""
        self._line += 1
        if (found := _parsed([line])) is None:
            self._here(self.seq + 1, "is no entry in canonical form: edited")
            self.seq, self.hash = self.seq + 1, ""
            return
        digest, client, facts, own, kind, prev, number, stream, time = (each[0] for each in found)
        if self._taken(seq := int(number), own, prev, time, client, stream):
            self._said(seq, digest, kind, facts, time)
        if own != _hash(line):
            self._here(seq, "has not the hash of its content: edited")

    def _taken(self, seq: int, own: str, prev: str, time: str, client: str, stream: str) -> bool:
        if not self.client:
            self.client, self.stream = client, stream
        if (client, stream) != (self.client, self.stream):
            self._here(seq, f"is of client {client}, stream {stream}: inserted")
        if seq <= self.seq:
            self._here(seq, f"comes after seq {self.seq}: inserted, repeated or out of order")
            return False
        if seq > self.seq + 1:
            gap = f"{self.seq + 1} to {seq - 1}" if seq > self.seq + 2 else f"{seq - 1}"
            self._here(self.seq + 1, f"is seq {seq}, after {self.seq}: {gap} deleted")
        elif self.hash and prev != self.hash:
            self._here(seq, f"does not follow seq {self.seq}: one of the two was replaced")
        if time < self.time:
            self._here(seq, "is recorded before the entry that it follows")
        self.seq, self.hash, self.time = seq, own, time
        while self._pending and self._pending[-1].seq <= seq:
            due = self._pending.pop()
            (self.agreed if (due.seq, due.hash) == (seq, own) else self._refuted).append(due)
        return True

    def _said(self, seq: int, digest: str, kind: str, facts: dict[str, Any], time: str) -> None:
        """What an entry says of bodies, restorations and keys."""
        if digest and self._bodies:
            self._body(seq, digest)
        if kind == "erasure" and isinstance(erased := facts.get("digest"), str):
            if self._bodies and self.absent.pop(erased, None) is None:
                self._problem(seq, f"erases body {erased}, which is still there or was never logged")
            else:
                self.erased += 1
        elif kind == "state" and facts.get("from") == seq - 1:
            lost = facts.get("lost")
            last = lost.get("last") if isinstance(lost, dict) else None
            self._restored.append((seq, time, last if isinstance(last, int) else None))
        elif kind == "key":
            self._rotates(seq, facts)

    def _rotates(self, seq: int, facts: dict[str, Any]) -> None:
        old, new, signature = (_raw(facts.get(name, "")) for name in ("old", "new", "signature"))
        text = _encode({"new": facts.get("new"), "old": facts.get("old")}).encode()
        made = seq, sha256(new).hexdigest(), "signature" in facts
        if {len(old), len(new)} != {32} or (made[2] and not _authentic(old, text, signature)):
            self._problem(seq, "rotates the key, and the old key has not signed that: forged")
        elif self.rotated.setdefault(sha256(old).hexdigest(), made)[1] != made[1]:
            self._problem(seq, "rotates a key that was replaced already: forged")

    def _body(self, seq: int, digest: str) -> None:
        names = (f"{digest}.salt", digest)
        try:
            right = sha256(b"".join(map(self._content, names))).hexdigest() == digest
        except FileNotFoundError:
            right = False
        if right:
            self.present += 1
        elif any(Path(self._bodies, name).exists() for name in names):
            self._problem(seq, f"body {digest} was altered")
        else:
            self.absent[digest] = seq

    def _content(self, name: str) -> bytes:
        descriptor = os.open(self._bodies + name, os.O_RDONLY)  # three times as fast as any other way
        try:
            found = os.read(descriptor, 8192)
            while len(found) % 8192 == 0 and (more := os.read(descriptor, 1 << 20)):
                found += more
            return found
        finally:
            os.close(descriptor)

    def _finish(self) -> None:
        first = min(self._given, key=lambda each: each.time, default=None)
        trusted = set(self._keys or [sha256(first.key).hexdigest() if first else ""])
        for old, (_, new, signed) in self.rotated.items():
            trusted |= {new} if signed and old in trusted else set()
        good, wrong = dict[int, Checkpoint](), dict[Checkpoint, str]()
        for each in self._given:
            if objection := self._objection(each, trusted):
                self._problem(each.seq, f"{each.place}: {objection}")
                wrong[each] = objection
            elif (other := good.setdefault(each.seq, each)).hash != each.hash:
                self._problem(each.seq, f"{other} and {each} contradict each other: two logs were signed")
        self.agreed = [each for each in self.agreed if each not in wrong]
        self.witnessed = max((each.seq for each in self.agreed), default=self.first - 1)
        void = {each for each, objection in wrong.items() if not objection.startswith("is signed")}
        for each in {*self._refuted, *self._pending} - void:
            since = max((seen.seq for seen in self.agreed if seen.seq < each.seq), default=self.first - 1) + 1
            if seq := self._lost(each):
                self.lost.append((each.seq, f"what {each} witnessed was lost in a restoration (seq {seq})"))
            elif each.seq > self.seq:
                self._problem(each.seq, f"{each} covers it, and the log ends at {self.seq}: truncated")
            else:
                said = f"rewritten from seq {since} on, or later"
                self._problem(each.seq, f"is not what {each} witnessed: {said}")
        for digest, seq in self.absent.items():
            self._problem(seq, f"body {digest} is MISSING, and no order to erase it was logged")
        self.problems.sort()
        self.lost.sort()

    def _lost(self, at: Checkpoint) -> int:
        """The seq of the entry that says so, else 0."""
        fits = (s for s, time, last in self._restored if s <= at.seq <= (last or at.seq) and at.time <= time)
        return next(fits, 0)

    def _objection(self, given: Checkpoint, trusted: set[str]) -> str:
        """What is wrong with a checkpoint itself, whatever the log is."""
        key = sha256(given.key).hexdigest()
        replaced = self.rotated.get(key, (given.seq + 1,))[0]
        if (given.client, given.stream) != (self.client, self.stream):
            return f"is of client {given.client}, stream {given.stream}, not of {self.client}, {self.stream}"
        if not _authentic(given.key, given.signed(), given.signature):
            return "the signature does not hold"
        if replaced <= given.seq and not self._lost(given):
            return f"is signed with a key that was replaced at seq {replaced}"
        other = "the one given" if self._keys else "others; name those that you trust with --key"
        return "" if key in trusted else f"is signed with another key than {other}"

    def _here(self, seq: int, text: str) -> None:
        self._problem(seq, f"line {self._line} {text}")

    def _problem(self, seq: int, text: str) -> None:
        self.problems.append((seq, text))

    def report(self) -> Iterator[str]:
        """One line for each finding."""
        yield f"{self.client}, stream {self.stream}: {self.entries} entries up to {self.time}, last hash {self.hash}"
        there = f"{self.present} present, {len(self.absent)} MISSING" if self._bodies else "not looked at"
        yield f"bodies: {there}, {self.erased} erased by order"
        for old, (seq, new, signed) in self.rotated.items():
            how = "signed by it" if signed else "NOT signed by it, which is lost: ask before you trust it"
            yield f"seq {seq}: the key {new} took the place of {old}, {how}"
        for each in self.agreed:
            nobody = f"a key nobody vouched for (--key), SHA-256 {sha256(each.key).hexdigest()}"
            yield f"seq {each.seq}: as {each} witnessed, signed with {'the key given' if self._keys else nobody}"
        yield from (f"LOST seq {seq}: {text}" for seq, text in self.lost)
        yield from (f"PROBLEM seq {seq}: {text}" for seq, text in self.problems)
        newer = f"not yet witnessed: seq {self.witnessed + 1} to {self.seq}"
        yield newer if self.seq > self.witnessed else "all of it is witnessed"


def _parsed(page: list[bytes]) -> list[Any] | None:
    """What entries have of each member that is compared, if all are canonical JSON of what a log may hold."""
    try:
        found = _ENTRY.findall(b"\n".join(page).decode())
        digests, clients, facts, *others = zip(*found, strict=True)
        return [digests, clients, _objects(facts), *others] if len(found) == len(page) else None
    except (ValueError, RecursionError):  # UnicodeError is a ValueError
        return None


def _objects(texts: tuple[str, ...]) -> tuple[dict[str, Any], ...]:
    """The objects that the texts are in canonical form. A fence between them proves that each is a whole one."""
    page = "[" + ',"}{",'.join(texts) + "]"
    values = _decode(page)
    objects, fences = tuple(values[::2]), len(texts) - 1
    whole = len(values) == 2 * fences + 1 and (not fences or page.count("}{") == fences)
    if not whole or {*map(type, objects)} != {dict}:
        raise ValueError("not an object each")
    # Written as it was read: no key is there twice, no space, no other order.
    if _encode(values) != page:
        raise ValueError("not canonical")
    if not page.isascii() and _KEY_NOT_ASCII.search(page):
        raise ValueError("a key is not ASCII")
    return objects


def _hash(line: bytes) -> str:
    # What sorts after it cannot hold `,"hash":"`: it is numbers, and strings, in which quotes are escaped.
    cut = line.rfind(b',"hash":"')
    return sha256(line[:cut] + line[cut + 74 :]).hexdigest()


def _raw(text: Any) -> bytes:
    """The bytes that base64 stands for; none for what is not base64."""
    try:
        return b64decode(text, validate=True)
    except (ValueError, TypeError):
        return b""


def _authentic(key: bytes, text: bytes, signature: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


def checkpoints_of(path: Path) -> Iterator[Checkpoint]:
    """The checkpoints of a file, or of every file of a directory."""
    for file in sorted(path.iterdir()) if path.is_dir() else [path]:
        data = file.read_bytes()
        lines = data.splitlines()
        if data.strip() and not data.startswith(b'{"client"') and not path.is_dir():
            # A document: JSON in JSON or in HTML.
            text = html.unescape(data.decode(errors="replace")).replace('\\"', '"')
            lines = [*map(str.encode, _CHECKPOINT.findall(text))] or [b"none"]
        yield from (_checkpoint(line, f"{file}:{n}") for n, line in enumerate(lines, 1) if line.strip())


def _checkpoint(line: bytes, place: str) -> Checkpoint:
    try:
        document = _decode(line.decode())
        raw = {name: _raw(document[name]) for name in ("key", "signature")}
        made = Checkpoint(place, **document | raw)
        well = _HEX.fullmatch(made.hash) and type(made.seq) is int and made.signed()
    except (ValueError, TypeError, KeyError, RecursionError):
        well = None
    if not well or [*map(len, raw.values())] != [32, 64]:
        raise Unreadable(f"{place}: is no checkpoint, nor a report as JSON, HTML or Markdown")
    return made


def _pinned(text: str) -> str:
    """The fingerprint that somebody gave, or of the key that they gave."""
    raw = _raw(text)
    if len(raw) != 32 and not _HEX.fullmatch(text.lower()):
        raise Unreadable("--key: give the base64 of an Ed25519 public key, or its SHA-256 in hexadecimal")
    return sha256(raw).hexdigest() if len(raw) == 32 else text.lower()


def main(arguments: list[str] | None = None, kind: type[Verifier] = Verifier) -> int:
    """Verify, print, and say how it went."""
    parser = argparse.ArgumentParser(usage=sys.modules[kind.__module__].__doc__, add_help=True)
    parser.add_argument("export", type=Path)
    parser.add_argument("checkpoints", type=Path, nargs="*")
    parser.add_argument("--bodies", type=Path)
    parser.add_argument("--key", action="append", default=[])
    given = parser.parse_args(arguments)
    gc.disable()  # nothing here refers to itself; looking for it would cost a fifth of the time
    try:
        known = [each for path in given.checkpoints for each in checkpoints_of(path)]
        found = kind([*dict.fromkeys(known)], given.bodies, [*map(_pinned, given.key)])
        with sys.stdin.buffer if str(given.export) == "-" else given.export.open("rb") as file:
            found.read(iter(file))
    except (Unreadable, OSError, ImportError) as error:
        print(_inert(f"error: {error}"), file=sys.stderr)
        return UNREADABLE
    print("\n".join(map(_inert, found.report())))
    return TAMPERED if found.problems else LOST if found.lost else HOLDS


def _inert(line: str) -> str:
    return line if line.isprintable() else line.encode("unicode_escape").decode()


if __name__ == "__main__":
    sys.exit(main())
