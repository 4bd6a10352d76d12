"""Checkpoints: what is signed, and what is not a checkpoint."""

import json
from base64 import b64encode

import pytest

from netmgr.model.checkpoint import Checkpoint, statement

GOOD = {
    "client": "acme",
    "stream": "main",
    "seq": 7,
    "hash": "a" * 64,
    "time": "2026-11-23T05:00:00.123456Z",
    "key": b64encode(bytes(32)).decode(),
    "signature": b64encode(bytes(64)).decode(),
}


def test_what_is_signed_is_canonical_json_of_five_keys():
    assert statement("acme", "main", 7, "a" * 64, GOOD["time"]) == (
        b'{"client":"acme","hash":"%b","seq":7,"stream":"main","time":"2026-11-23T05:00:00.123456Z"}'
        % (b"a" * 64)
    )


def test_a_printed_checkpoint_is_read_back():
    parsed = Checkpoint.parse(json.dumps(GOOD))
    assert parsed.document() == GOOD
    assert (parsed.raw_key, parsed.raw_signature) == (bytes(32), bytes(64))
    assert parsed.signed == statement("acme", "main", 7, "a" * 64, GOOD["time"])


KEYS = "client, hash, key, seq, signature, stream, time"
BAD = [
    ("", "it is not JSON"),
    (b"\xff\xfe\x00", "it is not JSON"),
    ("[" * 100_000, "it is not JSON"),
    ("[]", f"it is not an object with exactly the keys {KEYS}"),
    (json.dumps(GOOD | {"note": "x"}), f"it is not an object with exactly the keys {KEYS}"),
    (
        json.dumps({k: v for k, v in GOOD.items() if k != "key"}),
        f"it is not an object with exactly the keys {KEYS}",
    ),
    (json.dumps(GOOD | {"seq": "7"}), "seq is not a positive integer"),
    (json.dumps(GOOD | {"seq": 0}), "seq is not a positive integer"),
    (json.dumps(GOOD | {"seq": True}), "seq is not a positive integer"),
    (json.dumps(GOOD | {"seq": 7.0}), "seq is not a positive integer"),
    (json.dumps(GOOD | {"client": 5}), "client is not a string"),
    (json.dumps(GOOD | {"hash": "A" * 64}), "hash is not 64 hexadecimal digits"),
    (json.dumps(GOOD | {"key": "AAAA"}), "key is not the base64 of 32 bytes"),
    (json.dumps(GOOD | {"signature": "é"}), "signature is not the base64 of 64 bytes"),
]


@pytest.mark.parametrize(("text", "message"), BAD)
def test_what_is_no_checkpoint_says_why(text, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        Checkpoint.parse(text)
