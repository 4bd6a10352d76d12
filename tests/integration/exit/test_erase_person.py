"""A person who is forgotten is found nowhere, in no spelling; the chain holds and no clock is judged otherwise."""

import json
from base64 import b64encode
from urllib.parse import quote

import pytest

from netmgr.adapters.mail_parsing import read_mail
from netmgr.cli import ticket_erase as command
from netmgr.cli.main import run as netmgr
from netmgr.errors import Refused, StoreError, UsageError
from netmgr.model.entry import Body
from netmgr.model.letter import Letter
from netmgr.model.people import People
from netmgr.service.clock import ticket_clock
from netmgr.service.naming import Named
from netmgr.service.targets import levels_of
from netmgr.service.ticket_record import KIND, events
from netmgr.workflows import log as logs
from netmgr.workflows import ticket as desk
from netmgr.workflows.erase_person import erase, named
from netmgr.workflows.letters import letter_to, put
from netmgr.workflows.ticket_intake import Intake
from tests.unit.log.drafts import draft
from tests.unit.service.samples import agreement

NAME, ADDRESS = "Mathilda Ünsöld", "mathilda@client.example"
ORDER = {"reason": "asked by letter", "basis": "GDPR-17"}


def spellings(text):
    """The text as bytes, in every way in which one of our files could hold it."""
    raw = text.encode()
    found = {raw, text.encode("utf-16-le"), text.encode("latin-1"), json.dumps(text)[1:-1].encode()}
    found |= {quote(text).encode(), quote(text).lower().encode(), raw.replace(b" ", b"=20")}
    for shift in range(3):
        code = b64encode(b"\0" * shift + raw).rstrip(b"=")
        found.add(code[(0, 2, 3)[shift] : len(code) - ((len(raw) + shift) % 3 > 0)])
    return found


def where(world, *more):
    """Every place below .netmgr, and in ``more``, that has the name or the address in some spelling."""
    needles = spellings(NAME) | spellings(ADDRESS) | spellings("Ünsöld")
    files = {path: path.read_bytes() for path in (world.workspace / ".netmgr").rglob("*") if path.is_file()}
    files |= dict(enumerate(more))
    return {str(name) for name, data in files.items() for needle in needles if needle.lower() in data.lower()}


SENDER = f"=?utf-8?b?{b64encode(NAME.encode()).decode()}?= <{ADDRESS}>"


def message(identity, text, sender=SENDER, **fields):
    head = {
        "From": sender,
        "Subject": "Help",
        "Message-ID": f"<{identity}@client.example>",
        "MIME-Version": "1.0",
    }
    head |= {"Content-Type": 'multipart/mixed; boundary="b"'} | {
        k.replace("_", "-"): v for k, v in fields.items()
    }
    part = b64encode(text.encode()).decode()
    lines = [f"{name}: {value}" for name, value in head.items()]
    lines += [
        "",
        "--b",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: base64",
        "",
        part,
    ]
    lines += [
        "--b",
        'Content-Type: text/x-log; name="a.log"',
        "Content-Disposition: attachment",
        "",
        NAME,
        "--b--",
        "",
    ]
    return "\r\n".join(lines).encode()


