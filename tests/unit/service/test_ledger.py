"""What became of an invoice, from credit notes and payments."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmgr.model.agreement_terms import Suspension
from netmgr.model.invoice_record import InvoiceRecord, PaymentRecord
from netmgr.service.invoice_record import billed, facts_of
from netmgr.service.ledger import since_proposed, standings
from tests.unit.model.invoices import CORRECTS, invoice, line, whole

TERMS = Suspension(grace="30d", notice="14d")


def record(made, seq, *, whole=False, **more):
    facts = facts_of(made, made.number[:2], int(made.number[2:]), whole=whole)
    key = f"{made.entity}:{made.number}"
    return InvoiceRecord.model_validate(facts | {"key": key, "seq": seq, "entry": f"e{seq}"} | more)


ISSUED = record(invoice(), 9)


def note(number, *lines, seq=20, whole_=False):
    made = invoice(number=number, kind="credit_note", corrects=CORRECTS, draft=whole(*lines))
    return record(made, seq, whole=whole_)


def paid(amount, number=1, key="example:R-00042"):
    return PaymentRecord(
        id=f"P-{number}", invoice=key, amount=Decimal(amount), currency="EUR", day=date(2026, 7, 20), seq=30, entry="e"
    )  # fmt: skip


def standing(records, *payments):
    (one,) = standings({each.key: each for each in records}, payments)
    return one


def told(one):
    return one.state, one.credited, one.paid, one.open, one.surplus


@pytest.mark.parametrize(
    ("notes", "payments", "expected"),
    [
        ([], [], ("issued", "0", "0", "672.35", "0")),
        ([], ["100.00"], ("part_paid", "0", "100.00", "572.35", "0")),
        ([], ["100.00", "572.35"], ("paid", "0", "672.35", "0", "0")),
        ([], ["700.00"], ("paid", "0", "700.00", "0", "27.65")),
        ([], ["700.00", "-27.65"], ("paid", "0", "672.35", "0", "0")),
        ([], ["700.00", "-700.00"], ("issued", "0", "0.00", "672.35", "0")),
        ([[("routers", "85.00")]], [], ("issued", "101.15", "0", "571.20", "0")),
        ([[("routers", "85.00")]], ["571.20"], ("paid", "101.15", "571.20", "0", "0")),
        ([[("routers", "85.00")]], ["672.35"], ("paid", "101.15", "672.35", "0", "101.15")),
        ([[("routers", "85.00")], [("desk", "480.00")]], [], ("credited", "672.35", "0", "0", "0")),
        (
            [[("routers", "85.00")], [("desk", "480.00")]],
            ["1.00"],
            ("credited", "672.35", "1.00", "0", "1.00"),
        ),
    ],
)
def test_state_and_sums(notes, payments, expected):
    credit = [note(f"C-{n:05}", *(line(*one) for one in lines), seq=20 + n) for n, lines in enumerate(notes)]
    one = standing([ISSUED, *credit], *(paid(amount, n) for n, amount in enumerate(payments)))
    assert told(one) == (expected[0], *map(Decimal, expected[1:]))


def test_cents_of_taxes_that_were_rounded_apart_are_not_left_open():
    lines = [line(key, "0.02") for key in ("a", "b", "c")]
    original = record(invoice(draft=whole(*lines)), 9)
    notes = [note(f"C-0000{n}", each, seq=20 + n) for n, each in enumerate(lines)]
    one = standing([original, *notes])
    assert (sum(each.total for each in notes), original.total) == (Decimal("0.06"), Decimal("0.07"))
    assert told(one)[0] == "credited"
    assert (one.open, one.surplus) == (0, 0)


def test_an_invoice_is_overdue_from_the_day_after_its_last_and_the_grace_is_told_after_its_days():
    one = standing([ISSUED])  # due on 31 July
    assert [one.overdue(date(2026, *day)) for day in ((7, 31), (8, 1), (8, 30))] == [0, 1, 30]
    assert since_proposed(one, TERMS, date(2026, 8, 30)) is None
    assert since_proposed(one, TERMS, date(2026, 8, 31)) == date(2026, 8, 31)
    assert since_proposed(one, TERMS, date(2026, 10, 1)) == date(2026, 8, 31)
    assert since_proposed(one, None, date(2026, 10, 1)) is None
    settled = standing([ISSUED], paid("672.35"))
    assert (settled.overdue(date(2026, 10, 1)), since_proposed(settled, TERMS, date(2026, 10, 1))) == (
        0,
        None,
    )


def test_what_was_taken_back_whole_is_not_billed_any_more_but_by_lines_it_stays():
    work = line("work.1", "110.00", kind="work", evidence=(5, 6))
    original = record(invoice(draft=whole(line("desk", "480.00"), work)), 9)
    assert (billed({original.key: original}).work, billed({original.key: original}).until) == (
        {5, 6},
        date(2026, 6, 30),
    )
    by_line = note("C-00001", work)
    assert billed({one.key: one for one in (original, by_line)}).work == {5, 6}
    gone = note("C-00002", line("desk", "480.00"), seq=21, whole_=True)
    left = billed({one.key: one for one in (original, by_line, gone)})
    assert (left.work, left.until) == (frozenset(), None)
    assert standing([original, by_line, gone]).cancelled


def of_month(month, *, back=False):
    days = {"first": date(2026, month, 1), "last": date(2026, month + 1, 1) - timedelta(days=1)}
    made = ISSUED.model_copy(update={"key": f"example:{month}", "seq": month, **days})
    taken = made.model_copy(
        update={"key": f"note:{month}", "kind": "credit_note", "whole": True, "corrects": made.key}
    )
    return [made, taken] if back else [made]


@pytest.mark.parametrize(
    ("issued", "until", "settled"),
    [
        ([], None, None),
        ([of_month(5)], 5, 5),
        ([of_month(5), of_month(6)], 6, 6),
        ([of_month(5), of_month(7)], 7, 5),
        ([of_month(5, back=True), of_month(6)], 6, None),
        ([of_month(5), of_month(6, back=True), of_month(7)], 7, 5),
        ([of_month(5), of_month(6, back=True)], 5, 5),
    ],
)
def test_days_are_settled_as_far_as_they_are_billed_without_a_gap(issued, until, settled):
    known = billed({one.key: one for each in issued for one in each})

    def end(month):
        return month and date(2026, month + 1, 1) - timedelta(days=1)

    assert (known.until, known.settled, known.seq) == (end(until), end(settled), until or 0)


@settings(max_examples=80, deadline=None)
@given(
    parts=st.lists(st.tuples(st.sampled_from(["desk", "routers"]), st.integers(1, 30_000)), max_size=6),
    amounts=st.lists(st.integers(-20_000, 90_000), max_size=6),
)
def test_whatever_was_credited_and_paid_nothing_is_lost(parts, amounts):
    left = {"desk": Decimal("480.00"), "routers": Decimal("85.00")}
    notes = []
    for number, (key, cents) in enumerate(parts):
        amount = min(Decimal(cents) / 100, left[key])
        if amount:
            notes.append(note(f"C-{number:05}", line(key, str(amount)), seq=20 + number))
            left[key] -= amount
    payments = [paid(Decimal(cents) / 100, number) for number, cents in enumerate(amounts)]
    one = standing([ISSUED, *notes], *payments)
    assert one.left == left
    assert one.open - one.surplus == ISSUED.total - one.credited - one.paid
    assert min(one.open, one.surplus) == 0
    assert one.paid == sum(Decimal(cents) for cents in amounts) / 100
    assert (one.state == "credited") == (sum(left.values()) == 0)
    if one.state != "credited":
        assert (one.open == 0) == (one.state == "paid")
