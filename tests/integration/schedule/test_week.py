"""A week of schedule on a clock of its own, with processes that die in the middle of their work."""

import os
import signal
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from random import Random

import pytest

from netmgr.adapters.store_sql.runs import SqlRuns
from netmgr.adapters.turns_file import FileTurns
from netmgr.cli.main import run as netmgr
from netmgr.model.entry import rfc3339
from netmgr.model.schedule import KINDS
from netmgr.model.selection import Selection
from netmgr.schedule.due import occurrences, request_id
from netmgr.wiring import Wiring
from netmgr.workflows import schedule
from netmgr.workflows.audit import audit
from netmgr.workflows.jobs import JOBS
from netmgr.workflows.schedule import MOST_ATTEMPTS, Scheduler

#: Clocks are set back on Sunday, 25 October 2026, in the middle of the week.
START = datetime(2026, 10, 22, 12, 0, tzinfo=UTC)
SCHEDULE = """\
nightly:
  job: audit
  cron: "30 2 * * *"
  jitter: 900
often:
  job: audit
  cron: "0 */6 * * *"
  devices: ["r1"]
"""
BY_HAND = "by-hand"


class Bomb:
    """Kills its process, as kill -9 does, at the n-th thing that is written."""

    def __init__(self, left: int) -> None:
        self.left = left

    def tick(self) -> None:
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1


class Mined:
    """Something whose writing methods can be the last that its process does: before, or after the call."""

    def __init__(self, inner: object, bomb: Bomb, methods: tuple[str, ...]) -> None:
        self._inner, self._bomb, self._methods = inner, bomb, methods

    def __getattr__(self, name: str) -> object:
        found = getattr(self._inner, name)
        if name not in self._methods:
            return found

        def called(*args: object, **options: object) -> object:
            self._bomb.tick()
            made = found(*args, **options)
            self._bomb.tick()
            return made

        return called


def scheduler(world, bomb=None, stopped=lambda: False):
    """What a process of its own would make anew."""
    wiring = world.wiring
    runs, log = SqlRuns(wiring.service_log.database, FileTurns(wiring.state / "turns")), wiring.service_log
    if bomb:
        runs, log = Mined(runs, bomb, ("account", "update", "forget")), Mined(log, bomb, ("append",))
    return Scheduler(
        runs, world.clock, lambda _client, request: world.runtime(request, log=log), stopped=stopped
    )


def one_pass(world):
    planned = world.wiring.schedule.planned("square")
    return [(ran.job, ran.state, ran.outcome) for ran in scheduler(world).run_due(planned)]


def forked_pass(world, steps: int) -> bool:
    """One pass in a process of its own, killed at a step; whether it came to its end."""
    pid = os.fork()
    if pid == 0:
        code = 9
        try:
            own = Wiring(world.workspace, world.wiring.settings)  # no connection of the parent's
            own.clock, own.people, own.forms = world.clock, world.wiring.people, world.wiring.forms
            world.wiring = own
            for _ in scheduler(world, Bomb(steps)).run_due(world.wiring.schedule.planned("square")):
                pass
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return False
    assert os.WEXITSTATUS(status) == 0
    return True


def closings(world):
    """How often each scheduled run has a closing audit entry."""
    entries = world.wiring.service_log.entries("square", kind="audit")
    return Counter(e.request for e in entries if e.device is None and e.request != BY_HAND)


@pytest.fixture
def square(world):
    world.edit("inventory/square/client.yaml", lambda text: text + "timezone: Europe/Berlin\n")
    (world.workspace / "config/schedule.yaml").write_text(SCHEDULE)
    world.clock.start = START
    # Whole configurations are others' business: of them only a line, whose rendering costs little.
    (world.workspace / "templates/frr/main.j2").write_text("ip route 192.0.2.0/24 Null0\n")
    audit(world.runtime(BY_HAND), Selection())  # what it imports, the processes that are forked need not
    return world


def expected(world, until):
    return {
        request_id("square", each.name, at)
        for each in world.wiring.schedule.planned("square")
        for at in takewhile(lambda at: at <= until, occurrences(each, START))
    }


