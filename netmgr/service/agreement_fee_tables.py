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

    rows: list[tuple[Value, ...]] = [
        (said(item.name, words), money(item.amount), per(item.per)) for item in fees.fixed
    ]
    rows += [
        (
            said(item.name, words),
            money(item.amount),
            words.text("{unit}, {per}", unit=word(UNITS, item.unit, words), per=per(item.per)),
        )
        for item in fees.units
    ]
    for rate in fees.rates:
        services = words.listed([words.text(SERVICES[kind][0]) for kind in rate.services])
        rows.append(
            (
                words.text("Work {when}", when=word(WHEN, rate.when, words))
                + (words.text(" ({services})", services=services) if services else ""),
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
    yield Paragraph(
        words.text("Tax: {code}, {share}.", code=fees.tax.code, share=share(fees.tax.rate, words))
        + (f" {said(fees.tax.reason, words)}" if fees.tax.reason else "")
    )
