"""Snapshots: private, encrypted, checked."""

import pytest

from netmgr.adapters.blobs_dir import EncryptedBlobs
from netmgr.errors import StoreError

CANARY = b"neighbor 10.0.0.1 password canary-4711\n"


@pytest.fixture
def blobs(tmp_path):
    return EncryptedBlobs(tmp_path / "snapshots", tmp_path / "keys" / "snapshots.age")


def test_what_was_put_comes_back_and_no_file_shows_it(blobs, tmp_path):
    digest = blobs.put("acme", CANARY)
    assert blobs.get("acme", digest) == CANARY
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(path.name for path in files) == sorted([f"{digest}.age", "snapshots.age"])
    assert {oct(path.stat().st_mode & 0o777) for path in files} == {"0o600"}
    assert not any(CANARY.strip() in path.read_bytes() for path in files)


def test_another_client_cannot_name_it(blobs):
    digest = blobs.put("acme", CANARY)
    with pytest.raises(StoreError, match=r"globex/.*: No such file or directory; the snapshot is gone"):
        blobs.get("globex", digest)


def test_an_altered_file_is_refused(blobs, tmp_path):
    digest = blobs.put("acme", CANARY)
    path = tmp_path / "snapshots" / "acme" / f"{digest}.age"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(StoreError, match="it was altered"):
        blobs.get("acme", digest)


def test_a_file_under_another_digest_is_refused(blobs, tmp_path):
    digest, other = blobs.put("acme", CANARY), blobs.put("acme", b"something else\n")
    directory = tmp_path / "snapshots" / "acme"
    (directory / f"{other}.age").rename(directory / f"{digest}.age")
    with pytest.raises(StoreError, match="does not have the digest in its name"):
        blobs.get("acme", digest)
