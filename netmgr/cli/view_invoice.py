"""Invoices for people and as JSON: drafts, what was issued, how it stands."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from netmgr.cli.invoice_json import (
    adjustment_document,
    open_document,
    plain,
    record_document,
    shown_document,
    standing_document,
)
from netmgr.cli.views import print_json, print_table, printable, table

if TYPE_CHECKING:
    from netmgr.model.adjustment import AdjustmentRecord
    from netmgr.model.invoice import InvoiceDraft
    from netmgr.model.invoice_record import InvoiceRecord
    from netmgr.service.ledger import Standing
    from netmgr.workflows.invoicing import Drafted
    from netmgr.workflows.overdue import Overview, Shown

_OPEN = {
    "not_over": "the period is not over",
    "goes_on": "work that nobody has ended",
    "proposed": "work that the log shows and nobody has taken down",
    "corrected": "work that was billed, and was corrected since",
    "not_measured": "not measured, though credits are promised for it",
    "missed_late": "missed in days that were billed, without a credit",
    "counted_late": "looked after in days that were billed, written down later",
    "not_counted": "the log does not say what is looked after; `netmgr audit` or `plan` notes it",
}


def show_draft(made: "Drafted", *, output: str, to_stderr: bool = False) -> None:
    """What would be issued, then what is open about it and what keeps it from being issued."""
    invoice, bill = made.invoice, made.bill
    if output == "json":
        document = {
            "client": bill.client,
            "cut": bill.cut,
            "entity": bill.entity_id,
            "refused": made.refusal.reason if made.refusal else None,
            "gap": made.gap.isoformat() if made.gap else None,
            "open": list(map(open_document, bill.open)),
            "draft": bill.draft.model_dump(mode="json", exclude_none=True),
        }
        print_json("invoice-draft", document)
        return
    click.echo(
        printable(
            f"DRAFT for {bill.client}, {bill.draft.first} to {bill.draft.last}, by {_name(invoice.seller.name)}"
        ),
        err=to_stderr,
    )
    _show_lines(bill.draft, to_stderr=to_stderr)
    for point in bill.open:
        click.echo(
            printable(f"open: {_OPEN[point.why]}: {point.about or point.day}{_seqs(point.evidence)}"),
            err=True,
        )
    if made.gap is not None:
        click.echo(f"open: no invoice has the days from {made.gap} on", err=True)
    if made.refusal is not None:
        click.echo(
            printable(f"it cannot be issued now: {made.refusal.reason}; {made.refusal.remedy}"), err=True
        )


def show_issued(client: str, record: "InvoiceRecord", *, output: str) -> None:
    """What was just issued or recorded."""
    if output == "json":
        print_json("invoice", {"client": client, **record_document(record)})
        return
    what = "credit note " if record.kind == "credit_note" else ""
    of = f" for {record.corrects.partition(':')[2]}" if record.corrects else ""
    due = f", due {record.due}" if record.kind == "invoice" else ""
    tax = f", fapiao {record.fapiao}" if record.fapiao else ""
    click.echo(printable(f"{what}{record.number}{of}: {_money(record.total, record)}{due}{tax}"))


def show_adjustment(client: str, one: "AdjustmentRecord", reason: str | None, *, output: str) -> None:
    """A correction as it was recorded, or taken back."""
    if output == "json":
        print_json("adjustment", {"client": client, **adjustment_document(one, reason)})
        return
    done = "withdrawn" if one.withdrawn else f"stands on the next invoice that reaches {one.day}"
    click.echo(printable(f"{one.id}: {one.amount:f} {one.currency}: {done}"))


def show_list(client: str, found: "Overview", *, only_open: bool, output: str) -> None:
    """A line for each invoice, the newest first, with its credit notes below it."""
    chosen = [one for one in reversed(found.known.standings) if one.open or not only_open]
    notes = found.known.records.values()
    if output == "json":
        invoices = [
            {
                **standing_document(one, found.day, found.proposed.get(one.record.key)),
                "credit_notes": [note.number for note in notes if note.corrects == one.record.key],
            }
            for one in chosen
        ]
        document = {
            "client": client,
            "day": found.day.isoformat(),
            "suspended": found.suspended,
            "invoices": invoices,
        }
        print_json("invoice-list", document)
        return
    if not chosen:
        click.echo(f"{client}: no invoices", err=True)
        return
    rows = table(
        *("NUMBER", "ISSUED", "DUE", "PERIOD", "TOTAL", "OPEN", "STATE"), right=frozenset({"TOTAL", "OPEN"})
    )
    for one in chosen:
        record = one.record
        rows.add_row(
            printable(record.number),
            str(record.issued),
            str(record.due),
            f"{record.first} {record.last}",
            _money(record.total, record),
            plain(one.open, record) if one.open or not one.surplus else f"-{plain(one.surplus, record)}",
            _state(one, found.day),
        )
        for note in notes:
            if note.corrects == record.key:
                rows.add_row(
                    f"  {printable(note.number)}",
                    str(note.issued),
                    "",
                    "",
                    _money(-note.total, note),
                    "",
                    "credit note",
                )
    print_table(rows)
    tell_proposed(client, found)


def tell_proposed(client: str, found: "Overview") -> None:
    """That the agreement lets the provider stop working: a person decides it."""
    if not found.proposed:
        return
    numbers = ", ".join(key.partition(":")[2] for key in found.proposed)
    since = min(found.proposed.values())
    click.echo(
        printable(
            f"{client}: the grace for {numbers} was over on {since}: the agreement lets you give notice and "
            f"suspend (netmgr agreement suspend -c {client} --notice DAY)"
        ),
        err=True,
    )


def show_invoice(client: str, found: "Shown", *, output: str) -> None:
    """One of them, with its lines; with the entries behind each where they were asked for."""
    record, invoice = found.record, found.invoice
    if output == "json":
        print_json("invoice", {"client": client, **shown_document(found)})
        return
    seller, buyer = _name(invoice.seller.name), _name(invoice.buyer.name)
    kind = "Credit note" if record.kind == "credit_note" else "Invoice"
    click.echo(printable(f"{kind} {record.number} of {record.issued}: {seller} to {buyer}"))
    if invoice.corrects is not None:
        click.echo(printable(f"takes back {invoice.corrects.number}: {invoice.corrects.reason}"))
    click.echo(
        f"{record.first} to {record.last}" + (f", due {record.due}" if record.kind == "invoice" else "")
    )
    if record.fapiao:
        click.echo(f"fapiao {record.fapiao}")
    _show_lines(invoice.draft)
    for note in found.credit_notes:
        click.echo(printable(f"credited by {note.number} on {note.issued}: {_money(note.total, note)}"))
    for payment, reference in found.payments:
        said = f" ({reference})" if reference else ""
        click.echo(printable(f"{payment.id} on {payment.day}: {payment.amount} {payment.currency}{said}"))
    if found.evidence:
        _show_evidence(found)
    if found.standing is not None:
        late = f", {found.overdue} days overdue" if found.overdue else ""
        more = f", {_money(found.standing.surplus, record)} too much" if found.standing.surplus else ""
        click.echo(
            f"{found.standing.state.replace('_', ' ')}: {_money(found.standing.open, record)} open{late}{more}"
        )


def _show_lines(draft: "InvoiceDraft", *, to_stderr: bool = False) -> None:
    rows = table(
        *("", "WHAT", "DAYS", "QUANTITY", "PRICE", "TAX %", "NET"),
        right=frozenset({"", "QUANTITY", "PRICE", "TAX %", "NET"}),
    )
    for number, line in enumerate(draft.lines, 1):
        per = f" / {line.base.normalize():f}" if line.base != 1 else ""
        rows.add_row(
            str(number),
            printable(_what(line)),
            f"{line.first} {line.last}",
            f"{line.quantity.normalize():f} {line.unit}",
            f"{line.price:f}{per}",
            line.tax.rate,
            f"{line.net:f}",
        )
    for tax in draft.taxes:
        rows.add_row("", f"tax {tax.code} of {tax.net:f}", "", "", "", tax.rate, f"{tax.tax:f}")
    rows.add_row("", f"total {draft.currency}", "", "", "", "", f"{draft.total:f}")
    print_table(rows, stderr=to_stderr)


def _show_evidence(found: "Shown") -> None:
    """The entries behind each line, by its number."""
    rows = table(*("LINE", "SEQ", "TIME", "ENTRY", "ABOUT"), right=frozenset({"LINE", "SEQ"}))
    for number, line in enumerate(found.invoice.draft.lines, 1):
        for entry in found.evidence[line.key]:
            rows.add_row(
                str(number),
                str(entry.seq),
                f"{entry.time[:19]}Z",
                printable(f"{entry.kind} {entry.action} {entry.outcome or entry.phase}"),
                printable(entry.device or entry.ticket or str(entry.facts.get("id") or "")),
            )
    print_table(rows)


def _what(line: Any) -> str:
    if line.about is not None:
        return _name(line.about)
    parts = [
        line.kind.replace("_", " "),
        line.level,
        line.priority,
        *line.services,
        line.rate_class,
        line.when,
        line.way,
    ]
    return " ".join(part for part in parts if part)


def _name(wording: Any) -> str:
    """In English, else in the first language that there is."""
    if isinstance(wording, str):
        return wording
    return str(wording.get("en") or next(iter(wording.values())))


def _state(one: "Standing", day: date) -> str:
    days = one.overdue(day)
    return one.state.replace("_", " ") + (f", {days} d overdue" if days else "")


def _seqs(evidence: Sequence[int]) -> str:
    return f" (seq {', '.join(map(str, evidence))})" if evidence else ""


def _money(amount: Decimal, record: "InvoiceRecord") -> str:
    return f"{plain(amount, record)} {record.currency}"
