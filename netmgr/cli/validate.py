"""``netmgr validate``."""

import click

from netmgr.cli.context import Context
from netmgr.cli.options import Command
from netmgr.errors import Exit


@click.command(cls=Command)
@click.pass_obj
def validate(context: Context) -> int:
    """Check every client's files, or those of one client (-c), and config: all problems, with file and line."""
    from netmgr.adapters.playbook_files import PlaybookFiles
    from netmgr.cli.view_inventory import show_checked
    from netmgr.workflows.inventory import validate as check

    wiring = context.wiring
    checked = check(
        wiring.inventories,
        context.client_or_none,
        overlay=context.overlay,
        checks=wiring.checks,
        schedule=wiring.schedule,
        audits=wiring.audit_policies,
        today=wiring.clock.now().date(),
        notify=wiring.notify_files,
        playbooks=PlaybookFiles(context.workspace),
        agreements=wiring.office.agreements,
        provider=wiring.provider_file,
        rosters=wiring.office.rosters,
    )
    show_checked(checked, output=context.output)
    return Exit.OK
