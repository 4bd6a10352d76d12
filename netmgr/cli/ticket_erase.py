"""``netmgr ticket erase-contact``: one of the client's people is forgotten."""

from dataclasses import asdict

import click

from netmgr.cli.context import Context
from netmgr.cli.options import Command, option
from netmgr.cli.runtime import reading_runtime
from netmgr.cli.views import print_json
from netmgr.errors import Exit


@click.command(name="erase-contact", cls=Command)
@click.argument("contact", metavar="CONTACT")
@option("--reason", required=True, help="Why, in words that do not name them; kept as a body itself.")
@option("--basis", required=True, help="The law or clause that demands it, such as GDPR-17.")
@option(
    "--also", multiple=True, metavar="TEXT", help="Another spelling of their name or address to look for."
)
@option("-y", "--yes", is_flag=True, lingers=False, help="Erase it; without this it is only shown.")
@click.pass_obj
def erase_contact(
    context: Context, contact: str, reason: str, basis: str, also: tuple[str, ...], yes: bool
) -> int:
    """Forget CONTACT (k-…): destroy every text that is theirs or names them. The log still verifies, clocks stay."""
    from netmgr.workflows.erase_person import erase, named

    with reading_runtime(context, "network") as (runtime, progress):
        order = {"reason": reason, "basis": basis}
        found = erase(runtime, contact, also=also, **order) if yes else named(runtime, contact, also)
        progress.done()
    if context.output == "json":
        print_json("ticket-erase-contact", asdict(found))
        return Exit.OK
    did = "erased" if yes else "to be erased (--yes does it)"
    click.echo(f"{found.contact}: {len(found.bodies)} texts, {len(found.notifications)} notifications {did}")
    if found.kept:
        click.echo(
            f"kept, because it was signed or is in the books: seq {', '.join(map(str, found.kept))}", err=True
        )
    for report in found.reports:
        click.echo(f"a report that was kept names them: {report}", err=True)
    if found.listed:
        click.echo(f"inventory/{found.client}/client.yaml names them; take them out there", err=True)
    click.echo("Copies in exports, archives, mailboxes and backups are not reached.", err=True)
    return Exit.OK
