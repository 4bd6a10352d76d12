"""``netmgr retention``: what is due for deletion by the agreement, and its deletion."""

from typing import TYPE_CHECKING

import click

from netmgr.cli.context import Context
from netmgr.cli.groups import Group
from netmgr.cli.options import option
from netmgr.cli.runtime import reading_runtime
from netmgr.errors import Exit

if TYPE_CHECKING:
    from netmgr.workflows.retention import Due


@click.group(cls=Group)
def retention() -> None:
    """What the signed agreement says is not kept any longer (confidentiality.retention)."""


@retention.command(name="list")
@click.pass_obj
def list_(context: Context) -> int:
    """What is due for deletion now. Nothing is changed."""
    from netmgr.workflows.retention import due

    with reading_runtime(context, "network") as (runtime, _):
        found = due(runtime)
    _show(found, context.output)
    return Exit.OK


@retention.command()
@option("-y", "--yes", is_flag=True, lingers=False, help="Destroy it; without this it is only shown.")
@click.pass_obj
def apply(context: Context, yes: bool) -> int:
    """Destroy what is due, and certify it in the log. What was cut short before is finished."""
    from netmgr.workflows import retention as workflow

    with reading_runtime(context, "network") as (runtime, progress):
        found = workflow.apply(runtime) if yes else workflow.due(runtime)
        progress.done()
    _show(found, context.output)
    if context.output != "json":
        if not yes:
            click.echo("nothing was destroyed: --yes destroys it", err=True)
        elif found.certificate is not None:
            click.echo(
                f"destroyed; the certificate is seq {found.certificate.seq}. Exports, second copies and archives "
                "are not reached.",
                err=True,
            )
    return Exit.OK


def _show(found: "Due", output: str) -> None:
    from netmgr.cli.views import print_json
    from netmgr.model.entry import rfc3339

    items = [
        {
            "what": item.what,
            "rule": item.rule,
            "count": item.count,
            "oldest": rfc3339(item.oldest) if item.oldest else None,
        }
        for item in found.items
    ]
    if output == "json":
        document = {
            "client": found.client,
            "closes": rfc3339(found.closes) if found.closes else None,
            "items": items,
            "certificate": found.certificate.document() if found.certificate else None,
        }
        print_json("retention", document)
    elif not items:
        click.echo(f"{found.client}: nothing is due for deletion", err=True)
    for item in items if output != "json" else ():
        since = f", the oldest of {str(item['oldest'])[:10]}" if item["oldest"] else ""
        click.echo(f"{item['count']:>8} {item['what']} ({item['rule']}{since})")
