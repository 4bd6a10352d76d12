"""Tickets of another desk: taken over as often as they are told, all lines or none; ours for others."""

import io
import json
from datetime import UTC, datetime

import pytest

from netmgr.adapters.ticket_lines import read_tickets
from netmgr.cli.main import run
from netmgr.errors import InputError
from netmgr.model.record import Rebuilt
from netmgr.model.ticket import happened
from netmgr.workflows import ticket as workflow
from netmgr.workflows.ticket import Described
from netmgr.workflows.ticket_exchange import export_tickets, import_tickets
from netmgr.workflows.ticket_views import show, told

ZERO = int(datetime(2026, 11, 23, 8, 0, tzinfo=UTC).timestamp())


def line(number=4711, **members):
    made = {
        "id": str(number),
        "subject": "VPN drops",
        "priority": "high",
        "reporter": {"name": "Mei Lin", "address": "mei.lin@client.example"},
        "events": [
            {"what": "opened", "at": "2026-11-23T07:50:00Z"},
            {"what": "acted", "at": "2026-11-23T08:55:00+01:00", "by_us": True},
        ],
    }
    return {name: value for name, value in (made | members).items() if value is not None}


@pytest.fixture
def take(world):
    """Import lines, each a document or text."""

    def imported(*lines, source="otrs", request=None):
        path = world.workspace / "theirs.jsonl"
        texts = (each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for each in lines)
        path.write_text("".join(f"{text}\n" for text in texts))
        made = import_tickets(world.runtime(request), read_tickets(path), source=source)
        return [(one.id, one.foreign, one.status) for one in made]

    return imported


def entries(world):
    return list(world.wiring.service_log.entries("square"))


def test_what_is_told_again_does_nothing(world, take):
    assert take(line(), line(4712)) == [("T-1", "4711", "new"), ("T-2", "4712", "new")]
    before = entries(world)
    assert [entry.kind for entry in before] == ["contact", "ticket", "ticket"]
    assert take(line(4712), line()) == [("T-2", "4712", "unchanged"), ("T-1", "4711", "unchanged")]
    assert entries(world) == before
    assert take(line(source="other")) == [("T-3", "4711", "new")]
    one = show(world.runtime(), "T-1")
    assert (one.ticket.state, one.ticket.priority, one.ticket.source.id, one.reporter) == (
        "in_progress", "high", "4711", "Mei Lin",
    )  # fmt: skip
    assert one.ticket.late == {}


def test_what_is_told_otherwise_takes_the_place_of_what_was_told(world, take):
    take(line())
    workflow.update(world.runtime(), "T-1", Described(), note="of ours")
    world.clock.elapsed += 7200
    events = [*line()["events"], {"what": "resolved", "at": "2026-11-23T09:00:00Z", "by_us": True}]
    again = line(events=events, outcome="fixed", notes=[{"at": "2026-11-23T09:00:00Z", "text": "rebooted"}])
    assert take(again) == [("T-1", "4711", "changed")]
    one = show(world.runtime(), "T-1")
    assert (one.ticket.state, one.ticket.outcome) == ("resolved", "fixed")
    assert [text for step in one.timeline for text in told(step)] == [
        "VPN drops", "of ours", "VPN drops", "rebooted",
    ]  # fmt: skip
    record = world.wiring.service_log.records.get("square", "ticket", "T-1")
    assert [(each.what, each.at - ZERO, each.recorded - ZERO) for each in happened(record)] == [
        ("opened", -600, 0),
        ("acted", -300, 0),
        ("resolved", 3600, 7200),
    ]
    assert list(one.ticket.late) == ["4"]
    assert len([entry for entry in entries(world) if entry.kind == "contact"]) == 1


def test_a_repeated_request_tells_the_first_result(world, take):
    assert take(line(), request="r-1") == [("T-1", "4711", "new")]
    assert take(line(), request="r-1") == [("T-1", "4711", "new")]
    assert len(entries(world)) == 2


def test_what_is_exported_can_be_imported_and_is_the_same(world, take):
    take(line(notes=[{"at": "2026-11-23T07:55:00Z", "text": "zurück\n两行", "visible": True}]))
    said = Described(subject="печать", description="a\nb", impact="limited", urgency="low", devices=["r1"])
    workflow.open_ticket(world.runtime(), said)
    workflow.pause(world.runtime(), "T-2", "vendor", note="asked them")
    exported = list(export_tickets(world.runtime()))
    assert [(each["source"], each["id"]) for each in exported] == [("otrs", "4711"), ("netmgr-square", "T-2")]
    assert take(exported[0]) == [("T-1", "4711", "changed")]
    moved = exported[1] | {"source": "elsewhere"}
    assert take(moved) == [("T-3", "T-2", "new")]
    again = list(export_tickets(world.runtime()))
    assert again[0] == exported[0]
    assert again[2] == moved
    assert take(again[0]) == [("T-1", "4711", "unchanged")]


