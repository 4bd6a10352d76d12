"""``netmgr drill``."""

import click

from netmgr.cli.context import Context
from netmgr.cli.options import Command
from netmgr.cli.runtime import ended_by_signals, reading_runtime
from netmgr.errors import Exit, UsageError
from netmgr.model.selection import Selection


@click.command(cls=Command)
@click.pass_obj
def drill(context: Context) -> int:
    """Prove the backups: restore the newest of every device on a twin that begins empty, and compare.

    No device of the client is contacted. Exit 1 where a device has no good backup, or its restore was not proved.
    """
    from netmgr.cli.view_drill import show_drill
    from netmgr.workflows.drill import drill as workflow

    if context.selection != Selection():
        raise UsageError(
            "a drill is of the client's whole network: say -c alone, without --limit and the like"
        )
    with ended_by_signals(), reading_runtime(context) as (runtime, progress):
        made = workflow(runtime)
        progress.done()
    show_drill(made, output=context.output)
    return Exit.OK if made.outcome == "passed" else Exit.FAILED
