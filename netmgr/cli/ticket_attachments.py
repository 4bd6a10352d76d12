"""``netmgr ticket attachments``: what came with messages."""

from pathlib import Path

import click

from netmgr.cli.context import Context
from netmgr.cli.names import TICKET
from netmgr.cli.options import Command, option
from netmgr.cli.runtime import reading_runtime
from netmgr.errors import Exit, UsageError


@click.command(cls=Command)
@TICKET
@click.argument("number", type=click.IntRange(1), required=False)
@option(
    "--out",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    metavar="FILE",
    help="Write attachment NUMBER there, as it came; - is standard output.",
)
@click.pass_obj
def attachments(context: Context, identity: str, number: int | None, out: Path | None) -> int:
    """What came with a ticket's messages; with NUMBER and --out, one of them as a file.

    It is written as a stranger sent it: nothing has looked inside. A file that is there is left as it is.
    """
    from netmgr.adapters.private_files import write_durably
    from netmgr.cli.view_ticket import show_attachments
    from netmgr.workflows.ticket_attachments import attachments as workflow
    from netmgr.workflows.ticket_attachments import content

    if (number is None) != (out is None):
        raise UsageError("NUMBER and --out go together: which one, and where to")
    with reading_runtime(context, "network") as (runtime, progress):
        if number is None or out is None:
            listed = workflow(runtime, identity)
            progress.done()
            show_attachments(context.client, identity, listed, output=context.output)
            return Exit.OK
        data = content(runtime, identity, number)
        progress.done()
    if str(out) == "-":
        click.echo(data, nl=False)
        return Exit.OK
    if out.exists():
        raise UsageError(f"--out {out}: is there already; choose another name")
    write_durably(out, data)
    return Exit.OK
