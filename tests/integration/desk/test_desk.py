"""The desk through its workflows: a real log, real files; what is done, refused, repeated, and never recorded."""

import json
import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta

import pytest

from netmgr.cli.main import run
from netmgr.errors import Refused, Superseded, UsageError
from netmgr.model.access import Actor
from netmgr.model.entry import Draft
from netmgr.model.record import Rebuilt
from netmgr.model.ticket import Link
from netmgr.workflows import signing, ticket_log
from netmgr.workflows import ticket as workflow
from netmgr.workflows.log import erase
from netmgr.workflows.ticket import Described
from netmgr.workflows.ticket_views import Wanted, show, tickets, told
from tests.unit.service.samples import TEXT

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
MEI = "Mei Lin <mei.lin@client.example>"


def opened(world, subject="no mail", **said):
    return workflow.open_ticket(world.runtime(), Described(subject=subject, **said))


def stands(world, identity="T-1"):
    return show(world.runtime(), identity).ticket


def entries(world, **filters):
    return list(world.wiring.service_log.entries("square", **filters))


def other(world):
    """A second person."""
    return world.runtime(actor=Actor(id="p-2", auth="os", on="ops2"))


def test_a_ticket_from_its_opening_to_its_end(world):
    said = Described(
        subject="no mail", description="since nine", impact="significant", urgency="high", devices=["r2", "r1"],
        reporter=MEI, assignee="p-1",
    )  # fmt: skip
    assert workflow.open_ticket(world.runtime(), said) == "T-1"
    assert opened(world, "another") == "T-2"
    world.clock.elapsed += 60
    workflow.update(world.runtime(), "T-1", Described(), ack=True, note="looking", visible=True)
    workflow.pause(world.runtime(), "T-1", "client", note="asked for the log")
    world.clock.elapsed += 600
    workflow.resume(world.runtime(), "T-1")
    workflow.resolve(world.runtime(), "T-1", outcome="fixed", cause="hardware", rma="R-7", note="new disk")
    workflow.close(world.runtime(), "T-1")
    shown = show(world.runtime(), "T-1")
    one = shown.ticket
    assert (one.state, one.priority, one.outcome, one.cause, one.rma) == (
        "closed", "high", "fixed", "hardware", "R-7",
    )  # fmt: skip
    assert (shown.subject, shown.description, shown.reporter) == ("no mail", "since nine", "Mei Lin")
    assert (one.devices, one.assignee, one.impact, one.urgency) == (
        ("r1", "r2"), "p-1", "significant", "high",
    )  # fmt: skip
    assert [(step.entry.action, step.entry.visibility, list(told(step))) for step in shown.timeline] == [
        ("open", "client", ["no mail", "since nine"]),
        ("ack", "client", []),
        ("note", "client", ["looking"]),
        ("pause", "client", ["asked for the log"]),
        ("resume", "client", []),
        ("resolve", "client", ["new disk"]),
        ("close", "client", []),
    ]
    assert [each.ticket.id for each in tickets(world.runtime(), Wanted(), count=9)] == ["T-2", "T-1"]


def test_facts_and_records_hold_no_text_and_nobody(world):
    identity = opened(world, "Mei's printer", description="room 7", reporter=MEI)
    workflow.pause(world.runtime(), identity, "client", note="Mei is away")
    workflow.update(world.runtime(), identity, Described(subject="Mei's other printer"), note="of Mei")
    lines = b"".join(stored.line for stored in _stored(world))
    records = list(world.wiring.service_log.records.all("square", "ticket"))
    records += world.wiring.service_log.records.all("square", "contact")
    for secret in ("Mei", "mei.lin", "printer", "room 7", "away"):
        assert secret.encode() not in lines
        assert secret not in json.dumps([record.document for record in records])
    assert world.wiring.service_log.records.rebuild("square") == Rebuilt(5, 2, ())


def test_a_reporter_is_known_by_their_address(world):
    for who in (MEI, "MEI.LIN@client.example", "Lin Mei <mei.lin@CLIENT.example>"):
        opened(world, reporter=who)
    contacts = {stands(world, f"T-{n}").reporter for n in (1, 2, 3)}
    assert len(contacts) == 1
    (identity,) = contacts
    assert identity.startswith("k-")
    assert opened(world, reporter=identity) == "T-4"
    assert len(entries(world, kind="contact")) == 1
    assert stands(world, opened(world, reporter="p-1")).reporter == "p-1"
    assert show(world.runtime(), "T-5").reporter == "p-1"
    for wrong in ("k-123456", "p-99", "no one@", "@x"):
        with pytest.raises(UsageError, match=r"^--reporter"):
            opened(world, reporter=wrong)
    assert len(entries(world, kind="ticket")) == 5


