"""``netmgr drift``: what audits found, and what becomes of it."""

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from netmgr.cli.context import Context
from netmgr.cli.groups import Group
from netmgr.cli.names import devices as complete_devices
from netmgr.cli.options import diff_option, option
from netmgr.cli.runtime import change_runtime, reading_runtime
from netmgr.errors import Exit, UsageError
from netmgr.model.selection import Selection

if TYPE_CHECKING:
    from netmgr.cli.view_diff import Style


@click.group(cls=Group)
def drift() -> None:
    """What devices run otherwise than intended: look, then accept it, revert it, or waive it for a while."""


@drift.command(name="list")
@click.pass_obj
def list_(context: Context) -> int:
    """The devices that drifted, by the log. Asks no device."""
    from netmgr.cli.view_drift import show_drifts
    from netmgr.workflows.drift import open_drift

    with reading_runtime(context) as (runtime, progress):
        found = open_drift(runtime, context.selection)
        progress.done()
    show_drifts(found, output=context.output)
    return Exit.OK


@drift.command()
@click.argument("device", shell_complete=complete_devices)
@diff_option()
@click.pass_obj
def show(context: Context, device: str, diff_style: "Style") -> int:
    """One device's drift as the newest audit found it. Asks no device."""
    from netmgr.cli.view_drift import show_one
    from netmgr.workflows.drift import show_drift

    with reading_runtime(context) as (runtime, progress):
        found = show_drift(runtime, device)
        progress.done()
    show_one(found, output=context.output, style=diff_style)
    return Exit.OK


@drift.command()
@click.argument("devices", nargs=-1, required=True, metavar="DEVICE...", shell_complete=complete_devices)
@option("--until", required=True, metavar="DATE", help="The last day on which it holds.")
@option("-m", "--reason", required=True, help="Why.")
@click.pass_obj
def waive(context: Context, devices: tuple[str, ...], until: str, reason: str) -> int:
    """Let the drift of devices be, as it was found, until a day. Every audit and report tells of it."""
    from netmgr.cli.view_drift import show_drifts
    from netmgr.workflows import drift as workflow

    if not reason.strip():
        raise UsageError("-m: say why")
    with reading_runtime(context) as (runtime, progress):
        made = workflow.waive(
            runtime, _named(context, devices), until=_day(until), reason=" ".join(reason.split())
        )
        progress.done()
    show_drifts(made, output=context.output)
    return Exit.OK


@drift.command()
@click.argument("devices", nargs=-1, required=True, metavar="DEVICE...", shell_complete=complete_devices)
@option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the plan to FILE for `deploy FILE`."
)
@diff_option()
@click.pass_obj
def revert(context: Context, devices: tuple[str, ...], out: Path | None, diff_style: "Style") -> int:
    """Plan what puts devices right; `netmgr deploy` then does it. Changes no device."""
    from netmgr.cli.view_change import show_plan
    from netmgr.workflows import drift as workflow
    from netmgr.workflows.deploy import saved
    from netmgr.workflows.gates import DeployRequest

    with change_runtime(context) as (runtime, progress):
        made = workflow.revert(runtime, _named(context, devices), DeployRequest())
        progress.done()
        if out:
            from netmgr.adapters.private_files import write_durably

            write_durably(out.absolute(), saved(made))
        show_plan(made, output=context.output, style=diff_style)
    return Exit.PARTIAL if made.unreachable else Exit.OK


@drift.command()
@click.argument("devices", nargs=-1, required=True, metavar="DEVICE...", shell_complete=complete_devices)
@option("-y", "--yes", is_flag=True, lingers=False, help="Do not ask.")
@option(
    "--secrets",
    type=click.Choice(["age", "file"]),
    default="age",
    show_default=True,
    help="Where secrets of the configurations are kept: encrypted, or in plain files.",
)
@click.pass_obj
def accept(context: Context, devices: tuple[str, ...], yes: bool, secrets: Literal["age", "file"]) -> int:
    """Write what devices run into the client's files, comments kept: a plan is empty afterwards."""
    from netmgr.cli.adopt import Approval
    from netmgr.cli.view_adopt import show_adoption
    from netmgr.workflows import drift as workflow
    from netmgr.workflows.adopt import worst

    if not yes and (context.output == "json" or not sys.stdin.isatty()):
        raise UsageError("there is nobody to ask; give --yes, or look first with `netmgr adopt`")
    with reading_runtime(context) as (runtime, progress):
        asked = Approval(context, progress, yes=yes, explain=False)
        store = context.wiring.secret_store(secrets)
        made = workflow.accept(runtime, _named(context, devices), store=store, approve=asked)
        progress.done()
    show_adoption(made, output=context.output, explain=False, proposal=not asked.shown)
    return {"error": Exit.FAILED, "unreachable": Exit.PARTIAL}.get(worst(made), Exit.OK)


def _named(context: Context, devices: tuple[str, ...]) -> Selection:
    return context.selection.model_copy(update={"names": (*context.selection.names, *devices)})


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--until {text}: not a day; write it like 2027-01-31") from None
