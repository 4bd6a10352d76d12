"""The signing key: made once, private, and refused when it is not."""

import pytest

from netmgr.adapters.signing_key import SigningKey
from netmgr.errors import StoreError


def test_the_key_is_made_at_first_use_and_stays(tmp_path):
    path = tmp_path / "keys" / "log-ed25519"
    first = SigningKey(path)
    assert not path.exists()
    signature = first.sign(b"message")
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    again = SigningKey(path)
    assert again.public_key() == first.public_key()
    assert again.verifies(first.public_key(), b"message", signature)
    assert not again.verifies(first.public_key(), b"massage", signature)
    assert not again.verifies(bytes(32), b"message", signature)
    assert not again.verifies(b"short", b"message", signature)


def test_verifying_needs_no_key_of_our_own(tmp_path):
    path = tmp_path / "log-ed25519"
    assert not SigningKey(path).verifies(bytes(32), b"", bytes(64))
    assert not path.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"no key", "not a PEM private key; restore it from a backup"),
        (b"", "not a PEM private key; restore it from a backup"),
    ],
)
def test_a_damaged_key_is_one_line(tmp_path, content, message):
    path = tmp_path / "log-ed25519"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(StoreError) as error:
        SigningKey(path).sign(b"")
    assert str(error.value) == f"{path}: {message}"


def test_a_key_of_another_kind_is_refused(tmp_path):
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    path = tmp_path / "log-ed25519"
    path.write_bytes(
        generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    path.chmod(0o600)
    with pytest.raises(StoreError) as error:
        SigningKey(path).public_key()
    assert str(error.value) == f"{path}: not an Ed25519 key; restore it from a backup"


def test_a_key_that_others_may_read_is_refused(tmp_path):
    path = tmp_path / "log-ed25519"
    SigningKey(path).public_key()
    path.chmod(0o640)
    with pytest.raises(StoreError) as error:
        SigningKey(path).public_key()
    assert str(error.value) == (
        f"{path}: others may read the signing key; `chmod 600` it, and make a new one if somebody did"
    )