def test_priority_comes_from_the_matrix_unless_somebody_chose_it(world):
    identity = opened(world, impact="extensive", urgency="critical")
    assert (stands(world).priority, stands(world).given) == ("emergency", False)
    workflow.update(world.runtime(), identity, Described(urgency="low"))
    assert (stands(world).priority, stands(world).impact, stands(world).urgency) == (
        "normal",
        "extensive",
        "low",
    )
    workflow.update(world.runtime(), identity, Described(priority="high"))
    assert (stands(world).priority, stands(world).given) == ("high", True)
    workflow.update(world.runtime(), identity, Described(impact="limited"))
    assert (stands(world).priority, stands(world).given) == ("low", False)
    with pytest.raises(
        UsageError, match=r"^--priority top: there is none such; choose emergency, high, normal, low$"
    ):
        workflow.update(world.runtime(), identity, Described(priority="top"))


def test_the_signed_agreements_matrix_counts(world):
    (world.workspace / "inventory/square/agreement.yaml").write_text(TEXT)
    opened(world, impact="extensive", urgency="critical")
    signing.sign(world.runtime(), b"%PDF-1.7", {"client": "A", "provider": "B"}, scan=True)
    world.clock.elapsed += 60
    opened(world, impact="extensive", urgency="critical")
    assert [stands(world, f"T-{n}").priority for n in (1, 2)] == ["emergency", "urgent"]
    with pytest.raises(UsageError, match=r"choose other, urgent$"):
        opened(world, priority="emergency")


def test_nothing_is_recorded_of_what_is_refused(world):
    identity = opened(world)
    world.clock.elapsed += 3600
    before = entries(world)
    ago = NOW - timedelta(minutes=1)
    ahead = NOW + timedelta(hours=2)
    refused = {
        lambda: workflow.close(world.runtime(), identity): "is not resolved",
        lambda: workflow.close(world.runtime(), identity, outcome="cancelled", at=ago): "was opened at",
        lambda: workflow.pause(world.runtime(), identity, "client", note="", at=ahead): "is to come",
        lambda: workflow.open_ticket(world.runtime(), Described(subject="x"), at=ahead): "is to come",
        lambda: workflow.resume(world.runtime(), identity): "is open: resuming is not for it",
        lambda: workflow.reopen(world.runtime(), identity, note="x"): "reopening is not for it",
        lambda: workflow.pause(world.runtime(), "T-9", "client", note=None): "has no ticket T-9",
        lambda: workflow.update(world.runtime(), identity, Described()): "nothing is said",
        lambda: workflow.update(world.runtime(), identity, Described(subject="no mail")): "nothing is said",
        lambda: workflow.update(world.runtime(), identity, Described(devices=["r9"])): "--device r9: there is none",
        lambda: workflow.update(world.runtime(), identity, Described(assets=["pc-1"])): "--asset pc-1: there is none",
        lambda: workflow.accept(world.runtime(), identity): "nothing was recorded late",
        lambda: workflow.update(
            world.runtime(), identity, Described(links=[Link(kind="change", ref="c-9")])
        ): "--link change:c-9: the log of square has none such",
    }  # fmt: skip
    for attempt, reason in refused.items():
        with pytest.raises(UsageError, match=r"^[^\n]*$") as error:
            attempt()
        assert reason in str(error.value)
    assert entries(world) == before


def test_who_may_not_does_nothing_at_the_desk(world):
    opened(world)
    reader = world.runtime(permitted=lambda action: action == "read")
    assert show(reader, "T-1").ticket.id == "T-1"
    for attempt in (
        lambda: workflow.open_ticket(reader, Described(subject="x")),
        lambda: workflow.update(reader, "T-1", Described(), note="x"),
        lambda: workflow.pause(reader, "T-1", "client", note=None),
        lambda: workflow.accept(reader, "T-1"),
    ):
        with pytest.raises(Refused, match=r"^refused \(access\): p-1 may not desk square; "):
            attempt()
    assert len(entries(world)) == 1


