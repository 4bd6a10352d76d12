"""Probes of real sockets on a clock of their own: samples, what the log is told, and what is made of them."""

import json
import os
import signal
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from netmgr.adapters.samples_memory import MemorySamples
from netmgr.adapters.store_sql.samples import SqlSamples
from netmgr.availability.digest import digest
from netmgr.cli import probe as command
from netmgr.cli.main import run as netmgr
from netmgr.errors import UsageError
from netmgr.model.probe import Probed, Span
from netmgr.model.selection import Selection
from netmgr.model.stretch import whole_day
from netmgr.notify.events import events
from netmgr.wiring import Wiring
from netmgr.workflows.jobs import JOBS
from netmgr.workflows.probe_views import check, history, measured
from netmgr.workflows.probing import probe
from netmgr.workflows.schedule import Scheduler
from tests.integration.schedule.test_week import Bomb, Mined

MINUTE, DAY = 60, 86_400


def told(street):
    """Every transition: device, from, to, seconds."""
    return [
        (e.device, e.facts["from"], e.facts["to"], e.facts.get("seconds"))
        for e in street.entries("transition")
    ]


def sampled(street, runs: int = 1, **settings):
    made = None
    for _ in range(runs):
        made = probe(street.runtime())
        street.wait(MINUTE)
    return made


def silence(street, *names):
    for name in names:
        street.doors[name].close()


class Answers:
    """In place of the network, where a test is about days of samples and not about devices."""

    def __init__(self, **down) -> None:
        self.down = down

    def probe(self, endpoints, _timeout):
        return {end.device: Probed("down" if end.device in self.down else "up") for end in endpoints}


def test_a_device_is_down_after_two_samples_and_up_with_the_next(street):
    assert sampled(street).outcome == "up"
    silence(street, "r2")
    assert sampled(street).outcome == "down"
    assert told(street) == []
    assert sampled(street).transitions == 1
    sampled(street)
    street.doors["r2"].open()
    assert sampled(street).transitions == 1
    assert told(street) == [("r2", "up", "down", 60), ("r2", "down", "up", 180)]
    entries = street.entries("transition")
    assert [(e.outcome, e.facts["since"]) for e in entries] == [
        ("down", "2026-11-23T08:01:00.000000Z"),
        ("up", "2026-11-23T08:04:00.000000Z"),
    ]
    news = [(event.name, event.severity, event.state, event.subject) for event in events(entries)]
    assert news == [
        ("probe.down", "critical", "problem", "network probe r2"),
        ("probe.up", "info", "well", "network probe r2"),
    ]


def test_a_device_that_never_answered_is_told_once_and_one_that_answers_is_not(street):
    silence(street, "r1", "r3")
    sampled(street, 4)
    assert told(street) == [("r1", "unknown", "down", None), ("r3", "unknown", "down", None)]


def test_a_sample_that_is_there_is_not_taken_again(street):
    sampled(street)
    street.wait(-1)
    asked = [door.asked for door in street.doors.values()]
    made = probe(street.runtime())
    assert (made.taken, made.devices, made.outcome) == (False, (), "taken")
    assert [door.asked for door in street.doors.values()] == asked == [1, 1, 1, 1]


def test_of_two_that_ask_at_once_only_who_keeps_the_sample_tells_the_log(street):
    """The other has kept its sample, and has not told of it yet, when this one has its answers."""
    down = Answers(r1=True)
    probe(street.runtime(open_prober=lambda: down))
    street.wait(MINUTE)

    class Slow:
        def probe(self, endpoints, timeout):
            found = down.probe(endpoints, timeout)
            states = {name: answer.state for name, answer in found.items()}
            at = street.world.clock.now()
            assert street.world.wiring.samples.take("square", "network", at, MINUTE, states)
            return found

    made = probe(street.runtime(open_prober=Slow))
    assert (made.taken, made.transitions, told(street)) == (False, 0, [])
    street.wait(MINUTE)
    probe(street.runtime(open_prober=lambda: down))
    assert told(street) == [("r1", "unknown", "down", None)]


