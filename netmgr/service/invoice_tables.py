"""The tables of an invoice: lines, sums, taxes, hours, what was not charged, and what each line rests on (pure)."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_DOWN, Decimal
from itertools import pairwise

from netmgr.document.block import Column, Table, Value
from netmgr.document.locale import Words, msgid
from netmgr.model.invoice import UNIT_CODES, InvoiceDraft, InvoiceLine, TaxSum
from netmgr.model.money import unrounded
from netmgr.service.agreement_terms import CREDITED, PRIORITIES, SERVICES, said, share, word
from netmgr.service.invoice_texts import line_text, quantity_text

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

UNCHARGED = {
    "not_billable": msgid("recorded as not to be charged"),
    "no_rate": msgid("the agreement has no rate for it"),
}
_FEW = 6
_SHOWN = 8


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
            Column("amount", words.text("Quantity"), "word"),
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
        _some(line.evidence, words),
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
    return f"\N{MINUS SIGN}{text}" if line.quantity < 0 else text


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
    """``S 19%``."""
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
                    _plain(unrounded(each.net, Decimal(each.rate), Decimal(100)), draft.digits, words),
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


def counted_table(draft: InvoiceDraft, words: Words) -> Table:
    """How each line's sum was worked out, and all entries of the log that it rests on."""
    return Table(
        "counted",
        words.text("Each line: price × quantity ÷ what the price is for, rounded once; and its log entries"),
        (
            Column("line", words.text("Line")),
            Column("calculation", words.text("Calculation"), "word"),
            Column("exact", words.text("Exactly"), "amount"),
            Column("rounded", words.text("Rounded"), "amount"),
            Column("entries", words.text("Log entries"), wide=True),
        ),
        tuple(
            (
                str(number),
                calculation(line, words),
                _plain(unrounded(line.price, line.quantity, line.base), draft.digits, words),
                line.net,
                entries(line.evidence),
            )
            for number, line in enumerate(draft.lines, 1)
        ),
        words.text("Nothing is charged."),
        anchor=EVIDENCE,
    )


def calculation(line: InvoiceLine, words: Words) -> str:
    """``85.00 × 41 ÷ 30``."""
    text = f"{words.number(line.price)} × {words.number(_trimmed(line.quantity))}"
    return text if line.base == 1 else f"{text} ÷ {words.number(_trimmed(line.base))}"


def things_table(draft: InvoiceDraft, words: Words) -> Table | None:
    """What was looked after, for how many days of a line's."""
    rows = tuple(
        (str(number), name, days) for number, line in enumerate(draft.lines, 1) for name, days in line.things
    )
    if not rows:
        return None
    return Table(
        "things",
        words.text("What was looked after, and on how many days"),
        (
            Column("line", words.text("Line")),
            Column("name", words.text("Name"), wide=True),
            Column("days", words.text("Days"), "count"),
        ),
        rows,
        "",
    )


def hours_table(draft: InvoiceDraft, words: Words) -> Table:
    """Included hours, in hours: what was used before, now, and what is left."""
    return Table(
        "hours",
        words.text("Hours that the fixed fees include"),
        (
            Column("period", words.text("Period"), wide=True),
            Column("services", words.text("For"), absent=words.text("every service")),
            Column("included", words.text("Included"), "amount"),
            Column("before", words.text("Used before"), "amount"),
            Column("used", words.text("Used now"), "amount"),
            Column("left", words.text("Left"), "amount"),
            Column("entries", words.text("Log entries"), under="period"),
            *(Column(key, key, exact=True) for key in ("first", "last")),
            *(Column(f"{key}_minutes", key, exact=True) for key in ("included", "before", "used")),
        ),
        tuple(
            (
                words.days(used.first, used.last),
                words.listed([words.text(SERVICES[kind][0]) for kind in used.services]) or None,
                hours(used.included, words),
                hours(used.before, words),
                hours(used.used, words),
                hours(max(0, used.included - used.before - used.used), words),
                entries(used.evidence) or None,
                used.first,
                used.last,
                used.included,
                used.before,
                used.used,
            )
            for used in draft.hours
        ),
        words.text("No hours are included."),
    )


def hours(minutes: int, words: Words) -> str:
    """``6 h 30 min``."""
    whole, rest = divmod(minutes, 60)
    if not rest:
        return words.text("{number} h", number=whole)
    return (
        words.text("{hours} h {minutes} min", hours=whole, minutes=rest)
        if whole
        else words.text("{number} min", number=rest)
    )


def uncharged_table(draft: InvoiceDraft, words: Words) -> Table | None:
    """Work that no line has, and why."""
    if not draft.uncharged:
        return None
    return Table(
        "uncharged",
        words.text("Work that is not charged"),
        (
            Column("entry", words.text("Log entry")),
            Column("why", words.text("Reason"), wide=True),
            Column("time", words.text("Time worked"), "amount"),
            Column("minutes", "minutes", exact=True),
        ),
        tuple(
            (str(each.seq), word(UNCHARGED, each.why, words), hours(each.minutes, words), each.minutes)
            for each in draft.uncharged
        ),
        "",
    )


def capped_table(draft: InvoiceDraft, words: Words) -> Table | None:
    """Missed levels of which a cap left less than their percentage."""
    if not draft.capped:
        return None
    return Table(
        "capped",
        words.text("Credits that the agreement's cap, or the fees themselves, made smaller"),
        (
            Column("level", words.text("Level"), wide=True),
            Column("priority", words.text("Priority"), absent=words.text("each")),
            Column("percent", words.text("Agreed"), "amount"),
            Column("credited", words.text("Credited"), "amount"),
            Column("entries", words.text("Log entries"), "word"),
        ),
        tuple(
            (
                word(CREDITED, each.level, words),
                word(PRIORITIES, each.priority, words) if each.priority else None,
                words.percent(each.percent / 100),
                words.percent(each.credited / 100),
                entries(each.evidence),
            )
            for each in draft.capped
        ),
        "",
    )


def entries(seqs: Iterable[int]) -> str:
    """``1, 14–19, 23``: numbers of entries, in order."""
    return ", ".join(f"{first}–{last}" if last > first else str(first) for first, last in _runs(seqs))


def _some(seqs: Iterable[int], words: Words) -> str:
    runs = entries(seqs).split(", ")
    if len(runs) <= _FEW:
        return ", ".join(runs)
    return words.text("{some} and more", some=", ".join(runs[:_FEW]))


def _runs(seqs: Iterable[int]) -> Iterator[tuple[int, int]]:
    ordered = sorted(set(seqs))
    breaks = [0, *(at for at, (one, two) in enumerate(pairwise(ordered), 1) if two > one + 1), len(ordered)]
    for begin, end in pairwise(breaks):
        if begin < end:
            yield ordered[begin], ordered[end - 1]


def _plain(exact: Decimal, digits: int, words: Words) -> Decimal | str:
    """With the currency's decimals at least. What has more than eight is cut there, with a sign that it goes on."""
    short = exact.quantize(Decimal(1).scaleb(-_SHOWN), ROUND_DOWN)
    trimmed = _trimmed(short)
    found = trimmed.quantize(Decimal(1).scaleb(-max(digits, _decimals(trimmed))))
    return found if exact == short else f"{words.number(short)}…"


def _trimmed(number: Decimal) -> Decimal:
    return number.normalize() if number % 1 else number.quantize(Decimal(1))


def _decimals(number: Decimal) -> int:
    return -int(number.as_tuple().exponent)
