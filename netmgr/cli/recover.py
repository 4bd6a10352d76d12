"""``netmgr recover``."""

from typing import TYPE_CHECKING

import click

from netmgr.change.outcome import exit_code
from netmgr.cli.context import Context
from netmgr.cli.deploy import CONFIRM_IN, REASON, TICKET, YES, Approval, attempt, finish
from netmgr.cli.names import changes
from netmgr.cli.options import Command, option
from netmgr.cli.runtime import change_runtime
from netmgr.errors import Exit, UsageError

if TYPE_CHECKING:
    from netmgr.workflows.answer import Direction

#: The exit code that counts most comes first.
_PRECEDENCE = [Exit.IN_DOUBT, Exit.REFUSED, Exit.ROLLED_BACK, Exit.FAILED, Exit.PARTIAL, Exit.OK]


@click.command(cls=Command, writes_devices=True)
@click.argument("change", required=False, shell_complete=changes)
@option("--back", is_flag=True, help="Bring a mixed network back to before CHANGE, as a new change.")
@option("--forward", is_flag=True, help="Bring a mixed network to what CHANGE intended, as a new change.")
@YES
@REASON
@TICKET
@CONFIRM_IN
@click.pass_obj
def recover(
    context: Context,
    change: str | None,
    back: bool,
    forward: bool,
    yes: bool,
    reason: str | None,
    ticket: str | None,
    confirm_in: int | None,
) -> int:
    """Finish what an interrupted change left open, as it was decided; reads the devices, sends no configuration.

    With --back or --forward it plans and deploys a new change, for CHANGE or the newest that is split or in doubt.
    """
    if back and forward:
        raise UsageError("--back and --forward exclude each other")
    if back or forward:
        from netmgr.workflows.answer import answer
        from netmgr.workflows.gates import DeployRequest

        with change_runtime(context) as (runtime, progress):
            request = DeployRequest(reason=reason, ticket=ticket, confirm_in=confirm_in)
            asked = Approval(context, progress, yes=yes, ticket=ticket, seen=False)
            direction: Direction = "back" if back else "forward"
            result = attempt(context, lambda: answer(runtime, direction, change, request, approve=asked))
        return finish(context, result)
    if change:
        raise UsageError(f"what shall become of {change}? add --back or --forward")
    return _finish_what_is_open(context)


def _finish_what_is_open(context: Context) -> int:
    from netmgr.cli.view_change import show_result
    from netmgr.cli.views import print_json
    from netmgr.workflows import recover as workflow

    with change_runtime(context) as (runtime, _):
        results = workflow.recover(runtime)
    if context.output == "json":
        print_json("recover", {"changes": [result.model_dump(mode="json") for result in results]})
    else:
        for result in results:
            show_result(result, output="table")
        if not results:
            click.echo(f"nothing is open on the {context.target} of {context.client}")
    codes = {exit_code(result.outcome) for result in results}
    # What recover found taken back is what it was asked to settle: only doubt, or a split network, is a failure of it.
    return Exit.IN_DOUBT if Exit.IN_DOUBT in codes else next((c for c in _PRECEDENCE if c in codes), Exit.OK)