@pytest.fixture
def known(world):
    """A desk where a person is named in every way there is: (world, their id, seqs of what is not theirs)."""
    log, runtime = world.wiring.service_log, world.runtime
    desk.open_ticket(runtime(), desk.Described(subject="Nothing works", reporter=f"{NAME} <{ADDRESS}>"))
    intake = Intake(runtime(), read_mail)
    for number, text in enumerate(("I wait", f"Call {NAME}")):
        content = message(number, text, In_Reply_To="<0@client.example>") if number else message(0, text)
        assert intake.take("-", read_mail(content), content).ticket
    strange = message(7, f"from {NAME}", sender="Stranger <who@elsewhere.example>")
    strange = strange.replace(NAME.encode(), b"a log")  # from here on only in base64
    assert intake.take("-", read_mail(strange), strange).status == "quarantined"
    world.clock.sleep(600)
    desk.update(runtime(), "T-1", desk.Described(), ack=True, note=f"spoke with\n{NAME.upper()}")
    desk.pause(runtime(), "T-1", "client", note=None)
    world.clock.sleep(900)
    desk.resume(runtime(), "T-1", note=f"{ADDRESS} wrote")
    desk.resolve(runtime(), "T-1", outcome="fixed", cause="power", note="a cable")
    reason = Body(f"reason: asked for by {NAME}\n".encode(), "text/x-diff")
    log.append("square", [draft(client="square", body=reason)])
    letter = letter_to(
        runtime(), f"mail:{ADDRESS}", Letter(subject="Notice", text=f"Dear {NAME}"), of=["n"], event="notice.sent",
        action="send",
    )  # fmt: skip
    other = letter_to(
        runtime(), "mail:else@client.example", Letter(subject="Notice", text="Dear else"), of=["n"],
        event="notice.sent", action="send",
    )  # fmt: skip
    put(runtime(), [letter, other])
    desk.open_ticket(runtime(), desk.Described(subject="Mathildas", reporter="Bo <bo@client.example>"))
    identity = world.wiring.service_log.records.get("square", KIND, "T-1").document["reporter"]
    return world, identity


def clocks(world):
    """Every ticket's result, and its record as it is."""
    terms = agreement()
    levels = levels_of(terms.levels, terms.calendar)
    levels = dict.fromkeys(("emergency", "high", "normal", "low"), next(iter(levels.values())))
    now = int(world.clock.now().timestamp())
    found = list(world.wiring.service_log.records.all("square", KIND))
    return [(one, ticket_clock(events(one.document), levels, now)) for one in found]


def texts(world):
    log = world.wiring.service_log
    found = [entry for entry in log.entries("square") if entry.body and entry.kind != "erasure"]
    return {e.seq: log.body("square", e.body.digest) for e in found}


def exported(world):
    parts = []
    logs.export(
        world.wiring.service_log,
        "square",
        write_line=parts.append,
        write_body=lambda b: parts.append(b.content),
    )
    return b"\n".join(parts)


def test_somebody_who_is_forgotten_is_found_nowhere(known):
    world, identity = known
    assert len(where(world, exported(world))) >= 2  # planted: in the store, and in an export
    before, kept = clocks(world), texts(world)
    found = named(world.runtime(), identity)
    assert texts(world) == kept
    done = erase(world.runtime(), identity, **ORDER)
    assert (done.bodies, done.notifications) == (found.bodies, found.notifications)
    assert where(world, exported(world)) == set()
    left = {seq: text for seq, text in kept.items() if seq not in done.bodies}
    assert {seq: text for seq, text in texts(world).items() if isinstance(text, bytes)} == left
    said = b"\n".join(left.values())
    for stays in (b"a cable", b"Mathildas", b"bo@client.example"):
        assert stays in said
    assert [each.recipient for each in world.wiring.post.outbox.notifications("square", limit=9)] == [
        "mail:else@client.example"
    ]
    assert clocks(world) == before
    found = logs.verify(world.wiring.service_log, world.wiring.signing_key, "square")
    assert (found.problems, found.erased) == ((), len(done.bodies))
    assert world.wiring.service_log.records.rebuild("square").differences == ()
    first, *others = world.wiring.service_log.entries("square", kind="erasure")
    assert first.facts.keys() == {"basis", "digest", "contact"}
    assert world.wiring.service_log.body("square", first.body.digest) == b"asked by letter"
    assert [other.body for other in others] == [None] * len(others)


def test_it_is_done_once_and_what_comes_later_can_be_done_again(known):
    world, identity = known
    erase(world.runtime(), identity, **ORDER)
    with pytest.raises(UsageError, match="nothing of theirs is left"):
        erase(world.runtime(), identity, **ORDER)
    world.wiring.service_log.append(
        "square", [draft(client="square", body=Body(NAME.encode(), "text/plain"))]
    )
    assert named(world.runtime(), identity).bodies == ()
    (seq,) = erase(world.runtime(), identity, also=[NAME], **ORDER).bodies
    assert texts(world)[seq] is not NAME.encode()
    assert where(world) == set()


