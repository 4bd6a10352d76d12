"""What invoices say in more than one place: sentences, numbers of entries, sums before they are rounded (pure)."""

from collections.abc import Iterable, Iterator
from decimal import ROUND_DOWN, Decimal
from itertools import pairwise

from netmgr.document.locale import Words
from netmgr.model.issued_invoice import Corrects, PaymentTerms
from netmgr.model.wording import Wording
from netmgr.service.agreement_terms import share

_FEW = 6
_SHOWN = 8


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


def entries(seqs: Iterable[int]) -> str:
    """``1, 14–19, 23``: numbers of entries, in order."""
    return ", ".join(f"{first}–{last}" if last > first else str(first) for first, last in _runs(seqs))


def some_entries(seqs: Iterable[int], words: Words) -> str:
    """The first of them, where they are many."""
    runs = entries(seqs).split(", ")
    if len(runs) <= _FEW:
        return ", ".join(runs)
    return words.text("{some} and more", some=", ".join(runs[:_FEW]))


def exact_text(exact: Decimal, digits: int, words: Words) -> Decimal | str:
    """With the currency's decimals at least. What has more than eight is cut there, with a sign that it goes on."""
    short = exact.quantize(Decimal(1).scaleb(-_SHOWN), ROUND_DOWN)
    decimals = max(digits, -int(trimmed(short).as_tuple().exponent))
    found = short.quantize(Decimal(1).scaleb(-decimals))
    return found if exact == short else f"{words.number(short)}…"


def _runs(seqs: Iterable[int]) -> Iterator[tuple[int, int]]:
    ordered = sorted(set(seqs))
    breaks = [0, *(at for at, (one, two) in enumerate(pairwise(ordered), 1) if two > one + 1), len(ordered)]
    for begin, end in pairwise(breaks):
        if begin < end:
            yield ordered[begin], ordered[end - 1]


def trimmed(number: Decimal) -> Decimal:
    """Without zeros that say nothing."""
    return number.normalize() if number % 1 else number.quantize(Decimal(1))
