"""What is behind an invoice's lines: how each was counted, hours, what was left out (pure)."""

from netmgr.document.block import Column, Table
from netmgr.document.locale import Words, msgid
from netmgr.model.invoice import InvoiceDraft, InvoiceLine
from netmgr.model.money import unrounded
from netmgr.service.agreement_terms import CREDITED, PRIORITIES, SERVICES, word
from netmgr.service.invoice_tables import EVIDENCE
from netmgr.service.invoice_wording import entries, exact_text, trimmed

UNCHARGED = {
    "not_billable": msgid("recorded as not to be charged"),
    "no_rate": msgid("the agreement has no rate for it"),
}


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
            Column("entries", words.text("Log entries"), "word", wide=True),
        ),
        tuple(
            (
                str(number),
                calculation(line, words),
                exact_text(unrounded(line.price, line.quantity, line.base), draft.digits, words),
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
    text = f"{words.number(line.price)} × {words.number(trimmed(line.quantity))}"
    return text if line.base == 1 else f"{text} ÷ {words.number(trimmed(line.base))}"


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
            Column("services", words.text("Services"), absent=words.text("every service")),
            Column("included", words.text("Included"), "amount"),
            Column("before", words.text("Used before"), "amount"),
            Column("used", words.text("Used now"), "amount"),
            Column("left", words.text("Left"), "amount"),
            Column("entries", words.text("Log entries"), "word", under="period"),
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
