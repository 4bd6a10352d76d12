"""The SLA clock over a store of tickets: `python -m benchmarks.sla [TICKETS [ROUNDS]]`."""

import random
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from benchmarks.figures import Contender, Work, here
from netmgr.model.service_calendar import DAYS, ServiceCalendar, minutes
from netmgr.model.ticket_clock import Event
from netmgr.service.calendar import ALWAYS, ServiceHours
from netmgr.service.clock import ticket_clock
from netmgr.service.course import Level

HOUR = 3600
SPELLS = ["08:00-12:00", "13:00-17:00"]
CALENDAR = ServiceCalendar.model_validate(
    {
        "timezone": "Europe/Berlin",
        "hours": dict.fromkeys(DAYS[:5], SPELLS),
        "holidays": {"country": "DE"},
        "frozen": [{"year": year, "library": "0.109", "tzdata": "2026f"} for year in range(2022, 2028)],
    }
)
FIRST, NOW = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (2023, 2027))
Tickets = list[list[Event]]


def tickets(count: int) -> Tickets:
    """Six events each, over four years: answered, paused, resumed; every fifth gets another priority; resolved."""
    drawn, made = random.Random(7), []
    for number in range(count):
        opened = drawn.randrange(FIRST, NOW - 30 * 24 * HOUR)
        answered = opened + drawn.randrange(4 * HOUR)
        resumed = answered + HOUR + drawn.randrange(72 * HOUR)
        resolved = resumed + HOUR + drawn.randrange(48 * HOUR)
        fourth = ("acted", "") if number % 5 else ("prioritised", "high")
        made.append(
            [
                Event("opened", opened, opened, ("high", "normal", "emergency")[number % 3]),
                Event("acted", answered, answered, by_us=True),
                Event("paused", answered + 600, answered + 600, "access", by_us=True),
                Event("resumed", resumed, resumed),
                Event(fourth[0], resumed + 60, resumed + 60, fourth[1], by_us=True),
                Event("resolved", resolved, resolved, by_us=True),
            ]
        )
    return made


def levels() -> Mapping[str, Level]:
    """As an agreement has them; its calendar is laid out when the first ticket asks for it."""
    service = ServiceHours(CALENDAR)
    return {
        "emergency": Level(HOUR // 4, 4 * HOUR, ALWAYS),
        "high": Level(HOUR, 8 * HOUR, service),
        "normal": Level(4 * HOUR, 40 * HOUR, service),
    }


def evaluated(every: Tickets) -> None:
    """Both clocks of each ticket, counted as a report counts them."""
    known, kept = levels(), Counter[bool | None]()
    for events in every:
        found = ticket_clock(events, known, NOW)
        kept[found.response.met] += 1
        kept[found.resolution.met] += 1
    if kept.total() != 2 * len(every) or not (kept[True] and kept[False]):
        raise SystemExit(f"odd results: {kept}")


def by_day(every: Tickets) -> None:
    """What is mostly written: from day to day on the local calendar, as datetimes; no target's end, no rules."""
    zone, spells = ZoneInfo(CALENDAR.timezone), [*map(minutes, SPELLS)]
    for events in every:
        for one, other in ((events[0], events[1]), (events[0], events[2]), (events[3], events[5])):
            begin, end = (datetime.fromtimestamp(event.at, zone) for event in (one, other))
            day, used = begin.replace(hour=0, minute=0, second=0), timedelta()
            while day < end:
                for first, last in spells if day.weekday() < 5 else ():
                    opens, closes = day + timedelta(minutes=first), day + timedelta(minutes=last)
                    used += max(min(closes, end) - max(opens, begin), timedelta())
                day += timedelta(days=1)


def floor(every: Tickets) -> None:
    """Two bisections for each of both clocks' spans."""
    edges = [FIRST + number * 6 * HOUR for number in range(4 * 365 * 4)]
    for events in every:
        for place in (0, 1, 0, 2, 3, 5):
            bisect_right(edges, events[place].at)


def measured(count: int = 100_000, rounds: int = 5) -> list[Work]:
    """CPU seconds for all tickets."""
    every = tickets(count)
    part = every[: max(1, count // 20)]
    ours = Contender("netmgr", "response and resolution with pauses, priorities, late records, due times")
    walked = Contender(
        "day by day", "datetimes walked through the local calendar; used time alone (a twentieth, times 20)"
    )
    least = Contender("bisections", "floor: as many bisections as there are ends of spans")
    for _ in range(rounds):
        ours.add(here(lambda: evaluated(every))[1])
        walked.add(here(lambda: by_day(part))[1] * len(every) / len(part))
        least.add(here(lambda: floor(every))[1])
    return [
        Work(
            f"SLA clocks of {count:,} tickets, six events each",
            "CPU s",
            "≤ 1 s",
            [ours, walked, least],
            note="The calendar is laid out anew in each round.",
        )
    ]


if __name__ == "__main__":
    for each in measured(*map(int, sys.argv[1:])):
        print(each.table())
