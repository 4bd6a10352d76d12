"""``netmgr approve``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from netmgr.cli.context import Context
from netmgr.cli.deploy import given_plan
from netmgr.cli.options import Command, option
from netmgr.cli.runtime import reading_runtime
from netmgr.errors import Exit, Refused

if TYPE_CHECKING:
    from netmgr.model.change import Plan
    from netmgr.model.people import Person


@click.command(cls=Command)
@click.argument("plan_file", metavar="PLAN")
@option(
    "--key",
    metavar="FILE",
    help="Your SSH key, as config/people.yaml names it (default: the one that the SSH agent has).",
)
@option("-y", "--yes", is_flag=True, lingers=False, help="Do not ask.")
@click.pass_obj
def approve(context: Context, plan_file: str, key: str | None, yes: bool) -> int:
    """Sign for somebody else's plan. PLAN is a file from `plan --out`, or a saved plan's id."""
    from netmgr.cli.view_change import show_approved, show_plan
    from netmgr.workflows.approving import approve as sign
    from netmgr.workflows.deploy import parse_plan, refuse_foreign
    from netmgr.workflows.rehearsed import attached

    if context.client_or_none is None and Path(plan_file).is_file():
        context.set("client", parse_plan(Path(plan_file).read_bytes(), plan_file).client, environment=False)
    plan = given_plan(context, plan_file)
    with reading_runtime(context) as (runtime, progress):
        refuse_foreign(runtime, plan)

        def ask(plan: "Plan", person: "Person") -> bool:
            progress.done()
            if yes:
                return True
            known = plan.model_copy(update={"rehearsal": attached(runtime, plan)})
            show_plan(known, output="table", to_stderr=True)
            if not sys.stdin.isatty():
                raise Refused(
                    "approval", "there is no terminal to ask on", "look at the plan, then add --yes"
                )
            question = (
                f"approve {len(plan.changed)} devices of {plan.client} ({plan.target}) as {person.id}? "
                "type the client's id"
            )
            return bool(click.prompt(question, default="", show_default=False, err=True) == context.client)

        approved = sign(runtime, plan, key=key, ask=ask)
    show_approved(approved, output=context.output)
    return Exit.OK