def test_what_cannot_be_erased_leaves_everything_as_it_was(known, monkeypatch):
    world, identity = known
    before = texts(world), world.wiring.service_log.head("square")
    for given, message in (
        ({"reason": f"{NAME} asked"}, "names the person"),
        ({"reason": " "}, "--reason is empty"),
        ({"basis": "a\nb"}, "--basis is not one line"),
    ):
        with pytest.raises(UsageError, match=message):
            erase(world.runtime(), identity, **(ORDER | given))
    with pytest.raises(UsageError, match="has no such contact"):
        named(world.runtime(), "k-000000000000")

    def full(*_):
        raise StoreError("disk full")

    monkeypatch.setattr(world.wiring.service_log, "erase_all", full)
    with pytest.raises(StoreError, match="disk full"):
        erase(world.runtime(), identity, **ORDER)
    world.wiring.people = People.model_validate(
        {"people": {"p-1": {"id": "p-1", "roles": {"square": ["engineer"]}}}}
    )
    with pytest.raises(Refused, match="p-1 may not log square"):
        erase(world.runtime(), identity, **ORDER)
    assert (texts(world), world.wiring.service_log.head("square")) == before


def test_the_command_shows_what_names_them_and_erases_when_told(known, monkeypatch, capsys):
    world, identity = known
    (world.workspace / "inventory/square/client.yaml").write_text(
        f"id: square\ncontacts: [{{name: {NAME}}}]\n"
    )
    monkeypatch.setattr(command, "reading_runtime", lambda _context, _target: world.commands(None))
    world.wiring.reports.keep("square", "square-2026-10.md", NAME.encode())
    arguments = [
        "-w",
        str(world.workspace),
        "ticket",
        "erase-contact",
        identity,
        "-c",
        "square",
        "--basis",
        "GDPR-17",
    ]
    arguments += ["--reason", "asked"]
    assert netmgr([*arguments, "-o", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert list(document) == [
        *("schema", "client", "contact", "bodies", "kept", "notifications", "reports", "listed", "orders")
    ]
    assert (document["orders"], document["listed"], document["reports"]) == ([], True, ["square-2026-10.md"])
    assert netmgr([*arguments, "--yes"]) == 0
    shown = capsys.readouterr()
    assert shown.out == f"{identity}: {len(document['bodies'])} texts, 1 notifications erased\n"
    assert "inventory/square/client.yaml names them" in shown.err
    assert "a report that was kept names them: square-2026-10.md" in shown.err


NAMINGS = [
    ("Li Wei", b"ask li\n  wei now", "text/plain", True),
    ("Li Wei", b"Li Weiss", "text/plain", False),
    ("王芳", "请联系王芳处理".encode(), "text/plain", True),
    ("Ünsöld", b'{"a":["\\u00dcns\\u00f6ld"]}', "application/json", True),
    ("a@b.example", b'{"a@b.example":1}', "application/json", True),
    ("a@b.example", b"xa@b.example", "text/plain", False),
    ("Ünsöld", b"From: =?utf-8?q?=C3=9Cns=C3=B6ld?= <a@b.example>\r\n\r\n", "message/rfc822", True),
    (
        "Ünsöld",
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n=C3=9Cns=C3=B6ld",
        "message/rfc822",
        True,
    ),
    ("Ünsöld", b"Content-Type: text/plain; charset=nonsense\r\n\r\nx", "message/rfc822", False),
    ("x", b"\xff\xfe", "application/json", False),
    (" ", b"anything", "text/plain", False),
]


@pytest.mark.parametrize(("word", "content", "kind", "found"), NAMINGS)
def test_a_name_is_found_as_its_reader_would(word, content, kind, found):
    assert Named([word]).in_body(content, kind) is found
