"""``netmgr state``: archives of all that would be lost with this machine."""

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from netmgr.cli.context import Context
from netmgr.cli.groups import Group
from netmgr.cli.options import option
from netmgr.errors import Exit, StoreError

if TYPE_CHECKING:
    from netmgr.workflows.state import Home

ARCHIVE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(cls=Group)
def state() -> None:
    """All of netmgr's own (log, keys, inventory, git) in a second place, and back."""


@state.command()
@click.pass_obj
def backup(context: Context) -> int:
    """Write an archive to the second place (config/netmgr.yaml: state), encrypted. Commands may run meanwhile."""
    from netmgr.cli import view_state
    from netmgr.workflows.state import back_up

    wiring = context.wiring
    archives = wiring.archives()
    done = back_up(
        wiring.second_place(),
        wiring.service_log,
        wiring.clock,
        actor=context.actor,
        request=context.request,
    )
    view_state.show_backup(done, archives.directory, output=context.output)
    return Exit.OK


@state.command()
@click.argument("name", required=False)
@option(
    "--identity",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="An age identity: open the archive and verify every log in it.",
)
@click.pass_obj
def check(context: Context, name: str | None, identity: Path | None) -> int:
    """The newest archive, or NAME: how old it is and, with --identity, whether all of it holds.

    Exit 1 where there is none, or something in it does not hold.
    """
    from netmgr.adapters.state_archives import opened
    from netmgr.cli import view_state
    from netmgr.workflows.state import checked

    wiring = context.wiring
    archives, log = wiring.archives(), wiring.service_log

    def head(client: str, stream: str) -> int:
        found = log.head(client, stream=stream)
        return found.seq if found else 0

    names = archives.names()
    if name is None and not names:
        raise StoreError(f"{archives.directory}: there is no archive; `netmgr state backup` makes one")
    chosen = name or names[-1]
    open_it = None
    if identity is not None:
        open_it = partial(opened, archives.path(chosen), identity, wiring.state)
    found = checked(archives.written(chosen), open_it, wiring.signing_key, head)
    view_state.show_check(found, len(names), wiring.clock.now(), output=context.output)
    return Exit.OK if all(not log.problems for log in found.logs) else Exit.FAILED


@state.command()
@click.argument("archive", type=ARCHIVE)
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@option(
    "--identity",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    required=True,
    help="The age identity of one of the recipients.",
)
@option(
    "--witness",
    "witnesses",
    type=click.Path(exists=True, path_type=Path),
    metavar="PATH",
    multiple=True,
    help="Checkpoints kept elsewhere (a file, or a witness's directory): they show what is lost.",
)
@click.pass_obj
def restore(
    context: Context, archive: Path, directory: Path, identity: Path, witnesses: tuple[Path, ...]
) -> int:
    """Make DIRECTORY, new or empty, the workspace that ARCHIVE is of; every log says so.

    Exit 1 where a log does not verify: it is there all the same.
    """
    from netmgr.adapters.state_archives import opened, written
    from netmgr.adapters.witness_files import witnessed
    from netmgr.adapters.workspace_copy import WorkspaceFiles
    from netmgr.adapters.workspace_files import new_workspace
    from netmgr.cli import view_state
    from netmgr.workflows.state import restored

    known = [checkpoint for path in witnesses for checkpoint in witnessed(path)]
    with new_workspace(directory) as root, opened(archive, identity, root.parent) as members:
        done = restored(
            members,
            WorkspaceFiles(root),
            partial(_home, root),
            archive=written(archive),
            witnesses=known,
        )
    view_state.show_restore(done, directory, output=context.output)
    return Exit.OK if all(not log.problems for log in done.logs) else Exit.FAILED


def _home(root: Path) -> "Home":
    """The workspace that is being restored, once its files are there."""
    from netmgr.adapters.settings_yaml import load_settings
    from netmgr.wiring import Wiring
    from netmgr.workflows.state import Home

    wiring = Wiring(root, load_settings(root))
    log = wiring.service_log
    return Home(
        log.copy(), log, wiring.signing_key, wiring.actor(os.getuid()), wiring.clock.new_id(), log.close
    )
