"""Checkpoints with a directory, a git remote and a mailbox, all real; verification is held against what they keep."""

import json
import subprocess
from pathlib import Path

import pytest

from netmgr.adapters.settings_yaml import load_settings
from netmgr.cli.main import run
from netmgr.wiring import Wiring
from tests.integration.notify.receivers import MailBox, certificates
from tests.unit.log.drafts import draft

NOTIFY = """\
mail: {server: localhost, port: %d, ca: ca.pem, from: netmgr@msp.example, user: netmgr, password: secret://file/smtp}
allow: [127.0.0.0/8]
rules: []
"""


@pytest.fixture
def workspace(tmp_path):
    root = tmp_path / "workspace"
    (root / "inventory/acme").mkdir(parents=True)
    (root / "config").mkdir()
    (root / "config/netmgr.yaml").write_text("witnesses:\n  - directory: ../ours\n")
    (root / "inventory/acme/client.yaml").write_text("id: acme\n")
    (root / "inventory/acme/hosts.yaml").write_text("{}\n")
    (tmp_path / "ours").mkdir()
    grow(root, 3)
    return root


def grow(root: Path, count: int) -> None:
    with Wiring(root, load_settings(root)).service_log as log:
        log.append("acme", [draft() for _ in range(count)])


def named(root: Path, *places: str) -> None:
    text = "".join(f"  - {place}\n" for place in places)
    (root / "inventory/acme/client.yaml").write_text(f"id: acme\nwitnesses:\n{text}")


def witness(root: Path, capsys) -> tuple[int, dict]:
    capsys.readouterr()
    code = run(["-w", str(root), "log", "witness", "-c", "acme", "-o", "json"])
    return code, json.loads(capsys.readouterr().out)


def verify(root: Path, checkpoint: Path) -> int:
    return run(["-w", str(root), "log", "verify", "-c", "acme", "--against", str(checkpoint)])


def entries(root: Path) -> list:
    with Wiring(root, load_settings(root)).service_log as log:
        return list(log.entries("acme", kind="witness"))


def bare(path: Path) -> Path:
    subprocess.run(["git", "init", "-q", "--bare", str(path)], check=True)
    return path


def git(path: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=path, capture_output=True, text=True, check=True).stdout


def test_a_directory_has_a_line_for_each_checkpoint(workspace, capsys):
    for seq in (3, 4):
        code, said = witness(workspace, capsys)
        assert (code, said["outcome"], said["kept"], said["checkpoint"]["seq"]) == (
            0,
            "given",
            ["directory"],
            seq,
        )
    kept = workspace.parent / "ours/acme.checkpoints"
    lines = kept.read_text().splitlines()
    assert [json.loads(line)["seq"] for line in lines] == [3, 4]
    assert json.loads(lines[-1]) == said["checkpoint"]
    facts = {"failed": [], "hash": said["checkpoint"]["hash"], "kept": ["directory"], "until": 4}
    assert [entry.facts for entry in entries(workspace)][-1] == facts
    single = workspace.parent / "single.json"
    single.write_text(lines[0])
    assert verify(workspace, single) == 0


def test_a_git_remote_has_a_commit_for_each_and_only_this_client_s(workspace, capsys):
    remote = bare(workspace.parent / "theirs.git")
    named(workspace, "git: ../theirs.git")
    for _ in range(2):
        assert witness(workspace, capsys)[1]["kept"] == ["directory", "git"]
    assert git(remote, "for-each-ref", "--format=%(refname)").split() == ["refs/heads/acme"]
    assert git(remote, "log", "--format=%s", "acme").splitlines() == ["acme: seq 4", "acme: seq 3"]
    lines = git(remote, "show", "acme:acme.checkpoints").splitlines()
    assert [json.loads(line)["seq"] for line in lines] == [3, 4]


