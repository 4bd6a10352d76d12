"""``netmgr audit``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from netmgr.cli.context import Context
from netmgr.cli.options import Command, diff_option, option
from netmgr.cli.runtime import reading_runtime
from netmgr.errors import Exit, InputError
from netmgr.model.audit import PARTS, AuditPart, AuditStatus

if TYPE_CHECKING:
    from netmgr.cli.view_diff import Style
    from netmgr.workflows.audit_changed import Reading

#: The exit code that counts most comes first.
_CODES: dict[AuditStatus, Exit] = {"error": Exit.FAILED, "unreachable": Exit.PARTIAL}


@click.command(cls=Command)
@option(
    "--part",
    "parts",
    metavar="LIST",
    help="configuration, compliance, state, reach, or all (default: the first two, or as in the settings).",
)
@option(
    "--changed", is_flag=True, help="Read only devices whose configuration changed since the newest audit."
)
@option("--full", is_flag=True, help="Read every device, and note for --changed how it stands.")
@option("--detailed-exitcode", is_flag=True, help="Exit 2 when something is not as it must be.")
@option(
    "--junit",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the results as JUnit's XML too.",
)
@diff_option()
@click.pass_obj
def audit(
    context: Context,
    parts: str | None,
    changed: bool,
    full: bool,
    detailed_exitcode: bool,
    junit: Path | None,
    diff_style: "Style",
) -> int:
    """Compare what the devices run with what the inventory intends and the policies ask for.

    Changes nothing and needs no lock.
    """
    from netmgr.cli.view_audit import show_audit
    from netmgr.workflows import audit as workflow

    if changed and full:
        raise click.UsageError("--changed and --full exclude each other")
    reading: Reading = "changed" if changed else "full" if full else "plain"
    chosen = _chosen(parts) if parts else context.wiring.settings.audit.parts
    if junit is not None and not junit.absolute().parent.is_dir():
        raise InputError([f"{junit}:1: there is no such directory; make it, or name another file"])
    with reading_runtime(context) as (runtime, progress):
        made = workflow.audit(
            runtime,
            context.selection,
            chosen,
            reading=reading,
            sweep=context.wiring.settings.audit.sweep_hours,
        )
        progress.done()
    if junit is not None:
        from netmgr.cli.view_junit import write_junit

        write_junit(made, junit)
    show_audit(made, output=context.output, style=diff_style)
    if made.worst in _CODES:
        return _CODES[made.worst]
    return Exit.CHANGES if detailed_exitcode and made.amiss else Exit.OK


def _chosen(text: str) -> tuple[AuditPart, ...]:
    from netmgr.model.suggest import did_you_mean

    words = [word.strip() for word in text.split(",")]
    for word in words:
        if word not in (*PARTS, "all"):
            raise click.UsageError(f"no part {word!r} of an audit; {did_you_mean(word, PARTS)}")
    return PARTS if "all" in words else tuple(part for part in PARTS if part in words)
