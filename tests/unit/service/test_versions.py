"""Which version holds when, as known when; and how the agreement then stands."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmgr.model.agreement_terms import Term
from netmgr.model.entry import Entry, rfc3339
from netmgr.model.stretch import midnight
from netmgr.service.versions import Ending, bounds, ending, history, standing
from tests.unit.service.samples import agreement


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def entry(seq, action, time, facts, at=None, target="network", kind="agreement"):
    return Entry(
        v=1,
        client="acme",
        stream="main",
        seq=seq,
        id=f"id-{seq}",
        time=rfc3339(utc(time)),
        target=target,
        kind=kind,
        action=action,
        phase="result",
        actor="p-1",
        auth="os",
        request="r",
        on="ops1",
        visibility="client",
        facts=facts,
        prev="0" * 64,
        hash="0" * 64,
        at=rfc3339(utc(at)) if at else None,
    )


def signed(seq, version, effective, time, at=None):
    facts = {
        "version": version,
        "digest": str(version) * 64,
        "document": "d" * 64,
        "effective": effective,
        "timezone": "Europe/Berlin",
    }
    return entry(seq, "sign", time, facts, at)


# Signed on 20 June, recorded on 5 July, in force from 1 July.
AMENDED = history(
    [
        signed(1, 1, "2026-01-01", "2025-12-15T10:00"),
        signed(2, 2, "2026-07-01", "2026-07-05T09:00", at="2026-06-20T12:00"),
    ]
)


@pytest.mark.parametrize(
    ("at", "known_at", "version"),
    [
        ("2026-06-30T21:59", "2026-07-04T00:00", 1),
        ("2026-06-30T21:59", "2026-07-06T00:00", 1),
        ("2026-06-30T22:00", "2026-07-04T00:00", 1),
        ("2026-06-30T22:00", "2026-07-06T00:00", 2),
        ("2025-12-31T22:59", "2026-07-06T00:00", None),
        ("2025-12-31T23:00", "2026-07-06T00:00", 1),
        ("2026-03-01T00:00", "2025-12-15T09:59", None),
    ],
)
def test_the_four_answers_around_an_amendment(at, known_at, version):
    found = AMENDED.known(utc(known_at)).in_force(utc(at))
    assert (found.version if found else None) == version


def test_what_concerns_another_target_or_kind_is_no_signature():
    other = [
        entry(1, "sign", "2026-01-01T00:00", {}, target="lab"),
        entry(2, "sign", "2026-01-01T00:00", {}, kind="change"),
    ]
    assert history(other).versions == ()


SUSPENDED = history(
    [
        signed(1, 1, "2026-01-01", "2025-12-15T10:00"),
        entry(
            2,
            "suspend",
            "2026-05-02T08:00",
            {"notice": "2026-05-01", "begins": "2026-05-14T22:00:00.000000Z"},
        ),
        entry(3, "resume", "2026-05-20T08:00", {}, at="2026-05-19T10:00"),
    ]
)


@pytest.mark.parametrize(
    ("at", "known_at", "state", "until"),
    [
        ("2025-12-20T00:00", "2027-06-01T00:00", "not_begun", "2025-12-31T23:00"),
        ("2026-05-14T21:59", "2027-06-01T00:00", "in_force", "2026-12-31T23:00"),
        ("2026-05-14T22:00", "2027-06-01T00:00", "suspended", "2026-05-19T10:00"),
        ("2026-05-19T09:59", "2027-06-01T00:00", "suspended", "2026-05-19T10:00"),
        ("2026-05-19T10:00", "2027-06-01T00:00", "in_force", "2026-12-31T23:00"),
        # Before it was recorded that work goes on, nobody knew it.
        ("2026-05-19T10:00", "2026-05-20T07:59", "suspended", None),
        ("2026-05-15T10:00", "2026-05-02T07:59", "in_force", "2026-12-31T23:00"),
        ("2026-12-31T22:59", "2027-06-01T00:00", "in_force", "2026-12-31T23:00"),
        ("2026-12-31T23:00", "2027-06-01T00:00", "run_off", "2027-01-30T23:00"),
        ("2027-01-30T22:59", "2027-06-01T00:00", "run_off", "2027-01-30T23:00"),
        ("2027-01-30T23:00", "2027-06-01T00:00", "ended", None),
    ],
)
def test_an_agreement_stands(at, known_at, state, until):
    found = standing(SUSPENDED.known(utc(known_at)), agreement(), utc(at))
    assert (found.state, found.until) == (state, utc(until) if until else None)


def test_nothing_signed_is_no_agreement():
    assert standing(history([]), None, utc("2026-05-01T00:00")).state == "none"


@pytest.mark.parametrize(
    ("at", "last", "renewals"),
    [
        ("2026-12-31T22:59", "2026-12-31", 0),
        ("2026-12-31T23:00", "2027-12-31", 1),
        ("2028-06-01T00:00", "2028-12-31", 2),
        ("2031-06-01T00:00", "2028-12-31", 2),
    ],
)
def test_a_term_is_renewed_as_often_as_it_says(at, last, renewals):
    term = agreement(term__renewal={"months": 12, "notice": "90d", "times": 2}).term
    found = bounds(term, "Europe/Berlin", utc(at))
    ends = midnight(date.fromisoformat(last), "Europe/Berlin")
    assert (found.ends - ends).days == 1
    assert found.renewals == renewals


@pytest.mark.parametrize(
    ("last", "months", "wanted"),
    [
        ("2026-01-30", 1, "2026-02-27"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-02-28", 1, "2026-03-31"),
        ("2026-11-30", 3, "2027-02-28"),
    ],
)
def test_months_after_a_day_that_no_month_has(last, months, wanted):
    term = Term.model_validate(
        {
            "from": "2025-02-01",
            "to": last,
            "notice": "1d",
            "renewal": {"months": months, "notice": "1d", "times": 1},
        }
    )
    found = bounds(term, "UTC", utc("2030-01-01T00:00"))
    assert (found.ends.date() - date.fromisoformat(wanted)).days == 1


@settings(deadline=None)  # a machine at work is no fault
@given(st.datetimes(datetime(2026, 1, 1), datetime(2045, 1, 1)), st.integers(1, 36))
def test_a_term_that_is_renewed_without_end_never_ends(at, months):
    term = agreement(term__renewal={"months": months, "notice": "90d"}).term
    found = bounds(term, "Europe/Berlin", at.replace(tzinfo=UTC))
    assert found.ends > at.replace(tzinfo=UTC)


def test_a_term_without_end_never_ends():
    term = agreement(term__to=None).term
    assert bounds(term, "UTC", utc("2099-01-01T00:00")).ends is None


def test_the_last_day_to_say_that_a_term_shall_not_go_on_leaves_the_whole_notice():
    """Across the change to winter time, and where the notice is no whole days; after the last renewal it ends."""
    renewed = agreement(term__renewal={"months": 12, "notice": "90d", "times": 1})
    first = Ending(date(2026, 12, 31), True, date(2026, 10, 2))
    assert ending(renewed, utc("2026-11-01T00:00")) == first
    assert ending(renewed, utc("2027-11-01T00:00")) == Ending(date(2027, 12, 31), False, date(2027, 10, 2))
    hours = agreement(term__renewal={"months": 12, "notice": "36h"})
    assert ending(hours, utc("2026-11-01T00:00")) == Ending(date(2026, 12, 31), True, date(2026, 12, 29))
    assert ending(agreement(term__to=None), utc("2026-11-01T00:00")) is None
