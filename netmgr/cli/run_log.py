"""Options of commands that run without anybody at the keyboard: what they say for machines."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from netmgr.cli.context import Context
from netmgr.cli.options import option
from netmgr.errors import NetmgrError

if TYPE_CHECKING:
    from netmgr.adapters.structured_log import StructuredLog

F = TypeVar("F", bound=Callable[..., Any])
LogFormat = Literal["text", "json", "logfmt"]


def log_options(command: F) -> F:
    """``log_format`` and ``log_file``."""
    file = option(
        "--log-file",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Append what happens to FILE too, as JSON lines.",
    )
    form = option(
        "--log-format",
        type=click.Choice(["text", "json", "logfmt"]),
        default="text",
        show_default=True,
        help="How it is said: in words, or in lines for machines on standard error.",
    )
    return form(file(command))


@contextmanager
def run_log(context: Context, log_format: LogFormat, log_file: Path | None) -> "Iterator[StructuredLog]":
    """Where events are said. An error that ends the command is an event too."""
    from netmgr.adapters.structured_log import StructuredLog, appending, to_stream

    clock = context.wiring.clock
    with ExitStack() as files:
        loggers = [] if log_format == "text" else [to_stream(sys.stderr, log_format, clock)]
        if log_file:
            loggers.append(to_stream(files.enter_context(appending(log_file)), "json", clock))
        log = StructuredLog(*loggers)
        try:
            yield log
        except NetmgrError as error:
            log.say("error", "ended by an error", error=str(error), code=int(error.code))
            raise
