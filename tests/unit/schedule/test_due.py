"""When runs are due: over changes of clocks, with jitter, after silence."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from netmgr.model.schedule import AuditJob, Planned
from netmgr.schedule.due import COUNTED, due, jitter, occurrences, request_id, upcoming


def planned(
    cron: str, *, zone: str = "UTC", client: str = "acme", name: str = "nightly", **job: object
) -> Planned:
    return Planned(
        client=client, name=name, zone=zone, job=AuditJob(job="audit", cron=cron, **job), place="x.yaml:1"
    )


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("cron", "after", "expected"),
    [
        pytest.param(
            "30 2 * * *",
            "2026-03-28 00:00",
            ["2026-03-28 01:30", "2026-03-29 01:00", "2026-03-30 00:30"],
            id="02:30 does not exist on 29 March: the run is at 03:00, not lost",
        ),
        pytest.param(
            "30 2 * * *",
            "2026-10-24 12:00",
            ["2026-10-25 00:30", "2026-10-26 01:30"],
            id="02:30 comes twice on 25 October: one run",
        ),
        pytest.param(
            "0 * * * *",
            "2026-10-24 23:30",
            ["2026-10-25 00:00", "2026-10-25 01:00", "2026-10-25 02:00"],
            id="every hour is every hour when 02:00 comes twice",
        ),
        pytest.param("0 0 29 2 *", "2026-01-01 00:00", ["2028-02-28 23:00"], id="29 February"),
    ],
)
def test_runs_over_changes_of_clocks(cron, after, expected):
    found = occurrences(planned(cron, zone=BERLIN), utc(after))
    assert [next(found) for _ in expected] == [utc(text) for text in expected]


def test_nothing_is_due_before_its_time_and_one_run_is_at_it():
    job, last = planned("15 2 * * *"), utc("2026-11-23 08:00")
    assert due(job, last=last, now=utc("2026-11-24 02:14:59")) == due(job, last=last, now=last)
    assert due(job, last=last, now=last).run is None
    at = utc("2026-11-24 02:15")
    assert due(job, last=last, now=at).run == at
    assert due(job, last=at, now=at + timedelta(hours=23)).run is None


def test_of_several_missed_runs_the_newest_is_made_up_for():
    job = planned("0 * * * *")
    found = due(job, last=utc("2026-11-23 08:00"), now=utc("2026-11-23 12:20"))
    assert found.run == utc("2026-11-23 12:00")
    assert found.missed == tuple(utc(f"2026-11-23 {hour:02}:00") for hour in (9, 10, 11))


def test_a_run_that_is_too_late_is_missed():
    job = planned("0 8 * * *", catch_up=3600)
    last, at = utc("2026-11-23 08:00"), utc("2026-11-24 08:00")
    assert due(job, last=last, now=at + timedelta(seconds=3600)).run == at
    late = due(job, last=last, now=at + timedelta(seconds=3601))
    assert (late.run, late.missed) == (None, (at,))


def test_a_year_of_silence_is_not_counted_run_by_run():
    found = due(planned("* * * * *"), last=utc("2026-11-01 00:00"), now=utc("2026-11-20 00:00"))
    assert found.run == utc("2026-11-20 00:00")
    assert len(found.missed) == COUNTED
    assert found.missed[-1] == utc("2026-11-19 23:59")


@given(
    period=st.sampled_from(["* * * * *", "*/7 * * * *", "0 * * * *"]),
    spread=st.integers(0, 7200),
    looks=st.lists(st.integers(1, 5000), min_size=1, max_size=30),
)
def test_however_often_one_looks_each_run_is_accounted_for_once(period, spread, looks):
    """Also where the jitter is longer than the period, and whatever the moments of looking."""
    job = planned(period, jitter=spread)
    start = last = now = utc("2026-11-23 08:00")
    seen: list[datetime] = []
    for seconds in looks:
        now += timedelta(seconds=seconds)
        stands = due(job, last=last, now=now)
        for at in (*stands.missed, *([stands.run] if stands.run else [])):
            seen.append(at)
            last = at
    expected = []
    for at in occurrences(job, start):
        if at + jitter(job, at) > now:
            break
        expected.append(at)
    assert seen == expected


def test_jitter_is_within_its_bounds_and_the_same_for_the_same_run():
    at = utc("2026-11-24 02:15")
    delays = {
        client: jitter(planned("15 2 * * *", jitter=600, client=client), at)
        for client in (f"c{number}" for number in range(200))
    }
    assert all(timedelta() <= delay <= timedelta(seconds=600) for delay in delays.values())
    assert len(set(delays.values())) > 100
    assert delays["c7"] == jitter(planned("15 2 * * *", jitter=600, client="c7"), at)
    assert jitter(planned("15 2 * * *"), at) == timedelta()


def test_upcoming_runs_are_told_with_their_jitter():
    job, after = planned("15 2 * * *", jitter=600), utc("2026-11-23 08:00")
    nominal = [utc("2026-11-24 02:15"), utc("2026-11-25 02:15")]
    assert upcoming(job, after, 2) == tuple(at + jitter(job, at) for at in nominal)


def test_a_runs_id_is_its_own():
    at = utc("2026-11-24 02:15")
    ids = {
        request_id("acme", "nightly", at),
        request_id("acme", "nightly", at + timedelta(days=1)),
        request_id("acme", "weekly", at),
        request_id("globex", "nightly", at),
    }
    assert len(ids) == 4
    assert request_id("acme", "nightly", at) in ids


@pytest.mark.parametrize("cron", ["61 * * * *", "* * * *", "0 0 30 2 *", "@daily", "", "0 0 * * * *; rm"])
def test_what_is_no_time_of_cron_is_refused(cron):
    with pytest.raises(ValidationError) as refused:
        planned(cron)
    assert [error["loc"] for error in refused.value.errors()] == [("cron",)]
    assert "is no time of cron" in str(refused.value)


def test_the_fingerprint_changes_with_the_times_only():
    first = planned("15 2 * * *", jitter=5).job
    assert first.fingerprint == planned("15 2 * * *", jitter=600, role="core").job.fingerprint
    assert first.fingerprint != planned("16 2 * * *").job.fingerprint
    assert first.fingerprint != planned("15 2 * * *", timezone=BERLIN).job.fingerprint
