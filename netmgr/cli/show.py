"""``netmgr show``."""

import click

from netmgr.cli.context import Context
from netmgr.cli.options import Command
from netmgr.cli.runtime import reading_runtime
from netmgr.errors import Exit


@click.command(cls=Command)
@click.argument("command")
@click.pass_obj
def show(context: Context, command: str) -> int:
    """Run a read-only COMMAND on the devices: what each platform's allow-list takes, secrets hidden."""
    from netmgr.cli.view_show import show_answers
    from netmgr.workflows import show as workflow

    with reading_runtime(context) as (runtime, progress):
        shown = workflow.show(runtime, context.selection, command)
        progress.done()
    show_answers(shown, output=context.output)
    return {"error": Exit.FAILED, "unreachable": Exit.PARTIAL}.get(shown.worst, Exit.OK)
