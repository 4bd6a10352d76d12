"""``netmgr time``: time worked for a client."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from netmgr.cli.context import Context
from netmgr.cli.groups import Group
from netmgr.cli.names import tickets
from netmgr.cli.options import option
from netmgr.cli.runtime import reading_runtime
from netmgr.cli.texts import AT, at, text
from netmgr.errors import Exit, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from netmgr.model.billing import Travel
    from netmgr.model.time_entry import TimeEntry
    from netmgr.workflows.runtime import Runtime
    from netmgr.workflows.time import Work

F = TypeVar("F", bound=Callable[..., Any])

# The words of netmgr.model.agreement_scope, which is not imported for a help text; a test holds the two equal.
SERVICES: Final = ("faults", "consulting", "network", "backup", "requests")
NOTE = option("--note", metavar="TEXT", help="What was done; - reads standard input.")
_BESIDE = (
    option("--travel-minutes", type=click.IntRange(0, 100_000), metavar="N", help="On the way, there and back."),
    option("--kilometres", metavar="N", help="Travelled, there and back, such as 42.5."),
    option("--called-out", is_flag=True, help="You were called to it."),
)  # fmt: skip


def _work(function: F) -> F:
    """The options that say what was done."""
    given = (
        option("--ticket", metavar="ID", shell_complete=tickets, help="The ticket that it was for."),
        option("--service", type=click.Choice(SERVICES), help="What it was (default: what the ticket is; network)."),
        option("--not-billable", is_flag=True, help="Nobody pays for it, and it uses no hours."),
        *_BESIDE,
        NOTE,
        AT,
    )  # fmt: skip
    return _with(given, function)


def _beside(function: F) -> F:
    """The options that say what came with the work."""
    return _with(_BESIDE, function)


def _with(options: Sequence[Callable[[F], F]], function: F) -> F:
    for decorate in reversed(options):
        function = decorate(function)
    return function


@click.group(cls=Group)
def time() -> None:
    """Time worked for a client: yours, in the hours of the service or outside, against what is included."""


@time.command()
@_work
@click.pass_obj
def start(context: Context, /, **given: Any) -> int:
    """Begin a spell of work, now or at a time that is past."""
    from netmgr.workflows.time import start as workflow

    with _office(context) as runtime:
        return _done(context, workflow(runtime, _said(given), at=at(runtime, given["at"])))


@time.command()
@_beside
@NOTE
@AT
@click.pass_obj
def stop(context: Context, /, note: str | None, **given: Any) -> int:
    """End the spell of work that you are at."""
    from netmgr.workflows.time import stop as workflow

    with _office(context) as runtime:
        ended = workflow(
            runtime,
            note=text("--note", note),
            at=at(runtime, given["at"]),
            travel=_travel(given),
            called_out=given["called_out"],
        )
        return _done(context, ended)


@time.command()
@option("--minutes", type=click.IntRange(1, 24 * 60), metavar="N", help="How long it took.")
@option("--until", metavar="TIME", help="When it ended (default: now, or --at and --minutes).")
@option("--draft", metavar="ID", help="Take down what `time list --drafts` proposes.")
@option("--corrects", metavar="ID", help="In place of this entry of yours.")
@_work
@click.pass_obj
def add(context: Context, /, draft: str | None, corrects: str | None, **given: Any) -> int:
    """Take down work that is over: --at BEGIN, --minutes or --until END. What it corrects stays in the log."""
    from netmgr.workflows import time as workflow

    if draft and corrects:
        raise UsageError("--draft takes down something new, --corrects what is there; give one of them")
    if given["minutes"] and given["at"] and given["until"]:
        raise UsageError("--at, --until and --minutes: two of them say all; leave one out")
    with _office(context) as runtime:
        times: dict[str, Any] = {
            "at": at(runtime, given["at"]),
            "until": at(runtime, given["until"]),
            "minutes": given["minutes"],
        }
        said = _said(given)
        if draft:
            return _done(context, workflow.accept(runtime, draft, said, **times))
        return _done(context, workflow.add(runtime, said, **times, corrects=corrects))


@time.command(name="list")
@option("--drafts", is_flag=True, help="What the log proposes to take down: your changes and playbooks.")
@option("--person", metavar="ID", help="Only this person's.")
@option("--ticket", metavar="ID", shell_complete=tickets, help="Only for this ticket.")
@option("--month", metavar="YYYY-MM", help="Only of this month, and the hours as they stood at its end.")
@click.pass_obj
def list_(
    context: Context, /, drafts: bool, person: str | None, ticket: str | None, month: str | None
) -> int:
    """Time taken down, the newest first, and what is used of the hours that the fees include."""
    from netmgr.cli.view_time import show_drafts, show_list
    from netmgr.workflows.time import listed, proposals

    with _office(context) as runtime:
        zone = runtime.inventories.load(runtime.client).client.timezone
        if drafts:
            show_drafts(context.client, proposals(runtime), zone=zone, output=context.output)
            return Exit.OK
        found = listed(runtime, person=person, identity=ticket, month=_month(runtime, month))
    show_list(context.client, found, zone=zone, output=context.output)
    return Exit.OK


@contextmanager
def _office(context: Context) -> "Iterator[Runtime]":
    with reading_runtime(context, "network") as (runtime, _):
        yield runtime


def _done(context: Context, entry: "TimeEntry") -> int:
    from netmgr.cli.view_time import show_entry

    show_entry(context.client, entry, output=context.output)
    return Exit.OK


def _said(given: dict[str, Any]) -> "Work":
    from netmgr.workflows.time import Work

    return Work(
        service=given["service"],
        ticket=given["ticket"],
        billable=not given["not_billable"],
        travel=_travel(given),
        called_out=given["called_out"],
        note=text("--note", given["note"]),
    )


def _travel(given: dict[str, Any]) -> "Travel | None":
    """None where nobody says that they travelled; 0 of both is a way that is paid as a whole."""
    from pydantic import ValidationError

    from netmgr.model.billing import Travel

    minutes, kilometres = given["travel_minutes"], given["kilometres"]
    if minutes is None and kilometres is None:
        return None
    try:
        return Travel.model_validate({"minutes": minutes or 0, "kilometres": kilometres or "0"})
    except ValidationError:
        raise UsageError(f"--kilometres {kilometres}: write a number from 0 to 100000, like 42.5") from None


def _month(runtime: "Runtime", given: str | None) -> "datetime | None":
    """The first moment of the month's second day on the client's clocks: in that month on any clocks."""
    if given is None:
        return None
    import re

    if not re.fullmatch(r"[0-9]{4}-(?:0[1-9]|1[0-2])", given):
        raise UsageError(f"--month {given}: write it like 2026-11")
    return at(runtime, f"{given}-02")
