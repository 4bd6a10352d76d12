"""``netmgr log``: parse → workflow → view, over the store in memory."""

import json
from base64 import b64decode
from contextlib import contextmanager
from hashlib import sha256
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from netmgr.adapters.signing_key import SigningKey
from netmgr.adapters.store_memory import MemoryServiceLog
from netmgr.cli.context import Context
from netmgr.cli.log import log as command
from netmgr.errors import InputError, StoreError, UsageError
from netmgr.model.access import Actor
from netmgr.model.checkpoint import Checkpoint
from netmgr.model.entry import Body
from netmgr.model.people import People
from tests.clock import ManualClock
from tests.unit.log.drafts import draft, intent, result


@pytest.fixture
def store():
    return MemoryServiceLog(ManualClock())


@pytest.fixture
def run(store, tmp_path):
    """Run ``netmgr log ARGUMENTS`` for acme; raises what main turns into a line and an exit code."""
    key = SigningKey(tmp_path / "log-ed25519")

    def invoke(*arguments, client="acme", parts=None, **options):
        context = Context()
        if client is not None:
            context.set("client", client, environment=False)
        known = {"service_log": store, "clock": ManualClock(), "signing_key": key}
        context.__dict__["wiring"] = SimpleNamespace(**known, **(parts or {}))
        context.__dict__["actor"] = Actor(id="p-17", auth="os", on="ops1")
        context.__dict__["request"] = "r-9"
        return CliRunner().invoke(
            command,
            [str(a) for a in arguments],
            obj=context,
            standalone_mode=False,
            catch_exceptions=False,
            **options,
        )

    return invoke


def test_the_table_fits_a_hundred_columns(store, run):
    change = "0198a1b2-0000-7000-8000-0123456789ab"
    store.append("acme", [intent(change), result(change, device="a-device-with-a-very-long-name-indeed")])
    store.append("acme", [draft(kind="inventory", action="record", target="lab", facts={"digest": "d"})])
    lines = run("list").stdout.splitlines()
    assert max(map(len, lines)) <= 100
    assert [line.split() for line in lines] == [
        ["SEQ", "TIME", "TARGET", "KIND", "ACTION", "STEP", "DEVICE", "ACTOR", "CHANGE"],
        ["1", "2026-11-23", "08:00:00", "network", "change", "deploy", "intent", "p-17", "…456789ab"],
        [
            "2",
            "2026-11-23",
            "08:00:00",
            "network",
            "change",
            "deploy",
            "applied",
            "a-device-with-a-ver",
            "p-17",
            "…456789ab",
        ],
        ["y-long-name-indeed"],
        ["3", "2026-11-23", "08:00:00", "lab", "inventory", "record", "result", "p-17"],
    ]
    assert max(map(len, lines)) <= 100


def test_a_list_is_filtered_and_paged(store, run):
    store.append("acme", [draft(device=f"d{n % 2}", request=f"r-{n}") for n in range(1, 6)])

    def listed(*options):
        document = json.loads(run("list", "-o", "json", *options).stdout)
        assert (document["schema"], document["client"]) == ("netmgr.log-list/1", "acme")
        return [entry["seq"] for entry in document["entries"]]

    assert listed() == [1, 2, 3, 4, 5]
    assert listed("-n", 2) == [4, 5]
    assert listed("--after", 1, "--count", 2) == [2, 3]
    assert listed("--device", "d1") == [1, 3, 5]
    assert listed("--request", "r-4") == [4]
    assert listed("--kind", "audit") == []
    assert (
        json.loads(run("list", "-o", "json").stdout)["entries"][0] == next(store.entries("acme")).document()
    )


def test_an_empty_list_says_so_on_standard_error(run):
    found = run("list")
    assert (found.stdout, found.stderr, found.return_value) == ("", "acme: no entries\n", 0)


def test_the_client_is_required(run):
    with pytest.raises(UsageError, match=r"^no client: name one with -c CLIENT"):
        run("list", client=None)


