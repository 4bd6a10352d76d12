"""``netmgr audit``."""

from typing import TYPE_CHECKING

import click

from netmgr.cli.context import Context
from netmgr.cli.options import Command, diff_option, option
from netmgr.cli.runtime import reading_runtime
from netmgr.errors import Exit
from netmgr.model.audit import AuditStatus

if TYPE_CHECKING:
    from netmgr.cli.view_diff import Style

#: The exit code that counts most comes first.
_CODES: dict[AuditStatus, Exit] = {"error": Exit.FAILED, "unreachable": Exit.PARTIAL}


@click.command(cls=Command)
@option("--detailed-exitcode", is_flag=True, help="Exit 2 when a device has drifted.")
@diff_option()
@click.pass_obj
def audit(context: Context, detailed_exitcode: bool, diff_style: "Style") -> int:
    """Compare what the devices run with what the inventory intends. Changes nothing and needs no lock."""
    from netmgr.cli.view_audit import show_audit
    from netmgr.workflows import audit as workflow

    with reading_runtime(context) as (runtime, progress):
        made = workflow.audit(runtime, context.selection)
        progress.done()
    show_audit(made, output=context.output, style=diff_style)
    if made.worst in _CODES:
        return _CODES[made.worst]
    return Exit.CHANGES if detailed_exitcode and made.worst == "drifted" else Exit.OK
