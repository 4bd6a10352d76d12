"""``netmgr deploy``, ``confirm`` and ``rollback``: the commands that write to devices."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from netmgr.change.outcome import exit_code
from netmgr.cli.context import Context
from netmgr.cli.names import changes, tickets
from netmgr.cli.options import Command, canary_option, diff_option, gates_option, option
from netmgr.cli.progress import TerminalProgress
from netmgr.cli.runtime import change_runtime
from netmgr.errors import Exit, Refused, UsageError
from netmgr.model.change import DeployResult, Plan, Refusal

if TYPE_CHECKING:
    from netmgr.cli.view_diff import Style

YES = option("-y", "--yes", is_flag=True, lingers=False, help="Do not ask.")
REASON = option("-m", "--reason", metavar="TEXT", help="Why, for the log and the client's report.")
BREAK_GLASS = option(
    "--break-glass",
    metavar="REASON",
    lingers=False,
    help="Pass windows, freezes, notice and approval; logged, and told in the client's report.",
)
TICKET = option(
    "--ticket", metavar="ID", shell_complete=tickets, help="The ticket that the change belongs to."
)
CONFIRM_IN = option(
    "--confirm-in",
    type=click.IntRange(min=1),
    metavar="S",
    help="The device-side timer in seconds (default: computed).",
)


@click.command(cls=Command, writes_devices=True)
@click.argument("plan_file", metavar="[PLAN]", required=False)
@YES
@REASON
@TICKET
@CONFIRM_IN
@canary_option()
@option("--hold", is_flag=True, help="Leave the checked change pending for `netmgr confirm`.")
@option("--dry-run", is_flag=True, help="Load and compare on every device, commit nothing.")
@option(
    "--takeover",
    multiple=True,
    lingers=False,
    metavar="DEVICE",
    help="Replace what others configured on DEVICE.",
)
@BREAK_GLASS
@gates_option()
@option("--max-fail", default="0", metavar="N|%", help="Devices that may be left out before the commit.")
@diff_option()
@click.pass_obj
def deploy(
    context: Context,
    plan_file: str | None,
    yes: bool,
    reason: str | None,
    ticket: str | None,
    confirm_in: int | None,
    canary: int | None,
    hold: bool,
    dry_run: bool,
    takeover: tuple[str, ...],
    break_glass: str | None,
    gates: bool,
    max_fail: str,
    diff_style: "Style",
) -> int:
    """Change the network, all or nothing. PLAN is a file from `plan --out`, or a saved plan's id."""
    from netmgr.workflows import deploy as workflow
    from netmgr.workflows.gates import DeployRequest

    with change_runtime(context) as (runtime, progress):
        given = given_plan(context, plan_file) if plan_file is not None else None
        request = DeployRequest(
            reason=reason,
            ticket=ticket,
            confirm_in=confirm_in,
            canary=canary,
            takeover=frozenset(takeover),
            gates=gates,
            break_glass=said(break_glass),
            max_fail=_allowance(max_fail, len(given.limit) if given else None, context),
            hold=hold,
            dry_run=dry_run,
        )
        asked = Approval(
            context, progress, yes=yes or dry_run, ticket=ticket, seen=given is not None, style=diff_style
        )
        result = attempt(
            context, lambda: workflow.deploy(runtime, context.selection, request, given=given, approve=asked)
        )
    return finish(context, result)


@click.command(cls=Command, writes_devices=True)
@click.argument("change", shell_complete=changes)
@click.pass_obj
def confirm(context: Context, change: str) -> int:
    """Confirm a change that `deploy --hold` left pending."""
    from netmgr.workflows import recover as workflow

    with change_runtime(context) as (runtime, _):
        result = attempt(context, lambda: workflow.confirm(runtime, change))
    return finish(context, result)