def test_a_sample_of_long_ago_says_nothing_of_now(street):
    sampled(street)
    states = []
    for seconds in (60, 1):
        street.wait(seconds)
        states.append(measured(street.runtime(), Selection()).devices[0].state)
    assert states == ["up", "unknown"]


def test_the_interval_is_the_client_s_whoever_asks_how_often(street):
    street.world.edit("inventory/square/client.yaml", lambda text: text + "probe: {interval: 300}\n")
    taken = [sampled(street).taken for _ in range(11)]
    assert [minute for minute, took in enumerate(taken) if took] == [0, 5, 10]


def test_only_devices_in_scope_are_asked(street):
    street.world.edit("inventory/square/client.yaml", lambda text: text + 'probe: {devices: ["r[12]", r4]}\n')
    street.world.edit(
        "inventory/square/hosts.yaml",
        lambda text: text.replace("r4:\n  data:\n", "r4:\n  data:\n    lifecycle: planned\n"),
    )
    assert [each.device for each in sampled(street).devices] == ["r1", "r2"]
    street.world.edit("inventory/square/client.yaml", lambda text: text.replace('"r[12]", ', ""))
    with pytest.raises(UsageError, match=r"^square: no device is probed; "):
        sampled(street)


@pytest.mark.parametrize("interval", [59, 90, 420, 7200])
def test_an_interval_that_an_hour_cannot_be_divided_by_is_refused(street, interval, capsys):
    street.world.edit(
        "inventory/square/client.yaml", lambda text: text + f"probe: {{interval: {interval}}}\n"
    )
    assert netmgr(["-w", str(street.world.workspace), "validate"]) == 1
    assert (
        f"client.yaml:2: probe.interval: {interval} is no interval; write whole minutes"
        in capsys.readouterr().err
    )


def test_a_device_that_is_probed_no_more_is_nobody_s_problem(street):
    silence(street, "r1", "r2")
    sampled(street, 2)
    street.world.edit("inventory/square/client.yaml", lambda text: text + 'probe: {devices: ["r[234]"]}\n')
    sampled(street, 2)
    assert told(street)[2:] == [("r1", "down", "unknown", 120)]
    (event,) = events(street.entries("transition")[2:])
    assert (event.state, event.subject) == ("well", "network probe r1")


def test_a_sample_that_says_nothing_changes_nothing(street):
    silence(street, "r1")
    sampled(street, 2)
    street.doors["r1"].open()

    class Lost:
        def probe(self, endpoints, _timeout):
            return {end.device: Probed("unknown", "no route") for end in endpoints}

    made = probe(street.runtime(open_prober=Lost))
    assert (made.outcome, made.transitions) == ("unknown", 0)
    found = measured(street.runtime(), Selection())
    assert {device.state for device in found.devices} == {"unknown"}


def days_gone(street, samples: int = 3) -> None:
    """Some samples late on the 23rd, more on the 24th and the 27th, each day's by the clocks of Berlin."""
    street.world.edit("inventory/square/client.yaml", lambda text: text + "timezone: Europe/Berlin\n")
    for day in (0, 1, 4):
        street.world.clock.elapsed = day * DAY
        for number in range(samples):
            down = {"r3": True} if number else {}
            probe(street.runtime(open_prober=lambda down=down: Answers(**down)))
            street.wait(MINUTE)


