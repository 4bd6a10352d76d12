"""``netmgr ticket``: the desk."""

from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import click

from netmgr.cli.context import Context
from netmgr.cli.groups import Group
from netmgr.cli.names import TICKET
from netmgr.cli.names import devices as complete_devices
from netmgr.cli.options import option
from netmgr.cli.runtime import reading_runtime
from netmgr.cli.texts import AT, at, line, text
from netmgr.cli.ticket_answer import answer
from netmgr.cli.ticket_attachments import attachments
from netmgr.cli.ticket_erase import erase_contact
from netmgr.cli.ticket_intake import intake
from netmgr.cli.ticket_watch import watch
from netmgr.errors import Exit, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netmgr.model.ticket import Link
    from netmgr.workflows.runtime import Runtime
    from netmgr.workflows.ticket import Described

F = TypeVar("F", bound=Callable[..., Any])

# The words of netmgr.model.ticket, which is not imported for a help text; a test holds the two equal.
KINDS: Final = ("fault", "request", "consulting", "information")
STATES: Final = ("open", "in_progress", "paused", "resolved", "closed")
IMPACTS: Final = ("extensive", "significant", "limited")
URGENCIES: Final = ("critical", "high", "medium", "low")
REASONS: Final = ("client", "access", "vendor", "window", "third_party", "agreed")
CAUSES: Final = (
    *("hardware", "software", "configuration", "capacity", "carrier", "power", "environment", "security"),
    *("change", "human", "third_party", "unknown"),
)
OUTCOMES: Final = ("fixed", "workaround", "done", "answered", "no_fault")
CANCELLING: Final = ("cancelled", "duplicate", "rejected")
LINKS: Final = ("change", "audit", "playbook", "backup", "ticket", "entry")


def _described(function: F) -> F:
    """The options that say what a ticket is about."""
    given = (
        option("--kind", type=click.Choice(KINDS), help="What it is (default: fault)."),
        option("--impact", type=click.Choice(IMPACTS), help="How much is affected (default: limited)."),
        option("--urgency", type=click.Choice(URGENCIES), help="How soon it matters (default: medium)."),
        option("--priority", metavar="NAME", help="In place of what impact and urgency make."),
        option("--assignee", metavar="ID", help="Who works on it (config/people.yaml)."),
        option(
            "--device", "devices", multiple=True, metavar="NAME", shell_complete=complete_devices,
            help="A device that it is about; several times for several.",
        ),
        option("--asset", "assets", multiple=True, metavar="ID", help="An asset that it is about (assets.yaml)."),
        option("--due", metavar="DAY", help="The day on which it is to be delivered."),
        option("--link", "links", multiple=True, metavar="KIND:ID", help=f"What belongs to it: {', '.join(LINKS)}."),
    )  # fmt: skip
    for decorate in reversed(given):
        function = decorate(function)
    return function


@click.group(cls=Group)
def ticket() -> None:
    """The desk: faults, requests, consulting and information, each with all that was done for it."""


ticket.add_command(intake)
ticket.add_command(attachments)
ticket.add_command(watch)
ticket.add_command(erase_contact)
ticket.add_command(answer)


@ticket.command(name="open")
@option("--subject", required=True, metavar="TEXT", help="What it is about, in a line.")
@option("--description", metavar="TEXT", help="All of it; - reads standard input.")
@option("--reporter", metavar="WHO", help="'Name <address>', a contact's id (k-…), or an id of ours.")
@_described
@AT
@click.pass_obj
def open_(
    context: Context, /, subject: str, description: str | None, reporter: str | None, **given: Any
) -> int:
    """Open a ticket. Its priority comes from impact and urgency, by the agreement's matrix."""
    from netmgr.workflows.ticket import open_ticket

    when = given.pop("at")
    said = _said(subject=subject, description=description, reporter=reporter, **given)
    with _desk(context) as runtime:
        return _done(context, runtime, open_ticket(runtime, said, at=at(runtime, when)))


