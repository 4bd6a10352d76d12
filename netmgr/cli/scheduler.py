"""``netmgr scheduler``: the service that runs what is due."""

import os
import select
import signal
import subprocess
import sys

import click

from netmgr.cli.context import Context
from netmgr.cli.options import Command, option
from netmgr.errors import Exit

_NETMGR = "from netmgr.cli.main import main; main()"


@click.command(cls=Command)
@option(
    "--every",
    type=click.IntRange(1, 3600),
    default=30,
    show_default=True,
    help="Look again so many seconds after the last look.",
)
@click.pass_obj
def scheduler(context: Context, every: int) -> int:
    """Run what is due, until SIGTERM or Ctrl-C; then the job under way is brought to its end.

    Each look is a process of its own (`netmgr schedule run --due`): what it leaks or breaks ends with it, and what is
    edited in the workspace holds from the next look on. Several schedulers may share a store: each run is made by one.
    """
    arguments = ["--workspace", str(context.workspace), "schedule", "run", "--due", "--quiet"]
    if context.client_or_none:
        arguments += ["--client", context.client]
    if context.lab:
        arguments.append("--lab")
    _Loop([sys.executable, "-c", _NETMGR, *arguments], every).run()
    return Exit.OK


class _Loop:
    """A command again and again, until a signal asks to stop; the command is asked too, and waited for."""

    def __init__(self, command: list[str], every: int) -> None:
        self._command, self._every = command, every
        self._child: subprocess.Popen[bytes] | None = None
        self._stopping = False

    def run(self) -> None:
        woken, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(wake)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        click.echo(f"scheduler: looking every {self._every} s", err=True)
        while not self._stopping:
            # In a session of its own, so that Ctrl-C reaches it once, through us.
            self._child = subprocess.Popen(self._command, start_new_session=True)
            self._pass_on()  # of a signal that came before there was a child
            self._child.wait()
            self._child = None
            if not self._stopping:
                select.select([woken], [], [], self._every)
        click.echo("scheduler: stopped", err=True)

    def _stop(self, _signal: int, _frame: object) -> None:
        self._stopping = True
        self._pass_on()

    def _pass_on(self) -> None:
        if self._stopping and self._child:
            self._child.terminate()
