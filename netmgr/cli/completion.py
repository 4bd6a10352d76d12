"""``netmgr completion``."""

import click
from click.shell_completion import get_completion_class

from netmgr.cli.options import Command
from netmgr.errors import Exit


@click.command(cls=Command)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> int:
    """Print the script that teaches SHELL to complete netmgr's commands, clients, devices and changes."""
    kind = get_completion_class(shell)
    if kind is None:
        raise click.BadParameter(f"no completion for {shell}")
    click.echo(kind(ctx.find_root().command, {}, "netmgr", "_NETMGR_COMPLETE").source())
    return Exit.OK