@ticket.command(name="list")
@option("--state", "states", multiple=True, type=click.Choice(STATES), help="Only in this state.")
@option("--all", "every", is_flag=True, help="Closed ones, too.")
@option("--priority", metavar="NAME", help="Only of this priority.")
@option("--kind", type=click.Choice(KINDS), help="Only of this kind.")
@option("--assignee", metavar="ID", help="Only whose this is.")
@option("--device", metavar="NAME", help="Only about this device.", shell_complete=complete_devices)
@option("-n", "--count", type=click.IntRange(1), default=50, show_default=True, help="At most so many.")
@click.pass_obj
def list_(context: Context, /, states: tuple[str, ...], every: bool, count: int, **given: Any) -> int:
    """Tickets that are not closed, the newest first."""
    from netmgr.cli.view_ticket import show_list
    from netmgr.workflows.ticket_views import Wanted, tickets

    chosen = states or (None if every else tuple(state for state in STATES if state != "closed"))
    with _desk(context) as runtime:
        found = tickets(runtime, Wanted(states=cast("Any", chosen), **given), count=count)
    show_list(context.client, found, output=context.output)
    return Exit.OK


@ticket.command()
@TICKET
@click.pass_obj
def show(context: Context, identity: str) -> int:
    """One ticket with everything that carries its id: acts, notes, changes, playbooks."""
    with _desk(context) as runtime:
        return _done(context, runtime, identity, whole=True)


@ticket.command()
@TICKET
@option("--subject", metavar="TEXT", help="What it is about, in a line.")
@option("--description", metavar="TEXT", help="All of it; - reads standard input.")
@_described
@option("--cause", type=click.Choice(CAUSES), help="What it was.")
@option("--rma", metavar="REFERENCE", help="The vendor's reference of a return or a case.")
@option("--note", metavar="TEXT", help="A note; - reads standard input.")
@option("--visible/--internal", default=False, help="Whether the client may see the note.")
@option("--ack", is_flag=True, help="Acknowledge it: somebody of ours is on it.")
@AT
@click.pass_obj
def update(
    context: Context, /, identity: str, note: str | None, visible: bool, ack: bool, **given: Any
) -> int:
    """Say something else of TICKET, note something, link it, acknowledge it."""
    from netmgr.workflows.ticket import update as workflow

    when, said = given.pop("at"), _said(**given)
    with _desk(context) as runtime:
        done = workflow(
            runtime,
            identity,
            said,
            note=text("--note", note),
            visible=visible,
            ack=ack,
            at=at(runtime, when),
        )
        return _done(context, runtime, done)


@ticket.command()
@TICKET
@option("--reason", required=True, type=click.Choice(REASONS), help="Who or what is waited for.")
@option("--note", metavar="TEXT", help="What exactly: the evidence. - reads standard input.")
@AT
@click.pass_obj
def pause(context: Context, /, identity: str, reason: str, note: str | None, **given: Any) -> int:
    """The resolution clock stands still, until `ticket resume`."""
    from netmgr.workflows.ticket import pause as workflow

    with _desk(context) as runtime:
        done = workflow(
            runtime, identity, cast("Any", reason), note=text("--note", note), at=at(runtime, given["at"])
        )
        return _done(context, runtime, done)


@ticket.command()
@TICKET
@option("--note", metavar="TEXT", help="What has changed; - reads standard input.")
@AT
@click.pass_obj
def resume(context: Context, /, identity: str, note: str | None, **given: Any) -> int:
    """End a pause: the resolution clock goes on."""
    from netmgr.workflows.ticket import resume as workflow

    with _desk(context) as runtime:
        done = workflow(runtime, identity, note=text("--note", note), at=at(runtime, given["at"]))
        return _done(context, runtime, done)


@ticket.command()
@TICKET
@option("--outcome", type=click.Choice(OUTCOMES), default="fixed", show_default=True, help="How it ended.")
@option("--cause", type=click.Choice(CAUSES), help="What it was.")
@option("--rma", metavar="REFERENCE", help="The vendor's reference of a return or a case.")
@option("--note", required=True, metavar="TEXT", help="What was done; - reads standard input.")
@AT
@click.pass_obj
def resolve(context: Context, /, identity: str, note: str, **given: Any) -> int:
    """It is done. The client may see the note."""
    from netmgr.workflows.ticket import resolve as workflow

    when, rma = given.pop("at"), line("--rma", given.pop("rma"))
    with _desk(context) as runtime:
        done = workflow(
            runtime, identity, note=text("--note", note) or "", rma=rma, at=at(runtime, when), **given
        )
        return _done(context, runtime, done)


