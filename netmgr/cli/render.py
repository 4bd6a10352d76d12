"""``netmgr render``."""

from pathlib import Path

import click

from netmgr.cli.context import Context
from netmgr.cli.options import Command, option
from netmgr.errors import Exit


@click.command(cls=Command)
@option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Write one file for each device into DIR."
)
@click.pass_obj
def render(context: Context, out: Path | None) -> int:
    """Print the configuration that the inventory intends; secrets stay references. Contacts no device."""
    from netmgr.cli.views import print_json
    from netmgr.workflows.render import rendered

    wiring = context.wiring
    configs = rendered(
        wiring.inventories,
        wiring.templates,
        wiring.forms,
        context.client,
        context.selection,
        overlay=context.overlay,
    )
    if out:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in configs.items():
            (out / f"{name}.conf").write_text(text)
        click.echo(f"{len(configs)} files in {out}", err=True)
    elif context.output == "json":
        print_json("render", {"client": context.client, "configs": dict(configs)})
    else:
        for name, text in configs.items():
            click.echo(f"! {name}\n{text}", nl=False)
    return Exit.OK
