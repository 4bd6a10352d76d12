"""Secrets: where they come from, and every way in which one is refused without being shown."""

import pyrage
import pytest

from netmgr.adapters.secrets_local import LocalSecrets
from netmgr.errors import SecretError
from netmgr.lab.frr.keys import new_key


@pytest.fixture
def directory(tmp_path):
    (tmp_path / "secrets" / "acme").mkdir(parents=True)
    return tmp_path / "secrets"


def write(directory, name, data, mode=0o600, client="acme"):
    path = directory / client / name
    path.write_bytes(data)
    path.chmod(mode)
    return path


def test_from_the_environment_under_the_client_s_own_name(directory):
    environment = {"NETMGR_SECRET_ACME_NORTH__BGP_PEER": "canary", "NETMGR_SECRET_GLOBEX__BGP_PEER": "other"}
    secrets = LocalSecrets(directory, environment)
    assert secrets.resolve("acme-north", "secret://env/bgp-peer") == "canary"
    with pytest.raises(SecretError) as error:
        secrets.resolve("acme", "secret://env/bgp-peer")
    assert str(error.value) == (
        "acme: secret://env/bgp-peer: set the environment variable NETMGR_SECRET_ACME__BGP_PEER"
    )


def test_from_a_private_file(directory):
    write(directory, "bgp-peer", b"canary\n")
    assert LocalSecrets(directory, {}).resolve("acme", "secret://file/bgp-peer") == "canary"


def test_from_an_age_file(directory, tmp_path):
    identity = pyrage.x25519.Identity.generate()
    key = tmp_path / "identity"
    key.write_text(f"# a comment\n{identity}\n")
    key.chmod(0o600)
    write(directory, "bgp-peer.age", pyrage.encrypt(b"canary\n", [identity.to_public()]))
    secrets = LocalSecrets(directory, {"NETMGR_AGE_IDENTITY": str(key)})
    assert secrets.resolve("acme", "secret://age/bgp-peer") == "canary"


def test_a_file_that_others_can_read_is_refused(directory):
    path = write(directory, "bgp-peer", b"canary\n", mode=0o644)
    with pytest.raises(SecretError) as error:
        LocalSecrets(directory, {}).resolve("acme", "secret://file/bgp-peer")
    assert str(error.value) == (
        f"acme: secret://file/bgp-peer: {path} can be read by others; run chmod 600 on it"
    )


def test_a_symlink_to_another_client_s_secret_is_refused(directory):
    (directory / "globex").mkdir()
    (directory / "acme" / "bgp-peer").symlink_to(write(directory, "bgp-peer", b"canary\n", client="globex"))
    with pytest.raises(SecretError, match="Too many levels of symbolic links"):
        LocalSecrets(directory, {}).resolve("acme", "secret://file/bgp-peer")


@pytest.mark.parametrize("content", [b"", b"\n", b"two\nlines\n", b"nul\0byte"])
def test_a_secret_is_one_line(directory, content):
    write(directory, "bgp-peer", content)
    with pytest.raises(SecretError) as error:
        LocalSecrets(directory, {}).resolve("acme", "secret://file/bgp-peer")
    assert str(error.value) == "acme: secret://file/bgp-peer: the value must be one non-empty line"


@pytest.mark.parametrize(
    "reference", ["secret://file/../globex/x", "secret://file/..", "secret://file//etc/passwd", "canary", ""]
)
def test_a_path_is_no_name(directory, reference):
    with pytest.raises(SecretError) as error:
        LocalSecrets(directory, {}).resolve("acme", reference)
    assert str(error.value) == "acme: a secret reference is not of the form secret://SCHEME/NAME"


def test_an_age_file_for_somebody_else_is_refused(directory, tmp_path):
    mine, theirs = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    key = tmp_path / "identity"
    key.write_text(f"{mine}\n")
    key.chmod(0o600)
    path = write(directory, "bgp-peer.age", pyrage.encrypt(b"canary\n", [theirs.to_public()]))
    with pytest.raises(SecretError) as error:
        LocalSecrets(directory, {"NETMGR_AGE_IDENTITY": str(key)}).resolve("acme", "secret://age/bgp-peer")
    assert str(error.value) == (
        f"acme: secret://age/bgp-peer: {path} cannot be opened with the given identity"
    )


def test_a_credential_may_be_a_private_key(directory):
    """The only secret of several lines; where a configuration needs one, it stays refused."""
    key = new_key().private
    write(directory, "key", key.encode())
    identity = pyrage.x25519.Identity.generate()
    write(directory, "key.age", pyrage.encrypt(key.encode(), [identity.to_public()]))
    opener = write(directory, "opener", str(identity).encode())
    environment = {"NETMGR_SECRET_ACME__KEY": key, "NETMGR_AGE_IDENTITY": str(opener)}
    secrets = LocalSecrets(directory, environment)
    found = [secrets.credential("acme", f"secret://{scheme}/key") for scheme in ("file", "env", "age")]
    assert found == [key, key, key]
    with pytest.raises(SecretError, match="the value must be one non-empty line"):
        secrets.resolve("acme", "secret://file/key")


@pytest.mark.parametrize(
    "value",
    [b"two\nlines", b"-----BEGIN PRIVATE KEY-----\nAA\n", b"x\n-----BEGIN A-----\nA\n-----END A-----", b"\n"],
)
def test_other_credentials_are_one_line(directory, value):
    write(directory, "key", value)
    with pytest.raises(SecretError, match="the value must be one non-empty line"):
        LocalSecrets(directory, {}).credential("acme", "secret://file/key")
