"""``netmgr rehearse``."""

import click

from netmgr.cli.context import Context
from netmgr.cli.deploy import given_plan
from netmgr.cli.options import Command, canary_option, option
from netmgr.cli.runtime import ended_by_signals, reading_runtime
from netmgr.errors import Exit


@click.command(cls=Command)
@click.argument("plan_file", metavar="[PLAN]", required=False)
@option("--confirm-in", type=click.IntRange(min=1), metavar="S", help="The device-side timer in seconds.")
@canary_option()
@click.pass_obj
def rehearse(context: Context, plan_file: str | None, confirm_in: int | None, canary: int | None) -> int:
    """Make a change on a twin of the network as it is now, and say what it did there.

    PLAN is a file from `plan --out`, or a saved plan's id; without one, a plan is made. The network is only read.
    """
    from netmgr.cli.view_change import show_plan
    from netmgr.cli.view_rehearsal import show_rehearsal
    from netmgr.model.change import Plan
    from netmgr.workflows import rehearse as workflow
    from netmgr.workflows.gates import DeployRequest

    with ended_by_signals(), reading_runtime(context) as (runtime, progress):
        made = workflow.rehearse(
            runtime,
            context.wiring.twin,
            context.selection,
            DeployRequest(confirm_in=confirm_in, canary=canary),
            given=given_plan(context, plan_file) if plan_file is not None else None,
            lldp=context.settings.lab.lldp,
        )
        progress.done()
        if isinstance(made, Plan):
            show_plan(made, output=context.output)
            return Exit.PARTIAL if made.unreachable else Exit.OK
        show_rehearsal(made, output=context.output)
    return Exit.OK if made.outcome == "passed" else Exit.FAILED
