"""The pack that a client leaves with: theirs, all of it, proved, and nothing else."""

import io
import json
import subprocess
import sys
import tarfile
from hashlib import sha256

import pyrage
import pytest

from netmgr.adapters.state_archives import identities
from netmgr.cli import exit_pack as command
from netmgr.cli.main import run as netmgr
from netmgr.errors import Refused, SecretError, StoreError, UsageError
from netmgr.model.people import People
from netmgr.workflows.exit_pack import pack
from tests.integration.backup.square import whole
from tests.integration.exit.conftest import CANARY, LOGIN, SECRET, invoiced


def opened(path, key):
    """The pack's files, as the client's age makes them."""
    clear = pyrage.decrypt(path.read_bytes(), identities(key))
    with tarfile.open(fileobj=io.BytesIO(clear), mode="r:gz") as archive:
        assert all(member.isfile() and member.mode == 0o600 for member in archive)
        return {member.name: archive.extractfile(member).read() for member in archive.getmembers()}


@pytest.fixture
def packed(leaving, key, tmp_path):
    """A pack: (what was said of it, its files)."""
    invoiced(leaving.wiring.service_log)
    path = tmp_path / "square.exit.age"
    made = pack(leaving.runtime(), str(path), key[1], secrets=False)
    return made, opened(path, key[0])


def test_all_that_is_kept_of_a_client_is_in_it_byte_for_byte(leaving, packed):
    _, files = packed
    inventory = leaving.workspace / "inventory/square"
    written = {f"inventory/{p.name}": p.read_bytes() for p in inventory.glob("*.yaml")}
    written["inventory/templates/own.j2"] = b"theirs"
    assert {name: data for name, data in files.items() if name.startswith("inventory/")} == written
    for name, device in leaving.fleet.devices.items():
        assert files[f"configurations/{name}/running.txt"].decode() == whole(device.running)
        assert json.loads(files[f"configurations/{name}/facts.json"])["hostname"] == name
    older = {n: d for n, d in files.items() if n.startswith("configurations/r1/versions/") and "running" in n}
    assert [b"banner motd second" in data for _, data in sorted(older.items())] == [False, True]
    log = leaving.wiring.service_log
    (document,) = [e for e in log.entries("square", kind="agreement") if e.action == "document"]
    assert files[f"agreements/version-1-seq-{document.seq}.pdf"] == log.body("square", document.body.digest)
    issued, made = (e.seq for e in log.entries("square", kind="invoice") if e.action != "adjust")
    assert {name: data for name, data in files.items() if name.startswith("invoices/")} == {
        f"invoices/seq-{issued}-2026-R-1.json": b'{"an": "invoice"}',
        f"invoices/seq-{made}-square-invoice.pdf": b"%PDF-invoice",
    }
    assert files["reports/square-2026-10.md"] == b"# a report"
    assert json.loads(files["tickets.jsonl"])["subject"] == "Nothing works"
    assert "我方保存的square全部资料" in files["README.md"].decode()


def test_the_manifest_has_every_file_and_is_what_the_log_says(leaving, packed, key):
    made, files = packed
    manifest = json.loads(files["manifest.json"])
    listed = {each["name"]: (each["size"], each["sha256"]) for each in manifest["files"]}
    found = {name: (len(data), sha256(data).hexdigest()) for name, data in files.items()}
    assert listed == {n: f for n, f in found.items() if n not in ("manifest.json", "SHA256SUMS")}
    sums = dict(reversed(line.split("  ")) for line in files["SHA256SUMS"].decode().splitlines())
    assert sums == {name: digest for name, (_, digest) in found.items() if name != "SHA256SUMS"}
    assert (manifest["schema"], manifest["client"]) == ("netmgr.exit-manifest/1", "square")
    (entry,) = leaving.wiring.service_log.entries("square", kind="exit")
    assert (entry.action, entry.outcome, entry.seq) == ("pack", "packed", made.seq)
    assert entry.facts == {
        "manifest": sha256(files["manifest.json"]).hexdigest(),
        "files": len(files),
        "bytes": (leaving.workspace / made.path).stat().st_size,
        "recipient": sha256(key[1].encode()).hexdigest(),
        "secrets": False,
    }