def test_a_week_of_runs_each_once_whatever_dies(square):
    """A look every six hours by two processes that are killed somewhere or not, and then by one that lives."""
    random, killed = Random(20261022), 0
    for _ in range(7 * 4):
        for steps in (random.randrange(10), random.randrange(10), 1_000):
            if forked_pass(square, steps):
                break
            killed += 1
        square.clock.sleep(6 * 3600)
    forked_pass(square, 1_000)
    until = square.clock.now() - timedelta(seconds=900)
    found = closings(square)
    assert set(found) == expected(square, until)
    assert set(found.values()) == {1}
    assert killed > 20
    states = {
        run.state for name in ("nightly", "often") for run in square.wiring.runs.newest("square", name, 99)
    }
    assert states == {"done"}
    assert len(found) == 7 + 28


def test_every_single_step_of_a_run_may_be_the_last(square):
    forked_pass(square, 1_000)
    steps, done = 0, False
    while not done:
        square.clock.sleep(6 * 3600)
        done = forked_pass(square, steps)
        assert forked_pass(square, 1_000)
        steps += 1
    assert steps > 8
    found = closings(square)
    assert set(found.values()) == {1}
    assert set(found) == expected(square, square.clock.now() - timedelta(seconds=900))


def test_what_a_run_logs_before_its_end_is_not_taken_for_it(square):
    """The inventory is another one in each run, which is noted first: a run that dies then is begun again."""
    forked_pass(square, 1_000)
    for steps in range(3, 8):
        planned = f"p{steps}: {{platform: frr, data: {{lifecycle: planned}}}}\n"
        square.edit("inventory/square/hosts.yaml", lambda text, planned=planned: text + planned)
        square.clock.sleep(6 * 3600)
        forked_pass(square, steps)
        assert forked_pass(square, 1_000)
    noted = list(square.wiring.service_log.entries("square", kind="inventory"))
    found = closings(square)
    assert len(noted) == 6
    assert set(found.values()) == {1}
    assert set(found) == expected(square, square.clock.now() - timedelta(seconds=900))


def test_what_was_missed_is_said_once_wherever_a_process_dies(square):
    forked_pass(square, 1_000)
    steps, done = 0, False
    while not done:
        square.clock.sleep(12 * 3600)
        done = forked_pass(square, steps)
        assert forked_pass(square, 1_000)
        steps += 1
    said = [dict(e.facts) for e in square.wiring.service_log.entries("square", kind="schedule")]
    missed = [run.due for run in square.wiring.runs.newest("square", "often", 99) if run.state == "missed"]
    assert len(missed) > 8
    assert said == [
        {"job": "often", "first": rfc3339(due), "last": rfc3339(due), "runs": 1} for due in reversed(missed)
    ]


def test_old_records_go_and_no_run_comes_twice(square, monkeypatch):
    """Weeks of runs every six hours, two records at most going with each; a process dies here and there."""
    monkeypatch.setattr(schedule, "FORGOTTEN", 2)
    monkeypatch.setattr(schedule, "KEPT", timedelta(days=2))
    forked_pass(square, 1_000)
    for number in range(20):
        square.clock.sleep(6 * 3600)
        if not forked_pass(square, number % 12):
            assert forked_pass(square, 1_000)
    found = closings(square)
    assert set(found.values()) == {1}
    assert set(found) == expected(square, square.clock.now() - timedelta(seconds=900))
    now = square.clock.now()
    kept = square.wiring.runs.newest("square", "often", 99)
    assert 8 <= len(kept) <= 10
    assert kept[-1].due >= now - timedelta(days=2, hours=6)
    before = len(kept)
    square.clock.sleep(5 * 24 * 3600)
    one_pass(square)
    kept = square.wiring.runs.newest("square", "often", 99)
    assert len(kept) == before + 20 - 4, "two went with the missed ones, two with the run, and no more"
    for _ in range(20):
        square.clock.sleep(6 * 3600)
        one_pass(square)
    kept = square.wiring.runs.newest("square", "often", 99)
    assert [run.due for run in kept][-1] >= square.clock.now() - timedelta(days=2, hours=6)
    assert set(closings(square).values()) == {1}


