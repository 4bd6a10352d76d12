"""Backups in git: complete, encrypted, versioned, and nothing in the repository is ever run."""

import os
import shutil
import stat
import subprocess
from datetime import UTC, datetime

import pyrage
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netmgr.adapters.backups_git import GitBackups, make_identity
from netmgr.adapters.git_repository import GitRepository
from netmgr.errors import InputError, StoreError, UsageError
from netmgr.model.audit import Finding
from netmgr.model.backup import Offered
from netmgr.model.backup_set import SecondCopy

DOUBT = (Finding(check="shrunk", status="failed", severity="error", detail="2 lines of 9 are left"),)
CANARY = b"neighbor 10.0.0.1 password canary-7\nend\n"


@pytest.fixture
def offline(tmp_path):
    return make_identity(tmp_path / "offline.key")


@pytest.fixture
def backups(tmp_path, offline):
    return made(tmp_path, offline)


def made(path, *offline, hmac_key=b"k" * 32, others=tuple):
    return GitBackups(
        path / "backups",
        key=path / "keys" / "backups.age",
        hmac_key=lambda: hmac_key,
        offline=offline,
        others=others,
    )


def offer(device, running, *, taken="2026-11-23T08:00:00Z", findings=(), **documents):
    return Offered(
        device=device,
        platform="frr",
        taken=taken,
        documents={"running": running, **documents},
        findings=findings,
    )


def put(backups, *offered, client="acme", target="network"):
    return backups.put(client, target, offered, "Backup\n")


def commits(path, branch="network"):
    argv = ["git", "-C", path / "backups/acme", "rev-list", branch]
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout.split()


def test_what_is_unchanged_is_no_commit(backups, tmp_path):
    first = put(backups, offer("r1", b"a\nend\n"), offer("r2", b"b\nend\n"))
    again = put(backups, offer("r1", b"a\nend\n", taken="2026-11-24T08:00:00Z"), offer("r2", b"b\nend\n"))
    assert {name: (s.commit, s.changed) for name, s in again.items()} == {
        name: (stored.commit, False) for name, stored in first.items()
    }
    later = put(backups, offer("r1", b"a\nend\n"), offer("r2", b"c\nend\n"))
    assert (later["r1"].commit, later["r1"].changed, later["r2"].changed) == (first["r1"].commit, False, True)
    assert commits(tmp_path) == [later["r2"].commit, first["r1"].commit]
    versions = [(v.note.device, v.commit) for v in backups.versions("acme", "network")]
    assert versions == [
        ("r2", later["r2"].commit),
        ("r1", first["r1"].commit),
        ("r2", first["r2"].commit),
    ]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contents=st.lists(st.binary(max_size=400), min_size=1, max_size=6))
def test_every_stored_version_restores_byte_equal(contents, tmp_path_factory):
    path = tmp_path_factory.mktemp("equal")
    backups = made(path, make_identity(path / "offline.key"))
    stored = [put(backups, offer("r1", c, startup=c[::-1], facts=b"{}"))["r1"] for c in contents]
    for content, at in zip(contents, stored, strict=True):
        version = backups.find("acme", "network", "r1", at.commit)
        assert backups.read("acme", version) == {"running": content, "startup": content[::-1], "facts": b"{}"}
    assert backups.check("acme", backups.versions("acme", "network")) == ()


def test_two_people_can_open_it_one_of_them_elsewhere(backups, offline, tmp_path):
    commit = put(backups, offer("r1", CANARY))["r1"].commit
    argv = ["git", "-C", tmp_path / "backups/acme", "show", f"{commit}:devices/r1/running.age"]
    sealed = subprocess.run(argv, check=True, capture_output=True).stdout
    for file in ("offline.key", "keys/backups.age"):
        lines = (tmp_path / file).read_text().splitlines()
        identity = pyrage.x25519.Identity.from_str(lines[-1])
        assert pyrage.decrypt(sealed, [identity]) == CANARY
    assert backups.recipients[1:] == (offline,)
    assert b"canary" not in b"".join(p.read_bytes() for p in (tmp_path / "backups").rglob("*") if p.is_file())


