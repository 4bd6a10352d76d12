"""Watching the desk: what is left by the signed agreement, and what people are told of it, once."""

import json
import threading

import pytest

from netmgr.cli import ticket_watch as command
from netmgr.cli.main import run
from netmgr.model.access import Actor
from netmgr.model.schedule import DeskJob
from netmgr.notify.events import events as news
from netmgr.workflows import signing
from netmgr.workflows import ticket as desk
from netmgr.workflows.jobs import JOBS
from netmgr.workflows.ticket import Described
from netmgr.workflows.ticket_views import Wanted, show, tickets
from netmgr.workflows.ticket_watch import warn, watch
from tests.unit.service.samples import TEXT

# urgent: 30 minutes, 4 hours, always; other: 4 working hours. Monday 23 November 2026, 09:00 in Berlin.


PDF = b"%PDF-1.7"


@pytest.fixture(autouse=True)
def rendered(monkeypatch):
    """How the document looks is nothing to the clocks, and takes seconds."""
    monkeypatch.setattr(signing, "_rendered", lambda _: [(PDF, "0" * 64)])


@pytest.fixture
def signed(world):
    text = TEXT.replace("matrix:", "warn: [50, 75]\n  matrix:")
    (world.workspace / "inventory/square/agreement.yaml").write_text(text)
    signing.sign(world.runtime(), PDF, {"client": "A", "provider": "B"})
    return world


def opened(world, subject="no mail", *, urgent=True):
    said = Described(subject=subject, impact="extensive", urgency="critical" if urgent else "low")
    return desk.open_ticket(world.runtime(), said)


def later(world, minutes):
    world.clock.elapsed += 60 * minutes


def told(world):
    entries = world.wiring.service_log.entries("square", kind="ticket")
    return [
        (one.ticket, one.outcome, one.facts["target"], one.facts["percent"], one.facts.get("due", "")[11:16])
        for one in entries
        if one.action == "warn"
    ]


def job(world):
    """As the scheduler runs it."""
    runtime = world.runtime(actor=Actor(id="p-1", auth="service", on="ops1"))
    return JOBS["desk"].run(runtime, DeskJob(job="desk", cron="* * * * *"), world.clock.now())


def test_people_are_told_at_each_mark_and_when_it_is_missed(signed):
    opened(signed)
    assert job(signed) == "nothing"
    later(signed, 15)
    assert [job(signed), job(signed)] == ["warned", "nothing"]
    later(signed, 16)
    assert [job(signed), job(signed)] == ["missed", "nothing"]
    desk.update(signed.runtime(), "T-1", Described(), ack=True)
    later(signed, 3 * 60 - 31)
    assert job(signed) == "warned"
    desk.pause(signed.runtime(), "T-1", "client", note=None)
    later(signed, 600)
    assert job(signed) == "nothing"
    assert told(signed) == [
        ("T-1", "warned", "response", 50, "08:30"),
        ("T-1", "missed", "response", 100, "08:30"),
        ("T-1", "warned", "resolution", 75, "12:00"),
    ]
    assert signed.wiring.service_log.records.rebuild("square").differences == ()


def test_a_warning_is_nobodys_answer(signed):
    opened(signed)
    later(signed, 40)
    assert warn(signed.runtime()) == "missed"
    one = show(signed.runtime(), "T-1")
    assert (one.ticket.state, one.judged.clock.response.at) == ("open", None)


def test_another_priority_is_told_of_anew(signed):
    opened(signed, urgent=False)
    later(signed, 125)
    assert warn(signed.runtime()) == "warned"
    desk.update(signed.runtime(), "T-1", Described(urgency="critical"))
    assert [warn(signed.runtime()), warn(signed.runtime())] == ["warned", "nothing"]
    later(signed, 60)
    assert warn(signed.runtime()) == "warned"
    assert [row[:4] for row in told(signed)] == [
        ("T-1", "warned", "response", 50),
        ("T-1", "warned", "resolution", 50),
        ("T-1", "warned", "resolution", 75),
    ]