def test_a_run_that_always_dies_is_given_up_and_said(square):
    forked_pass(square, 1_000)
    square.clock.sleep(6 * 3600)
    for _ in range(MOST_ATTEMPTS):
        assert not forked_pass(square, 3)
    assert one_pass(square) == [("often", "failed", "its process died 3 times; it is not begun again")]
    assert one_pass(square) == []
    (entry,) = square.wiring.service_log.entries("square", kind="schedule")
    assert (entry.action, entry.outcome, entry.facts["job"], entry.facts["attempts"]) == (
        "failed",
        "failed",
        "often",
        3,
    )


def test_what_was_missed_is_said_once_and_the_newest_made_up_for(square):
    assert one_pass(square) == []
    square.clock.sleep(26 * 3600)
    assert one_pass(square) == [
        ("nightly", "done", "drifted"),
        *[("often", "missed", "")] * 3,
        ("often", "done", "drifted"),
    ]
    assert one_pass(square) == []
    (entry,) = square.wiring.service_log.entries("square", kind="schedule")
    assert (entry.action, dict(entry.facts)) == (
        "missed",
        {
            "job": "often",
            "first": "2026-10-22T16:00:00.000000Z",
            "last": "2026-10-23T04:00:00.000000Z",
            "runs": 3,
        },
    )


def test_a_run_that_is_too_late_is_missed_for_good(square):
    square.edit("config/schedule.yaml", lambda text: text.replace("  jitter: 900\n", "  catch_up: 3600\n"))
    assert one_pass(square) == []
    square.clock.sleep(16 * 3600)
    assert one_pass(square)[0] == ("nightly", "missed", "")
    assert one_pass(square) == []
    (run,) = square.wiring.runs.newest("square", "nightly", 9)
    assert (run.state, run.due, run.begun) == ("missed", datetime(2026, 10, 23, 0, 30, tzinfo=UTC), None)


def test_a_job_that_is_new_or_has_new_times_begins_now(square):
    assert one_pass(square) == []
    square.clock.sleep(5 * 24 * 3600)
    square.edit("config/schedule.yaml", lambda text: text.replace("0 */6", "30 */4"))
    assert one_pass(square) == [*[("nightly", "missed", "")] * 4, ("nightly", "done", "drifted")]
    square.clock.sleep(4 * 3600)
    assert one_pass(square) == [("often", "done", "drifted")]


def test_two_schedulers_at_once_make_each_run_once(square, monkeypatch):
    """The second looks while the first is in the middle of a run, and when it is at its end."""
    assert one_pass(square) == []
    square.clock.sleep(6 * 3600)
    meanwhile = []
    audits = JOBS["audit"]

    def watched(*arguments):
        meanwhile.append(one_pass(square))
        return audits.run(*arguments)

    monkeypatch.setattr(schedule, "JOBS", {"audit": replace(audits, run=watched)})
    first = scheduler(square).run_due(square.wiring.schedule.planned("square"))
    assert next(first).state == "done"
    assert meanwhile == [[("often", "elsewhere", "")]]
    assert one_pass(square) == [], "the first has its turn still"
    assert list(first) == []
    assert list(closings(square).values()) == [1]


def test_a_failure_is_told_logged_and_keeps_nothing_else(square):
    assert one_pass(square) == []
    square.clock.sleep(14 * 3600)
    runtime = square.runtime
    square.runtime = lambda *args, **options: runtime(*args, **options, permitted=lambda _action: False)
    why = "refused (access): p-1 may not read square; config/people.yaml says who may; ask somebody with the role"
    failed = ("nightly", "failed", why), ("often", "missed", ""), ("often", "failed", why)
    assert one_pass(square) == list(failed)
    assert one_pass(square) == [], "a failed run is not tried again: the next one is"
    log = square.wiring.service_log
    entries = [e for e in log.entries("square", kind="schedule") if e.action == "failed"]
    assert [
        (e.facts["job"], e.facts["due"], log.body("square", e.body.digest).decode()) for e in entries
    ] == [
        ("nightly", "2026-10-23T00:30:00.000000Z", why),
        ("often", "2026-10-22T22:00:00.000000Z", why),
    ]


