"""The contract of scheduled runs: every keeper is held to it, the one in memory as SQLite and PostgreSQL."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from netmgr.adapters.runs_memory import MemoryRuns
from netmgr.adapters.store_sql import open_store
from netmgr.adapters.store_sql.runs import SqlRuns, turns_in_database
from netmgr.adapters.system_clock import SystemClock
from netmgr.adapters.turns_file import FileTurns
from netmgr.errors import StoreError
from netmgr.ports.runs import Run, Standing
from tests.postgresql import PASSWORD
from tests.waiting import wait_until

START = datetime(2026, 11, 23, 2, 15, tzinfo=UTC)
STANDING = Standing("abc", START)


def at(day: int, **known) -> Run:
    return Run("acme", "nightly", START + timedelta(days=day), **{"state": "running", **known})


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def runs(request, tmp_path):
    if request.param == "memory":
        yield MemoryRuns()
        return
    if request.param == "sqlite":
        url, turn = f"sqlite:///{tmp_path}/store.db", FileTurns(tmp_path / "turns")
    else:
        url = request.getfixturevalue("postgresql").database()
        turn = turns_in_database(url, PASSWORD)
    with open_store(url, SystemClock(), password=PASSWORD) as store:
        yield SqlRuns(store.database, turn)


def test_a_job_that_was_never_planned_has_no_standing_and_no_runs(runs):
    assert runs.standing("acme", "nightly") is None
    assert runs.unfinished("acme", "nightly") is None
    assert runs.newest("acme", "nightly", 10) == ()


def test_what_was_accounted_for_is_told_as_it_was(runs):
    new = (at(0, state="missed"), at(1, begun=START, attempts=1))
    standing = Standing("abc", START + timedelta(days=1))
    runs.account("acme", "nightly", standing, new)
    assert runs.standing("acme", "nightly") == standing
    assert runs.newest("acme", "nightly", 10) == tuple(reversed(new))
    assert runs.newest("acme", "nightly", 1) == (new[1],)


def test_a_later_standing_replaces_the_earlier_one(runs):
    runs.account("acme", "nightly", STANDING, [])
    later = Standing("def", START + timedelta(days=3))
    runs.account("acme", "nightly", later, [])
    assert runs.standing("acme", "nightly") == later


def test_no_run_is_recorded_twice_and_then_nothing_is(runs):
    runs.account("acme", "nightly", STANDING, [at(0)])
    with pytest.raises(StoreError) as refused:
        runs.account("acme", "nightly", Standing("abc", START + timedelta(days=1)), [at(1), at(0)])
    assert str(refused.value) == (
        "acme: nightly: the run due 2026-11-23T02:15:00+00:00 is recorded already; nothing was changed"
    )
    assert runs.newest("acme", "nightly", 10) == (at(0),)
    assert runs.standing("acme", "nightly") == STANDING


def test_the_oldest_unfinished_run_is_found_until_it_ends(runs):
    runs.account("acme", "nightly", STANDING, [at(0, state="missed"), at(2), at(1)])
    assert runs.unfinished("acme", "nightly") == at(1)
    runs.update(at(1, state="done", outcome="compliant", begun=START, ended=START, attempts=2))
    assert runs.unfinished("acme", "nightly") == at(2)
    runs.update(at(2, state="failed", outcome="unreachable"))
    assert runs.unfinished("acme", "nightly") is None
    assert [run.outcome for run in runs.newest("acme", "nightly", 2)] == ["unreachable", "compliant"]


def test_what_is_not_recorded_cannot_be_updated(runs):
    with pytest.raises(StoreError) as refused:
        runs.update(at(0))
    assert str(refused.value) == (
        "acme: nightly: no run due 2026-11-23T02:15:00+00:00 is recorded; nothing was changed"
    )


def days(runs) -> list[int]:
    return [(run.due - START).days for run in runs.newest("acme", "nightly", 99)]


def test_the_oldest_settled_runs_are_forgotten_a_few_at_a_time(runs):
    states = ("missed", "running", "done", "failed", "done", "done")
    new = [at(day, state=state) for day, state in enumerate(states)]
    runs.account("acme", "nightly", Standing("abc", START + timedelta(days=5)), list(reversed(new)))
    assert runs.forget("acme", "nightly", START, 9) == 0
    assert runs.forget("acme", "nightly", START + timedelta(days=4), 2) == 2
    assert days(runs) == [5, 4, 3, 1]
    assert runs.forget("acme", "nightly", START + timedelta(days=4), 2) == 1
    assert runs.forget("acme", "nightly", START + timedelta(days=4), 2) == 0
    assert days(runs) == [5, 4, 1]
    assert runs.unfinished("acme", "nightly") == at(1)
    assert runs.standing("acme", "nightly") == Standing("abc", START + timedelta(days=5))


def test_the_newest_run_is_never_forgotten(runs):
    runs.account("acme", "nightly", STANDING, [at(0, state="done"), at(1, state="done")])
    runs.account("globex", "nightly", STANDING, [replace(at(2, state="done"), client="globex")])
    assert runs.forget("acme", "nightly", START + timedelta(days=99), 9) == 1
    assert days(runs) == [1]
    assert runs.forget("acme", "nightly", START + timedelta(days=99), 9) == 0
    assert runs.forget("globex", "nightly", START + timedelta(days=99), 9) == 0
    assert runs.forget("acme", "weekly", START + timedelta(days=99), 9) == 0


def test_clients_and_jobs_do_not_see_each_other(runs):
    runs.account("acme", "nightly", STANDING, [at(0)])
    for client, job in (("globex", "nightly"), ("acme", "weekly")):
        assert runs.standing(client, job) is None
        assert runs.unfinished(client, job) is None
        assert runs.newest(client, job, 10) == ()
        runs.account(client, job, STANDING, [replace(at(0), client=client, job=job)])
    runs.update(at(0, state="done"))
    assert runs.unfinished("globex", "nightly") == replace(at(0), client="globex")


def test_one_has_the_turn_until_it_ends_it(runs):
    with runs.turn("acme", "nightly") as mine:
        assert mine
        with runs.turn("acme", "nightly") as second, runs.turn("globex", "nightly") as other:
            assert (second, other) == (False, True)
    with runs.turn("acme", "nightly") as again:
        assert again


TAKES = """
import sys, time
from pathlib import Path
{make}
with turn("acme", "nightly") as mine:
    print(mine, flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("kind", ["file", "postgresql"])
def test_a_dead_process_has_no_turn(kind, request, tmp_path):
    if kind == "file":
        turn = FileTurns(tmp_path)
        make = f"from netmgr.adapters.turns_file import FileTurns\nturn = FileTurns(Path({str(tmp_path)!r}))"
    else:
        url = request.getfixturevalue("postgresql").database()
        turn = turns_in_database(url, PASSWORD)
        make = (
            "from netmgr.adapters.store_sql.runs import turns_in_database\n"
            f"turn = turns_in_database({url!r}, {PASSWORD!r})"
        )
    other = subprocess.Popen(
        [sys.executable, "-c", TAKES.format(make=make)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with other:
        assert other.stdout.readline() == "True\n"
        with turn("acme", "nightly") as mine:
            assert not mine
        other.kill()

    def free() -> bool:
        with turn("acme", "nightly") as mine:
            return mine

    wait_until(free, seconds=10)
