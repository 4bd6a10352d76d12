"""Time entries through their workflows: a real log and records, deploys on devices in memory, and the gate."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from netmgr.cli import time as cli_time
from netmgr.cli.main import run as netmgr
from netmgr.cli.time import SERVICES as WORDS
from netmgr.errors import Refused, Superseded, UsageError
from netmgr.model.access import Actor
from netmgr.model.agreement_scope import ServiceKind
from netmgr.model.billing import Travel
from netmgr.model.record import Rebuilt
from netmgr.model.selection import Selection
from netmgr.model.ticket import Act, TicketKind, words
from netmgr.service.time_entries import SERVICES
from netmgr.workflows.deploy import plan
from netmgr.workflows.gates import DeployRequest
from netmgr.workflows.ticket import Described, open_ticket
from netmgr.workflows.time import Work, accept, add, listed, proposals, start, stop
from tests.integration.agreement.conftest import FILE, signing  # noqa: F401 - a fixture
from tests.integration.agreement.test_gate import other_loopbacks, run

#: Monday, 09:00 in Berlin: the service works from 08:00 to 18:00.
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def second_person(world):
    return world.runtime(actor=Actor(id="p-2", auth="os", on="ops2"))


def spans(world):
    found = listed(world.runtime()).entries
    return [
        (one.id, (one.begin - NOW.timestamp()) / 60, one.end and (one.end - NOW.timestamp()) / 60)
        for one in reversed(found)
    ]


def entries(world):
    return list(world.wiring.service_log.entries("square", kind="time"))


@pytest.fixture
def agreed(signing):  # noqa: F811
    signing.sign()
    return signing


def test_a_spell_is_begun_and_ended_and_lies_in_and_outside_the_hours(agreed):
    world = agreed
    identity = open_ticket(world.runtime(), Described(subject="No mail", kind="consulting"))
    begun = start(world.runtime(), Work(ticket=identity), at=NOW - 2 * HOUR)
    assert (begun.id, begun.service, begun.end) == ("H-1", "consulting", None)
    world.clock.sleep(30 * 60)
    ended = stop(world.runtime(), note="mended it")
    assert (ended.working, ended.outside, ended.version, ended.provisional) == (5400, 3600, 1, False)
    assert ended.begin == int((NOW - 2 * HOUR).timestamp())
    assert [(entry.action, entry.outcome, entry.ticket) for entry in entries(world)] == [
        ("start", "started", "T-1"),
        ("stop", "stopped", "T-1"),
    ]
    body = world.wiring.service_log.body("square", ended.text)
    assert json.loads(body) == {"text": "mended it"}
    lines = json.dumps([dict(entry.facts) for entry in entries(world)])
    assert "mended" not in lines
    assert world.wiring.service_log.records.rebuild("square").differences == ()


@pytest.mark.parametrize(
    ("how", "span"),
    [
        ({"minutes": 30}, (-30, 0)),
        ({"minutes": 30, "at": NOW - 2 * HOUR}, (-120, -90)),
        ({"minutes": 30, "until": NOW - HOUR}, (-90, -60)),
        ({"at": NOW - HOUR}, (-60, 0)),
        ({"at": NOW - 2 * HOUR, "until": NOW - HOUR}, (-120, -60)),
    ],
)
def test_work_that_is_over_is_taken_down(world, how, span):
    add(world.runtime(), Work(), **how)
    assert spans(world) == [("H-1", *span)]


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({}, "say how long"),
        ({"at": NOW - HOUR, "until": NOW - 2 * HOUR}, "ends at .*, and began at"),
        ({"at": NOW - HOUR, "until": NOW + HOUR}, "that is to come"),
        ({"at": NOW, "minutes": 5}, "that is to come"),
        ({"at": NOW - 30 * HOUR}, "more than 24 hours"),
        ({"minutes": 30, "corrects": "H-7"}, "has no such time"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_recorded(world, how, why):
    with pytest.raises(UsageError, match=why):
        add(world.runtime(), Work(), **how)
    with pytest.raises(UsageError, match="has no ticket T-9"):
        add(world.runtime(), Work(ticket="T-9"), minutes=5)
    assert entries(world) == []


def test_stopping_before_starting_and_starting_twice_are_refused(world):
    with pytest.raises(UsageError, match="is at no work for square"):
        stop(world.runtime())
    start(world.runtime(), Work())
    world.clock.sleep(600)
    with pytest.raises(
        UsageError, match="it ends at 2026-11-23T07:59:00Z, and began at 2026-11-23T08:00:00Z"
    ):
        stop(world.runtime(), at=NOW - timedelta(minutes=1))
    with pytest.raises(UsageError, match=r"that goes on; `netmgr time stop` ends it \(H-1 of square\)"):
        start(world.runtime(), Work())
    with pytest.raises(UsageError, match="that is to come"):
        start(second_person(world), Work(), at=world.clock.now() + HOUR)
    assert len(entries(world)) == 1


def test_nobody_works_twice_at_a_time_for_whichever_client(world):
    add(world.runtime(), Work(), at=NOW - 2 * HOUR, until=NOW - HOUR)
    add(world.runtime(), Work(), at=NOW - HOUR, minutes=10)  # they touch
    with pytest.raises(UsageError, match="nobody works twice at a time"):
        add(world.runtime(), Work(), at=NOW - HOUR - timedelta(minutes=1), minutes=1 + 1)
    add(second_person(world), Work(), at=NOW - 2 * HOUR, until=NOW - HOUR)
    other = world.workspace / "inventory/globex"
    other.mkdir()
    (other / "client.yaml").write_text("id: globex\n")
    (other / "hosts.yaml").write_text("{}\n")
    with pytest.raises(UsageError, match=r"\(H-1 of square\)"):
        add(world.runtime(client="globex"), Work(), at=NOW - 2 * HOUR, minutes=5)
    assert len(entries(world)) == 3


def test_a_correction_takes_the_place_and_both_stay_in_the_log(world):
    first = add(world.runtime(), Work(note="wrong"), at=NOW - 2 * HOUR, until=NOW)
    again = add(world.runtime(), Work(billable=False), at=NOW - HOUR, until=NOW, corrects="H-1")
    assert (again.id, again.billable, again.text) == ("H-1", False, None)
    assert spans(world) == [("H-1", -60, 0)]
    assert [entry.corrects for entry in entries(world)] == [None, first.entry]
    with pytest.raises(UsageError, match="p-2 has no such time"):
        add(second_person(world), Work(), minutes=5, corrects="H-1")
    assert world.wiring.service_log.records.rebuild("square") == Rebuilt(2, 1, ())


def test_two_at_once_never_both_win(world, monkeypatch):
    """Somebody takes the time down between the look and the append: it is looked at again, and refused."""
    inner, tried = world.wiring.service_log.append, []

    def append(client, drafts, **how):
        if not tried:
            tried.append(1)
            add(world.runtime(), Work(), minutes=30)
            with pytest.raises(Superseded):
                inner(client, drafts, **how)
        return inner(client, drafts, **how)

    monkeypatch.setattr(world.wiring.service_log, "append", append)
    with pytest.raises(UsageError, match="nobody works twice"):
        add(world.runtime(), Work(), minutes=20)
    assert spans(world) == [("H-1", -30, 0)]


def test_a_repeated_command_is_done_once(world):
    first = add(world.runtime("again"), Work(), minutes=30)
    assert add(world.runtime("again"), Work(), minutes=30) == first
    assert len(entries(world)) == 1


def test_a_deploy_is_proposed_until_it_is_taken_down(world):
    identity = open_ticket(world.runtime(), Described(subject="A new line", kind="request"))
    done = run(world, ticket=identity)
    (draft,) = proposals(world.runtime())
    assert (draft.source.kind, draft.source.ref, draft.person, draft.ticket, draft.what) == (
        "change", done.change, "p-1", "T-1", "deploy",
    )  # fmt: skip
    assert draft.begin >= int(NOW.timestamp())
    assert (draft.end - draft.begin) % 60 == 0
    assert proposals(second_person(world)) == ()
    with pytest.raises(UsageError, match="there is none of p-2"):
        accept(second_person(world), done.change, Work())
    world.clock.sleep(HOUR.total_seconds())
    taken = accept(world.runtime(), done.change, Work(note="with a call"))
    assert (taken.begin, taken.end, taken.service, taken.ticket) == (
        draft.begin, draft.end, "requests", "T-1",
    )  # fmt: skip
    assert taken.source == draft.source
    assert proposals(world.runtime()) == ()
    with pytest.raises(UsageError, match="there is none of p-1"):
        accept(world.runtime(), done.change, Work())


def test_one_says_oneself_how_long_it_took_and_what_is_taken_down_is_not_proposed(world):
    first = run(world)
    world.clock.sleep(3600)
    began = int(world.clock.now().timestamp())
    taken = accept(world.runtime(), first.change, Work(), minutes=45)
    assert taken.end - taken.begin == 45 * 60
    start(world.runtime(), Work())
    other_loopbacks(world)
    run(world)  # while one is at work already
    world.clock.sleep(60)
    assert stop(world.runtime()).begin == began
    assert proposals(world.runtime()) == ()


def test_what_the_scheduler_does_is_nobody_s_time(world):
    run(world, world.runtime(actor=Actor(id="scheduler", auth="service", on="ops1")))
    run(world, world.runtime(target="lab"))
    assert proposals(world.runtime(), everybody=True) == ()


INCLUDED = 'included: [{hours: "2", exhausted: %s}]\n  rates: [{amount: "100.00"}]\n  tax:'


def hours(world, exhausted):
    world.edit(FILE, lambda text: text.replace("tax:", INCLUDED % exhausted))
    world.sign()


def test_hours_used_up_stop_a_change_but_an_emergency(signing):  # noqa: F811
    world = signing
    hours(world, "stop")
    add(world.runtime(), Work(), minutes=105)
    assert plan(world.runtime(), Selection(), DeployRequest()).refused == ()
    add(second_person(world), Work(), minutes=1)  # as it is billed: a quarter of an hour
    made = plan(world.runtime(), Selection(), DeployRequest())
    assert [(refusal.gate, refusal.reason) for refusal in made.refused] == [
        (
            "hours",
            "the 2 hours included for network from 2026-11-01 to 2026-11-30 are used up (fees.included[0])",
        )
    ]
    before = world.running()
    with pytest.raises(Refused, match="are used up"):
        run(world)
    assert world.running() == before
    lab = plan(world.runtime(target="lab"), Selection(), DeployRequest())
    assert lab.refused == ()
    december = datetime(2026, 12, 1, tzinfo=UTC)
    assert plan(world.runtime(), Selection(), DeployRequest(at=december)).refused == ()
    identity = open_ticket(world.runtime(), Described(subject="down", priority="urgent"))
    done = run(world, ticket=identity)
    assert done.outcome == "applied"


def test_or_are_told(signing):  # noqa: F811
    world = signing
    hours(world, "warn")
    add(world.runtime(), Work(), minutes=150)
    made = plan(world.runtime(), Selection(), DeployRequest())
    assert made.refused == ()
    assert made.warnings[-1].startswith("the 2 hours included for network from 2026-11-01")
    found = listed(world.runtime())
    assert [(line.used, line.over) for line in found.used] == [(7200, 1800)]


def test_the_list_of_a_month_on_the_command_line(signing, capsys, monkeypatch):  # noqa: F811
    world = signing
    monkeypatch.setattr("netmgr.cli.time.reading_runtime", lambda context, _target: world.commands(context))
    hours(world, "bill")
    add(world.runtime(), Work(), at=datetime(2026, 11, 2, 5, 0, tzinfo=UTC), minutes=180)
    add(world.runtime(), Work(billable=False), minutes=30)
    arguments = ["-w", str(world.workspace), "-c", "square", "time", "list"]
    assert netmgr([*arguments, "--month", "2026-11"]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[1].split() == [
        "H-2", "2026-11-23", "07:30", "0:30", "p-1", "network", "not", "billable",
    ]  # fmt: skip
    assert out.splitlines()[2].split()[:5] == ["H-1", "2026-11-02", "05:00", "3:00", "2:00"]
    assert "every service, 2026-11-01 to 2026-11-30: 2:00 of 2:00 h used, 1:00 beyond" in err
    assert netmgr([*arguments, "--month", "2026-13"]) == 64
    assert netmgr([*arguments, "-o", "json"]) == 0
    assert [one["minutes"] for one in json.loads(capsys.readouterr().out)["entries"]] == [30, 180]


PAID = "p-1: {roles: {'*': [engineer]}, rate_class: %s}\n"


def test_what_somebody_is_paid_as_is_taken_down_with_the_work_and_stays(world):
    people = world.workspace / "config/people.yaml"
    people.write_text(PAID % "senior")
    add(world.runtime(), Work(), minutes=10)
    start(world.runtime(), Work())
    people.write_text(PAID % "junior")
    world.clock.sleep(1800)
    assert stop(world.runtime()).rate_class == "senior"
    again = add(world.runtime(), Work(), at=NOW - HOUR / 3, minutes=5, corrects="H-1")
    assert (again.id, again.rate_class) == ("H-1", "senior")
    assert add(second_person(world), Work(), minutes=10).rate_class is None
    assert add(world.runtime(), Work(), at=NOW - HOUR, minutes=10).rate_class == "junior"
    assert world.wiring.service_log.records.rebuild("square").differences == ()


def test_travel_and_calls_are_taken_down_and_corrected(world):
    way = Travel(minutes=40, kilometres="62.5")
    first = add(world.runtime(), Work(travel=way, called_out=True), minutes=10)
    assert (first.travel, first.called_out) == (way, True)
    assert entries(world)[0].facts["travel"] == {"minutes": 40, "kilometres": "62.5"}
    again = add(world.runtime(), Work(), at=NOW - HOUR, minutes=10, corrects="H-1")
    assert (again.travel, again.called_out) == (None, False)
    start(world.runtime(), Work(called_out=True))
    world.clock.sleep(600)
    ended = stop(world.runtime(), travel=way)
    assert (ended.travel, ended.called_out) == (way, True)
    assert world.wiring.service_log.records.rebuild("square").differences == ()


def test_travel_on_the_command_line(world, capsys, monkeypatch):
    monkeypatch.setattr(cli_time, "reading_runtime", lambda context, _target: world.commands(context))
    arguments = ["-w", str(world.workspace), "-c", "square", "time"]
    said = [
        "--minutes",
        "600",
        "--not-billable",
        "--called-out",
        "--travel-minutes",
        "90",
        "--kilometres",
        "100.5",
    ]
    assert netmgr([*arguments, "add", *said, "-o", "json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["travel"], made["called_out"]) == ({"minutes": 90, "kilometres": "100.5"}, True)
    assert netmgr([*arguments, "list"]) == 0
    out = capsys.readouterr().out
    assert " ".join(out.split()).endswith("not billable, called out, travel 1:30 100.5 km")
    assert max(map(len, out.splitlines())) <= 100
    assert netmgr([*arguments, "add", "--minutes", "5", "--kilometres", "-1"]) == 64
    assert "--kilometres -1: write a number from 0 to 100000, like 42.5" in capsys.readouterr().err
    monkeypatch.setenv("NETMGR_KILOMETRES", "0")
    assert netmgr([*arguments, "start", "-o", "json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["travel"], made["called_out"]) == ({"minutes": 0, "kilometres": "0"}, False)


def test_the_words_are_the_same_everywhere():
    assert set(WORDS) == set(words(ServiceKind))
    assert SERVICES.keys() == set(words(TicketKind))
    assert "escalate" in words(Act)
