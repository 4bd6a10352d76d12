"""The clauses of an agreement on its conditions: fees, secrecy, term, law (pure)."""

from collections.abc import Iterator

from netmgr.document.block import Clause
from netmgr.document.locale import Words
from netmgr.model.agreement import Agreement
from netmgr.model.agreement_fees import HoursIncluded
from netmgr.service.agreement_terms import EXHAUSTED, KEPT, PERIODS, SERVICES, said, share, span, word


def fees(agreement: Agreement, words: Words) -> Iterator[Clause]:
    """What is paid, when, and what happens where it is not."""
    fees, payment = agreement.fees, agreement.payment
    yield Clause(
        words.text(
            "The fees are those of the schedule annexed, in {currency}, without tax.", currency=fees.currency
        ),
        key="fees",
    )
    for item in fees.included:
        yield Clause(
            words.text(
                "The fixed fees include {hours} hours of work in each {period}. {exhausted}",
                hours=item.hours,
                period=word(PERIODS, item.per, words),
                exhausted=word(EXHAUSTED, item.exhausted, words),
            )
            + _for_what(item, words),
            key="fees.included",
        )
    if fees.credits:
        yield Clause(
            words.text(
                "Where a level was missed the Client is credited the part of the fixed fees that the schedule names."
            ),
            key="fees.credits",
        )
    yield Clause(
        words.plural(
            "Invoices are due {count} day after they were issued.",
            "Invoices are due {count} days after they were issued.",
            payment.days,
        ),
        key="payment.days",
    )
    if payment.interest is not None:
        yield Clause(
            words.text(
                "What is overdue bears interest of {share} a year.", share=share(payment.interest, words)
            ),
            key="payment.interest",
        )
    if (stop := payment.suspension) is not None:
        yield Clause(
            words.text(
                "Where an invoice is unpaid {grace} after it was due, the Provider may give notice, and {notice} "
                "later stop working until it is paid. What was begun is finished or taken back; the way back is always "
                "open.",
                grace=span(stop.grace, words),
                notice=span(stop.notice, words),
            ),
            key="payment.suspension",
        )
    if payment.adjustment is not None:
        yield Clause(said(payment.adjustment, words), key="payment.adjustment")


def confidence(agreement: Agreement, words: Words) -> Iterator[Clause]:
    """Secrecy, and how long data are kept."""
    confidence = agreement.confidentiality
    yield Clause(
        said(confidence.text, words)
        or words.text("Each party keeps secret what it learns of the other's business, systems and data."),
        key="confidentiality",
    )
    yield Clause(
        words.plural(
            "This holds for {count} year after the end of this agreement.",
            "This holds for {count} years after the end of this agreement.",
            confidence.years,
        ),
        key="confidentiality.years",
    )
    if confidence.retention:
        kept = tuple(
            Clause(
                words.text(
                    "{what}: {time}",
                    what=word(KEPT, what, words),
                    time=span(duration, words),
                )
            )
            for what, duration in sorted(
                confidence.retention.items(), key=lambda kept: [*KEPT].index(kept[0])
            )
        )
        yield Clause(
            words.text("The Provider keeps, and then deletes:"), kept, key="confidentiality.retention"
        )


def term(agreement: Agreement, words: Words) -> Iterator[Clause]:
    """When it begins, is renewed and ends."""
    term = agreement.term
    if term.to is None:
        yield Clause(
            words.text("This agreement begins on {first} and has no fixed end.", first=words.day(term.from_)),
            key="term",
        )
    else:
        yield Clause(
            words.text(
                "This agreement begins on {first} and ends with {last}, by the clocks of {zone}.",
                first=words.day(term.from_),
                last=words.day(term.to),
                zone=agreement.timezone,
            ),
            key="term",
        )
    if (renewal := term.renewal) is not None:
        months = words.plural("{count} month", "{count} months", renewal.months)
        yield Clause(
            words.text(
                "It is renewed by {months} each time, unless a party says {notice} before the end that it shall not "
                "be.",
                months=months,
                notice=span(renewal.notice, words),
            )
            + (
                words.plural(
                    " It is renewed {count} time at most.",
                    " It is renewed {count} times at most.",
                    renewal.times,
                )
                if renewal.times
                else ""
            ),
            key="term.renewal",
        )
    yield Clause(
        words.text("Either party may end it by notice of {notice}.", notice=span(term.notice, words)),
        key="term.notice",
    )
    if term.run_off is not None:
        yield Clause(
            words.text(
                "For {time} after the end the Provider finishes what was begun and hands over the Client's "
                "inventory, configurations, log and documents; nothing new is begun.",
                time=span(term.run_off, words),
            ),
            key="term.run_off",
        )


def other(agreement: Agreement, words: Words) -> Iterator[Clause]:
    """Versions, law, languages, and what nothing measures."""
    law = agreement.law
    yield Clause(
        words.text(
            "This is version {version} of the agreement, in force from {day}. It is changed by another version "
            "that both sign; nothing else changes it.",
            version=str(agreement.version),
            day=words.day(agreement.effective),
        ),
        key="amendments",
    )
    for amendment in agreement.amendments:
        yield Clause(
            words.text(
                "Version {version}, from {day}: {summary}",
                version=str(amendment.version),
                day=words.day(amendment.effective),
                summary=said(amendment.summary, words),
            )
        )
    yield Clause(words.text("Governing law: {law}.", law=said(law.governing, words)), key="law.governing")
    if law.venue is not None:
        yield Clause(
            words.text("Place of jurisdiction: {venue}.", venue=said(law.venue, words)), key="law.venue"
        )
    if len(agreement.languages) > 1:
        first = law.language or agreement.languages[0]
        names = {"en": words.text("English"), "zh-CN": words.text("Chinese")}
        yield Clause(
            words.text(
                "It is made in {languages}; where they differ, the {first} text holds.",
                languages=words.listed([names[language] for language in agreement.languages]),
                first=names[first],
            ),
            key="law.language",
        )
    for wording in agreement.other:
        yield Clause(said(wording, words))
    yield Clause(words.text("The annexes are part of this agreement."), key="annexes")


def _for_what(item: HoursIncluded, words: Words) -> str:
    """Which work uses the hours up; empty for all."""
    services = words.listed([words.text(SERVICES[kind][0]) for kind in item.services])
    return words.text(" They are for: {services}.", services=services) if services else ""
