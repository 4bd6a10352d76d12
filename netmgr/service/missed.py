"""A ticket's clocks → the levels that were missed in a period, each for one period only (pure)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from netmgr.model.bill import Billed
from netmgr.model.billing import Miss
from netmgr.model.record import Document
from netmgr.model.ticket_clock import Event, TicketClock
from netmgr.service.clock import ticket_clock
from netmgr.service.course import Level
from netmgr.service.ticket_record import events

_Level = Literal["response", "resolution"]
_LEVELS: Final[tuple[_Level, ...]] = ("response", "resolution")


class Missed(NamedTuple):
    """``late``: it was missed in a period that was billed already."""

    miss: Miss
    late: bool


def missed(
    document: Document,
    levels: Mapping[str, Level],
    begin: int,
    end: int,
    billed: Billed,
    *,
    billed_until: int,
) -> Iterator[Missed]:
    """Levels of a ticket that were kept at ``begin`` and are missed at ``end``.

    So each is missed in exactly one of periods that follow each other, also where its time runs out as service hours
    end and is over only on another day. What became known later, of a period before ``billed_until`` that was billed
    without it, is ``late``. Raises ValueError as ``ticket_clock`` does.
    """
    happened = events(document)
    opened = int(document["opened"])
    if not happened or opened >= end:
        return
    now = ticket_clock(happened, levels, end)
    before = ticket_clock(happened, levels, begin) if opened < begin else None
    seqs = tuple(sorted({int(row[6]) for row in document["events"] if row[1] <= end}))
    for level in _LEVELS:
        if not _missed(now, level) or any((level, seq) in billed.missed for seq in seqs):
            continue
        late = before is not None and _missed(before, level)
        if late and begin > billed_until:
            continue
        yield Missed(
            Miss(
                level=level,
                priority=_priority(happened, levels, now, level, end),
                judged=opened,
                evidence=seqs,
            ),
            late,
        )


def _missed(clock: TicketClock, level: _Level) -> bool:
    return (clock.response if level == "response" else clock.resolution).met is False


def _priority(
    happened: Sequence[Event], levels: Mapping[str, Level], now: TicketClock, level: _Level, end: int
) -> str:
    """The priority that the target is of: the answer's is the one that held when it was given."""
    answered = now.response.at
    if level == "resolution" or answered is None or answered >= end:
        return now.priority
    return ticket_clock(happened, levels, answered).priority
