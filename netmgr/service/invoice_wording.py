"""Sentences of invoices that stand in more than one place (pure)."""

from netmgr.document.locale import Words
from netmgr.model.issued_invoice import Corrects, PaymentTerms
from netmgr.model.wording import Wording
from netmgr.service.agreement_terms import share


def named(wording: Wording, words: Words) -> str:
    """A name in the document's language, else in the first that it is written in."""
    if isinstance(wording, str):
        return wording
    return wording.get(words.language) or next(iter(wording.values()))


def credit_note_text(corrects: Corrects, words: Words) -> str:
    """Which invoice is corrected, and why."""
    return words.text(
        "This credit note corrects invoice {number} of {day}: {reason}",
        number=corrects.number,
        day=words.day(corrects.issued),
        reason=corrects.reason,
    )


def interest_text(terms: PaymentTerms, words: Words) -> str | None:
    """What is charged on what is overdue."""
    if terms.interest is None:
        return None
    return words.text(
        "On what is overdue, interest of {share} by year is charged.", share=share(terms.interest, words)
    )
