"""``netmgr doctor``."""

import sys

import click

from netmgr.cli.context import Context
from netmgr.cli.names import devices as complete_devices
from netmgr.cli.options import Command, option
from netmgr.cli.runtime import reading_runtime
from netmgr.errors import Exit, Refused, UsageError
from netmgr.model.checkup import Check, Checkup
from netmgr.model.host_key import Door, EnrolledKey, KeyReport


@click.command(cls=Command)
@click.argument("devices", nargs=-1, shell_complete=complete_devices)
@option("--enrol", is_flag=True, lingers=False, help="Put the host keys of DEVICES on record, after asking.")
@option("-y", "--yes", is_flag=True, lingers=False, help="Do not ask.")
@click.pass_obj
def doctor(context: Context, devices: tuple[str, ...], enrol: bool, yes: bool) -> int:
    """Test the installation, the workspace and, with -c, the way to each device. DEVICES are for --enrol."""
    from netmgr.cli.view_doctor import show_checkup
    from netmgr.workflows.doctor import examine

    if enrol != bool(devices):
        raise UsageError("--enrol and the names of devices or jump hosts belong together")
    if enrol and context.lab:
        raise UsageError("the lab's host keys are on record already; --enrol is for the network")
    client = context.client if enrol else context.client_or_none
    clients = (client,) if client else context.wiring.inventories.clients()
    checks = tuple(examine(context.wiring.instruments, clients))
    enrolled: tuple[EnrolledKey, ...] = ()
    store_opens = all(check.status != "failed" for check in checks if check.name == "service log")
    if client and (enrol or store_opens):
        enrolled, reached = _devices(context, devices, yes=yes)
        checks += reached
    else:
        why = "no client named: -c CLIENT tests the way to its devices" if not client else "no service log"
        checks += (Check(area="access", name="devices", status="not_measured", detail=why),)
    checkup = Checkup(client=client, target=context.target, checks=checks, enrolled=enrolled)
    show_checkup(checkup, output=context.output)
    return Exit.OK if checkup.healthy else Exit.FAILED


def _devices(
    context: Context, names: tuple[str, ...], *, yes: bool
) -> tuple[tuple[EnrolledKey, ...], tuple[Check, ...]]:
    from netmgr.workflows.enrolment import enrol
    from netmgr.workflows.reachability import reachability

    with reading_runtime(context) as (runtime, progress), context.wiring.host_keys() as keys:

        def approve(door: Door, report: KeyReport) -> bool:
            progress.done()
            click.echo(f"{door.name} ({report.known_as}) offers {report.offered}", err=True)
            if yes:
                return True
            if not sys.stdin.isatty():
                raise Refused(
                    "approval", "there is no terminal to ask on", "compare the fingerprint, then add --yes"
                )
            return click.confirm("is this the device's own key", default=False, err=True)

        enrolled = enrol(runtime, keys, names, approve) if names else ()
        runtime.require("read")
        return enrolled, tuple(reachability(runtime, keys, context.selection))
