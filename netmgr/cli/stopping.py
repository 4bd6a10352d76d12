"""A signal that asks a command to stop is noted, and answered when the command gets there."""

import os
import signal
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from typing import Final

ENDING: Final = (signal.SIGINT, signal.SIGTERM)
_STDERR: Final = 2


@contextmanager
def asked_to_stop(
    numbers: Collection[signal.Signals] = ENDING, *, saying: str | None = None
) -> Iterator[Callable[[], bool]]:
    """Whether one of these signals came; who sent it reads ``saying`` on standard error at once."""
    asked = False

    def note(_signal: int, _frame: object) -> None:
        nonlocal asked
        asked = True
        if saying is not None:
            _tell(saying)

    before = {number: signal.signal(number, note) for number in numbers}
    try:
        yield lambda: asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _tell(line: str) -> None:
    """By the descriptor: a handler runs in the middle of anything, and a buffer that is being written to cannot be
    entered again (RuntimeError). On a terminal the line takes the place of a bar, which is drawn again below it.
    """
    with suppress(OSError):  # whoever closed standard error is not told; the command stops all the same
        clear = "\r\x1b[2K" if os.isatty(_STDERR) and os.environ.get("TERM") != "dumb" else ""
        os.write(_STDERR, f"{clear}{line}\n".encode())
