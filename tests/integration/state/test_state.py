"""netmgr's own loss: a workspace is archived while it works, lost, and made again in another place."""

import json
import os
import signal
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pyrage
import pytest

from netmgr.adapters.settings_yaml import load_settings
from netmgr.adapters.state_archives import DirectoryArchives, opened
from netmgr.adapters.workspace_copy import WorkspaceFiles
from netmgr.cli.main import run
from netmgr.errors import NumbersHeld, StoreError, UsageError
from netmgr.model.access import Actor
from netmgr.ports.progress import Silent
from netmgr.ports.state import Member
from netmgr.wiring import Wiring
from netmgr.workflows.jobs import JOBS
from tests.contract.store.test_numbers import R, said, take
from tests.integration.state.conftest import CANARY, forms_of, settings, wired
from tests.waiting import wait_until


def tree(root: Path) -> dict[str, tuple[int, bytes]]:
    """Every file and link of a workspace but git's and the store's, with mode and content."""
    found = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if name.startswith((".git/", ".netmgr/cache", ".netmgr/lab", ".netmgr/backups/", ".netmgr/store.db")):
            continue
        content = (
            str(path.readlink()).encode()
            if path.is_symlink()
            else path.read_bytes()
            if path.is_file()
            else b""
        )
        found[name] = stat.S_IMODE(path.lstat().st_mode), content
    return found


def exported(workspace: Path, client: str, capsysbinary) -> list[bytes]:
    capsysbinary.readouterr()
    assert run(["-w", str(workspace), "log", "export", "-c", client]) == 0
    return capsysbinary.readouterr().out.splitlines()


def restored(place, *words: str, identity: int = 1) -> int:
    target = place.around / "anew"
    key = place.identities[identity]
    return run(["state", "restore", str(place.archives()[-1]), str(target), "--identity", str(key), *words])


def test_a_workspace_that_is_lost_is_made_again(place, capsysbinary):
    assert place.netmgr("log", "checkpoint", "-c", "acme") == 0
    before = {client: exported(place.workspace, client, capsysbinary) for client in ("acme", "abilene")}
    with wired(place.workspace) as log:
        identity = log.identity
    assert place.netmgr("state", "backup") == 0
    was = tree(place.workspace)
    commits, backups = (
        place.git("log", "--format=%H %s"),
        place.git("show-ref", at=place.workspace / ".netmgr/backups/acme"),
    )
    place.workspace.rename(place.around / "lost")

    assert restored(place) == 0
    anew = place.around / "anew"
    assert tree(anew) == was
    assert sorted(path.name for path in (anew / ".netmgr").iterdir()) == ["backups", "keys", "store.db"]
    for client, lines in before.items():
        found = exported(anew, client, capsysbinary)
        assert found[:-1] == lines
        said = json.loads(found[-1])
        assert (said["kind"], said["action"], said["outcome"]) == ("state", "restore", "restored")
        assert (said["facts"]["from"], said["facts"]["lost"]) == (len(lines), {"first": len(lines) + 1})
        assert run(["-w", str(anew), "log", "verify", "-c", client]) == 0
    with wired(anew) as log:
        assert log.identity == identity
        assert (
            log.body("acme", json.loads(before["acme"][0])["body"]["digest"]) == f"{CANARY} acme 0".encode()
        )
    assert place.git("log", "--format=%H %s", at=anew) == commits
    assert place.git("status", "--porcelain", at=anew) == ""
    assert place.git("remote", "get-url", "origin", at=anew) == "https://example.net/acme.git\n"
    assert place.git("symbolic-ref", "HEAD", at=anew) == "refs/heads/trunk\n"
    repository = anew / ".netmgr/backups/acme"
    assert place.git("show-ref", at=repository) == backups
    assert place.git("log", "--format=%s", at=repository) == "two\n"
    place.git("fsck", "--full", at=repository)
    place.append("acme", 1, workspace=anew)


def test_repositories_beside_come_back_where_their_heads_were(place):
    """One whose head is detached at a commit that no branch has, one without a commit, one that is bare."""
    for name, words in (("detached", ()), ("empty", ()), ("bare", ("--bare",))):
        place.git("init", "-q", *words, name)
    detached = place.workspace / "detached"
    place.git("commit", "-q", "--allow-empty", "-m", "branch", at=detached)
    place.git("checkout", "-q", "--detach", at=detached)
    place.git("commit", "-q", "--allow-empty", "-m", "alone", at=detached)
    place.git("push", "-q", str(place.workspace / "bare"), "HEAD:refs/heads/given", at=detached)
    head = place.git("rev-parse", "HEAD", at=detached)
    assert place.netmgr("state", "backup") == 0
    assert restored(place) == 0
    anew = place.around / "anew"
    assert place.git("rev-parse", "HEAD", at=anew / "detached") == head
    assert place.git("log", "--format=%s", at=anew / "detached") == "alone\nbranch\n"
    assert (
        place.git("branch", "--format=%(refname)", "--list", "trunk", at=anew / "detached")
        == "refs/heads/trunk\n"
    )
    assert place.git("symbolic-ref", "HEAD", at=anew / "empty") == "refs/heads/trunk\n"
    assert place.git("for-each-ref", "--format=%(refname)", at=anew / "bare") == "refs/heads/given\n"
    assert place.git("rev-parse", "--is-bare-repository", at=anew / "bare") == "true\n"


