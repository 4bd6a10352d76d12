"""A report on schedule: kept where only its owner reads, the same one after a crash, loud where the log is broken."""

import os
import signal
import stat
from datetime import UTC, datetime, timedelta

import pytest

from netmgr.errors import StoreError
from netmgr.model.schedule import ReportJob
from netmgr.wiring import Wiring
from netmgr.workflows.jobs import JOBS

DUE = datetime(2026, 11, 1, 5, 0, tzinfo=UTC)
#: In Shanghai it is the first of November before it is in Greenwich.
NEW_MONTH = datetime(2026, 10, 31, 17, 0, tzinfo=UTC)


def run(world, request="run-1", due=DUE, **options):
    job = ReportJob(job="report", cron="0 6 1 * *", **options)
    return JOBS["report"].run(world.runtime(request), job, due)


@pytest.fixture
def square(world):
    world.edit("inventory/square/client.yaml", lambda text: text + "timezone: Asia/Shanghai\n")
    world.clock.start = DUE + timedelta(minutes=3)
    return world


def files(world):
    return {path.name: path for path in (world.wiring.state / "reports").rglob("*") if path.is_file()}


def entries(world):
    found = world.wiring.service_log.entries("square", kind="report")
    return [(e.phase, e.request, e.facts["from"], e.facts["to"]) for e in found]


def test_the_month_before_is_reported_and_kept_for_no_other_eyes(square):
    assert run(square, formats=["html", "json"]) == "draft"
    kept = files(square)
    assert sorted(kept) == ["square-2026-10.html", "square-2026-10.json"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept.values()} == {0o600}
    assert stat.S_IMODE((square.wiring.state / "reports/square").stat().st_mode) == 0o700
    assert entries(square) == [(phase, "run-1", "2026-10-01", "2026-10-31") for phase in ("intent", "result")]


def test_the_days_are_those_before_the_run_was_due_on_the_client_s_clocks(square):
    run(square, due=NEW_MONTH)
    run(square, "run-2", due=NEW_MONTH, days=7)
    run(square, "run-3", due=NEW_MONTH - timedelta(hours=2))
    assert [entry[2:] for entry in entries(square) if entry[0] == "result"] == [
        ("2026-10-01", "2026-10-31"),
        ("2026-10-25", "2026-10-31"),
        ("2026-09-01", "2026-09-30"),
    ]


def test_a_run_that_was_killed_before_it_was_logged_makes_the_same_report_again(square):
    """Killed between keeping and logging; the next process is in another month, and finds the cut of the first."""
    pid = os.fork()
    if pid == 0:
        try:
            own = Wiring(square.workspace, square.wiring.settings)
            own.clock, own.people, square.wiring = square.clock, square.wiring.people, own
            desk = own.reports
            keep = desk.keep

            def kept(*arguments):
                keep(*arguments)
                os.kill(os.getpid(), signal.SIGKILL)

            desk.keep = kept
            run(square)
        finally:
            os._exit(9)
    assert os.WTERMSIG(os.waitpid(pid, 0)[1]) == signal.SIGKILL
    first = files(square)["square-2026-10.html"].read_bytes()
    square.clock.sleep(35 * 24 * 3600)
    assert run(square) == "draft"
    assert files(square)["square-2026-10.html"].read_bytes() == first
    assert [entry[0] for entry in entries(square)] == ["intent", "result"]


def test_a_log_that_does_not_verify_is_a_failure_once_the_report_that_says_so_is_made(square):
    run(square)
    with square.wiring.service_log.database.writer.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE entries SET line = CAST(replace(CAST(line AS TEXT), '2026-10-31', '2026-10-30') AS BLOB)"
        )
    with pytest.raises(StoreError) as failed:
        run(square, "run-2", formats=["md"])
    assert str(failed.value) == "the log does not verify; `netmgr log verify -c square` says why"
    assert sorted(files(square)) == ["square-2026-10.html", "square-2026-10.md"]
