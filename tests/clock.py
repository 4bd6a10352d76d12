"""A clock for tests: time passes only when somebody waits."""

from datetime import UTC, datetime, timedelta
from uuid import UUID


class ManualClock:
    """See ``netmgr.ports.clock.Clock``."""

    def __init__(self, start: datetime = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)) -> None:
        self.start, self.elapsed = start, 0.0
        self._ids = 0

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.elapsed)

    def monotonic(self) -> float:
        return self.elapsed

    def sleep(self, seconds: float) -> None:
        self.elapsed += seconds

    def new_id(self) -> str:
        self._ids += 1
        return str(UUID(int=0x0198_0000_0000_7000_8000_0000_0000_0000 + self._ids))
