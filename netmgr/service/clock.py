"""The SLA clock: what a ticket has used of what was promised. docs/explanation/sla-clock.md says the rules.

One pure function over the ticket's events, the levels of the agreement version that judges it, and a moment. Nothing is
kept: asked again with the same, it answers the same.
"""

from collections.abc import Mapping, Sequence

from netmgr.model.ticket_clock import Event, ResolutionClock, ResponseClock, TicketClock
from netmgr.service.calendar import Hours, add, worked
from netmgr.service.course import Held, Level, Span, course


def ticket_clock(events: Sequence[Event], levels: Mapping[str, Level], now: int) -> TicketClock:
    """What the clocks say at ``now``. ``events`` are in the order in which they were recorded, the opening first.

    ``levels`` are those of the version that was in force when the ticket was opened, by priority. Raises ValueError for
    a priority that they do not have, and for what cannot have happened: no opening, or something before it.
    """
    open_, ran, held, state, answered, resolved, set_aside = course(events, levels, now)
    begin, end = open_[0][0], open_[-1][1]
    over = end if state == "stopped" else None
    _, priority, level = held[0] if len(held) == 1 else _judging(held, over)
    hours, target = level.hours, level.resolution

    response = _response(open_, held, answered, over)
    used, whole, due = _counted(ran, held, hours, target or 0)
    if len(open_) > 1 or ran[-1][1] != end:
        whole = _counted(open_, held, hours, 0)[0]
    known = None if target is None or (state == "paused" and used < target) else due
    met = None if target is None or (resolved is None and used <= target) else used <= target
    resolution = tuple.__new__(ResolutionClock, (target, known, resolved, used, whole - used, met))

    if over is None:
        end = max(end, known or 0, response.due if answered is None else 0)
    provisional = hours.provisional(begin, end) or (
        len(held) > 1 and any(since[2].hours.provisional(begin, end) for since in held)
    )
    return tuple.__new__(TicketClock, (state, priority, response, resolution, provisional, set_aside))


def _response(open_: list[Span], held: list[Held], answered: int | None, over: int | None) -> ResponseClock:
    """The response clock runs while the ticket is open, until the answer; a pause does not stop it."""
    if answered is None:
        _, priority, level = _judging(held, over)
        target, spans = level.response, open_
    else:
        _, priority, level = held[0] if len(held) == 1 else _judging(held, answered)
        target = level.response
        begin, end = open_[0]
        spans = [(begin, answered if answered < end else end)]
        for begin, end in open_[1:]:
            if begin < answered:
                spans.append((begin, min(end, answered)))
    used, _, due = _counted(spans, held, level.hours, target)
    met = None if answered is None and used <= target else used <= target
    return ResponseClock(target, due, answered, used, met, priority)


def _judging(held: Sequence[Held], before: int | None) -> Held:
    """The priority that held last before a moment, or that holds."""
    return next((since for since in reversed(held) if before is None or since[0] < before), held[0])


def _counted(spans: Sequence[Span], held: Sequence[Held], hours: Hours, target: int) -> tuple[int, int, int]:
    """The seconds of the spans that count, and when the target is used up: within them or, as if time went on in
    ``hours``, later. Of no target (0) the moment means nothing.
    """
    if len(held) > 1 and any(since[2].hours is not hours for since in held):
        return _cut(spans, held, hours, target)
    return hours.counted(spans, target)


def _cut(spans: Sequence[Span], held: Sequence[Held], after: Hours, target: int) -> tuple[int, int, int]:
    """The same where priorities held, one after the other, that count in different hours."""
    used = due = whole = 0
    begin, end = spans[0][0], spans[-1][1]
    ends = (*(since[0] for since in held[1:]), end)
    for (since, _, level), until in zip(held, ends, strict=True):
        if max(since, begin) < min(until, end):
            whole += worked(level.hours, max(since, begin), min(until, end))
    for begin, end in spans:
        for (since, _, level), until in zip(held, ends, strict=True):
            first, last = max(begin, since), min(end, until)
            if first < last:
                seconds = worked(level.hours, first, last)
                if used < target <= used + seconds:
                    due = add(level.hours, first, target - used)
                used += seconds
    if used < target:
        due = add(after, spans[-1][1], target - used)
    return used, whole, due
