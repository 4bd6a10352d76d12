"""The schedule of fees of an agreement as tables (pure)."""

from collections.abc import Iterator

from netmgr.document.block import Block, Column, Paragraph, Table, Value
from netmgr.document.locale import Words
from netmgr.model.agreement import Agreement
from netmgr.service.agreement_terms import (
    CREDITED,
    PERIODS,
    PRIORITIES,
    SERVICES,
    TRAVEL,
    UNITS,
    WHEN,
    said,
    share,
    sum_of,
    word,
)


def fee_tables(agreement: Agreement, words: Words) -> Iterator[Block]:
    """Fees, credits, tax."""
    fees = agreement.fees

    def money(amount: str) -> str:
        return sum_of(amount, fees.currency, words)

    def per(period: str) -> str:
        return words.text("per {period}", period=word(PERIODS, period, words))

    def only(*names: str) -> str:
        return words.text(" ({services})", services=words.listed(names)) if names else ""

    def taxed(name: str | None) -> str:
        tax = fees.taxed(name)
        return (
            words.text(" (tax {code}, {share})", code=tax.code, share=share(tax.rate, words)) if name else ""
        )

    rows: list[tuple[Value, ...]] = [
        (said(item.name, words) + taxed(item.tax), money(item.amount), per(item.per)) for item in fees.fixed
    ]
    rows += [
        (
            said(item.name, words) + taxed(item.tax),
            money(item.amount),
            words.text(
                "{unit}, {per}",
                unit=word(UNITS, item.unit, words) + only(*item.names, *item.roles, *item.kinds, *item.sites),
                per=per(item.per),
            ),
        )
        for item in fees.units
    ]
    for rate in fees.rates:
        services = [words.text(SERVICES[kind][0]) for kind in rate.services]
        rows.append(
            (
                words.text("Work {when}", when=word(WHEN, rate.when, words))
                + only(*services, *([rate.rate_class] if rate.rate_class else []))
                + taxed(rate.tax),
                money(rate.amount),
                words.plural(
                    "per hour, by the minute",
                    "per hour, in steps of {count} minutes",
                    rate.step,
                ),
            )
        )
    journeys = sorted(fees.travel.items(), key=lambda journey: [*TRAVEL].index(journey[0]))
    rows += [(word(TRAVEL, key, words), money(amount), None) for key, amount in journeys]
    if fees.call_out is not None:
        rows.append(
            (words.text("Coming outside service hours"), money(fees.call_out), words.text("each time"))
        )
    yield Table(
        "fees",
        words.text("Fees in {currency}, without tax", currency=fees.currency),
        (
            Column("name", words.text("What"), wide=True),
            Column("amount", words.text("Amount")),
            Column("per", words.text("For"), absent=""),
        ),
        tuple(rows),
        words.text("No fees."),
    )
    if fees.credits:
        cap = (
            words.text(", at most {share} in all", share=share(fees.credit_cap, words))
            if fees.credit_cap
            else ""
        )
        yield Table(
            "credits",
            words.text("Credits, of the period's fixed fees{cap}", cap=cap),
            (
                Column("level", words.text("Level"), wide=True),
                Column("priority", words.text("Priority"), absent=words.text("each")),
                Column("share", words.text("Credit")),
            ),
            tuple(
                (
                    word(CREDITED, item.level, words),
                    word(PRIORITIES, item.priority, words) if item.priority else None,
                    share(item.percent, words),
                )
                for item in fees.credits
            ),
            words.text("No credits."),
        )
    for tax in dict.fromkeys((fees.tax, *fees.taxes.values())):
        yield Paragraph(
            words.text("Tax: {code}, {share}.", code=tax.code, share=share(tax.rate, words))
            + (f" {said(tax.reason, words)}" if tax.reason else "")
        )
    yield Paragraph(
        words.text(
            "Sums are for calendar months, quarters and years; for a part of one they are charged by the day. Each "
            "line of an invoice, and each tax, is rounded half up to the smallest unit of the currency."
        )
    )
