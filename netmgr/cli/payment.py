"""``netmgr payment``: what was paid for invoices."""

from decimal import Decimal
from typing import TYPE_CHECKING

import click

from netmgr.cli.context import Context
from netmgr.cli.groups import Group
from netmgr.cli.names import invoices, payments
from netmgr.cli.options import option
from netmgr.cli.runtime import reading_runtime
from netmgr.cli.texts import at as time_at
from netmgr.cli.texts import line as one_line
from netmgr.errors import Exit, UsageError

if TYPE_CHECKING:
    from datetime import date


@click.group(cls=Group)
def payment() -> None:
    """Payments: what arrived for an invoice, what went back."""


@payment.command()
@click.argument("number", shell_complete=invoices)
@option("--amount", required=True, metavar="SUM", help="In the invoice's currency, like 672.35.")
@option("--day", required=True, metavar="DAY", help="When it arrived, or left.")
@option("--reference", metavar="TEXT", help="What the bank says of it.")
@option(
    "--keep", is_flag=True, lingers=False, help="It is more than is owed: the rest is kept as the client's."
)
@option("--refund", is_flag=True, lingers=False, help="It went back to the client, who had paid too much.")
@option(
    "--out-of",
    metavar="NUMBER",
    shell_complete=invoices,
    help="Taken from what was paid too much for that invoice.",
)
@option(
    "--corrects",
    metavar="ID",
    shell_complete=payments,
    help="In place of this payment; --amount 0 takes it back.",
)
@click.pass_obj
def record(
    context: Context,
    number: str,
    amount: str,
    day: str,
    reference: str | None,
    keep: bool,
    refund: bool,
    out_of: str | None,
    corrects: str | None,
) -> int:
    """Take a payment down. More than is open is refused, unless --keep says that it stays the client's."""
    from netmgr.cli.view_payment import show_payment
    from netmgr.workflows.payments import Paid
    from netmgr.workflows.payments import record as workflow

    if sum(map(bool, (refund, out_of, keep))) > 1 or (corrects and out_of):
        raise UsageError(
            "--keep, --refund and --out-of say different things, and --out-of corrects nothing; give one"
        )
    paid = Paid(
        amount=_amount(amount),
        day=_day(day),
        reference=one_line("--reference", reference),
        keep=keep,
        refund=refund,
        out_of=out_of,
        corrects=corrects,
    )
    with reading_runtime(context, "network") as (runtime, _):
        made, standing = workflow(runtime, number, paid)
    show_payment(context.client, made, standing, paid.reference, output=context.output)
    return Exit.OK


@payment.command(name="list")
@click.argument("number", required=False, shell_complete=invoices)
@option("--at", metavar="TIME", lingers=False, help="As it was known then (a day, or RFC 3339).")
@click.pass_obj
def list_(context: Context, number: str | None, at: str | None) -> int:
    """Payments, of one invoice or of all, in the order in which they were taken down."""
    from netmgr.cli.view_payment import show_list
    from netmgr.workflows.invoice_log import ledger
    from netmgr.workflows.payments import listed, reference_of

    with reading_runtime(context, "network") as (runtime, _):
        runtime.require("read")
        known = ledger(runtime, time_at(runtime, at))
        found = [(one, reference_of(runtime, one)) for one in listed(runtime, known, number)]
    show_list(context.client, known, found, output=context.output)
    return Exit.OK


def _amount(given: str) -> Decimal:
    import re

    if not re.fullmatch(r"(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,4})?", given):
        raise UsageError(f"--amount {given}: write a sum like 672.35")
    return Decimal(given)


def _day(given: str) -> "date":
    from datetime import date

    try:
        return date.fromisoformat(given)
    except ValueError:
        raise UsageError(f"--day {given}: write a day like 2026-11-29") from None
