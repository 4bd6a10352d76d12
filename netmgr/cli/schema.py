"""``netmgr schema``."""

import json
from pathlib import Path

import click

from netmgr.cli.names import schemas
from netmgr.cli.options import Command, option
from netmgr.errors import Exit, InputError


@click.command(cls=Command)
@click.argument("name", required=False, default="inventory", shell_complete=schemas)
@option("--write", is_flag=True, help="Write every schema as NAME.json into a directory.")
@option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path("schemas"), help="That directory."
)
def schema(name: str, write: bool, out: Path) -> int:
    """Print the JSON Schema of a file: inventory, hosts, groups, topology, client, policy, checks …

    Editors complete and check with it (docs/how-to/editor.md). Needs no workspace.
    """
    from netmgr.model.json_schema import NAMES
    from netmgr.model.json_schema import schema as make
    from netmgr.model.suggest import did_you_mean

    if name not in NAMES:
        raise click.UsageError(f"no schema {name!r}; {did_you_mean(name, NAMES)}")
    if not write:
        click.echo(_text(make(name)), nl=False)
        return Exit.OK
    try:
        out.mkdir(parents=True, exist_ok=True)
        for each in NAMES:
            file = out / f"{each}.json"
            file.write_text(_text(make(each)), encoding="utf-8")
            click.echo(file)
    except OSError as error:
        raise InputError(
            [f"{out}:1: cannot be written ({error.strerror}); name another directory"]
        ) from error
    return Exit.OK


def _text(document: dict[str, object]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
