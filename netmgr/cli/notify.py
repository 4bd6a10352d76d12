"""``netmgr notify``: telling people what the service log has news of."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from netmgr.cli.context import Context
from netmgr.cli.groups import Group
from netmgr.cli.options import option
from netmgr.cli.run_log import LogFormat, log_options, run_log
from netmgr.cli.stopping import asked_to_stop
from netmgr.errors import Exit, InputError, UsageError

if TYPE_CHECKING:
    from netmgr.model.notification import NotificationState
    from netmgr.workflows.sender import Sender


@click.group(cls=Group)
def notify() -> None:
    """Mail and signed webhooks, by event and severity (config/notify.yaml)."""


@notify.command()
@option("--due", is_flag=True, help="Everything that is new, and what is to be tried again now.")
@option("--quiet", is_flag=True, help="Say nothing where there was nothing to do.")
@log_options
@click.pass_obj
def send(context: Context, due: bool, quiet: bool, log_format: LogFormat, log_file: Path | None) -> int:
    """Send what is due for one client (-c) or for all; however often this is called, and by how many at once.

    Exit 1 where something could not be sent: it is tried again later, or was given up.
    """
    from netmgr.cli.view_notify import log_sent, show_sent
    from netmgr.workflows.notify import send_due

    if not due:
        raise UsageError("say --due: everything that is new, and what is to be tried again, is sent")
    wiring = context.wiring
    done, problems = [], list[str]()
    with run_log(context, log_format, log_file) as log, asked_to_stop() as stopped:
        # The message under way is sent: what was begun is not sent by somebody else for a while.
        sender = replace(_sender(context), stopped=stopped)
        wiring.notify_files.settings()  # a mistake there is one error, not one for each client
        for client in [context.client] if context.client_or_none else wiring.inventories.clients():
            try:
                done.append(send_due(sender, client))
                log_sent(log, done[-1])
            except InputError as error:
                problems += error.problems
            if sender.stopped():
                break
        if log_format == "text" or context.output == "json":
            show_sent(done, output=context.output, quiet=quiet)
        if problems:
            raise InputError(problems)
    return Exit.FAILED if any(each.deferred or each.failed for each in done) else Exit.OK


@notify.command(name="list")
@option(
    "--state",
    type=click.Choice(["pending", "sending", "sent", "failed"]),
    help="Only those: waiting, under way, taken by the receiver, given up.",
)
@option("-n", "--count", type=click.IntRange(1), default=50, show_default=True, help="At most so many.")
@click.pass_obj
def list_(context: Context, state: "NotificationState | None", count: int) -> int:
    """A client's notifications, the newest first."""
    from netmgr.cli.view_notify import show_notifications
    from netmgr.workflows.notify import listed

    found = listed(_sender(context), context.client, state=state, limit=count)
    show_notifications(context.client, found, output=context.output)
    return Exit.OK


@notify.command()
@click.argument("notification")
@click.pass_obj
def retry(context: Context, notification: str) -> int:
    """Send NOTIFICATION (an id), which was given up, once more: at the next `notify send --due`."""
    from netmgr.workflows.notify import retry as revive

    revive(_sender(context), context.client, notification)
    return Exit.OK


@notify.command()
@option("--to", metavar="RECIPIENT", help="Only this one: mail:ADDRESS or webhook:NAME.")
@click.pass_obj
def test(context: Context, to: str | None) -> int:
    """Send a test message to everybody who would be told of this client. Exit 1 where one was not taken."""
    from netmgr.cli.view_notify import show_tried
    from netmgr.workflows.notify_trial import try_out

    tried = try_out(_sender(context), context.client, to)
    show_tried(context.client, tried, output=context.output)
    return Exit.FAILED if any(each.error for each in tried) else Exit.OK


def _sender(context: Context) -> "Sender":
    return context.wiring.sender(
        context.actor, context.request, lambda line: click.echo(f"warning: {line}", err=True)
    )