def test_a_remote_that_was_rewritten_is_never_overwritten(workspace, capsys):
    remote = bare(workspace.parent / "theirs.git")
    named(workspace, "git: ../theirs.git")
    assert witness(workspace, capsys)[0] == 0
    git(remote, "update-ref", "-d", "refs/heads/acme")
    other = workspace.parent / "other"
    git(workspace.parent, "init", "-q", str(other))
    git(
        other,
        "-c",
        "user.name=x",
        "-c",
        "user.email=x@example.net",
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        "else",
    )
    git(other, "push", "-q", str(remote), "HEAD:refs/heads/acme")
    code, said = witness(workspace, capsys)
    assert (code, said["outcome"], said["kept"]) == (1, "partly", ["directory"])
    assert "git push" in said["problems"][0]
    assert git(remote, "log", "--format=%s", "acme") == "else\n"
    assert entries(workspace)[-1].facts["failed"] == ["git"]


def test_a_mailbox_is_sent_what_verifies(workspace, capsys):
    box = MailBox(certificates(workspace))
    (workspace / "secrets/_workspace").mkdir(parents=True)
    secret = workspace / "secrets/_workspace/smtp"
    secret.write_text("letter-opener")
    secret.chmod(0o600)
    (workspace / "config/notify.yaml").write_text(NOTIFY % box.port)
    named(workspace, "mail: auditor@acme.example")
    box.up()
    try:
        assert witness(workspace, capsys)[1]["kept"] == ["directory", "mail"]
    finally:
        box.down()
    (mail,) = box.mails
    assert mail["To"] == "auditor@acme.example"
    assert mail["Subject"] == "Checkpoint of the service log of acme: entry 3"
    line = next(line for line in mail.get_body(("plain",)).get_content().splitlines() if line.startswith("{"))
    kept = workspace.parent / "mail.json"
    kept.write_text(line)
    assert verify(workspace, kept) == 0
    code, said = witness(workspace, capsys)
    assert (code, said["kept"]) == (1, ["directory"])


def test_what_the_owner_rewrites_or_cuts_off_a_witness_shows(workspace, capsys):
    """The checkpoints that the store keeps itself are deleted with the rest."""
    grow(workspace, 5)
    assert witness(workspace, capsys)[0] == 0
    wiring = Wiring(workspace, load_settings(workspace))
    with wiring.service_log as log, log._writer.begin() as connection:
        connection.exec_driver_sql("DELETE FROM entries WHERE seq > 6")
        connection.exec_driver_sql("DELETE FROM checkpoints")
    assert run(["-w", str(workspace), "log", "verify", "-c", "acme"]) == 0
    capsys.readouterr()
    assert verify(workspace, workspace.parent / "ours/acme.checkpoints") == 1
    assert "the log ends at 6: truncated" in capsys.readouterr().out
    grow(workspace, 9)
    assert verify(workspace, workspace.parent / "ours/acme.checkpoints") == 1
    assert "rewritten" in capsys.readouterr().out


def test_a_directory_that_is_not_mounted_is_not_made(workspace, capsys):
    (workspace.parent / "ours").rmdir()
    code, said = witness(workspace, capsys)
    assert (code, said["outcome"]) == (1, "failed")
    assert "the witness did not take it: No such file" in said["problems"][0]
    assert not (workspace.parent / "ours").exists()


@pytest.mark.parametrize(
    ("place", "problem"),
    [
        ("{}", "write one of the three"),
        ("{directory: x, mail: a@b.example}", "write one of the three"),
        ("git: ext::sh -c id", "is no place for git to push to"),
        ("git: ssh://-oProxyCommand=x/y", "is no place for git to push to"),
        ("git: --upload-pack=x", "is no place for git to push to"),
        ("git: https://me:secret-word@host.example/x", "is no place for git to push to"),
    ],
)
def test_places_that_are_none_are_refused_at_their_line(workspace, capsys, place, problem):
    named(workspace, place)
    assert run(["-w", str(workspace), "log", "witness", "-c", "acme"]) == 1
    error = capsys.readouterr().err
    assert "inventory/acme/client.yaml:" in error
    assert problem in error
    assert "secret-word" not in error


def test_nobody_is_no_witness(workspace, capsys):
    (workspace / "config/netmgr.yaml").write_text("{}\n")
    assert run(["-w", str(workspace), "log", "witness", "-c", "acme"]) == 1
    assert "nobody witnesses its log" in capsys.readouterr().err
