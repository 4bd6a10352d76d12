"""A backup whose process ends at any step of its commit: what was told of before is there, and the next run works."""

import pytest

from netmgr.adapters import git_repository
from netmgr.adapters.backups_git import GitBackups, make_identity
from netmgr.adapters.git_repository import GitRepository
from netmgr.model.backup import Offered


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def made(tmp_path):
    offline = make_identity(tmp_path / "offline.key")

    def make():
        return GitBackups(
            tmp_path / "backups",
            key=tmp_path / "backups.age",
            hmac_key=lambda: b"k" * 32,
            offline=[offline],
        )

    return make


def offered(content):
    return [
        Offered(device="r1", platform="frr", taken="2026-11-23T08:00:00Z", documents={"running": content})
    ]


def steps(monkeypatch, end):
    """Every command of git and every flush is two steps: before it, and after it. The process ends at ``end``."""
    done = 0

    def step():
        nonlocal done
        done += 1
        if done == end:
            raise Killed

    def around(function):
        def run(*arguments, **named):
            step()
            result = function(*arguments, **named)
            step()
            return result

        return run

    monkeypatch.setattr(GitRepository, "_git", around(GitRepository._git))
    monkeypatch.setattr(git_repository, "synced", around(git_repository.synced))
    return lambda: done


def test_wherever_it_ends_nothing_that_was_told_is_lost(made, monkeypatch):
    ended, points = True, 0
    while ended:
        points += 1
        before = made().versions("acme", "network")
        content = b"%d\nend\n" % points
        with monkeypatch.context() as patched:
            steps(patched, points)
            try:
                made().put("acme", "network", offered(content), "x\n")
                ended = False
            except Killed:
                pass
        backups = made()
        kept = backups.versions("acme", "network")
        assert {v.commit for v in kept} >= {v.commit for v in before}
        assert backups.check("acme", kept) == ()
        # Whoever comes next finds it there, or keeps it.
        again = backups.put("acme", "network", offered(content), "x\n")["r1"]
        found = backups.find("acme", "network", "r1", again.commit)
        assert backups.read("acme", found) == {"running": content}
    assert points > 20
