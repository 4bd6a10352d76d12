"""The SLA clock once more, as naively as can be: every minute is looked at on the zone's wall clock, and a ticket's
life is painted minute by minute. Nothing of netmgr's arithmetic is used here.

Moments are minutes since the epoch.
"""

from datetime import date, datetime
from functools import cache
from itertools import groupby
from zoneinfo import ZoneInfo

from tests.faults.china import FREE, WORKED, days

DAY = 1440
OFFICE = {day: [("08:00", "12:00"), ("13:00", "17:30")] for day in range(4)} | {4: [("08:00", "14:00")]}
#: Nights that go on past midnight, a day of 24 hours, half a Saturday, spells that lie where clocks are set.
SHIFTS = {
    0: [("06:00", "14:00"), ("22:00", "06:00")],
    1: [("22:00", "05:15")],
    3: [("00:00", "24:00")],
    5: [("09:30", "11:00"), ("23:00", "01:30")],
    6: [("01:45", "03:10"), ("23:30", "24:00")],
}
CLOSED = [("2023-08-07", "2023-08-18"), ("2024-12-24", "2025-01-01"), ("2026-03-29", "2026-03-29")]
#: Days with hours of their own, and like another weekday.
EXTRA = {"2023-11-05": [("00:30", "02:30")], "2025-04-06": [("08:00", "20:00")], "2026-10-24": 0}

#: Clocks set by an hour, by half an hour, at midnight, in Ramadan, never; offsets of quarters of an hour.
ZONES = (
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Santiago",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Pacific/Chatham",
)


def spells_of(day, zone, week):
    """The spells that begin on a day."""
    if any(day in days(*closure) for closure in CLOSED):
        return []
    if (own := EXTRA.get(day.isoformat())) is not None:
        return week[own] if isinstance(own, int) else own
    if zone == "Asia/Shanghai":
        if day.isoformat() in WORKED:
            return week.get(WORKED[day.isoformat()], [])
        if day in FREE:
            return []
    return week.get(day.weekday(), [])


def minute_of(text):
    return int(text[:2]) * 60 + int(text[3:])


@cache
def wall(zone, shifts):
    """Which minutes of the zone's wall clock are worked: (day, minute) → bool, a day at a time."""
    week = SHIFTS if shifts else OFFICE

    @cache
    def day_of(ordinal):
        found = bytearray(DAY)
        for back in (0, 1):
            for begin, end in spells_of(date.fromordinal(ordinal - back), zone, week):
                first, last = minute_of(begin), minute_of(end)
                if last <= first:
                    last += DAY
                for minute in range(first - back * DAY, last - back * DAY):
                    if 0 <= minute < DAY:
                        found[minute] = 1
        return found

    return day_of


@cache
def _day(zone, shifts, number):
    """The worked minutes of one day of UTC, each looked at on the wall clock."""
    info, day_of = ZoneInfo(zone), wall(zone, shifts)
    found = bytearray(DAY)
    for minute in range(DAY):
        shown = datetime.fromtimestamp((number * DAY + minute) * 60, info)
        found[minute] = day_of(shown.toordinal())[shown.hour * 60 + shown.minute]
    return bytes(found)


def working(hours, begin, end):
    """One byte for each minute of [begin, end): 1 where it is worked. ``hours`` are None for always."""
    if hours is None:
        return b"\1" * (end - begin)
    first, last = begin // DAY, (end - 1) // DAY
    whole = b"".join(_day(*hours, number) for number in range(first, last + 1))
    return whole[begin - first * DAY : end - first * DAY]


def nth(counted, number, on):
    """How many minutes until so many counted ones are over; ``on(begin, end)`` gives more of them."""
    at, counted = 0, bytes(counted)
    while True:
        if at >= len(counted):
            counted += on(len(counted), len(counted) + DAY)
        piece = counted[at : at + DAY]
        if piece.count(1) < number:
            number -= piece.count(1)
            at += len(piece)
            continue
        for offset, worked in enumerate(piece, 1):
            number -= worked
            if not number:
                return at + offset


