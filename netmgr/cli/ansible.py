"""``netmgr inventory ansible``."""

import json
import sys

import click

from netmgr.cli.context import Context
from netmgr.cli.options import Command, option
from netmgr.errors import Exit


@click.command("ansible", cls=Command)
@option("--list", "all_hosts", is_flag=True, lingers=False, help="Print every group and host.")
@option("--host", lingers=False, metavar="NAME", help="Print one host's variables.")
@click.pass_obj
def ansible(context: Context, all_hosts: bool, host: str | None) -> int:
    """Print the client as Ansible's dynamic inventory (JSON), for an inventory script; secrets stay references."""
    from netmgr.workflows.ansible import ansible_host, ansible_list, contacted

    if all_hosts == (host is not None):
        raise click.UsageError("give one of --list and --host NAME")
    inventory = context.wiring.inventories.load(context.client, overlay=context.overlay)
    reach = {r.device: r for r in context.wiring.reach(inventory, context.target, contacted(inventory))}
    document = ansible_list(inventory, reach) if host is None else ansible_host(inventory, reach, host)
    json.dump(document, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")
    return Exit.OK
