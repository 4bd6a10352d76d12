"""``netmgr recover``."""

import click

from netmgr.change.outcome import exit_code
from netmgr.cli.context import Context
from netmgr.cli.options import Command
from netmgr.cli.runtime import change_runtime
from netmgr.errors import Exit

#: The exit code that counts most comes first.
_PRECEDENCE = [Exit.IN_DOUBT, Exit.REFUSED, Exit.ROLLED_BACK, Exit.FAILED, Exit.PARTIAL, Exit.OK]


@click.command(cls=Command, writes_devices=True)
@click.pass_obj
def recover(context: Context) -> int:
    """Finish what an interrupted change left open, as it was decided; reads the devices, sends no configuration."""
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
