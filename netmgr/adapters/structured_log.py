"""What scheduled work says for machines: a line for each event, as JSON or logfmt, with its time (UTC) and level.

With structlog, whose loggers are made here and configured nowhere else.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal, Self, TextIO

import structlog

from netmgr.errors import StoreError
from netmgr.model.entry import rfc3339
from netmgr.model.printable import printable
from netmgr.ports.clock import Clock
from netmgr.ports.progress import Silent

Form = Literal["json", "logfmt"]
Level = Literal["info", "warning", "error"]

LONGEST: Final = 2000
"""Characters of one value: a line is written in one piece, also where several processes append to one file."""


class StructuredLog:
    """Says each event in every place that it was made with; nowhere, if with none."""

    def __init__(self, *loggers: Any) -> None:
        self._loggers = loggers

    def __bool__(self) -> bool:
        return bool(self._loggers)

    def bind(self, **known: str) -> Self:
        """One that says these with every event."""
        return type(self)(*(logger.bind(**known) for logger in self._loggers))

    def say(self, level: Level, event: str, **known: Any) -> None:
        """One event. What is None is not known, and not said."""
        for logger in self._loggers:
            getattr(logger, level)(event, **{key: value for key, value in known.items() if value is not None})


class LoggedProgress(Silent):
    """See ``netmgr.ports.progress.Progress``: what a job says of itself, without its counts."""

    def __init__(self, log: StructuredLog) -> None:
        self._log = log

    def __call__(self, message: str) -> None:
        """An event of its own."""
        self._log.say("info", "progress", message=message)


def to_stream(stream: TextIO, form: Form, clock: Clock) -> Any:
    """A logger that writes to an open stream."""
    render: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.processors.LogfmtRenderer(key_order=["time", "level", "event"], bool_as_flag=False)
    )
    return structlog.wrap_logger(
        structlog.WriteLogger(stream),
        processors=[
            structlog.processors.add_log_level,
            lambda _logger, _level, event: {"time": rfc3339(clock.now()), **_safe(event)},
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger("info"),
        cache_logger_on_first_use=True,
    )


def appending(path: Path) -> TextIO:
    """A file that only its owner can read, opened to append to it. Raises StoreError.

    It is opened once: who rotates it starts a new process, as each look of the scheduler is one.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        return os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8")
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be opened ({error.strerror}); name a file in a directory that is writable for you"
        ) from error


def _safe(event: Mapping[str, Any]) -> dict[str, Any]:
    """Text from outside drives no terminal, and no line is endless."""
    return {
        key: printable(value)[:LONGEST].replace("\n", "; ") if isinstance(value, str) else value
        for key, value in event.items()
    }