def test_the_verifier_that_is_in_it_verifies_what_is_in_it(packed, leaving, tmp_path):
    _, files = packed
    for name, data in files.items():
        path = tmp_path / "unpacked" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    pinned = sha256(leaving.wiring.signing_key.public_key()).hexdigest()
    found = subprocess.run(
        [sys.executable, "-I", "verify_log.py", "log/main.jsonl", "log/checkpoints",
         "--bodies", "log/bodies", "--key", pinned],
        cwd=tmp_path / "unpacked", capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (found.returncode, found.stderr) == (0, "")
    lines = found.stdout.splitlines()
    assert lines[1].endswith("0 MISSING, 1 erased by order")
    assert len([line for line in lines if line.endswith("signed with the key given")]) == 2
    assert lines[-1] == "all of it is witnessed"


def test_nothing_of_another_client_and_no_secret_is_in_it(leaving, packed):
    _, files = packed
    text = b"\n".join([*files.values(), *map(str.encode, files)])
    keys = [path.read_bytes() for path in (leaving.workspace / ".netmgr/keys").iterdir()]
    assert len(keys) > 3
    for needle in (
        CANARY.encode(),
        b"globex",
        SECRET.encode(),
        LOGIN.encode(),
        *(key.strip() for key in keys),
    ):
        assert needle not in text


def test_secrets_go_along_where_that_is_asked_for_and_never_how_we_get_in(leaving, key, tmp_path):
    leaving.edit("inventory/square/defaults.yaml", lambda text: f"{text}# secret://file/community\n")
    leaving.edit(
        "inventory/square/client.yaml",
        lambda text: f"{text}access: {{user: netmgr, credentials: secret://file/login}}\n",
    )
    path = tmp_path / "with.age"
    made = pack(leaving.runtime(), str(path), key[1], secrets=True)
    files = opened(path, key[0])
    assert json.loads(files["secrets.json"]) == {"secret://file/community": SECRET}
    assert LOGIN.encode() not in b"".join(files.values())
    (entry,) = leaving.wiring.service_log.entries("square", kind="exit")
    assert (made.secrets, entry.facts["secrets"]) == (True, True)
    leaving.edit("inventory/square/defaults.yaml", lambda text: f"{text}# secret://file/none\n")
    with pytest.raises(SecretError, match="secret://file/none"):
        pack(leaving.runtime(), str(tmp_path / "none.age"), key[1], secrets=True)


def test_what_cannot_be_packed_leaves_no_file_and_no_entry(leaving, key, tmp_path, monkeypatch):
    there = tmp_path / "there.age"
    there.write_text("kept")
    for path, to, error, said in (
        (there, key[1], UsageError, "is there already"),
        (tmp_path / "a.age", "age1nobody", UsageError, "give the client's age key"),
        (tmp_path / "nowhere/a.age", key[1], StoreError, "nothing was packed"),
    ):
        with pytest.raises(error, match=said):
            pack(leaving.runtime(), str(path), to, secrets=False)
    before = sorted(tmp_path.iterdir())
    log = leaving.wiring.service_log

    def full(*_, **__):
        raise StoreError("disk full")

    monkeypatch.setattr(log, "append", full)
    with pytest.raises(Refused, match="disk full"):
        pack(leaving.runtime(), str(tmp_path / "a.age"), key[1], secrets=False)
    monkeypatch.undo()
    assert sorted(tmp_path.iterdir()) == before
    assert there.read_text() == "kept"
    assert list(log.entries("square", kind="exit")) == []


def test_it_needs_the_manager(leaving, key, tmp_path):
    people = {"p-1": {"id": "p-1", "roles": {"square": ["engineer"]}}}
    leaving.wiring.people = People.model_validate({"people": people})
    with pytest.raises(Refused, match="p-1 may not agree square"):
        pack(leaving.runtime(), str(tmp_path / "a.age"), key[1], secrets=False)


def test_the_command_says_where_it_is(leaving, key, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "reading_runtime", lambda _context, _target: leaving.commands(None))
    path = str(tmp_path / "b.age")
    arguments = ["-w", str(leaving.workspace), "exit-pack", "-c", "square", "--to", key[1], "--out", path]
    assert netmgr([*arguments, "-o", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert list(said) == [
        "schema",
        "client",
        "path",
        "manifest",
        "files",
        "bytes",
        "recipient",
        "secrets",
        "seq",
    ]
    assert (said["schema"], said["path"]) == ("netmgr.exit-pack/1", path)
    assert netmgr(arguments) == 64
    assert "is there already" in capsys.readouterr().err
