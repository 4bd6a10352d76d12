"""An invoice or a credit note as a document, from nothing but what was issued (pure)."""

from collections.abc import Iterator

from netmgr.document.block import (
    Addressee,
    Addressees,
    Block,
    Document,
    Fact,
    FactList,
    Figure,
    Figures,
    Paragraph,
    Section,
)
from netmgr.document.locale import Words
from netmgr.model.issued_invoice import Invoice
from netmgr.model.provider import Address, LegalEntity
from netmgr.service.invoice_grounds import (
    capped_table,
    counted_table,
    hours_table,
    things_table,
    uncharged_table,
)
from netmgr.service.invoice_tables import lines_table, sums_table, taxes_table
from netmgr.service.invoice_wording import credit_note_text, interest_text, named


def invoice_document(
    invoice: Invoice, words: Words, *, draft: bool = False, fapiao: str | None = None
) -> Document:
    """The document. A ``draft`` says on every page what it is, and its number nowhere.

    ``fapiao`` is the number of the tax invoice that was recorded for it (China).
    """
    seller = named(invoice.seller.name, words)
    title = _title(invoice, words, draft=draft)
    return Document(
        title=title,
        kind=seller,
        author=seller,
        day=invoice.issued,
        opening=tuple(_opening(invoice, words, draft=draft, fapiao=fapiao)),
        sections=tuple(_sections(invoice, words, draft=draft)),
        header=words.text(
            "{title} · {seller} · {buyer}", title=title, seller=seller, buyer=_buyer(invoice, words)
        ),
        footer=_footer(invoice.seller, words),
        marks=(words.text("This is a draft: nothing is owed by it, and what it says may still change."),)
        if draft
        else (),
        stamp=words.text("DRAFT") if draft else "",
        form="invoice",
    )


def grouped(account: str) -> str:
    """An IBAN in groups of four, as it is printed."""
    return " ".join(account[at : at + 4] for at in range(0, len(account), 4))


def address_lines(address: Address, words: Words) -> tuple[str, ...]:
    """As it is written on an envelope: from the small to the great, in Chinese the other way round."""
    region = named(address.region, words) if address.region else ""
    country = words.country(address.country)
    if words.language.startswith("zh"):
        parts = list(filter(None, (region, named(address.city, words), named(address.street, words))))
        # Chinese words are not parted by spaces; a foreign address, which nobody translated, is.
        street = (" " if "".join(parts).isascii() else "").join(parts)
        return tuple(filter(None, (country, street, address.postcode)))
    city = " ".join(filter(None, (address.postcode, named(address.city, words))))
    return tuple(filter(None, (named(address.street, words), city, region, country)))


def _title(invoice: Invoice, words: Words, *, draft: bool) -> str:
    credit = invoice.kind == "credit_note"
    if draft:
        return words.text("Draft of a credit note") if credit else words.text("Draft of an invoice")
    if credit:
        return words.text("Credit note {number}", number=invoice.number)
    return words.text("Invoice {number}", number=invoice.number)


def _opening(invoice: Invoice, words: Words, *, draft: bool, fapiao: str | None) -> Iterator[Block]:
    yield Addressees((_from(invoice, words), _to(invoice, words)))
    yield FactList(tuple(_facts(invoice, words, draft=draft, fapiao=fapiao)))
    if invoice.corrects is not None:
        yield Paragraph(credit_note_text(invoice.corrects, words))
    yield Figures(tuple(_figures(invoice, words)))


def _from(invoice: Invoice, words: Words) -> Addressee:
    seller = invoice.seller
    lines = [*address_lines(seller.address, words)]
    lines += [words.text("VAT number {number}", number=seller.vat_id)] if seller.vat_id else []
    lines += [words.text("Tax number {number}", number=seller.tax_number)] if seller.tax_number else []
    lines += [words.text("Registered: {number}", number=seller.registration)] if seller.registration else []
    lines += filter(None, (seller.contact.email, seller.contact.phone))
    return Addressee(words.text("Issued by"), named(seller.name, words), tuple(lines))


def _to(invoice: Invoice, words: Words) -> Addressee:
    buyer = invoice.buyer
    lines = [named(buyer.address, words)]
    lines += [words.text("Tax number {number}", number=buyer.vat_id)] if buyer.vat_id else []
    lines += [words.text("Registered: {number}", number=buyer.registration)] if buyer.registration else []
    lines += [buyer.email] if buyer.email else []
    return Addressee(words.text("Issued to"), _buyer(invoice, words), tuple(lines))


