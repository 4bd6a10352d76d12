"""Private keys in memory: what is taken, and what is refused without being shown."""

import pytest
from cryptography.hazmat.primitives import serialization as s
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from napalm_frr.driver import FRRDriver
from napalm_frr.login import private_key

KEYS = {
    "ssh-ed25519": ed25519.Ed25519PrivateKey.generate(),
    "ecdsa-sha2-nistp256": ec.generate_private_key(ec.SECP256R1()),
    "ssh-rsa": rsa.generate_private_key(65537, 2048),
}


def pem(key, form=s.PrivateFormat.OpenSSH, lock=None):
    return key.private_bytes(s.Encoding.PEM, form, lock or s.NoEncryption()).decode()


@pytest.mark.parametrize("kind", KEYS)
def test_a_key_of_each_kind(kind):
    assert private_key(pem(KEYS[kind])).get_name() == kind


@pytest.mark.parametrize("kind", ["ecdsa-sha2-nistp256", "ssh-rsa"])
def test_older_forms(kind):
    assert private_key(pem(KEYS[kind], s.PrivateFormat.TraditionalOpenSSL)).get_name() == kind


def test_a_locked_key_is_refused_and_not_shown():
    with pytest.raises(ValueError, match=r"^the private key is locked with a passphrase; use the SSH agent"):
        private_key(pem(KEYS["ssh-ed25519"], lock=s.BestAvailableEncryption(b"s3cret")))


NO_KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nczNjcmV0\n-----END OPENSSH PRIVATE KEY-----\n"


@pytest.mark.parametrize("text", ["", "czNjcmV0", NO_KEY])
def test_what_is_no_key(text):
    with pytest.raises(ValueError, match="none that can be read") as refused:
        private_key(text)
    assert "czNjcmV0" not in str(refused.value)


def test_a_key_in_memory_needs_no_agent_and_is_not_in_what_is_printed():
    key = private_key(pem(KEYS["ssh-ed25519"]))
    login = FRRDriver("r1", "admin", "", 7, {"pkey": key})._login
    assert (login.pkey, login.allow_agent) == (key, False)
    assert "pkey" not in repr(login)
