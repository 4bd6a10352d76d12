"""The year's clock: it is set, stands still, and lets real time pass only while real devices are spoken to."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random
from uuid import UUID


class YearClock:
    """See ``netmgr.ports.clock.Clock``. Ids come from the seed and from a counter: the same year has the same."""

    def __init__(self, start: datetime, seed: int) -> None:
        self._start = self._base = start
        self._real: float | None = None
        self._random, self._ids = Random(seed), 0

    def now(self) -> datetime:
        return self._base + timedelta(seconds=self._passed())

    def monotonic(self) -> float:
        return (self.now() - self._start).total_seconds()

    def sleep(self, seconds: float) -> None:
        if self._real is None:
            self._base += timedelta(seconds=seconds)
        else:
            time.sleep(seconds)

    def new_id(self) -> str:
        self._ids += 1
        bits = (
            int(self.now().timestamp() * 1000) << 80
            | (self._ids & 0xFFF) << 64
            | self._random.getrandbits(62)
        )
        return str(UUID(int=bits | 0x7000 << 64 | 0x8000 << 48))

    def move_to(self, moment: datetime) -> None:
        """Nothing happens until then. A moment that is past changes nothing: time never goes back."""
        self._base = max(self._base, moment)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Real time passes: a device's timer runs on a clock of its own."""
        self._real = time.monotonic()
        try:
            yield
        finally:
            self._base, self._real = self.now(), None

    def _passed(self) -> float:
        return 0.0 if self._real is None else time.monotonic() - self._real