@click.command(cls=Command, writes_devices=True)
@click.argument("change", shell_complete=changes)
@YES
@REASON
@TICKET
@CONFIRM_IN
@BREAK_GLASS
@gates_option()
@option(
    "--plan", "plan_file", metavar="PLAN", lingers=False, help="The rollback's plan, once it is approved."
)
@click.pass_obj
def rollback(
    context: Context,
    change: str,
    yes: bool,
    reason: str | None,
    ticket: str | None,
    confirm_in: int | None,
    break_glass: str | None,
    gates: bool,
    plan_file: str | None,
) -> int:
    """Bring the devices back to before CHANGE, as a new change."""
    from netmgr.workflows import rollback as workflow
    from netmgr.workflows.gates import DeployRequest

    with change_runtime(context) as (runtime, progress):
        given = given_plan(context, plan_file) if plan_file is not None else None
        request = DeployRequest(
            reason=reason,
            ticket=ticket,
            confirm_in=confirm_in,
            gates=gates,
            break_glass=said(break_glass),
        )
        asked = Approval(context, progress, yes=yes, ticket=ticket, seen=False)
        result = attempt(
            context, lambda: workflow.rollback(runtime, change, request, given=given, approve=asked)
        )
    click.echo(f"note: the inventory still intends {change}; edit it before the next deploy", err=True)
    return finish(context, result)


class Approval:
    """Shows the plan and asks the engineer: the client's id is typed, so that no habit says yes to the wrong one."""

    def __init__(
        self,
        context: Context,
        progress: TerminalProgress,
        *,
        yes: bool,
        ticket: str | None,
        seen: bool,
        style: "Style" = "unified",
    ) -> None:
        self._context, self._progress, self._yes, self._ticket, self._seen = (
            context,
            progress,
            yes,
            ticket,
            seen,
        )
        self._style = style

    def __call__(self, plan: Plan) -> bool:
        """Show and ask, once. Raises Refused where nobody can be asked."""
        from netmgr.cli.view_change import show_attached, show_plan

        self._progress.done()
        if not self._seen:
            show_plan(plan, output="table", to_stderr=True, style=self._style)
        elif plan.rehearsal:
            show_attached(plan.rehearsal, to_stderr=True)
        if self._yes or plan.refused:
            return True
        if not sys.stdin.isatty():
            raise Refused("approval", "there is no terminal to ask on", "look at the plan, then add --yes")
        ticket = f", ticket {self._ticket}" if self._ticket else ""
        question = f"change {len(plan.changed)} devices of {plan.client} ({plan.target}{ticket})? type the client's id"
        return bool(click.prompt(question, default="", show_default=False, err=True) == self._context.client)


def given_plan(context: Context, plan: str) -> Plan:
    """The plan named on the command line: a file, or the id of a saved one."""
    from netmgr.errors import InputError
    from netmgr.workflows.deploy import parse_plan

    document = context.wiring.plans.load(context.client, plan)
    if document is None:
        try:
            document = Path(plan).read_bytes()
        except OSError as error:
            raise InputError([f"{plan}: no such plan file, and no saved plan of {context.client}"]) from error
    return parse_plan(document, plan)


def said(break_glass: str | None) -> str | None:
    """The reason for breaking the glass: without one nobody could judge it afterwards."""
    if break_glass is not None and not break_glass.strip():
        raise UsageError("--break-glass needs a reason; say why it cannot wait")
    return break_glass


def _allowance(text: str, devices: int | None, context: Context) -> int:
    """``--max-fail``: a number, or a share of the selected devices, rounded down."""
    if text.isdecimal():
        return int(text)
    if text.endswith("%") and text[:-1].isdecimal() and int(text[:-1]) <= 100:
        if devices is None:
            inventory = context.wiring.inventories.load(context.client, overlay=context.overlay)
            devices = sum(context.selection.selects(device) for device in inventory.devices)
        return devices * int(text[:-1]) // 100
    raise UsageError(f"--max-fail {text}: give a number of devices, or a share like 10%")


def attempt(context: Context, change: Callable[[], DeployResult]) -> DeployResult:
    """Run the change; with JSON output a gate's refusal is a result like any other, with the same document."""
    try:
        return change()
    except Refused as error:
        if context.output != "json":
            raise
        return DeployResult(
            change=None,
            plan=None,
            client=context.client,
            target=context.target,
            outcome="refused",
            seconds=0.0,
            refused=tuple(Refusal(gate=e.gate, reason=e.reason, remedy=e.remedy) for e in error.every),
        )


def finish(context: Context, result: DeployResult) -> int:
    """Show how it ended; the exit code."""
    from netmgr.cli.view_change import show_result

    show_result(result, output=context.output)
    left_out = any(device.outcome == "failed" for device in result.devices) and result.outcome == "applied"
    return (
        Exit.REFUSED
        if result.refused and result.outcome == "refused"
        else exit_code(result.outcome, left_out=left_out)
    )
