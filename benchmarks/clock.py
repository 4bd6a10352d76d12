"""A clock that is set by hand, for logs that are made here."""

import time
from datetime import datetime, timedelta


class SetClock:
    """See ``netmgr.ports.clock.Clock``. ``moment`` goes on by a ``step`` each time that somebody asks, so that the
    log's times are times.
    """

    def __init__(self, moment: datetime, step: timedelta) -> None:
        self.moment, self._step = moment, step

    def now(self) -> datetime:
        self.moment += self._step
        return self.moment

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def new_id(self) -> str:
        raise NotImplementedError("nothing that is made here asks for an id")
