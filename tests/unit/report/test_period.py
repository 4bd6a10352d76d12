"""Whole days in the client's time zone, as moments."""

from datetime import UTC, datetime, timedelta

import pytest

from netmgr.document.locale import english
from netmgr.errors import UsageError
from netmgr.report.period import Period, period
from netmgr.report.wording import titled

NOW = datetime(2026, 11, 28, 17, 0, tzinfo=UTC)


def asked(month=None, first=None, last=None, quarter=None, zone="Europe/Berlin", now=NOW) -> Period:
    return period(month, first, last, quarter=quarter, zone=zone, now=now)


SPANS = [
    ("2026-11", "UTC", "2026-11-01T00:00:00", 720),
    ("2026-11", "Europe/Berlin", "2026-10-31T23:00:00", 720),
    # The clocks change inside: a month of 31 days is an hour longer or shorter.
    ("2026-10", "Europe/Berlin", "2026-09-30T22:00:00", 745),
    ("2026-03", "Europe/Berlin", "2026-02-28T23:00:00", 743),
    ("2024-02", "Asia/Shanghai", "2024-01-31T16:00:00", 29 * 24),
    # Lebanon's clocks skip midnight: 31 March 2024 began at one o'clock.
    ("2024-03", "Asia/Beirut", "2024-02-29T22:00:00", 31 * 24 - 1),
    # Cuba's go back from one to midnight: 3 November 2024 had two of them.
    ("2024-11", "America/Havana", "2024-11-01T04:00:00", 30 * 24 + 1),
    ("2026-10", "Australia/Lord_Howe", "2026-09-30T13:30:00", 31 * 24 - 0.5),
]


@pytest.mark.parametrize(("month", "zone", "start", "hours"), SPANS)
def test_a_month_begins_and_ends_at_the_client_s_midnight(month, zone, start, hours):
    made = asked(month, zone=zone)
    assert made.start == datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert made.end - made.start == timedelta(hours=hours)
    assert (made.label, len(made.label)) == (month, 7)


def test_a_day_without_midnight_begins_when_the_clocks_go_on():
    day = asked(first="2024-03-31", last="2024-03-31", zone="Asia/Beirut")
    assert day.start == datetime(2024, 3, 30, 22, tzinfo=UTC)
    assert day.local(day.start).isoformat() == "2024-03-31T01:00:00+03:00"
    assert day.end - day.start == timedelta(hours=23)


def test_the_day_with_two_midnights_begins_with_the_first():
    day = asked(first="2024-11-03", last="2024-11-03", zone="America/Havana")
    assert day.start == datetime(2024, 11, 3, 4, tzinfo=UTC)
    assert day.end - day.start == timedelta(hours=25)


def test_neighbours_share_their_border():
    months = [asked(f"2025-{month:02}", zone="America/New_York") for month in range(1, 13)]
    assert [a.end for a in months[:-1]] == [b.start for b in months[1:]]


NAMED = [
    ("2026-11-01", "2026-11-30", "2026-11", "November 2026"),
    ("2026-11-02", "2026-11-08", "2026-11-02-to-2026-11-08", "2 November 2026 to 8 November 2026"),
    ("2026-10-01", "2026-11-30", "2026-10-01-to-2026-11-30", "1 October 2026 to 30 November 2026"),
    ("2026-07-01", "2026-09-30", "2026-Q3", "3rd quarter 2026"),
    ("2026-08-01", "2026-10-31", "2026-08-01-to-2026-10-31", "1 August 2026 to 31 October 2026"),
    ("2025-11-01", "2026-01-31", "2025-11-01-to-2026-01-31", "1 November 2025 to 31 January 2026"),
]


@pytest.mark.parametrize(("first", "last", "label", "title"), NAMED)
def test_days_make_a_period_too(first, last, label, title):
    made = asked(first=first, last=last)
    assert (made.label, titled(made, english())) == (label, title)


@pytest.mark.parametrize(
    ("quarter", "first", "last"),
    [
        ("2026-Q1", "2026-01-01", "2026-03-31"),
        ("2024-Q1", "2024-01-01", "2024-03-31"),
        ("2026-Q2", "2026-04-01", "2026-06-30"),
        ("2026-Q3", "2026-07-01", "2026-09-30"),
        ("2026-Q4", "2026-10-01", "2026-12-31"),
    ],
)
def test_a_quarter_is_three_months(quarter, first, last):
    made = asked(quarter=quarter)
    assert (made.first.isoformat(), made.last.isoformat(), made.label) == (first, last, quarter)


WRONG = [
    ({"quarter": "2026-Q5"}, "--quarter 2026-Q5 is not a quarter; write it like 2026-Q4"),
    ({"quarter": "2027-Q1"}, "2027-Q1 has not begun in Europe/Berlin; a report looks back"),
    ({"month": "2026-13"}, "--month 2026-13 is not a month; write it like 2026-11"),
    ({"month": "2026-1"}, "--month 2026-1 is not a month; write it like 2026-11"),
    ({"month": "november"}, "--month november is not a month; write it like 2026-11"),
    ({"month": "0000-01"}, "--month 0000-01 is not a month; write it like 2026-11"),
    ({"month": "9999-12"}, "--month 9999-12 is not a month; write it like 2026-11"),
    (
        {"month": "\u0662\u0660\u0662\u0666-11"},
        "--month \u0662\u0660\u0662\u0666-11 is not a month; write it like 2026-11",
    ),
    ({"month": "2026-12"}, "2026-12 has not begun in Europe/Berlin; a report looks back"),
    (
        {"first": "2026-02-30", "last": "2026-03-01"},
        "--from 2026-02-30 is not a day; write it like 2026-11-01",
    ),
    ({"first": "2026-02-01", "last": "20260301"}, "--to 20260301 is not a day; write it like 2026-11-01"),
    (
        {"first": "2026-11-29", "last": "2026-11-30"},
        "2026-11-29 has not begun in Europe/Berlin; a report looks back",
    ),
    (
        {"first": "2026-11-02", "last": "2026-11-01"},
        "--to 2026-11-01 is before --from 2026-11-02; the last day belongs to the report",
    ),
    (
        {},
        "which time? name a month (--month 2026-11), a quarter (--quarter 2026-Q4), or the first and the last day "
        "(--from and --to)",
    ),
    (
        {"first": "2026-11-02"},
        "which time? name a month (--month 2026-11), a quarter (--quarter 2026-Q4), or the first and the last day "
        "(--from and --to)",
    ),
    (
        {"month": "2026-11", "last": "2026-11-02"},
        "which time? name a month (--month 2026-11), a quarter (--quarter 2026-Q4), or the first and the last day "
        "(--from and --to)",
    ),
]


@pytest.mark.parametrize(("options", "line"), WRONG)
def test_a_wrong_period_is_one_line(options, line):
    with pytest.raises(UsageError) as caught:
        asked(**options)
    assert (str(caught.value), caught.value.code) == (line, 64)


def test_a_month_begins_with_the_client_s_clocks_not_with_ours():
    eve = datetime(2026, 11, 30, 15, 30, tzinfo=UTC)
    with pytest.raises(UsageError, match="has not begun"):
        asked("2026-12", now=eve)
    with pytest.raises(UsageError, match="has not begun"):
        asked("2026-12", zone="Asia/Shanghai", now=eve)
    assert asked("2026-12", zone="Asia/Shanghai", now=eve + timedelta(minutes=30)).label == "2026-12"
