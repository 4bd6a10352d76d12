"""``netmgr inventory graph``."""

from pathlib import Path

import click

from netmgr.cli.context import Context
from netmgr.cli.options import Command, option
from netmgr.errors import Exit, InputError, UsageError


@click.command("graph", cls=Command)
@option("--format", "formats", default="svg", show_default=True, metavar="LIST", help="svg, mermaid.")
@option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write there instead of here.",
)
@click.pass_obj
def graph(context: Context, formats: str, out: Path | None) -> int:
    """Draw the client's sites, devices and links, written to files; -l and the like draw a part."""
    from netmgr.cli.views import print_json
    from netmgr.workflows.graph import FORMATS
    from netmgr.workflows.graph import graph as draw

    wanted = [part.strip() for part in formats.split(",") if part.strip()]
    unknown = [name for name in wanted if name not in FORMATS]
    if unknown or not wanted:
        raise UsageError(f"no format {(unknown or [formats])[0]!r}; write some of {', '.join(FORMATS)}")
    inventories = context.wiring.inventories
    files = draw(inventories, context.client, context.selection, wanted, overlay=context.overlay)
    directory = out or Path()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (directory / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(
            [f"{directory}: cannot be written ({error.strerror}); name another directory"]
        ) from error
    written = [str(directory / name) for name in files]
    if context.output == "json":
        print_json("graph", {"client": context.client, "files": written})
    else:
        click.echo("\n".join(written))
    return Exit.OK