def test_an_entry_is_shown_with_its_body_made_harmless(store, run):
    hostile = "interface eth0\n\tno shutdown\x1b[2J\r\x07 \u202egnp.exe \x9b31m\n".encode() + b"\xff"
    (entry,) = store.append(
        "acme", [draft(facts={"note": "zurück \u202e"}, body=Body(hostile, "text/plain"))]
    )
    lines = run("show", "1").stdout.splitlines()
    assert lines[:4] == [
        "v           1",
        "client      acme",
        "stream      main",
        "seq         1",
    ]
    assert lines[-6:] == [
        'facts       {"note": "zurück \\u202e"}',
        f"body        {entry.body.digest}  text/plain  {len(hostile)} bytes",
        "",
        "interface eth0",
        "\tno shutdown\\x1b[2J\\r\\x07 \\u202egnp.exe \\x9b31m",
        "\\xff",
    ]


def test_an_empty_body_is_empty_text(store, run):
    store.append("acme", [draft(body=Body(b"", "text/plain"))])
    assert run("show", 1).stdout.endswith("  text/plain  0 bytes\n\n\n")
    assert json.loads(run("show", 1, "-o", "json").stdout)["text"] == ""


def test_an_entry_is_shown_as_json(store, run):
    (entry,) = store.append("acme", [draft(body=Body(b"diff\n", "text/x-diff"))])
    assert json.loads(run("show", entry.id, "-o", "json").stdout) == {
        "schema": "netmgr.log-entry/1",
        "entry": entry.document(),
        "body": "present",
        "text": "diff\n",
    }


def test_a_body_that_is_not_text_or_is_gone_is_named(store, run):
    binary, text, _ = store.append(
        "acme", [draft(body=Body(b"\x00", "application/gzip")), draft(body=Body(b"x", "text/plain")), draft()]
    )
    run("erase", text.body.digest, "--reason", "asked", "--basis", "GDPR-17")
    assert run("show", 1).stdout.endswith(
        "body: application/gzip is not text; `netmgr log export --bodies DIR` writes it\n"
    )
    assert run("show", 2).stdout.endswith("\n\nbody: erased by order\n")
    assert "body" not in run("show", 3).stdout
    assert json.loads(run("show", 1, "-o", "json").stdout)["text"] is None
    assert json.loads(run("show", 2, "-o", "json").stdout)["body"] == "erased by order"
    assert json.loads(run("show", 3, "-o", "json").stdout)["body"] is None
    assert binary.body.size == 1


def test_a_log_that_holds_is_verified(store, run):
    *_, last = store.append("acme", [draft(body=Body(b"x", "text/plain")), draft()])
    found = run("verify")
    assert found.return_value == 0
    assert found.stdout.splitlines() == [
        "acme main: 2 entries, the last is seq 2 of 2026-11-23T08:00:00.000000Z",
        f"hash {last.hash}",
        "bodies: 1 present, 0 erased by order, 0 MISSING",
        "checkpoints: 0 agree; seq 1 to 2 witnessed by no checkpoint yet",
        "verified: the chain holds",
    ]


def test_a_log_that_fails_names_each_problem_and_exits_1(store, run):
    (entry,) = store.append("acme", [draft(body=Body(b"x", "text/plain"))])
    store._clients["acme"].bodies.clear()
    found = run("verify")
    assert found.return_value == 1
    assert found.stdout.splitlines()[-2:] == [
        f"problem: seq 1: body {entry.body.digest} is MISSING and no erasure entry names it",
        "FAILED: 1 problem",
    ]
    as_json = run("verify", "-o", "json")
    assert as_json.return_value == 1
    assert json.loads(as_json.stdout) == {
        "schema": "netmgr.log-verify/1",
        "client": "acme",
        "stream": "main",
        "holds": False,
        "entries": 1,
        "head": {"seq": 1, "hash": entry.hash, "time": entry.time},
        "bodies": {"present": 0, "erased": 0, "missing": 1},
        "checkpoints": {"agree": 0, "witnessed": 0},
        "keys": [],
        "problems": [
            {
                "seq": 1,
                "problem": f"body {entry.body.digest} is MISSING and no erasure entry names it",
                "lost": False,
            }
        ],
    }


