"""A credit note: what of an invoice the client gets back, whole or by lines, never more than is left of one (pure)."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from netmgr.errors import UsageError
from netmgr.model.invoice import InvoiceDraft, InvoiceLine
from netmgr.service.fees import tax_sums

_ONE = Decimal(1)


def credited(
    original: InvoiceDraft, left: Mapping[str, Decimal], chosen: Mapping[int, Decimal | None]
) -> InvoiceDraft:
    """The sums of a credit note. ``chosen`` are lines by their number, from 1, each with the part of its sum without
    tax that is taken back, None for all that is left; where nothing is chosen, all that is left of every line.

    What was given back on the invoice is taken back with it: such a line stays below 0. Raises UsageError where there
    is no such line, nothing is left, or less than was asked for.
    """
    lines = tuple(_lines(original, left, chosen))
    if not lines:
        raise UsageError("nothing is left to be credited: earlier credit notes took it back")
    taxes = tuple(tax_sums(lines, original.digits))
    net, tax = sum((each.net for each in lines), Decimal(0)), sum((each.tax for each in taxes), Decimal(0))
    return InvoiceDraft(
        currency=original.currency,
        digits=original.digits,
        first=original.first,
        last=original.last,
        lines=lines,
        taxes=taxes,
        net=net,
        tax=tax,
        total=net + tax,
    )


def _lines(
    original: InvoiceDraft, left: Mapping[str, Decimal], chosen: Mapping[int, Decimal | None]
) -> Iterator[InvoiceLine]:
    for number in chosen:
        if not 1 <= number <= len(original.lines):
            raise UsageError(f"--line {number}: the invoice has lines 1 to {len(original.lines)}")
    for number, line in enumerate(original.lines, 1):
        if chosen and number not in chosen:
            continue
        rest, wanted = left[line.key], chosen.get(number)
        if rest == 0:
            if chosen:
                raise UsageError(f"--line {number}: nothing is left of it to be credited")
            continue
        if wanted is not None and not 0 < wanted <= abs(rest):
            raise UsageError(f"--line {number}={wanted}: {abs(rest)} is left of it; credit that much at most")
        yield _part(line, rest if wanted is None else wanted.copy_sign(rest), original.digits)


def _part(line: InvoiceLine, net: Decimal, digits: int) -> InvoiceLine:
    """The line as it was, where all of it is taken back; else a sum for one time, which says of what it is a part."""
    if net == line.net:
        return line
    if net != round(net, digits):
        raise UsageError(f"{net}: the currency has {digits} decimals")
    return line.model_copy(
        update={
            "quantity": _ONE.copy_sign(net),
            "unit": "time",
            "base": _ONE,
            "price": abs(net),
            "net": round(net, digits),
            "things": (),
        }
    )