def test_a_repeated_request_does_nothing_twice(world):
    runtime = world.runtime("r-1")
    assert workflow.open_ticket(runtime, Described(subject="a", reporter=MEI)) == "T-1"
    assert workflow.open_ticket(runtime, Described(subject="a", reporter=MEI)) == "T-1"
    pausing = world.runtime("r-2")
    for _ in range(2):
        assert workflow.pause(pausing, "T-1", "client", note=None) == "T-1"
    assert [entry.action for entry in entries(world)] == ["add", "open", "pause"]


def test_what_was_recorded_late_is_accepted_by_somebody_else(world):
    world.clock.elapsed += 7200
    identity = workflow.open_ticket(world.runtime(), Described(subject="x"), at=NOW)
    workflow.resolve(
        world.runtime(), identity, outcome="fixed", cause=None, note="done", at=NOW + timedelta(hours=1)
    )
    assert [step.late for step in show(world.runtime(), identity).timeline] == [True, True]
    assert stands(world).late == {"1": "p-1", "2": "p-1"}
    with pytest.raises(UsageError, match=r"^T-1: seq 1 was recorded by p-1; a second person accepts it$"):
        workflow.accept(world.runtime(), identity)
    workflow.accept(other(world), identity, [2])
    assert stands(world).late == {"1": "p-1"}
    assert (stands(world).opened, stands(world).resolved) == (
        int(NOW.timestamp()),
        int(NOW.timestamp()) + 3600,
    )


def test_what_carries_the_tickets_id_is_in_its_timeline(world):
    identity = opened(world)
    world.clock.elapsed += 5
    common = {
        "client": "square",
        "target": "network",
        "actor": "p-1",
        "auth": "os",
        "on": "ops1",
        "request": "r-d",
    }
    change = common | {"kind": "change", "action": "deploy", "change": "c-1", "ticket": identity}
    world.wiring.service_log.append(
        "square",
        [
            Draft(**change, phase="intent"),
            Draft(**change, phase="result", outcome="applied", device="r1"),
            Draft(**change, phase="result", outcome="applied"),
            Draft(
                **common | {"kind": "audit", "action": "audit", "request": "r-a"},
                phase="result",
                outcome="compliant",
            ),
        ],
    )
    links = [Link(kind="change", ref="c-1"), Link(kind="audit", ref="r-a")]
    workflow.update(world.runtime(), identity, Described(links=links))
    assert stands(world).links == tuple(links)
    steps = [(s.entry.kind, s.entry.action, s.entry.phase) for s in show(world.runtime(), identity).timeline]
    assert steps == [
        ("ticket", "open", "result"),
        ("change", "deploy", "intent"),
        ("change", "deploy", "result"),
        ("ticket", "link", "result"),
    ]


def test_somebody_who_is_always_faster_is_told_of(world, monkeypatch):
    identity = opened(world)
    log, honest = world.wiring.service_log, ticket_log.act_draft

    def overtaken(runtime, *arguments, **named):
        log.append("square", [honest(world.runtime(), identity, "note", {}, at=None)])
        return honest(runtime, *arguments, **named)

    monkeypatch.setattr(workflow, "act_draft", overtaken)
    with pytest.raises(
        Superseded, match=r"^square: another command has logged something of kind ticket meanwhile"
    ):
        workflow.pause(world.runtime(), identity, "client", note=None)
    assert len(entries(world)) == 1 + ticket_log.ATTEMPTS
    assert stands(world).state == "in_progress"


OPENER = textwrap.dedent("""
    import sys
    from netmgr.cli.main import run
    sys.stdin.readline()
    for number in range(6):
        code = run(["-w", sys.argv[1], "ticket", "open", "-c", "square", "--subject", f"{sys.argv[2]} {number}"])
        assert code == 0, code
""")


