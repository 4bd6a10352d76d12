"""Who is on call: weekly turns, handovers as clocks show them, and whoever stands in."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from netmgr.model.rota import Roster, roster_of
from netmgr.service.rota import duty

BERLIN = ZoneInfo("Europe/Berlin")


def roster(**changes):
    said = {
        "timezone": "Europe/Berlin",
        "people": ("p-1", "p-2", "p-3"),
        "from": "2026-01-05",
        "handover": {"day": "monday", "time": "09:00"},
    }
    return Roster.model_validate(said | changes)


def local(text):
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def who(made, text):
    found = duty(made, local(text))
    return found and (found.person, found.order)


@pytest.mark.parametrize(
    ("at", "order"),
    [
        ("2026-01-05 09:00", ("p-1", "p-2", "p-3")),
        ("2026-01-12 08:59", ("p-1", "p-2", "p-3")),
        ("2026-01-12 09:00", ("p-2", "p-3", "p-1")),
        ("2026-01-19 09:00", ("p-3", "p-1", "p-2")),
        ("2026-01-26 09:00", ("p-1", "p-2", "p-3")),
        ("2026-07-06 08:59", ("p-2", "p-3", "p-1")),
        ("2026-07-06 09:00", ("p-3", "p-1", "p-2")),
    ],
)
def test_turns_follow_each_other_at_the_hour_that_clocks_show(at, order):
    assert who(roster(), at) == (order[0], order)


def test_before_the_first_turn_nobody_is_on_call():
    assert duty(roster(), local("2026-01-05 08:59")) is None


@pytest.mark.parametrize(
    ("begins", "hours"), [("2026-03-23 09:00", 167), ("2026-10-19 09:00", 169), ("2026-06-01 09:00", 168)]
)
def test_a_turn_over_a_change_of_clocks_is_an_hour_shorter_or_longer(begins, hours):
    found = duty(roster(), local(begins))
    assert found.since == local(begins)
    assert found.until - found.since == timedelta(hours=hours)


def test_a_handover_in_the_hour_that_is_left_out_is_when_clocks_go_on():
    made = roster(**{"from": "2026-03-22", "handover": {"day": "sunday", "time": "02:30"}})
    turn = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # clocks go from 02:00 to 03:00 at 01:00 UTC
    assert duty(made, turn - timedelta(seconds=1)).person == "p-1"
    assert duty(made, turn).person == "p-2"


def test_every_moment_of_a_year_is_somebody_s():
    made = roster(overrides=[{"from": "2026-03-01 22:00", "to": "2026-03-02 06:00", "person": "p-3"}])
    at, end = local("2026-01-05 09:00"), local("2026-12-28 09:00")
    found = duty(made, at)
    while at < end:
        found = duty(made, at)
        assert found.since == at < found.until
        assert duty(made, found.until - timedelta(seconds=1)) == found
        at = found.until
    assert at == end


SOME_DAYS = {"from": "2026-01-06", "to": "2026-01-07", "person": "p-2"}
A_NIGHT = {"from": "2026-01-09 18:00", "to": "2026-01-10 08:00", "person": "p-9"}


@pytest.mark.parametrize(
    ("at", "order", "instead_of"),
    [
        ("2026-01-05 23:59", ("p-1", "p-2", "p-3"), None),
        ("2026-01-06 00:00", ("p-2", "p-3"), "p-1"),
        ("2026-01-07 23:59", ("p-2", "p-3"), "p-1"),
        ("2026-01-08 00:00", ("p-1", "p-2", "p-3"), None),
        ("2026-01-09 18:00", ("p-9", "p-2", "p-3"), "p-1"),
        ("2026-01-10 08:00", ("p-1", "p-2", "p-3"), None),
    ],
)
def test_who_stands_in_is_called_first_and_whose_turn_it_is_not_at_all(at, order, instead_of):
    found = duty(roster(overrides=[SOME_DAYS, A_NIGHT]), local(at))
    assert (found.order, found.instead_of) == (order, instead_of)


def test_a_turn_ends_where_somebody_stands_in_and_goes_on_afterwards():
    made = roster(overrides=[SOME_DAYS])
    before, after = duty(made, local("2026-01-05 12:00")), duty(made, local("2026-01-08 12:00"))
    assert (before.since, before.until) == (local("2026-01-05 09:00"), local("2026-01-06 00:00"))
    assert (after.since, after.until) == (local("2026-01-08 00:00"), local("2026-01-12 09:00"))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"from": "2026-01-06"}, "2026-01-06 is a tuesday, and turns begin on a monday"),
        ({"people": ("p-1", "p-1")}, "p-1 stands twice"),
        ({"people": ()}, "people"),
        ({"timezone": "Europe/Nowhere"}, "is not a time zone"),
        ({"overrides": [{"from": "2026-01-07", "to": "2026-01-06", "person": "p-2"}]}, "before it begins"),
        ({"overrides": [{"from": "2026-02-30", "to": "2026-03-01", "person": "p-2"}]}, "neither a day nor"),
        ({"overrides": [SOME_DAYS, SOME_DAYS | {"from": "2026-01-07 12:00"}]}, "overlap"),
        ({"clients": []}, "needs one item"),
    ],
)
def test_what_contradicts_itself_is_refused(changes, why):
    with pytest.raises(ValidationError, match=why):
        roster(**changes)


def test_a_client_s_own_roster_comes_before_the_one_for_all():
    rosters = {"all": roster(), "own": roster(clients=["acme"], people=("p-7",))}
    assert roster_of(rosters, "acme").people == ("p-7",)
    assert roster_of(rosters, "globex").people == ("p-1", "p-2", "p-3")
    assert roster_of({"own": rosters["own"]}, "globex") is None
