"""The operating system's clock and random source behind the Clock port."""

import os
import time
from datetime import UTC, datetime
from uuid import UUID


class SystemClock:
    """See ``netmgr.ports.clock.Clock``."""

    def now(self) -> datetime:
        """The wall clock in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """The monotonic clock, which NTP cannot step."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait for at least ``seconds``."""
        time.sleep(seconds)

    def new_id(self) -> str:
        """A UUIDv7: 48 bits of milliseconds, then random bits with version 7 and variant 10 (RFC 9562, 5.7)."""
        bits = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
        return str(UUID(int=bits & ~(0xF000 << 64) & ~(0xC000 << 48) | (0x7000 << 64) | (0x8000 << 48)))
