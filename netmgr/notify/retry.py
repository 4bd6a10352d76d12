"""When a notification that could not be sent is tried again, and when no more.

The waiting is kept in the store, not in a process: libraries for retries wait in memory, and forget with it.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

FIRST: Final = timedelta(seconds=30)
LONGEST: Final = timedelta(hours=1)


def next_try(
    identity: str, attempts: int, *, created: datetime, now: datetime, give_up: timedelta, asked: float | None
) -> datetime | None:
    """When to try again after so many attempts; None where it is given up.

    Twice as long after each attempt, up to an hour, and up to a quarter more, so that not all come at once; not before
    ``asked`` seconds have passed, where the receiver asked for that.
    """
    wait = min(FIRST * 2 ** min(attempts - 1, 20), LONGEST)
    spread = int.from_bytes(sha256(f"{identity} {attempts}".encode()).digest()[:2]) / 0x1_0000
    wait = max(wait * (1 + spread / 4), timedelta(seconds=min(asked or 0, LONGEST.total_seconds())))
    return None if now + wait > created + give_up else now + wait
