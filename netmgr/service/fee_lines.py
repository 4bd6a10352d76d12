"""Fees for days: fixed sums, and sums for each thing that was looked after (pure)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from netmgr.model.agreement_fees import Per, UnitFee
from netmgr.model.agreement_scope import Coverage
from netmgr.model.billing import LookedAfter
from netmgr.model.invoice import InvoiceLine, Unit
from netmgr.model.money import share
from netmgr.model.scope import fits
from netmgr.service.fee_terms import Piece, Terms, days, pieces


def line(
    terms: Terms, digits: int, *, quantity: Decimal | int, base: int, price: str | Decimal, **what: Any
) -> InvoiceLine:
    """A line whose sum is worked out; its evidence begins with the signature of its version, each entry once."""
    number, each = Decimal(quantity), Decimal(price)
    what["evidence"] = tuple(sorted({terms.seq, *what["evidence"]}))
    return InvoiceLine(
        version=terms.version,
        quantity=number,
        base=Decimal(base),
        price=each,
        net=share(each, number, Decimal(base), digits),
        **what,
    )


def fixed_lines(versions: Sequence[Terms], first: date, last: date, digits: int) -> Iterator[InvoiceLine]:
    """A line for each fixed fee, version, and month, quarter or year: by the days, where these are not the whole."""
    for terms in versions:
        for index, fee in enumerate(terms.fees.fixed):
            for piece in pieces(terms, first, last, fee.per):
                yield line(
                    terms,
                    digits,
                    key=_key("fixed", index, piece),
                    kind="fixed",
                    first=piece.first,
                    last=piece.last,
                    about=fee.name,
                    price=fee.amount,
                    tax=terms.fees.taxed(fee.tax),
                    evidence=(),
                    **_amount(days(piece.first, piece.last), piece.base, fee.per),
                )


def unit_lines(
    versions: Sequence[Terms], first: date, last: date, things: Iterable[LookedAfter], digits: int
) -> Iterator[InvoiceLine]:
    """A line for each fee and piece of time in which one thing at least was looked after."""
    things = tuple(things)
    for terms in versions:
        for index, fee in enumerate(terms.fees.units):
            fitting = [thing for thing in things if _covered(terms.coverage, thing) and _counts(fee, thing)]
            for piece in pieces(terms, first, last, fee.per):
                looked: dict[str, set[int]] = {}
                names: dict[str, str] = {}
                evidence: set[int] = set()
                for thing in fitting:
                    begin, end = max(thing.first, piece.first), min(thing.last, piece.last)
                    if begin <= end:
                        looked.setdefault(thing.uid, set()).update(
                            range(begin.toordinal(), end.toordinal() + 1)
                        )
                        names[thing.uid] = thing.name
                        evidence.update(thing.evidence)
                if not looked:
                    continue
                yield line(
                    terms,
                    digits,
                    key=_key("unit", index, piece),
                    kind="unit",
                    first=piece.first,
                    last=piece.last,
                    about=fee.name,
                    price=fee.amount,
                    tax=terms.fees.taxed(fee.tax),
                    things=tuple(sorted((names[uid], len(each)) for uid, each in looked.items())),
                    evidence=evidence,
                    **_amount(sum(map(len, looked.values())), piece.base, fee.per),
                )


def _covered(coverage: Coverage | None, thing: LookedAfter) -> bool:
    """Sites are what stands at them."""
    if coverage is None or thing.unit == "site":
        return True
    if thing.unit == "device":
        return coverage.devices.covers(thing)
    meant = coverage.assets
    return (
        meant is not None
        and (not meant.kinds or thing.kind in meant.kinds)
        and (not meant.sites or thing.site in meant.sites)
    )


def _counts(fee: UnitFee, thing: LookedAfter) -> bool:
    return (
        thing.unit == fee.unit
        and (not fee.names or fits(thing.name, fee.names))
        and (not fee.roles or thing.role in fee.roles)
        and (not fee.kinds or thing.kind in fee.kinds)
        and (not fee.sites or (thing.name if thing.unit == "site" else thing.site) in fee.sites)
    )


def _amount(looked: int, base: int, per: Per) -> Mapping[str, Any]:
    """Whole months where the days make them up, days otherwise: the sum is the same."""
    unit: Unit = "day"
    if looked % base == 0:
        looked, base, unit = looked // base, 1, per
    return {"quantity": looked, "base": base, "unit": unit}


def _key(kind: str, index: int, piece: Piece) -> str:
    return f"{kind}.{index}.v{piece.terms.version}.{piece.first}"
