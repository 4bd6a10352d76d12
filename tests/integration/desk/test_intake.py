"""Mail through the intake: a real log and real Maildirs; each message once, and none that nobody vouches for."""

import json
import os
import stat
from base64 import b64encode
from dataclasses import asdict
from datetime import timedelta

import pytest

from netmgr.adapters.mail_parsing import read_mail
from netmgr.adapters.maildir import ASIDE, Maildir
from netmgr.cli.main import run
from netmgr.errors import Refused, StoreError, Superseded, UsageError
from netmgr.model.mail import LARGEST, LARGEST_ATTACHMENT
from netmgr.workflows import ticket as desk
from netmgr.workflows.log import erase
from netmgr.workflows.ticket_attachments import attachments, content
from netmgr.workflows.ticket_intake import Intake, take_all
from netmgr.workflows.ticket_views import show, told

CONTACTS = "id: square\ncontacts: [{name: Mei Lin, email: mei@client.example}]\n"


@pytest.fixture(autouse=True)
def contacts(world):
    (world.workspace / "inventory/square/client.yaml").write_text(CONTACTS)


def message(identity="1", subject="No mail", sender="Mei <Mei@Client.example>", text="since nine", **fields):
    named = {"From": sender, "Subject": subject, "Message-ID": f"<{identity}@client.example>"}
    named |= {name.replace("_", "-"): value for name, value in fields.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items() if value is not None)
    return f"{head}\r\n{text}\r\n".encode()


def take(world, content, **changes):
    taken = Intake(world.runtime(**changes), read_mail).take("-", read_mail(content), content)
    return taken.status, taken.ticket


def entries(world, **filters):
    return list(world.wiring.service_log.entries("square", **filters))


def said(world, identity="T-1"):
    return [(step.entry.action, list(told(step))) for step in show(world.runtime(), identity).timeline
            if step.entry.kind == "ticket"]  # fmt: skip


def test_a_message_opens_a_ticket_and_its_answers_go_into_it(world):
    assert take(world, message()) == ("opened", "T-1")
    assert take(world, message("2", "Re: something else", text="still", In_Reply_To="<1@client.example>")) == (
        "noted", "T-1",
    )  # fmt: skip
    assert take(world, message("3", "AW: [T-1] No mail", text="and now")) == ("noted", "T-1")
    assert take(world, message("4", "Another")) == ("opened", "T-2")
    assert said(world) == [("open", ["No mail", "since nine"]), ("note", ["still"]), ("note", ["and now"])]
    shown = show(world.runtime(), "T-1")
    assert (shown.ticket.state, shown.reporter, shown.ticket.kind) == ("open", "Mei Lin", "fault")
    assert {entry.auth for entry in entries(world)} == {"service"}
    assert len(entries(world, kind="contact")) == 1


def test_a_message_is_taken_in_once(world):
    assert take(world, message()) == ("opened", "T-1")
    assert take(world, message(text="the same id, other words")) == ("duplicate", "T-1")
    nameless = message(Message_ID=None)
    assert take(world, nameless) == ("opened", "T-2")
    assert take(world, b"Received: by another\r\n" + nameless) == ("duplicate", "T-2")
    assert take(world, message("9", sender="x@y.example")) == ("quarantined", None)
    assert take(world, message("9", sender="x@y.example")) == ("duplicate", None)


def test_an_answer_reopens_what_is_resolved_but_not_what_was_closed_long_ago(world):
    take(world, message())
    desk.resolve(world.runtime(), "T-1", outcome="fixed", cause=None, note="done")
    robot = {"Auto_Submitted": "auto-replied", "In_Reply_To": "<1@client.example>"}
    assert take(world, message("2", "Away", **robot)) == ("noted", "T-1")
    assert show(world.runtime(), "T-1").ticket.state == "resolved"
    assert take(world, message("3", "Re: [T-1]")) == ("reopened", "T-1")
    assert show(world.runtime(), "T-1").ticket.state == "in_progress"
    desk.resolve(world.runtime(), "T-1", outcome="fixed", cause=None, note="done again")
    desk.close(world.runtime(), "T-1")
    world.clock.elapsed += 14 * 86_400
    assert take(world, message("4", "Re: [T-1]")) == ("reopened", "T-1")
    desk.resolve(world.runtime(), "T-1", outcome="fixed", cause=None, note="done again")
    desk.close(world.runtime(), "T-1")
    world.clock.elapsed += 14 * 86_400 + 1
    assert take(world, message("5", "Re: [T-1]")) == ("noted", "T-1")
    assert show(world.runtime(), "T-1").ticket.state == "closed"
    assert [entry.outcome for entry in entries(world, kind="mail")] == [None, None, None, None, "stale"]


