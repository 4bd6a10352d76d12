"""``netmgr backup``: run, list, show, diff, check, key."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from netmgr.cli.context import Context
from netmgr.cli.groups import Group
from netmgr.cli.names import devices
from netmgr.cli.options import diff_option, option
from netmgr.cli.runtime import reading_runtime
from netmgr.errors import Exit

if TYPE_CHECKING:
    from netmgr.cli.view_diff import Style
    from netmgr.model.backup import BackupStatus, Document

#: The exit code of the worst device.
_CODES: "dict[BackupStatus, Exit]" = {
    "error": Exit.FAILED,
    "quarantined": Exit.FAILED,
    "unreachable": Exit.PARTIAL,
}
_DOCUMENT = option(
    "--document",
    type=click.Choice(["running", "startup", "facts"]),
    default="running",
    show_default=True,
    help="Which document of the version.",
)


@click.group(cls=Group)
def backup() -> None:
    """What the devices run, kept complete, encrypted and versioned; what is shown of it hides every secret."""


@backup.command()
@option(
    "--accept",
    multiple=True,
    lingers=False,
    metavar="DEVICE",
    help="Keep as good although DEVICE's configuration shrank.",
)
@click.pass_obj
def run(context: Context, accept: tuple[str, ...]) -> int:
    """Back the devices up: running and startup configuration, facts."""
    from netmgr.cli.view_backup import show_run
    from netmgr.workflows import backup as workflow

    with reading_runtime(context) as (runtime, progress):
        made = workflow.backup(runtime, context.selection, accepted=accept)
        progress.done()
    show_run(made, output=context.output)
    counts = made.counts
    if counts["error"] or counts["quarantined"] or any(copy.error for copy in made.copies):
        return Exit.FAILED
    return _CODES.get(made.worst, Exit.OK)


@backup.command(name="list")
@option("--all", "every", is_flag=True, help="Every version, not only the newest good one of each device.")
@click.pass_obj
def list_(context: Context, every: bool) -> int:
    """The versions that are kept, newest first."""
    from netmgr.cli.view_backup import show_list
    from netmgr.workflows.backup_views import versions

    with reading_runtime(context) as (runtime, progress):
        found = versions(runtime, context.selection, every=every)
        progress.done()
    show_list(found, output=context.output)
    return Exit.OK


@backup.command()
@click.argument("device", shell_complete=devices)
@click.argument("version", required=False)
@_DOCUMENT
@option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    lingers=False,
    help="Write it complete, secrets and all, into FILE (mode 0600) instead; logged.",
)
@click.pass_obj
def show(context: Context, device: str, version: str | None, document: "Document", out: Path | None) -> int:
    """Print a document of DEVICE, secrets hidden. VERSION is the first digits of one that `list` shows."""
    from netmgr.cli.view_backup import show_version
    from netmgr.workflows import backup_views as workflow

    with reading_runtime(context) as (runtime, progress):
        if out is not None:
            from netmgr.adapters.private_files import write_durably

            write_durably(out, workflow.complete(runtime, device, version, document))
            click.echo(str(out))
            return Exit.OK
        found = workflow.shown(runtime, device, version, document)
        progress.done()
    show_version(found, output=context.output)
    return Exit.OK


@backup.command()
@click.argument("device", shell_complete=devices)
@click.argument("old", required=False)
@click.argument("new", required=False)
@option("--detailed-exitcode", is_flag=True, help="Exit 2 when the versions differ.")
@diff_option()
@click.pass_obj
def diff(
    context: Context,
    device: str,
    old: str | None,
    new: str | None,
    detailed_exitcode: bool,
    diff_style: "Style",
) -> int:
    """What changed in the running configuration of DEVICE from OLD to NEW, by default between the newest two."""
    from netmgr.cli.view_backup import show_diff
    from netmgr.workflows.backup_views import diff as workflow

    with reading_runtime(context) as (runtime, progress):
        made = workflow(runtime, device, old, new)
        progress.done()
    show_diff(made, output=context.output, style=diff_style)
    return Exit.CHANGES if detailed_exitcode and made.diff else Exit.OK


@backup.command()
@click.pass_obj
def check(context: Context) -> int:
    """Decrypt every version, and compare it with its digest and with the service log."""
    from netmgr.cli.view_backup import show_check
    from netmgr.workflows.backup_views import check as workflow

    with reading_runtime(context) as (runtime, progress):
        made = workflow(runtime)
        progress.done()
    show_check(made, output=context.output)
    return Exit.FAILED if made.problems else Exit.OK


@backup.command()
@click.argument("file", type=click.Path(path_type=Path))
def key(file: Path) -> int:
    """Make an identity to be kept offline: FILE is put away, the public key that is printed goes into the settings."""
    from netmgr.adapters.backups_git import make_identity

    click.echo(make_identity(file))
    click.echo(
        f"put {file} where this machine cannot reach it, and the key into config/netmgr.yaml: "
        "backups: {recipients: [KEY]}",
        err=True,
    )
    return Exit.OK
