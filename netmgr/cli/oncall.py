"""``netmgr oncall``: who is on call, the acknowledgement, and the next person."""

import click

from netmgr.cli.context import Context
from netmgr.cli.groups import Group
from netmgr.cli.names import tickets
from netmgr.cli.options import option
from netmgr.cli.runtime import reading_runtime
from netmgr.cli.texts import AT, at
from netmgr.errors import Exit


@click.group(cls=Group)
def oncall() -> None:
    """Who is on call (config/oncall.yaml), and who is called where nobody acknowledges."""


@oncall.command()
@option("--at", metavar="TIME", lingers=False, help="Then (RFC 3339, or a day), in place of now.")
@click.pass_obj
def who(context: Context, at: str | None) -> int:
    """Who is on call for the client, until when, and who is called after them. Exit 1 where nobody is."""
    from netmgr.cli import texts
    from netmgr.cli.view_oncall import show_duty
    from netmgr.workflows.oncall import who as workflow

    with reading_runtime(context, "network") as (runtime, _):
        when = texts.at(runtime, at)
        found = workflow(runtime, when)
    show_duty(context.client, found, output=context.output)
    return Exit.OK if found else Exit.FAILED


@oncall.command()
@click.argument("ticket", shell_complete=tickets)
@AT
@click.pass_obj
def ack(context: Context, /, ticket: str, **given: str | None) -> int:
    """Say that you are on TICKET: it is the response, nobody else is called, and the ticket is yours."""
    from netmgr.workflows.oncall import acknowledge

    with reading_runtime(context, "network") as (runtime, _):
        acknowledge(runtime, ticket, at=at(runtime, given["at"]))
    click.echo(f"{ticket}: acknowledged", err=True)
    return Exit.OK


@oncall.command()
@click.argument("ticket", shell_complete=tickets)
@click.pass_obj
def escalate(context: Context, ticket: str) -> int:
    """Call the next person for TICKET now. That is no response: only who takes it gives one."""
    from netmgr.cli.view_oncall import show_called
    from netmgr.workflows.oncall import escalate as workflow

    with reading_runtime(context, "network") as (runtime, _):
        called = workflow(runtime, ticket)
    show_called(context.client, called, output=context.output)
    return Exit.OK
