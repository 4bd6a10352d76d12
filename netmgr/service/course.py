"""A ticket's course: its events, taken apart into the spans that its clocks count."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from netmgr.model.fields import shown
from netmgr.model.ticket_clock import LATE, Event, Running
from netmgr.service.calendar import ALWAYS, Hours


class Level(NamedTuple):
    """What is promised for one priority, in seconds of ``hours``, at least 1; a resolution of None is not promised."""

    response: int
    resolution: int | None
    hours: Hours


Span = tuple[int, int]

Held = tuple[int, str, Level]
"""From when on a priority held, the priority, its level."""

Course = tuple[list[Span], list[Span], list[Held], Running, int | None, int | None, bool]
"""When the ticket was open; when its resolution clock ran meanwhile; the priorities that held, in order; how it stands;
when we first answered; when it was resolved, if it still is; whether something recorded late was set aside.

Both lists of spans have one at least. (A plain tuple: there is one for each ticket, and its making is what counts.)
"""


def course(events: Sequence[Event], levels: Mapping[str, Level], now: int) -> Course:  # noqa: PLR0912, PLR0915 - a table
    """What happened until ``now``.

    Of two moments of what was recorded late, the one that does not improve the result counts: the later one for what
    stops a clock, the sooner one for what starts it. Raises ValueError for what cannot have happened.
    """
    if not events or events[0].what != "opened":
        raise ValueError("a ticket's clocks begin when it is opened; the first event must be its opening")
    opened = last = since = reopened = named = min(events[0].at, events[0].recorded)
    if now < opened:
        raise ValueError(f"the ticket is opened at {opened}, after {now}; ask for a later moment")
    open_: list[Span] = []
    ran: list[Span] = []
    held = [(opened, events[0].word, _level(events[0].word, levels))]
    state: Running = "running"
    answered: int | None = None
    resolved: int | None = None
    set_aside = False
    # From when on, while it is not running, the resolution clock stands still, and the ticket is over.
    still = over = 0
    for what, at, recorded, word, by_us, accepted in events:
        if at < last:
            return course(_in_order(events, opened), levels, now)
        if at > now:
            break
        last = sooner = later = at
        if recorded != at and not (accepted or -LATE <= recorded - at <= LATE):
            sooner, later = (at, recorded) if at < recorded else (recorded, at)
        if by_us and (answered is None or later < answered) and later <= now:
            answered, set_aside = later, set_aside or later != at
        if what == "acted":
            continue
        if what == "paused":
            if state == "running" and later <= now:
                state, still, set_aside = "paused", later, set_aside or later != at
        elif what == "resumed":
            if state == "paused":
                state, set_aside = "running", set_aside or sooner != at
                if sooner > still:
                    ran.append((since, still))
                    since = sooner
        elif what in ("resolved", "closed"):
            if state != "stopped" and later <= now:
                if state == "running" or later < still:
                    still = later
                state, over, set_aside = "stopped", later, set_aside or later != at
                resolved = later if what == "resolved" else None
        elif what == "reopened":
            if state == "stopped":
                state, resolved, set_aside = "running", None, set_aside or sooner != at
                if sooner > over:
                    open_.append((reopened, over))
                    reopened = sooner
                if sooner > still:
                    ran.append((since, still))
                    since = sooner
        elif what == "prioritised":
            level = _level(word, levels)
            moment = max(named, sooner if _as_strict(level, held[-1][2]) else later)
            if moment <= now:
                named = at
                held = [*(other for other in held if other[0] < moment), (moment, word, level)]
                set_aside = set_aside or moment != at
    ran.append((since, now if state == "running" else still))
    open_.append((reopened, over if state == "stopped" else now))
    return open_, ran, held, state, answered, resolved, set_aside


def _level(priority: str, levels: Mapping[str, Level]) -> Level:
    level = levels.get(priority)
    if level is None:
        raise ValueError(
            f"{shown(priority)} is no priority of the agreement that judges the ticket; it has {', '.join(levels)}"
        )
    return level


def _as_strict(level: Level, other: Level) -> bool:
    """Whether nothing is easier at the one than at the other."""
    own, others = level.resolution, other.resolution
    return (
        level.response <= other.response
        and (others is None or (own is not None and own <= others))
        and (level.hours is other.hours or level.hours is ALWAYS)
    )


def _in_order(events: Sequence[Event], opened: int) -> list[Event]:
    """In the order in which things happened.

    What resumes or reopens a ticket that was neither paused nor over at the moment that it claims comes right after
    what had paused or ended it when it was recorded: by an early claim alone a pause would never end.
    """
    if early := next((event for event in events if event.at < opened and event is not events[0]), None):
        raise ValueError(f"{early.what} at {early.at}, before the ticket was opened at {opened}")
    claimed = [events[0]._replace(at=opened), *events[1:]]
    placed = sorted(claimed, key=_moment)
    ends = {id(event) for event, ended in _ended(placed) if not ended}
    if not ends:
        return placed
    moved = [
        event._replace(at=max(event.at, ended.at)) if ended and id(event) in ends else event
        for event, ended in _ended(claimed)
    ]
    return sorted(moved, key=_moment)


def _moment(event: Event) -> int:
    return event.at


def _ended(events: Sequence[Event]) -> Iterator[tuple[Event, Event | None]]:
    """Each event with what it resumes or reopens, or itself where it does neither; None where there is nothing to."""
    state: Running = "running"
    since = events[0]
    for event in events:
        what = event.what
        if what in ("resumed", "reopened"):
            held = state == ("paused" if what == "resumed" else "stopped")
            yield event, since if held else None
            state = "running" if held else state
            continue
        if (what == "paused" and state == "running") or (
            what in ("resolved", "closed") and state != "stopped"
        ):
            state, since = ("paused" if what == "paused" else "stopped"), event
        yield event, event
