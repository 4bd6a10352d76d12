"""``netmgr ticket intake``: mail becomes tickets."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from netmgr.cli.context import Context
from netmgr.cli.options import Command, option
from netmgr.cli.runtime import quiet_runtime
from netmgr.errors import Exit, InputError, UsageError

if TYPE_CHECKING:
    from netmgr.workflows.ticket_intake import Intake, Taken


@click.command(cls=Command)
@click.argument("file", required=False, type=click.Path(allow_dash=True, dir_okay=False, path_type=Path))
@option("--maildir", type=click.Path(file_okay=False, path_type=Path), help="Everything new in this Maildir.")
@option("--all", "every", is_flag=True, help="For every client: who wrote it says whose it is.")
@option("--quarantine", is_flag=True, help="List what waits for somebody to look at it.")
@option(
    "--accept", type=click.IntRange(1), metavar="SEQ", lingers=False, help="Take in what waits in quarantine."
)
@option(
    "--drop", type=click.IntRange(1), metavar="SEQ", lingers=False, help="Nothing comes of what waits there."
)
@click.pass_obj
def intake(
    context: Context,
    /,
    file: Path | None,
    maildir: Path | None,
    every: bool,
    quarantine: bool,
    accept: int | None,
    drop: int | None,
) -> int:
    """Take in mail: one message from FILE (RFC 5322; - is standard input), or a Maildir's. Each message once.

    An answer goes into its ticket, anything else from somebody of the client's opens one.
    """
    asked = [file is not None, maildir is not None, quarantine, accept is not None, drop is not None]
    if sum(asked) != 1:
        raise UsageError("say one of FILE (- for standard input), --maildir, --quarantine, --accept, --drop")
    if every and (accept or drop):
        raise UsageError("--accept and --drop are for one client's; name it with -c CLIENT")
    if every and context.client_or_none:
        raise UsageError("say -c CLIENT or --all, not both")
    intakes = _intakes(context, every=every)
    if quarantine:
        from netmgr.cli.view_mail import show_waiting

        show_waiting(
            [(desk.client, one) for desk in intakes for one in desk.waiting()], output=context.output
        )
        return Exit.OK
    if accept is not None or drop is not None:
        (desk,) = intakes
        return _said(context, [desk.accept(accept) if accept is not None else desk.drop(drop or 0)])
    if maildir is not None:
        from netmgr.adapters.mail_parsing import read_mail
        from netmgr.adapters.maildir import Maildir
        from netmgr.workflows.ticket_intake import take_all

        return _said(context, list(take_all(intakes, Maildir(maildir), read_mail)))
    return _said(context, [_one(intakes, file or Path("-"))])


def _one(intakes: "tuple[Intake, ...]", file: Path) -> "Taken":
    """One message. Raises InputError where it is no mail of anybody's: whoever delivers it must keep it."""
    from netmgr.adapters.mail_parsing import read_mail
    from netmgr.model.mail import LARGEST
    from netmgr.workflows.ticket_intake import whose

    place = "standard input" if str(file) == "-" else str(file)
    try:
        if str(file) == "-":
            content = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with file.open("rb") as opened:
                content = opened.read(LARGEST + 1)
    except OSError as error:
        raise InputError([f"{place}: {error.strerror}; name a file that holds one message"]) from error
    if not content:
        raise InputError([f"{place}: it is empty; give one message"])
    if len(content) > LARGEST:
        raise InputError([f"{place}: it is larger than {LARGEST} bytes; have it sent in parts"])
    mail = read_mail(content)
    desk = whose(intakes, mail)
    if isinstance(desk, str):
        raise InputError([f"{place}: {desk}; name the client with -c"])
    return desk.take(place, mail, content)


def _intakes(context: Context, *, every: bool) -> "tuple[Intake, ...]":
    """The desks; with --all, of each client whose files are right."""
    from netmgr.adapters.mail_parsing import read_mail
    from netmgr.cli.views import printable
    from netmgr.workflows.ticket_intake import Intake

    if not every:
        return (Intake(quiet_runtime(context, context.client), read_mail),)
    desks = []
    for client in context.wiring.inventories.clients():
        try:
            desks.append(Intake(quiet_runtime(context, client), read_mail))
        except InputError as error:
            for problem in error.problems:
                click.echo(printable(f"error: {problem}"), err=True)
    if not desks:
        raise UsageError(
            "there is no client that mail could be for; `netmgr inventory list` shows who there is"
        )
    return tuple(desks)


def _said(context: Context, taken: "list[Taken]") -> int:
    from netmgr.cli.view_mail import show_taken

    show_taken(taken, output=context.output)
    return Exit.FAILED if any(one.status == "aside" for one in taken) else Exit.OK
