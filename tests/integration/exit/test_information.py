"""What a client asked to know: theirs alone, for them alone, and one chain all the same."""

import json
import subprocess
import sys
from datetime import date
from hashlib import sha256

import pytest

from netmgr.cli import ticket_answer as command
from netmgr.cli.main import run as netmgr
from netmgr.errors import Refused, StoreError, UsageError
from netmgr.model.entry import Body
from netmgr.model.issued_report import IssuedReport
from netmgr.workflows import log as logs
from netmgr.workflows.information import Asked, answer
from netmgr.workflows.log import checkpoint
from netmgr.workflows.log_keys import KeyKeeping, rotate
from netmgr.workflows.ticket import Described, open_ticket, update
from netmgr.workflows.ticket_views import show, told
from tests.integration.exit.conftest import CANARY, LOGIN, SECRET
from tests.integration.exit.test_exit_pack import opened
from tests.unit.log.drafts import draft

INTERNAL = "CANARY-of-our-own-work"


@pytest.fixture
def asking(leaving):
    """The client of the exit pack, who has asked for information; a key was rotated, more was logged since."""
    log = leaving.wiring.service_log
    runtime = leaving.runtime()
    ticket = open_ticket(
        runtime,
        Described(kind="information", subject="All of November", reporter="Bob <bob@square.example>"),
    )
    update(leaving.runtime(), ticket, Described(), note="For you to see", visible=True)
    update(leaving.runtime(), ticket, Described(), note=INTERNAL)
    gone = Body(b"was for the client", "text/plain")
    (entry,) = log.append("square", [draft(client="square", visibility="client", body=gone)])
    leaving.ticket, leaving.erasable = ticket, entry
    facts = issued(asked=leaving.clock.now().date(), data=b"# an issued report")
    desk = leaving.wiring.reports
    desk.keep("square", facts.files[0].kept, b"# an issued report")
    report = draft(
        client="square",
        kind="report",
        action="issue",
        outcome="issued",
        visibility="client",
        facts=facts.model_dump(mode="json", by_alias=True),
    )
    log.append("square", [report])
    return leaving


def issued(asked, data):
    digest = sha256(data).hexdigest()
    file = {"name": "november.md", "format": "md", "audience": "manager", "digest": digest, "size": len(data)}
    said = {"from": asked, "to": asked, "timezone": "UTC", "revision": 1, "locale": "en", "cut": 1}
    return IssuedReport.model_validate({**said, "checkpoint": {}, "files": [file]})


def asked(world, **fields):
    day = world.clock.now().date()
    given = {"ticket": world.ticket, "first": day, "last": day, "to": None, "way": "mail"} | fields
    return Asked(**given)


def unpacked(files, place):
    for name, data in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return place


