"""``netmgr exit-pack``: all that is kept of a client, for the client."""

from dataclasses import asdict
from pathlib import Path

import click

from netmgr.cli.context import Context
from netmgr.cli.options import Command, option
from netmgr.cli.runtime import reading_runtime
from netmgr.cli.views import print_json
from netmgr.errors import Exit


@click.command(cls=Command)
@option(
    "--to", "recipient", required=True, metavar="KEY", help="The client's age key (age1…): who can open it."
)
@option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    metavar="FILE",
    help="The file to write; it must not be there yet.",
)
@option("--secrets", is_flag=True, help="Also the values of the secrets that the configurations name.")
@click.pass_obj
def exit_pack(context: Context, recipient: str, out: Path, secrets: bool) -> int:
    """Inventory, configurations, log, signed agreements, reports and tickets in one archive that KEY opens.

    A manifest has every file's SHA-256, and the program that verifies the log is with it. Nothing of another client is.
    """
    from netmgr.workflows.exit_pack import pack

    with reading_runtime(context, "network") as (runtime, progress):
        made = pack(runtime, str(out), recipient, secrets=secrets)
        progress.done()
    if context.output == "json":
        print_json("exit-pack", asdict(made))
    else:
        click.echo(str(out))
        click.echo(f"{made.files} files, manifest {made.manifest}; logged as seq {made.seq}", err=True)
    return Exit.OK
