"""``netmgr probe``: run, list, show, check."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from netmgr.cli.context import Context
from netmgr.cli.groups import Group
from netmgr.cli.names import devices
from netmgr.cli.options import option
from netmgr.cli.runtime import reading_runtime
from netmgr.errors import Exit, UsageError

F = TypeVar("F", bound=Callable[..., Any])


def _period_options(command: F) -> F:
    for each in (
        option("--to", "last", metavar="DATE", help="and the last, which belongs to it."),
        option("--from", "first", metavar="DATE", help="Instead of a month: the first day,"),
        option("--month", metavar="YYYY-MM", help="A calendar month (default: this one), as the client's."),
    ):
        command = each(command)
    return command


@click.group(cls=Group)
def probe() -> None:
    """Signs of life of the devices, at a stated interval: who is up, and how available each was."""


@probe.command()
@click.pass_obj
def run(context: Context) -> int:
    """Take the sample that is due now, of every device; none where it was taken already. Logs in to no device.

    Exit 3 where a device did not answer, or could not be asked.
    """
    from netmgr.cli.view_probe import show_run
    from netmgr.model.selection import Selection
    from netmgr.workflows.probing import probe as workflow

    if context.selection != Selection():
        raise UsageError(
            "a sample is of every device that client.yaml has probed; leave -l, --role and the like out"
        )
    with reading_runtime(context) as (runtime, progress):
        made = workflow(runtime)
        progress.done()
    show_run(made, output=context.output)
    return Exit.OK if made.outcome in ("up", "taken") else Exit.PARTIAL


@probe.command(name="list")
@_period_options
@click.pass_obj
def list_(context: Context, month: str | None, first: str | None, last: str | None) -> int:
    """Availability of each device and of all together, in a period; "not measured" where too little is known."""
    from netmgr.cli.view_probe import show_list
    from netmgr.workflows.probe_views import measured

    with reading_runtime(context) as (runtime, progress):
        found = measured(runtime, context.selection, month=month, first=first, last=last)
        progress.done()
    show_list(found, output=context.output)
    return Exit.OK


@probe.command()
@click.argument("device", shell_complete=devices)
@_period_options
@click.pass_obj
def show(context: Context, device: str, month: str | None, first: str | None, last: str | None) -> int:
    """One device: its availability in a period, and when it went down or came up."""
    from netmgr.cli.view_probe import show_history
    from netmgr.workflows.probe_views import history

    with reading_runtime(context) as (runtime, progress):
        found = history(runtime, device, month=month, first=first, last=last)
        progress.done()
    show_history(found, output=context.output)
    return Exit.OK


@probe.command()
@click.pass_obj
def check(context: Context) -> int:
    """Compare the samples that are kept with the daily digests in the service log. Exit 1 where they differ."""
    from netmgr.cli.view_probe import show_check
    from netmgr.workflows.probe_views import check as workflow

    with reading_runtime(context) as (runtime, progress):
        made = workflow(runtime)
        progress.done()
    show_check(made, output=context.output)
    return Exit.FAILED if any(made.different) else Exit.OK
