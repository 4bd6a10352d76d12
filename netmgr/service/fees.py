"""What a period costs: the agreement's versions, what was looked after and done, and missed levels → a draft (pure)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from netmgr.errors import InputError
from netmgr.model.billing import Adjustment, LookedAfter, Miss, Worked
from netmgr.model.invoice import InvoiceDraft, InvoiceLine, TaxSum
from netmgr.model.money import share
from netmgr.service.fee_credits import credit_lines
from netmgr.service.fee_lines import fixed_lines, line, unit_lines
from netmgr.service.fee_terms import Terms, on
from netmgr.service.fee_work import work


def minor_digits(currency: str) -> int:
    """How many decimals sums in this currency have, as CLDR says it: 2 for EUR, 0 for JPY, 3 for KWD."""
    from babel.numbers import get_currency_precision

    return get_currency_precision(currency)


def draft(
    first: date,
    last: date,
    versions: Sequence[Terms],
    *,
    looked_after: Iterable[LookedAfter] = (),
    entries: Iterable[Worked] = (),
    billed: Iterable[Worked] = (),
    misses: Iterable[Miss] = (),
    adjustments: Iterable[Adjustment] = (),
) -> InvoiceDraft:
    """What the days from ``first`` to ``last``, both among them, come to.

    ``versions`` are all that were signed (``fee_terms.terms``). ``entries`` are billed now, whenever they were worked;
    ``billed`` are those of the same months, quarters and years that were billed before: they used included hours. An
    amendment within the days splits lines at its day. Raises InputError where it changes the currency, or nothing was
    ever in force by then.
    """
    currency = _currency(first, last, versions)
    digits = minor_digits(currency)
    fixed = list(fixed_lines(versions, first, last, digits))
    done = work(versions, first, last, entries, billed, digits)
    back, capped = credit_lines(versions, first, last, misses, fixed, digits)
    lines = (
        *fixed,
        *unit_lines(versions, first, last, looked_after, digits),
        *done.lines,
        *back,
        *_corrections(versions, adjustments, digits),
    )
    others = {terms.version for terms in versions if terms.fees.currency != currency}
    for each in lines:
        if each.version in others:
            raise InputError([f"{each.key}: version {each.version} is not in {currency}; bill it by itself"])
    taxes = tuple(tax_sums(lines, digits))
    net, tax = sum((each.net for each in lines), Decimal(0)), sum((each.tax for each in taxes), Decimal(0))
    return InvoiceDraft(
        currency=currency,
        digits=digits,
        first=first,
        last=last,
        lines=lines,
        taxes=taxes,
        net=net,
        tax=tax,
        total=net + tax,
        hours=done.hours,
        uncharged=tuple(done.uncharged),
        capped=tuple(capped),
    )


def _currency(first: date, last: date, versions: Sequence[Terms]) -> str:
    held = [terms for terms in versions if terms.within(first, last)]
    if not held and (judge := on(versions, last)) is not None:
        held = [judge]
    if not held:
        raise InputError([f"no agreement was in force by {last}; sign one, or bill later days"])
    for before, after in pairwise(held):
        if before.fees.currency != after.fees.currency:
            raise InputError(
                [
                    f"version {after.version} changes the currency on {after.first}, "
                    f"from {before.fees.currency} to {after.fees.currency}; bill the days before it by themselves"
                ]
            )
    return held[0].fees.currency


def _corrections(
    versions: Sequence[Terms], adjustments: Iterable[Adjustment], digits: int
) -> Iterator[InvoiceLine]:
    for number, each in enumerate(adjustments, 1):
        terms = on(versions, each.day)
        if terms is None:
            raise InputError(
                [f"{each.day} is before the agreement; a correction is of a period that was billed"]
            )
        yield line(
            terms,
            digits,
            key=f"correction.{number}",
            kind="correction",
            first=each.day,
            last=each.day,
            about=each.name,
            quantity=-1 if each.amount < 0 else 1,
            base=1,
            unit="time",
            price=abs(each.amount),
            tax=terms.fees.taxed(each.tax),
            evidence=each.evidence,
        )


def tax_sums(lines: Sequence[InvoiceLine], digits: int) -> Iterator[TaxSum]:
    """One for each category and rate, in the order of the lines."""
    grouped: dict[tuple[str, Decimal], list[InvoiceLine]] = {}
    for each in lines:
        grouped.setdefault((each.tax.code, Decimal(each.tax.rate)), []).append(each)
    for (code, rate), members in grouped.items():
        net = sum((each.net for each in members), Decimal(0))
        yield TaxSum(
            code=code,
            rate=members[0].tax.rate,
            reason=members[0].tax.reason,
            net=net,
            tax=share(net, rate, Decimal(100), digits),
        )
