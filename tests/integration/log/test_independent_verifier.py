"""Thirty lines that share nothing with netmgr verify an export, and notice whatever is done to it."""

import json
import re
import subprocess
import sys
from dataclasses import fields
from hashlib import sha256
from pathlib import Path

import click
import pytest

from netmgr.cli.log import log as command
from netmgr.model.access import Actor
from netmgr.model.checkpoint import Checkpoint
from netmgr.model.entry import Body, Entry
from netmgr.workflows import log as workflow
from tests.unit.log.drafts import draft, intent, result

SCRIPT = Path(__file__).with_name("verify_export.py")
REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "service-log.md"


def verify(export, bodies):
    return subprocess.run(
        [sys.executable, "-I", SCRIPT, export, bodies],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def exported(log, tmp_path):
    """An export of seven entries, three bodies present and one erased: (file, directory)."""
    log.append("acme", [intent("c-1", body=Body("reason: größer\n".encode(), "text/x-diff"))])
    log.append("acme", [draft(phase="decision", change="c-1", facts={"decision": "confirm"})])
    failed = draft(device="core1", change="c-1", outcome="failed", body=Body(b"\x00\xff\r\n", "text/plain"))
    _, entry = log.append("acme", [failed, draft(body=Body(b"a person's name", "text/plain"), ticket="T-12")])
    log.append(
        "acme",
        [result("c-1", facts={"note": 'zurück "\u2028\\ \x7f', "deep": {"b": [1, [True, None]], "a": {}}})],
    )
    workflow.erase(
        log,
        "acme",
        entry.body.digest,
        reason="asked for by the person",
        basis="GDPR-17",
        actor=Actor(id="p-17", auth="os", on="ops1"),
        request="r-9",
        target="network",
    )
    log.append("acme", [draft()])
    export, bodies = tmp_path / "acme.jsonl", tmp_path / "bodies"
    bodies.mkdir()

    def write_body(body):
        (bodies / body.digest).write_bytes(body.content)
        (bodies / f"{body.digest}.salt").write_bytes(body.salt)

    with export.open("wb") as file:
        workflow.export(log, "acme", write_line=file.write, write_body=write_body)
    return export, bodies


def test_the_script_is_at_most_thirty_lines_of_the_standard_library():
    lines = SCRIPT.read_text().splitlines()
    assert len(lines) <= 30
    imported = {line.split()[1] for line in lines if line.startswith(("import ", "from "))}
    assert imported <= set(sys.stdlib_module_names)


def test_the_reference_shows_the_script_as_it_is():
    assert f"```python\n{SCRIPT.read_text()}```\n" in REFERENCE.read_text()


def blocks(kind):
    """The reference's code blocks of one kind."""
    return re.findall(rf"```{kind}\n(.*?)```", REFERENCE.read_text(), re.DOTALL)


def test_the_reference_shows_entries_that_verify(tmp_path):
    (lines,) = blocks("jsonl")
    first = json.loads(lines.splitlines()[0])
    digest, content = first["body"]["digest"], b"-mtu 1500\n+mtu 9000\n"
    (salt,) = re.findall(r"its salt, in hexadecimal, is\n`([0-9a-f]{64})`", REFERENCE.read_text())
    (tmp_path / digest).write_bytes(content)
    (tmp_path / f"{digest}.salt").write_bytes(bytes.fromhex(salt))
    (tmp_path / "export.jsonl").write_text(lines)
    found = verify(tmp_path / "export.jsonl", tmp_path)
    assert (found.returncode, found.stderr) == (0, "")
    assert "2 entries" in found.stdout
    assert "1 present, 0 erased" in found.stdout
    assert first["body"]["size"] == len(content)


def test_the_reference_shows_a_checkpoint_of_these_entries(key):
    printed, signed = blocks("json")
    checkpoint = Checkpoint.parse(printed)
    assert checkpoint.signed == signed.strip().encode()
    assert key.verifies(checkpoint.raw_key, checkpoint.signed, checkpoint.raw_signature)
    last = json.loads(blocks("jsonl")[0].splitlines()[-1])
    assert (checkpoint.seq, checkpoint.hash) == (last["seq"], last["hash"])


def test_the_reference_names_every_key_command_and_option():
    text = REFERENCE.read_text()
    for field in fields(Entry):
        assert f"`{field.name}`" in text
    for name, subcommand in command.commands.items():
        assert f"    netmgr log {name} " in text
        for param in subcommand.params:
            if isinstance(param, click.Option) and param.expose_value:
                assert param.opts[-1] in text


def test_an_export_verifies_with_an_erased_body(exported, log):
    found = verify(*exported)
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout == (
        f"7 entries, last hash {log.head('acme').hash}; bodies: 3 present, 1 erased by order\n"
    )


def lines_of(export):
    return export.read_bytes().splitlines(keepends=True)


def reseal(line, **changes):
    entry = json.loads(line) | changes
    del entry["hash"]
    text = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    own = sha256(text.encode()).hexdigest()
    return (
        json.dumps(entry | {"hash": own}, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"
    ).encode()


TAMPERED = {
    "a letter": (lambda lines: [lines[0].replace(b"p-17", b"p-18"), *lines[1:]], "line 1: edited"),
    "a space": (lambda lines: [lines[0].replace(b",", b", ", 1), *lines[1:]], "line 1: edited"),
    "a duplicate key": (
        lambda lines: [lines[0].replace(b'"v":1', b'"v":1,"v":1'), *lines[1:]],
        "line 1: edited",
    ),
    "an entry deleted": (
        lambda lines: lines[:2] + lines[3:],
        "line 3: an entry is missing, misplaced or replaced",
    ),
    "the first deleted": (lambda lines: lines[1:], "line 1: an entry is missing, misplaced or replaced"),
    "two swapped": (
        lambda lines: [lines[0], lines[2], lines[1], *lines[3:]],
        "line 2: an entry is missing, misplaced or replaced",
    ),
    "one repeated": (
        lambda lines: lines[:2] + lines[1:],
        "line 3: an entry is missing, misplaced or replaced",
    ),
    "one resealed": (
        lambda lines: [reseal(lines[0], actor="p-18"), *lines[1:]],
        "line 2: an entry is missing, misplaced or replaced",
    ),
    "another client's resealed in": (
        lambda lines: [*lines[:6], reseal(lines[6], client="globex")],
        "line 7: an entry is missing, misplaced or replaced",
    ),
    "time turned back": (
        lambda lines: [*lines[:6], reseal(lines[6], time="2020-01-01T00:00:00.000000Z")],
        "line 7: an entry is missing, misplaced or replaced",
    ),
    "everything deleted": (lambda lines: [], "no entries"),
}


@pytest.mark.parametrize(("tamper", "message"), TAMPERED.values(), ids=TAMPERED)
def test_a_tampered_export_fails(exported, tamper, message):
    export, bodies = exported
    export.write_bytes(b"".join(tamper(lines_of(export))))
    found = verify(export, bodies)
    assert (found.returncode, found.stderr) == (1, f"{message}\n")


@pytest.mark.parametrize("literal", [b"1.5", b"1e3", b"NaN", b"Infinity"])
def test_a_number_that_the_log_does_not_hold_fails(exported, literal):
    export, bodies = exported
    lines = lines_of(export)
    lines[6] = lines[6].replace(b'"facts":{}', b'"facts":{"n":%b}' % literal)
    export.write_bytes(b"".join(lines))
    found = verify(export, bodies)
    assert found.returncode == 1
    assert "ValueError: invalid literal for int()" in found.stderr


def bodies_by_seq(export):
    entries = map(json.loads, lines_of(export))
    return {entry["seq"]: entry["body"]["digest"] for entry in entries if "body" in entry}


@pytest.mark.parametrize("name", ["{digest}", "{digest}.salt"])
@pytest.mark.parametrize("act", [lambda path: path.unlink(), lambda path: path.write_bytes(b"altered")])
def test_a_missing_or_altered_body_fails(exported, name, act):
    export, bodies = exported
    digest = bodies_by_seq(export)[3]
    act(bodies / name.format(digest=digest))
    found = verify(export, bodies)
    assert (found.returncode, found.stderr) == (1, f"MISSING or altered: ['{digest}']\n")


def test_a_body_erased_without_an_order_fails(exported):
    """The order is the erasure entry: without it, the hole in the bodies is one."""
    export, bodies = exported
    lines = lines_of(export)[:5]
    export.write_bytes(b"".join(lines))
    found = verify(export, bodies)
    assert (found.returncode, found.stderr) == (1, f"MISSING or altered: ['{bodies_by_seq(export)[4]}']\n")
