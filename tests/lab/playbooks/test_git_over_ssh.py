"""A second copy, or a witness, in a repository behind a real SSH server: pushed to a known host, and to no other."""

import json
from pathlib import Path

import pytest

from netmgr.adapters.git_repository import GitRepository
from netmgr.errors import StoreError

pytestmark = pytest.mark.lab
THEIRS = "/srv/theirs.git"


@pytest.fixture
def remote(office, tmp_path, monkeypatch):
    """The repository's place, for an ssh whose user trusts every key: what netmgr asks of ssh has to be enough."""
    status = json.loads(office.run("lab", "status", "-c", "office", "-o", "json")[0])
    web = next(device for device in status["devices"] if device["device"] == "web")
    office.on("web", "git", "init", "-q", "--bare", "--template=", THEIRS)
    known = tmp_path / "known_hosts"
    known.write_text(Path(web["known_hosts"]).read_text())
    (tmp_path / "config").write_text(
        f"StrictHostKeyChecking no\nUserKnownHostsFile {known}\nIdentityFile {web['identity']}\n"
    )
    ssh = tmp_path / "bin/ssh"
    ssh.parent.mkdir()
    ssh.write_text(f'#!/bin/sh\nexec /usr/bin/ssh -F "{tmp_path}/config" "$@"\n')
    ssh.chmod(0o700)
    monkeypatch.setenv("PATH", f"{ssh.parent}:/usr/bin:/bin")
    yield known, f"ssh://{web['user']}@127.0.0.1:{web['port']}{THEIRS}"
    office.on("web", "rm", "-rf", THEIRS)


def committed(repository: GitRepository, number: int) -> str:
    with repository.writing():
        return repository.commit(
            "network", {"a": b"%d" % number}, removed=(), message=str(number), seconds=number
        )


def test_what_is_pushed_arrives_and_a_host_that_is_not_known_gets_nothing(office, tmp_path, remote):
    known, place = remote

    def theirs() -> str:
        return office.on("web", "git", "--git-dir", THEIRS, "rev-parse", "network").strip()

    repository = GitRepository(tmp_path / "ours.git")
    first = committed(repository, 1)
    repository.push(place, "network")
    assert theirs() == first
    second = committed(repository, 2)
    kept = known.read_text()
    keys = [line.split() for line in kept.splitlines()]
    others = "".join(
        f"{key[0]} {key[1]} {other[2]}\n" for key, other in zip(keys, keys[1:] + keys[:1], strict=True)
    )
    for wrong in ("", others):
        known.write_text(wrong)
        with pytest.raises(StoreError, match="push: Host key verification failed: the host's key"):
            repository.push(place, "network")
        assert known.read_text() == wrong
    assert theirs() == first
    known.write_text(kept)
    repository.push(place, "network")
    assert theirs() == second
    with repository.writing():
        repository.cut("network", second)
    third = committed(repository, 3)
    repository.push(place, "network")
    assert theirs() == third
