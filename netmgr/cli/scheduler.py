"""``netmgr scheduler``: the service that runs what is due."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click

from netmgr.cli.context import Context
from netmgr.cli.options import Command, option
from netmgr.cli.run_log import LogFormat, log_options, run_log
from netmgr.errors import Exit

_NETMGR = "from netmgr.cli.main import main; main()"


@click.command(cls=Command)
@option(
    "--every", type=click.IntRange(1, 3600), default=30, show_default=True, help="Look every so many seconds."
)
@option(
    "--workers",
    type=click.IntRange(1, 64),
    default=4,
    show_default=True,
    help="So many jobs under way at most.",
)
@log_options
@click.pass_obj
def scheduler(
    context: Context, every: int, workers: int, log_format: LogFormat, log_file: Path | None
) -> int:
    """Run what is due, until SIGTERM or Ctrl-C; then the jobs under way are brought to their end.

    Each look is a process of its own (`netmgr schedule run --due`): what it leaks or breaks ends with it, and what is
    edited in the workspace holds from the next look on. One that is at a long job keeps the next from nothing but that
    job. Several schedulers may share a store: each run is made by one.
    """
    arguments = ["--workspace", str(context.workspace), "schedule", "run", "--due", "--quiet"]
    if context.client_or_none:
        arguments += ["--client", context.client]
    if context.lab:
        arguments.append("--lab")
    arguments += ["--log-format", log_format]
    if log_file:
        arguments += ["--log-file", str(log_file.absolute())]
    with run_log(context, log_format, log_file) as log:

        def say(what: str) -> None:
            log.say("info", f"scheduler {what}")
            if log_format == "text":
                click.echo(f"scheduler: {what}", err=True)

        Loop([sys.executable, "-c", _NETMGR, *arguments], every, workers, say).run()
    return Exit.OK


class Loop:
    """A command again and again, until a signal asks to stop; those that run are asked too, and waited for.

    It is begun ``every`` so many seconds, where fewer than ``most`` still run. ``say`` is told what the loop does.
    """

    def __init__(
        self, command: list[str], every: float, most: int, say: Callable[[str], None] = lambda _: None
    ) -> None:
        self._command, self._every, self._most, self._say = command, every, most, say
        self._children: list[subprocess.Popen[bytes]] = []
        self._stopping = False

    def run(self) -> None:
        """Until SIGINT or SIGTERM."""
        woken, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(wake)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        self._say(f"looking every {self._every} s")
        while not self._stopping:
            self._children = [child for child in self._children if child.poll() is None]
            if len(self._children) < self._most:
                # In a session of its own, so that Ctrl-C reaches it once, through us.
                self._children.append(subprocess.Popen(self._command, start_new_session=True))
                self._pass_on()  # of a signal that came before there was a child
            if not self._stopping:
                select.select([woken], [], [], self._every)
        for child in self._children:
            child.wait()
        # Who stops a whole group (timeout, a terminal) asks twice: what ends well must not die of the second signal.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        self._say("stopped")

    def _stop(self, _signal: int, _frame: object) -> None:
        self._stopping = True
        self._pass_on()

    def _pass_on(self) -> None:
        if self._stopping:
            for child in self._children:
                child.terminate()
