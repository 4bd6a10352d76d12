"""``netmgr invoice``: what a client owes, from the log: drafted, issued, taken back."""

import re
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netmgr.cli.context import Context
from netmgr.cli.groups import Group
from netmgr.cli.invoice_acts import NUMBER, adjust, continue_, fapiao
from netmgr.cli.options import option
from netmgr.cli.runtime import reading_runtime
from netmgr.cli.texts import at as time_at
from netmgr.cli.texts import line as one_line
from netmgr.errors import Exit, Refused, UsageError

if TYPE_CHECKING:
    from netmgr.report.period import Period
    from netmgr.workflows.runtime import Runtime

# The words of netmgr.workflows.invoice_document, which is not imported for a help text; a test holds the two equal.
FORMATS = ("pdf", "html", "md", "json", "csv", "xml")
AT = option("--at", metavar="TIME", lingers=False, help="As it was known then (a day, or RFC 3339).")
FORMAT = option("--format", "formats", metavar="LIST", help=f"Write files: {', '.join(FORMATS)}.")
OUT = option(
    "--out", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Write them there."
)


def _period(function: Any) -> Any:
    given = (
        option("--month", metavar="YYYY-MM", help="The calendar month (default: the last one)."),
        option("--quarter", metavar="YYYY-QN", help="The quarter."),
        option("--from", "first", metavar="DAY", help="The first day, with --to."),
        option("--to", "last", metavar="DAY", help="The last day."),
    )
    for decorate in reversed(given):
        function = decorate(function)
    return function


@click.group(cls=Group)
def invoice() -> None:
    """Invoices: what the log says that a client owes, with numbers that have no gap."""


for _each in (adjust, fapiao, continue_):
    invoice.add_command(_each)


@invoice.command()
@_period
@FORMAT
@OUT
@click.pass_obj
def draft(context: Context, /, formats: str | None, out: Path | None, **days: str | None) -> int:
    """What an invoice for these days would say. Nothing is logged; open points are told on stderr."""
    from netmgr.cli.view_invoice import show_draft
    from netmgr.workflows.invoice_files import draft_files
    from netmgr.workflows.invoicing import draft as workflow

    with reading_runtime(context, "network") as (runtime, _):
        made = workflow(runtime, _asked(runtime, days))
        if formats is not None:
            return _write(context, draft_files(runtime, made, _formats(formats)), out)
    show_draft(made, output=context.output)
    return Exit.OK


@invoice.command()
@_period
@option("--reference", metavar="TEXT", help="The client's own reference for invoices to it.")
@option("--order", metavar="TEXT", help="Its purchase order.")
@option("--yes", is_flag=True, lingers=False, help="Do not ask: what is issued is never changed.")
@click.pass_obj
def issue(
    context: Context, /, reference: str | None, order: str | None, yes: bool, **days: str | None
) -> int:
    """Issue the invoice for these days with the next number. Refused where they are not over, or billed already."""
    from netmgr.cli.view_invoice import show_draft, show_issued
    from netmgr.workflows import invoicing

    with reading_runtime(context, "network") as (runtime, progress):
        asked, shown = _asked(runtime, days), None
        if not yes:
            shown = invoicing.draft(runtime, asked)
            if shown.refusal is not None:
                raise shown.refusal
            progress.done()
            show_draft(shown, output="table", to_stderr=True)
            _ask(f"issue it to {context.client}?")
        record = invoicing.issue(
            runtime,
            asked,
            reference=one_line("--reference", reference),
            order=one_line("--order", order),
            shown=shown,
        )
    show_issued(context.client, record, output=context.output)
    return Exit.OK


@invoice.command(name="list")
@option("--open", "only_open", is_flag=True, help="Only what is not paid.")
@AT
@click.pass_obj
def list_(context: Context, only_open: bool, at: str | None) -> int:
    """Every invoice, the newest first, with what is open and overdue; credit notes stand below what they correct."""
    from netmgr.cli.view_invoice import show_list
    from netmgr.workflows.overdue import invoices_as_of

    with reading_runtime(context, "network") as (runtime, _):
        found = invoices_as_of(runtime, at=time_at(runtime, at))
    show_list(context.client, found, only_open=only_open, output=context.output)
    return Exit.OK