def test_nobody_elsewhere_nothing_is_kept(tmp_path):
    with pytest.raises(InputError, match=r"config/netmgr.yaml:1: backups.recipients: names nobody"):
        put(made(tmp_path), offer("r1", b"x"))
    own = str(made(tmp_path)._identity().to_public())
    with pytest.raises(InputError, match="every identity named is on this machine"):
        put(made(tmp_path, own), offer("r1", b"x"))
    assert not (tmp_path / "backups").exists()


def test_a_new_recipient_gets_the_unchanged_too(backups, offline, tmp_path):
    put(backups, offer("r1", CANARY))
    public = make_identity(tmp_path / "second.key")
    again = put(made(tmp_path, offline, public), offer("r1", CANARY))["r1"]
    assert again.changed
    note = backups.find("acme", "network", "r1", None).note
    assert note.recipients[1:] == (offline, public)


def planted(repository, ran):
    """Everything in a repository that git might run."""
    hooks = repository / "hooks"
    hooks.mkdir(exist_ok=True)
    script = f"#!/bin/sh\necho $0 >> {ran}\n"
    names = (
        *("pre-commit", "post-commit", "commit-msg", "prepare-commit-msg", "reference-transaction"),
        *("post-index-change", "pre-push", "update", "pre-receive", "post-receive", "pre-auto-gc"),
        "fsmonitor",
    )
    for name in names:
        (hooks / name).write_text(script)
        (hooks / name).chmod(0o755)
    program = hooks / "fsmonitor"
    (repository / "config").write_text(
        f"[core]\n\trepositoryformatversion = 0\n\tbare = true\n\tfsmonitor = {program}\n\thooksPath = {hooks}\n"
        f"\tpager = {program}\n\teditor = {program}\n\tsshCommand = {program}\n\talternateRefsCommand = {program}\n"
        f"\tattributesFile = {hooks}/attributes\n[gpg]\n\tprogram = {program}\n[log]\n\tshowSignature = true\n"
        f'[commit]\n\tgpgSign = true\n[diff]\n\texternal = {program}\n[diff "x"]\n\ttextconv = {program}\n'
        f'[filter "x"]\n\tclean = {program}\n\tsmudge = {program}\n[include]\n\tpath = {hooks}/more\n'
    )
    (repository / "info").mkdir(exist_ok=True)
    (repository / "info/attributes").write_text("* diff=x filter=x\n")


def test_what_is_planted_in_the_repository_is_not_run(backups, tmp_path, monkeypatch):
    ran = tmp_path / "ran"
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    (tmp_path / "gitconfig").write_text(f"[core]\n\tfsmonitor = touch {ran}\n")
    first = put(backups, offer("r1", b"a\nend\n"))["r1"]
    repository = tmp_path / "backups/acme"
    planted(repository, ran)
    # Once for real, so that the trap is known to work: without our own switches git runs it.
    copy = tmp_path / "copy"
    shutil.copytree(repository, copy)
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    argv = ["git", "-C", copy, "update-ref", "refs/heads/other", first.commit]
    subprocess.run(argv, check=False, env=environment, capture_output=True)
    assert ran.read_text(), "the hook is not where git looks for it"
    ran.unlink()
    later = put(backups, offer("r1", b"b\nend\n"))["r1"]
    assert later.changed
    versions = backups.versions("acme", "network")
    assert [backups.read("acme", v)["running"] for v in versions] == [b"b\nend\n", b"a\nend\n"]
    assert backups.check("acme", versions) == ()
    assert not ran.exists()