OPENED = {"what": "opened", "at": "2026-11-23T07:50:00Z"}
WRONG = {
    "no JSON": ("{", "it is no JSON: "),
    "no object": ("[1]", "it is no JSON object; write one ticket on each line"),
    "a key twice": ('{"id": "1", "id": "2"}', "it is no JSON: a key is there twice"),
    "half a surrogate": ('{"id": "\\ud800"}', "it is no UTF-8; convert it"),
    "deep nesting": ("[" * 100_000, "it is no JSON: "),
    "an unknown key": (line(subjekt="x"), "unknown key 'subjekt'"),
    "no subject": (line(subject=None), "missing key 'subject'; add it"),
    "no events": (line(events=[]), "events: needs 1 or more items, not 0"),
    "closed before it was opened": (
        line(events=[OPENED, {"what": "closed", "at": "2026-11-23T07:49:59Z"}]),
        "events: closed at 2026-11-23T07:49:59Z is before opened at 2026-11-23T07:50:00Z; write them in order",
    ),
    "opened twice": (line(events=[OPENED, OPENED]), "events: the first one, and only that, is what: opened"),
    "never opened": (
        line(events=[{**OPENED, "what": "acted"}]),
        "events: the first one, and only that, is what: opened",
    ),
    "no such day": (line(events=[{**OPENED, "at": "2026-02-30T07:50:00Z"}]), "is no time of the calendar"),
    "no zone": (line(events=[{**OPENED, "at": "2026-11-23T07:50:00"}]), "events[0].at: "),
    "to come": (
        line(events=[{**OPENED, "at": "2026-11-23T08:00:01Z"}]),
        "4711: 2026-11-23T08:00:01Z is to come; write when it happened",
    ),
    "no such device": (line(devices=["r9"]), "devices: there is no r9"),
    "no such asset": (line(assets=["pc-1"]), "assets: there is no pc-1"),
    "nobody": (line(reporter={}), "a reporter has a name or an address"),
    "ours": (line(source="netmgr-square"), "4711 is a ticket of this desk; leave it out"),
    "told twice": (line(4710), "4710 of otrs is told twice; leave one out"),
}


@pytest.mark.parametrize(("wrong", "reason"), WRONG.values(), ids=WRONG)
def test_a_mistake_is_told_with_its_line_and_nothing_is_imported(world, take, wrong, reason):
    with pytest.raises(InputError) as error:
        take(line(4710), "", wrong)
    problem = error.value.problems[0]
    assert problem.startswith(f"{world.workspace}/theirs.jsonl:3: ")
    assert reason in problem
    assert "\n" not in problem
    assert entries(world) == []


def test_every_mistake_is_told_up_to_a_hundred(take):
    with pytest.raises(InputError) as error:
        take("{}", "x", line(source=None, subject=7))
    assert len(error.value.problems) == 5
    with pytest.raises(InputError) as error:
        take(*["x"] * 1000)
    assert len(error.value.problems) == 100


def test_a_line_without_an_end_is_not_read_for_ever(monkeypatch):
    class Endless(io.RawIOBase):
        read_so_far = 0

        def readable(self):
            return True

        def readinto(self, buffer):
            Endless.read_so_far += len(buffer)
            buffer[:] = b"x" * len(buffer)
            return len(buffer)

    class Input:
        buffer = io.BufferedReader(Endless())

    monkeypatch.setattr("sys.stdin", Input)
    from pathlib import Path

    with pytest.raises(InputError, match=r"^standard input:1: the line is longer than 8388608 bytes; "):
        read_tickets(Path("-"))
    assert Endless.read_so_far < 16 * 1024 * 1024


def test_a_system_is_named(take):
    with pytest.raises(InputError, match=r":1: source: missing; add it, or name the system with --source$"):
        take(line(), source=None)


def test_thousands_are_taken_at_once(world, take):
    assert len(take(*(line(number) for number in range(3000)))) == 3000
    assert world.wiring.service_log.records.rebuild("square") == Rebuilt(3001, 3001, ())


def test_the_command_line(world, capsys, monkeypatch):
    (world.workspace / "theirs.jsonl").write_text(json.dumps(line()) + "\n")
    at = ["-w", str(world.workspace), "ticket"]
    file = str(world.workspace / "theirs.jsonl")
    assert run([*at, "import", "-c", "square", file, "--source", "otrs"]) == 0
    assert capsys.readouterr().out == "T-1 new: 4711 of otrs\n"
    assert run([*at, "import", "-c", "square", file, "--source", "otrs", "-o", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "schema": "netmgr.ticket-import/1",
        "client": "square",
        "tickets": [{"id": "T-1", "foreign": "4711", "source": "otrs", "status": "unchanged"}],
    }
    assert run([*at, "export", "-c", "square"]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == "4711"
    assert run([*at, "import", "-c", "square", file, "--source", "a b"]) == 64
    assert run([*at, "import", "-c", "square", "nowhere.jsonl"]) == 1
    assert (
        capsys.readouterr()
        .err.splitlines()[-1]
        .startswith("error: nowhere.jsonl:1: cannot be read (No such file")
    )