@invoice.command()
@NUMBER
@option("--evidence", is_flag=True, help="The log's entries behind each line.")
@AT
@FORMAT
@OUT
@click.pass_obj
def show(
    context: Context, number: str, evidence: bool, at: str | None, formats: str | None, out: Path | None
) -> int:
    """An invoice or credit note as it was issued, and how it stands. Files are made once, and kept."""
    from netmgr.cli.view_invoice import show_invoice
    from netmgr.workflows.invoice_files import files
    from netmgr.workflows.overdue import shown

    if formats is not None and (evidence or at):
        raise UsageError("--format writes the files of the invoice; --evidence and --at are for the screen")
    with reading_runtime(context, "network") as (runtime, _):
        if formats is not None:
            return _write(context, files(runtime, number, _formats(formats)), out)
        found = shown(runtime, number, at=time_at(runtime, at), with_evidence=evidence)
    show_invoice(context.client, found, output=context.output)
    return Exit.OK


@invoice.command()
@NUMBER
@option("--line", "lines", multiple=True, metavar="N[=AMOUNT]", help="Only this line, or a part of its sum.")
@option(
    "--reason", required=True, metavar="TEXT", help="Why, as the client reads it; - reads standard input."
)
@option("--yes", is_flag=True, lingers=False, help="Do not ask.")
@click.pass_obj
def credit(context: Context, number: str, lines: tuple[str, ...], reason: str, yes: bool) -> int:
    """Issue a credit note: for all that is left of an invoice, so that its days can be billed anew, or for lines."""
    from netmgr.cli.view_invoice import show_issued
    from netmgr.workflows.invoicing import credit as workflow

    chosen = _lines(lines)
    said = one_line("--reason", reason) or ""
    if len(said) > 240:
        raise UsageError("--reason: 240 characters at most; say less")
    with reading_runtime(context, "network") as (runtime, progress):
        if not yes:
            progress.done()
            _ask(f"credit {'lines of ' if chosen else 'all that is left of '}{number} to {context.client}?")
        record = workflow(runtime, number, said, chosen)
    show_issued(context.client, record, output=context.output)
    return Exit.OK


def _asked(runtime: "Runtime", given: Mapping[str, str | None]) -> "Period":
    from netmgr.report.period import period, period_before

    zone = runtime.inventories.load(runtime.client).client.timezone
    now = runtime.clock.now()
    if not any(given.values()):
        return period_before(now, zone=zone)
    return period(given["month"], given["first"], given["last"], quarter=given["quarter"], zone=zone, now=now)


def _formats(given: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(name.strip() for name in given.split(",") if name.strip()))
    unknown = [name for name in found if name not in FORMATS]
    if unknown or not found:
        raise UsageError(f"--format {given}: invoices are made as {', '.join(FORMATS)}")
    return found


def _lines(given: tuple[str, ...]) -> dict[int, Decimal | None]:
    chosen: dict[int, Decimal | None] = {}
    for each in given:
        match = re.fullmatch(r"([1-9][0-9]{0,3})(?:=([0-9]{1,12}(?:\.[0-9]{1,4})?))?", each)
        if match is None:
            raise UsageError(f"--line {each}: write a line's number, or N=AMOUNT like 2=50.00")
        number = int(match[1])
        if number in chosen:
            raise UsageError(f"--line {number} is there twice; say how much of it once")
        chosen[number] = Decimal(match[2]) if match[2] else None
    return chosen


def _ask(question: str) -> None:
    if not sys.stdin.isatty():
        raise Refused("approval", "there is no terminal to ask on", "look at the draft, then add --yes")
    if not click.confirm(question, default=False, err=True):
        raise click.Abort


def _write(context: Context, found: Any, out: Path | None) -> int:
    from netmgr.adapters.private_files import private_directory, write_durably
    from netmgr.cli.views import print_json

    directory = out or Path()
    private_directory(directory)
    written = []
    for each in found.files:
        path = directory / each.name
        write_durably(path, each.data)
        written.append(
            {"path": str(path), "format": each.format, "digest": each.digest, "kept_before": each.kept}
        )
    if context.output == "json":
        print_json("invoice-files", {"client": context.client, "files": written, "plain": found.plain})
    else:
        click.echo("\n".join(str(file["path"]) for file in written))
        if found.plain:
            click.echo(f"the PDF carries no electronic invoice: {found.plain}", err=True)
    return Exit.OK
