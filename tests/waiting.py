"""Waiting for a condition with a limit."""

import time
from collections.abc import Callable


def wait_until(condition: Callable[[], object], *, seconds: float, every: float = 0.1) -> None:
    """Return when ``condition`` holds; fail, with what it last gave, when it does not hold in time."""
    limit = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return
        assert time.monotonic() < limit, f"not so after {seconds} s: {value!r}"
        time.sleep(every)
