"""Credit notes: never more than is left of a line, and every one adds up by itself."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmgr.errors import UsageError
from netmgr.model.agreement_fees import Tax
from netmgr.service.credit_note import credited
from tests.unit.model.invoices import line, whole

CREDIT = {"kind": "credit", "quantity": Decimal(-5), "price": Decimal(480), "base": Decimal(100)}
DRAFT = whole(line("desk", "480.00"), line("routers", "85.00"), line("credit", "-24.00", **CREDIT))
LEFT = {each.key: each.net for each in DRAFT.lines}


def sums(made):
    return {each.key: str(each.net) for each in made.lines}, str(made.net), str(made.tax), str(made.total)


def test_whole_it_is_the_invoice_again():
    assert credited(DRAFT, LEFT, {}) == DRAFT


def test_whole_it_is_what_is_left():
    made = credited(DRAFT, {**LEFT, "desk": Decimal("100.00"), "routers": Decimal(0)}, {})
    assert sums(made) == ({"desk": "100.00", "credit": "-24.00"}, "76.00", "14.44", "90.44")


def test_by_lines_it_is_these_or_parts_of_them():
    assert sums(credited(DRAFT, LEFT, {2: None})) == ({"routers": "85.00"}, "85.00", "16.15", "101.15")
    made = credited(DRAFT, LEFT, {1: Decimal("80"), 3: Decimal("4.5")})
    assert sums(made) == ({"desk": "80.00", "credit": "-4.50"}, "75.50", "14.35", "89.85")
    assert [(each.quantity, each.unit, each.price) for each in made.lines] == [
        (1, "time", Decimal("80")),
        (-1, "time", Decimal("4.50")),
    ]
    assert [each.evidence for each in made.lines] == [(3,), (3,)]


@pytest.mark.parametrize(
    ("left", "chosen", "problem"),
    [
        ({}, {4: None}, "--line 4: the invoice has lines 1 to 3"),
        ({}, {1: Decimal("480.01")}, "--line 1=480.01: 480.00 is left of it; credit that much at most"),
        ({"desk": Decimal("9.00")}, {1: Decimal("9.01")}, "--line 1=9.01: 9.00 is left of it"),
        ({"desk": Decimal(0)}, {1: None}, "--line 1: nothing is left of it to be credited"),
        ({}, {3: Decimal("24.01")}, "--line 3=24.01: 24.00 is left of it"),
        ({}, {1: Decimal("1.001")}, "1.001: the currency has 2 decimals"),
        ({}, {1: Decimal(0)}, "--line 1=0: 480.00 is left of it"),
        (dict.fromkeys(LEFT, Decimal(0)), {}, "nothing is left to be credited"),
    ],
)
def test_more_than_is_left_is_one_clear_line(left, chosen, problem):
    with pytest.raises(UsageError) as error:
        credited(DRAFT, LEFT | left, chosen)
    assert str(error.value).startswith(problem)


@settings(max_examples=60, deadline=None)
@given(
    nets=st.lists(st.integers(1, 99_999), min_size=1, max_size=5),
    rates=st.lists(st.sampled_from(["19", "7", "5.5"]), min_size=5, max_size=5),
    parts=st.lists(st.tuples(st.integers(0, 4), st.integers(1, 99_999)), max_size=8),
)
def test_however_it_is_taken_back_lines_come_to_what_they_were(nets, rates, parts):
    lines = [
        line(f"l{n}", str(Decimal(net) / 100), tax=Tax(code="S", rate=rates[n])) for n, net in enumerate(nets)
    ]
    draft = whole(*lines)
    left = {each.key: each.net for each in draft.lines}
    notes = []
    for place, cents in parts:
        amount = Decimal(cents) / 100
        if place < len(lines) and 0 < amount <= left[lines[place].key]:
            notes.append(credited(draft, left, {place + 1: amount}))
            left[lines[place].key] -= amount
    if any(left.values()):
        notes.append(credited(draft, left, {}))
    assert sum(note.net for note in notes) == draft.net
    # Each note rounds each tax once: they differ from the invoice's by half a cent for each at most.
    taxes = sum(len(note.taxes) for note in notes)
    assert abs(sum(note.tax for note in notes) - draft.tax) <= Decimal("0.005") * (taxes + len(draft.taxes))
