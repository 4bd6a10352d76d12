"""``netmgr playbook``: what Ansible does on the hosts."""

import click

from netmgr.cli.context import Context
from netmgr.cli.groups import Group
from netmgr.cli.names import playbooks
from netmgr.cli.options import Command, option
from netmgr.cli.runtime import change_runtime
from netmgr.errors import Exit


@click.group(cls=Group)
def playbook() -> None:
    """Playbooks of playbooks/, for what netmgr itself does not configure: servers, files, databases, updates."""


@playbook.command(name="list")
@click.pass_obj
def list_(context: Context) -> int:
    """Every playbook: what it does and which hosts it is for."""
    from netmgr.adapters.playbook_files import PlaybookFiles
    from netmgr.cli.view_playbook import show_playbooks
    from netmgr.workflows.playbook import catalogue

    show_playbooks(
        catalogue(PlaybookFiles(context.workspace), context.settings.playbooks.local), output=context.output
    )
    return Exit.OK


def _variable(_ctx: click.Context, _param: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    from netmgr.model.playbook import variable_name

    found: dict[str, str] = {}
    for word in given:
        name, equals, value = word.partition("=")
        if not equals:
            raise click.BadParameter(f"{word!r} is no NAME=VALUE")
        try:
            found[variable_name(name)] = value
        except ValueError as error:
            raise click.BadParameter(f"{name!r} {error}") from None
    return found


@playbook.command(cls=Command, writes_devices=True)
@click.argument("name", shell_complete=playbooks)
@option("--check", is_flag=True, lingers=False, help="Change nothing: say what would be changed.")
@option(
    "-e",
    "--extra-vars",
    "variables",
    multiple=True,
    lingers=False,
    callback=_variable,
    metavar="NAME=VALUE",
    help="A variable, always text, over playbooks.yaml; secret://… stands for the secret.",
)
@option("--detailed-exitcode", is_flag=True, help="Exit 2 when something was changed, or would be.")
@click.pass_obj
def run(context: Context, name: str, check: bool, variables: dict[str, str], detailed_exitcode: bool) -> int:
    """Run the playbook NAME on the client's hosts, by Ansible. A host that fails keeps no other from being done."""
    from netmgr.cli.view_playbook import show_run
    from netmgr.workflows.playbook import play

    with change_runtime(context) as (runtime, progress):
        done = play(runtime, name, context.selection, check=check, extra=variables)
        progress.done()
    show_run(done, output=context.output)
    statuses = {host.status for host in done.devices}
    if done.error or "failed" in statuses:
        return Exit.FAILED
    if "unreachable" in statuses:
        return Exit.PARTIAL
    return Exit.CHANGES if detailed_exitcode and done.outcome == "changed" else Exit.OK
