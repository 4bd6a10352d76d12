"""The file that goes with exports finds whatever is done to them, says where, and is wrong about nothing else."""

import ast
import base64
import html
import json
import os
import random
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from netmgr.adapters.signing_key import SigningKey
from netmgr.model.chain import GENESIS, Head, seal
from netmgr.model.checkpoint import Checkpoint, statement
from netmgr.model.entry import Body
from netmgr.model.key_rotation import Rotation
from netmgr.verifier import source, verify_log
from tests.unit.log.drafts import NOON, draft, erasure

FILE = Path(verify_log.__file__)


class Key:
    """A key that is the same in every run."""

    def __init__(self, name):
        self._private = Ed25519PrivateKey.from_private_bytes(sha256(name).digest())

    def public_key(self):
        return self._private.public_key().public_bytes_raw()

    def sign(self, message):
        return self._private.sign(message)


OLD, NEW = Key(b"old"), Key(b"new")


def rotation(old, new, *, by=None):
    """An entry in which ``old`` is replaced, signed by it, by another one, or by nobody (False)."""
    made = Rotation(old.public_key(), new.public_key(), None)
    if by is not False:
        made = Rotation(made.old, made.new, (by or old).sign(made.statement))
    return draft(kind="key", action="rotate", outcome="rotated", facts=made.facts(), visibility="client")


def mostly_faults(count, quick):
    """Numbers of cases, of which only the first run every time."""
    return [pytest.param(n, marks=() if n < quick else pytest.mark.faults) for n in range(count)]


def grown(seed, length=90):
    """A log of one client: (lines, bodies that are there).

    Some are erased, it was restored once, its key was rotated; facts try corners.
    """
    choose = random.Random(seed)
    lines, bodies, head = [], {}, GENESIS
    while len(lines) < length:
        kind = choose.random()
        if len(lines) == length // 3:
            facts = {"archive": "a" * 64, "from": len(lines), "lost": {"first": len(lines) + 1}, "made": "x"}
            made = draft(kind="state", action="restore", outcome="restored", facts=facts)
        elif len(lines) == 2 * length // 3:
            made = rotation(OLD, NEW)
        elif kind < 0.1 and bodies:
            digest = choose.choice(sorted(bodies))
            del bodies[digest]
            made = erasure(digest, body=None)
        else:
            facts = {"n": choose.randrange(-(2**53) + 1, 2**53), "t": 'ü"\u2028\\\x7f', "hash": "0" * 64}
            text = Body(choose.randbytes(choose.randrange(40)), "text/plain")
            made = draft(facts={**facts, "deep": {"b": [1, [True, None]]}}, body=text if kind < 0.6 else None)
        (link,) = seal("acme", "main", head, [made], now=NOON, random=choose.randbytes, redact=bytes)
        head = Head(link.entry.seq, link.entry.hash, link.entry.time, link.entry.id)
        lines.append(link.stored.line)
        if link.body:
            bodies[link.body.digest] = link.body
    return lines, bodies


def signed(key, seq, digest, *, client="acme", time="2026-11-30T00:00:00.000000Z"):
    text = statement(client, "main", seq, digest, time)
    public, signature = (base64.b64encode(each).decode() for each in (key.public_key(), key.sign(text)))
    return Checkpoint(client, "main", seq, digest, time, public, signature)


def of_line(key, line, **fields):
    entry = json.loads(line)
    return signed(key, entry["seq"], entry["hash"], **fields)


