"""What is left of each target of a ticket, and when people are told that it runs out (pure)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from netmgr.model.ticket_clock import TicketClock

TargetName = Literal["response", "resolution"]
TargetState = Literal["running", "paused", "overdue", "met", "missed", "none"]
"""``overdue``: used up, and nobody has answered or resolved it yet. ``none``: it was over before anybody had to."""

BREACH: Final = 100


class Left(NamedTuple):
    """One target: ``whole`` and ``used`` in seconds of the hours that count, ``due`` when it is used up, if known."""

    target: TargetName
    state: TargetState
    whole: int
    used: int
    due: int | None

    @property
    def left(self) -> int:
        """Seconds; less than none where it is missed."""
        return self.whole - self.used

    @property
    def percent(self) -> int:
        """How much of it is used, in whole percent."""
        return self.used * 100 // self.whole

    @property
    def pending(self) -> bool:
        """Whether something has still to be done for it."""
        return self.state in ("running", "paused", "overdue")


def targets(clock: TicketClock) -> tuple[Left, ...]:
    """What was promised for the ticket, response first."""
    response, resolution, over = clock.response, clock.resolution, clock.state == "stopped"
    found = [
        Left(
            "response",
            _state(response.met, pending=response.at is None and not over, paused=False),
            response.target,
            response.used,
            response.due,
        )
    ]
    if resolution.target is not None:
        state = _state(resolution.met, pending=not over, paused=clock.state == "paused")
        found.append(Left("resolution", state, resolution.target, resolution.used, resolution.due))
    return tuple(found)


def _state(met: bool | None, *, pending: bool, paused: bool) -> TargetState:
    if pending:
        return "overdue" if met is False else "paused" if paused else "running"
    return "none" if met is None else "met" if met else "missed"


class Notice(NamedTuple):
    """So much of a target is used, in percent; ``BREACH``: more than all of it. ``level`` is the priority."""

    target: TargetName
    level: str
    percent: int
    due: int | None


def warnings(clock: TicketClock, warn: Sequence[int], told: Mapping[str, int]) -> Iterator[Notice]:
    """What is to be told of now: of each target that is pending the highest mark that was passed, once.

    ``told`` is ``key`` → the highest mark that was told of.
    """
    for one in targets(clock):
        if not one.pending:
            continue
        passed = [mark for mark in warn if one.used * 100 >= mark * one.whole]
        highest = BREACH if one.state == "overdue" else max(passed, default=0)
        if highest > told.get(key(one.target, clock.priority), 0):
            yield Notice(one.target, clock.priority, highest, one.due)


def key(target: str, level: str) -> str:
    """Of another priority the target is another: it is told of anew."""
    return f"{target}.{level}"


def urgency(clock: TicketClock) -> tuple[int, int]:
    """Sorts tickets by the next moment at which a target is used up; what stands still comes last."""
    moments = [one.due for one in targets(clock) if one.pending and one.due is not None]
    return (0, min(moments)) if moments else (1, 0)