@ticket.command()
@TICKET
@option("--outcome", type=click.Choice(CANCELLING), help="Why a ticket is closed that nobody has resolved.")
@option("--note", metavar="TEXT", help="Why; - reads standard input.")
@AT
@click.pass_obj
def close(context: Context, /, identity: str, note: str | None, **given: Any) -> int:
    """Close what is resolved; or, with --outcome, what is not."""
    from netmgr.workflows.ticket import close as workflow

    when = given.pop("at")
    with _desk(context) as runtime:
        done = workflow(runtime, identity, note=text("--note", note), at=at(runtime, when), **given)
        return _done(context, runtime, done)


@ticket.command()
@TICKET
@option("--note", required=True, metavar="TEXT", help="Why; - reads standard input.")
@AT
@click.pass_obj
def reopen(context: Context, /, identity: str, note: str, **given: Any) -> int:
    """It was not over: the resolution clock goes on from where it was."""
    from netmgr.workflows.ticket import reopen as workflow

    with _desk(context) as runtime:
        done = workflow(runtime, identity, note=text("--note", note) or "", at=at(runtime, given["at"]))
        return _done(context, runtime, done)


@ticket.command()
@TICKET
@click.argument("seqs", nargs=-1, type=click.IntRange(1), metavar="[SEQ]...")
@click.pass_obj
def accept(context: Context, identity: str, seqs: tuple[int, ...]) -> int:
    """Accept what somebody else recorded late, all of it or the entries SEQ: its own times count from then on."""
    from netmgr.workflows.ticket import accept as workflow

    with _desk(context) as runtime:
        return _done(context, runtime, workflow(runtime, identity, seqs))


@ticket.command(name="import")
@click.argument("file", type=click.Path(allow_dash=True, dir_okay=False, path_type=Path), metavar="FILE")
@option("--source", metavar="SYSTEM", help="The other desk's name, where the lines do not say it.")
@click.pass_obj
def import_(context: Context, file: Path, source: str | None) -> int:
    """Take over another desk's tickets from FILE (JSON Lines; - is standard input): all lines or none."""
    from netmgr.adapters.ticket_lines import read_tickets
    from netmgr.cli.view_ticket import show_imported
    from netmgr.workflows.ticket_exchange import import_tickets, source_name

    lines = read_tickets(file)
    with _desk(context) as runtime:
        made = import_tickets(runtime, lines, source=source_name(source))
    show_imported(context.client, made, output=context.output)
    return Exit.OK


@ticket.command()
@click.pass_obj
def export(context: Context) -> int:
    """Write every ticket with its texts: JSON Lines that `ticket import` reads."""
    import json

    from netmgr.workflows.ticket_exchange import export_tickets

    with _desk(context) as runtime:
        for each in export_tickets(runtime):
            click.echo(json.dumps(each, ensure_ascii=False))
    return Exit.OK


@contextmanager
def _desk(context: Context) -> "Iterator[Runtime]":
    with reading_runtime(context, "network") as (runtime, progress):
        yield runtime
        progress.done()


def _done(context: Context, runtime: "Runtime", identity: str, *, whole: bool = False) -> int:
    """Tell how the ticket stands now."""
    from netmgr.cli.view_ticket import show_ticket
    from netmgr.workflows.ticket_views import show as workflow

    show_ticket(context.client, workflow(runtime, identity), output=context.output, whole=whole)
    return Exit.OK


def _said(**given: Any) -> "Described":
    from datetime import date

    from netmgr.workflows.ticket import Described

    for name in ("subject", "reporter", "rma"):
        given[name] = line(f"--{name}", given.get(name))
    given["description"] = text("--description", given.get("description"))
    for name in ("devices", "assets"):
        given[name] = given.get(name) or None
    if due := given.get("due"):
        try:
            given["due"] = date.fromisoformat(due)
        except ValueError:
            raise UsageError(f"--due {due}: not a day; write it like 2027-01-31") from None
    return Described(**{**given, "links": tuple(map(_link, given.get("links", ())))})


def _link(said: str) -> "Link":
    from netmgr.model.ticket import Link

    kind, colon, ref = said.partition(":")
    if kind not in LINKS or not colon or not ref.strip():
        raise UsageError(f"--link {said}: write KIND:ID, where KIND is {', '.join(LINKS)}")
    return Link(kind=cast("Any", kind), ref=ref.strip())