def test_a_checkpoint_is_printed_exactly_and_verified_against(store, run, tmp_path):
    store.append("acme", [draft(), draft()])
    printed = run("checkpoint").stdout
    document = json.loads(printed)
    assert list(document) == ["client", "stream", "seq", "hash", "time", "key", "signature"]
    store.append("acme", [draft()])
    (tmp_path / "checkpoint.json").write_text(printed)
    for arguments, given in (((tmp_path / "checkpoint.json",), None), (("-",), printed)):
        found = run("verify", "--against", *arguments, "--key", document["key"], input=given)
        assert found.return_value == 0
        assert "checkpoints: 1 agree; seq 3 witnessed by no checkpoint yet" in found.stdout
    run("checkpoint")
    assert "checkpoints: 2 agree; every entry is witnessed" in run("verify").stdout


def test_what_is_no_checkpoint_or_key_is_refused(store, run, tmp_path):
    store.append("acme", [draft()])
    path = tmp_path / "checkpoint.json"
    with pytest.raises(InputError) as error:
        run("verify", "--against", path)
    assert str(error.value) == f"{path}: checkpoint: No such file or directory"
    path.write_text("{}")
    with pytest.raises(InputError) as error:
        run("verify", "--against", path)
    assert str(error.value) == (
        f"{path}:1: not a checkpoint: it is not an object with exactly the keys "
        "client, hash, key, seq, signature, stream, time"
    )
    path.write_text(run("checkpoint").stdout)
    with pytest.raises(UsageError, match=r"^--key is not the base64 of an Ed25519 public key \(32 bytes\)"):
        run("verify", "--against", path, "--key", "AAAA")
    with pytest.raises(
        UsageError, match=r"^--key pins the key of a checkpoint; name the checkpoint with --against$"
    ):
        run("verify", "--key", Checkpoint.parse(path.read_bytes()).key)


def test_an_export_is_exact_and_its_bodies_are_private_files(store, run, tmp_path):
    (entry,) = store.append(
        "acme", [draft(facts={"note": "zurück\u2028"}, body=Body(b"a\r\nb\xff", "text/plain"))]
    )
    where = tmp_path / "bodies"
    exported = run("export", "--bodies", where)
    with store.snapshot("acme") as snapshot:
        (stored,) = (stored for page in snapshot.pages() for stored in page)
        (body,) = snapshot.bodies(1, 1)
    assert exported.stdout_bytes == stored.line + b"\n"
    assert exported.stderr == "1 entries, 1 bodies\n"
    digest = entry.body.digest
    assert {path.name: path.read_bytes() for path in where.iterdir()} == {
        digest: body.content,
        f"{digest}.salt": body.salt,
    }
    assert {path.stat().st_mode & 0o777 for path in where.iterdir()} == {0o600}
    assert where.stat().st_mode & 0o777 == 0o700
    assert run("export").stdout_bytes == exported.stdout_bytes


def test_an_export_follows_no_link_and_says_what_it_cannot_write(store, run, tmp_path):
    (entry,) = store.append("acme", [draft(body=Body(b"x", "text/plain"))])
    victim = tmp_path / "victim"
    victim.write_text("safe")
    planted = tmp_path / "bodies" / entry.body.digest
    planted.parent.mkdir()
    planted.symlink_to(victim)
    with pytest.raises(StoreError) as error:
        run("export", "--bodies", planted.parent)
    assert (
        str(error.value)
        == f"{planted}: cannot be written: Too many levels of symbolic links; the export is incomplete"
    )
    assert victim.read_text() == "safe"
    with pytest.raises(StoreError) as error:
        run("export", "--bodies", victim / "x")
    assert str(error.value) == f"{victim / 'x'}: cannot be made: Not a directory; name another directory"


