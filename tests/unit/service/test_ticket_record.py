"""What a ticket's entries become: state, moments, what its clocks see."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmgr.adapters.store_memory import MemoryServiceLog
from netmgr.model.entry import Body
from netmgr.model.record import Rebuilt
from netmgr.model.ticket import Act, happened, ticket, words
from netmgr.model.ticket_clock import LATE
from netmgr.service.calendar import ALWAYS
from netmgr.service.clock import ticket_clock
from netmgr.service.course import Level
from netmgr.service.desk import refusal
from netmgr.service.records import PROJECTIONS
from netmgr.service.ticket_record import events
from tests.clock import ManualClock
from tests.unit.log.drafts import draft

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ZERO = int(START.timestamp())


@pytest.fixture
def clock():
    return ManualClock(START)


@pytest.fixture
def log(clock):
    return MemoryServiceLog(clock, projections=PROJECTIONS)


def act(action, facts=None, *, at=None, **fields):
    when = None if at is None else START + timedelta(minutes=at)
    made = {"kind": "ticket", "action": action, "ticket": "T-1", "facts": facts or {}, "at": when}
    return draft(**made | fields)


OPEN = {"kind": "fault", "impact": "limited", "urgency": "high", "priority": "normal", "given": False}


@pytest.fixture
def step(log, clock):
    """Log an act so many minutes after the start."""

    def append(minutes, action, facts=None, **fields):
        clock.elapsed = minutes * 60
        log.append("acme", [act(action, facts, **fields)])
        return stands(log)

    return append


def stands(log, key="T-1"):
    return ticket(log.records.get("acme", "ticket", key))


def seen(log):
    document = log.records.get("acme", "ticket", "T-1").document
    return [
        (e.what, (e.at - ZERO) // 60, (e.recorded - ZERO) // 60, e.word, e.by_us, e.accepted)
        for e in events(document)
    ]


def test_a_tickets_life(log, step):
    body = Body(b'{"description":"","subject":"no mail"}', "application/json")
    opened = step(0, "open", OPEN | {"subject": True, "reporter": "k-1", "devices": ["core1"]}, body=body)
    assert (opened.state, opened.opened, opened.reporter, opened.devices) == ("open", ZERO, "k-1", ("core1",))
    assert (opened.text == log.head("acme") and False) or opened.text == next(log.entries("acme")).body.digest
    assert step(5, "ack").state == "in_progress"
    paused = step(10, "pause", {"reason": "client"})
    assert (paused.state, paused.reason) == ("paused", "client")
    resumed = step(20, "resume")
    assert (resumed.state, resumed.reason) == ("in_progress", None)
    assert step(25, "update", {"priority": "high", "assignee": "p-2"}).priority == "high"
    resolved = step(30, "resolve", {"outcome": "fixed", "cause": "hardware", "rma": "R-1"})
    assert (resolved.state, resolved.outcome, resolved.cause, resolved.rma) == (
        "resolved",
        "fixed",
        "hardware",
        "R-1",
    )
    assert resolved.resolved == ZERO + 1800
    closed = step(40, "close")
    assert (closed.state, closed.resolved, closed.closed) == ("closed", ZERO + 1800, ZERO + 2400)
    reopened = step(50, "reopen")
    assert (reopened.state, reopened.outcome, reopened.resolved, reopened.closed) == (
        "in_progress",
        None,
        None,
        None,
    )
    assert reopened.updated == ZERO + 3000
    assert seen(log) == [
        ("opened", 0, 0, "normal", False, False),
        ("acted", 5, 5, "", True, False),
        ("paused", 10, 10, "client", True, False),
        ("resumed", 20, 20, "", True, False),
        ("prioritised", 25, 25, "high", True, False),
        ("resolved", 30, 30, "", True, False),
        ("closed", 40, 40, "", True, False),
        ("reopened", 50, 50, "", True, False),
    ]


def test_who_answers_is_a_human_of_ours(log, step):
    step(0, "open", OPEN)
    assert step(1, "note", auth="service").state == "open"
    assert step(2, "escalate", auth="service").state == "open"
    assert step(3, "escalate").state == "open"
    assert step(4, "note").state == "in_progress"
    step(5, "note")
    assert [row for row in seen(log) if row[4]] == [("acted", 4, 4, "", True, False)]


def test_a_late_answer_does_not_hide_the_next(log, step):
    step(0, "open", OPEN)
    step(60, "ack", at=5)
    step(61, "note")
    assert [row[1:3] for row in seen(log) if row[4]] == [(5, 60), (61, 61)]
    assert stands(log).late == {"2": "p-17"}


def test_what_is_accepted_is_late_no_more(log, step):
    step(60, "open", OPEN, at=0)
    step(90, "resolve", {"outcome": "fixed"}, at=30)
    assert stands(log).late == {"1": "p-17", "2": "p-17"}
    step(91, "accept", {"accepts": [2]}, actor="p-18")
    assert stands(log).late == {"1": "p-17"}
    assert seen(log) == [
        ("opened", 0, 60, "normal", False, False),
        ("resolved", 30, 90, "", True, True),
    ]


def test_a_quarter_of_an_hour_is_not_late(step):
    step(15, "open", OPEN, at=0)
    assert step(40, "ack", at=25).late == {}


def test_links_come_once_and_the_newest_last(step):
    step(0, "open", OPEN)
    one, two = {"kind": "change", "ref": "c-1"}, {"kind": "audit", "ref": "a-1"}
    step(1, "link", {"links": [one, two]})
    assert [(link.kind, link.ref) for link in step(2, "link", {"links": [one]}).links] == [
        ("audit", "a-1"),
        ("change", "c-1"),
    ]


def test_another_desks_history_is_taken_as_it_tells_it(log, step):
    source = {"system": "otrs", "id": "4711", "digest": "a" * 64}
    told = [
        {"what": "opened", "at": ZERO, "word": "normal"},
        {"what": "acted", "at": ZERO + 300, "by_us": True},
    ]
    first = step(10, "import", OPEN | {"source": source, "events": told})
    assert (first.state, first.source.id, first.late, first.imports) == ("in_progress", "4711", {}, (1,))
    step(12, "link", {"links": [{"kind": "change", "ref": "c-1"}]})
    told += [{"what": "resolved", "at": ZERO + 1200, "by_us": True}]
    second = step(60, "import", OPEN | {"source": source | {"digest": "b" * 64}, "events": told})
    assert (second.state, second.late, second.imports) == ("resolved", {"3": "p-17"}, (1, 3))
    assert [link.ref for link in second.links] == ["c-1"]
    assert [(row[0], row[1], row[2]) for row in seen(log)] == [
        ("opened", 0, 10),
        ("acted", 5, 10),
        ("resolved", 20, 60),
    ]


def test_what_nobody_knows_yet_is_taken_as_it_comes(log, step):
    step(0, "open", OPEN)
    assert step(1, "teleport", {"x": 1}).state == "in_progress"
    log.append("acme", [act("note", ticket="X-1")])
    assert log.records.get("acme", "ticket", "X-1").number == 0


ACTS = st.sampled_from(
    [
        "open",
        "ack",
        "note",
        "update",
        "pause",
        "resume",
        "resolve",
        "close",
        "reopen",
        "accept",
        "link",
        "import",
    ]
)


@given(
    st.lists(
        st.tuples(
            ACTS,
            st.integers(1, 3),
            st.integers(0, 40),
            st.none() | st.integers(-60, 0),
            st.booleans(),
        ),
        max_size=30,
    ),
    st.data(),
)
def test_records_are_what_the_entries_say_whatever_these_are(acts, data):
    """Whatever was logged, in whichever batches."""
    clock = ManualClock(START)
    log = MemoryServiceLog(clock, projections=PROJECTIONS)
    left = list(acts)
    while left:
        batch = [left.pop(0) for _ in range(data.draw(st.integers(1, min(4, len(left)))))]
        drafts = []
        for action, number, minutes, late, human in batch:
            clock.elapsed += minutes * 60
            facts = {"priority": "high", "reason": "client", "accepts": [number], "events": [], "links": []}
            at = None if late is None else clock.elapsed / 60 + late
            drafts.append(act(action, facts, at=at, ticket=f"T-{number}", auth="os" if human else "service"))
        log.append("acme", drafts)
    records = list(log.records.all("acme", "ticket"))
    assert log.records.rebuild("acme") == Rebuilt(len(acts), len(records), ())
    for record in records:
        assert ticket(record).state in ("open", "in_progress", "paused", "resolved", "closed")


LEVELS = {name: Level(1800, 14400, ALWAYS) for name in ("high", "normal")}
STANDS = {
    "open": "running",
    "in_progress": "running",
    "paused": "paused",
    "resolved": "stopped",
    "closed": "stopped",
}
WALK = st.lists(
    st.tuples(st.sampled_from(words(Act)), st.integers(0, 5000), st.none() | st.integers(0, 20000)),
    max_size=25,
)


@given(WALK)
def test_whatever_the_desk_allows_its_clock_understands(walk):
    """And both say the same of how the ticket stands, but for what was recorded late."""
    clock = ManualClock(START)
    log = MemoryServiceLog(clock, projections=PROJECTIONS)
    log.append("acme", [act("open", OPEN)])
    late = False
    for action, seconds, back in walk:
        clock.elapsed += seconds
        now = ZERO + int(clock.elapsed)
        at = now if back is None else max(ZERO - 10, now - back)
        record = log.records.get("acme", "ticket", "T-1")
        if action in ("open", "import", "accept") or refusal(
            action,
            ticket(record),
            happened(record),
            at=at,
            now=now,
            outcome="cancelled" if action == "close" else None,
        ):
            continue
        late = late or now - at > LATE
        facts = (
            {"reason": "client"} if action == "pause" else {"priority": "high"} if action == "update" else {}
        )
        when = None if back is None else (at - ZERO) / 60
        log.append("acme", [act(action, facts, at=when)])
        record = log.records.get("acme", "ticket", "T-1")
        said = ticket_clock(events(record.document), LEVELS, now)
        if not late:
            assert said.state == STANDS[ticket(record).state]
            assert not said.set_aside
        assert 0 <= said.resolution.used <= now - ZERO
    record = log.records.get("acme", "ticket", "T-1")
    assert log.records.rebuild("acme").differences == ()
    answers = [one for one in happened(record) if one.by_us]
    said = ticket_clock(events(record.document), LEVELS, ZERO + int(clock.elapsed))
    assert (said.response.at is None) == (not answers)