def test_a_day_s_sums_are_logged_by_the_first_run_after_it(street):
    days_gone(street)
    assert [entry.facts["day"] for entry in street.entries("digest")] == ["2026-11-23", "2026-11-24"]
    street.world.clock.elapsed = 4 * DAY + 14 * 3600 + 59 * MINUTE + 59  # 23:59:59 on the 27th
    assert probe(street.runtime(open_prober=Answers)).digests == ()
    street.wait(1)
    assert probe(street.runtime(open_prober=Answers)).digests == ("2026-11-27",)
    first, _, last = street.entries("digest")
    assert (first.outcome, first.phase, first.device) == (None, "result", None)
    day = whole_day(datetime(2026, 11, 23).date(), "Europe/Berlin")
    spans = street.world.wiring.samples.spans("square", "network", day.start, day.end)
    up = {"down_seconds": 0, "exempt_seconds": 0, "expected": 1440, "taken": 3, "up": 3, "up_seconds": 180}
    assert first.facts == {
        "day": "2026-11-23",
        "devices": {
            "r1": up,
            "r2": up,
            "r3": {
                "down_seconds": 120,
                "exempt_seconds": 0,
                "expected": 1440,
                "taken": 3,
                "up": 1,
                "up_seconds": 60,
            },
            "r4": up,
        },
        "digest": digest(spans, day),
        "interval": 60,
        "timezone": "Europe/Berlin",
    }
    assert last.facts["devices"]["r1"]["taken"] == 4
    assert events(street.entries("digest")) == ()


def test_samples_are_checked_against_the_log(street):
    days_gone(street)
    assert [(day.day, day.status) for day in check(street.runtime()).days] == [
        ("2026-11-24", "same"),
        ("2026-11-23", "same"),
    ]
    store = street.world.wiring.workspace / ".netmgr/store.db"
    with contextmanager(_sqlite)(store) as connection:
        connection.execute("UPDATE samples SET state = 'up' WHERE device = 'r3' AND first < 1795500000")
    assert [(day.day, day.status) for day in check(street.runtime()).different] == [
        ("2026-11-23", "different")
    ]


def _sqlite(path):
    import sqlite3

    connection = sqlite3.connect(path)
    try:
        yield connection
        connection.commit()
    finally:
        connection.close()


def test_samples_go_when_they_are_old_enough_and_the_log_stays(street):
    street.world.edit("inventory/square/client.yaml", lambda text: text + "probe: {keep_days: 35}\n")
    sampled(street, 2)
    for day in (1, 36):
        street.world.clock.elapsed = day * DAY
        sampled(street)
    spans = street.world.wiring.samples.spans(
        "square", "network", datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 12, 31, tzinfo=UTC)
    )
    starts = sorted({span.first.date().isoformat() for span in spans})
    assert starts == ["2026-11-24", "2026-12-29"]
    assert [day.status for day in check(street.runtime()).days] == ["same", "gone"]


def test_availability_of_a_period(street):
    silence(street, "r2")
    sampled(street, 2)
    street.doors["r2"].open()
    sampled(street, 2)
    period = {"first": "2026-11-23", "last": "2026-11-23"}
    found = measured(street.runtime(), Selection(), **period)
    assert (found.start, found.end) == ("2026-11-23T00:00:00.000000Z", "2026-11-23T08:04:00.000000Z")
    r1, r2 = found.devices[:2]
    assert (r1.state, r1.since, r1.taken, r1.expected) == ("up", "2026-11-23T08:00:00.000000Z", 4, 484)
    assert (r2.state, r2.since, r2.seconds_down, r2.transitions) == (
        "up",
        "2026-11-23T08:02:00.000000Z",
        120,
        2,
    )
    assert (r1.measured, r1.availability, r1.share) == (False, None, 0.826)
    assert (found.taken, found.expected, found.seconds_down, found.transitions) == (16, 1936, 120, 2)
    shown = history(street.runtime(), "r2", **period)
    assert [(each.from_, each.to, each.seconds) for each in shown.transitions] == [
        ("down", "up", 120),
        ("unknown", "down", None),
    ]
    with pytest.raises(UsageError, match=r"^no device fits r9$"):
        history(street.runtime(), "r9", **period)


def test_a_day_that_was_measured(street):
    samples = MemorySamples()
    for minute in range(1440):
        at = datetime(2026, 11, 22, tzinfo=UTC) + timedelta(minutes=minute)
        samples.take("square", "network", at, 60, {"r1": "up", "r2": "up" if minute >= 72 else "down"})
    runtime = street.runtime(open_samples=lambda: samples)
    found = measured(runtime, Selection(names=("r1", "r2")), first="2026-11-22", last="2026-11-22")
    assert [(each.availability, each.measured) for each in (*found.devices, found)] == [
        (100.0, True),
        (95.0, True),
        (97.5, True),
    ]


