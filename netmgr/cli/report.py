"""``netmgr report``."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netmgr.cli.context import Context
from netmgr.cli.options import Command, option
from netmgr.cli.runtime import reading_runtime
from netmgr.errors import Exit, UsageError

if TYPE_CHECKING:
    from netmgr.model.audience import Audience
    from netmgr.workflows.report_artefacts import Format


@click.command(cls=Command)
@option("--month", metavar="YYYY-MM", help="The calendar month, in the client's time zone.")
@option("--quarter", metavar="YYYY-QN", help="Instead: the quarter of a year.")
@option("--from", "first", metavar="DATE", help="Instead: the first day,")
@option("--to", "last", metavar="DATE", help="and the last, which belongs to it.")
@option(
    "--format",
    "formats",
    default="html",
    show_default=True,
    metavar="LIST",
    help="html, pdf, md, json, csv (a file for each table).",
)
@option("--locale", metavar="LOCALE", help="en or zh-CN; the client's by default.")
@option(
    "--audience",
    type=click.Choice(["manager", "technical"]),
    default="technical",
    show_default=True,
    help="A manager's has no diffs, addresses or names of engineers.",
)
@option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write there instead of here.",
)
@option(
    "--cut",
    type=click.IntRange(1),
    metavar="SEQ",
    help="Read the log up to this entry: makes an earlier report again.",
)
@option(
    "--verify/--no-verify",
    default=True,
    show_default=True,
    help="Verify the whole log.",
)
@click.pass_obj
def report(
    context: Context,
    /,
    formats: str,
    locale: str | None,
    audience: "Audience",
    out: Path | None,
    **asked: Any,
) -> int:
    """What was done for a client in a month, from the service log: a draft, written to files.

    Exit 1 where the log does not verify; the report says so too.
    """
    from netmgr.cli.view_report import show_files, write
    from netmgr.model.selection import Selection
    from netmgr.workflows.report import ReportRequest, make_report

    if context.selection != Selection():
        raise UsageError("a report is of a whole client; leave -l, --role and the like out")
    request = ReportRequest(formats=_formats(formats), locale=locale, audience=audience, **asked)
    with reading_runtime(context) as (runtime, progress):
        made = make_report(runtime, request)
        progress.done()
    for problem in made.problems:
        click.echo(f"missing: {problem}", err=True)
    show_files(made, write(made.artefacts, out), output=context.output)
    if made.holds is False:
        click.echo(
            f"error: the log does not verify; `netmgr log verify -c {context.client}` says why", err=True
        )
        return Exit.FAILED
    return Exit.OK


def _formats(text: str) -> "tuple[Format, ...]":
    from netmgr.workflows.report_artefacts import FORMATS

    asked = {part.strip() for part in text.split(",")}
    if not asked <= set(FORMATS):
        raise UsageError(f"--format {text}: choose from html, pdf, md, json and csv, separated by commas")
    return tuple(format_ for format_ in FORMATS if format_ in asked)
