"""``netmgr plan``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from netmgr.cli.context import Context
from netmgr.cli.options import Command, canary_option, diff_option, option
from netmgr.cli.runtime import change_runtime
from netmgr.errors import Exit

if TYPE_CHECKING:
    from netmgr.cli.view_diff import Style


@click.command(cls=Command)
@option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the plan to FILE for `deploy FILE`."
)
@option("--confirm-in", type=click.IntRange(min=1), metavar="S", help="The device-side timer in seconds.")
@canary_option()
@option(
    "--takeover",
    multiple=True,
    lingers=False,
    metavar="DEVICE",
    help="Replace what others configured on DEVICE.",
)
@option("--detailed-exitcode", is_flag=True, help="Exit 2 when there is something to change.")
@diff_option()
@click.pass_obj
def plan(
    context: Context,
    out: Path | None,
    confirm_in: int | None,
    canary: int | None,
    takeover: tuple[str, ...],
    detailed_exitcode: bool,
    diff_style: "Style",
) -> int:
    """Show what a deploy would change. Reads the devices and changes nothing."""
    from netmgr.cli.view_change import show_plan
    from netmgr.workflows import deploy as workflow
    from netmgr.workflows.change import DeployRequest

    request = DeployRequest(confirm_in=confirm_in, canary=canary, takeover=frozenset(takeover))
    with change_runtime(context) as (runtime, progress):
        made = workflow.plan(runtime, context.selection, request)
        progress.done()
        if out:
            from netmgr.adapters.private_files import write_durably

            write_durably(out.absolute(), workflow.saved(made))
        show_plan(made, output=context.output, style=diff_style)
    if made.unreachable:
        return Exit.PARTIAL
    return Exit.CHANGES if detailed_exitcode and made.changed else Exit.OK
