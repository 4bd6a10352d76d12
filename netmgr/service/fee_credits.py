"""What the client gets back for levels that were missed, with the agreement's cap (pure)."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from netmgr.model.agreement_fees import Credit, Fees, Tax
from netmgr.model.billing import Miss
from netmgr.model.invoice import Capped, InvoiceLine
from netmgr.service.fee_lines import line
from netmgr.service.fee_terms import Terms, judging

_ALL = Decimal(100)


def credit_lines(
    versions: Sequence[Terms],
    first: date,
    last: date,
    misses: Iterable[Miss],
    fixed: Sequence[InvoiceLine],
    digits: int,
) -> tuple[list[InvoiceLine], list[Capped]]:
    """A line for each miss and each tax of the period's ``fixed`` fees, in percent of those.

    Which percentage, the version in force at the moment ``judged`` says; its cap bounds what it gives in all, and
    nothing gives back more than the fees. Where a cap leaves less than the percentage, the rest is told of.
    """
    sums: dict[tuple[str, Decimal], tuple[Tax, Decimal]] = {}
    for each in fixed:
        key = each.tax.code, Decimal(each.tax.rate)
        tax, before = sums.get(key, (each.tax, Decimal(0)))
        sums[key] = tax, before + each.net
    lines: list[InvoiceLine] = []
    capped: list[Capped] = []
    given: dict[int, Decimal] = {}
    ordered = sorted(misses, key=lambda miss: (miss.judged, miss.evidence))
    for number, miss in enumerate(ordered, 1):
        terms = judging(versions, miss.judged)
        credit = promised(terms.fees, miss) if terms is not None else None
        if terms is None or credit is None:
            continue
        percent = Decimal(credit.percent)
        cap = Decimal(terms.fees.credit_cap or _ALL) - given.get(terms.version, Decimal(0))
        left = max(Decimal(0), min(percent, cap, _ALL - sum(given.values(), Decimal(0))))
        given[terms.version] = given.get(terms.version, Decimal(0)) + left
        if left < percent:
            capped.append(
                Capped(
                    level=miss.level,
                    priority=miss.priority,
                    percent=percent,
                    credited=left,
                    evidence=miss.evidence,
                )
            )
        lines += [
            line(
                terms,
                digits,
                key=f"credit.{number}.{tax.code}.{tax.rate}",
                kind="credit",
                first=first,
                last=last,
                quantity=-left,
                base=100,
                unit="percent",
                price=net,
                tax=tax,
                level=miss.level,
                priority=miss.priority,
                evidence=miss.evidence,
            )
            for tax, net in sums.values()
            if left and net
        ]
    return lines, capped


def promised(fees: Fees, miss: Miss) -> Credit | None:
    """What is given back for it: what names the priority comes before what is for each."""
    found = [
        credit
        for credit in fees.credits
        if credit.level == miss.level and credit.priority in (None, miss.priority)
    ]
    return min(found, key=lambda credit: credit.priority is None) if found else None