def test_it_is_private(backups, tmp_path):
    put(backups, offer("r1", CANARY))
    for path in (tmp_path / "backups").rglob("*"):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def test_quarantine_leaves_the_newest_good_one_where_it_is(backups):
    good = put(backups, offer("r1", b"1\n2\n3\nend\n"))["r1"].commit
    doubtful = put(backups, offer("r1", b"1\nend\n", findings=DOUBT))["r1"]
    assert doubtful.changed
    assert not put(backups, offer("r1", b"1\nend\n", findings=DOUBT))["r1"].changed
    assert backups.newest("acme", "network")["r1"].commit == good
    assert backups.find("acme", "network", "r1", None).commit == good
    found = backups.find("acme", "network", "r1", doubtful.commit)
    assert (found.quarantined, found.note.findings) == (True, DOUBT)
    assert backups.read("acme", found) == {"running": b"1\nend\n"}
    back = put(backups, offer("r1", b"1\n2\n3\nend\n"))["r1"]
    assert (back.commit, back.changed) == (good, False), "the good one never went away"
    listed = [(v.commit, v.quarantined) for v in backups.versions("acme", "network")]
    assert listed == [(doubtful.commit, True), (good, False)]
    accepted = put(backups, offer("r1", b"1\nend\n"))["r1"]
    assert (accepted.changed, backups.newest("acme", "network")["r1"].commit) == (True, accepted.commit)


def test_clients_and_targets_are_apart(backups):
    put(backups, offer("r1", b"of acme\n"))
    put(backups, offer("r1", b"of the lab\n"), target="lab")
    put(backups, offer("r1", b"of other\n"), client="other")
    read = {
        (client, target): backups.read(client, backups.find(client, target, "r1", None))["running"]
        for client, target in (("acme", "network"), ("acme", "lab"), ("other", "network"))
    }
    assert read == {
        ("acme", "network"): b"of acme\n",
        ("acme", "lab"): b"of the lab\n",
        ("other", "network"): b"of other\n",
    }