def test_a_bug_in_one_job_keeps_no_other_from_running(square, monkeypatch):
    assert one_pass(square) == []
    square.clock.sleep(14 * 3600)
    audits = JOBS["audit"]

    def buggy(runtime, options, due):
        if not options.devices:
            raise ZeroDivisionError("by\nzero")
        return audits.run(runtime, options, due)

    monkeypatch.setattr(schedule, "JOBS", {"audit": replace(audits, run=buggy)})
    assert one_pass(square) == [
        ("nightly", "failed", "internal: ZeroDivisionError: by zero"),
        ("often", "missed", ""),
        ("often", "done", "drifted"),
    ]
    assert one_pass(square) == []


def test_asked_to_stop_it_begins_no_other_job(square):
    assert one_pass(square) == []
    square.clock.sleep(24 * 3600)
    planned = square.wiring.schedule.planned("square")
    asked = []
    for ran in scheduler(square, stopped=lambda: bool(asked)).run_due(planned):
        asked.append(ran.job)
    assert set(asked) == {"nightly"}


def test_the_client_replaces_and_switches_off_the_workspaces_jobs(square):
    square.edit(
        "inventory/square/client.yaml",
        lambda text: (
            text
            + 'schedule:\n  nightly: null\n  often: {job: audit, cron: "0 1 * * *", timezone: Asia/Shanghai}\n'
        ),
    )
    (job,) = square.wiring.schedule.planned("square")
    assert (job.name, job.zone, job.job.cron, job.place) == (
        "often",
        "Asia/Shanghai",
        "0 1 * * *",
        "inventory/square/client.yaml:5",
    )


@pytest.mark.parametrize(
    ("file", "text", "problem"),
    [
        ("config/schedule.yaml", "nightly: {job: audit}\n", "1: nightly: missing key 'cron'; add it"),
        (
            "config/schedule.yaml",
            'x: {job: dance, cron: "0 0 * * *"}\n',
            f"1: x: needs job, the kind of job: {', '.join(KINDS)}",
        ),
        (
            "config/schedule.yaml",
            'x: {cron: "0 0 * * *"}\n',
            f"1: x: needs job, the kind of job: {', '.join(KINDS)}",
        ),
        ("config/schedule.yaml", "x: 7\n", f"1: x: needs job, the kind of job: {', '.join(KINDS)}"),
        (
            "config/schedule.yaml",
            'X_Y: {job: audit, cron: "0 0 * * *"}\n',
            "1: 'X_Y' is no job's name; write lower-case letters and digits with single hyphens, at most 63",
        ),
        (
            "config/schedule.yaml",
            'x:\n  job: audit\n  cron: "0 25 * * *"\n',
            "3: x: cron: '0 25 * * *' is no time of cron (bad hour); write minute, hour, day, month, weekday, "
            'such as "15 2 * * 1-5"',
        ),
        (
            "config/schedule.yaml",
            'x:\n  job: audit\n  clients: [squaer]\n  cron: "0 2 * * *"\n',
            "3: x: no client squaer; did you mean 'square'?",
        ),
        (
            "inventory/square/client.yaml",
            'id: square\nschedule:\n  x: {job: audit, cron: "0 2 * * *", clients: [square]}\n',
            "1: schedule.x: this is one client's job; remove clients",
        ),
        (
            "inventory/square/client.yaml",
            'id: square\nschedule:\n  x: {job: dance, cron: "0 2 * * *"}\n',
            f"3: schedule.x: job must be one of {', '.join(map(repr, KINDS))}",
        ),
        (
            "inventory/square/client.yaml",
            'id: square\nschedule:\n  x:\n    cron: "0 2 * * *"\n',
            "3: schedule.x: missing key 'job'; add it",
        ),
        (
            "inventory/square/client.yaml",
            'id: square\nschedule:\n  x: {job: report, cron: "0 2 * * *", formats: [odt]}\n',
            "3: schedule.x.formats[0]: must be 'html', 'pdf', 'md', 'json' or 'csv'",
        ),
    ],
)
def test_mistakes_are_told_with_file_and_line(square, monkeypatch, capfd, file, text, problem):
    (square.workspace / file).write_text(text)
    monkeypatch.chdir(square.workspace)
    for command in (["schedule", "list"], ["schedule", "run", "--due"], ["validate"]):
        assert netmgr(command) == 1
        assert capfd.readouterr().err == f"error: {file}:{problem}\n"
