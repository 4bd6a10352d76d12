"""Payments for people and as JSON."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from netmgr.cli.invoice_json import payment_document
from netmgr.cli.views import print_json, print_table, printable, table

if TYPE_CHECKING:
    from netmgr.model.invoice_record import PaymentRecord
    from netmgr.service.ledger import Standing
    from netmgr.workflows.invoice_log import Ledger


def show_payment(
    client: str, payment: "PaymentRecord", standing: "Standing", reference: str | None, *, output: str
) -> None:
    """What was taken down, and what is open now."""
    record = standing.record
    rest = {name: f"{getattr(standing, name):.{record.digits}f}" for name in ("open", "surplus")}
    if output == "json":
        document = {**payment_document(payment, reference), "state": standing.state, **rest}
        print_json("payment", {"client": client, **document})
        return
    more = f", {rest['surplus']} too much" if standing.surplus else ""
    click.echo(
        printable(
            f"{payment.id}: {payment.amount} {payment.currency} for {record.number}: "
            f"{standing.state.replace('_', ' ')}, {rest['open']} open{more}"
        )
    )


def show_list(
    client: str, known: "Ledger", found: "Sequence[tuple[PaymentRecord, str | None]]", *, output: str
) -> None:
    """A line for each; then what the client has paid too much."""
    surplus = {
        one.record.number: f"{one.surplus:.{one.record.digits}f}" for one in known.standings if one.surplus
    }
    if output == "json":
        payments = [payment_document(payment, reference) for payment, reference in found]
        print_json("payment-list", {"client": client, "payments": payments, "surplus": surplus})
        return
    if not found:
        click.echo(f"{client}: no payments", err=True)
        return
    rows = table(*("ID", "DAY", "INVOICE", "AMOUNT", "REFERENCE"), right=frozenset({"AMOUNT"}))
    for payment, reference in found:
        number = payment.invoice.partition(":")[2]
        rows.add_row(
            payment.id,
            str(payment.day),
            printable(number),
            f"{payment.amount:f} {payment.currency}",
            printable(reference or ""),
        )
    print_table(rows)
    for number, amount in surplus.items():
        click.echo(printable(f"{amount} was paid too much for {number}"), err=True)
