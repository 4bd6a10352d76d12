"""What the lines of an invoice are called, and how much of what they are for (pure)."""

from netmgr.document.locale import Words
from netmgr.model.invoice import InvoiceLine
from netmgr.service.agreement_terms import CREDITED, PRIORITIES, SERVICES, TRAVEL, WHEN, said, word


def line_text(line: InvoiceLine, words: Words) -> str:
    """What the line is for, without its days and its version."""
    match line.kind:
        case "work":
            which = [words.text(SERVICES[kind][0]) for kind in line.services]
            which += [line.rate_class] if line.rate_class else []
            return words.text("Work {when}", when=word(WHEN, line.when or "any", words)) + (
                words.text(" ({services})", services=words.listed(which)) if which else ""
            )
        case "travel":
            return word(TRAVEL, line.way or "flat", words)
        case "call_out":
            return words.text("Coming outside service hours")
        case "credit":
            level = word(CREDITED, line.level or "response", words)
            if line.priority is None:
                return words.text("Credit: {level}", level=level)
            priority = word(PRIORITIES, line.priority, words)
            return words.text("Credit: {level} ({priority})", level=level, priority=priority)
        case _:
            return said(line.about, words)


def quantity_text(line: InvoiceLine, currency: str, words: Words) -> str:
    """How much of it, and for how much the price is where that is more than one: ``19 of 30 days``."""
    size = abs(line.quantity)
    number = words.number(size.normalize() if size % 1 else int(size))
    if line.unit == "percent":
        return words.text("{number}% of {fees}", number=number, fees=words.money(line.price, currency))
    match line.unit:
        case "month":
            return words.plural("{count} month", "{count} months", int(line.quantity))
        case "quarter":
            return words.plural("{count} quarter", "{count} quarters", int(line.quantity))
        case "year":
            return words.plural("{count} year", "{count} years", int(line.quantity))
        case "day" if line.things:
            return words.text("{number} days at 1/{base} each", number=number, base=str(int(line.base)))
        case "day":
            return words.text("{number} of {base} days", number=number, base=str(int(line.base)))
        case "hour":
            return words.text("{number} h", number=number)
        case "minute":
            return words.text("{number} min", number=number)
        case "kilometre":
            return words.text("{number} km", number=number)
        case _:
            return words.plural("{count} time", "{count} times", abs(int(line.quantity)))