@pytest.fixture
def run(tmp_path):
    """Verify lines with bodies and checkpoints; what the verifier found."""
    bodies_at = tmp_path / "bodies"

    def write(lines, bodies=None, checkpoints=()):
        (tmp_path / "log.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
        (tmp_path / "checkpoints").write_text("\n".join(json.dumps(each.document()) for each in checkpoints))
        if bodies is not None and not bodies_at.exists():
            bodies_at.mkdir()
            for body in bodies.values():
                (bodies_at / body.digest).write_bytes(body.content)
                (bodies_at / f"{body.digest}.salt").write_bytes(body.salt)

    def verify(lines, bodies=None, checkpoints=(), keys=()):
        write(lines, bodies, checkpoints)
        given = list(verify_log.checkpoints_of(tmp_path / "checkpoints"))
        found = verify_log.Verifier(given, bodies_at if bodies is not None else None, list(keys))
        with (tmp_path / "log.jsonl").open("rb") as file:
            found.read(iter(file))
        return found

    verify.write, verify.at = write, tmp_path
    return verify


def test_it_is_one_file_of_the_standard_library_and_cryptography():
    imported = set()
    for node in ast.walk(ast.parse(source())):
        if isinstance(node, ast.Import):
            imported |= {each.name.split(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module.split(".")[0])
    assert imported <= {*sys.stdlib_module_names, "cryptography"}
    assert "cryptography" in imported


@pytest.mark.tally("clean logs")
@pytest.mark.parametrize("seed", mostly_faults(50, 8))
def test_a_clean_log_raises_no_alarm(seed, run):
    lines, bodies = grown(seed)
    # The new key may sign an older place, as a report on last month does.
    given = [
        of_line(OLD, lines[39]),
        of_line(OLD, lines[59]),
        of_line(NEW, lines[20]),
        of_line(NEW, lines[70]),
    ]
    found = run(lines, bodies, given, [sha256(OLD.public_key()).hexdigest()])
    assert (found.problems, found.lost) == ([], [])
    erased = sum(json.loads(line)["kind"] == "erasure" for line in lines)
    assert (found.entries, found.present, found.erased, found.witnessed) == (90, len(bodies), erased, 71)


def reseal(line, prev=None, **changes):
    """The entry with changes and a hash that fits."""
    entry = json.loads(line) | changes
    del entry["hash"]
    if prev is not None:
        entry["prev"] = prev
    text = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    own = sha256(text.encode()).hexdigest()
    whole = json.dumps(entry | {"hash": own}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return whole.encode(), own


def rewritten(lines, place, **changes):
    """Everything from ``place`` on made anew, as whoever owns the log could."""
    made, prev = lines[:place], json.loads(lines[place])["prev"]
    for old in lines[place:]:
        line, prev = reseal(old, prev, **changes)
        changes = {}
        made.append(line)
    return made


TAMPERINGS = {
    "edit": lambda lines, at, choose: [*lines[:at], lines[at].replace(b"p-17", b"p-18"), *lines[at + 1 :]],
    "resealed edit": lambda lines, at, choose: [
        *lines[:at],
        reseal(lines[at], actor="p-18")[0],
        *lines[at + 1 :],
    ],
    "delete": lambda lines, at, choose: lines[:at] + lines[at + 1 :],
    "insert": lambda lines, at, choose: [*lines[:at], reseal(lines[at], actor="p-18")[0], *lines[at:]],
    "reorder": lambda lines, at, choose: [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]],
    "truncate": lambda lines, at, choose: lines[:at],
    "rewrite": lambda lines, at, choose: rewritten(lines, at, actor="p-18"),
    "garbage": lambda lines, at, choose: [
        *lines[:at],
        choose.randbytes(50).replace(b"\n", b""),
        *lines[at + 1 :],
    ],
}


@pytest.mark.tally("tampered exports")
@pytest.mark.parametrize("number", mostly_faults(200, 32))
def test_tampering_before_the_last_checkpoint_is_found_at_its_place(number, run):
    choose = random.Random(number)
    lines, _ = grown(number, length=60)
    checkpoints = [of_line(NEW if at > 40 else OLD, lines[at]) for at in (12, 30, 49)]
    name = sorted(TAMPERINGS)[number % len(TAMPERINGS)]
    place = choose.randrange(1, 49)
    found = run(TAMPERINGS[name](lines, place, choose), None, checkpoints)
    seq = place + 1
    texts = [text for _, text in found.problems]
    if name == "rewrite":
        # The owner made a chain that holds: between the last checkpoint that fits and the first that does not.
        before = max([each for each in (13, 31) if each < seq], default=0)
        first = min(each for each in (13, 31, 50) if each >= seq)
        assert found.problems[0][0] == first
        assert texts[0].endswith(f"witnessed: rewritten from seq {before + 1} on, or later")
    elif name == "truncate":
        first = min(each for each in (13, 31, 50) if each >= seq)
        assert sorted({where for where, _ in found.problems}) == [
            each for each in (13, 31, 50) if each >= first
        ]
        assert any(text.endswith(f"and the log ends at {seq - 1}: truncated") for text in texts)
    else:
        # Found by the hash, or, where that was made to fit, by the next entry's.
        assert found.problems[0][0] in (seq, seq + 1)
    assert found.witnessed < seq or name not in ("rewrite", "truncate")


@pytest.mark.parametrize("name", ["edit", "resealed edit", "delete", "insert", "reorder", "garbage"])
def test_a_naive_edit_after_the_last_checkpoint_is_found_too(name, run):
    lines, _ = grown(1)
    given = [of_line(OLD, lines[40])]
    for place in (42, 60, 75):
        found = run(TAMPERINGS[name](lines, place, random.Random(place)), None, given)
        assert found.problems[0][0] in (place + 1, place + 2)
        assert found.witnessed == 41


def test_a_tail_that_nobody_witnessed_can_be_rewritten_and_is_named(run, key):
    lines, _ = grown(1)
    found = run(rewritten(lines, 80, actor="p-18"), None, [of_line(key, lines[70])])
    assert found.problems == []
    *_, last = found.report()
    assert last == "not yet witnessed: seq 72 to 90"


@pytest.mark.parametrize("act", [lambda path: path.unlink(), lambda path: path.write_bytes(b"altered")])
@pytest.mark.parametrize("ending", ["", ".salt"])
def test_a_body_that_is_half_there_or_altered_is_named(act, ending, run):
    lines, bodies = grown(3)
    run.write(lines, bodies)
    digest = min(bodies)
    act(run.at / "bodies" / f"{digest}{ending}")
    (problem,) = run(lines, bodies).problems
    assert problem[1] == f"body {digest} was altered"


def test_a_missing_body_and_one_that_is_there_though_erased_are_named(run):
    lines, bodies = grown(4)
    run.write(lines, bodies)
    gone, kept = sorted(bodies)[:2]
    (run.at / "bodies" / gone).unlink()
    (run.at / "bodies" / f"{gone}.salt").unlink()
    head = json.loads(lines[-1])
    order, _ = reseal(lines[-1], head["hash"], kind="erasure", facts={"digest": kept}, seq=91)
    entry = json.loads(order)
    entry.pop("body", None)
    order, _ = reseal(json.dumps(entry))
    found = run([*lines, order], bodies)
    assert sorted(text for _, text in found.problems) == sorted(
        [
            f"body {gone} is MISSING, and no order to erase it was logged",
            f"erases body {kept}, which is still there or was never logged",
        ]
    )


def test_what_a_restoration_lost_is_no_tampering(run, key):
    lines, _ = grown(5)
    seq = 31  # the entry that says so
    lost = signed(key, 35, "ab" * 32, time="2026-11-23T11:00:00.000000Z")
    later = signed(key, 35, "ab" * 32)
    found = run(lines, None, [lost])
    assert (found.problems, [where for where, _ in found.lost]) == ([], [35])
    assert f"(seq {seq})" in found.lost[0][1]
    assert run(lines, None, [later]).problems[0][1].endswith("rewritten from seq 1 on, or later")


def test_what_lies_between_two_checkpoints_is_rewritten_between_them(run):
    """Whoever holds both knows how far back the log is still what it was."""
    lines, _ = grown(2)
    given = [of_line(OLD, lines[10]), of_line(OLD, lines[30]), of_line(OLD, lines[50])]
    found = run(rewritten(lines, 20, actor="p-18"), None, given)
    assert [(seq, text.rpartition(": ")[2]) for seq, text in found.problems] == [
        (31, "rewritten from seq 12 on, or later"),
        (51, "rewritten from seq 12 on, or later"),
    ]
    assert found.witnessed == 11


def test_two_logs_that_were_signed_contradict_each_other(run, tmp_path):
    lines, _ = grown(2)
    other = of_line(OLD, rewritten(lines, 20, actor="p-18")[30])
    refuted, fork = run(lines, None, [of_line(OLD, lines[30]), other]).problems
    said = f"the checkpoint of {other.time} ({tmp_path}/checkpoints"
    assert refuted == (31, f"is not what {said}:2) witnessed: rewritten from seq 1 on, or later")
    assert fork == (31, f"{said}:1) and {said}:2) contradict each other: two logs were signed")


ROTATED = {
    "signed": (rotation(OLD, NEW), None),
    "by another key": (
        rotation(OLD, NEW, by=NEW),
        "rotates the key, and the old key has not signed that: forged",
    ),
    "what is no key": (
        draft(kind="key", action="rotate", facts={"new": "AA==", "old": "AA=="}),
        "rotates the key, and the old key has not signed that: forged",
    ),
    "once more, to another": (
        rotation(OLD, Key(b"other")),
        "rotates a key that was replaced already: forged",
    ),
}


def after(lines, made):
    """A log that goes on with one more entry."""
    last = json.loads(lines[-1])
    head = Head(last["seq"], last["hash"], last["time"], last["id"])
    (link,) = seal("acme", "main", head, [made], now=NOON, random=os.urandom, redact=bytes)
    return [*lines, link.stored.line]


@pytest.mark.parametrize(("made", "problem"), ROTATED.values(), ids=ROTATED)
def test_a_key_is_rotated_only_by_its_own_signature(made, problem, run):
    lines, _ = grown(1)
    assert run(after(lines, made)).problems == ([(91, problem)] if problem else [])


def test_who_pins_the_old_key_believes_the_new_one_and_the_old_one_no_more(run, tmp_path):
    lines, _ = grown(1)
    pin = [sha256(OLD.public_key()).hexdigest()]
    late = of_line(OLD, lines[60])
    assert run(lines, None, [late], pin).problems == [
        (61, f"{tmp_path}/checkpoints:1: is signed with a key that was replaced at seq 61")
    ]
    foreign = of_line(Key(b"other"), lines[70])
    assert run(lines, None, [foreign], pin).problems == [
        (71, f"{tmp_path}/checkpoints:1: is signed with another key than the one given")
    ]
    # The new key vouches for nothing that was before it.
    assert run(lines, None, [of_line(OLD, lines[20])], [sha256(NEW.public_key()).hexdigest()]).problems == [
        (21, f"{tmp_path}/checkpoints:1: is signed with another key than the one given")
    ]


def test_a_key_that_was_lost_is_not_followed_by_itself_and_that_is_said(run, tmp_path):
    lines, _ = grown(1)
    third = Key(b"third")
    lines = after(lines, rotation(NEW, third, by=False))
    pins = [sha256(each.public_key()).hexdigest() for each in (OLD, third)]
    late = of_line(third, lines[90])
    found = run(lines, None, [late], pins[:1])
    assert found.problems == [
        (91, f"{tmp_path}/checkpoints:1: is signed with another key than the one given")
    ]
    new = sha256(NEW.public_key()).hexdigest()
    assert (
        f"seq 91: the key {pins[1]} took the place of {new}, NOT signed by it, which is lost: ask before you trust it"
        in list(found.report())
    )
    assert run(lines, None, [late], pins).problems == []


DOCUMENTS = {
    "JSON": lambda line: json.dumps({"blocks": [{"facts": {"file": line}}]}, indent=2),
    "HTML": lambda line: f"<dl><dt>As a file</dt><dd><code>{html.escape(line)}</code></dd></dl>",
    "Markdown": lambda line: f"# Evidence\n\n- As a file: `{line}`\n",
    "a mail": lambda line: f"Keep this mail.\n\n{line}\n",
}


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_checkpoint_is_found_in_what_it_was_sent_in(document, run, tmp_path):
    lines, _ = grown(1)
    issued = of_line(OLD, lines[30])
    path = tmp_path / "document"
    path.write_text(document(json.dumps(issued.document())))
    (found,) = verify_log.checkpoints_of(path)
    run.write(lines, None, [issued])
    (expected,) = verify_log.checkpoints_of(tmp_path / "checkpoints")
    assert found == expected._replace(place=f"{path}:1")


def test_a_checkpoint_counts_only_with_its_signature_and_the_key_that_was_pinned(run, key, tmp_path):
    lines, _ = grown(6)
    good = of_line(key, lines[20])
    pinned = sha256(key.public_key()).hexdigest()
    assert run(lines, None, [good], [pinned]).problems == []
    forged = Checkpoint(**{**good.document(), "hash": json.loads(lines[21])["hash"], "seq": 22})
    (problem,) = run(lines, None, [forged], [pinned]).problems
    assert problem == (22, f"{tmp_path}/checkpoints:1: the signature does not hold")
    other = of_line(SigningKey(tmp_path / "other"), lines[30])
    (problem,) = run(lines, None, [other], [pinned]).problems
    assert problem == (31, f"{tmp_path}/checkpoints:1: is signed with another key than the one given")
    (problem,) = run(lines, None, [good, other]).problems
    assert problem[1].endswith("name those that you trust with --key")
    foreign = of_line(key, lines[20], client="globex")
    assert [text for _, text in run(lines, None, [foreign]).problems] == [
        f"{tmp_path}/checkpoints:1: is of client globex, stream main, not of acme, main"
    ]


NOT_CANONICAL = {
    "a space": lambda line: line.replace(b",", b", ", 1),
    "a key twice": lambda line: line.replace(b'"v":1', b'"v":1,"v":1'),
    "two objects": lambda line: line + b"," + line,
    "an escaped letter": lambda line: line.replace(b"p-17", b"p-1\\u0037"),
    "a float": lambda line: line.replace(b'"v":1', b'"v":1.0'),
    "no number": lambda line: line.replace(b'"v":1', b'"v":NaN'),
    "true for one": lambda line: line.replace(b'"v":1', b'"v":true'),
    "a great integer": lambda line: reseal(line, facts={"n": 2**53})[0],
    "a key that is not ASCII": lambda line: reseal(line, facts={"ü": 1})[0],
    "an unknown member": lambda line: reseal(line, extra="1")[0],
    "a list of texts": lambda line: reseal(line, actor=["p-17"])[0],
    "facts that are none": lambda line: reseal(line, facts="none")[0],
    "no time": lambda line: reseal(line, time="yesterday, or some day that")[0],
    "half a surrogate": lambda line: line.replace(b"p-17", b"\\ud800"),
    "deep": lambda line: b"[" * 100_000,
    "nothing": lambda line: b"",
}


@pytest.mark.parametrize("spoil", NOT_CANONICAL.values(), ids=NOT_CANONICAL)
@pytest.mark.parametrize("at", [0, 85])
def test_no_second_form_of_an_entry_is_taken(spoil, at, run):
    lines, _ = grown(7)
    lines[at] = spoil(lines[at])
    assert run(lines).problems[0] == (at + 1, f"line {at + 1} is no entry in canonical form: edited")


def script(run, *arguments):
    return subprocess.run(
        [sys.executable, "-I", FILE, run.at / "log.jsonl", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=run.at,
        env={"PATH": os.defpath},
    )


def test_it_runs_by_itself_and_says_one_line_for_each_finding(run, key):
    lines, bodies = grown(8)
    run.write(lines, bodies, [of_line(key, lines[-1])])
    public = base64.b64encode(key.public_key()).decode()
    found = script(run, "checkpoints", "--bodies", "bodies", "--key", public)
    head, erased = json.loads(lines[-1]), sum(b'"kind":"erasure"' in line for line in lines)
    old, new = (sha256(each.public_key()).hexdigest() for each in (OLD, NEW))
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.splitlines() == [
        f"acme, stream main: 90 entries up to {head['time']}, last hash {head['hash']}",
        f"bodies: {len(bodies)} present, 0 MISSING, {erased} erased by order",
        f"seq 61: the key {new} took the place of {old}, signed by it",
        "seq 90: as the checkpoint of 2026-11-30T00:00:00.000000Z (checkpoints:1) witnessed, signed with the key given",
        "all of it is witnessed",
    ]
    run.write(lines[:-1], None, [of_line(key, lines[-1])])
    cut = script(run, "checkpoints")
    assert (cut.returncode, cut.stderr) == (1, "")
    assert "PROBLEM seq 90: the checkpoint of" in cut.stdout


def test_lost_and_unreadable_have_codes_of_their_own(run, key):
    lines, _ = grown(9)
    run.write(lines, None, [signed(key, 35, "ab" * 32, time="2026-11-23T11:00:00.000000Z")])
    assert script(run, "checkpoints").returncode == verify_log.LOST
    (run.at / "checkpoints").write_text("{}")
    unreadable = script(run, "checkpoints")
    assert (unreadable.returncode, unreadable.stderr) == (
        2,
        "error: checkpoints:1: is no checkpoint, nor a report as JSON, HTML or Markdown\n",
    )
    assert script(run, "--key", "c2hvcnQ=").returncode == verify_log.UNREADABLE
    assert script(run, "nowhere").returncode == verify_log.UNREADABLE
    run.write([], None, [])
    assert script(run).stderr == "error: the export has no entries\n"
