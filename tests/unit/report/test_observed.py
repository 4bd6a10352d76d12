"""Devices' entries → when they were audited and backed up, and how long they were not as agreed."""

import pytest

from netmgr.adapters.store_memory import MemoryServiceLog
from netmgr.report.observed import observed, seen
from netmgr.report.service_facts import Act, Observed, Spell
from tests.clock import ManualClock
from tests.unit.report.story import Story, at


@pytest.fixture
def story():
    clock = ManualClock()
    return Story(MemoryServiceLog(clock), clock)


def of(story):
    return observed(filter(None, map(seen, story.log.entries("acme"))), "UTC")


def entry(story, when, kind, action, outcome, device="r1", **facts):
    (made,) = story.log_at(
        when,
        [story.draft(kind=kind, action=action, phase="result", outcome=outcome, device=device, facts=facts)],
    )
    return made.seq


def audited(story, when, outcome, **facts):
    return entry(story, when, "audit", "audit", outcome, **facts)


def test_what_was_read_counts_and_what_could_not_be_does_not(story):
    first = audited(story, "2026-11-01 05:00", "compliant")
    audited(story, "2026-11-02 05:00", "unreachable")
    audited(story, "2026-11-03 05:00", "error")
    good = entry(story, "2026-11-03 06:00", "backup", "run", "stored")
    same = entry(story, "2026-11-04 06:00", "backup", "run", "unchanged")
    entry(story, "2026-11-05 06:00", "backup", "run", "quarantined")
    entry(story, "2026-11-05 06:00", "backup", "run", "unreachable")
    assert of(story) == Observed(
        audits={"r1": (Act(at("2026-11-01 05:00"), first),)},
        backups={"r1": (Act(at("2026-11-03 06:00"), good), Act(at("2026-11-04 06:00"), same))},
        drift={},
        software={},
        unsupported={},
    )


def test_drift_lasts_until_it_is_gone_deployed_away_or_accepted(story):
    seqs = [
        audited(story, f"2026-11-0{n} 05:00", word)
        for n, word in ((1, "drifted"), (2, "drifted"), (3, "compliant"))
    ]
    again = audited(story, "2026-11-04 05:00", "drifted")
    audited(story, "2026-11-05 05:00", "unreachable")
    put_right = entry(story, "2026-11-05 20:00", "change", "deploy", "applied")
    third = audited(story, "2026-11-06 05:00", "drifted")
    taken = entry(story, "2026-11-06 09:00", "drift", "accept", "accepted")
    fourth = audited(story, "2026-11-07 05:00", "drifted")
    entry(story, "2026-11-07 09:00", "change", "rollback", "applied")
    assert of(story).drift["r1"] == (
        Spell(at("2026-11-01 05:00"), at("2026-11-03 05:00"), (seqs[0], seqs[2])),
        Spell(at("2026-11-04 05:00"), at("2026-11-05 20:00"), (again, put_right)),
        Spell(at("2026-11-06 05:00"), at("2026-11-06 09:00"), (third, taken)),
        Spell(at("2026-11-07 05:00"), None, (fourth,)),
    )


def test_what_is_let_be_counts_anew_when_that_is_over(story):
    found = audited(story, "2026-11-01 05:00", "drifted")
    waived = entry(story, "2026-11-02 09:00", "drift", "waive", "waived", until="2026-11-10")
    audited(story, "2026-11-05 05:00", "drifted")
    audited(story, "2026-11-12 05:00", "drifted")
    gone = audited(story, "2026-11-13 05:00", "compliant")
    over = at("2026-11-11 00:00")
    assert of(story).drift["r1"] == (
        Spell(at("2026-11-01 05:00"), over, (found, waived), at("2026-11-02 09:00"), over),
        Spell(over, at("2026-11-13 05:00"), (waived, gone)),
    )


def test_software_is_as_the_audit_says(story):
    old = {"check": "version", "status": "failed", "severity": "error"}
    unknown = {"check": "version", "status": "not_measured", "severity": "warning"}
    first = audited(story, "2026-11-01 05:00", "compliant", findings=[old])
    audited(story, "2026-11-02 05:00", "compliant", findings=[unknown])
    audited(story, "2026-11-03 05:00", "compliant", findings=[])
    last = audited(story, "2026-11-04 05:00", "compliant", software="passed")
    made = of(story)
    assert made.software == {"r1": (Act(at("2026-11-01 05:00"), first), Act(at("2026-11-04 05:00"), last))}
    assert made.unsupported == {"r1": (Spell(at("2026-11-01 05:00"), at("2026-11-04 05:00"), (first, last)),)}
