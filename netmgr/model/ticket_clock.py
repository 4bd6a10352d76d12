"""What happened to a ticket, and what its clocks say of it. Moments are whole seconds since the epoch (UTC)."""

from typing import Literal, NamedTuple

Happening = Literal["opened", "acted", "paused", "resumed", "prioritised", "resolved", "closed", "reopened"]
"""``acted`` is whatever else somebody did for the ticket. ``closed`` of a ticket that is not resolved cancels it."""

Running = Literal["running", "paused", "stopped"]

#: Seconds between what happened and its record, beyond which it counts as recorded late.
LATE = 15 * 60


class Event(NamedTuple):
    """One thing that happened to a ticket ``at`` a moment, and when that was ``recorded``.

    ``word`` is the priority of what opened or prioritised it, the reason of a pause. ``by_us`` says that a human of
    the provider's did it: neither an intake nor a mail that is answered by itself nor a step of an escalation.
    ``accepted`` says that a second person accepted what was recorded late.
    """

    what: Happening
    at: int
    recorded: int
    word: str = ""
    by_us: bool = False
    accepted: bool = False


class ResponseClock(NamedTuple):
    """From the opening to the first act of a human of the provider's.

    ``target`` and ``used`` are seconds in the hours that the priority counts in, ``due`` when the target is used up,
    ``at`` when the answer was given. ``met`` is None while neither is known, and for good where the ticket was over
    before anybody had to answer. ``priority`` is the one whose target it is: it held before the answer.
    """

    target: int
    due: int
    at: int | None
    used: int
    met: bool | None
    priority: str


class ResolutionClock(NamedTuple):
    """From the opening to the resolution, without pauses, and without the time in which it was closed.

    ``target`` is None where nothing is promised; then ``due`` and ``met`` are None, too. ``due`` is also None while the
    clock is paused, because it moves. ``paused`` is how much of the counted hours the pauses took.
    """

    target: int | None
    due: int | None
    at: int | None
    used: int
    paused: int
    met: bool | None


class TicketClock(NamedTuple):
    """What the clocks say of one ticket at one moment. ``priority`` is the one that judges its resolution.

    ``provisional`` says that some of it lies in a year whose holidays are not frozen or were not final, ``set_aside``
    that something recorded late counts from when it was recorded, because it would have improved the result.
    """

    state: Running
    priority: str
    response: ResponseClock
    resolution: ResolutionClock
    provisional: bool
    set_aside: bool
