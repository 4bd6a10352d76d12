"""``netmgr inventory``: list, show, import, graph, ansible."""

from pathlib import Path

import click

from netmgr.cli.ansible import ansible
from netmgr.cli.context import Context
from netmgr.cli.graph import graph
from netmgr.cli.groups import Group
from netmgr.cli.names import devices
from netmgr.cli.options import option
from netmgr.errors import Exit


@click.group(cls=Group)
def inventory() -> None:
    """What is looked after: clients, devices, links."""


inventory.add_command(ansible)
inventory.add_command(graph)


@inventory.command("list")
@click.pass_obj
def list_(context: Context) -> int:
    """List the client's devices; without -c, the clients."""
    from netmgr.cli.view_inventory import show_clients, show_devices
    from netmgr.workflows.inventory import list_devices, validate

    wiring, client = context.wiring, context.client_or_none
    if client is None:
        show_clients(validate(wiring.inventories, None), output=context.output)
    else:
        devices = list_devices(wiring.inventories, client, context.selection, overlay=context.overlay)
        show_devices(client, devices, output=context.output)
    return Exit.OK


@inventory.command("show")
@click.argument("host", shell_complete=devices)
@option("--explain/--no-explain", default=False, help="Say where each value was written.")
@click.pass_obj
def show(context: Context, host: str, explain: bool) -> int:
    """Show one device's data after merging, and its links."""
    from netmgr.cli.view_inventory import show_device as view
    from netmgr.workflows.inventory import show_device

    found = show_device(
        context.wiring.inventories, context.wiring.forms, context.client, host, overlay=context.overlay
    )
    view(context.client, found, explain=explain, output=context.output)
    return Exit.OK


@inventory.command("import")
@click.argument("topology", type=click.Path(path_type=Path))
@click.pass_obj
def import_(context: Context, topology: Path) -> int:
    """Make a new client (named with -c) from the published topology in the YAML file TOPOLOGY (nodes and links)."""
    from netmgr.adapters.topology_yaml import read_topology_file
    from netmgr.cli.view_inventory import show_imported
    from netmgr.workflows.inventory import import_topology

    published = read_topology_file(topology)
    made = import_topology(context.wiring.inventories, published, context.client, source=topology.name)
    show_imported(made, output=context.output)
    return Exit.OK
