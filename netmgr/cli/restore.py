"""``netmgr restore``."""

from typing import TYPE_CHECKING

import click

from netmgr.cli.context import Context
from netmgr.cli.deploy import (
    BREAK_GLASS,
    CONFIRM_IN,
    REASON,
    TICKET,
    YES,
    Approval,
    attempt,
    finish,
    given_plan,
    said,
)
from netmgr.cli.names import devices
from netmgr.cli.options import Command, diff_option, gates_option, option
from netmgr.cli.runtime import change_runtime

if TYPE_CHECKING:
    from netmgr.cli.view_diff import Style


@click.command(cls=Command, writes_devices=True)
@click.argument("device", shell_complete=devices)
@click.argument("version", required=False)
@YES
@REASON
@TICKET
@CONFIRM_IN
@option("--takeover", is_flag=True, lingers=False, help="Replace what others configured on DEVICE.")
@BREAK_GLASS
@gates_option()
@option("--plan", "plan_file", metavar="PLAN", lingers=False, help="The restore's plan, once it is approved.")
@diff_option()
@click.pass_obj
def restore(
    context: Context,
    device: str,
    version: str | None,
    yes: bool,
    reason: str | None,
    ticket: str | None,
    confirm_in: int | None,
    takeover: bool,
    break_glass: str | None,
    gates: bool,
    plan_file: str | None,
    diff_style: "Style",
) -> int:
    """Give DEVICE again what was kept of it, as a new change. VERSION is one of `backup list`, or the newest."""
    from netmgr.workflows import restore as workflow
    from netmgr.workflows.gates import DeployRequest

    with change_runtime(context) as (runtime, progress):
        given = given_plan(context, plan_file) if plan_file is not None else None
        request = DeployRequest(
            reason=reason,
            ticket=ticket,
            confirm_in=confirm_in,
            takeover=frozenset({device} if takeover else ()),
            gates=gates,
            break_glass=said(break_glass),
        )
        asked = Approval(context, progress, yes=yes, ticket=ticket, seen=False, style=diff_style)
        result = attempt(
            context,
            lambda: workflow.restore(runtime, {device: version}, request, given=given, approve=asked),
        )
    return finish(context, result)
