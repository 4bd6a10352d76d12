"""Windows and freezes: what a clock on the wall shows decides, whatever daylight saving does."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmgr.change.gates_calendar import Calendar, calendar_refusals, next_opening
from netmgr.model.client import Client

BERLIN = "Europe/Berlin"


def window(days, start, end, name="w"):
    return {"name": name, "days": days.split(), "start": start, "end": end}


def freeze(first, last, reason="Year end"):
    return {"from": first, "to": last, "reason": reason}


def client(*windows, freezes=(), sites=None, timezone=BERLIN):
    return Client.model_validate(
        {
            "id": "acme",
            "timezone": timezone,
            "maintenance_windows": windows,
            "freezes": freezes,
            "sites": sites or {},
        }
    )


def gates(known, at, sites=(None,)):
    return [refusal.gate for refusal in calendar_refusals(known, sites, datetime.fromisoformat(at))]


WEEKEND = window("saturday", "22:00", "04:00")
NIGHTLY = window("monday tuesday wednesday thursday friday saturday sunday", "01:30", "03:30")
SUNDAY_2 = window("sunday", "02:00", "03:00")
ALL_DAY = window("tuesday", "00:00", "00:00")

#: (client, moment, gates that refuse). 2026-03-29 and 2026-10-25 are the days when clocks move in Berlin.
CASES = {
    "no windows": (client(), "2026-11-25T12:00+01:00", []),
    "before": (client(WEEKEND), "2026-11-28T21:59:59+01:00", ["window"]),
    "at the start": (client(WEEKEND), "2026-11-28T22:00+01:00", []),
    "before midnight": (client(WEEKEND), "2026-11-28T23:59:59+01:00", []),
    "after midnight": (client(WEEKEND), "2026-11-29T00:00+01:00", []),
    "the last second": (client(WEEKEND), "2026-11-29T03:59:59+01:00", []),
    "at the end": (client(WEEKEND), "2026-11-29T04:00+01:00", ["window"]),
    "the same hours a day later": (client(WEEKEND), "2026-11-30T01:00+01:00", ["window"]),
    "told in another zone": (client(WEEKEND), "2026-11-28T21:30+00:00", []),
    "told in another zone, too early": (client(WEEKEND), "2026-11-28T20:30+00:00", ["window"]),
    "a whole day": (client(ALL_DAY), "2026-11-24T00:00+01:00", []),
    "a whole day's last second": (client(ALL_DAY), "2026-11-24T23:59:59+01:00", []),
    "a whole day, the day after": (client(ALL_DAY), "2026-11-25T00:00+01:00", ["window"]),
    "the year's end": (client(window("thursday", "23:00", "01:00")), "2027-01-01T00:30+01:00", []),
    # Forward: 02:00 to 03:00 is left out, so a window of that hour never opens.
    "forward, before": (client(NIGHTLY), "2026-03-29T01:45+01:00", []),
    "forward, after": (client(NIGHTLY), "2026-03-29T03:15+02:00", []),
    "forward, the end": (client(NIGHTLY), "2026-03-29T03:30+02:00", ["window"]),
    "forward, an hour that is left out": (client(SUNDAY_2), "2026-03-29T00:59:59+00:00", ["window"]),
    "forward, right after it": (client(SUNDAY_2), "2026-03-29T01:00+00:00", ["window"]),
    # Back: 02:00 to 03:00 comes twice, and the window is open both times.
    "back, the first time": (client(SUNDAY_2), "2026-10-25T02:30+02:00", []),
    "back, the second time": (client(SUNDAY_2), "2026-10-25T02:30+01:00", []),
    "back, over": (client(SUNDAY_2), "2026-10-25T03:00+01:00", ["window"]),
    "summer": (client(WEEKEND), "2026-07-04T20:00+00:00", []),
    "winter": (client(WEEKEND), "2026-12-05T20:00+00:00", ["window"]),
    # Freezes: both days belong to them, and a freeze wins over an open window.
    "the day before": (client(freezes=[freeze("2026-12-18", "2027-01-04")]), "2026-12-17T23:59:59+01:00", []),
    "the first day": (
        client(freezes=[freeze("2026-12-18", "2027-01-04")]),
        "2026-12-18T00:00+01:00",
        ["freeze"],
    ),
    "the last day": (
        client(freezes=[freeze("2026-12-18", "2027-01-04")]),
        "2027-01-04T23:59:59+01:00",
        ["freeze"],
    ),
    "the day after": (client(freezes=[freeze("2026-12-18", "2027-01-04")]), "2027-01-05T00:00+01:00", []),
    "in the client's zone": (
        client(freezes=[freeze("2026-12-18", "2026-12-18")]),
        "2026-12-17T23:00+00:00",
        ["freeze"],
    ),
    "in an open window": (
        client(WEEKEND, freezes=[freeze("2026-11-29", "2026-11-29")]),
        "2026-11-29T01:00+01:00",
        ["freeze"],
    ),
    "before it, in the same window": (
        client(WEEKEND, freezes=[freeze("2026-11-29", "2026-11-29")]),
        "2026-11-28T23:00+01:00",
        [],
    ),
    "and no window": (
        client(WEEKEND, freezes=[freeze("2026-11-25", "2026-11-25")]),
        "2026-11-25T12:00+01:00",
        ["freeze", "window"],
    ),
}


@pytest.mark.parametrize(("known", "at", "expected"), CASES.values(), ids=CASES)
def test_what_stands_against_a_change(known, at, expected):
    assert gates(known, at) == expected


SITES = {
    "tokyo": {"timezone": "Asia/Tokyo", "maintenance_windows": [window("sunday", "05:00", "07:00")]},
    "paris": {"maintenance_windows": [window("saturday", "20:00", "23:00")]},
    "plain": {},
    "depot": {"maintenance_windows": [window("monday", "03:00", "05:00")]},
    "shop": {"timezone": "America/New_York", "freezes": [freeze("2026-11-28", "2026-11-28", "Sales")]},
}
WORLD = client(WEEKEND, sites=SITES)

#: (sites of the change, moment, whose windows are closed or who is frozen)
AT_SITES = {
    "a site without windows has the client's": (["plain"], "2026-11-28T22:30+01:00", []),
    "and is closed with them": (["plain"], "2026-11-28T20:30+01:00", ["client acme"]),
    "a site's own stand in their place": (["paris"], "2026-11-28T20:30+01:00", []),
    "and in no other": (["paris"], "2026-11-28T23:30+01:00", ["site paris"]),
    "in the site's zone": (["tokyo"], "2026-11-29T05:00+09:00", []),
    "not in the client's": (["tokyo"], "2026-11-29T05:00+01:00", ["site tokyo"]),
    "all of them have to be open": (["plain", "paris"], "2026-11-28T22:30+01:00", []),
    "one is not": (["plain", "paris"], "2026-11-28T20:30+01:00", ["client acme"]),
    "the other is not": (["plain", "paris"], "2026-11-28T23:30+01:00", ["site paris"]),
    "a device without a site is the client's": ([None, "paris"], "2026-11-28T20:30+01:00", ["client acme"]),
    "a site's freeze, by its own days": (["shop"], "2026-11-29T01:00+01:00", ["site shop"]),
    "is nobody else's": (["plain"], "2026-11-29T01:00+01:00", []),
    "and ends by its own days": (["shop"], "2026-11-29T07:00+01:00", ["client acme"]),
}


@pytest.mark.parametrize(("sites", "at", "expected"), AT_SITES.values(), ids=AT_SITES)
def test_sites_have_their_own_and_their_client_s(sites, at, expected):
    found = calendar_refusals(WORLD, sites, datetime.fromisoformat(at))
    assert [
        " ".join(r.reason.replace("no maintenance window of ", "").split()[:2]) for r in found
    ] == expected


def test_a_freeze_of_the_client_holds_at_every_site():
    known = client(freezes=[freeze("2026-11-28", "2026-11-28")], sites=SITES)
    assert gates(known, "2026-11-28T20:30+01:00", ["paris"]) == ["freeze"]


def test_the_words():
    (refusal,) = calendar_refusals(client(WEEKEND), [None], datetime.fromisoformat("2026-11-25T12:00+00:00"))
    assert refusal.model_dump() == {
        "gate": "window",
        "reason": "no maintenance window of client acme is open at Wednesday 2026-11-25T13:00+01:00",
        "remedy": "wait until Saturday 2026-11-28T22:00+01:00 (window w of client acme), or --break-glass REASON",
    }
    known = client(freezes=[freeze("2026-12-18", "2027-01-04"), freeze("2027-01-05", "2027-01-05", "Audit")])
    (refusal,) = calendar_refusals(known, [None], datetime.fromisoformat("2026-12-20T12:00+00:00"))
    assert refusal.model_dump() == {
        "gate": "freeze",
        "reason": "client acme is frozen from 2026-12-18 to 2027-01-04: Year end",
        "remedy": "wait until Wednesday 2027-01-06T00:00+01:00, or --break-glass REASON",
    }


def test_sites_whose_windows_never_meet_are_to_be_changed_apart():
    found = calendar_refusals(WORLD, ["depot", "plain"], datetime.fromisoformat("2026-11-25T12:00+00:00"))
    assert [refusal.gate for refusal in found] == ["window", "window"]
    assert {refusal.remedy for refusal in found} == {
        "no time within a year fits all of these sites: change them apart (--site, -l), or --break-glass REASON"
    }


#: (windows, freezes, after, next opening), in Berlin.
NEXT = {
    "this week": ([WEEKEND], [], "2026-11-25T12:00+01:00", "2026-11-28T22:00+01:00"),
    "not the one that is open": ([WEEKEND], [], "2026-11-29T04:00+01:00", "2026-12-05T22:00+01:00"),
    "after a freeze": (
        [WEEKEND],
        [freeze("2026-12-01", "2027-01-04")],
        "2026-11-30T12:00+01:00",
        "2027-01-09T22:00+01:00",
    ),
    "a freeze's end within a window": (
        [WEEKEND],
        [freeze("2026-12-01", "2026-12-05")],
        "2026-12-02T12:00+01:00",
        "2026-12-06T00:00+01:00",
    ),
    "an hour that is left out opens a week later": (
        [SUNDAY_2],
        [],
        "2026-03-28T12:00+01:00",
        "2026-04-05T02:00+02:00",
    ),
    "a start that is left out opens when clocks move": (
        [window("sunday", "02:30", "04:00")],
        [],
        "2026-03-28T12:00+01:00",
        "2026-03-29T03:00+02:00",
    ),
    "a window within an hour that comes again opens again": (
        [window("sunday", "02:15", "02:30")],
        [],
        "2026-10-25T02:45+02:00",
        "2026-10-25T02:15+01:00",
    ),
    "an hour that comes again opens again": (
        [window("sunday", "01:00", "02:30")],
        [],
        "2026-10-25T02:45+02:00",
        "2026-10-25T02:00+01:00",
    ),
}


@pytest.mark.parametrize(("windows", "freezes", "after", "opening"), NEXT.values(), ids=NEXT)
def test_the_next_opening(windows, freezes, after, opening):
    calendar = Calendar(
        "acme",
        ZoneInfo(BERLIN),
        client(*windows, freezes=freezes).maintenance_windows,
        client(*windows, freezes=freezes).freezes,
    )
    found = next_opening([calendar], datetime.fromisoformat(after))
    assert found == datetime.fromisoformat(opening)


DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
ZONES = [BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]
#: Around moved clocks in each of the zones.
WEEKS = [
    datetime(2026, month, day, tzinfo=UTC)
    for month, day in ((3, 5), (3, 26), (4, 2), (10, 1), (10, 23), (10, 30))
]


@st.composite
def calendars_(draw):
    times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30]))
    windows = [
        window(
            " ".join(draw(st.sets(st.sampled_from(DAYS), min_size=1))),
            f"{draw(times):%H:%M}",
            f"{draw(times):%H:%M}",
        )
        for _ in range(draw(st.integers(0, 2)))
    ]
    first = draw(st.sampled_from(WEEKS)).date() + timedelta(days=draw(st.integers(0, 4)))
    frozen = (
        [freeze(str(first), str(first + timedelta(days=draw(st.integers(0, 2)))))]
        if draw(st.booleans())
        else []
    )
    known = client(*windows, freezes=frozen)
    return Calendar("x", ZoneInfo(draw(st.sampled_from(ZONES))), known.maintenance_windows, known.freezes)


@settings(max_examples=60, deadline=None)
@given(st.lists(calendars_(), min_size=1, max_size=2), st.sampled_from(WEEKS), st.integers(0, 4 * 96))
def test_the_next_opening_is_the_first_that_waiting_finds(several, week, quarter):
    """By the quarter of an hour: everything here begins and ends, and every clock moves, on one."""
    after = week + timedelta(minutes=15 * quarter)
    waiting = (after + timedelta(minutes=15 * n) for n in range(1, 10 * 96))
    found = next((t for t in waiting if all(c.allows(t) for c in several)), None)
    opening = next_opening(several, after)
    if all(c.allows(after) for c in several):
        # Nobody asks then; what is found is a turn at which a change is still allowed, or again.
        assert opening is None or all(c.allows(opening) for c in several)
    elif found is not None:
        assert opening == found
    else:
        assert opening is None or opening > after + timedelta(minutes=15 * (10 * 96 - 1))