def test_taking_mail_in_is_no_answer_whoever_runs_it(world):
    take(world, message())
    take(world, message("2", "Re: [T-1]"))
    take(world, message("3", "Re: [T-1]", Auto_Submitted="auto-replied"))
    events = world.wiring.service_log.records.get("square", "ticket", "T-1").document["events"]
    assert [(row[0], row[4]) for row in events] == [("opened", False), ("acted", False), ("acted", False)]


def test_strangers_and_programs_wait_until_somebody_vouches_for_them(world):
    assert take(world, message(sender="new@client.example")) == ("quarantined", None)
    assert take(world, message("2", Precedence="bulk")) == ("quarantined", None)
    assert take(world, message("3", sender=None)) == ("quarantined", None)
    assert take(world, b"From: \xff\xfe\0\r\n\r\nx") == ("quarantined", None)
    assert entries(world, kind="ticket") == []
    intake = Intake(world.runtime(), read_mail)
    waiting = list(intake.waiting())
    assert [(one.reason, one.sender, one.subject) for one in waiting] == [
        ("unknown_sender", "new@client.example", "No mail"),
        ("automatic", "Mei@Client.example", "No mail"),
        ("no_sender", "", "No mail"),
        ("malformed", None, None),
    ]
    first, second, third, fourth = (one.seq for one in waiting)
    assert (intake.accept(first).status, intake.accept(second).ticket) == ("opened", "T-2")
    assert show(world.runtime(), "T-1").reporter == "new@client.example"
    assert intake.drop(third).status == "dropped"
    with pytest.raises(UsageError, match=rf"^{fourth}: its header has a NUL; drop it"):
        intake.accept(fourth)
    for seq in (first, third, 10**6):
        with pytest.raises(UsageError, match=rf"^{seq}: square has no such message in quarantine"):
            intake.accept(seq)
        with pytest.raises(UsageError, match="no such message"):
            intake.drop(seq)
    intake.drop(fourth)
    assert list(intake.waiting()) == []
    people = [entry.actor for entry in entries(world, kind="mail") if entry.auth == "os"]
    assert people == ["p-1"] * 4
    assert take(world, message("7", sender="NEW@client.example")) == ("opened", "T-3")
    assert world.wiring.service_log.records.rebuild("square").differences == ()


def with_files(*files, identity="1", **fields):
    """A message with these attachments: (type, name, content) each."""
    part = b'Content-Type: %s\r\nContent-Disposition: attachment; filename="%s"\r\n'
    part += b"Content-Transfer-Encoding: base64\r\n\r\n%s\r\n"
    body = b"--b\r\n\r\nsee\r\n" + b"".join(
        b"--b\r\n" + part % (kind, name, b64encode(content)) for kind, name, content in files
    )
    head = message(identity, Content_Type="multipart/mixed; boundary=b", text="", **fields).rstrip()
    return head + b"\r\n\r\n" + body + b"--b--\r\n"


CSV, ZIP = (b"text/csv", b"../a.csv", b"1,2"), (b"application/zip", b"b.zip", b"PK\x03\x04")


def test_attachments_are_bodies_of_their_own(world):
    assert take(world, with_files(CSV, ZIP)) == ("opened", "T-1")
    attached = [entry for entry in entries(world, kind="mail") if entry.action == "attach"]
    assert [(one.facts["part"], one.ticket, one.body.type) for one in attached] == [
        (1, "T-1", "text/csv"), (2, "T-1", "application/zip"),
    ]  # fmt: skip
    assert [world.wiring.service_log.body("square", one.body.digest) for one in attached] == [
        b"1,2",
        b"PK\x03\x04",
    ]
    assert said(world) == [
        (
            "open",
            [
                "No mail",
                "see",
                "attached: a.csv (text/csv, 3 bytes)",
                "attached: b.zip (application/zip, 4 bytes)",
            ],
        )
    ]


