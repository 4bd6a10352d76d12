"""Corrections: recorded once, on the next bill, withdrawn before that; what cannot be is refused."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import yaml

from netmgr.errors import Refused, UsageError
from netmgr.model.bill import NOTHING_BILLED, Billed
from netmgr.service.retention import due_bodies, retention
from netmgr.workflows.adjusting import Correction, adjust, reason, withdraw
from tests.integration.agreement.conftest import signing  # noqa: F401 - a fixture
from tests.integration.billing.test_billing import FEES, JUNE, Ledger, case, same, version
from tests.unit.service.samples import agreement

JULY = (date(2026, 7, 1), date(2026, 7, 31))


def correction(amount="-12.50", day=date(2026, 6, 12), why="r1 was down", **said):
    return Correction(amount=Decimal(amount), day=day, reason=why, **said)


@pytest.fixture
def ledger(signing):  # noqa: F811
    made = Ledger(signing)
    made.world.clock.start = datetime(2026, 7, 2, 8, 0, tzinfo=UTC)
    return made


def test_a_correction_is_on_the_next_bill_and_on_no_other(ledger):
    world = ledger.world
    first = adjust(world.runtime(), correction())
    adjust(world.runtime(), correction("8.00", date(2026, 7, 1), "Cable", invoice="R-1"))
    assert (first.id, first.currency, reason(world.runtime(), first)) == ("A-1", "EUR", "r1 was down")
    fees = yaml.safe_load("fees:\n" + FEES)["fees"] | {"tax": {"code": "S", "rate": "19"}}
    told = case(
        [version(1, date(2026, 1, 1), fees, 1)],
        adjustments=[{"amount": "-12.50", "day": date(2026, 6, 12)}],
    )
    made = ledger.bill()
    same(made.draft, told)
    (line,) = (line for line in made.draft.lines if line.kind == "correction")
    assert (line.about, line.evidence) == ("r1 was down", (1, *first.seqs))
    billed = Billed(corrections=frozenset(first.seqs), until=JUNE[1])
    assert [each.about for each in ledger.bill(*JULY, billed=billed).draft.lines] == ["Desk", "Cable"]
    assert world.wiring.service_log.records.rebuild("square").differences == ()


def test_a_mistake_is_withdrawn_until_an_invoice_has_it(ledger):
    world = ledger.world
    first = adjust(world.runtime(), correction())
    with pytest.raises(UsageError, match="A-1: it is on an invoice; record another one against it"):
        withdraw(world.runtime(), "A-1", lambda: Billed(corrections=frozenset(first.seqs)))
    assert withdraw(world.runtime(), "A-1", lambda: NOTHING_BILLED).withdrawn
    for identity in ("A-1", "A-2"):
        with pytest.raises(UsageError, match=f"{identity}: square has no such correction that stands"):
            withdraw(world.runtime(), identity, lambda: NOTHING_BILLED)
    assert [line.kind for line in ledger.bill().draft.lines] == ["fixed"]
    assert adjust(world.runtime(), correction()).id == "A-2"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (correction("0"), r"--amount 0: write what it is in EUR, like -12.50"),
        (correction("1.005"), r"--amount 1.005: write what it is in EUR"),
        (correction(day=date(2025, 12, 31)), "no agreement was in force"),
        (correction(day=date(2026, 7, 3)), "that is to come"),
        (correction(tax="reduced"), "--tax reduced: the agreement has no such tax"),
        (correction(ticket="T-1"), "has no ticket T-1"),
        (correction(why="x" * 201), "--reason has 201 characters"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_recorded(ledger, given, why):
    before = ledger.world.wiring.service_log.head("square")
    with pytest.raises(UsageError, match=why):
        adjust(ledger.world.runtime(), given)
    assert ledger.world.wiring.service_log.head("square") == before


def test_only_who_may_agree_corrects_and_reasons_are_kept_as_documents_are(ledger):
    world = ledger.world
    with pytest.raises(Refused, match="may not agree square"):
        adjust(world.runtime(permitted=lambda action: action != "agree"), correction())
    made = adjust(world.runtime(), correction())
    entries = tuple(world.wiring.service_log.entries("square"))
    kept = agreement(confidentiality__retention={"texts": "1d", "tickets": "1d"})
    now = datetime(2029, 1, 1, tzinfo=UTC)
    assert made.text not in {one.digest for one in due_bodies(entries, retention(kept, now), now)}