def test_a_body_whose_digest_is_a_path_is_not_written(store, run, tmp_path):
    (entry,) = store.append("acme", [draft(body=Body(b"x", "text/plain"))])
    kept = store._clients["acme"]
    stored = kept.streams["main"][0]
    kept.streams["main"][0] = stored._replace(body="../escaped")
    kept.bodies["../escaped"] = kept.bodies.pop(entry.body.digest)._replace(digest="../escaped")
    with pytest.raises(
        StoreError, match=r"^acme: a body's digest was altered; run `netmgr log verify -c acme`$"
    ):
        run("export", "--bodies", tmp_path / "bodies")
    assert not (tmp_path / "escaped").exists()


def test_a_body_is_erased_by_order(store, run):
    (entry,) = store.append("acme", [draft(body=Body(b"forget", "text/plain"))])
    digest = entry.body.digest
    erased = run("erase", digest, "--reason", "asked for", "--basis", "GDPR-17", "-o", "json")
    document = json.loads(erased.stdout)
    assert (document["schema"], document["erased"], document["entry"]["seq"]) == (
        "netmgr.log-erase/1",
        digest,
        2,
    )
    assert document["entry"]["request"] == "r-9"
    with pytest.raises(StoreError, match=rf"^acme: body {digest} was already erased \(seq 2\)$"):
        run("erase", digest, "--reason", "asked for", "--basis", "GDPR-17")
    reason = document["entry"]["body"]["digest"]
    assert run("erase", reason, "--reason", "asked for", "--basis", "GDPR-17").stdout == (
        f"erased {reason}; logged as seq 3. Copies in exports and backups are not reached.\n"
    )
    assert "bodies: 1 present, 2 erased by order, 0 MISSING" in run("verify").stdout


class Copy:
    """The clients whose logs the store has."""

    def __init__(self, *clients):
        self._ends = [SimpleNamespace(client=client) for client in clients]

    @contextmanager
    def held(self):
        yield SimpleNamespace(ends=lambda: self._ends)


@pytest.fixture
def workspace(store, run, monkeypatch):
    """What a rotation asks of the workspace beside the log."""
    monkeypatch.setattr(store, "copy", lambda: Copy("acme", "globex"), raising=False)
    parts = {"inventories": SimpleNamespace(clients=lambda: ("acme",)), "people": People()}
    return lambda *arguments, **options: run(*arguments, client=None, parts=parts, **options)


def test_a_key_is_rotated_with_yes_alone_and_shown(store, workspace):
    def shown():
        return json.loads(workspace("key", "show", "-o", "json").stdout)

    before = shown()
    assert before["fingerprint"] == sha256(b64decode(before["key"])).hexdigest()
    assert (before["under_way"], before["unsaid"]) == (False, [])
    only_said = workspace("key", "rotate")
    assert (only_said.return_value, only_said.stdout) == (0, "")
    assert "these logs would say so: acme, globex; --yes does it" in only_said.stderr
    assert shown() == before
    done = json.loads(workspace("key", "rotate", "--yes", "-o", "json").stdout)
    assert done == {
        "schema": "netmgr.log-key-rotate/1",
        "old": before["key"],
        "new": shown()["key"],
        "fingerprint": shown()["fingerprint"],
        "signed": True,
        "resumed": False,
        "entries": [{"client": "acme", "seq": 1}, {"client": "globex", "seq": 1}],
    }
    again = workspace("key", "rotate", "--yes")
    assert again.stdout.splitlines() == [
        "acme: seq 1 says so",
        "globex: seq 1 says so",
        f"finished: the key that signs is {done['fingerprint']}",
    ]
    with pytest.raises(UsageError, match="--lost is not the base64 of an Ed25519 public key"):
        workspace("key", "rotate", "--lost", "abc", "--yes")
    assert f"fingerprint  {done['fingerprint']}" in workspace("key", "show").stdout