def test_attachments_are_listed_and_come_out_as_they_came(world, tmp_path, capfdbinary):
    take(world, message("0"))
    take(world, with_files(CSV, ZIP, identity="1", In_Reply_To="<0@client.example>"))
    large = (b"text/plain", b"c.txt", b"x" * (LARGEST_ATTACHMENT + 1))
    take(world, with_files(large, ZIP, identity="2", In_Reply_To="<0@client.example>"))
    runtime = world.runtime()
    listed = attachments(runtime, "T-1")
    size = LARGEST_ATTACHMENT + 1
    assert [(one.number, one.name, one.type, one.size, one.digest is not None) for one in listed] == [
        (1, "a.csv", "text/csv", 3, True), (2, "b.zip", "application/zip", 4, True),
        (3, "c.txt", "text/plain", size, False), (4, "b.zip", "application/zip", 4, True),
    ]  # fmt: skip
    assert [content(runtime, "T-1", number) for number in (1, 2, 4)] == [b"1,2", b"PK\x03\x04", b"PK\x03\x04"]
    with pytest.raises(StoreError, match="T-1: attachment 3 was too large to be kept; ask its sender for it"):
        content(runtime, "T-1", 3)
    with pytest.raises(UsageError, match="T-1 has 4 attachments, no number 5; `netmgr ticket attachments"):
        content(runtime, "T-1", 5)

    command = ["-w", str(world.workspace), "-c", "square", "ticket", "attachments", "T-1"]
    assert run([*command, "-o", "json"]) == 0
    document = json.loads(capfdbinary.readouterr().out)
    assert document["schema"] == "netmgr.ticket-attachments/1"
    assert document["attachments"] == [asdict(one) for one in listed]
    out = tmp_path / "a.csv"
    assert (run([*command, "1", "--out", str(out)]), out.read_bytes()) == (0, b"1,2")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    capfdbinary.readouterr()
    assert (run([*command, "2", "--out", "-"]), capfdbinary.readouterr().out) == (0, b"PK\x03\x04")
    for wrong in (["2", "--out", str(out)], ["2"], ["--out", str(tmp_path / "new")]):
        assert run([*command, *wrong]) == 64
    assert (out.read_bytes(), (tmp_path / "new").exists()) == (b"1,2", False)


def test_an_attachment_that_was_erased_is_said_to_be(world):
    take(world, with_files(CSV))
    log = world.wiring.service_log
    (own,) = [entry for entry in entries(world, kind="mail") if entry.action == "attach"]
    (opened,) = entries(world, kind="ticket")
    for one in (own, opened):
        order = {"reason": "asked", "basis": "GDPR-17", "actor": world.runtime().actor, "request": "r-1"}
        erase(log, "square", one.body.digest, target="network", **order)
    (listed,) = attachments(world.runtime(), "T-1")
    assert (listed.name, listed.type, listed.size, listed.seq) == (None, "text/csv", 3, own.seq)
    with pytest.raises(StoreError, match="T-1: attachment 1: erased by order; ask its sender for it"):
        content(world.runtime(), "T-1", 1)


def test_facts_and_records_hold_nothing_of_a_message(world):
    take(world, message("secret-id", "Mei's printer", text="room 7"))
    take(world, message("other-id", "a stranger's", sender="eve@else.example"))
    log = world.wiring.service_log
    with log.snapshot("square") as snapshot:
        lines = b"".join(stored.line for page in snapshot.pages() for stored in page)
    records = [record for kind in ("ticket", "mail", "contact") for record in log.records.all("square", kind)]
    for words in ("Mei", "mei@", "printer", "room 7", "eve@", "secret-id", "other-id", "client.example"):
        assert words.encode() not in lines
        assert words not in json.dumps([[record.key, record.document] for record in records])


def test_somebody_else_s_ticket_in_between_makes_it_decide_again(world, monkeypatch):
    intake = Intake(world.runtime(), read_mail)
    append, raced = world.wiring.service_log.append, []

    def faster(client, drafts, **more):
        if not raced:
            raced.append(1)
            assert take(world, message("0", "first")) == ("opened", "T-1")
        return append(client, drafts, **more)

    monkeypatch.setattr(world.wiring.service_log, "append", faster)
    taken = intake.take("-", read_mail(message()), message())
    assert (taken.status, taken.ticket) == ("opened", "T-2")
    assert len(entries(world, kind="contact")) == 1

    def always(*_args, **_more):
        raise Superseded("again")

    monkeypatch.setattr(world.wiring.service_log, "append", always)
    with pytest.raises(Superseded):
        take(world, message("5"))


def maildir(world):
    box = world.workspace / "mail"
    for name in ("new", "cur", "tmp"):
        (box / name).mkdir(parents=True, exist_ok=True)
    return box


def test_a_maildir_each_message_once_and_what_is_nobodys_aside(world):
    box = maildir(world)
    (box / "new" / "9.b").write_bytes(message("2", "Re: [T-1]"))
    (box / "new" / "8.a").write_bytes(message())
    (box / "new" / "10.c").write_bytes(b"")
    (box / "new" / ".hidden").write_bytes(message("3"))
    (box / "new" / "link").symlink_to("/etc/passwd")
    (box / "new" / "dir").mkdir()
    os.mkfifo(box / "new" / "pipe")
    with (box / "new" / "11.d").open("wb") as large:
        large.truncate(LARGEST + 1)
    taken = list(take_all([Intake(world.runtime(), read_mail)], Maildir(box), read_mail))
    assert [(one.name, one.status) for one in taken] == [
        ("8.a", "opened"), ("9.b", "noted"), ("10.c", "aside"), ("11.d", "aside"),
    ]  # fmt: skip
    assert sorted(path.name for path in (box / "cur").iterdir()) == ["8.a:2,S", "9.b:2,S"]
    assert sorted(path.name for path in (box / ASIDE / "new").iterdir()) == ["10.c", "11.d"]
    # Killed between the log and the Maildir: the message comes again, and nothing is recorded twice.
    (box / "cur" / "8.a:2,S").rename(box / "new" / "8.a")
    before = entries(world)
    (again,) = take_all([Intake(world.runtime(), read_mail)], Maildir(box), read_mail)
    assert (again.status, again.ticket, entries(world)) == ("duplicate", "T-1", before)
    with pytest.raises(UsageError, match="is no Maildir"):
        Maildir(world.workspace)


