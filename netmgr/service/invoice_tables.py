"""The tables of an invoice: lines, sums, taxes, hours, what was not charged, and what each line rests on (pure)."""

from collections.abc import Mapping
from decimal import Decimal

from netmgr.document.block import Column, Table, Value
from netmgr.document.locale import Words, msgid
from netmgr.model.invoice import UNIT_CODES, InvoiceDraft, InvoiceLine, TaxSum
from netmgr.model.money import unrounded
from netmgr.service.agreement_terms import said, share, word
from netmgr.service.invoice_texts import line_text, quantity_text
from netmgr.service.invoice_wording import exact_text, some_entries

EVIDENCE = "evidence"
"""What the rows that say what a line rests on are led to by."""

TAXES: Mapping[str, str] = {
    "S": msgid("taxed at this rate"),
    "Z": msgid("taxed at zero"),
    "E": msgid("exempt from tax"),
    "AE": msgid("the buyer owes the tax (reverse charge)"),
    "K": msgid("supplied within the European Union, free of tax"),
    "G": msgid("exported, free of tax"),
    "O": msgid("outside the scope of the tax"),
    "L": msgid("tax of the Canary Islands (IGIC)"),
    "M": msgid("tax of Ceuta and Melilla (IPSI)"),
}
"""Category (UNTDID 5305) → what it means."""


def lines_table(draft: InvoiceDraft, words: Words) -> Table:
    """Each line with its price for how much, its tax and its sum; exact values for programs beside them."""
    return Table(
        "lines",
        words.text("Sums in {currency}, without tax", currency=draft.currency),
        (
            Column("line", words.text("Line")),
            Column("what", words.text("What"), wide=True),
            Column("days", "", under="what"),
            Column("version", words.text("Agreement, version"), under="what"),
            Column("from", words.text("Log entries"), under="what", to=EVIDENCE),
            Column("how_much", words.text("Quantity"), "word"),
            Column("price", words.text("Price"), "amount"),
            Column("per", "", under="price"),
            Column("tax", words.text("Tax"), "word"),
            Column("net", words.text("Sum"), "amount"),
            *(
                Column(key, key, exact=True)
                for key in (
                    "key",
                    "kind",
                    "agreement",
                    "first",
                    "last",
                    "quantity",
                    "unit",
                    "unit_code",
                    "base",
                )
            ),
            *(Column(key, key, exact=True) for key in ("tax_code", "tax_rate")),
            Column("evidence", "evidence", "names", exact=True),
        ),
        tuple(_line(number, line, draft, words) for number, line in enumerate(draft.lines, 1)),
        words.text("Nothing is charged."),
    )


def _line(number: int, line: InvoiceLine, draft: InvoiceDraft, words: Words) -> tuple[Value, ...]:
    return (
        str(number),
        line_text(line, words),
        words.days(line.first, line.last) if (line.first, line.last) != (draft.first, draft.last) else None,
        str(line.version) if len({each.version for each in draft.lines}) > 1 else None,
        some_entries(line.evidence, words),
        signed_quantity(line, draft.currency, words),
        line.price,
        per(line, words),
        tax_text(line.tax.code, line.tax.rate, words),
        line.net,
        line.key,
        line.kind,
        line.version,
        line.first,
        line.last,
        line.quantity,
        line.unit,
        UNIT_CODES[line.unit],
        line.base,
        line.tax.code,
        Decimal(line.tax.rate),
        tuple(map(str, line.evidence)),
    )


def signed_quantity(line: InvoiceLine, currency: str, words: Words) -> str:
    """How much, with a minus where the client gets it back."""
    if line.unit == "percent":
        return words.percent(line.quantity / 100)
    text = quantity_text(line, currency, words)
    return f"-{text}" if line.quantity < 0 else text


def per(line: InvoiceLine, words: Words) -> str | None:
    """For how much the price is, where that is more than one."""
    base = int(line.base)
    match line.unit:
        case _ if base == 1:
            return None
        case "day":
            return words.plural("for {count} day", "for {count} days", base)
        case "minute":
            return words.plural("for {count} minute", "for {count} minutes", base)
        case "percent":
            return words.text("for {share}", share=words.percent(line.base / 100))
        case _:
            return words.text("for {number}", number=base)


def tax_text(code: str, rate: str, words: Words) -> str:
    """``19%``; a tax that is not the usual one with its category, which the taxes' table explains: ``AE 0%``."""
    if code == "S":
        return share(rate, words)
    return words.text("{code} {rate}", code=code, rate=share(rate, words))


def sums_table(draft: InvoiceDraft, total: str, words: Words) -> Table:
    """From the lines' sum to what is to be paid, which ``total`` says."""

    def taxed(each: TaxSum) -> str:
        return words.text(
            "Tax {tax} of {net}", tax=tax_text(each.code, each.rate, words), net=words.number(each.net)
        )

    return Table(
        "sums",
        words.text("Sums in {currency}", currency=draft.currency),
        (Column("what", words.text("What"), wide=True), Column("amount", words.text("Sum"), "amount")),
        (
            (words.text("All lines, without tax"), draft.net),
            *((taxed(each), each.tax) for each in draft.taxes),
            (total, draft.total),
        ),
        "",
        sums=1,
    )


def taxes_table(draft: InvoiceDraft, words: Words) -> Table:
    """Each tax with what it is of, before and after rounding."""
    return Table(
        "taxes",
        words.text("Taxes in {currency}, each rounded once", currency=draft.currency),
        (
            Column("tax", words.text("Tax")),
            Column("meaning", words.text("Meaning"), wide=True),
            Column("reason", "", under="meaning"),
            Column("net", words.text("Without tax"), "amount"),
            Column("exact", words.text("Exactly"), "amount"),
            Column("amount", words.text("Tax, rounded"), "amount"),
            Column("code", "code", exact=True),
            Column("rate", "rate", exact=True),
        ),
        (
            *(
                (
                    tax_text(each.code, each.rate, words),
                    word(TAXES, each.code, words),
                    said(each.reason, words) or None,
                    each.net,
                    exact_text(unrounded(each.net, Decimal(each.rate), Decimal(100)), draft.digits, words),
                    each.tax,
                    each.code,
                    Decimal(each.rate),
                )
                for each in draft.taxes
            ),
            (words.text("Together"), "", None, draft.net, None, draft.tax, None, None),
        ),
        words.text("No tax."),
        sums=1,
    )
