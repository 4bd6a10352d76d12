"""``netmgr adopt``."""

import sys
from pathlib import Path
from typing import Literal

import click

from netmgr.cli.context import Context
from netmgr.cli.names import devices as complete_devices
from netmgr.cli.options import Command, option
from netmgr.cli.progress import TerminalProgress
from netmgr.cli.runtime import reading_runtime
from netmgr.errors import Exit, UsageError
from netmgr.model.adoption import Adoption

_CODES = {"error": Exit.FAILED, "unreachable": Exit.PARTIAL}


@click.command(cls=Command)
@click.argument("devices", nargs=-1, metavar="[DEVICE]...", shell_complete=complete_devices)
@option(
    "--from-file",
    type=click.Path(path_type=Path),
    metavar="CONFIG",
    lingers=False,
    help="Read DEVICE's configuration from a file, and contact nobody.",
)
@option("-y", "--yes", is_flag=True, lingers=False, help="Do not ask.")
@option(
    "--secrets",
    type=click.Choice(["age", "file"]),
    default="age",
    show_default=True,
    help="Where secrets of the configurations are kept: encrypted, or in plain files.",
)
@option("--explain/--no-explain", default=False, help="Show the lines that stay verbatim.")
@option("--detailed-exitcode", is_flag=True, help="Exit 2 when files would change and were not written.")
@click.pass_obj
def adopt(
    context: Context,
    devices: tuple[str, ...],
    from_file: Path | None,
    yes: bool,
    secrets: Literal["age", "file"],
    explain: bool,
    detailed_exitcode: bool,
) -> int:
    """Read what devices run into the inventory: the named ones, or all that are selected."""
    from netmgr.cli.view_adopt import show_adoption
    from netmgr.workflows import adopt as workflow

    selection = context.selection
    if devices:
        selection = selection.model_copy(update={"names": (*selection.names, *devices)})
    given = _configuration(from_file) if from_file is not None else None
    with reading_runtime(context) as (runtime, progress):
        asked = Approval(context, progress, yes=yes, explain=explain)
        store = context.wiring.secret_store(secrets)
        made = workflow.adopt(runtime, selection, store=store, given=given, approve=asked)
        progress.done()
    show_adoption(made, output=context.output, explain=explain, proposal=not asked.shown)
    worst = workflow.worst(made)
    if worst in _CODES:
        return _CODES[worst]
    return Exit.CHANGES if detailed_exitcode and made.files and not made.written else Exit.OK


def _configuration(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError as error:
        raise UsageError(f"--from-file {path}: {error.strerror}; name a configuration's file") from None


class Approval:
    """Whoever only adds is not asked; else a person at a terminal is, after seeing what would be written."""

    def __init__(self, context: Context, progress: TerminalProgress, *, yes: bool, explain: bool) -> None:
        self._context, self._progress, self._yes, self._explain = context, progress, yes, explain
        self.shown = False

    def __call__(self, made: Adoption) -> bool:
        """Whether the files shall be written."""
        if self._yes or not made.asks:
            return True
        if not sys.stdin.isatty() or self._context.output == "json":
            return False
        from netmgr.cli.view_adopt import show_proposal

        self._progress.done()
        show_proposal(made)
        self.shown = True
        return click.confirm(f"Write these files of {made.client}?", err=True)
