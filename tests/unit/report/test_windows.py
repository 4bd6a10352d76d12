"""Promises about how much time passes: what counts as kept, missed and not measured."""

from datetime import UTC, date, datetime, timedelta

import pytest

from netmgr.model.billing import LookedAfter
from netmgr.report.service_facts import Act, InForce, Spell
from netmgr.report.windows import Covered, Measured, between, covered, lasting
from tests.unit.service.samples import agreement

DAY = timedelta(days=1)


def day(number, hour=0):
    """November 2026; 0 is the last of October."""
    return datetime(2026, 10, 31, hour, tzinfo=UTC) + number * DAY


def version(first=1, last=31, since=-200, **changes):
    made = agreement(timezone="UTC", **changes)
    return InForce(1, 7, day(since), day(first), day(last), made)


def acts(*days):
    return tuple(Act(day(number), 100 + number) for number in days)


R1, R2 = (Covered(name, day(-200), day(31)) for name in ("r1", "r2"))


@pytest.mark.parametrize(
    ("done", "limit", "expected"),
    [
        pytest.param({"r1": acts(*range(31))}, 1, ("met", 1, "r1"), id="every day"),
        pytest.param(
            {"r1": acts(*range(20), *range(22, 31))}, 1, ("missed", 3, "r1"), id="two days left out"
        ),
        pytest.param({"r1": acts(*range(29))}, 1, ("missed", 3, "r1"), id="none at the end"),
        pytest.param(
            {"r1": acts(-2, *range(2, 31))}, 2, ("missed", 4, "r1"), id="late since before the period"
        ),
        pytest.param({"r1": acts(-60)}, 30, ("missed", 91, "r1"), id="long ago is missed"),
        pytest.param(
            {"r1": acts(-60)}, 180, ("not_measured", 91, "r1"), id="nothing is met by what is older"
        ),
        pytest.param({}, 1, ("not_measured", None, ""), id="never"),
    ],
)
def test_time_between_two_acts(done, limit, expected):
    found = between([R1], done, version(), limit * DAY)
    worst = None if found.worst is None else found.worst // DAY
    assert (found.result, worst, found.about) == expected


def test_each_device_counts_and_one_that_nobody_looked_at_is_named():
    both = {"r1": acts(*range(31)), "r2": acts(*range(10), *range(14, 31))}
    assert between([R1, R2], both, version(), DAY) == Measured("missed", (109, 114), 5 * DAY, "r2")
    alone = between([R1, R2], {"r1": acts(*range(31))}, version(), DAY)
    assert (alone.result, alone.unknown) == ("not_measured", ("r2",))


def test_a_new_device_counts_from_its_first_day_and_one_that_leaves_to_its_last():
    new = Covered("r3", day(20), day(31))
    late, soon = (between([new], {"r3": acts(*range(n, 31))}, version(), 2 * DAY) for n in (23, 21))
    assert (late.result, late.worst, late.seqs) == ("missed", 3 * DAY, (123,))
    assert (soon.result, soon.worst) == ("met", DAY)
    left = Covered("r4", day(-200), day(10))
    assert between([left], {"r4": acts(*range(10))}, version(), DAY).result == "met"


def test_a_version_is_judged_by_what_reaches_into_its_own_days():
    done = {"r1": acts(*range(5), *range(9, 31))}
    assert between([R1], done, version(1, 15), DAY).result == "missed"
    assert between([R1], done, version(15, 31), DAY) == Measured("met", (130,), DAY, "r1")


@pytest.mark.parametrize(
    ("spell", "expected"),
    [
        pytest.param(Spell(day(3), day(5), (103, 105)), ("met", 2, (103, 105)), id="put right in time"),
        pytest.param(Spell(day(3), day(8), (103, 108)), ("missed", 5, (103, 108)), id="put right too late"),
        pytest.param(
            Spell(day(3), day(20), (103, 104), day(4), day(25)), ("met", 1, (103, 104)), id="decided"
        ),
        pytest.param(Spell(day(30), None, (130,)), ("met", 1, (130,)), id="found just now"),
        pytest.param(Spell(day(20), None, (120,)), ("missed", 11, (120,)), id="there still"),
        pytest.param(Spell(day(-20), day(-10), (1, 2)), ("met", 0, (130,)), id="over before the period"),
    ],
)
def test_what_lasts(spell, expected):
    found = lasting([R1], {"r1": (spell,)}, {"r1": acts(*range(31))}, version(), 3 * DAY)
    assert (found.result, found.worst // DAY, found.seqs) == expected


def test_nothing_lasted_where_somebody_looked_and_is_not_measured_where_nobody_did():
    assert lasting([R1], {}, {"r1": acts(3, 30)}, version(), DAY) == Measured(
        "met", (130,), timedelta(), "r1"
    )
    assert lasting([R1], {}, {}, version(), DAY) == Measured("not_measured", unknown=("r1",))
    old = lasting([R1], {}, {"r1": acts(-60)}, version(), DAY)
    assert (old.result, old.unknown) == ("not_measured", ("r1",))


def test_who_is_covered_and_since_when():
    def thing(name, first, last, role="router"):
        return LookedAfter(
            unit="device", uid=name, name=name, role=role, first=first, last=last, evidence=(1,)
        )

    things = [
        thing("old", date(2025, 1, 1), date(2026, 11, 30)),
        thing("new", date(2026, 11, 20), date(2026, 11, 30)),
        thing("left", date(2025, 1, 1), date(2026, 11, 9)),
        thing("gone", date(2025, 1, 1), date(2026, 10, 30)),
        thing("isp", date(2025, 1, 1), date(2026, 11, 30)),
        thing("left", date(2026, 11, 15), date(2026, 11, 16)),
    ]
    found = covered(version(since=-100, coverage__devices={"except": ["isp"]}), things)
    assert found == (
        Covered("old", day(-100), day(31)),
        Covered("new", day(20), day(31)),
        Covered("left", day(-100), day(17)),
    )
