"""``netmgr ticket watch``: what runs out next."""

import sys

import click

from netmgr.cli.context import Context
from netmgr.cli.options import Command, option
from netmgr.cli.runtime import reading_runtime
from netmgr.errors import Exit, UsageError


@click.command(cls=Command)
@option("--follow", is_flag=True, help="Look again and again, until Ctrl-C.")
@option(
    "--interval",
    type=click.IntRange(1, 3600),
    default=30,
    show_default=True,
    metavar="SECONDS",
    help="With --follow: how often.",
)
@click.pass_obj
def watch(context: Context, /, follow: bool, interval: int) -> int:
    """Tickets that are not resolved, with what is left of each target, the most urgent first."""
    from netmgr.cli.view_clock import show_watch
    from netmgr.workflows.ticket_watch import watch as workflow

    if follow and context.output == "json":
        raise UsageError("--follow is for people; with -o json ask again as often as you like")
    with reading_runtime(context, "network") as (runtime, progress):
        while True:
            seen = workflow(runtime)
            progress.done()
            if follow and sys.stdout.isatty():
                click.clear()
            show_watch(context.client, seen, output=context.output)
            if not follow:
                return Exit.OK
            try:
                runtime.clock.sleep(interval)
            except KeyboardInterrupt:
                return Exit.OK
