"""On call: a night without an acknowledgement, and the ways in which it is given; on a clock of its own."""

import json
import os
import pwd
from datetime import UTC, datetime, timedelta

import pytest

from netmgr.adapters.oncall_yaml import YamlRosters
from netmgr.adapters.store_sql.runs import SqlRuns
from netmgr.adapters.turns_file import FileTurns
from netmgr.cli.main import run as netmgr
from netmgr.errors import InputError, UsageError
from netmgr.model.access import Actor
from netmgr.model.ticket import Link, happened, ticket
from netmgr.service.clock import ticket_clock
from netmgr.service.targets import levels_of
from netmgr.service.ticket_record import events
from netmgr.workflows.agreement import check, in_force
from netmgr.workflows.notify import send_due
from netmgr.workflows.oncall import acknowledge, escalate, run, who
from netmgr.workflows.schedule import Scheduler
from netmgr.workflows.sender import sender_of
from netmgr.workflows.ticket import Described, open_ticket, update
from netmgr.workflows.ticket_log import found
from tests.integration.agreement.conftest import FILE

#: Sunday, 23:00 in Berlin: p-1's turn ends on Monday at 09:00.
EVENING = datetime(2026, 11, 29, 22, 0, tzinfo=UTC)
MACHINE = Actor(id="scheduler", auth="service", on="ops1")


def opened(world, priority="urgent", subject="All is down", **how):
    """As a probe opens one: by nobody's hand."""
    runtime = world.runtime(actor=MACHINE)
    return open_ticket(runtime, Described(subject=subject, priority=priority, devices=["r1"]), **how)


def scheduler(world):
    wiring = world.wiring
    runs = SqlRuns(wiring.service_log.database, FileTurns(wiring.state / "turns"))
    return Scheduler(runs, world.clock, lambda _, request: world.runtime(request, actor=MACHINE))


def pass_minutes(world, minutes, each=lambda _: None):
    """The scheduler looks every minute, and sometimes there are two."""
    for minute in range(minutes):
        each(minute)
        for _ in range(2 if minute % 10 == 1 else 1):
            list(scheduler(world).run_due(world.wiring.schedule.planned("square")))
        world.clock.sleep(60)


def calls(world, identity):
    """(minutes after the evening's begin, outcome, who, which step of how many) of each step."""
    entries = world.wiring.service_log.entries("square", kind="ticket", ticket=identity)
    return [
        (
            round((datetime.fromisoformat(e.time) - EVENING) / timedelta(minutes=1)),
            e.outcome,
            e.facts.get("assignee"),
            e.facts["step"],
            e.facts["steps"],
        )
        for e in entries
        if e.action == "escalate"
    ]


def clock_of(world, identity):
    runtime = world.runtime()
    agreed = in_force(runtime, world.clock.now())
    levels = levels_of(agreed.levels, agreed.calendar)
    return ticket_clock(events(found(runtime, identity).document), levels, int(world.clock.now().timestamp()))


def mails(world):
    return [(mail["To"].partition("@")[0], mail["Subject"].partition(" ")[0]) for mail in world.mail.mails]


@pytest.fixture
def evening(night):
    night.clock.start, night.clock.elapsed = EVENING, 0
    pass_minutes(night, 1)  # what is scheduled begins
    night.clock.elapsed = 0
    return night


def test_a_night_with_two_failures_and_no_acknowledgement(evening):
    """Both go to one after the other, twice round; then it is said that nobody is left. The clocks run on."""
    world = evening

    def happens(minute):
        if minute == 1:
            opened(world)
        if minute == 4:
            opened(world, subject="And the branch")
        if minute == 5:
            opened(world, priority="other", subject="A question")

    pass_minutes(world, 90, happens)
    people = ["p-1", "p-2", "p-3"] * 2
    for identity, begin in (("T-1", 1), ("T-2", 4)):
        steps = [(begin + 10 * n, "escalated", person, n + 1, 6) for n, person in enumerate(people)]
        assert calls(world, identity) == [*steps, (begin + 60, "unanswered", None, 6, 6)]
    assert calls(world, "T-3") == []
    assert sorted(mails(world)) == sorted((p.replace("-", ""), t) for t in ("T-1", "T-2") for p in people)
    for identity, begin in (("T-1", 1), ("T-2", 4)):
        clock = clock_of(world, identity)
        assert (clock.state, clock.response.at, clock.response.met) == ("running", None, False)
        assert clock.response.due == int(EVENING.timestamp()) + (begin + 30) * 60
        assert clock.response.used == (90 - begin) * 60
        assert (clock.resolution.used, clock.resolution.met) == ((90 - begin) * 60, None)
    log = world.wiring.service_log
    assert log.records.rebuild("square").differences == ()
    told = [event for event in log.entries("square", kind="ticket") if event.outcome == "unanswered"]
    assert [entry.ticket for entry in told] == ["T-1", "T-2"]


