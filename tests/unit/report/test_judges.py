"""Each promise judged: what is kept, missed, not decided and not measured, in words."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from netmgr.adapters.store_memory import MemoryServiceLog
from netmgr.document.locale import english
from netmgr.model.availability import Availability
from netmgr.model.billing import LookedAfter
from netmgr.model.checkpoint import Checkpoint
from netmgr.model.invoice import HoursUsed
from netmgr.report import judges_desk as desk
from netmgr.report import judges_fees as money
from netmgr.report import judges_network as network
from netmgr.report.history import History, Proof
from netmgr.report.judging import Case, worst
from netmgr.report.period import Period
from netmgr.report.reached import reached, spans
from netmgr.report.service_facts import (
    Act,
    Announced,
    Calls,
    Fees,
    InForce,
    IssuedReport,
    Reached,
    Restore,
    ServiceFacts,
    Target,
    TicketFacts,
)
from tests.clock import ManualClock
from tests.unit.report.service_story import ServiceStory
from tests.unit.report.test_promises import WHOLE
from tests.unit.service.samples import agreement

BEGINS, UNTIL = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
SAYS = agreement(**WHOLE | {"timezone": "UTC"})
VERSION = InForce(2, 1, datetime(2026, 1, 1, tzinfo=UTC), BEGINS, UNTIL, SAYS)


def at(day, hour=0):
    return BEGINS + timedelta(days=day - 1, hours=hour)


def judged(judge, problems=(), **facts):
    checkpoint = Checkpoint("acme", "main", 9, "0" * 64, "2026-12-01T00:00:00.000000Z", "", "")
    history = History(
        client="acme",
        name="Acme",
        target="network",
        period=Period(date(2026, 11, 1), date(2026, 11, 30), "UTC"),
        cut=9,
        until=UNTIL,
        complete=True,
        changes=(),
        audits=(),
        devices=(),
        inventory=(),
        proof=Proof(checkpoint, problems),
    )
    found = ServiceFacts(begins=BEGINS, until=UNTIL, versions=(VERSION,), **facts)
    made = judge(Case(found, history, VERSION, (2,)), english())
    return made.result, made.measure, made.seqs


def announced(began, free=None, *, exempt=False):
    return Announced(
        "c", at(began), 10 + began, exempt, None if free is None else 5, None if free is None else at(free)
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param([], ("not_measured", "no change was made", ()), id="none"),
        pytest.param([announced(9, 8)], ("met", "1 of 1 changes announced in time", (5, 19)), id="in time"),
        pytest.param(
            [announced(9, 10)], ("missed", "0 of 1 changes announced in time", (5, 19)), id="too late"
        ),
        pytest.param([announced(9)], ("missed", "0 of 1 changes announced in time", (19,)), id="never"),
        pytest.param(
            [announced(9, exempt=True)], ("not_measured", "only emergencies", (19,)), id="emergency"
        ),
    ],
)
def test_notice(changes, expected):
    assert judged(network.notice, announced=tuple(changes)) == expected


def month(down, *, unknown=0, over=True):
    whole = 100_000
    sums = Availability(whole, whole - down - unknown, down)
    return Reached(BEGINS, UNTIL, over, sums, Decimal("99.5"), 2, (7,))


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        pytest.param(month(500), ("met", "99.5% of the time", (7,)), id="just"),
        pytest.param(month(501), ("missed", "99.499% of the time", (7,)), id="just not"),
        pytest.param(month(501, over=False), ("running", "99.499% of the time", (7,)), id="goes on"),
        pytest.param(
            month(0, unknown=5001),
            ("not_measured", "measured 94.999% of the time, which is too little", (7,)),
            id="too few samples",
        ),
        pytest.param(
            month(0)._replace(sums=Availability()),
            ("not_measured", "no device was asked for signs of life", ()),
            id="no device",
        ),
    ],
)
def test_availability(one, expected):
    assert judged(network.availability, availability=(one,)) == expected


def test_availability_is_of_what_is_covered_on_the_days_on_which_it_was_looked_after():
    """core2 is down all the time, but is not covered; edge1 is there since the 30th."""
    length = {"expected": 1, "taken": 1, "up": 1, "up_seconds": 86400, "down_seconds": 0}
    down = length | {"up": 0, "up_seconds": 0, "down_seconds": 86400}
    clock = ManualClock()
    story = ServiceStory(MemoryServiceLog(clock), clock)
    for number in range(30):
        day = date(2026, 11, 1) + timedelta(days=number)
        devices = {"core1": length, "core2": down} | ({"edge1": length} if number == 29 else {})
        facts = {"day": f"{day}", "devices": devices}
        story.one(f"{day + timedelta(days=1)} 00:10", kind="probe", action="digest", facts=facts)
    things = tuple(
        LookedAfter(
            unit="device",
            uid=name,
            name=name,
            role="router",
            first=first,
            last=date(2026, 12, 31),
            evidence=(1,),
        )
        for name, first in (
            ("core1", date(2026, 1, 1)),
            ("core2", date(2026, 1, 1)),
            ("edge1", date(2026, 11, 30)),
        )
    )
    says = agreement(**WHOLE | {"timezone": "UTC", "coverage__devices": {"except": ["core2"]}})
    version = replace(VERSION, agreement=says)
    facts = ServiceFacts(begins=BEGINS, until=UNTIL, versions=(version,), looked_after=things)
    (span,) = spans([version])
    made = reached(span, facts, tuple(story.log.entries("acme")))
    assert (made.over, made.kept, made.sums.seconds, made.sums.up) == (True, True, 31 * 86400, 31 * 86400)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        pytest.param(2, ("met", "1 restore; longest: 2 hours", (3, 4)), id="in time"),
        pytest.param(80, ("missed", "1 restore; longest: 3 days 8 hours", (3, 4)), id="too late"),
    ],
)
def test_restores_in_the_network(hours, expected):
    done = Restore("c", at(5), at(5, hours), (3, 4))
    assert judged(network.restore, restores=(done,)) == expected


def call(minutes, calls=1, unanswered=None):
    answered = None if minutes is None else at(5) + timedelta(minutes=minutes)
    return Calls("T-1", at(5), answered, tuple(Act(at(5), 20 + n) for n in range(calls)), unanswered, 19)


@pytest.mark.parametrize(
    ("one", "result"),
    [
        pytest.param(call(10), "met", id="answered in time"),
        pytest.param(call(20), "missed", id="nobody else was called"),
        pytest.param(call(20, 2), "met", id="the next one answered"),
        pytest.param(call(None, 4, 30), "missed", id="nobody answered"),
        pytest.param(call(20, 2, 30), "missed", id="nobody was left"),
    ],
)
def test_emergencies(one, result):
    assert judged(desk.emergencies, calls=(one,))[0] == result


def ticket(kind, over=None, **more):
    known = {
        "id": "T-1",
        "kind": kind,
        "subject": None,
        "priority": "other",
        "state": "open",
        "opened": at(3),
    }
    return TicketFacts(**known | {"over": over, "version": 2, "seqs": (8,)} | more)


LATE = Target("missed", "other", 60, 120, counts=True, at=None, seqs=())


@pytest.mark.parametrize(
    ("judge", "one", "expected"),
    [
        (
            desk.faults,
            ticket("fault", at(4), cause="power"),
            ("met", "1 fault resolved, 1 with its cause found"),
        ),
        (desk.faults, ticket("fault", at(4)), ("missed", "1 fault resolved, 0 with its cause found")),
        (desk.faults, ticket("fault", at(4), outcome="duplicate"), ("not_measured", "no fault was resolved")),
        (desk.faults, ticket("fault"), ("not_measured", "no fault was resolved")),
        (desk.consulting, ticket("consulting", at(4)), ("met", "1 asked for, 1 done")),
        (desk.consulting, ticket("consulting"), ("running", "1 asked for, 0 done")),
        (desk.consulting, ticket("consulting", at(4), resolution=LATE), ("missed", "1 asked for, 1 done")),
        (desk.requests, ticket("consulting", at(4)), ("not_measured", "nobody asked for any")),
        (desk.information, ticket("information", at(4), due="2026-11-04"), ("met", "1 asked for, 1 done")),
        (desk.information, ticket("information", at(5), due="2026-11-04"), ("missed", "1 asked for, 1 done")),
        (desk.information, ticket("information", due="2026-11-04"), ("missed", "1 asked for, 0 done")),
        (desk.information, ticket("information"), ("running", "1 asked for, 0 done")),
    ],
)
def test_tickets_of_a_kind(judge, one, expected):
    assert judged(judge, tickets=(one,))[:2] == expected


def issued(day, *audiences, month=10):
    last = {9: 30, 10: 31}[month]
    return IssuedReport(f"2026-{month:02}-01", f"2026-{month:02}-{last}", at(day), 6, frozenset(audiences))


@pytest.mark.parametrize(
    ("reports", "result"),
    [
        pytest.param([issued(5, "manager")], "met", id="in time"),
        pytest.param([issued(9, "manager")], "missed", id="too late"),
        pytest.param([issued(9, "manager"), issued(3, "manager")], "met", id="the first counts"),
        pytest.param([issued(5, "technical")], "missed", id="for somebody else"),
        pytest.param([issued(3, "manager", month=9)], "missed", id="of another month"),
        pytest.param([], "not_measured", id="none ever"),
    ],
)
def test_reports(reports, result):
    """October's is due by the end of 5 November."""
    assert judged(desk.reports, reports=tuple(reports))[0] == result


def test_the_log():
    assert judged(desk.log) == ("met", "the whole log was verified", (9,))
    assert judged(desk.log, problems=("edited",)) == ("missed", "the log does not verify", (9,))
    assert judged(desk.log, problems=None) == ("not_measured", "the log was not verified", ())


def test_hours_that_were_billed_before_are_used_too():
    pool = HoursUsed(
        first=date(2026, 10, 1), last=date(2026, 12, 31), included=360, before=90, used=45, evidence=(4,)
    )
    assert judged(money.included, fees=Fees(hours=(pool,))) == ("met", "2.25 of 6 hours used", (4,))
    assert judged(money.included)[:2] == ("not_measured", "no work was recorded")


def test_what_was_deleted():
    assert judged(desk.retention, destroyed=(Act(at(3), 4),)) == (
        "met",
        "last deleted on 3 November 2026",
        (4,),
    )
    old = Act(UNTIL - timedelta(days=91), 4)
    assert judged(desk.retention, destroyed=(old,))[0] == "not_measured"


def test_the_worst_of_several():
    assert worst(["met", "running", "missed"]) == "missed"
    assert worst(["met", "not_measured"]) == "not_measured"
    assert worst(["met", "running"]) == "running"
    assert worst([]) == "not_measured"
