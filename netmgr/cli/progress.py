"""What is happening, on standard error: a bar on a terminal, a line for each phase elsewhere."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID


def bars_wanted() -> bool:
    """Whether standard error is a terminal that can be rewritten and whose user has nothing against it."""
    return sys.stderr.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


class TerminalProgress:
    """See ``netmgr.ports.progress.Progress``. Nothing is shown before the first message."""

    def __init__(self) -> None:
        self._bars = bars_wanted()
        self._last = ""
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def __call__(self, message: str) -> None:
        """Show a message; a repeated one is shown once."""
        from netmgr.cli.views import printable

        if message == self._last:
            return
        self._last = message
        message = printable(message).replace("\n", " ")
        if not self._bars:
            click.echo(message, err=True)
        elif self._bar is None or self._task is None:
            self._start(message)
        else:
            self._bar.update(self._task, description=message, completed=0)

    def step(self, done: int, total: int) -> None:
        """Move the bar; elsewhere the phases' lines are enough."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=done, total=total)

    def say(self, line: str) -> None:
        """A line that stays, above the bar."""
        if self._bar is not None:
            self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            click.echo(line, err=True)

    def done(self) -> None:
        """Leave the line clean for what comes next."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = self._task = None
        self._last = ""

    def _start(self, message: str) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
        from rich.table import Column

        from netmgr.cli.views import console

        fixed = Column(no_wrap=True)
        self._bar = Progress(
            TimeElapsedColumn(table_column=fixed.copy()),
            BarColumn(bar_width=20, table_column=fixed.copy()),
            MofNCompleteColumn(table_column=fixed.copy()),
            # What is said is cut, never wrapped: the bar stays one line at any width.
            TextColumn(
                "{task.description}",
                markup=False,
                table_column=Column(ratio=1, no_wrap=True, overflow="ellipsis"),
            ),
            console=console(stderr=True),
            transient=True,
            expand=True,
        )
        self._task = self._bar.add_task(message, total=None)
        self._bar.start()
