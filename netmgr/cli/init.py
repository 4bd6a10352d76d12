"""``netmgr init``."""

from pathlib import Path

import click

from netmgr.cli.options import Command, option
from netmgr.errors import Exit


@click.command(cls=Command)
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@option("--examples/--no-examples", default=True, help="Copy the example clients and topologies too.")
def init(directory: Path, examples: bool) -> int:
    """Make a new workspace in DIRECTORY, which must be new or empty."""
    from netmgr.adapters.workspace_files import make_workspace

    make_workspace(directory, examples=examples)
    click.echo(f"workspace made in {directory}; next: cd {directory} && netmgr validate")
    return Exit.OK
