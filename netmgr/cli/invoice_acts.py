"""``netmgr invoice adjust``, ``fapiao`` and ``continue``: what is recorded beside the invoices themselves."""

import re
from datetime import date
from decimal import Decimal

import click

from netmgr.cli.context import Context
from netmgr.cli.names import corrections, invoices, tickets
from netmgr.cli.options import Command, option
from netmgr.cli.runtime import reading_runtime
from netmgr.cli.texts import line as one_line
from netmgr.errors import Exit, UsageError

NUMBER = click.argument("number", shell_complete=invoices)


@click.command(cls=Command)
@NUMBER
@click.argument("fapiao")
@click.pass_obj
def fapiao(context: Context, number: str, fapiao: str) -> int:
    """Record the number of the tax invoice (fapiao) that was issued for NUMBER in China's own system."""
    from netmgr.cli.view_invoice import show_issued
    from netmgr.workflows.invoicing import record_fapiao

    if not re.fullmatch(r"[0-9A-Z-]{8,32}", fapiao):
        raise UsageError(
            f"{fapiao!r} is no number of a fapiao; write its digits (8 to 32), such as 26312000000123456789"
        )
    with reading_runtime(context, "network") as (runtime, _):
        record = record_fapiao(runtime, number, fapiao)
    show_issued(context.client, record, output=context.output)
    return Exit.OK


@click.command(cls=Command)
@option(
    "--amount", metavar="SUM", help="Without tax; negative where the client gets it back: --amount=-12.50."
)
@option("--day", metavar="DAY", help="A day of the period that is corrected: its taxes hold.")
@option("--reason", metavar="TEXT", help="Why: the line's name on the next invoice; - reads standard input.")
@option("--tax", metavar="NAME", help="One of the agreement's other taxes.")
@option("--invoice", "about", metavar="NUMBER", shell_complete=invoices, help="The invoice that it is about.")
@option("--ticket", metavar="ID", shell_complete=tickets, help="The ticket that it is about.")
@option(
    "--withdraw",
    metavar="ID",
    shell_complete=corrections,
    help="Take a correction back that no invoice has yet.",
)
@click.pass_obj
def adjust(
    context: Context,
    /,
    amount: str | None,
    day: str | None,
    reason: str | None,
    withdraw: str | None,
    **given: str | None,
) -> int:
    """Record a correction of days that were billed: it stands on the next invoice."""
    from netmgr.cli.view_invoice import show_adjustment
    from netmgr.service.invoice_record import billed
    from netmgr.workflows import adjusting
    from netmgr.workflows.invoice_log import ledger

    said = one_line("--reason", reason)
    with reading_runtime(context, "network") as (runtime, _):
        if withdraw is not None:
            if amount or day or said or any(given.values()):
                raise UsageError("--withdraw takes a correction back, and says nothing else")
            found = adjusting.withdraw(runtime, withdraw, lambda: billed(ledger(runtime).records))
        elif amount is None or day is None or said is None:
            raise UsageError("a correction needs --amount, --day and --reason")
        else:
            about = given["about"]
            number = ledger(runtime).found(about, runtime.client).number if about else None
            correction = adjusting.Correction(
                amount=_signed(amount),
                day=_day("--day", day),
                reason=said,
                tax=given["tax"],
                invoice=number,
                ticket=given["ticket"],
            )
            found = adjusting.adjust(runtime, correction)
        why = adjusting.reason(runtime, found)
    show_adjustment(context.client, found, why, output=context.output)
    return Exit.OK


@click.command(name="continue", cls=Command)
@option("--after", required=True, metavar="NUMBER", help="The number that went out last.")
@option("--credit-notes", is_flag=True, help="Of the credit notes' own series.")
@option("--entity", metavar="ID", help="Of this legal entity (default: the one that bills the client).")
@click.pass_obj
def continue_(context: Context, after: str, credit_notes: bool, entity: str | None) -> int:
    """Say how numbers go on after the store was restored: nobody else knows what went out since the copy."""
    from netmgr.cli.views import print_json
    from netmgr.workflows.invoicing import go_on

    with reading_runtime(context, "network") as (runtime, _):
        following = go_on(runtime, after, "credit_note" if credit_notes else "invoice", entity)
    if context.output == "json":
        print_json("invoice-continue", {"client": context.client, "next": following})
    else:
        click.echo(following)
    return Exit.OK


def _signed(given: str) -> Decimal:
    if not re.fullmatch(r"-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,4})?", given):
        raise UsageError(f"--amount {given}: write a sum like 12.50, or -12.50")
    return Decimal(given)


def _day(name: str, given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise UsageError(f"{name} {given}: write a day like 2026-11-29") from None
