"""Judging what is promised of fees: the schedule, the hours that they include, what is given back (pure)."""

from decimal import Decimal

from netmgr.document.locale import Words
from netmgr.model.invoice import HoursUsed, InvoiceDraft
from netmgr.report.judging import Case, Judged, nothing
from netmgr.report.performance import level_results

_SIXTY = Decimal(60)


def drafts(case: Case) -> tuple[InvoiceDraft, ...]:
    """What was invoiced for the period, or else would be."""
    fees = case.facts.fees
    invoiced = tuple(each.draft for each in fees.invoices if each.kind == "invoice")
    return invoiced or ((fees.draft.draft,) if fees.draft else ())


def schedule(case: Case, words: Words) -> Judged:
    """That what is charged is the schedule's: each line of an invoice is computed from it."""
    fees, found = case.facts.fees, drafts(case)
    lines = [line for draft in found for line in draft.lines if line.version in case.versions]
    if not lines:
        return nothing(words.text("nothing was charged"))
    seqs = tuple(sorted({seq for line in lines for seq in line.evidence}))
    sums = words.money(sum((line.net for line in lines), Decimal(0)), found[0].currency)
    count = words.plural("{count} line", "{count} lines", len(lines))
    if fees.invoices:
        said = words.text(
            "invoiced: {sum} in {lines}, each computed from the schedule", sum=sums, lines=count
        )
        return Judged("met", said, seqs)
    return Judged("running", words.text("not invoiced yet: {sum} in {lines}", sum=sums, lines=count), seqs)


def included(case: Case, words: Words) -> Judged:
    """The hours that the fees pay for, and how many of them were used."""
    found = [one for one in case.facts.fees.hours if one.before or one.used]
    if not found:
        return nothing(words.text("no work was recorded"))
    said = words.text("; ").join(hours_said(one, words) for one in found)
    return Judged("met", said, tuple(sorted({seq for one in found for seq in one.evidence})))


def hours_said(one: HoursUsed, words: Words) -> str:
    """``4.5 of 6 hours used``."""
    return words.text(
        "{used} of {included} hours used",
        used=hours(one.before + one.used, words),
        included=hours(one.included, words),
    )


def hours(minutes: int, words: Words) -> str:
    """Minutes as hours, with two digits at most."""
    return words.number((Decimal(minutes) / _SIXTY).quantize(Decimal("0.01")).normalize() + 0)


def credits_given(case: Case, words: Words) -> Judged:
    """What is given back for levels that were missed in the period."""
    levels = [one for one in level_results(case.facts) if set(one.versions) & set(case.versions)]
    missed = sum(one.counts["missed"] for one in levels)
    mine = [one for one in case.facts.availability if one.version in case.versions]
    missed += sum(one.over and one.kept is False for one in mine)
    if not missed:
        return nothing(words.text("no level was missed"))
    found = drafts(case)
    lines = [line for draft in found for line in draft.lines if line.kind == "credit"]
    seqs = tuple(sorted({seq for line in lines for seq in line.evidence}))
    if not lines:
        return Judged("not_measured", words.text("no credit is agreed for what was missed"))
    sums = words.money(-sum((line.net for line in lines), Decimal(0)), found[0].currency)
    return Judged(
        "met" if case.facts.fees.invoices else "running", words.text("credited: {sum}", sum=sums), seqs
    )