def test_what_waited_in_the_maildir_counts_from_when_it_arrived(world):
    box = maildir(world)
    file = box / "new" / "1.a"
    file.write_bytes(message())
    arrived = world.clock.now() - timedelta(hours=2)
    os.utime(file, (arrived.timestamp(), arrived.timestamp()))
    list(take_all([Intake(world.runtime(), read_mail)], Maildir(box), read_mail))
    assert show(world.runtime(), "T-1").ticket.opened == int(arrived.timestamp())


def test_an_answer_that_waited_while_the_ticket_was_resolved_reopens_it_now(world):
    take(world, message())
    world.clock.elapsed += 600
    desk.resolve(world.runtime(), "T-1", outcome="fixed", cause=None, note="done")
    world.clock.elapsed += 600
    answer = message("2", "Re: [T-1]")
    before = world.clock.now() - timedelta(seconds=900)
    taken = Intake(world.runtime(), read_mail).take("-", read_mail(answer), answer, arrived=before)
    assert (taken.status, show(world.runtime(), "T-1").ticket.state) == ("reopened", "in_progress")


def test_the_sender_says_whose_it_is(world):
    (world.workspace / "inventory/round").mkdir()
    for name in ("defaults.yaml", "groups.yaml", "hosts.yaml", "topology.yaml"):
        (world.workspace / "inventory/round" / name).write_text(
            (world.workspace / "inventory/square" / name).read_text()
        )
    (world.workspace / "inventory/round/client.yaml").write_text(
        "id: round\ncontacts: [{name: Jo, email: jo@round.example}, {name: Mei, email: both@x.example}]\n"
    )
    world.edit(
        "inventory/square/client.yaml", lambda text: text.replace("]", ", {name: B, email: both@x.example}]")
    )
    intakes = [Intake(runtime, read_mail) for runtime in (world.runtime(), world.runtime(client="round"))]
    box = maildir(world)
    for number, sender in enumerate(
        ("mei@client.example", "jo@round.example", "x@y.example", "both@x.example")
    ):
        (box / "new" / f"{number}.m").write_bytes(message(f"{number}", "[T-1]", sender=sender))
    taken = list(take_all(intakes, Maildir(box), read_mail))
    assert [(one.status, one.client, one.why) for one in taken] == [
        ("opened", "square", None),
        ("opened", "round", None),
        ("aside", None, "no client knows its sender"),
        ("aside", None, "several clients know its sender"),
    ]
    assert len(entries(world, kind="ticket")) == 1


def test_who_may_not_take_mail_in_takes_none(world):
    with pytest.raises(Refused):
        Intake(world.runtime(permitted=lambda action: action == "read"), read_mail)


def test_the_command_line(world, monkeypatch, capsys, tmp_path):
    file = tmp_path / "one.eml"
    file.write_bytes(message())
    monkeypatch.chdir(world.workspace)
    assert run(["ticket", "intake", str(file), "-c", "square", "-o", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "netmgr.ticket-intake/1"
    assert document["messages"] == [
        {
            "name": str(file),
            "status": "opened",
            "client": "square",
            "ticket": "T-1",
            "seq": 3,
            "reason": None,
            "why": None,
        }
    ]
    file.write_bytes(b"no mail")
    assert run(["ticket", "intake", str(file), "-c", "square"]) == 0
    assert capsys.readouterr().out == "square: message 4 quarantined: it has no header\n"
    assert run(["ticket", "intake", "--quarantine", "--all"]) == 0
    assert "malformed" in capsys.readouterr().out
    assert run(["ticket", "intake", "--drop", "4", "-c", "square"]) == 0
    wrong = {
        (): "say one of FILE",
        (str(file), "--quarantine"): "say one of FILE",
        ("--all", "--accept", "3"): "--accept and --drop are for one",
        ("--maildir", str(tmp_path)): "is no Maildir",
    }
    capsys.readouterr()
    for arguments, why in wrong.items():
        client = () if "--all" in arguments else ("-c", "square")
        assert run(["ticket", "intake", *arguments, *client]) == 64
        assert why in capsys.readouterr().err
    file.write_bytes(b"")
    assert run(["ticket", "intake", str(file), "-c", "square"]) == 1
    assert capsys.readouterr().err == f"error: {file}: it is empty; give one message\n"
