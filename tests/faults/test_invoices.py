"""Random months: invoices add up, and every sum is the same computed naively from the line's own evidence."""

from decimal import Decimal

import pytest

from netmgr.service.electronic_rules import lacking
from tests.faults import fee_reference as reference
from tests.faults.random_months import billed, month
from tests.unit.service.en16931 import hold
from tests.unit.service.invoices import invoice

EVERY, SELECTED = 500, 60


def compare(number):
    case = month(number)
    made = billed(case)
    expected, left_out, pools = reference.lines_of(case)
    lines = {line.key: line for line in made.lines}
    assert {key: line.net for key, line in lines.items()} == {
        key: net for key, (net, _) in expected.items()
    }, f"month {number}"
    assert {key: (line.tax.code, line.tax.rate) for key, line in lines.items()} == {
        key: (tax["code"], tax["rate"]) for key, (_, tax) in expected.items()
    }
    taxes, total = reference.total(expected, case["currency"])
    assert {(each.code, each.rate): each.tax for each in made.taxes} == taxes, f"month {number}"
    assert made.total == total == sum(line.net for line in made.lines) + sum(taxes.values())
    assert sum(each.net for each in made.taxes) == made.net
    smallest = Decimal(1).scaleb(-made.digits)
    assert all(line.net % smallest == 0 for line in made.lines)
    uncharged = {}
    for each in made.uncharged:
        uncharged[each.seq] = uncharged.get(each.seq, 0) + each.minutes
    assert uncharged == left_out, f"month {number}"
    reported = [(used.first, used.included, used.before, used.used) for used in made.hours]
    assert [each for each in sorted(reported) if each[3]] == [each for each in pools if each[3]], (
        f"month {number}"
    )
    hours = {seq for used in made.hours for seq in used.evidence}
    for key, line in lines.items():
        assert evidenced(case, key, set(line.evidence) | hours) == line.net, f"month {number}: {key}"


def evidenced(case, key, seqs):
    """The line's sum where the log holds its evidence alone, and, for work, what used the included hours up.

    A credit's is in percent of the fixed fees, and what is left of a cap comes from the misses before it.
    """
    versions = {each["seq"] for each in case["versions"]} & seqs
    assert versions, key
    kept = {
        **case,
        "things": [each for each in case["things"] if set(each["evidence"]) <= seqs],
        "entries": [each for each in case["entries"] if each["seq"] in seqs],
    }
    if key.startswith("credit."):
        kept |= {"things": [], "entries": [], "billed": [], "adjustments": []}
        assert any(set(each["evidence"]) <= seqs for each in case["misses"]), key
    else:
        kept["misses"] = []
    if key.startswith("correction."):
        assert any(set(each["evidence"]) <= seqs for each in case["adjustments"]), key
    return reference.lines_of(kept)[0][key][0]


@pytest.mark.tally("invoices")
def test_some_invoices_equal_the_reference(cases):
    cases.expect(SELECTED)
    for number in range(SELECTED):
        compare(number)
        cases.hold()


@pytest.mark.faults
@pytest.mark.tally("invoices")
def test_every_invoice_equals_the_reference(cases):
    cases.expect(EVERY - SELECTED)
    for number in range(SELECTED, EVERY):
        compare(number)
        cases.hold()


@pytest.mark.faults
@pytest.mark.tally("electronic invoices")
def test_every_invoice_keeps_to_en_16931(cases):
    """By the schema and every rule; the sums of the XML are the invoice's."""
    cases.expect(EVERY)
    for number in range(EVERY):
        issued = invoice(draft=billed(month(number)))
        if issued.draft.lines:
            hold(issued)
        else:
            assert lacking(issued) == "it has no lines"
        cases.hold()


def test_the_months_have_all_that_an_invoice_can_have():
    """Otherwise equality would prove little."""
    found = [billed(month(number)) for number in range(SELECTED)]
    kinds = {line.kind for each in found for line in each.lines}
    assert kinds == {"fixed", "unit", "work", "travel", "call_out", "credit", "correction"}
    assert {each.currency for each in found} == {"EUR", "JPY"}
    units = {line.unit for each in found for line in each.lines}
    assert units >= {"month", "day", "hour", "minute", "kilometre", "time", "percent"}
    assert sum(len({line.version for line in each.lines if line.kind == "fixed"}) > 1 for each in found) > 5
    assert sum(bool(each.capped) for each in found) > 2
    assert sum(any(used.used for used in each.hours) for each in found) > 10
    assert {each.why for draft in found for each in draft.uncharged} == {"not_billable", "no_rate"}
    assert len({(each.code, each.rate) for draft in found for each in draft.taxes}) == 6
