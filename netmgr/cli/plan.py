"""``netmgr plan``."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from netmgr.cli.context import Context
from netmgr.cli.options import Command, canary_option, diff_option, gates_option, option
from netmgr.cli.runtime import change_runtime
from netmgr.errors import Exit, UsageError

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
@option(
    "--at",
    metavar="TIME",
    lingers=False,
    help="Judge windows and freezes for this time (2026-12-05T22:00; without a zone the client's).",
)
@gates_option()
@option("--detailed-exitcode", is_flag=True, help="Exit 2 when there is something to change.")
@diff_option()
@click.pass_obj
def plan(
    context: Context,
    out: Path | None,
    confirm_in: int | None,
    canary: int | None,
    takeover: tuple[str, ...],
    at: str | None,
    gates: bool,
    detailed_exitcode: bool,
    diff_style: "Style",
) -> int:
    """Show what a deploy would change. Reads the devices and changes nothing."""
    from netmgr.cli.view_change import show_plan
    from netmgr.workflows import deploy as workflow
    from netmgr.workflows.gates import DeployRequest

    request = DeployRequest(
        confirm_in=confirm_in,
        canary=canary,
        takeover=frozenset(takeover),
        gates=gates,
        at=_time(at) if at else None,
    )
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


def _time(text: str) -> datetime:
    """ISO 8601, with or without a zone."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"--at {text}: not a time in ISO 8601; write it like 2026-12-05T22:00 or 2026-12-05T22:00+01:00"
        ) from None
