"""``netmgr report``: drafts, and what is issued."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from netmgr.cli.context import Context
from netmgr.cli.groups import CommandGroup
from netmgr.cli.options import option
from netmgr.cli.runtime import reading_runtime
from netmgr.errors import Exit, UsageError

if TYPE_CHECKING:
    from netmgr.model.audience import Audience
    from netmgr.model.issued_report import Format

F = TypeVar("F", bound=Callable[..., Any])


def _applied(command: F, options: tuple[Callable[[F], F], ...]) -> F:
    for each in reversed(options):
        command = each(command)
    return command


def _period(command: F) -> F:
    """Which time."""
    return _applied(
        command,
        (
            option("--month", metavar="YYYY-MM", help="The calendar month, in the client's time zone."),
            option("--quarter", metavar="YYYY-QN", help="Instead: the quarter of a year."),
            option("--from", "first", metavar="DATE", help="Instead: the first day,"),
            option("--to", "last", metavar="DATE", help="and the last, which belongs to it."),
        ),
    )


def _made(default: str) -> Callable[[F], F]:
    """In which formats and language, verified or not."""

    def wrapped(command: F) -> F:
        return _applied(
            command,
            (
                option(
                    "--format",
                    "formats",
                    default=default,
                    show_default=True,
                    metavar="LIST",
                    help="html, pdf, md, json, csv (a file for each table).",
                ),
                option("--locale", metavar="LOCALE", help="en or zh-CN; the client's by default."),
                option("--verify/--no-verify", default=True, show_default=True, help="Verify the whole log."),
            ),
        )

    return wrapped


_OUT = option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write there instead of here.",
)


@click.group(cls=CommandGroup)
@_period
@_made("html")
@option(
    "--audience",
    type=click.Choice(["manager", "technical"]),
    default="technical",
    show_default=True,
    help="A manager's has no diffs, addresses or names of engineers.",
)
@_OUT
@option(
    "--cut",
    type=click.IntRange(1),
    metavar="SEQ",
    help="Read the log up to this entry: makes an earlier report again.",
)
@option(
    "--all", "everybody", is_flag=True, lingers=False, help="Every client on a line, for the provider alone."
)
@option(
    "--within",
    type=click.IntRange(1, 366),
    default=90,
    show_default=True,
    metavar="DAYS",
    help="With --all: agreements that end, or renew, so soon.",
)
@click.pass_context
def report(
    ctx: click.Context,
    /,
    everybody: bool,
    within: int,
    formats: str,
    locale: str | None,
    audience: "Audience",
    out: Path | None,
    **asked: Any,
) -> int:
    """What was done for a client in a month, from the service log: a draft, written to files.

    Exit 1 where the log does not verify; the report says so too.
    """
    if ctx.invoked_subcommand is not None:
        return Exit.OK
    context: Context = ctx.obj
    if everybody:
        from netmgr.cli.view_report_all import report_all

        return report_all(context, within)
    from netmgr.cli.view_report import show_files, write
    from netmgr.workflows.report import ReportRequest, make_report

    _whole(context)
    request = ReportRequest(formats=_formats(formats), locale=locale, audience=audience, **asked)
    with reading_runtime(context) as (runtime, progress):
        made = make_report(runtime, request)
        progress.done()
    _say_missing(made.problems)
    show_files(made, write(made.artefacts, out), output=context.output)
    if made.holds is False:
        click.echo(
            f"error: the log does not verify; `netmgr log verify -c {context.client}` says why", err=True
        )
        return Exit.FAILED
    return Exit.OK


@report.command()
@_period
@_made("html,pdf")
@option(
    "--audience",
    "audiences",
    metavar="LIST",
    help="manager, technical; those that the agreement promises by default.",
)
@_OUT
@click.pass_obj
def issue(
    context: Context,
    /,
    formats: str,
    locale: str | None,
    audiences: str | None,
    out: Path | None,
    **asked: Any,
) -> int:
    """Issue the report of a period that is over: its files are kept, and never made again.

    Issued again it is what was issued; a new revision where something was recorded since that tells of the period.
    """
    from netmgr.cli.view_report import show_issued, write
    from netmgr.workflows.report import ReportRequest
    from netmgr.workflows.report_issue import issue as workflow

    _whole(context)
    request = ReportRequest(formats=_formats(formats), locale=locale, **asked)
    with reading_runtime(context) as (runtime, progress):
        done = workflow(runtime, request, _audiences(audiences))
        progress.done()
    _say_missing(done.problems)
    if not done.new:
        click.echo(
            f"revision {done.report.revision} was issued at {done.entry.time} for {', '.join(done.report.audiences)}; "
            "nothing that was recorded since tells of the period",
            err=True,
        )
    show_issued(context.client, done, write(done.files, out), output=context.output)
    return Exit.OK


@report.command(name="list")
@click.pass_obj
def list_(context: Context) -> int:
    """Every report that was issued."""
    from netmgr.cli.view_report import show_list
    from netmgr.workflows.report_issue import issued

    with reading_runtime(context, "network") as (runtime, _):
        found = issued(runtime)
    show_list(context.client, found, output=context.output)
    return Exit.OK


@report.command()
@_period
@option("--revision", type=click.IntRange(1), metavar="N", help="This one instead of the newest.")
@option("--audience", type=click.Choice(["manager", "technical"]), help="Only the files for these readers.")
@_OUT
@click.pass_obj
def show(
    context: Context, /, revision: int | None, audience: "Audience | None", out: Path | None, **asked: Any
) -> int:
    """Write the files of a report as they were issued."""
    from netmgr.cli.view_report import show_issued, write
    from netmgr.workflows.report import ReportRequest
    from netmgr.workflows.report_issue import show as workflow

    with reading_runtime(context, "network") as (runtime, _):
        found = workflow(runtime, ReportRequest(formats=(), **asked), revision=revision, audience=audience)
    show_issued(context.client, found, write(found.files, out), output=context.output)
    return Exit.OK


def _whole(context: Context) -> None:
    from netmgr.model.selection import Selection

    if context.selection != Selection():
        raise UsageError("a report is of a whole client; leave -l, --role and the like out")


def _say_missing(problems: tuple[str, ...]) -> None:
    for problem in problems:
        click.echo(f"missing: {problem}", err=True)


def _formats(text: str) -> "tuple[Format, ...]":
    from netmgr.workflows.report_artefacts import FORMATS

    asked = {part.strip() for part in text.split(",")}
    if not asked <= set(FORMATS):
        raise UsageError(f"--format {text}: choose from html, pdf, md, json and csv, separated by commas")
    return tuple(format_ for format_ in FORMATS if format_ in asked)


def _audiences(text: str | None) -> "tuple[Audience, ...]":
    from netmgr.model.audience import AUDIENCES

    if text is None:
        return ()
    asked = {part.strip() for part in text.split(",")}
    if not asked <= set(AUDIENCES):
        raise UsageError(f"--audience {text}: choose from manager and technical, separated by commas")
    return tuple(audience for audience in AUDIENCES if audience in asked)