def test_who_opens_tickets_at_once_gets_a_number_each(world):
    openers = [
        subprocess.Popen(
            [sys.executable, "-c", OPENER, str(world.workspace), name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )
        for name in ("a", "b")
    ]  # fmt: skip
    world.wiring.service_log.identity  # noqa: B018 - the store is there
    outputs = [opener.communicate("go\n", timeout=120)[0] for opener in openers]
    assert [opener.returncode for opener in openers] == [0, 0]
    said = sorted(line.split()[0] for output in outputs for line in output.splitlines())
    assert said == sorted(f"T-{number}" for number in range(1, 13))
    assert world.wiring.service_log.records.rebuild("square") == Rebuilt(12, 12, ())


def test_the_command_line(world, capsys, monkeypatch):
    at = ["-w", str(world.workspace)]

    def netmgr(*words, code=0):
        assert run([*at, "ticket", *words]) == code
        return capsys.readouterr()

    (world.workspace / "long.txt").write_text("first\nsecond\n")
    with (world.workspace / "long.txt").open() as file:
        monkeypatch.setattr(sys, "stdin", file)
        made = netmgr(
            "open", "-c", "square", "--subject", " no \n mail ", "--description", "-", "--urgency", "high"
        )
    assert made.out == "T-1 open, normal: no mail\n"
    assert netmgr("list", "-c", "square").out.splitlines()[1].split()[:4] == [
        "T-1",
        "open",
        "normal",
        "fault",
    ]
    assert (
        netmgr("pause", "T-1", "-c", "square", "--reason", "vendor").out
        == "T-1 paused (vendor), normal: no mail\n"
    )
    shown = json.loads(netmgr("show", "T-1", "-c", "square", "-o", "json").out)
    assert (shown["schema"], shown["id"], shown["description"]) == ("netmgr.ticket/1", "T-1", "first\nsecond")
    assert [step["action"] for step in shown["timeline"]] == ["open", "pause"]
    whole = netmgr("show", "T-1", "-c", "square").out
    assert "  first\n  second\n" in whole
    refused = netmgr("close", "T-1", "-c", "square", code=64)
    assert refused.err.splitlines()[-1].startswith("error: T-1 is not resolved; ")
    netmgr("resolve", "T-1", "-c", "square", "--note", "\x1b[31mdone", "--outcome", "workaround")
    netmgr("close", "T-1", "-c", "square")
    assert "\x1b" not in netmgr("show", "T-1", "-c", "square").out
    assert netmgr("list", "-c", "square").out == ""
    listed = json.loads(netmgr("list", "-c", "square", "--all", "-o", "json").out)
    assert [(one["id"], one["state"], one["subject"]) for one in listed["tickets"]] == [
        ("T-1", "closed", "no mail")
    ]
    for words in (
        ["open", "--subject", " "],
        ["update", "T-1", "--due", "soon"],
        ["update", "T-1", "--link", "deploy:7"],
        ["update", "T-1", "--note", "a\0b"],
    ):
        assert run([*at, "ticket", words[0], "-c", "square", *words[1:]]) == 64
        assert capsys.readouterr().err.count("error: ") == 1


def test_rebuilding_says_what_differed_and_puts_it_right(world, capsys):
    import sqlite3

    opened(world)
    at = ["-w", str(world.workspace), "log", "rebuild", "-c", "square"]
    assert run(at) == 0
    assert capsys.readouterr().out == "square: 1 records from 1 entries: equal\n"
    with sqlite3.connect(world.workspace / ".netmgr/store.db") as connection:
        connection.execute("UPDATE records SET state = 'closed'")
    connection.close()
    assert run([*at, "-o", "json"]) == 1
    assert json.loads(capsys.readouterr().out) == {
        "schema": "netmgr.log-rebuild/1",
        "client": "square",
        "entries": 1,
        "records": 1,
        "equal": False,
        "differences": [{"kind": "ticket", "key": "T-1", "problem": "wrong"}],
    }
    assert run(at) == 0


def _stored(world):
    with world.wiring.service_log.snapshot("square") as snapshot:
        return [stored for page in snapshot.pages() for stored in page]


def test_what_is_erased_is_gone_and_results_stay(world):
    identity = opened(world, "Mei's printer", description="room 7", reporter=MEI)
    workflow.resolve(world.runtime(), identity, outcome="fixed", cause=None, note="called Mei")
    log = world.wiring.service_log
    before = log.records.get("square", "ticket", identity).document
    for entry in entries(world):
        erase(
            log, "square", entry.body.digest, reason="asked for", basis="GDPR-17",
            actor=world.runtime().actor, request="r-e", target="network",
        )  # fmt: skip
    shown = show(world.runtime(), identity)
    assert (shown.subject, shown.description, shown.reporter) == (None, None, "(erased)")
    assert [list(told(step)) for step in shown.timeline] == [["(erased)"], ["(erased)"]]
    assert [one.subject for one in tickets(world.runtime(), Wanted(), count=9)] == [None]
    assert log.records.get("square", "ticket", identity).document == before
    assert log.records.rebuild("square") == Rebuilt(3, 2, ())
    assert opened(world, reporter=MEI) == "T-2"
    assert stands(world, "T-2").reporter != shown.ticket.reporter