def test_who_acknowledges_ends_it_and_gives_the_response(evening):
    world = evening
    pass_minutes(world, 14, lambda minute: opened(world) if minute == 1 else None)
    assert [call[2] for call in calls(world, "T-1")] == ["p-1", "p-2"]
    acknowledge(world.runtime(actor=Actor(id="p-2", auth="os", on="ops2")), "T-1")
    pass_minutes(world, 60)
    assert [call[2] for call in calls(world, "T-1")] == ["p-1", "p-2"]
    clock = clock_of(world, "T-1")
    assert (clock.response.met, clock.response.used) == (True, 13 * 60)
    one = ticket(found(world.runtime(), "T-1"))
    assert (one.state, one.assignee) == ("in_progress", "p-2")


def test_an_ack_told_too_late_changes_no_result(evening):
    world = evening
    opened(world)
    pass_minutes(world, 61)
    acknowledge(world.runtime(), "T-1", at=EVENING + timedelta(minutes=5))
    clock = clock_of(world, "T-1")
    assert (clock.response.met, clock.set_aside) == (False, True)


def test_a_note_by_a_human_is_a_response_too_and_that_of_a_program_is_none(evening):
    world = evening
    opened(world)
    pass_minutes(world, 2)
    update(world.runtime(actor=MACHINE), "T-1", Described(links=[Link(kind="ticket", ref="T-1")]))
    pass_minutes(world, 10)
    assert [call[2] for call in calls(world, "T-1")] == ["p-1", "p-2"]
    update(world.runtime(), "T-1", Described(), note="looking")
    pass_minutes(world, 30)
    assert len(calls(world, "T-1")) == 2
    assert [row.by_us for row in happened(found(world.runtime(), "T-1"))][-1] is True


def test_after_a_pause_of_the_scheduler_each_has_their_time_again(evening):
    world = evening
    opened(world)
    pass_minutes(world, 2)
    world.clock.sleep(3 * 3600)
    pass_minutes(world, 12)
    assert [(minute, who) for minute, _, who, *_ in calls(world, "T-1")] == [
        (1, "p-1"),
        (182, "p-2"),
        (192, "p-3"),
    ]


def test_the_next_one_is_called_by_hand_and_that_is_no_response(evening):
    world = evening
    opened(world)
    run(world.runtime(actor=MACHINE))
    world.clock.sleep(60)
    called = escalate(world.runtime("once"), "T-1")
    assert (called.call.person, called.told) == ("p-2", True)
    assert escalate(world.runtime("once"), "T-1") == called
    world.clock.sleep(9 * 60)
    assert run(world.runtime(actor=MACHINE)) == "nothing"  # p-2 has ten minutes, too
    world.clock.sleep(60)
    assert run(world.runtime(actor=MACHINE)) == "escalated"
    assert [call[2] for call in calls(world, "T-1")] == ["p-1", "p-2", "p-3"]
    assert clock_of(world, "T-1").response.at is None
    acknowledge(world.runtime(), "T-1")
    with pytest.raises(UsageError, match="has no ticket T-9"):
        escalate(world.runtime(), "T-9")


def test_a_mail_that_cannot_be_sent_is_sent_later_and_once(evening):
    world = evening
    world.mail.down()
    opened(world)
    pass_minutes(world, 2)
    assert [call[2] for call in calls(world, "T-1")] == ["p-1"]
    world.mail.up()
    pass_minutes(world, 2)
    send_due(sender_of(world.runtime()), "square")
    assert mails(world) == [("p1", "T-1")]
    text = world.mail.mails[0].get_content()
    assert "netmgr oncall ack T-1 -c square" in text
    assert "All is down" not in text  # it stays where it can be erased


