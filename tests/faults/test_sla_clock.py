"""Random tickets: the clock equals a naive reference to the minute; a selection in each run, all in `make faults`."""

import random
from datetime import date

import pytest

from netmgr.model.service_calendar import DAYS, ServiceCalendar
from netmgr.model.ticket_clock import Event
from netmgr.service.calendar import ALWAYS, ServiceHours
from netmgr.service.clock import ticket_clock
from netmgr.service.course import Level
from tests.faults import sla_reference as reference
from tests.faults.china import STRETCHES, WORKED

pytestmark = pytest.mark.tally("SLA histories")

FIRST, LAST = ((date(year, 1, 1) - date(1970, 1, 1)).days * reference.DAY for year in (2023, 2028))
#: Whoever answers is drawn from these; histories of one number are always the same.
EVERY, SELECTED = 10_000, 1_000
LEVELS = {
    "emergency": (15, 4 * 60, False),
    "high": (60, 8 * 60, True),
    "normal": (4 * 60, 40 * 60, True),
    "low": (16 * 60, None, True),
    "watched": (30, 60 * 60, False),
}


def calendar(zone, shifts):
    week = reference.SHIFTS if shifts else reference.OFFICE
    said = {
        "timezone": zone,
        "hours": {DAYS[day]: ["-".join(spell) for spell in spells] for day, spells in week.items()},
        "closures": [{"from": first, "to": last, "reason": "Closed"} for first, last in reference.CLOSED],
        "extra": [
            {"date": day, "reason": "Extra"}
            | ({"like": DAYS[own]} if isinstance(own, int) else {"hours": ["-".join(spell) for spell in own]})
            for day, own in reference.EXTRA.items()
        ],
    }
    if zone == "Asia/Shanghai":
        said["holidays"] = {"country": "CN"}
        said["frozen"] = [
            {
                "year": year,
                "library": "0.109",
                "tzdata": "2026f",
                "closed": [
                    {"date": day}
                    for stretch in STRETCHES
                    for day in reference.days(*stretch)
                    if day.year == year
                ],
                "working": [
                    {"date": day, "like": DAYS[like]} for day, like in WORKED.items() if day[:4] == str(year)
                ],
            }
            for year in (2025, 2026)
        ]
    return ServiceCalendar.model_validate(said)


@pytest.fixture(scope="module")
def hours():
    return {
        (zone, shifts): ServiceHours(calendar(zone, shifts))
        for zone in reference.ZONES
        for shifts in (False, True)
    }


def history(rng):
    """A ticket of at most 60 days: (events in the order in which they happened, the moment that it is asked at)."""
    length = round(60 * 24 * 60 * rng.random() ** 2) + 30
    opened = rng.randrange(FIRST, LAST - length)
    moments = rng.sample(range(1, length), rng.randrange(min(10, length - 2)) + 2)
    *whens, now = sorted(moments)
    taken = {*moments, 0}
    events, state = [], "running"

    def event(what, at, word=""):
        recorded = at
        kind = rng.random()
        if kind < 0.3:
            ahead = rng.randrange(-14, 16) if kind < 0.1 else rng.randrange(16, 5000)
            recorded = max(0, at + (-ahead if kind > 0.28 else ahead))
            if recorded in taken:
                recorded = at
            taken.add(recorded)
        return (what, at, recorded, word, rng.random() < 0.5, rng.random() < 0.3)

    events.append(("opened", 0, 0, rng.choice(list(LEVELS)), rng.random() < 0.1, False))
    for at in whens:
        can = {
            "running": ["acted", "paused", "paused", "prioritised", "resolved", "closed"],
            "paused": ["acted", "resumed", "resumed", "prioritised", "resolved"],
            "stopped": ["acted", "reopened", "closed"],
        }[state]
        what = rng.choice(can)
        events.append(event(what, at, rng.choice(list(LEVELS)) if what == "prioritised" else ""))
        state = {
            "paused": "paused",
            "resumed": "running",
            "reopened": "running",
            "resolved": "stopped",
            "closed": "stopped",
        }.get(what, state)
    return [
        (what, at + opened, recorded + opened, *rest) for what, at, recorded, *rest in events
    ], now + opened


def known(events, now):
    """Those that are recorded at ``now``, without what ends something that is not."""
    found, state = [], "running"
    for event in events:
        what, recorded = event[0], event[2]
        ends = {"resumed": "paused", "reopened": "stopped"}.get(what)
        if recorded > now or (ends and ends != state):
            continue
        found.append(event)
        if ends:
            state = "running"
        elif what in ("resolved", "closed"):
            state = "stopped"
        elif what == "paused" and state == "running":
            state = "paused"
    return found


def compare(number, hours):
    rng = random.Random(number)
    zone, shifts = rng.choice(reference.ZONES), rng.random() < 0.5
    events, now = history(rng)
    seen = known(events, now) if rng.random() < 0.5 else events
    levels = {
        name: (answer, solve, (zone, shifts) if service else None)
        for name, (answer, solve, service) in LEVELS.items()
    }
    expected = reference.evaluate(seen, levels, now)
    logged = [seen[0], *sorted(seen[1:], key=lambda event: event[2])]
    found = ticket_clock(
        [Event(what, at * 60, recorded * 60, *rest) for what, at, recorded, *rest in logged],
        {
            name: Level(answer * 60, solve and solve * 60, ALWAYS if own is None else hours[own])
            for name, (answer, solve, own) in levels.items()
        },
        now * 60,
    )

    def minutes(clock):
        return tuple(
            value // 60 if isinstance(value, int) and not isinstance(value, bool) else value
            for value in clock
        )

    got = (found.state, found.priority, minutes(found.response), minutes(found.resolution))
    assert got == expected, f"history {number}: {zone}, {seen}, {now}"


def test_some_histories_equal_the_reference(cases, hours):
    cases.expect(SELECTED)
    for number in range(SELECTED):
        compare(number, hours)
        cases.hold()


@pytest.mark.faults
def test_every_history_equals_the_reference(cases, hours):
    cases.expect(EVERY - SELECTED)
    for number in range(SELECTED, EVERY):
        compare(number, hours)
        cases.hold()
