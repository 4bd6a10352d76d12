"""From one invocation's options to the Runtime that the change workflows take."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from netmgr.cli.context import Context
from netmgr.errors import Refused, StoreError
from netmgr.workflows.runtime import Runtime


class Progress:
    """What is happening, on standard error: one line that is rewritten on a terminal, a line each elsewhere."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._last = ""

    def __call__(self, message: str) -> None:
        """Show a message; a repeated one is shown once."""
        if message == self._last:
            return
        self._last = message
        if self._terminal:
            click.echo(f"\r\x1b[2K{message[:100]}", err=True, nl=False)
        else:
            click.echo(message, err=True)

    def done(self) -> None:
        """Leave the line clean for what comes next."""
        if self._terminal and self._last:
            click.echo("\r\x1b[2K", err=True, nl=False)
        self._last = ""


@contextmanager
def change_runtime(context: Context) -> Iterator[tuple[Runtime, Progress]]:
    """The runtime of a command that may change devices, with Ctrl-C turned into a request to stop.

    Names the target first: nobody should have to guess which network a command is aimed at.
    """
    click.echo(f"target: {context.target} of {context.client}", err=True)
    progress = Progress()
    interrupted = False

    def stop(_signal: int, _frame: object) -> None:
        nonlocal interrupted
        interrupted = True
        click.echo(
            "\ninterrupted: the change goes back, or is finished if it was decided; please wait", err=True
        )

    try:
        context.wiring.service_log.identity  # noqa: B018 - opens the store: what cannot be logged is not begun
    except StoreError as error:
        raise Refused("log", str(error), "a command that cannot be logged is not begun") from error
    runtime = context.wiring.runtime(
        client=context.client,
        target=context.target,
        actor=context.actor,
        request=context.request,
        progress=progress,
        interrupted=lambda: interrupted,
    )
    before = {
        number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield runtime, progress
    finally:
        progress.done()
        for number, handler in before.items():
            signal.signal(number, handler)
