"""A checkpoint: a signature under a chain's head. Its holder can tell an extended log from a rewritten one."""

import binascii
import json
import re
from base64 import b64decode
from dataclasses import asdict, dataclass
from typing import Any, Self

from netmgr.model.canonical import canonical
from netmgr.model.entry import MAX_INTEGER

_KEYS = {"client", "stream", "seq", "hash", "time", "key", "signature"}


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Ed25519 (RFC 8032) over the RFC 8785 JSON of {client, stream, seq, hash, time}; key and signature are base64."""

    client: str
    stream: str
    seq: int
    hash: str
    time: str
    key: str
    signature: str

    @classmethod
    def parse(cls, text: str | bytes) -> Self:
        """Read the JSON object that ``log checkpoint`` printed. Raises ValueError, saying what is wrong with it."""
        try:
            document = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ValueError("it is not JSON") from error
        if not isinstance(document, dict) or set(document) != _KEYS:
            raise ValueError(f"it is not an object with exactly the keys {', '.join(sorted(_KEYS))}")
        seq = document["seq"]
        if type(seq) is not int or not 0 < seq <= MAX_INTEGER:
            raise ValueError("seq is not a positive integer")
        for key in _KEYS - {"seq"}:
            if not isinstance(document[key], str):
                raise ValueError(f"{key} is not a string")  # noqa: TRY004 - a bad document, not a bad call
        if not re.fullmatch("[0-9a-f]{64}", document["hash"]):
            raise ValueError("hash is not 64 hexadecimal digits")
        for key, size in (("key", 32), ("signature", 64)):
            if len(_decoded(document[key])) != size:
                raise ValueError(f"{key} is not the base64 of {size} bytes")
        return cls(**document)

    @property
    def signed(self) -> bytes:
        """The bytes under the signature."""
        return statement(self.client, self.stream, self.seq, self.hash, self.time)

    @property
    def raw_key(self) -> bytes:
        """The public key's 32 bytes."""
        return _decoded(self.key)

    @property
    def raw_signature(self) -> bytes:
        """The signature's 64 bytes."""
        return _decoded(self.signature)

    def document(self) -> dict[str, Any]:
        """The checkpoint as a JSON object."""
        return asdict(self)


def statement(client: str, stream: str, seq: int, digest: str, time: str) -> bytes:
    """What is signed: that the entry ``seq`` of this chain had this hash at ``time``."""
    return canonical({"client": client, "stream": stream, "seq": seq, "hash": digest, "time": time})


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
