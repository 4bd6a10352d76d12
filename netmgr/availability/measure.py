"""Samples → how available a device was, and how much of that is known at all."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from typing import Final

from netmgr.model.availability import Availability
from netmgr.model.probe import Span
from netmgr.model.stretch import Lasting, Stretch

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)


def availability(samples: Iterable[Span], period: Lasting, interval: int) -> Availability:
    """Of one device, whose samples may go beyond the period: what is outside of it does not count.

    A sample stands for the time until the next one is due, and never for more than until the next one. What a sample
    stands for that is exempt is no part of the period, and no sample is expected in it. ``interval`` is how often a
    sample is expected, in seconds.
    """
    spans = sorted(samples, key=lambda span: span.first)
    up = down = taken = answered = exempt = unexpected = 0
    for span, following in zip_longest(spans, (span.first for span in spans[1:])):
        if span.state == "unknown":
            continue
        end = span.last + timedelta(seconds=span.interval)
        end = end if following is None else min(end, following)
        lasts = Stretch(max(span.first, period.start), min(end, period.end))
        lasted = max(0, (lasts.end - lasts.start) // _SECOND)
        if span.state == "exempt":
            exempt += lasted
            unexpected += expected(lasts, interval)
            continue
        up += lasted if span.state == "up" else 0
        down += lasted if span.state == "down" else 0
        count = _within(span, period)
        taken += count
        answered += count if span.state == "up" else 0
    return Availability(
        seconds=max(0, (period.end - period.start) // _SECOND) - exempt,
        up=up,
        down=down,
        expected=expected(period, interval) - unexpected,
        taken=taken,
        answered=answered,
        exempt=exempt,
    )


def expected(period: Lasting, interval: int) -> int:
    """How many samples are due in the period."""
    return max(0, _before(period.end, interval) - _before(period.start, interval))


def slot(moment: datetime, interval: int) -> datetime:
    """The time of the sample that ``moment`` belongs to."""
    return moment - (moment - _EPOCH) % timedelta(seconds=interval)


def _before(moment: datetime, interval: int) -> int:
    """How many multiples of the interval there were since 1970, before ``moment``."""
    return -((_EPOCH - moment) // timedelta(seconds=interval))


def _within(span: Span, period: Lasting) -> int:
    """How many of the span's samples are in the period."""
    step = timedelta(seconds=span.interval)
    first = max(0, -((span.first - period.start) // step))
    last = min(span.samples, -((span.first - period.end) // step))
    return max(0, last - first)