def test_the_second_place_holds_ciphertext_alone(place):
    assert place.netmgr("state", "backup") == 0
    (archive,) = place.archives()
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.second.stat().st_mode) == 0o700
    data = archive.read_bytes()
    assert [form for form in forms_of(CANARY) if form in data] == []
    with opened(archive, place.identities[0], place.around) as members:
        clear = b"".join(member.data for member in members)
    assert [form in clear for form in forms_of(CANARY)[:2]] == [True, True]
    assert [path for path in place.second.iterdir() if path != archive] == []


def test_the_log_is_held_still_before_anything_else_is_read(place, monkeypatch):
    """What an entry names is there, at least as new as the entry."""
    members = WorkspaceFiles.members

    def meanwhile(self):
        place.append("acme", 1)
        yield from members(self)

    monkeypatch.setattr(WorkspaceFiles, "members", meanwhile)
    assert place.netmgr("state", "backup") == 0
    with wired(place.workspace) as log:
        (said,) = log.entries("acme", kind="state")
    assert (said.facts["until"], said.seq) == (5, 7)
    assert restored(place) == 0
    with wired(place.around / "anew") as log:
        assert [entry.seq for entry in log.entries("acme", kind="note")] == [1, 2, 3, 4, 5]


def test_each_log_says_that_it_was_kept_and_the_oldest_archives_go(place, capsys):
    for _ in range(5):
        assert place.netmgr("state", "backup", "-o", "json") == 0
    texts = capsys.readouterr().out.split("\n}\n")
    last = json.loads(texts[-2] + "}")
    assert [path.name.removesuffix(".netmgr-state.age") for path in place.archives()][-1] == last["name"]
    assert len(place.archives()) == 3
    with wired(place.workspace) as log:
        entries = list(log.entries("abilene", kind="state"))
    assert [entry.facts["until"] for entry in entries] == [3, 4, 5, 6, 7]
    assert entries[-1].facts["archive"] == last["digest"]


def test_on_schedule_one_archive_is_enough_for_every_client(place):
    wiring = Wiring(place.workspace, load_settings(place.workspace))

    def run_for(client, due):
        runtime = wiring.runtime(
            client=client,
            target="network",
            actor=Actor(id="p-1", auth="service", on="ops1"),
            request=f"scheduled-{client}",
            progress=Silent(),
            interrupted=lambda: False,
        )
        return JOBS["state_backup"].run(runtime, None, due)

    due = wiring.clock.now()
    assert [run_for(client, due) for client in ("acme", "abilene", "acme")] == ["kept", "there", "there"]
    assert len(place.archives()) == 1
    assert run_for("abilene", wiring.clock.now()) == "kept"
    for client in ("acme", "abilene"):
        entries = [(e.request, e.auth) for e in wiring.service_log.entries(client, kind="state")]
        assert entries == [("scheduled-acme", "service"), ("scheduled-abilene", "service")]
    wiring.service_log.close()
    (place.workspace / "config/netmgr.yaml").write_text("")
    wiring = Wiring(place.workspace, load_settings(place.workspace))
    with pytest.raises(UsageError, match=r"^config/netmgr\.yaml has no `state`: name a directory elsewhere"):
        run_for("acme", due)
    wiring.service_log.close()