def test_the_scheduler_takes_a_sample_each_minute(street):
    world = street.world
    world.edit(
        "inventory/square/client.yaml",
        lambda text: text + 'schedule: {life: {job: probe, cron: "* * * * *"}}\n',
    )
    planned = world.wiring.schedule.planned("square")
    scheduler = Scheduler(
        world.wiring.runs, world.clock, lambda _client, request: street.runtime(request=request)
    )
    outcomes = []
    for minute in range(5):
        if minute == 3:
            silence(street, "r4")
        outcomes += [(ran.state, ran.outcome) for ran in scheduler.run_due(planned)]
        street.wait(MINUTE)
    assert outcomes == [("done", "up"), ("done", "up"), ("done", "down"), ("done", "down")]
    street.wait(600)
    assert [ran.state for ran in scheduler.run_due(planned)] == ["missed"] * 10 + ["done"]


def killed(street, steps: int) -> bool:
    """One run in a process of its own, killed at a step; whether it came to its end."""
    pid = os.fork()
    if pid == 0:
        code = 9
        try:
            world = street.world
            own = Wiring(world.workspace, world.wiring.settings)
            own.clock, own.people, own.forms = world.clock, world.wiring.people, world.wiring.forms
            world.wiring = own
            bomb = Bomb(steps)
            samples = Mined(SqlSamples(own.service_log.database), bomb, ("take", "stand", "forget"))
            log = Mined(own.service_log, bomb, ("append",))
            probe(street.runtime(log=log, open_samples=lambda: samples, open_prober=lambda: Answers(r2=True)))
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return False
    assert os.WEXITSTATUS(status) == 0
    return True


@pytest.mark.parametrize("flaps", [False, True])
def test_a_run_that_is_killed_anywhere_doubles_and_loses_nothing(street, flaps):
    """At the turn of a day, with a device that goes down: the run writes all that a run can write."""
    silence(street, *street.doors)  # no thread of theirs shall be there when the process forks
    for steps in range(99):
        day = 10 * (steps + 1)
        street.world.clock.elapsed = day * DAY - 8 * 3600 - 2 * MINUTE
        probe(street.runtime(open_prober=Answers))
        street.wait(MINUTE)
        probe(street.runtime(open_prober=lambda: Answers(r2=True)))
        before = len(street.entries("transition")), len(street.entries("digest"))
        street.wait(MINUTE)
        street.world.wiring.service_log.close()
        ended = killed(street, steps)
        again = probe(street.runtime(open_prober=lambda: Answers(r2=True)))
        street.wait(MINUTE)
        # Where nothing of the run is there, the device has answered by now, or is down as before.
        probe(street.runtime(open_prober=Answers if flaps else lambda: Answers(r2=True)))
        street.wait(MINUTE)
        probe(street.runtime(open_prober=Answers))
        words = [entry.outcome for entry in street.entries("transition")[before[0] :]]
        assert words in (["down", "up"], []), steps
        assert words == ["down", "up"] or flaps
        assert len(street.entries("digest")) == before[1] + 1, steps
        assert again.taken is (steps < 1)
        if ended:
            break
    assert steps >= 8
    days = [entry.facts["day"] for entry in street.entries("digest")]
    assert len(days) == len(set(days))
    assert {day.status for day in check(street.runtime()).days} == {"same"}


