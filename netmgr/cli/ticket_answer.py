"""``netmgr ticket answer``: what the log has for the client of some days, as they asked for it."""

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Final, cast

import click

from netmgr.cli.context import Context
from netmgr.cli.names import TICKET
from netmgr.cli.options import Command, option
from netmgr.cli.runtime import reading_runtime
from netmgr.cli.texts import line
from netmgr.cli.views import print_json
from netmgr.errors import Exit, UsageError

WAYS: Final = ("mail", "portal", "medium", "meeting")


@click.command(cls=Command)
@TICKET
@option("--from", "first", required=True, metavar="DAY", help="The first day, on the client's clocks.")
@option("--until", "last", required=True, metavar="DAY", help="The last day, which belongs to it.")
@option("--to", "key", required=True, metavar="KEY", help="The client's age key (age1…): who can open it.")
@option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    metavar="FILE",
    help="The file to write; it must not be there yet.",
)
@option("--recipient", metavar="WHO", help="Who gets it: as `--reporter` (default: the ticket's reporter).")
@option("--by", "way", type=click.Choice(WAYS), default="mail", show_default=True, help="How they get it.")
@click.pass_obj
def answer(
    context: Context, /, identity: str, first: str, last: str, key: str, out: Path, **given: Any
) -> int:
    """Everything that is for the client, of some days, in one archive that KEY opens; TICKET says that it went out.

    TICKET is of kind information. Entries for our own work are hidden in it, and it can be verified all the same.
    Nothing of another client is in it.
    """
    from netmgr.workflows.information import Asked
    from netmgr.workflows.information import answer as workflow

    asked = Asked(
        ticket=identity,
        first=_day("--from", first),
        last=_day("--until", last),
        to=line("--recipient", given["recipient"]),
        way=cast("Any", given["way"]),
    )
    with reading_runtime(context, "network") as (runtime, progress):
        made = workflow(runtime, asked, str(out), key)
        progress.done()
    if context.output == "json":
        print_json("information", asdict(made))
    else:
        click.echo(str(out))
        said = f"{made.shown} entries shown, {made.hidden} hidden; manifest {made.manifest}"
        click.echo(f"{said}; logged on {made.ticket} as seq {made.seq}", err=True)
    return Exit.OK


def _day(name: str, given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise UsageError(f"{name} {given}: not a day; write it like 2027-01-31") from None