def test_it_is_news(signed):
    opened(signed)
    later(signed, 20)
    warn(signed.runtime())
    later(signed, 20)
    warn(signed.runtime())
    made = news(signed.wiring.service_log.entries("square", kind="ticket"))
    assert [(one.name, one.severity, one.subject) for one in made if one.action == "warn"] == [
        ("ticket.warned", "warning", "network ticket T-1 warn"),
        ("ticket.missed", "error", "network ticket T-1 warn"),
    ]


def test_two_at_once_tell_it_once(signed):
    opened(signed)
    later(signed, 20)
    threads = [threading.Thread(target=warn, args=(signed.runtime(),)) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(told(signed)) == 1


def test_the_most_urgent_first_and_what_is_not_promised_last(world):
    (world.workspace / "inventory/square/agreement.yaml").write_text(TEXT)
    opened(world, "before any agreement")
    signing.sign(world.runtime(), PDF, {"client": "A", "provider": "B"})
    later(world, 1)
    opened(world, "can wait", urgent=False)
    opened(world, "paused")
    desk.pause(world.runtime(), "T-3", "client", note=None)
    opened(world, "at once")
    opened(world, "done")
    desk.resolve(world.runtime(), "T-5", outcome="fixed", cause=None, note="x")
    later(world, 45)
    assert [one.ticket.id for one in watch(world.runtime()).tickets] == ["T-4", "T-2", "T-3", "T-1"]


def test_the_command_lines(signed, monkeypatch, capsys):
    opened(signed)
    opened(signed, "slow", urgent=False)
    later(signed, 31)
    monkeypatch.setattr(command, "reading_runtime", lambda context, _target: signed.commands(context))
    assert run(["ticket", "watch", "-c", "square", "-w", str(signed.workspace)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == [
        "TICKET",
        "PRIORITY",
        "STATE",
        "ASSIGNEE",
        "RESPONSE",
        "RESOLUTION",
        "DUE",
        "SUBJECT",
    ]
    assert lines[1].split() == [
        "T-1",
        "urgent",
        "open",
        "0:01",
        "over",
        "3:29",
        "left",
        "overdue",
        "no",
        "mail",
    ]
    assert lines[2].split() == ["T-2", "other", "open", "3:29", "left", "2026-11-23", "12:00", "slow"]
    assert max(map(len, lines)) <= 100
    assert run(["ticket", "watch", "-c", "square", "-w", str(signed.workspace), "-o", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "netmgr.ticket-watch/1"
    assert document["tickets"][0]["sla"]["response"] == {
        "state": "overdue", "target": 1800, "used": 1860, "left": -60, "percent": 103, "due": "2026-11-23T08:30:00Z",
    }  # fmt: skip
    assert document["tickets"][1]["sla"]["resolution"] is None
    assert (
        run(["ticket", "watch", "--follow", "-c", "square", "-w", str(signed.workspace), "-o", "json"]) == 64
    )


def test_it_is_followed_until_ctrl_c(signed, monkeypatch, capsys):
    opened(signed)
    monkeypatch.setattr(command, "reading_runtime", lambda context, _target: signed.commands(context))
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        signed.clock.elapsed += seconds
        if len(slept) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(signed.clock, "sleep", sleep)
    follow = ["ticket", "watch", "--follow", "--interval", "60", "-c", "square", "-w", str(signed.workspace)]
    assert run(follow) == 0
    out = capsys.readouterr().out
    assert [f"0:{left} left" in out for left in (30, 29, 28, 27)] == [True, True, True, False]
    assert slept == [60, 60, 60]


def test_the_clock_is_shown_with_the_ticket_and_in_the_list(signed, capsys):
    opened(signed)
    later(signed, 10)
    (listed,) = tickets(signed.runtime(), Wanted(), count=5)
    assert listed.judged.clock == show(signed.runtime(), "T-1").judged.clock
    desk.resolve(signed.runtime(), "T-1", outcome="fixed", cause=None, note="x")
    one = show(signed.runtime(), "T-1")
    assert (one.judged.version, one.judged.clock.response.met, one.judged.clock.resolution.used) == (
        1,
        True,
        600,
    )
    assert run(["ticket", "show", "T-1", "-c", "square", "-w", str(signed.workspace)]) == 0
    out = capsys.readouterr().out
    assert "  response   met: 0:10 of 0:30 used\n  resolution met: 0:10 of 4:00 used\n" in out
