"""``netmgr report``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from netmgr.cli.context import Context
from netmgr.cli.options import Command, option
from netmgr.cli.runtime import reading_runtime
from netmgr.errors import Exit, UsageError

if TYPE_CHECKING:
    from netmgr.workflows.report import Format


@click.command(cls=Command)
@option("--month", metavar="YYYY-MM", help="The calendar month, in the client's time zone.")
@option("--from", "first", metavar="DATE", help="Instead of a month: the first day,")
@option("--to", "last", metavar="DATE", help="and the last, which belongs to it.")
@option("--format", "formats", default="html", show_default=True, metavar="LIST", help="html, md, json, pdf.")
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
    month: str | None,
    first: str | None,
    last: str | None,
    formats: str,
    out: Path | None,
    cut: int | None,
    verify: bool,
) -> int:
    """What was done for a client in a month, from the service log: a draft, written to files.

    Exit 1 where the log does not verify; the report says so too.
    """
    from netmgr.adapters.package_templates import report_templates
    from netmgr.adapters.private_files import private_directory, write_durably
    from netmgr.adapters.typeset_pdf import WeasyPrint
    from netmgr.cli.views import print_json
    from netmgr.model.selection import Selection
    from netmgr.workflows.report import ReportRequest, make_report

    if context.selection != Selection():
        raise UsageError("a report is of a whole client; leave -l, --role and the like out")
    request = ReportRequest(
        formats=_formats(formats), month=month, first=first, last=last, cut=cut, verify=verify
    )
    with reading_runtime(context) as (runtime, progress):
        made = make_report(runtime, context.wiring.signing_key, report_templates(), WeasyPrint(), request)
        progress.done()
    directory = out or Path()
    private_directory(directory)
    written = []
    for artefact in made.artefacts:
        path = directory / artefact.name
        write_durably(path, artefact.data)
        written.append({"path": str(path), "format": artefact.format, "digest": artefact.digest})
    if context.output == "json":
        print_json(
            "report-files",
            {
                "client": made.report.client,
                "target": made.report.target,
                "draft": made.report.draft,
                "cut": made.report.cut,
                "complete": made.report.complete,
                "verified": made.holds,
                "files": written,
            },
        )
    else:
        click.echo("\n".join(file["path"] for file in written))
    if made.holds is False:
        click.echo(
            f"error: the log does not verify; `netmgr log verify -c {context.client}` says why", err=True
        )
        return Exit.FAILED
    return Exit.OK


def _formats(text: str) -> "tuple[Format, ...]":
    from netmgr.workflows.report import FORMATS

    asked = {part.strip() for part in text.split(",")}
    unknown = sorted(asked - set(FORMATS))
    if unknown:
        raise UsageError(f"--format {text}: choose from html, md, json and pdf, separated by commas")
    return tuple(format_ for format_ in FORMATS if format_ in asked)