def _facts(invoice: Invoice, words: Words, *, draft: bool, fapiao: str | None) -> Iterator[Fact]:
    if not draft:
        yield Fact("number", words.text("Number"), invoice.number)
        yield Fact("issued", words.text("Date of issue"), words.day(invoice.issued))
    yield Fact("period", words.text("Period"), words.days(invoice.draft.first, invoice.draft.last))
    if invoice.kind == "invoice" and not draft:
        yield Fact("due", words.text("To be paid by"), words.day(invoice.due))
    if invoice.corrects is not None:
        yield Fact("corrects", words.text("Corrects invoice"), invoice.corrects.number)
    if invoice.buyer.reference:
        yield Fact("reference", words.text("Your reference"), invoice.buyer.reference)
    if invoice.buyer.order:
        yield Fact("order", words.text("Your order"), invoice.buyer.order)
    if invoice.versions:
        versions = words.listed([str(each) for each in invoice.versions])
        yield Fact("agreement", words.text("Agreement, version"), versions)
    if fapiao is not None:
        yield Fact("fapiao", words.text("Number of the fapiao"), fapiao)


def _figures(invoice: Invoice, words: Words) -> Iterator[Figure]:
    draft = invoice.draft
    yield Figure("net", words.text("Without tax"), words.money(draft.net, draft.currency))
    yield Figure("tax", words.text("Tax"), words.money(draft.tax, draft.currency))
    yield Figure("total", _total(invoice, words), words.money(draft.total, draft.currency))


def _total(invoice: Invoice, words: Words) -> str:
    if invoice.kind == "credit_note":
        return words.text("Credited to you")
    return words.text("To be paid") if invoice.draft.total >= 0 else words.text("In your favour")


def _sections(invoice: Invoice, words: Words, *, draft: bool) -> Iterator[Section]:
    counted = invoice.draft
    yield Section(
        "lines",
        words.text("What is credited") if invoice.kind == "credit_note" else words.text("What is charged"),
        (lines_table(counted, words), sums_table(counted, _total(invoice, words), words)),
    )
    yield Section("payment", words.text("Payment"), tuple(_payment(invoice, words, draft=draft)))
    yield Section("taxes", words.text("Taxes"), (taxes_table(counted, words),))
    if counted.hours:
        yield Section("hours", words.text("Hours included"), (hours_table(counted, words),))
    left_out = tuple(
        table
        for table in (uncharged_table(counted, words), capped_table(counted, words))
        if table is not None
    )
    if left_out:
        yield Section("left-out", words.text("What was not charged, or not credited"), left_out)
    things = things_table(counted, words)
    yield Section(
        "evidence",
        words.text("What each line rests on"),
        (
            Paragraph(
                words.text(
                    "Quantities are counted, never rounded. A line's sum is its price times its quantity, divided by "
                    "what the price is for; it is rounded once, half up (away from zero), to {count} decimals. The tax "
                    "of all lines of one rate is rounded once in the same way, and nothing else is.",
                    count=counted.digits,
                )
            ),
            Paragraph(
                words.text(
                    "The numbers are those of the entries in your service log, in which each line can be checked."
                )
            ),
            counted_table(counted, words),
            *((things,) if things is not None else ()),
        ),
    )


def _payment(invoice: Invoice, words: Words, *, draft: bool) -> Iterator[Block]:
    total = words.money(abs(invoice.draft.total), invoice.draft.currency)
    if invoice.corrects is not None:
        yield Paragraph(
            words.text(
                "{total} less is owed on invoice {number}; what was paid already beyond that is yours.",
                total=total,
                number=invoice.corrects.number,
            )
        )
        return
    if invoice.draft.total <= 0:
        yield Paragraph(words.text("Nothing is to be paid. {total} is in your favour.", total=total))
        return
    if draft:
        yield Paragraph(
            words.plural(
                "An invoice is due {count} day after it was issued.",
                "An invoice is due {count} days after it was issued.",
                invoice.terms.days,
            )
        )
    else:
        yield Paragraph(
            words.text(
                "Please pay {total} by {day}, with the number {number} as the reference.",
                total=total,
                day=words.day(invoice.due),
                number=invoice.number,
            )
        )
    if (interest := interest_text(invoice.terms, words)) is not None:
        yield Paragraph(interest)
    yield FactList(tuple(_account(invoice, words, draft=draft)))


def _account(invoice: Invoice, words: Words, *, draft: bool) -> Iterator[Fact]:
    bank = invoice.seller.bank
    yield Fact("holder", words.text("Account of"), named(bank.holder or invoice.seller.name, words))
    if bank.iban:
        yield Fact("iban", "IBAN", grouped(bank.iban), "code")
    if bank.number:
        yield Fact("account", words.text("Account number"), bank.number, "code")
    if bank.bic:
        yield Fact("bic", "BIC", bank.bic, "code")
    if bank.name:
        yield Fact("bank", words.text("Bank"), named(bank.name, words))
    if not draft:
        yield Fact("reference", words.text("Reference"), invoice.number, "code")


def _buyer(invoice: Invoice, words: Words) -> str:
    return named(invoice.buyer.name, words)


def _footer(seller: LegalEntity, words: Words) -> str:
    parts = [
        named(seller.name, words),
        words.text("VAT number {number}", number=seller.vat_id)
        if seller.vat_id
        else words.text("Tax number {number}", number=seller.tax_number or ""),
        seller.contact.email,
    ]
    return " · ".join(filter(None, parts))