def checked(place, *arguments):
    return subprocess.run(
        [sys.executable, "-I", "verify_excerpt.py", "log/main.jsonl", "log/checkpoints", *arguments],
        cwd=place, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def rotated(world):
    log, actor = world.wiring.service_log, world.runtime().actor
    keeping = KeyKeeping(log, world.wiring.signing_key, actor, "r-key", lambda: ["square"], lambda _: True)
    rotate(keeping)


def test_what_is_for_the_client_is_in_it_and_is_proved_and_nothing_else_is(asking, key, tmp_path):
    log = asking.wiring.service_log
    old = sha256(asking.wiring.signing_key.public_key()).hexdigest()
    earlier = checkpoint(log, asking.wiring.signing_key, asking.clock, "square")
    rotated(asking)
    logs.erase(
        log, "square", asking.erasable.body.digest, reason=INTERNAL, basis="GDPR-17",
        actor=asking.runtime().actor, request="r-e", target="network",
    )  # fmt: skip
    made = answer(asking.runtime(), asked(asking), str(tmp_path / "a.age"), key[1])
    files = opened(tmp_path / "a.age", key[0])
    lines = files["log/main.jsonl"].splitlines()
    entries = {entry.seq: entry for entry in log.entries("square", until=made.last)}
    shown = [json.loads(line) for line in lines if b'"actor"' in line]
    visible = [entry for entry in entries.values() if entry.visibility == "client"]
    assert [e for e in shown if e["visibility"] == "client"] == [entry.document() for entry in visible]
    assert {e["kind"] for e in shown if e["visibility"] != "client"} == {"erasure"}
    assert (made.shown, made.hidden) == (len(shown), len(lines) - len(shown))
    assert made.hidden > 10
    bodies = {entry.body.digest for entry in visible if entry.body and entry.seq != asking.erasable.seq}
    assert {n for n in files if n.startswith("log/bodies/")} == {
        f"log/bodies/{digest}{end}" for digest in bodies for end in ("", ".salt")
    }
    (page,) = (data.decode() for name, data in files.items() if name.startswith("entries/"))
    assert page.count('<tr role="row">') == 1 + len(visible)
    assert page.count("（已按指令删除）") == 1
    text = b"\n".join([*files.values(), *map(str.encode, files)])
    keys = [
        path.read_bytes().strip() for path in (asking.workspace / ".netmgr/keys").iterdir() if path.is_file()
    ]
    for needle in (CANARY.encode(), b"globex", SECRET.encode(), LOGIN.encode(), INTERNAL.encode()):
        assert needle not in text
    assert not [each for each in keys if b"PRIVATE" in each and each in text]
    assert b"For you to see" in text
    assert {n: d for n, d in files.items() if n.startswith("reports/")} == {
        "reports/november.md": b"# an issued report"
    }
    place = unpacked(files, tmp_path / "unpacked")
    (place / "held").write_text(json.dumps(earlier.document()))
    found = checked(place, "held", "--bodies", "log/bodies", "--key", old)
    assert (found.returncode, found.stderr) == (0, "")
    said = found.stdout.splitlines()
    assert said[0] == f"an excerpt from seq 1 on: {made.shown} entries are shown, {made.hidden} hidden"
    assert said[2] == f"bodies: {len(bodies)} present, 0 MISSING, 1 erased by order"
    assert said[-1] == "all of it is witnessed"
    assert "service log has" not in files["README.md"].decode()
    assert "verify_excerpt.py log/main.jsonl" in files["README.md"].decode()


def test_the_manifest_has_every_file_and_the_ticket_says_what_went_to_whom(asking, key, tmp_path):
    made = answer(asking.runtime(), asked(asking, way="meeting"), str(tmp_path / "a.age"), key[1])
    files = opened(tmp_path / "a.age", key[0])
    manifest = json.loads(files["manifest.json"])
    listed = {each["name"]: (each["size"], each["sha256"]) for each in manifest["files"]}
    found = {name: (len(data), sha256(data).hexdigest()) for name, data in files.items()}
    assert listed == {n: f for n, f in found.items() if n not in ("manifest.json", "SHA256SUMS")}
    (entry,) = asking.wiring.service_log.entries("square", kind="information")
    assert (entry.ticket, entry.action, entry.outcome) == (asking.ticket, "deliver", "delivered")
    day = asking.clock.now().date().isoformat()
    assert entry.facts == {
        "manifest": sha256(files["manifest.json"]).hexdigest(),
        "files": len(files),
        "bytes": (tmp_path / "a.age").stat().st_size,
        "key": sha256(key[1].encode()).hexdigest(),
        "to": made.to,
        "way": "meeting",
        "from": day,
        "until": day,
        "first": 1,
        "last": made.last,
        "shown": made.shown,
        "hidden": made.hidden,
    }
    assert made.to.startswith("k-")
    (step,) = (s for s in show(asking.runtime(), asking.ticket).timeline if s.entry.kind == "information")
    assert told(step) == [
        f"to Bob, by meeting: {day} to {day}, {made.shown} entries shown, {made.hidden} hidden\n"
        f"manifest {made.manifest}",
    ]
    assert (manifest["schema"], manifest["ticket"]) == ("netmgr.information-manifest/1", asking.ticket)


def test_an_excerpt_of_later_days_follows_from_an_old_key(asking, key, tmp_path):
    """The rotation is before it; an erased body's order is after it."""
    log = asking.wiring.service_log
    old = sha256(asking.wiring.signing_key.public_key()).hexdigest()
    rotated(asking)
    asking.clock.sleep(86400)
    text = Body(b"gone later", "text/plain")
    (entry,) = log.append("square", [draft(client="square", visibility="client", body=text)])
    day = asking.clock.now().date()
    asking.clock.sleep(86400)
    log.append("square", [draft(client="square", visibility="client")])
    logs.erase(
        log, "square", entry.body.digest, reason="asked", basis="GDPR-17",
        actor=asking.runtime().actor, request="r-e", target="network",
    )  # fmt: skip
    log.append("square", [draft(client="square", visibility="client")])
    made = answer(asking.runtime(), asked(asking, first=day, last=day), str(tmp_path / "a.age"), key[1])
    assert (made.first, made.last, made.shown, made.hidden) == (entry.seq, entry.seq + 2, 3, 0)
    place = unpacked(opened(tmp_path / "a.age", key[0]), tmp_path / "unpacked")
    found = checked(place, "--bodies", "log/bodies", "--key", old)
    assert (found.returncode, found.stderr) == (0, "")
    said = found.stdout.splitlines()
    assert said[0].startswith(f"an excerpt from seq {entry.seq} on: 3 entries are shown, 0 hidden")
    assert said[3].startswith("before that: the key ")
    assert said[-1] == "all of it is witnessed"


def reseal_stub(line, **changes):
    document = json.loads(line) | changes
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def stub_at(lines, nth=3):
    return [number for number, line in enumerate(lines) if b'"state":"' in line and b'"tail"' in line][nth]


def shown_at(lines):
    return next(n for n, line in enumerate(lines) if n > 3 and b'"actor"' in line)


def forged_tail(line):
    """Another place for what is hidden."""
    document = json.loads(line)
    return reseal_stub(line, tail=document["tail"].replace('"target":"network"', '"target":"xetwork"'))


TAMPERED = {
    "a hidden entry's end edited": (
        lambda lines: {stub_at(lines): forged_tail(lines[stub_at(lines)])},
        "edited",
    ),
    "a hidden entry's way edited": (
        lambda lines: {stub_at(lines): reseal_stub(lines[stub_at(lines)], state="ab" * 32)},
        "does not end as its hash says: edited",
    ),
    "a hidden entry's hash edited": (
        lambda lines: {stub_at(lines): reseal_stub(lines[stub_at(lines)], hash="ab" * 32)},
        "does not end as its hash says: edited",
    ),
    "a hidden entry left out": (lambda lines: {stub_at(lines): None}, "deleted"),
    "a shown entry left out": (lambda lines: {shown_at(lines): None}, "deleted"),
    "a shown entry edited": (
        lambda lines: {shown_at(lines): lines[shown_at(lines)].replace(b'"actor":"', b'"actor":"x')},
        "has not the hash of its content: edited",
    ),
    "the end cut off": (lambda lines: {len(lines) - 1: None}, "truncated"),
}


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    """Files of an archive, made once (see ``kept``)."""
    return {}


@pytest.fixture
def kept(answered, request, tmp_path):
    if not answered:
        world, key = request.getfixturevalue("asking"), request.getfixturevalue("key")
        answer(world.runtime(), asked(world), str(tmp_path / "a.age"), key[1])
        answered.update(opened(tmp_path / "a.age", key[0]))
    return unpacked(answered, tmp_path / "unpacked")


@pytest.mark.parametrize(("change", "said"), TAMPERED.values(), ids=TAMPERED)
def test_tampering_with_an_excerpt_is_named(change, said, kept):
    path = kept / "log/main.jsonl"
    lines = path.read_bytes().splitlines()
    for number, line in change(lines).items():
        lines[number] = line
    path.write_bytes(b"".join(line + b"\n" for line in lines if line is not None))
    found = checked(kept, "--bodies", "log/bodies")
    assert (found.returncode, found.stderr) == (1, "")
    assert said in next(line for line in found.stdout.splitlines() if line.startswith("PROBLEM"))


def test_what_is_for_the_client_cannot_be_hidden(kept):
    from netmgr.model.excerpt import hidden

    path = kept / "log/main.jsonl"
    lines = path.read_bytes().splitlines()
    at = next(n for n, line in enumerate(lines) if n > 3 and line.endswith(b'"visibility":"client"}'))
    lines[at] = hidden(lines[at])
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    found = checked(kept)
    assert found.returncode == 1
    assert f"seq {at + 1}: line {at + 1} is hidden, and was for the client to see" in found.stdout


def test_what_cannot_be_answered_leaves_no_file_and_no_entry(asking, key, tmp_path, monkeypatch):
    log = asking.wiring.service_log
    fault = open_ticket(asking.runtime(), Described(subject="x"))
    nobody = open_ticket(asking.runtime(), Described(kind="information", subject="y"))
    path = str(tmp_path / "a.age")
    for fields, error in (
        ({"ticket": fault}, "T-3 is a fault; `netmgr ticket update T-3 --kind information`"),
        ({"ticket": nobody}, "T-4 has no reporter; say with --recipient"),
        ({"ticket": "T-9"}, "square has no ticket T-9"),
        ({"first": date(2020, 1, 1), "last": date(2020, 1, 2)}, "nothing was recorded from 2020-01-01"),
        ({"to": "k-none"}, "no such contact"),
    ):
        with pytest.raises(UsageError, match=error):
            answer(asking.runtime(), asked(asking, **fields), path, key[1])
    before = log.head("square")

    def full(*_, **__):
        raise StoreError("disk full")

    monkeypatch.setattr(log, "append", full)
    with pytest.raises(Refused, match="disk full"):
        answer(asking.runtime(), asked(asking), path, key[1])
    monkeypatch.undo()
    assert (log.head("square"), list(tmp_path.glob("*age*"))) == (before, [])
    assert answer(asking.runtime(), asked(asking), path, key[1]).ticket == asking.ticket


def test_the_command_says_where_it_is(asking, key, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "reading_runtime", lambda _context, _target: asking.commands(None))
    day, path = asking.clock.now().date().isoformat(), str(tmp_path / "b.age")
    arguments = ["-w", str(asking.workspace), "ticket", "answer", "-c", "square", asking.ticket]
    arguments += ["--from", day, "--until", day, "--to", key[1], "--out", path]
    assert netmgr([*arguments, "-o", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["schema"], said["path"], said["ticket"]) == ("netmgr.information/1", path, asking.ticket)
    assert netmgr(arguments) == 64
    assert "is there already" in capsys.readouterr().err
    assert netmgr([*arguments[:-6], "yesterday", *arguments[-5:]]) == 64
