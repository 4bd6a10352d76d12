"""Time and identity: the only way either enters netmgr. The product has no setting that moves the clock."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The wall clock, a clock for measuring, waiting, and fresh ids."""

    def now(self) -> datetime:
        """The time, with UTC as its zone."""

    def monotonic(self) -> float:
        """Seconds since an arbitrary moment; never goes back."""

    def sleep(self, seconds: float) -> None:
        """Wait."""

    def new_id(self) -> str:
        """A fresh UUIDv7 (RFC 9562) in its canonical text form: later ids sort after earlier ones."""
