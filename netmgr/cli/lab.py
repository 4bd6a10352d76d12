"""``netmgr lab``: a twin of the client's network on this machine."""

import os
from typing import Literal

import click

from netmgr.cli.context import Context
from netmgr.cli.groups import Group
from netmgr.cli.names import devices
from netmgr.cli.options import option
from netmgr.cli.progress import TerminalProgress
from netmgr.cli.runtime import reading_runtime
from netmgr.cli.views import print_json, print_table, table
from netmgr.errors import Exit, LabError
from netmgr.model.lab import LabStatus


@click.group(cls=Group)
def lab() -> None:
    """A twin of the client's network: real routers in namespaces of an ordinary user, others emulated."""


@lab.command()
@option(
    "--hosts", is_flag=True, lingers=False, help="Also make a Debian for hosts (lab.debian_hosts), of 500 MB."
)
def setup(hosts: bool) -> int:
    """Fetch and unpack what the lab needs into the user's cache. Needs no workspace."""
    from netmgr.lab.kit import LabKit

    progress = TerminalProgress()
    labs = LabKit()
    kit = labs.setup(progress)
    root = labs.hosts.setup(progress) if hosts else None
    progress.done()
    click.echo(kit.description)
    if root:
        click.echo(f"a Debian for the lab's hosts in {root}")
    return Exit.OK


@lab.command()
@option(
    "--from",
    "source",
    type=click.Choice(["running", "intended"]),
    help="Boot with what the network runs now, or with what the inventory intends (default: empty).",
)
@click.pass_obj
def up(context: Context, source: Literal["running", "intended"] | None) -> int:
    """Boot the client's devices; returns when every one is ready."""
    from netmgr.workflows.lab import lab_network, network_from

    wiring, lldp, own = context.wiring, context.settings.lab.lldp, context.settings.lab.debian_hosts
    if source is None:
        network = lab_network(
            wiring.inventories,
            wiring.templates,
            wiring.forms,
            context.client,
            overlay=context.settings.lab.overlay,
            lldp=lldp,
        )
        progress = TerminalProgress()
        status = wiring.lab.up(network.with_own_roots(own), progress)
    else:
        # What runs is the network's, whatever the lab runs; what is intended for the lab has the lab's overlay.
        with reading_runtime(context, "network" if source == "running" else "lab") as (runtime, progress):
            network, now = network_from(runtime, source, lldp=lldp)
            for line in now.notes:
                progress.say(line)
            try:
                status = wiring.lab.up(network.with_own_roots(own), progress)
            except LabError as error:
                raise now.hidden(runtime, error) from None
    progress.done()
    _show(status, output=context.output)
    return Exit.OK


@lab.command()
@click.pass_obj
def down(context: Context) -> int:
    """Stop the lab; nothing of it stays."""
    stopped = context.wiring.lab.down(context.client)
    click.echo(f"lab of {context.client}: {'stopped' if stopped else 'was not running'}", err=True)
    return Exit.OK


@lab.command()
@click.pass_obj
def status(context: Context) -> int:
    """Each device's address, port, login and whether it is ready."""
    state = context.wiring.lab.status(context.client)
    _show(state or LabStatus(client=context.client, devices=()), output=context.output)
    return Exit.OK if state else Exit.FAILED


@lab.command(name="exec", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("device", shell_complete=devices)
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def exec_(context: Context, device: str, command: tuple[str, ...]) -> int:
    """Run COMMAND on the device's console, independent of its network; without one, a login shell."""
    words = context.wiring.lab.console(context.client, device, command[command[:1] == ("--",) :])
    try:
        os.execvp(words[0], words)  # noqa: S606 - an argument list, no shell
    except OSError as error:
        raise LabError(f"{device}: console: {words[0]}: {error.strerror}; install util-linux") from error


def _show(state: LabStatus, *, output: str) -> None:
    if output == "json":
        print_json("lab", state.model_dump(mode="json"))
        return
    if not state.devices:
        click.echo(f"no lab of {state.client} is running")
        return
    rows = table("DEVICE", "PLATFORM", "KIND", "ACCESS", "READY")
    for device in state.devices:
        https = f"https://{device.user}@{device.address}:{device.port}"
        address = https if device.certificates else f"{device.user}@{device.address} -p {device.port}"
        rows.add_row(device.device, device.platform, device.kind, address, "yes" if device.ready else "no")
    print_table(rows)
