"""``netmgr status``."""

import click

from netmgr.cli.context import Context
from netmgr.cli.options import Command, option
from netmgr.cli.runtime import reading_runtime
from netmgr.errors import Exit


@click.command(cls=Command)
@option("--contact/--no-contact", default=True, help="Log in to the devices.  [default: contact]")
@click.pass_obj
def status(context: Context, contact: bool) -> int:
    """How a client stands: devices, reachability, drift, timers, open changes, lock.

    Without -c a line for each client, from the log alone.
    """
    from netmgr.cli.view_status import show_overview, show_status
    from netmgr.model.permission import may
    from netmgr.workflows import status as workflow

    if context.client_or_none is None:
        wiring, today = context.wiring, context.wiring.clock.now()
        clients = workflow.overview(
            wiring.service_log,
            wiring.inventories,
            context.target,
            lambda client: may(wiring.people, context.actor.id, "read", client, today.date()),
        )
        show_overview(clients, target=context.target, now=today, output=context.output)
        return Exit.OK
    with reading_runtime(context) as (runtime, progress):
        found = workflow.status(runtime, context.selection, contact=contact)
        progress.done()
    show_status(found, output=context.output)
    return Exit.PARTIAL if any(device.reachable is False for device in found.devices) else Exit.OK