def test_the_commands(street, monkeypatch, capsys):
    world = street.world

    @contextmanager
    def runtimes(_context):
        yield street.runtime(), world.runtime().progress

    monkeypatch.setattr(command, "reading_runtime", runtimes)
    base = ["-w", str(world.workspace), "-c", "square"]

    def shown(*words, code=0):
        assert netmgr([*base, "probe", *words]) == code
        return capsys.readouterr()

    silence(street, "r2")
    said = shown("run", code=3)
    where = f"127.0.0.1:{street.doors['r2'].port}"
    assert said.out == f"DEVICE  STATE  WHY\nr2      down   {where}: Connection refused\n"
    assert said.err.splitlines()[-1] == "3 up, 1 down"
    assert "was taken already; the next is due 60 s after it" in shown("run").err
    street.wait(MINUTE)
    document = json.loads(shown("run", "-o", "json", code=3).out)
    assert (document["schema"], document["transitions"]) == ("netmgr.probe/1", 1)
    street.wait(MINUTE)
    lines = shown("list").out.splitlines()
    assert [line.split() for line in lines[:3]] == [
        ["DEVICE", "NOW", "AVAILABLE", "MEASURED", "SAMPLES", "DOWN", "TIMES"],
        ["r1", "up", "not", "measured", "0.0", "%", "2/32162", "0", "0"],
        ["r2", "down", "not", "measured", "0.0", "%", "2/32162", "2", "min", "1"],
    ]
    assert json.loads(shown("list", "-o", "json", "-l", "r2").out)["seconds_down"] == 120
    assert shown("show", "r2").out.splitlines()[0] == "r2 is down since 2026-11-23 08:00"
    document = json.loads(shown("show", "r2", "-o", "json").out)
    assert [each["from"] for each in document["transitions"]] == ["unknown"]
    assert "no day's digest yet" in shown("check").err
    street.world.clock.elapsed = DAY
    shown("run", code=3)
    assert shown("check").err.splitlines()[-1] == "days: 1 same"
    assert shown("run", "-l", "r2", code=64).err.startswith("error: a sample is of every device")
    assert JOBS["probe"].run(street.runtime(), None, world.clock.now()) == "taken"


def test_a_device_under_maintenance_is_asked_and_neither_counted_nor_told_of(street):
    def lifecycle(word):
        street.world.edit(
            "inventory/square/hosts.yaml",
            lambda text: (
                text.replace("r4:\n  data:\n", f"r4:\n  data:\n    lifecycle: {word}\n", 1)
                if "lifecycle" not in text
                else text.replace("lifecycle: maintenance", f"lifecycle: {word}")
            ),
        )

    sampled(street, 2)
    lifecycle("maintenance")
    answered = sampled(street).devices[3]
    silence(street, "r4")
    made = sampled(street, 3)
    port = street.doors["r4"].port
    assert [(each.state, each.detail) for each in (answered, made.devices[3])] == [
        ("exempt", "under maintenance; it answers"),
        ("exempt", f"under maintenance; 127.0.0.1:{port}: Connection refused"),
    ]
    assert (made.outcome, told(street)) == ("up", [])
    lifecycle("active")
    sampled(street, 2)
    assert told(street) == [("r4", "up", "down", 360)]
    period = {"first": "2026-11-23", "last": "2026-11-23"}
    found = measured(street.runtime(), Selection(names=("r1", "r4")), **period)
    sums = [(d.seconds, d.seconds_up, d.seconds_down, d.seconds_exempt) for d in (*found.devices, found)]
    counted = 8 * 3600 + 8 * 60
    assert sums == [
        (counted, 480, 0, 0),
        (counted - 240, 120, 120, 240),
        (2 * counted - 240, 600, 120, 240),
    ]
    assert [(d.expected, d.taken) for d in found.devices] == [(488, 8), (484, 4)]
    street.world.clock.elapsed = DAY
    sampled(street)
    (entry,) = street.entries("digest")
    assert entry.facts["devices"]["r4"] == {
        "down_seconds": 120,
        "exempt_seconds": 240,
        "expected": 1436,
        "taken": 4,
        "up": 2,
        "up_seconds": 120,
    }
    assert [day.status for day in check(street.runtime()).days] == ["same"]


def test_spans_are_what_a_run_leaves(street):
    sampled(street, 3)
    found = street.world.wiring.samples.spans(
        "square", "network", datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    )
    start = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert found == tuple(
        Span(name, start, start + timedelta(minutes=2), 60, "up") for name in ("r1", "r2", "r3", "r4")
    )
