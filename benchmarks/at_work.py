"""When the routers of a change are at work: what a netmgr run in this process asks them, and when they answered."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from napalm_frr import driver as frr
from napalm_frr.session import Session

Span = tuple[float, float]
"""From and until, in seconds of time.perf_counter."""

#: Requests that are the commit itself: judge the candidate; arm the timer, apply, read back; confirm and save.
ORDERS = frozenset({"validate", "commit", "confirm"})
LOGIN = "login"


@dataclass
class Record:
    """Every question to a router with the time from sending it to its answer; a login counts as one."""

    spans: list[tuple[str, Span]] = field(default_factory=list)

    def time(self, start: float, end: float, operations: Iterable[str] | None = None) -> float:
        """Seconds between ``start`` and ``end`` in which at least one router has not answered such a question yet."""
        chosen = frozenset(operations) if operations is not None else None
        spans = [span for operation, span in self.spans if chosen is None or operation in chosen]
        return covered(spans, start, end)

    def count(self, operation: str) -> int:
        """How often it was asked."""
        return sum(name == operation for name, _ in self.spans)


def covered(spans: Iterable[Span], start: float, end: float) -> float:
    """The length of the union of ``spans``, inside ``start`` and ``end``."""
    total, reached = 0.0, start
    for first, last in sorted(spans):
        begin, until = max(first, reached), min(last, end)
        if until > begin:
            total, reached = total + until - begin, until
    return total


@contextmanager
def recorded() -> Iterator[Record]:
    """Watch every napalm_frr session of this process. The product knows nothing of it."""
    record = Record()
    ask, log_in = Session.request, frr.open_session

    def timed(operation: str, work: Callable[[], Any]) -> Any:
        begun = time.perf_counter()
        try:
            return work()
        finally:
            record.spans.append((operation, (begun, time.perf_counter())))

    def request(self: Session, operation: str, limit: float, **parameters: object) -> dict[str, Any]:
        return timed(operation, lambda: ask(self, operation, limit, **parameters))

    with (
        patch.object(Session, "request", request),
        patch.object(frr, "open_session", lambda login: timed(LOGIN, lambda: log_in(login))),
    ):
        yield record
