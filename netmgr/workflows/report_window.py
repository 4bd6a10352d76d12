"""The stretch of the service log that a report reads: found and read by its indexes."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from itertools import chain
from typing import NamedTuple, Self

from netmgr.model.entry import Entry, rfc3339
from netmgr.report.history import AuditRun, audit_runs
from netmgr.report.observed import Seen, seen
from netmgr.report.period import Period
from netmgr.workflows.runtime import Runtime


def logged_before(runtime: Runtime, moment: datetime, cut: int) -> int:
    """How many entries, up to the cut, were recorded before ``moment``: found by bisection, as times never go back."""

    def time(seq: int) -> str:
        entry = next(runtime.log.entries(runtime.client, after=seq - 1, until=cut, limit=1), None)
        return "~" if entry is None else entry.time

    return bisect_left(range(1, cut + 1), rfc3339(moment), key=time)


class Audits(NamedTuple):
    """What the audits of a window say: one of ``runs`` for each command, one of ``seen`` for each device and time."""

    runs: tuple[AuditRun, ...]
    seen: Sequence[Seen]


class Window:
    """The entries of one target from seq ``before`` + 1 to ``last``. Those of a kind are read once and kept: several
    parts of a report look at them. Of audits, which are many, only what they say is.
    """

    def __init__(self, runtime: Runtime, before: int, last: int) -> None:
        self.runtime, self.before, self.last = runtime, before, last
        self._read: dict[str, tuple[Entry, ...]] = {}

    @classmethod
    def over(cls, runtime: Runtime, period: Period, cut: Entry) -> Self:
        """What was recorded in the period, up to the entry ``cut``."""
        first, last = (logged_before(runtime, moment, cut.seq) for moment in (period.start, period.end))
        return cls(runtime, first, last)

    @cached_property
    def audits(self) -> Audits:
        """Read once."""
        found: list[Seen] = []

        def read() -> Iterator[Entry]:
            for entry in self._read_kind("audit"):
                if (one := seen(entry)) is not None:
                    found.append(one)
                yield entry

        return Audits(audit_runs(read()), found)

    def of(self, *kinds: str) -> Iterator[Entry]:
        """Entries of these kinds, oldest first within a kind."""
        return chain.from_iterable(map(self._of, kinds))

    def _of(self, kind: str) -> tuple[Entry, ...]:
        if kind not in self._read:
            self._read[kind] = tuple(self._read_kind(kind))
        return self._read[kind]

    def _read_kind(self, kind: str) -> Iterator[Entry]:
        log, client = self.runtime.log, self.runtime.client
        return self._ours(log.entries(client, kind=kind, after=self.before, until=self.last))

    def newest(
        self, *, until: int | None = None, kind: str | None = None, device: str | None = None
    ) -> Iterator[Entry]:
        """Entries up to the window's end, or up to ``until``, newest first, as far back as somebody reads."""
        log, client = self.runtime.log, self.runtime.client
        last = self.last if until is None else until
        found = log.entries(client, kind=kind, device=device, until=last, newest_first=True)
        return self._ours(found)

    def change(self, change: str) -> Iterator[Entry]:
        """Every entry of one change up to the window's end."""
        return self._ours(self.runtime.log.entries(self.runtime.client, change=change, until=self.last))

    def _ours(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        return (entry for entry in entries if entry.target == self.runtime.target)