def test_what_was_altered_is_told(backups, offline, tmp_path):
    put(backups, offer("r1", CANARY), offer("r2", b"x\nend\n"))
    versions = backups.versions("acme", "network")
    other = made(tmp_path, offline, hmac_key=b"o" * 32)
    assert [p.device for p in other.check("acme", versions)] == ["r1", "r2"]
    swapped = versions[0].model_copy(update={"note": versions[0].note.model_copy(update={"device": "r2"})})
    with pytest.raises(StoreError, match="is not what was kept"):
        backups.read("acme", swapped)
    pack = next((tmp_path / "backups/acme/objects/pack").glob("*.pack"))
    pack.chmod(0o600)
    data = bytearray(pack.read_bytes())
    data[len(data) // 2] ^= 1
    pack.write_bytes(data)
    assert backups.check("acme", versions)


def test_with_the_workspace_s_key_lost_the_one_that_was_put_away_opens_it(backups, offline, tmp_path):
    put(backups, offer("r1", CANARY))
    (tmp_path / "keys/backups.age").unlink()
    version = backups.find("acme", "network", "r1", None)
    with pytest.raises(StoreError, match="NETMGR_AGE_IDENTITY"):
        backups.read("acme", version)
    line = (tmp_path / "offline.key").read_text().splitlines()[-1]
    rescue = made(tmp_path, offline, others=lambda: [pyrage.x25519.Identity.from_str(line)])
    assert rescue.read("acme", version) == {"running": CANARY}


@pytest.mark.parametrize("left", ["refs/heads/network.lock", "HEAD.lock", "objects/pack/tmp_pack_x"])
def test_what_a_killed_git_left_behind_keeps_nobody_out(backups, tmp_path, left):
    put(backups, offer("r1", b"a\n"))
    (tmp_path / "backups/acme" / left).write_bytes(b"")
    assert put(backups, offer("r1", b"b\n"))["r1"].changed
    assert not (tmp_path / "backups/acme" / left).exists()


def test_names_that_are_no_version(backups):
    with pytest.raises(UsageError, match="netmgr backup run -c acme"):
        backups.find("acme", "network", "r1", None)
    put(backups, offer("r1", b"a\n"))
    for version in ("0000", "HEAD", "--help", "network", "zzzz"):
        with pytest.raises(UsageError):
            backups.find("acme", "network", "r1", version)
    with pytest.raises(UsageError):
        backups.find("acme", "network", "r2", None)


def test_many_commits_are_packed_together(backups, tmp_path, monkeypatch):
    monkeypatch.setattr("netmgr.adapters.git_repository._PACKS", 2)
    for number in range(5):
        put(backups, offer("r1", b"%d\n" % number))
    assert len(list((tmp_path / "backups/acme/objects/pack").glob("*.pack"))) <= 3
    contents = [backups.read("acme", v)["running"] for v in backups.versions("acme", "network")]
    assert contents == [b"4\n", b"3\n", b"2\n", b"1\n", b"0\n"]


def test_it_is_flushed_before_its_name_is_told(backups, tmp_path, monkeypatch):
    """The directories of the pack and of the branch are synced after git has written them, each in its turn."""
    flushed = []

    def note(directory):
        heads = tmp_path / "backups/acme/refs/heads/network"
        where = str(directory.relative_to(tmp_path / "backups/acme"))
        flushed.append((where, heads.read_text().strip() if heads.exists() else None))

    monkeypatch.setattr("netmgr.adapters.git_repository.synced", note)
    commit = put(backups, offer("r1", b"a\n"))["r1"].commit
    assert flushed == [
        ("objects/pack", None),
        ("objects", None),
        (".", None),
        ("refs/heads", commit),
        ("refs", commit),
        (".", commit),
    ]


def at(day):
    return datetime(2026, 11, day, 12, tzinfo=UTC)


def aged(backups):
    """r1 changes on four days, r2 on the first only."""
    made = [
        put(
            backups,
            offer("r1", b"%d\n" % day, taken=f"2026-11-{day:02}T08:00:00Z"),
            offer("r2", b"x\n", taken=f"2026-11-{day:02}T08:00:00Z"),
        )
        for day in (1, 2, 3, 4)
    ]
    return [each["r1"].commit for each in made]


def test_old_versions_go_and_the_one_in_force_then_stays(backups, tmp_path):
    first, second, third, fourth = aged(backups)
    assert backups.expiring("acme", "network", at(1)) is None
    expiry = backups.expiring("acme", "network", at(3))
    assert (expiry.oldest, expiry.commits) == (third, (second, first))
    packs = [p.stat().st_size for p in (tmp_path / "backups/acme/objects/pack").glob("*.pack")]
    backups.expire("acme", "network", expiry)
    assert commits(tmp_path) == [fourth, third]
    listed = [(v.note.device, v.commit) for v in backups.versions("acme", "network")]
    assert listed == [("r1", fourth), ("r1", third), ("r2", third)], "r2 is of the oldest that is kept"
    versions = backups.versions("acme", "network")
    contents = [backups.read("acme", v)["running"] for v in versions]
    assert (contents, backups.check("acme", versions)) == ([b"4\n", b"3\n", b"x\n"], ())
    left = [p.stat().st_size for p in (tmp_path / "backups/acme/objects/pack").glob("*.pack")]
    assert sum(left) < sum(packs), "the old content is gone from the disk"
    argv = ["git", "-C", tmp_path / "backups/acme", "cat-file", "-e", first]
    assert subprocess.run(argv, check=False, capture_output=True).returncode != 0
    fifth = "2026-11-05T08:00:00Z"
    later = put(backups, offer("r1", b"5\n", taken=fifth), offer("r2", b"x\n", taken=fifth))
    assert (later["r1"].changed, later["r2"].changed, commits(tmp_path)[1:]) == (True, False, [fourth, third])
    backups.expire("acme", "network", backups.expiring("acme", "network", at(4)))
    assert commits(tmp_path) == [later["r1"].commit, fourth]
    assert backups.expiring("acme", "network", at(4)) is None


def test_a_second_copy_follows_and_forgets_too(backups, offline, tmp_path):
    place = SecondCopy(directory=str(tmp_path / "second"))
    with pytest.raises(StoreError, match="nothing is kept of the network yet"):
        backups.copy("acme", "network", place, None)
    first, _, third, fourth = aged(backups)
    with pytest.raises(StoreError, match="is no directory; mount it"):
        backups.copy("acme", "network", place, None)
    (tmp_path / "second").mkdir()
    assert backups.copy("acme", "network", place, None) == fourth
    argv = ["git", "-C", tmp_path / "second/acme", "rev-list", "network"]
    read = subprocess.run(argv, check=True, capture_output=True, text=True).stdout.split
    assert read()[-1] == first
    put(backups, offer("r1", b"5\n", taken="2026-11-05T08:00:00Z"))
    backups.expire("acme", "network", backups.expiring("acme", "network", at(3)))
    assert backups.copy("acme", "network", place, at(3)) == commits(tmp_path)[0]
    left = subprocess.run(argv, check=True, capture_output=True, text=True).stdout.split()
    assert (left, left[-1]) == (commits(tmp_path), third)
    # The first place burns: the second is opened with the identity that was put away.
    shutil.rmtree(tmp_path / "backups")
    shutil.rmtree(tmp_path / "keys")
    line = (tmp_path / "offline.key").read_text().splitlines()[-1]
    shutil.copytree(tmp_path / "second", tmp_path / "backups")
    rescue = made(tmp_path, offline, others=lambda: [pyrage.x25519.Identity.from_str(line)])
    contents = [rescue.read("acme", v)["running"] for v in rescue.versions("acme", "network")]
    assert contents == [b"5\n", b"4\n", b"3\n", b"x\n"]


def test_a_new_second_copy_of_what_was_cut_is_whole(backups, tmp_path):
    _, _, third, _ = aged(backups)
    backups.expire("acme", "network", backups.expiring("acme", "network", at(3)))
    (tmp_path / "second").mkdir()
    backups.copy("acme", "network", SecondCopy(directory=str(tmp_path / "second")), at(3))
    argv = ["git", "-C", tmp_path / "second/acme", "rev-list", "network"]
    assert subprocess.run(argv, check=True, capture_output=True, text=True).stdout.split()[-1] == third


def test_what_is_planted_in_a_second_copy_is_not_run(backups, tmp_path):
    ran = tmp_path / "ran"
    (tmp_path / "second").mkdir()
    place = SecondCopy(directory=str(tmp_path / "second"))
    put(backups, offer("r1", b"a\n"))
    backups.copy("acme", "network", place, None)
    planted(tmp_path / "second/acme", ran)
    planted(tmp_path / "backups/acme", ran)
    put(backups, offer("r1", b"b\n"))
    head = backups.copy("acme", "network", place, None)
    argv = ["git", "-C", tmp_path / "second/acme", "rev-parse", "refs/heads/network"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    done = subprocess.run(argv, check=True, env=environment, capture_output=True, text=True)
    assert (done.stdout.strip(), ran.exists()) == (head, False)


def test_a_remote_gets_each_commit_and_no_hook_of_ours_runs(backups, tmp_path):
    remote = tmp_path / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", remote], check=True)
    put(backups, offer("r1", b"a\n"))
    repository = GitRepository(tmp_path / "backups/acme")
    planted(tmp_path / "backups/acme", tmp_path / "ran")
    for content in (b"b\n", b"c\n"):
        head = put(backups, offer("r1", content))["r1"].commit
        repository.push(str(remote), "network")
        argv = ["git", "-C", remote, "rev-parse", "network"]
        assert subprocess.run(argv, check=True, capture_output=True, text=True).stdout.strip() == head
    assert not (tmp_path / "ran").exists()
    with pytest.raises(StoreError, match="git push"):
        repository.push(str(tmp_path / "nowhere.git"), "network")
