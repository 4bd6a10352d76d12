"""Signatures by OpenSSH's own program, with real keys and a real agent."""

import os
import subprocess

import pytest

from netmgr.adapters.ssh_signatures import SshSignatures
from netmgr.errors import InputError, Refused

SIGNATURES = SshSignatures()
SAID = b"what was said"


def key(directory, name, *, passphrase="", kind="ed25519"):
    path = directory / name
    subprocess.run(
        ["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-C", "no comment", "-f", path], check=True
    )
    return path


def public(path):
    return " ".join(path.with_name(f"{path.name}.pub").read_text().split()[:2])


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    directory = tmp_path_factory.mktemp("keys")
    return {name: key(directory, name) for name in ("one", "two")}


@pytest.fixture
def agent(tmp_path, monkeypatch):
    """An agent of one's own; gives the function that hands it a key."""
    socket = tmp_path / "agent"
    with subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
        yield lambda path: subprocess.run(["ssh-add", "-q", path], check=True)
        process.terminate()


def signed(path, said=SAID, namespace="n"):
    return SIGNATURES.sign(said, namespace=namespace, key=str(path), public=())


def holds(signature, *paths, said=SAID, namespace="n", person="p-1"):
    return SIGNATURES.verifies(
        said, signature, namespace=namespace, person=person, keys=[public(path) for path in paths]
    )


def test_a_signature_holds_for_its_text_its_purpose_and_its_key(keys):
    one, two = keys["one"], keys["two"]
    signature = signed(one)
    assert signature.startswith("-----BEGIN SSH SIGNATURE-----\n")
    assert holds(signature, one)
    assert holds(signature, two, one), "one of several keys"
    assert not holds(signature, two)
    assert not holds(signature)
    assert not holds(signature, one, said=SAID + b" ")
    assert not holds(signature, one, namespace="m")
    assert not holds(signed(one, namespace="m"), one)
    assert not holds(signature.replace("A", "B"), one)
    assert not holds("", one)


def test_the_agent_signs_with_the_first_key_that_it_has(keys, agent):
    agent(keys["two"])
    both = [public(keys["one"]), public(keys["two"])]
    signature = SIGNATURES.sign(SAID, namespace="n", key=None, public=both)
    assert (holds(signature, keys["one"]), holds(signature, keys["two"])) == (False, True)
    assert holds(signed(f"{keys['two']}.pub"), keys["two"]), "a public key's file stands for the agent's"


def test_without_an_agent_or_a_key_in_it_nobody_signs(keys, agent, monkeypatch):
    with pytest.raises(Refused, match="the SSH agent has none of your keys") as raised:
        SIGNATURES.sign(SAID, namespace="n", key=None, public=[public(keys["one"])])
    assert raised.value.gate == "approval"
    monkeypatch.delenv("SSH_AUTH_SOCK")
    with pytest.raises(Refused, match="the SSH agent has none of your keys"):
        SIGNATURES.sign(SAID, namespace="n", key=None, public=[public(keys["one"])])


def test_whose_key_a_file_is(keys, tmp_path):
    one = keys["one"]
    assert SIGNATURES.public_key(str(one)) == public(one)
    assert SIGNATURES.public_key(f"{one}.pub") == public(one)
    alone = tmp_path / "alone"
    alone.write_bytes(one.read_bytes())
    alone.chmod(0o600)
    assert SIGNATURES.public_key(str(alone)) == public(one), "from the private key itself"


def test_key_files_that_are_none(tmp_path):
    with pytest.raises(InputError, match="no such key file"):
        SIGNATURES.public_key(str(tmp_path / "missing"))
    closed = key(tmp_path, "closed", passphrase="correct horse")
    assert SIGNATURES.public_key(str(closed)) == public(closed)
    closed.with_name("closed.pub").unlink()
    with pytest.raises(
        InputError, match=r"cannot be read; it must be Ed25519, with .*/closed\.pub beside it"
    ):
        SIGNATURES.public_key(str(closed))
    other = key(tmp_path, "ecdsa", kind="ecdsa")
    with pytest.raises(InputError, match="must be Ed25519"):
        SIGNATURES.public_key(str(other))


def test_what_ssh_keygen_says_is_told(keys, tmp_path):
    broken = tmp_path / "broken"
    broken.write_text("not a key\n")
    with pytest.raises(Refused, match=f"{broken} does not sign: "):
        signed(broken)


def test_without_ssh_keygen(monkeypatch):
    monkeypatch.setitem(os.environ, "PATH", "")
    with pytest.raises(
        Refused, match="ssh-keygen: No such file or directory; install OpenSSH's client programs"
    ):
        signed("anything")
