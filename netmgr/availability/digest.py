"""A day's samples in one form, whatever way they are kept, and the digest of it that the log holds."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from netmgr.model.canonical import canonical
from netmgr.model.digest import sha256_hex
from netmgr.model.probe import Span
from netmgr.model.stretch import Lasting


def clipped(spans: Iterable[Span], period: Lasting) -> tuple[Span, ...]:
    """What of the samples is in the period, by device and time, spans as long as they can be."""
    made: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.device, span.first)):
        step = timedelta(seconds=span.interval)
        first = max(span.first, span.first - (span.first - period.start) // step * step)
        last = min(
            span.last, span.first + (period.end - span.first - timedelta(microseconds=1)) // step * step
        )
        if first > last:
            continue
        before = made[-1] if made else None
        if before and _continues(before, span, first, step):
            made[-1] = Span(span.device, before.first, last, span.interval, span.state)
        else:
            made.append(Span(span.device, first, last, span.interval, span.state))
    return tuple(made)


def digest(spans: Iterable[Span], period: Lasting) -> str:
    """SHA-256 of the samples in the period: RFC 8785 of ``[device, first, last, interval, state]`` for each span.

    Times are in whole seconds since 1970.
    """
    rows = [
        [span.device, _seconds(span.first), _seconds(span.last), span.interval, span.state]
        for span in clipped(spans, period)
    ]
    return sha256_hex(canonical(rows))


def _continues(before: Span, span: Span, first: datetime, step: timedelta) -> bool:
    same = (before.device, before.interval, before.state) == (span.device, span.interval, span.state)
    return same and before.last + step == first


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
