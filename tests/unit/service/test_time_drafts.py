"""What the log proposes to be taken down as time."""

import pytest

from netmgr.adapters.store_memory import MemoryServiceLog
from netmgr.model.time_entry import TimeEntry, TimeSource
from netmgr.service.time_entries import drafts
from tests.clock import ManualClock
from tests.unit.log.drafts import draft

BEGIN = 1_795_420_800  # 08:00 UTC on 23 November 2026, the clock's begin


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def log(clock):
    return MemoryServiceLog(clock)


def played(
    log, clock, seconds, *, begun="r-1", ended="r-1", actor="p-1", auth="os", target="network", change=None
):
    common = {"actor": actor, "auth": auth, "target": target, "change": change}
    common |= {"kind": "change", "action": "deploy"} if change else {"kind": "playbook", "action": "run"}
    log.append("acme", [draft(phase="intent", request=begun, **common)])
    clock.elapsed += seconds
    found = {"phase": "result", "outcome": "changed", "request": ended, **common}
    log.append("acme", [draft(device="core1", **found), draft(**found)])


def proposed(log, *taken):
    return [
        (one.source.kind, one.source.ref, one.begin - BEGIN, one.end - BEGIN)
        for one in drafts(log.entries("acme"), taken)
    ]


def spell(begin, end, person="p-1", source=None):
    return TimeEntry(
        id="H-1",
        person=person,
        service="network",
        begin=BEGIN + begin,
        end=BEGIN + end,
        source=source,
        entry="e",
    )


def test_a_change_and_a_playbook_last_whole_minutes_from_intent_to_result(log, clock):
    played(log, clock, 61)
    clock.elapsed = 600
    played(log, clock, 3, begun="r-2", ended="r-2", change="c-1")
    assert proposed(log) == [("playbook", "r-1", 0, 120), ("change", "c-1", 600, 660)]


@pytest.mark.parametrize(
    "how",
    [
        {"auth": "service"},
        {"target": "lab"},
        {"change": "c-1", "ended": "r-of-recover"},
    ],
)
def test_what_was_nobody_s_work_is_not_proposed(log, clock, how):
    played(log, clock, 60, **how)
    assert proposed(log) == []


def test_what_has_no_end_is_not_proposed(log):
    log.append("acme", [draft(kind="change", change="c-1", phase="intent")])
    assert proposed(log) == []


def test_what_is_taken_down_is_not_proposed(log, clock):
    played(log, clock, 60)
    assert proposed(log, spell(30, 90)) == []
    assert proposed(log, spell(60, 90)) != []
    assert proposed(log, spell(0, 60, person="p-2")) != []
    assert proposed(log, spell(900, 960, source=TimeSource(kind="playbook", ref="r-1"))) == []
