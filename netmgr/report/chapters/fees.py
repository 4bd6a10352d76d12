"""What the period costs, and the hours that the fees include."""

from netmgr.document.block import Block, Column, Paragraph, Section, Table, Value
from netmgr.document.locale import Words, msgid
from netmgr.model.invoice import HoursUsed, InvoiceDraft
from netmgr.report.evidence import exact, ranges
from netmgr.report.judges_fees import hours as hours_of
from netmgr.report.material import Material
from netmgr.report.service_facts import Sums
from netmgr.service.agreement_terms import SERVICES
from netmgr.service.invoice_texts import line_text, quantity_text

INVOICES = {"invoice": msgid("Invoice"), "credit_note": msgid("Credit note")}


def hours(material: Material, words: Words) -> Section | None:
    """Hours used against hours included, by the rules of the invoice."""
    facts = material.service
    if facts is None:
        return None
    found = facts.fees.hours
    title = words.text("Hours of work")
    if not found:
        nothing = words.text("No hours are included in the fees.")
        return Section("hours", title, (Paragraph(nothing),)) if facts.versions else None
    table = Table(
        "hours",
        words.text("Hours used against hours included"),
        (
            Column("days", words.text("Time"), wide=True),
            Column("services", words.text("For"), under="days"),
            Column("included", words.text("Included"), "amount"),
            Column("used", words.text("Used"), "amount"),
            Column("left", words.text("Left"), "amount"),
            Column("evidence", words.text("log entries"), under="days"),
            Column("entries", words.text("Log entries"), "names", exact=True),
        ),
        tuple(_hours(one, words) for one in found),
        words.text("No hours are included in the fees."),
    )
    return Section("hours", title, (table, *_beyond(material, words)))


def _hours(one: HoursUsed, words: Words) -> tuple[Value, ...]:
    used = one.before + one.used
    return (
        words.days(one.first, one.last),
        words.listed([words.text(SERVICES[kind][0]) for kind in one.services]) if one.services else None,
        hours_of(one.included, words),
        hours_of(used, words),
        hours_of(max(0, one.included - used), words),
        ranges(one.evidence),
        exact(one.evidence),
    )


def _beyond(material: Material, words: Words) -> tuple[Paragraph, ...]:
    """Work that no included hour pays for."""
    if material.service is None:
        return ()
    fees = material.service.fees
    found = [each.draft for each in (*fees.invoices, *([fees.draft] if fees.draft else []))]
    sums = [line.net for draft in found for line in draft.lines if line.kind == "work"]
    if not sums:
        return ()
    total = words.money(sum(sums[1:], sums[0]), found[0].currency)
    return (Paragraph(words.text("Work beyond the hours included: {sum}, without tax.", sum=total)),)


def fees(material: Material, words: Words) -> Section | None:
    """The invoices of the period, or what would be invoiced as of the cut."""
    facts = material.service
    if facts is None:
        return None
    blocks: list[Block] = []
    for each in facts.fees.invoices:
        blocks += _invoice(each, words)
    draft = facts.fees.draft
    if draft is not None:
        until = words.moment(facts.until)
        blocks.append(
            Paragraph(words.text("Not invoiced yet. As of {moment} it comes to this:", moment=until))
        )
        blocks += [_lines(draft.draft, "draft", words), _sums(draft.draft, "draft", words)]
    if not blocks:
        blocks.append(
            Paragraph(words.text("Nothing is charged: no signed agreement says what for."), "unknown")
        )
    return Section("fees", words.text("Fees"), tuple(blocks))


def _invoice(each: Sums, words: Words) -> list[Block]:
    values = {
        "kind": words.text(INVOICES[each.kind]),
        "number": each.number or "",
        "issued": words.day(each.issued) if each.issued else "",
        "due": words.day(each.due) if each.due else "",
        "seq": str(each.seq),
    }
    said = (
        words.text("{kind} {number}, issued on {issued}, due on {due} (log entry {seq}).", **values)
        if each.kind == "invoice"
        else words.text("{kind} {number}, issued on {issued} (log entry {seq}).", **values)
    )
    key = "invoice-" + "".join(c if c.isascii() and c.isalnum() else "-" for c in values["number"].lower())
    return [Paragraph(said), _lines(each.draft, key, words), _sums(each.draft, key, words)]


def _lines(draft: InvoiceDraft, key: str, words: Words) -> Table:
    return Table(
        f"{key}-lines",
        words.text("Sums in {currency}, without tax", currency=draft.currency),
        (
            Column("what", words.text("What"), wide=True),
            Column("days", "", under="what"),
            Column("evidence", words.text("log entries"), under="what"),
            Column("quantity", words.text("Quantity"), "word"),
            Column("net", words.text("Sum"), "amount"),
            Column("entries", words.text("Log entries"), "names", exact=True),
        ),
        tuple(
            (
                line_text(line, words),
                None
                if (line.first, line.last) == (draft.first, draft.last)
                else words.days(line.first, line.last),
                ranges(line.evidence),
                quantity_text(line, draft.currency, words),
                line.net,
                exact(line.evidence),
            )
            for line in draft.lines
        ),
        words.text("Nothing is charged."),
    )


def _sums(draft: InvoiceDraft, key: str, words: Words) -> Table:
    return Table(
        f"{key}-sums",
        words.text("Together, in {currency}", currency=draft.currency),
        (Column("what", words.text("What"), wide=True), Column("sum", words.text("Sum"), "amount")),
        (
            (words.text("Without tax"), draft.net),
            (words.text("Tax"), draft.tax),
            (words.text("Together"), draft.total),
        ),
        "",
        sums=1,
    )