def evaluate(events, levels, now):
    """What ``TicketClock`` says at ``now``, but in minutes and without ``provisional`` and ``set_aside``.

    ``events``: (what, at, recorded, word, by_us, accepted) in order of ``at``, each moment once; ``levels``: priority →
    (response, resolution or None, hours). From when on something takes effect the rest of time is painted anew.
    """
    opened = min(events[0][1], events[0][2])
    length = now - opened
    open_, runs = bytearray(b"\1" * length), bytearray(b"\1" * length)
    held = [events[0][3]] * (length + 1)
    mode, still, over, resolved, acts = "running", None, None, None, []
    nominal, named = events[0][3], opened

    def paint(what, place, value):
        what[place:] = value * len(what[place:])

    for what, at, recorded, word, by_us, accepted in events:
        if at > now:
            continue
        late = abs(recorded - at) > 15 and not accepted
        stops, starts = (max(at, recorded), min(at, recorded)) if late else (at, at)
        if by_us and stops <= now:
            acts.append(stops)
        place, back = stops - opened, max(0, starts - opened)
        if what == "paused" and mode == "running" and stops <= now:
            mode, still = "paused", stops
            paint(runs, place, b"\0")
        elif what == "resumed" and mode == "paused":
            mode = "running"
            paint(runs, max(back, still - opened), b"\1")
        elif what in ("resolved", "closed") and mode != "stopped" and stops <= now:
            still = min(stops, still) if mode == "paused" else stops
            mode, over, resolved = "stopped", stops, stops if what == "resolved" else None
            paint(runs, place, b"\0")
            paint(open_, place, b"\0")
        elif what == "reopened" and mode == "stopped":
            paint(runs, max(back, still - opened), b"\1")
            paint(open_, max(back, over - opened), b"\1")
            mode, over, resolved = "running", None, None
        elif what == "prioritised":
            (answer, solve, hours), (answered, solved, other) = levels[word], levels[nominal]
            strict = answer <= answered and (solved is None or (solve is not None and solve <= solved))
            place = max(named - opened, back if strict and hours in (other, None) else place)
            if place <= length:
                paint(held, place, [word])
                nominal, named = word, at
    answered = min(acts, default=None)

    counts, minute = bytearray(length), 0
    for name, group in groupby(held[:length]):
        until = minute + len(list(group))
        counts[minute:until] = working(levels[name][2], opened + minute, opened + until)
        minute = until

    def both(mask):
        return (int.from_bytes(mask) & int.from_bytes(counts)).to_bytes(length)

    def judged(mask, target, hours, going_on):
        """Counted minutes, and when the target is over: in the mask, or after ``going_on``."""
        counted = both(mask)[: going_on - opened]
        due = None
        if target:
            due = opened + nth(counted, target, lambda a, b: working(hours, opened + a, opened + b))
        return counted.count(1), due

    def last(moment):
        return held[max(0, moment - opened)]

    final = last(over - 1 if over is not None else now)
    target, hours = levels[final][1:]
    used, due = judged(runs, target, hours, now if mode == "running" else still)
    paused = both(open_).count(1) - used
    if target is None:
        resolution = (None, None, resolved, used, paused, None)
    else:
        met = used <= target if resolved is not None else False if used > target else None
        moves = mode == "paused" and used < target
        resolution = (target, None if moves else due, resolved, used, paused, met)

    before = answered - 1 if answered is not None else over - 1 if over is not None else now
    held_then = last(before)
    target, _, hours = levels[held_then]
    until = min(answered if answered is not None else now, now)
    shown = bytes(open_[: until - opened])
    used, due = judged(shown.ljust(length, b"\0"), target, hours, opened + shown.rfind(1) + 1)
    met = used <= target if answered is not None else False if used > target else None
    return mode, final, (target, due, answered, used, met, held_then), resolution