def test_a_mistake_in_a_file_keeps_nobody_from_being_called(evening):
    world = evening
    (world.workspace / "config/notify.yaml").write_text("mail: {server: 1}\n")
    opened(world)
    assert run(world.runtime(actor=MACHINE)) == "escalated"
    entries = world.wiring.service_log.entries("square", kind="ticket", ticket="T-1")
    assert [(e.facts["assignee"], e.facts["told"]) for e in entries if e.action == "escalate"] == [
        ("p-1", False)
    ]
    assert any("is not told by mail: config/notify.yaml:1" in line for line in world.said)


def test_with_nobody_on_call_it_is_said_once(evening):
    world = evening
    (world.workspace / "config/oncall.yaml").unlink()
    opened(world)
    pass_minutes(world, 3)
    assert calls(world, "T-1") == [(1, "unanswered", None, 0, 0)]
    with pytest.raises(UsageError, match="nobody is on call for square"):
        escalate(world.runtime(), "T-1")
    with pytest.raises(UsageError, match="nobody is on call for square; write"):
        who(world.runtime())


def test_without_an_agreement_in_force_nobody_is_called_by_itself(evening):
    world = evening
    opened(world, at=datetime(2025, 12, 1, tzinfo=UTC), priority="emergency")
    pass_minutes(world, 2)
    assert calls(world, "T-1") == []


def test_check_tells_whether_anybody_is_on_call(night):
    def told():
        return [one.finding.message for one in check(night.runtime()) if one.finding.path == ("emergency",)]

    assert told() == []
    (night.workspace / "config/oncall.yaml").unlink()
    assert told() == ["nobody is on call; write config/oncall.yaml"]


def test_who_on_the_command_line(night, capsys):
    login = pwd.getpwuid(os.getuid()).pw_name
    night.edit("config/people.yaml", lambda text: text.replace("p-1:\n", f"p-1:\n  logins: [{login}]\n"))
    arguments = ["-w", str(night.workspace), "-c", "square", "oncall", "who"]
    assert netmgr([*arguments, "--at", "2026-11-30T08:00:00+01:00", "-o", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [each["id"] for each in shown["order"]] == ["p-1", "p-2", "p-3"]
    assert (shown["person"], shown["until"]) == ("p-1", "2026-11-30T08:00:00.000000Z")
    assert netmgr([*arguments, "--at", "2026-11-30T09:00:00+01:00"]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[1].split() == ["1", "p-2", "Person", "2", "p2@msp.example"]
    assert "p-2 until 2026-12-07 09:00 (Europe/Berlin)" in err
    assert netmgr([*arguments, "--at", "2026-11-01"]) == 1


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("p-3]", "p-9]", "config/oncall.yaml:3: everybody: p-9 is nobody in config/people.yaml"),
        ('"2026-11-23"', '"2026-11-24"', "config/oncall.yaml:1: from: 2026-11-24 is a tuesday"),
        ("timezone: Europe/Berlin", "timezone: Mars", "config/oncall.yaml:2: timezone: 'Mars' is not a time zone"),
        ("  from", "  clients: [globex]\n  from", "config/oncall.yaml:4: everybody: no client globex"),
        ("everybody", "Everybody", "config/oncall.yaml:1: 'Everybody' is no roster's name"),
        (
            "  from",
            "  overrides: [{from: 2026-12-24 09:00, to: 2026-12-25, person: p-8}]\n  from",
            "config/oncall.yaml:4: everybody: p-8 is nobody",
        ),
        ("everybody", ROSTER_TWICE := "own:\n  timezone: UTC\n  people: [p-1]\n  from: \"2026-11-23\"\neverybody",
         "config/oncall.yaml:5: everybody: own is for every client already"),
    ],
)  # fmt: skip
def test_mistakes_are_told_at_their_line(night, capsys, old, new, problem):
    night.edit("config/oncall.yaml", lambda text: text.replace(old, new))
    with pytest.raises(InputError) as caught:
        YamlRosters(night.workspace, night.wiring.inventories.clients, lambda: ["p-1", "p-2", "p-3"]).check()
    assert any(each.startswith(problem) for each in caught.value.problems), caught.value.problems
    assert netmgr(["-w", str(night.workspace), "validate"]) == 1
    assert problem in capsys.readouterr().err


def test_an_edited_agreement_calls_nobody_sooner(evening):
    """What counts is what was signed."""
    world = evening
    world.edit(FILE, lambda text: text.replace("acknowledge: 10m", "acknowledge: 1m"))
    opened(world)
    pass_minutes(world, 9)
    assert len(calls(world, "T-1")) == 1
