"""``netmgr notice``: the client is told of a change before it is made."""

from pathlib import Path

import click

from netmgr.cli.context import Context
from netmgr.cli.groups import Group
from netmgr.cli.options import option
from netmgr.cli.runtime import reading_runtime
from netmgr.errors import Exit, UsageError


@click.group(cls=Group)
def notice() -> None:
    """Notice of changes, as the agreement asks for it."""


@notice.command()
@click.argument("plan_file", metavar="PLAN")
@option("-m", "--reason", required=True, metavar="TEXT", help="Why, as the client shall read it.")
@option("--from", "begins", metavar="TIME", help="When the planned window begins (RFC 3339).")
@option("--to", "ends", metavar="TIME", help="When it ends.")
@click.pass_obj
def send(context: Context, plan_file: str, reason: str, begins: str | None, ends: str | None) -> int:
    """Tell the contacts with the role `notice` of PLAN (a file, or a saved plan's id) by mail, in their language.

    Exit 1 where one of them could not be told: it is tried again by `netmgr notify send --due`; then send it again.
    """
    from netmgr.cli.deploy import given_plan
    from netmgr.cli.view_notice import show_sent_notice
    from netmgr.workflows.agreement import moment
    from netmgr.workflows.deploy import parse_plan
    from netmgr.workflows.notice import send as workflow

    if not reason.strip():
        raise UsageError("--reason is empty; say why, as the client shall read it")
    if (begins is None) != (ends is None):
        raise UsageError("--from and --to belong together; give both, or neither")
    if context.client_or_none is None and Path(plan_file).is_file():
        context.set("client", parse_plan(Path(plan_file).read_bytes(), plan_file).client, environment=False)
    plan = given_plan(context, plan_file)
    if plan.client != context.client:
        raise UsageError(f"the plan is for {plan.client}, not {context.client}")
    with reading_runtime(context, "network") as (runtime, _):
        zone = runtime.inventories.load(runtime.client).client.timezone
        window = (moment(begins, zone), moment(ends, zone)) if begins and ends else None
        sent = workflow(runtime, plan, reason=" ".join(reason.split()), window=window)
    show_sent_notice(sent, output=context.output)
    return Exit.OK if sent.outcome == "sent" else Exit.FAILED