def program(place, *words: str) -> "subprocess.CompletedProcess[str]":
    """In a process of its own, whose connections end with it."""
    netmgr = Path(sys.executable).with_name("netmgr")
    return subprocess.run(
        [netmgr, "-w", place.workspace, *words], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_a_store_elsewhere_is_archived_and_filled_as_well(place, store, request):
    secret = place.workspace / "secrets/_workspace/store"
    secret.parent.mkdir()
    secret.write_text("only-for-tests")
    secret.chmod(0o600)
    if store == "sqlite":
        more = f"store: sqlite:///{place.around / 'elsewhere.db'}\n"
    else:
        postgresql = request.getfixturevalue("postgresql")
        url = postgresql.database()
        more = f"store: {url}\nstore_password: secret://file/store\n"
    with (place.workspace / "config/netmgr.yaml").open("a") as file:
        file.write(more)
    place.append("acme", 4)
    before = program(place, "log", "export", "-c", "acme").stdout.splitlines()
    assert len(before) == 4
    assert program(place, "state", "backup").returncode == 0
    assert program(place, "state", "check", "--identity", str(place.identities[0])).returncode == 0

    anew = place.around / "anew"
    restore = (
        "state",
        "restore",
        str(place.archives()[0]),
        str(anew),
        "--identity",
        str(place.identities[0]),
    )
    refused = program(place, *restore)
    assert (refused.returncode, anew.exists()) == (1, False)
    assert "the store is not empty (bodies); restore into an empty one" in refused.stderr
    if store == "sqlite":
        for path in place.around.glob("elsewhere.db*"):
            path.unlink()
    else:
        postgresql.execute("DROP SCHEMA public CASCADE", url.rpartition("/")[2])
        postgresql.execute("CREATE SCHEMA public", url.rpartition("/")[2])
    done = program(place, *restore)
    assert (done.returncode, done.stderr) == (0, "")
    after = program(place, "-w", str(anew), "log", "export", "-c", "acme").stdout.splitlines()
    assert after[:-1] == before


def test_what_is_lost_is_told_from_tampering(place, capsys):
    assert place.netmgr("state", "backup") == 0
    place.append("acme", 3)
    newer = place.around / "acme.checkpoints"
    capsys.readouterr()
    assert place.netmgr("log", "checkpoint", "-c", "acme") == 0
    newer.write_text(capsys.readouterr().out)
    last = json.loads(newer.read_text())["seq"]
    assert restored(place, "--witness", str(newer)) == 0
    anew = place.around / "anew"
    with wired(anew) as log:
        (said,) = log.entries("acme", kind="state")
    assert said.facts["lost"] == {"first": 6, "last": last}
    place.append("acme", 9, workspace=anew)
    capsys.readouterr()
    assert run(["-w", str(anew), "log", "verify", "-c", "acme"]) == 0
    assert run(["-w", str(anew), "log", "verify", "-c", "acme", "--against", str(newer), "-o", "json"]) == 1
    document = capsys.readouterr().out
    (problem,) = json.loads(document[document.index("{") :])["problems"]
    assert (problem["seq"], problem["lost"]) == (last, True)
    assert (
        "was lost when the log was restored from a backup that ended at 5 (seq 6 says so)"
        in problem["problem"]
    )


def test_numbers_of_invoices_wait_for_somebody_who_knows(place, capsys):
    with wired(place.workspace) as log:
        assert (take(log, R), take(log, R, "abilene")) == ([1], [2])
    assert place.netmgr("state", "backup") == 0
    capsys.readouterr()
    assert restored(place) == 0
    assert (
        "numbers R- of example: 2 is the last that is known; none is issued until netmgr invoice continue says which "
        "went out last\n"
    ) in capsys.readouterr().out
    with wired(place.around / "anew") as log:
        with pytest.raises(NumbersHeld):
            take(log, R)
        log.continue_numbers("acme", R, 6, [said(R, 6)])
        assert take(log, R, "abilene") == [6]


def test_an_archive_that_is_cut_or_altered_makes_nothing(place, capsys):
    assert place.netmgr("state", "backup") == 0
    (archive,) = place.archives()
    whole = archive.read_bytes()
    wrong = [whole[: len(whole) * part // 20] for part in range(20)]
    flipped = [len(whole) * part // 20 for part in range(20)]
    wrong += [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in flipped]
    refused = 0
    for data in wrong:
        archive.write_bytes(data)
        capsys.readouterr()
        assert restored(place) == 1
        error = capsys.readouterr().err
        assert error.startswith(f"error: {archive}: ")
        assert error.count("\n") == 1
        assert not (place.around / "anew").exists()
        refused += 1
    assert refused == 40
    archive.write_bytes(whole)
    assert restored(place) == 0


def test_somebody_else_s_key_opens_nothing(place, capsys):
    assert place.netmgr("state", "backup") == 0
    stranger = place.around / "stranger.key"
    stranger.write_text(f"{pyrage.x25519.Identity.generate()}\n")
    for words in (
        ["state", "check"],
        ["state", "restore", str(place.archives()[0]), str(place.around / "anew")],
    ):
        assert place.netmgr(*words, "--identity", str(stranger)) == 1
        assert "is not one of its recipients' identities" in capsys.readouterr().err
    stranger.write_text("no key\n")
    assert place.netmgr("state", "check", "--identity", str(stranger)) == 64
    assert "no key" not in capsys.readouterr().err


def test_a_check_proves_each_log_in_the_archive(place, capsys):
    assert place.netmgr("state", "check") == 1
    assert "there is no archive" in capsys.readouterr().err
    with wired(place.workspace) as log, log._writer.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE entries SET line = CAST(replace(CAST(line AS TEXT), 'r-1', 'r-7') AS BLOB) WHERE client = 'abilene'"
        )
    assert place.netmgr("state", "backup") == 0
    capsys.readouterr()
    assert place.netmgr("state", "check", "--identity", str(place.identities[0]), "-o", "json") == 1
    found = {log["client"]: log for log in json.loads(capsys.readouterr().out)["logs"]}
    assert found["acme"]["problems"] == []
    assert found["acme"]["behind"] == 1
    assert found["abilene"]["problems"] != []


WRITER = """
    import sys
    from pathlib import Path
    from tests.integration.state.conftest import note, wired
    with wired(Path(sys.argv[1])) as log:
        for number in range(100_000):
            log.append("acme", [note("acme", number)])
"""


def test_others_go_on_writing_while_an_archive_is_made(place, capsys):
    writer = subprocess.Popen([sys.executable, "-c", textwrap.dedent(WRITER), str(place.workspace)])
    try:
        wait_until(lambda: seq(place) > 10, seconds=20)
        begun = seq(place)
        assert place.netmgr("state", "backup") == 0
        wait_until(lambda: seq(place) > begun + 20, seconds=20)
    finally:
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    assert place.netmgr("state", "check", "--identity", str(place.identities[0])) == 0
    assert restored(place) == 0


def seq(place) -> int:
    with wired(place.workspace) as log:
        return log.head("acme").seq


def test_a_backup_that_is_killed_leaves_no_archive(place):
    (place.workspace / "inventory/large").write_bytes(os.urandom(60_000_000))
    backup = subprocess.Popen(
        [Path(sys.executable).with_name("netmgr"), "-w", str(place.workspace), "state", "backup"]
    )
    wait_until(
        lambda: [path for path in place.second.glob(".*") if path.stat().st_size > 1_000_000], seconds=30
    )
    backup.kill()
    assert backup.wait() == -signal.SIGKILL
    assert place.archives() == []
    (place.workspace / "inventory/large").unlink()
    assert place.netmgr("state", "backup") == 0
    assert len(place.archives()) == 1


@pytest.mark.parametrize(
    "members",
    [
        [Member("files/../out", b"x")],
        [Member("files//etc/out", b"x")],
        [Member("files/link", b"..", kind="link"), Member("files/link/out", b"x")],
    ],
)
def test_nothing_of_an_archive_lands_outside_of_the_workspace(tmp_path, members):
    root = tmp_path / "root"
    root.mkdir()
    with pytest.raises(StoreError, match="leads out of the workspace"):
        WorkspaceFiles(root).unpack(members)
    assert [path.name for path in tmp_path.rglob("out")] == []


def test_what_git_is_told_to_run_is_not_run(place):
    """Hooks and fsmonitor of a repository are somebody's programs."""
    trap = place.around / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {place.around / 'sprung'}\n")
    trap.chmod(0o700)
    place.git("config", "core.fsmonitor", str(trap))
    place.git("config", "core.hooksPath", str(place.around))
    (place.around / "reference-transaction").symlink_to(trap)
    (place.around / "post-index-change").symlink_to(trap)
    assert place.netmgr("state", "backup") == 0
    assert restored(place) == 0
    assert not (place.around / "sprung").exists()
    assert "fsmonitor" not in place.git("config", "--local", "--list", at=place.around / "anew")
    place.git("status")
    assert (place.around / "sprung").exists(), "the trap is none"


def test_a_place_that_cannot_be_written_is_one_line(place, capsys):
    place.second.write_text("a file")
    assert place.netmgr("state", "backup") == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert str(place.second) in error
    with wired(place.workspace) as log:
        assert list(log.entries("acme", kind="state")) == []


def test_a_failure_in_the_middle_keeps_nothing(tmp_path, place):
    def members():
        yield Member("files/one", b"1")
        raise StoreError("the disk is gone")

    key = (place.workspace / "config/netmgr.yaml").read_text().split("[")[1].split(",")[0]
    with pytest.raises(StoreError, match=r"^the disk is gone$"):
        DirectoryArchives(tmp_path / "other", [key]).write("x", members())
    assert list((tmp_path / "other").iterdir()) == []


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (["age1" + "q" * 58], "needs 2 or more items"),
        (["age1" + "q" * 58] * 2, "name two different keys"),
        (["ssh-ed25519", "age1" + "q" * 58], "is no public age key"),
    ],
)
def test_settings_that_would_lose_all_with_one_key_are_refused(place, capsys, keys, said):
    settings(place.workspace, *keys)
    assert place.netmgr("state", "backup") == 1
    assert said in capsys.readouterr().err


def test_a_place_inside_of_the_workspace_is_no_second_one(place, capsys):
    text = (place.workspace / "config/netmgr.yaml").read_text().replace("../second", "second")
    (place.workspace / "config/netmgr.yaml").write_text(text)
    assert place.netmgr("state", "backup") == 64
    assert "would be lost with it" in capsys.readouterr().err
