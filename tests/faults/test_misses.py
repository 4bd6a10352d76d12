"""Random tickets: what a month's report counts as missed is what the month's invoice credits, each miss once."""

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from operator import itemgetter

import pytest

from netmgr.model.bill import NOTHING_BILLED
from netmgr.model.stretch import midnight
from netmgr.report.performance import TARGETS, level_results, target_of
from netmgr.report.service_facts import InForce, ServiceFacts
from netmgr.report.ticket_facts import ticket_facts
from netmgr.service.fee_terms import around, terms
from netmgr.service.fees import draft
from netmgr.service.missed import missed
from netmgr.service.targets import levels_of
from netmgr.service.verdict import Judge, judged
from netmgr.service.versions import AgreementHistory, SignedVersion
from tests.faults.test_sla_clock import history
from tests.unit.service.samples import agreement

pytestmark = pytest.mark.tally("months of tickets")

EVERY, SELECTED = 3_000, 150
ZONES = ("Europe/Berlin", "Asia/Shanghai", "America/New_York")
SIGNED = 1
PROMISED = {
    "emergency": {"response": "15m", "resolution": "4h", "calendar": "always"},
    "high": {"response": "1h", "resolution": "8h"},
    "normal": {"response": "4h", "resolution": "40h"},
    "low": {"response": "16h"},
    "watched": {"response": "30m", "resolution": "60h", "calendar": "always"},
}
EACH = dict.fromkeys(("critical", "high", "medium", "low"), "normal")
MONTHS = [around(date(2025 + month // 12, month % 12 + 1, 1), "month") for month in range(10, 19)]


@cache
def signed(zone):
    """(the version, its content, fees as invoices are made by it, how it judges tickets)"""
    made = agreement(
        effective="2025-11-01",
        term__from="2025-11-01",
        timezone=zone,
        calendar={
            "timezone": zone,
            "hours": dict.fromkeys(("monday", "tuesday", "wednesday", "friday"), "09:00-17:00"),
        },
        levels={
            "priorities": PROMISED,
            "matrix": dict.fromkeys(("extensive", "significant", "limited"), EACH),
        },
        emergency={"priority": "emergency"},
        fees__credits=[
            {"level": level, "priority": priority, "percent": "1"}
            for priority, promised in PROMISED.items()
            for level in promised.keys() & {"response", "resolution"}
        ],
    )
    begins = midnight(date(2025, 11, 1), zone)
    version = SignedVersion(1, "d", begins, begins, begins, "f", None, SIGNED)
    fees = terms(AgreementHistory((version,)), {"d": made}, MONTHS[-1][1])
    return version, made, fees, Judge(1, levels_of(made.levels, made.calendar), zone)


def tickets(rng, zone):
    """Records of a few tickets of the winter and spring, by entries 10 and on."""
    seq = 10
    for number in range(1, 4):
        events, _ = history(rng)
        # One ends where a month does, more or less: what is recorded late is so in the next one.
        moment = events[0][1] if number < 3 else max(at for _, at, *_ in events)
        ends = int(midnight(date(2026, rng.randrange(2, 5), 1), zone).timestamp()) // 60
        shift = ends - rng.randrange((50 if number < 3 else 1) * 24 * 60) - moment
        logged = [events[0], *sorted(events[1:], key=itemgetter(2))]
        rows = [
            [what, (at + shift) * 60, (recorded + shift) * 60, word, by_us, accepted, seq + place]
            for place, (what, at, recorded, word, by_us, accepted) in enumerate(logged)
        ]
        seq += len(rows)
        made = {"id": f"T-{number}", "kind": "fault", "priority": rows[0][3], "opened": rows[0][1]}
        for what, at, *_ in sorted(rows, key=itemgetter(1)):
            if what in ("resolved", "closed"):
                made[what] = at
            elif what in ("reopened", "resumed"):
                made = {key: value for key, value in made.items() if key not in ("resolved", "closed")}
        yield made | {"events": rows}


def moments(days, zone):
    first, last = days
    return [int(midnight(day, zone).timestamp()) for day in (first, last + timedelta(days=1))]


def touched(document, begin):
    """Whether the report reads a ticket's record: it is not over, or something was recorded since."""
    over = {"resolved", "closed"} & document.keys()
    return not over or any(row[2] >= begin for row in document["events"])


def reported(documents, days, zone):
    """What the report counts as missed: in its table of levels, and of each ticket."""
    version, made, _, judge = signed(zone)
    begin, end = moments(days, zone)
    begins, until = (datetime.fromtimestamp(at, UTC) for at in (begin, end))
    found = [
        ticket_facts(each, judged(each, judge, begin, end), begins, until, None)
        for each in documents
        if touched(each, begin)
    ]
    told = tuple(each for each in found if each is not None)
    holds = InForce(1, version.seq, version.begins, begins, until, made)
    counts = Counter()
    for level in level_results(ServiceFacts(begins=begins, until=until, versions=(holds,), tickets=told)):
        counts[level.name, level.priority] += level.counts["missed"]
    each = Counter(
        (name, target.priority, ticket.version, target.seqs)
        for ticket in told
        for name in TARGETS
        if (target := target_of(ticket, name)) and target.counts and target.result == "missed"
    )
    return +counts, each


def credited(documents, days, zone, billed, billed_until):
    """(what the invoice credits, with its entries; what is billed after it)"""
    _, _, fees, judge = signed(zone)
    begin, end = moments(days, zone)
    found = [
        one
        for document in documents
        for one in missed(document, judge, begin, end, billed, billed_until=billed_until)
    ]
    assert [one for one in found if one.late] == []
    made = draft(*days, fees, misses=[one.miss for one in found])
    assert made.capped == ()
    lines = [
        (line.level, line.priority, line.version, tuple(seq for seq in line.evidence if seq != SIGNED))
        for line in made.lines
        if line.kind == "credit"
    ]
    held = {(level, seq) for level, _, _, seqs in lines for seq in seqs}
    return Counter(lines), replace(billed, missed=billed.missed | held)


def compare(number):
    rng = random.Random(number)
    zone = rng.choice(ZONES)
    documents = list(tickets(rng, zone))
    billed, until, whole = NOTHING_BILLED, -1, Counter()
    for days in MONTHS:
        lines, billed = credited(documents, days, zone, billed, until)
        until = moments(days, zone)[1]
        counts, each = reported(documents, days, zone)
        assert each == lines, f"case {number}: {days}"
        assert counts == Counter((level, priority) for level, priority, *_ in lines.elements())
        whole += lines
    quarter, half = (MONTHS[0][0], MONTHS[2][1]), (MONTHS[0][0], MONTHS[-1][1])
    of_tickets = Counter((level, seqs[0]) for level, _, _, seqs in whole.elements())
    assert set(of_tickets.values()) <= {1}, f"case {number}: missed twice"
    for days in (quarter, half):
        lines, _ = credited(documents, days, zone, NOTHING_BILLED, -1)
        assert reported(documents, days, zone)[1] == lines
    assert lines == whole, f"case {number}: a longer time misses something else than its months"
    return len(of_tickets)


def test_some_months_are_reported_as_they_are_credited(cases):
    cases.expect(SELECTED)
    found = 0
    for number in range(SELECTED):
        found += compare(number)
        cases.hold()
    assert found > SELECTED


@pytest.mark.faults
def test_every_month_is_reported_as_it_is_credited(cases):
    cases.expect(EVERY - SELECTED)
    for number in range(SELECTED, EVERY):
        compare(number)
        cases.hold()
