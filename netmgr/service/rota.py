"""Who is on call at a moment, and who is called after whom (pure)."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from netmgr.model.rota import Override, Roster

_WEEK = timedelta(days=7)


class Duty(NamedTuple):
    """Who is on call. ``order`` is everybody who is called, one after the other, the person on call first.

    ``instead_of`` is whose turn it would be where somebody stands in; they are not called. Moments are in UTC.
    """

    person: str
    since: datetime
    until: datetime
    order: tuple[str, ...]
    instead_of: str | None = None


def duty(roster: Roster, at: datetime) -> Duty | None:
    """The duty at that moment; None before the first turn, where nobody stands in."""
    turn = _turn(roster, at)
    since, until = (_handover(roster, turn), _handover(roster, turn + 1)) if turn >= 0 else (None, None)
    people = roster.people
    whose = people[turn % len(people)] if turn >= 0 else None
    after = people[turn % len(people) :] + people[: turn % len(people)] if whose else people
    for override in roster.overrides:
        begins, ends = _span(roster, override)
        if begins <= at < ends:
            order = (override.person, *(p for p in after if p not in (override.person, whose)))
            instead = whose if whose != override.person else None
            return Duty(override.person, begins, ends, order, instead)
        # A turn that somebody else takes part of ends where that begins.
        if since and until:
            since, until = (ends, until) if ends <= at and ends > since else (since, until)
            since, until = (since, begins) if at < begins < until else (since, until)
    if whose is None or since is None or until is None:
        return None
    return Duty(whose, since, until, after)


def _turn(roster: Roster, at: datetime) -> int:
    """Which turn it is, from 0 on; negative before the first."""
    local = at.astimezone(ZoneInfo(roster.timezone)).date()
    guess = (local - roster.from_).days // 7
    return guess if _handover(roster, guess) <= at else guess - 1


def _handover(roster: Roster, turn: int) -> datetime:
    """When a turn begins, in UTC. A time that clocks show twice is the first of the two; one that they leave out, what
    comes then.
    """
    return _utc(roster, datetime.combine(roster.from_ + turn * _WEEK, roster.handover.time))


def _span(roster: Roster, override: Override) -> tuple[datetime, datetime]:
    begins, ends = override.span
    return _utc(roster, begins), _utc(roster, ends)


def _utc(roster: Roster, local: datetime) -> datetime:
    return local.replace(tzinfo=ZoneInfo(roster.timezone)).astimezone(UTC)
